package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"lanyard/cmd/lanyard/tomlfile"
)

// Key is one thing that can be configured, as its tags describe it.
type Key struct {
	Name    string // "http.listen"
	Env     string // "LANYARD_HTTP_LISTEN"
	Default string
	Unit    string // what its value is, where the type doesn't say
	Doc     string
	Secret  bool // also read from the file that Env + "_FILE" names; never printed
	index   []int
}

// Section is a table of keys of the file; the first one, without a name, holds
// the keys at its top.
type Section struct {
	Name string
	Doc  string
	Keys []Key
}

// Sections lists every key there is, read off Config.
func Sections() []Section {
	top := Section{Doc: "Who this is."}
	sections := []Section{{}}
	for f := range reflect.TypeFor[Config]().Fields() {
		if f.Type.Kind() != reflect.Struct {
			top.Keys = append(top.Keys, key("", f, f.Index))
			continue
		}
		s := Section{Name: tomlfile.Key(f), Doc: f.Tag.Get("doc")}
		for g := range f.Type.Fields() {
			s.Keys = append(s.Keys, key(s.Name, g, append(f.Index[:1:1], g.Index...)))
		}
		sections = append(sections, s)
	}
	sections[0] = top
	return sections
}

func key(section string, f reflect.StructField, index []int) Key {
	name := tomlfile.Key(f)
	if section != "" {
		name = section + "." + name
	}
	k := Key{
		Name: name, Env: "LANYARD_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_")),
		Default: f.Tag.Get("default"), Unit: f.Tag.Get("unit"), Doc: f.Tag.Get("doc"),
		Secret: f.Tag.Get("secret") != "", index: index,
	}
	if k.Unit == "" && f.Type.Kind() == reflect.Bool {
		k.Unit = "true, false"
	}
	return k
}

// set puts text into the key's field. A list is separated by commas.
func (k Key) set(c *Config, text string) error {
	v := reflect.ValueOf(c).Elem().FieldByIndex(k.index)
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("must be true or false, not %q", text)
		}
		v.SetBool(b)
	case reflect.Slice:
		var list []string
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		v.Set(reflect.ValueOf(list))
	default:
		panic("config: " + k.Name + " has a type that cannot be set")
	}
	return nil
}

// Value returns what c has for the key, for people to read; "[redacted]" for a
// secret that is set.
func (k Key) Value(c Config) string {
	v := reflect.ValueOf(c).FieldByIndex(k.index)
	if k.Name == "database.url" {
		return c.DatabaseName()
	}
	if k.Secret && v.Len() > 0 {
		return "[redacted]"
	}
	if v.Kind() == reflect.Slice {
		return strings.Join(v.Interface().([]string), ", ")
	}
	if v.Kind() == reflect.String {
		return v.String()
	}
	return fmt.Sprint(v.Interface())
}

func allKeys() []Key {
	var keys []Key
	for _, s := range Sections() {
		keys = append(keys, s.Keys...)
	}
	return keys
}
