package claims

import (
	"fmt"
	"reflect"
	"time"
)

// instant returns t as facts hold it: UTC, whole microseconds.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// tidy returns a copy of f that shares nothing with it: times as instant
// makes them, empty lists and maps nil. Facts that say the same are then
// equal in depth, whether they come from a caller, a file or the store.
func tidy[T Fact](f T) T {
	v := reflect.New(reflect.TypeFor[T]()).Elem()
	tidyInto(v, reflect.ValueOf(f))
	return v.Interface().(T)
}

func tidyInto(dst, src reflect.Value) {
	if t, ok := src.Interface().(time.Time); ok {
		dst.Set(reflect.ValueOf(instant(t)))
		return
	}
	switch src.Kind() {
	case reflect.Struct:
		for i := range src.NumField() {
			tidyInto(dst.Field(i), src.Field(i))
		}
	case reflect.Slice:
		if src.Len() == 0 {
			return
		}
		dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
		for i := range src.Len() {
			tidyInto(dst.Index(i), src.Index(i))
		}
	case reflect.Map:
		if src.Len() == 0 {
			return
		}
		dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
		for iter := src.MapRange(); iter.Next(); {
			dst.SetMapIndex(iter.Key(), iter.Value())
		}
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			tidyInto(dst.Elem(), src.Elem())
		}
	default:
		dst.Set(src)
	}
}

// same tells whether two tidied facts say the same.
func same[T Fact](a, b T) bool { return reflect.DeepEqual(a, b) }

// stored returns the fact of type T with that id, tidied.
func stored[T Fact](p *planner, id string) (T, bool) {
	f, ok := Get[T](p.d, id)
	if !ok {
		return f, false
	}
	return tidy(f), true
}

// need returns the fact of type T with that id, or ErrNotFound under the
// name it has for people.
func need[T Fact](p *planner, name string, id string) (T, error) {
	f, ok := stored[T](p, id)
	if !ok {
		return f, fmt.Errorf("%s %q: %w", name, id, ErrNotFound)
	}
	return f, nil
}

// changed returns f as the one fact to write, or nothing if it is there alike.
func changed[T Fact](p *planner, f T) []Fact {
	f = tidy(f)
	if old, ok := stored[T](p, f.Key().ID); ok && same(old, f) {
		return nil
	}
	return []Fact{f}
}

func conflict(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrConflict, fmt.Sprintf(format, args...))
}
