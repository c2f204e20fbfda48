package claims

// Slugs, ids of clients and other words that facts share are kept once and
// numbered, so that decisions compare numbers, and find what a word stands
// for without a look-up by name.

// sym is the number of a word; 0 is the empty one, and no other.
type sym int32

// word is a text and what it is the name of.
type word struct {
	text     string
	object   *objectForm
	override *overrideForm
	role     *roleForm
	period   *periodForm
	tag      string // of a tag that tokens may list: its group
	badge    string // of a badge, likewise
	extends  sym    // of a type: the one it extends
}

// objectForm is a scope object as decisions read it.
type objectForm struct {
	slug Slug
	name sym
	typ  sym
}

// overrideForm is a kind override that stands.
type overrideForm struct {
	kind   sym
	rights []sym
}

// roleForm is a role as decisions read it.
type roleForm struct {
	app    int32 // the number of its application's root
	rights []sym
	allBut bool
}

// lexicon numbers words. The zero lexicon knows the empty one only.
type lexicon struct {
	byText slots
	list   vector[word] // from the word numbered 1 on
}

// sym returns the number of a word; false if no fact holds it.
func (d *Directory) sym(text string) (sym, bool) {
	if text == "" {
		return 0, true
	}
	i, ok := d.words.byText.find(hashOf(text), func(i int32) bool { return d.words.list.at(i).text == text })
	return sym(i + 1), ok
}

// word returns what is known of a word other than the empty one.
func (d *Directory) word(s sym) *word { return d.words.list.at(int32(s) - 1) }

// object returns the object of that name, or nil.
func (d *Directory) object(s sym) *objectForm {
	if s == 0 {
		return nil
	}
	return d.word(s).object
}

// spelled returns a word's text.
func (d *Directory) spelled(s sym) string {
	if s == 0 {
		return ""
	}
	return d.word(s).text
}

// symOf returns the number of a word, given now if it has none.
func symOf[S ~string](b builder, text S) sym {
	s, ok := b.sym(string(text))
	if !ok {
		i := int32(b.words.list.n)
		kept := b.by.text(string(text))
		b.words.list.edit(b.by, i).text = kept
		b.words.byText.put(b.by, hashOf(kept), i)
		s = sym(i + 1)
	}
	return s
}

// editWord returns what is known of a word, as b's own.
func (b builder) editWord(s sym) *word { return b.words.list.edit(b.by, int32(s)-1) }

func symsOf(b builder, texts []Slug) []sym {
	list := make([]sym, len(texts))
	for i, text := range texts {
		list[i] = symOf(b, text)
	}
	return list
}

func (b builder) indexTag(t Tag) {
	if name := symOf(b, t.Slug); name != 0 {
		b.editWord(name).tag = groupIf(t.InClaims, source{from: fromTag, name: t.Slug})
	}
}

func (b builder) indexBadge(g Badge) {
	if name := symOf(b, g.Slug); name != 0 {
		b.editWord(name).badge = groupIf(g.InClaims, source{from: fromBadge, name: g.Slug})
	}
}

// groupIf is the group of a source that may be in tokens; else nothing.
func groupIf(inClaims bool, s source) string {
	if !inClaims {
		return ""
	}
	return s.own()
}

func (b builder) indexObject(o Object) {
	name := symOf(b, o.Slug)
	if name == 0 {
		return
	}
	form := &objectForm{slug: Slug(b.spelled(name)), name: name, typ: symOf(b, o.Type)}
	b.editWord(name).object = form
}

func (b builder) indexOverride(o Override) {
	var form *overrideForm
	if o.Removed.IsZero() {
		form = &overrideForm{kind: symOf(b, o.Kind), rights: symsOf(b, o.Rights)}
	}
	if object := symOf(b, o.Object); object != 0 {
		b.editWord(object).override = form
	}
}

func (b builder) indexRole(r Role) {
	form := &roleForm{app: b.place(r.App), rights: symsOf(b, r.Rights), allBut: r.AllBut}
	if name := symOf(b, r.Slug); name != 0 {
		b.editWord(name).role = form
	}
}
