package claims

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTextFormsReadBackAsWritten(t *testing.T) {
	for _, s := range []string{"everyone", "public", "self", "state:active", "user:m-7", "tag:board-member",
		"badge:laser-1", "aff:delft#board", "aff:@body#default", "client:wiki"} {
		got, err := ParseSubject(s)
		if err != nil || got.String() != s {
			t.Errorf("ParseSubject(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"09:00-17:00", "22:00-06:00 fri,sat Europe/Amsterdam", "00:00-24:00 mon", "09:00-00:00"} {
		w, err := ParseWindow(s)
		if err != nil {
			t.Errorf("ParseWindow(%q): %v", s, err)
			continue
		}
		again, err := ParseWindow(w.String())
		if err != nil || !reflect.DeepEqual(again, w) {
			t.Errorf("ParseWindow(%q) = %+v, printed %q, read again %+v, %v", s, w, w, again, err)
		}
	}
}

func TestWindowText(t *testing.T) {
	w, err := ParseWindow("22:00-06:00 fri-mon Europe/Amsterdam")
	want := &Window{From: 22 * 60, To: 6 * 60, Zone: "Europe/Amsterdam",
		Days: []time.Weekday{time.Sunday, time.Monday, time.Friday, time.Saturday}}
	if err != nil || !reflect.DeepEqual(w, want) {
		t.Errorf("got %+v, %v; want %+v", w, err, want)
	}
	if w, err := ParseWindow("00:00-24:00"); w != nil || err != nil {
		t.Errorf("the whole week: %+v, %v; want none", w, err)
	}
	for _, s := range []string{"", "9:00-17:00", "09:00-09:00", "24:00-06:00", "09:00-24:01", "09:60-10:00",
		"09:00-17:00 Nowhere/Here", "09:00-17:00 Local", "09:00-17:00 UTC mon", "09:00-17:00 mon UTC now",
		"09:00-17:00 mon,", "09:00", "٠9:00-17:00", "09:00-17:00 ../etc"} {
		if w, err := ParseWindow(s); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseWindow(%q) = %+v, %v; want ErrInvalid", s, w, err)
		}
	}
}

func TestSubjectTextRefusesWhatIsNoSubject(t *testing.T) {
	for _, s := range []string{"", "everyone:", "everyone:x", "tag:", "tag:A", "tag", "state:gone", "user:", "user:a b",
		"user:a:b", "aff:delft", "aff:#board", "aff:delft#", "aff:@#board", "aff:@@body#board", "aff:a#b#c", "role:x", "Everyone"} {
		if got, err := ParseSubject(s); !errors.Is(err, ErrInvalid) || got != (Subject{}) {
			t.Errorf("ParseSubject(%q) = %v, %v; want ErrInvalid", s, got, err)
		}
	}
}

func FuzzParseSubject(f *testing.F) {
	for _, s := range []string{"everyone", "state:active", "user:m", "aff:delft#board", "aff:@body#default", "client:x", "tag:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseSubject(s); err == nil && v.String() != s {
			t.Errorf("ParseSubject(%q) prints %q", s, v)
		}
	})
}

func FuzzParseWindow(f *testing.F) {
	for _, s := range []string{"09:00-17:00", "22:00-06:00 fri,sat Europe/Amsterdam", "00:00-24:00 mon-sun", "00:00-24:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseWindow(s)
		if err != nil || w == nil {
			return
		}
		if again, err := ParseWindow(w.String()); err != nil || !reflect.DeepEqual(w, again) {
			t.Errorf("ParseWindow(%q) prints %q, which reads as %+v, %v", s, w, again, err)
		}
	})
}

func FuzzParsePath(f *testing.F) {
	for _, s := range []string{"/space", "/space/workshop/laser", "/", "//", "/a/../b", "/a%2fb", "/a/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePath(s)
		if err != nil {
			return
		}
		var again string
		for _, part := range p.Parts() {
			again += "/" + string(part)
		}
		if again != s || string(p.Base()) == "" || p.Parent() != "" && string(p.Parent())+"/"+string(p.Base()) != s {
			t.Errorf("ParsePath(%q) = %q: parts %v, parent %q, base %q", s, p, p.Parts(), p.Parent(), p.Base())
		}
	})
}

func FuzzParseSlug(f *testing.F) {
	for _, s := range []string{"laser-1", "-a", "A", "", "0", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseSlug(s); err == nil && (string(v) != s || v == "" || len(v) > MaxSlug) {
			t.Errorf("ParseSlug(%q) = %q", s, v)
		}
	})
}

func FuzzParseUsername(f *testing.F) {
	for _, s := range []string{"ada", "Ada.K", "a_b-c", "-a", ".", "", "K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseUsername(s)
		if err != nil {
			return
		}
		if again, err := ParseUsername(v); err != nil || again != v || !strings.EqualFold(v, s) {
			t.Errorf("ParseUsername(%q) = %q, which reads as %q, %v", s, v, again, err)
		}
	})
}

func FuzzParseSeq(f *testing.F) {
	for _, s := range []string{"e.0", "-W8_xYz09ab1.4711", "e.01", "e.1.2", "e.9223372036854775808"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseSeq(s); err == nil && v.String() != s {
			t.Errorf("ParseSeq(%q) prints %q", s, v)
		}
	})
}

func FuzzSeeFilter(f *testing.F) {
	for _, s := range []string{"member", "tag:*", "badge:laser-1,object:delft", "type:body,type:body", "tag:", ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var v, again ClaimFilter
		if v.See(strings.Split(s, ",")) != nil {
			return
		}
		if err := again.See(v.Sees()); err != nil || !slices.Equal(again.Sees(), v.Sees()) {
			t.Errorf("See(%q) prints %v, which reads as %v, %v", s, v.Sees(), again.Sees(), err)
		}
	})
}

func TestPlacesInTheLogReadBackAsWritten(t *testing.T) {
	for _, want := range []Seq{{"e", 0}, {"-W8_xYz09ab1", 4711}, {"e", 1<<63 - 1}} {
		if got, err := ParseSeq(want.String()); err != nil || got != want {
			t.Errorf("ParseSeq(%q) = %v, %v", want.String(), got, err)
		}
	}
	for _, s := range []string{"", ".", "e", "e.", ".1", "e.-1", "e.+1", "e.01", "e.1.2", "e e.1", "e.9223372036854775808", "é.1", "e.1\n"} {
		if got, err := ParseSeq(s); !errors.Is(err, ErrInvalid) || got != (Seq{}) {
			t.Errorf("ParseSeq(%q) = %v, %v; want ErrInvalid", s, got, err)
		}
	}
}
