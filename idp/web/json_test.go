package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"lanyard/claims"
)

type jsonDoc struct {
	Name  string            `json:"name"`
	Count int               `json:"count"`
	On    bool              `json:"on"`
	Maybe *bool             `json:"maybe,omitempty"`
	Words []string          `json:"words"`
	Parts []jsonPart        `json:"parts"`
	Meta  map[string]string `json:"meta"`
	Own   string            `json:"-"`
}

type jsonPart struct {
	Path claims.Path `json:"path"`
	Deep []jsonPart  `json:"deep"`
}

func TestJSONIsReadWhole(t *testing.T) {
	var d jsonDoc
	err := DecodeJSON([]byte(` {"name":"Ünï \"x\"","count":-3,"on":true,"maybe":false,"words":["a",""],"parts":[{"path":"/a"},{"deep":[{"path":"/b"}]}],"meta":{"k":"v"}} `), &d)
	no := false
	want := jsonDoc{Name: `Ünï "x"`, Count: -3, On: true, Maybe: &no, Words: []string{"a", ""},
		Parts: []jsonPart{{Path: "/a"}, {Deep: []jsonPart{{Path: "/b"}}}}, Meta: map[string]string{"k": "v"}}
	if err != nil || !reflect.DeepEqual(d, want) {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestHostileJSONIsRefusedByTheFieldAtFault(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for body, field := range map[string]string{
		``: "body", `[]`: "body", `"x"`: "body", `null`: "body", `{`: "body", `{"name":"x"`: "body", `{"name":"x"}{}`: "body", `{"name":"x"} x`: "body",
		`{"name":"x",}`: "body", `{'name':'x'}`: "body", "{\"name\":\"\xff\"}": "body", "{\"name\":\"\x00\"}": "body", `{"name":}`: "body",
		`{"nome":"x"}`: "body", `{"Name":"x"}`: "body", `{"Own":"x"}`: "body", `{"own":"x"}`: "body", `{"":1}`: "body",
		`{"name":"a","name":"b"}`: "name", `{"name":null}`: "name", `{"name":1}`: "name", `{"name":"a\u0000b"}`: "name", `{"name":["a"]}`: "name", `{"name":{}}`: "name",
		`{"count":"1"}`: "count", `{"count":1.5}`: "count", `{"count":1e3}`: "count", `{"count":99999999999999999999}`: "count", `{"on":"true"}`: "on", `{"maybe":0}`: "maybe", `{"maybe":null}`: "maybe",
		`{"words":"a"}`: "words", `{"words":["a",1]}`: "words[1]", `{"words":` + deep: "words[0]", `{"deep":` + deep: "body",
		`{"parts":[{"path":"/a"},{"path":2}]}`: "parts[1].path", `{"parts":[{"deep":[{},{"pfad":1}]}]}`: "parts[0].deep[1]", `{"parts":[{"deep":[{"path":"/a","path":"/a"}]}]}`: "parts[0].deep[0].path",
		`{"meta":{"k":"a","k":"b"}}`: "meta", `{"meta":{"k":{}}}`: "meta", `{"meta":{"k":1}}`: "meta", `{"meta":["k"]}`: "meta", `{"on":tru}`: "body",
	} {
		var d jsonDoc
		err := DecodeJSON([]byte(body), &d)
		bad, ok := errors.AsType[*claims.Invalid](err)
		if !ok || bad.Field != field || len(err.Error()) > 200 {
			t.Errorf("%.60q: %v, want a fault of %q", body, err, field)
		}
	}
}

func TestJSONBodiesHaveTheirTypeAndLimit(t *testing.T) {
	for _, c := range []struct {
		kind, body string
		status     int
	}{
		{"application/json", `{"name":"x"}`, 200}, {"application/json; charset=utf-8", `{"name":"x"}`, 200}, {"text/plain", `{"name":"x"}`, 400},
		{"", `{"name":"x"}`, 400}, {"application/x-www-form-urlencoded", `name=x`, 400}, {"application/json", `{"name":"` + strings.Repeat("x", 100) + `"}`, 413},
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		var d jsonDoc
		err := ReadJSON(r, 50, &d)
		if got := http.StatusOK; err != nil {
			got = StatusOf(err)
			if got != c.status {
				t.Errorf("%s %.20q: %d, want %d", c.kind, c.body, got, c.status)
			}
		} else if c.status != 200 || d.Name != "x" {
			t.Errorf("%s %.20q was taken as %+v", c.kind, c.body, d)
		}
	}
}

// FuzzDecodeJSON holds that what is taken is what encoding/json reads from it.
func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"name":"x","parts":[{"path":"/a","deep":[]}],"meta":{"a":"b"}}`))
	f.Add([]byte(` {"name":"\u00e9\ud83d\ude00\ud800\"\\","count":-0,"on":true,"maybe":false,"words":["",null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d, want jsonDoc
		err := DecodeJSON(data, &d)
		if err != nil {
			if !errors.Is(err, claims.ErrInvalid) {
				t.Errorf("%q: %v", data, err)
			}
			return
		}
		if err := json.Unmarshal(data, &want); err != nil || !reflect.DeepEqual(d, want) {
			t.Errorf("%q is taken as %+v; encoding/json says %+v, %v", data, d, want, err)
		}
	})
}

func TestHalfACharacterIsNoText(t *testing.T) {
	for body, place := range map[string]string{
		`{"name":"\ud800"}`: "name", `{"name":"a\uDC00b"}`: "name", `{"name":"\ud83d\u0041"}`: "name", `{"name":"\ud83dx"}`: "name", `{"name":"\ude00\ud83d"}`: "name",
		`{"name":"\ud83d\ude00\ud83d"}`: "name", `{"name":"\ud83d\\ude00"}`: "name", `{"words":["","\udfff"]}`: "words[1]", `{"meta":{"k":"\ud800"}}`: "meta",
		`{"meta":{"\ud800":"v"}}`: "meta", `{"parts":[{"path":"\ud800"}]}`: "parts[0].path", `{"\ud800":1}`: "body",
	} {
		var d jsonDoc
		err := DecodeJSON([]byte(body), &d)
		bad, ok := errors.AsType[*claims.Invalid](err)
		if !ok || bad.Field != place || !strings.Contains(bad.Problem, "half of a character") {
			t.Errorf("%s: %v, want a fault of %q", body, err, place)
		}
	}
	for body, want := range map[string]string{
		`{"name":"\ud83d\ude00"}`: "😀", `{"name":"\uD83D\uDE00\n\ud83d\ude00"}`: "😀\n😀", `{"name":"\\ud800"}`: `\ud800`, `{"name":"\ufffd\\"}`: "\ufffd\\", `{"name":"\ue000\ud7ff"}`: "\ue000\ud7ff",
	} {
		var d jsonDoc
		if err := DecodeJSON([]byte(body), &d); err != nil || d.Name != want {
			t.Errorf("%s: %q, %v; want %q", body, d.Name, err, want)
		}
	}
}
