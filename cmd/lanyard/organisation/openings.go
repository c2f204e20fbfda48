package organisation

import "lanyard/claims"

// Opening lets members ask for something; between two dates it is an open call.
type Opening struct {
	Thing string `toml:"thing"` // tag:TAG, badge:BADGE, aff:OBJECT#KIND, aff:@TYPE#KIND
	From  any    `toml:"from"`
	Until any    `toml:"until"`
	Text  string `toml:"text"` // what to write, for who asks
}

func (b *builder) openings() {
	seen := map[string]int{}
	for i, o := range b.f.Openings {
		key := b.once(seen, "openings", i, "thing", o.Thing)
		thing, err := claims.ParseSubject(o.Thing)
		if o.Thing == "" || !b.check(key+".thing", err) {
			continue
		}
		want := claims.Opening{Thing: thing, From: b.date(key+".from", o.From), Until: b.date(key+".until", o.Until), Text: o.Text}
		if have, ok := claims.Get[claims.Opening](b.d, want.Key().ID); ok && !have.Closed.IsZero() {
			b.note("%s stays closed, as it was by hand (lanyard opening add opens it again)", o.Thing)
			continue
		}
		define(b, key, want)
	}
}
