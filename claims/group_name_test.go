package claims

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func template(text string) NameTemplate { return must(ParseNameTemplate(text)) }

func TestTemplatesReadBackAsWritten(t *testing.T) {
	for _, s := range []string{"{name}", "tag.{name}", "wiki:{type}/{object}:{kind}", "{object}a.{kind}-x", "{state}", "everybody"} {
		got, err := ParseNameTemplate(s)
		if err != nil || got.String() != s {
			t.Errorf("ParseNameTemplate(%q) = %v, %v", s, got, err)
		}
		text, err := json.Marshal(ClaimFilter{Names: &GroupNames{Tag: got}})
		var back ClaimFilter
		if err != nil || json.Unmarshal(text, &back) != nil || !reflect.DeepEqual(back.Names.Tag, got) {
			t.Errorf("%q as JSON: %s, %v, read as %+v", s, text, err, back.Names)
		}
	}
	for _, s := range []string{"", "{", "}", "{name", "name}", "{}", "{Name}", "{names}", "{{name}}", "a b", "a,b", "{name}\n", "é{name}", "{name}{kind}",
		"{object}-{kind}", "{object}x{kind}", "{name}.{name}", "it's", `a"b`, `a\b`, "<b>", "x{type}-{kind}", string(make([]byte, 129))} {
		if got, err := ParseNameTemplate(s); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseNameTemplate(%q) = %v, %v; want ErrInvalid", s, got, err)
		}
	}
}

func FuzzParseNameTemplate(f *testing.F) {
	for _, s := range []string{"{name}", "a:{type}/{object}.{kind}", "{state}", "{", "{}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseNameTemplate(s); err == nil && v.String() != s {
			t.Errorf("ParseNameTemplate(%q) prints %q", s, v)
		}
	})
}

// drawSource draws a source and a template for its kind.
func drawSource(t *rapid.T, from sourceKind) (source, NameTemplate) {
	slug := rapid.StringMatching(`[ab0][ab-]{0,2}`)
	s := source{from: from, name: Slug(slug.Draw(t, "name"))}
	text := rapid.StringMatching(`[ab-]?[.:]?[ab-]?`)
	between := rapid.StringMatching(`[ab-]?[.:][ab-]?`)
	fields := []string{"{" + string([]NameField{FieldName, FieldName, FieldKind, FieldState}[from]) + "}"}
	if from == fromAffiliation {
		s.typ, s.object = Slug(slug.Draw(t, "type")), Slug(slug.Draw(t, "object"))
		fields = append(fields, "{object}")
		if rapid.Bool().Draw(t, "typed") {
			fields = append(fields, "{type}")
		}
		fields = rapid.Permutation(fields).Draw(t, "order")
	}
	whole := text.Draw(t, "before") + fields[0]
	for _, f := range fields[1:] {
		whole += between.Draw(t, "between") + f
	}
	return s, template(whole + text.Draw(t, "after"))
}

func TestNamesAreReadByTheTemplateThatMadeThem(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, tmpl := drawSource(rt, rapid.SampledFrom([]sourceKind{fromTag, fromBadge, fromAffiliation, fromMember}).Draw(rt, "from"))
		n := &GroupNames{Tag: tmpl, Badge: tmpl, Affiliation: tmpl, Member: tmpl}
		name := n.call(s, s.own())
		if !tmpl.has(FieldType) {
			s.typ = ""
		}
		if got, ok := n.read(s.from, name); !ok || got != s {
			rt.Fatalf("%s names %+v %q, which it reads as %+v, %v", tmpl, s, name, got, ok)
		}
	})
}

func TestTemplatesThatAreApartMakeNoNameAlike(t *testing.T) {
	own := GroupNames{}
	if !own.disjoint() {
		t.Error("the sources' own names could be alike")
	}
	rapid.Check(t, func(rt *rapid.T) {
		kinds := []sourceKind{fromTag, fromBadge, fromAffiliation, fromMember}
		a, x := drawSource(rt, rapid.SampledFrom(kinds).Draw(rt, "one"))
		b, y := drawSource(rt, rapid.SampledFrom(kinds).Draw(rt, "other"))
		one, other := &GroupNames{x, x, x, x}, &GroupNames{y, y, y, y}
		if apart(x, y) && one.call(a, "") == other.call(b, "") {
			rt.Fatalf("%s and %s are said to be apart, yet %+v and %+v are both %q", x, y, a, b, one.call(a, ""))
		}
	})
}

func TestTokenGroupsGoByTheClientsTemplates(t *testing.T) {
	f := everything
	f.Names = &GroupNames{Tag: template("{name}"), Affiliation: template("{object}/{kind}"), Member: template("state:{state}")}
	f.Rename = map[string]string{"body.wood-team.board": "wood-admins"}
	want := []string{"agora-2025/organiser", "badge.laser-1", "board-member", "state:active", "wood-admins", "wood-team/member"}
	if got := mustToken(t, tokenWorld(), f).Groups; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
}

