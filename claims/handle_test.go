package claims

import (
	"errors"
	"reflect"
	"testing"
)

// TestHandlesAnswerAsIdsDo asks by id and by handles taken from the same
// picture, from an earlier one, and from one that numbers otherwise.
func TestHandlesAnswerAsIdsDo(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		if a.Path != "" {
			return
		}
		d := picture(facts...)
		other := NewDirectory(Seq{})
		for i := len(facts) - 1; i >= 0; i-- {
			other = other.With(Seq{}, facts[i])
		}
		want := decideAt(t, d, a, a.At)
		for _, from := range []*Directory{d, other, picture(facts[:len(facts)/2]...), NewDirectory(Seq{})} {
			by := a
			by.Who, by.Where, by.Member, by.Place = from.Who(a.Member), from.Where(a.Place), "", ""
			if got := decideAt(t, d, by, a.At); !reflect.DeepEqual(got, want) {
				t.Fatalf("by handles %+v, by ids %+v", got, want)
			}
		}
	})
}

func TestHandlesNameNobodyTwice(t *testing.T) {
	d := workshop(Credential{ID: "card", Member: "bob", Status: CredentialActive})
	ada, door := d.Who("ada"), d.Where("door")
	for name, a := range map[string]Ask{
		"a member beside":         {Who: ada, Member: "ada", Where: door},
		"a client beside":         {Who: ada, Client: "wiki", Where: door},
		"the program beside":      {Who: ada, System: true, Where: door},
		"somebody else's card":    {Who: ada, Credential: "card", Where: door},
		"somebody else's pass":    {Who: ada, Pass: &WiFiPass{ID: "x", Member: "bob"}, Where: door},
		"a place beside":          {Who: ada, Where: door, Place: "door"},
		"a path beside":           {Who: ada, Where: door, Path: "/space/door"},
		"no place":                {Who: ada},
		"a place that is no more": {Who: ada, Where: d.Where("nowhere")},
	} {
		a.Right, a.At = "unlock", reqAt
		dec, err := Decide(d, a)
		if name == "a place that is no more" {
			if err != nil || dec.Reason != ReasonUnknownLocation {
				t.Errorf("%s: %v, %v", name, dec.Reason, err)
			}
			continue
		}
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %+v, %v; want ErrInvalid", name, dec, err)
		}
	}
}
