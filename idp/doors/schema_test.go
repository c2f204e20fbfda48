package doors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"

	"lanyard/claims"
)

// schema is the part of JSON Schema (draft 2020-12) that schema/ uses. A
// keyword that is not here is an error, so that none goes unchecked.
type schema struct {
	Schema      string            `json:"$schema"`
	ID          string            `json:"$id"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Type        string            `json:"type"`
	Required    []string          `json:"required"`
	Properties  map[string]schema `json:"properties"`
	Additional  *bool             `json:"additionalProperties"`
	Enum        []json.Number     `json:"enum"`
	Pattern     string            `json:"pattern"`
	MinLength   int               `json:"minLength"`
	MaxLength   *int              `json:"maxLength"`
	Minimum     *int64            `json:"minimum"`
	Maximum     *int64            `json:"maximum"`
}

// conforms checks a document against schema/name.json.
func conforms(name string, document []byte) error {
	text, err := os.ReadFile("schema/" + name + ".json")
	if err != nil {
		return err
	}
	var s schema
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return fmt.Errorf("schema %s: %w", name, err)
	}
	dec = json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return err
	}
	return s.check("$", v)
}

func (s schema) check(at string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		return s.object(at, v)
	case string:
		n := utf8.RuneCountInString(v)
		if s.Type != "string" || n < s.MinLength || s.MaxLength != nil && n > *s.MaxLength || !regexp.MustCompile(s.Pattern).MatchString(v) {
			return fmt.Errorf("%s: %q does not fit", at, v)
		}
	case json.Number:
		n, err := v.Int64()
		if s.Type != "integer" || err != nil || s.Minimum != nil && n < *s.Minimum || s.Maximum != nil && n > *s.Maximum ||
			s.Enum != nil && !slices.Contains(s.Enum, v) {
			return fmt.Errorf("%s: %s does not fit", at, v)
		}
	case []any:
		if s.Type != "array" {
			return fmt.Errorf("%s: an array", at)
		}
	default:
		return fmt.Errorf("%s: %v has no place in any schema here", at, v)
	}
	return nil
}

func (s schema) object(at string, v map[string]any) error {
	if s.Type != "object" {
		return fmt.Errorf("%s: an object", at)
	}
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			return fmt.Errorf("%s.%s is missing", at, name)
		}
	}
	for name, value := range v {
		p, ok := s.Properties[name]
		if !ok && s.Additional != nil && !*s.Additional {
			return fmt.Errorf("%s.%s is not in the schema", at, name)
		}
		if ok {
			if err := p.check(at+"."+name, value); err != nil {
				return err
			}
		}
	}
	return nil
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
