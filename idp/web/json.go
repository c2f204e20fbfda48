package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"lanyard/claims"
)

// ReadJSON fills v, a pointer to a struct, from the body of a request whose
// type is application/json. It takes less than encoding/json does: see
// DecodeJSON. A body beyond limit bytes is ErrInvalid too, with status 413.
func ReadJSON(r *http.Request, limit int64, v any) error {
	body, err := ReadJSONBody(r, limit)
	if err != nil {
		return err
	}
	return DecodeJSON(body, v)
}

// ReadJSONBody returns the body of a request whose type is application/json,
// as ReadJSON reads it, and does not look inside.
func ReadJSONBody(r *http.Request, limit int64) ([]byte, error) {
	if kind := r.Header.Get("Content-Type"); kind != jsonType {
		if kind, _, err := mime.ParseMediaType(kind); err != nil || kind != jsonType {
			return nil, &claims.Invalid{Field: "content-type", Problem: "must be " + jsonType}
		}
	}
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), limit)) + bytes.MinRead) // room to see the end
	_, err := body.ReadFrom(io.LimitReader(r.Body, limit+1))
	if _, over := errors.AsType[*http.MaxBytesError](err); over || int64(body.Len()) > limit {
		return nil, tooLarge(limit)
	}
	if err != nil {
		return nil, &claims.Invalid{Field: "body", Problem: "did not arrive whole"}
	}
	return body.Bytes(), nil
}

const jsonType = "application/json"

// DecodeJSON fills v, a pointer to a struct of texts, whole numbers, truth
// values, and lists, structs and maps of these, by its json tags. A key that v
// has not, or that is there twice, a null, a NUL, half of a surrogate pair, text
// that is not UTF-8 and anything after the document are ErrInvalid; so is a value of another type.
// The Invalid names the place, as "locations[12].path", and quotes no value.
func DecodeJSON(data []byte, v any) error {
	if !utf8.Valid(data) {
		return &claims.Invalid{Field: "body", Problem: "is not UTF-8"}
	}
	s := &jsonScan{b: data}
	err := fill(s, reflect.ValueOf(v).Elem())
	if s.next(); err == nil && s.i < len(data) {
		err = errNotJSON
	}
	if bad, ok := err.(*claims.Invalid); ok {
		bad.Field = strings.TrimPrefix(bad.Field, ".")
		if bad.Field == "" {
			bad.Field = "body"
		}
	}
	return err
}

var errNotJSON error = &jsonFault{}

// jsonFault is a body that is no JSON, wherever in it.
type jsonFault struct{}

func (*jsonFault) Error() string { return "body: is not one JSON document" }

// Unwrap makes it name its field.
func (*jsonFault) Unwrap() error {
	return &claims.Invalid{Field: "body", Problem: "is not one JSON document"}
}

// fill reads one value into v.
func fill(s *jsonScan, v reflect.Value) error {
	switch c := s.next(); {
	case v.Kind() == reflect.Struct && c == '{':
		return fillStruct(s, v)
	case v.Kind() == reflect.Map && c == '{':
		return fillMap(s, v)
	case v.Kind() == reflect.Slice && c == '[':
		return fillList(s, v)
	case v.Kind() == reflect.String && c == '"':
		text, err := s.text()
		if err != nil {
			return err
		}
		if strings.IndexByte(text, 0) >= 0 {
			return &claims.Invalid{Problem: "holds characters that are not text"}
		}
		v.SetString(text)
		return nil
	case c == 't' || c == 'f':
		return fillTruth(s, v)
	case v.CanInt() && (c == '-' || '0' <= c && c <= '9'):
		if n, ok := s.whole(); ok && !v.OverflowInt(n) {
			v.SetInt(n)
			return nil
		}
	case strings.IndexByte(`{["-0123456789n`, c) < 0:
		return errNotJSON
	}
	return &claims.Invalid{Problem: "must be " + wanted(v.Type())}
}

func fillTruth(s *jsonScan, v reflect.Value) error {
	is, ok := s.truth()
	if !ok {
		return errNotJSON
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if v.Kind() != reflect.Bool {
		return &claims.Invalid{Problem: "must be " + wanted(v.Type())}
	}
	v.SetBool(is)
	return nil
}

// wanted says in words what a field takes.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.Bool, reflect.Pointer:
		return "true or false"
	case reflect.String:
		return "a text"
	}
	return "a whole number"
}

func fillStruct(s *jsonScan, v reflect.Value) error {
	fields := fieldsOf(v.Type())
	var seen uint64 // by number: no struct here has more
	return s.each('{', '}', func(int) error {
		name, err := s.key()
		if err != nil {
			return err
		}
		i, ok := fields[name]
		if !ok {
			return &claims.Invalid{Problem: fmt.Sprintf("there is no field %.40q here", name)}
		}
		if seen&(1<<i) != 0 {
			return &claims.Invalid{Field: "." + name, Problem: "is there twice"}
		}
		seen |= 1 << i
		if err := fill(s, v.Field(i)); err != nil {
			return inPlace("."+name, err)
		}
		return nil
	})
}

func fillMap(s *jsonScan, v reflect.Value) error {
	m := reflect.MakeMap(v.Type())
	v.Set(m)
	return s.each('{', '}', func(int) error {
		name, err := s.key()
		if err != nil {
			return err
		}
		k := reflect.ValueOf(name).Convert(v.Type().Key())
		if m.MapIndex(k).IsValid() {
			return &claims.Invalid{Problem: fmt.Sprintf("%.40q is there twice", name)}
		}
		one := reflect.New(v.Type().Elem()).Elem()
		if err := fill(s, one); err != nil {
			return err
		}
		m.SetMapIndex(k, one)
		return nil
	})
}

func fillList(s *jsonScan, v reflect.Value) error {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	return s.each('[', ']', func(i int) error {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		if err := fill(s, v.Index(i)); err != nil {
			return inPlace(fmt.Sprintf("[%d]", i), err)
		}
		return nil
	})
}

// inPlace says where in the document a fault is.
func inPlace(place string, err error) error {
	if bad, ok := err.(*claims.Invalid); ok {
		bad.Field = place + bad.Field
	}
	return err
}

var fieldsByType sync.Map // reflect.Type → map[string]int

// fieldsOf returns the places of a struct's fields by their names in JSON.
func fieldsOf(t reflect.Type) map[string]int {
	if have, ok := fieldsByType.Load(t); ok {
		return have.(map[string]int)
	}
	fields := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = i
		}
	}
	fieldsByType.Store(t, fields)
	return fields
}
