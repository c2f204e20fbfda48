package doors

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"lanyard/claims"
	"lanyard/idp/schematest"
)

// conforms checks a document against schema/name.json.
func conforms(name string, document []byte) error {
	return schematest.Conforms("schema", name, document)
}

// vector is one line of testdata/decide.json.
type vector struct {
	Name    string
	Device  claims.ClientID // the client that asks
	Request json.RawMessage
	Status  int
	Answer  json.RawMessage // with status 200, exactly
}

func TestVectorsHold(t *testing.T) {
	text, err := os.ReadFile("testdata/decide.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		s := newSpace(t)
		s.passes["fresh"] = "ada"
		if fits := conforms("decide-request", v.Request) == nil; fits != (v.Status != 400) {
			t.Errorf("%s: the request conforms to its schema: %v, yet status %d is wanted", v.Name, fits, v.Status)
		}
		w := s.ask(v.Device, string(v.Request))
		var want bytes.Buffer
		_ = json.Compact(&want, v.Answer)
		if w.Code != v.Status || v.Status == 200 && w.Body.String() != want.String() {
			t.Errorf("%s: %d %s, want %d %s", v.Name, w.Code, w.Body, v.Status, &want)
		}
	}
}
