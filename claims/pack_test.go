package claims

import (
	"reflect"
	"testing"
	"time"
)

// fill sets every field of v, each to something of its own.
func fill(t *testing.T, v reflect.Value, n *int) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.UnixMicro(1_700_000_000_000_000 + int64(*n)).UTC()))
	case v.Kind() == reflect.String:
		v.SetString("text-" + string(rune('a'+*n)))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("a field is a %s, which this test and pack.go do not know", v.Type())
	}
}

func wholeFact[T Fact](t *testing.T, spare func(*T)) T {
	var f T
	n := 0
	fill(t, reflect.ValueOf(&f).Elem(), &n)
	spare(&f)
	return f
}

func wholeMember(t *testing.T) Member {
	former := []string{"was"}
	var m Member
	n := 0
	v := reflect.ValueOf(&m).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Interface().(type) {
		case []string:
			f.Set(reflect.ValueOf(former))
		case bool:
			f.SetBool(true)
		default:
			fill(t, f, &n)
		}
	}
	m.State = StateGuest
	return m
}

// TestPackingLosesNothing holds for every field there is, so that a new one
// cannot be forgotten.
func TestPackingLosesNothing(t *testing.T) {
	award := wholeFact(t, func(*Award) {})
	affiliation := wholeFact(t, func(*Affiliation) {})
	assignment := wholeFact(t, func(a *Assignment) { a.Target = TargetMember })
	elsewhere := assignment
	elsewhere.ID, elsewhere.Target = "elsewhere", TargetDevice
	bare := []Fact{Award{ID: "bare", Member: "m"}, Affiliation{ID: "bare", Member: "m"}, Assignment{ID: "bare", Target: TargetMember, TargetID: "m"}}
	barred := wholeMember(t)
	plain := barred
	plain.ID, plain.Former, plain.BarredAt, plain.BarredBy, plain.BarReason, plain.ErasedAt = "plain", nil, time.Time{}, "", "", time.Time{}
	uuid := award
	uuid.ID = "01975b2e-7000-7abc-8def-0123456789ab"
	d := NewDirectory(Seq{}).With(Seq{}, append(bare, award, affiliation, assignment, elsewhere, uuid, barred, plain, Member{ID: "bare", State: StateLeft}, Member{ID: "odd"})...)
	for _, want := range append(bare, award, affiliation, assignment, elsewhere, uuid, barred, plain, Member{ID: "bare", State: StateLeft}, Member{ID: "odd"}) {
		var got Fact
		var ok bool
		switch want.(type) {
		case Award:
			got, ok = Get[Award](d, want.Key().ID)
		case Affiliation:
			got, ok = Get[Affiliation](d, want.Key().ID)
		case Member:
			got, ok = Get[Member](d, want.Key().ID)
		case Assignment:
			got, ok = Get[Assignment](d, want.Key().ID)
		}
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%v came back as %+v, %v; want %+v", want.Key(), got, ok, want)
		}
	}
}

func TestUIDsAreTheirTexts(t *testing.T) {
	d := NewDirectory(Seq{}).With(Seq{}, Badge{Slug: "short"})
	for text, canonical := range map[string]bool{
		"01975b2e-7000-7abc-8def-0123456789ab":  true,
		"00000000-0000-0000-0000-000000000000":  true,
		"ffffffff-ffff-ffff-ffff-ffffffffffff":  false, // its first half marks what is none
		"01975B2E-7000-7abc-8def-0123456789ab":  false,
		"01975b2e-7000-7abc-8def-0123456789ag":  false,
		"01975b2e-7000-7abc-8def_0123456789ab":  false,
		"01975b2e-7000-7abc-8def-0123456789ab0": false,
		"short":                                 false,
		"":                                      false,
	} {
		u, ok := parseUID(text)
		if ok != canonical {
			t.Errorf("parseUID(%q) = %v, want %v", text, ok, canonical)
		}
		if ok && d.idText(u) != text {
			t.Errorf("%q is written as %q", text, d.idText(u))
		}
	}
}
