// Package schematest checks documents against the JSON Schemas of the fronts'
// programs, in tests: what is sent and answered there is what the schemas say.
package schematest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"unicode/utf8"
)

// schema is the part of JSON Schema (draft 2020-12) that the schemas use. A
// keyword that is not here is an error, so that none goes unchecked.
type schema struct {
	Schema      string            `json:"$schema"`
	ID          string            `json:"$id"`
	Defs        map[string]schema `json:"$defs"`
	Ref         string            `json:"$ref"` // "#/$defs/NAME" only
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Type        string            `json:"type"`
	Required    []string          `json:"required"`
	Properties  map[string]schema `json:"properties"`
	Additional  json.RawMessage   `json:"additionalProperties"` // false, or a schema
	Items       *schema           `json:"items"`
	MinItems    int               `json:"minItems"`
	MaxItems    *int              `json:"maxItems"`
	Enum        []any             `json:"enum"`
	Pattern     string            `json:"pattern"`
	MinLength   int               `json:"minLength"`
	MaxLength   *int              `json:"maxLength"`
	Minimum     *int64            `json:"minimum"`
	Maximum     *int64            `json:"maximum"`
}

// Conforms checks a document against the schema in folder/name.json.
func Conforms(folder, name string, document []byte) error {
	text, err := os.ReadFile(filepath.Join(folder, name+".json"))
	if err != nil {
		return err
	}
	var s schema
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&s); err != nil {
		return fmt.Errorf("schema %s: %w", name, err)
	}
	dec = json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return err
	}
	return checker{s.Defs}.check(s, "$", v)
}

// checker knows the definitions that a schema refers to.
type checker struct{ defs map[string]schema }

func (c checker) check(s schema, at string, v any) error {
	if s.Ref != "" {
		def, ok := c.defs[filepath.Base(s.Ref)]
		if !ok {
			return fmt.Errorf("%s: no definition %s", at, s.Ref)
		}
		return c.check(def, at, v)
	}
	if s.Enum != nil && !slices.Contains(s.Enum, v) {
		return fmt.Errorf("%s: %v is none of %v", at, v, s.Enum)
	}
	switch v := v.(type) {
	case map[string]any:
		return c.object(s, at, v)
	case []any:
		return c.list(s, at, v)
	case string:
		n := utf8.RuneCountInString(v)
		if s.Type != "string" || n < s.MinLength || s.MaxLength != nil && n > *s.MaxLength || !regexp.MustCompile(s.Pattern).MatchString(v) {
			return fmt.Errorf("%s: %q does not fit", at, v)
		}
	case json.Number:
		n, err := v.Int64()
		if s.Type != "integer" || err != nil || s.Minimum != nil && n < *s.Minimum || s.Maximum != nil && n > *s.Maximum {
			return fmt.Errorf("%s: %s does not fit", at, v)
		}
	case bool:
		if s.Type != "boolean" {
			return fmt.Errorf("%s: %v does not fit", at, v)
		}
	default:
		return fmt.Errorf("%s: %v has no place in any schema here", at, v)
	}
	return nil
}

func (c checker) list(s schema, at string, v []any) error {
	if s.Type != "array" || len(v) < s.MinItems || s.MaxItems != nil && len(v) > *s.MaxItems {
		return fmt.Errorf("%s: a list of %d does not fit", at, len(v))
	}
	for i, one := range v {
		if s.Items == nil {
			break
		}
		if err := c.check(*s.Items, fmt.Sprintf("%s[%d]", at, i), one); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) object(s schema, at string, v map[string]any) error {
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
		if !ok {
			switch string(s.Additional) {
			case "":
				continue
			case "false":
				return fmt.Errorf("%s.%s is not in the schema", at, name)
			}
			if err := json.Unmarshal(s.Additional, &p); err != nil {
				return fmt.Errorf("%s: additionalProperties: %w", at, err)
			}
		}
		if err := c.check(p, at+"."+name, value); err != nil {
			return err
		}
	}
	return nil
}