// calling is the wiki with templates and a map, seeing all there is.
func calling(tag, badge, aff string, rename ...string) Client {
	return wiki(func(c *Client) {
		c.Filter = ClaimFilter{Tags: []Slug{Every}, Badges: []Slug{Every}, Types: []Slug{Every}, Member: true, Names: &GroupNames{}, Rename: map[string]string{}}
		n := c.Filter.Names
		for i, into := range []*NameTemplate{&n.Tag, &n.Badge, &n.Affiliation} {
			if text := []string{tag, badge, aff}[i]; text != "" {
				*into = template(text)
			}
		}
		for i := 0; i < len(rename); i += 2 {
			c.Filter.Rename[rename[i]] = rename[i+1]
		}
	})
}

func TestATemplateThatGivesTwoSourcesOneNameIsRefused(t *testing.T) {
	d := built(t, define(Tag{Slug: "laser-1"}, Badge{Slug: "delft"})...)
	bad := func(name, field, words string, c Client) refusal {
		return refusal{name, ErrInvalid, field, words, Define{c}}
	}
	refuseAll(t, d, []refusal{
		bad("a tag and a badge of one slug", "filter.names", "both be called laser-1", calling("{name}", "{name}", "")),
		bad("a kind in every body", "filter.names", "both be called", calling("", "", "{kind}")),
		bad("one mapped to the other's", "filter.rename", "tag.laser-1", calling("{name}", "{name}", "", "badge.laser-1", "laser-1")),
		bad("a tag without its name", "filter.names.tag", "{name}", calling("tags", "", "")),
		bad("a tag with a kind", "filter.names.tag", "{name}", calling("{name}.{kind}", "", "")),
		bad("an affiliation without its kind", "filter.names.affiliation", "{kind}", calling("", "", "{object}")),
		bad("a map to what a template says", "filter.rename", "tag.laser-1", calling("{name}", "", "", "badge.bandsaw", "laser-1")),
	})
}

func TestTemplatesThatTellAllSourcesApartAreTaken(t *testing.T) {
	d := built(t, define(Tag{Slug: "laser-1"}, Badge{Slug: "delft"})...)
	one := wiki(func(c *Client) {
		c.Filter = ClaimFilter{Objects: []Slug{"delft"}, Names: &GroupNames{Affiliation: template("{kind}")}}
	})
	for name, c := range map[string]Client{
		"a sign apart": calling("{name}", "b:{name}", "{object}/{kind}"), "one by the map": calling("{name}", "{name}", "", "tag.laser-1", "laser-tag"),
		"both by the map": calling("{name}", "{name}", "", "tag.laser-1", "laser", "badge.laser-1", "laser"), "kinds of one body alone": one,
	} {
		if _, err := Plan(d, operator, noon, Define{c}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsDefinedLaterTakesNoOthersName holds that a client whose names
// were fine stays so.
func TestWhatIsDefinedLaterTakesNoOthersName(t *testing.T) {
	d := built(t, Define{calling("{name}", "{name}", "", "badge.bandsaw", "saw.of-the-house")})
	refuseAll(t, d, []refusal{
		{"a badge by a tag's name", ErrConflict, "", "client wiki calls tag.day-member", Define{Badge{Slug: "day-member"}}},
		{"a tag by a badge's name", ErrConflict, "", "client wiki calls badge.laser-1", Define{Tag{Slug: "laser-1"}}},
	})
	grow(t, d, operator, define(Badge{Slug: "day-guest"}, Badge{Slug: "laser-1", Name: "Laser one", ValidFor: Duration(365 * 24 * 3600e9)}, Object{Slug: "laser-1", Type: "body"})...)
	d = built(t, Define{calling("", "", "", "badge.bandsaw", "tag.saw")})
	refused(t, d, operator, ErrConflict, "", "client wiki calls badge.bandsaw by the name that tag.saw would get", Define{Tag{Slug: "saw"}})
	d = built(t, Define{wiki(func(c *Client) {
		c.Filter = ClaimFilter{Objects: []Slug{"delft"}, Tags: []Slug{"board-member"}, Names: &GroupNames{Tag: template("{name}"), Affiliation: template("{kind}")}}
	})})
	grow(t, d, operator, define(Kind{Type: "body", Slug: "cook", Parent: "member"}, Object{Slug: "eindhoven", Type: "body"})...)
	refused(t, d, operator, ErrConflict, "", "calls tag.board-member by the name that body.delft.board-member would get", Define{Kind{Type: "body", Slug: "board-member", Parent: "member"}})
}
