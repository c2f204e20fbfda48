package claims

import "slices"

// Queued is an open request, for somebody who may answer it: they know who
// asks, whether or not they see the member otherwise.
type Queued struct {
	Request
	Username string `json:"username"`
	Name     string `json:"name,omitempty"`
}

// Queue lists the open requests that the caller may answer, the oldest first.
func (v *View) Queue() []Queued {
	p := &planner{d: v.d, by: v.by, now: v.at}
	may := map[Subject]bool{}
	var list []Queued
	for r := range All[Request](v.d) {
		if !r.Open(v.at) || v.isMe(r.Member) {
			continue
		}
		ok, asked := may[r.Thing]
		if !asked {
			ok = p.mayGiveThing(r.Thing) == nil
			may[r.Thing] = ok
		}
		if ok {
			who := v.d.of(r.Member)
			list = append(list, Queued{r, who.member.username, who.member.name})
		}
	}
	slices.SortStableFunc(list, func(a, b Queued) int { return a.Asked.Compare(b.Asked) })
	return list
}

// Askable is something the caller may ask for now.
type Askable struct {
	Thing Subject `json:"thing"`
	Name  string  `json:"name"` // in words: "member of Delft"
	Text  string  `json:"text,omitempty"`
}

// Askable lists what the caller, a member, may ask for now: what is open and
// they do not have, nor have asked for. By thing.
func (v *View) Askable() []Askable {
	if v.by.Kind != ActorMember {
		return nil
	}
	var list []Askable
	for o := range All[Opening](v.d) {
		if !o.Open(v.at) {
			continue
		}
		for _, thing := range v.d.things(o.Thing) {
			in := AskFor{Request{ID: "probe", Member: MemberID(v.by.ID), Thing: thing}}
			p := &planner{d: v.d, by: v.by, now: v.at}
			if facts, err := in.plan(p); err == nil && len(facts) > 0 {
				list = append(list, Askable{thing, v.d.ThingName(thing), o.Text})
			}
		}
	}
	slices.SortFunc(list, func(a, b Askable) int {
		return slices.Compare([]string{a.Name, a.Thing.String()}, []string{b.Name, b.Thing.String()})
	})
	return slices.CompactFunc(list, func(a, b Askable) bool { return a.Thing == b.Thing })
}

// things spells out an opening's thing: one for each object of a type.
func (d *Directory) things(thing Subject) []Subject {
	if thing.Type == "" {
		return []Subject{thing}
	}
	var list []Subject
	for o := range All[Object](d) {
		if o.Archived.IsZero() && slices.Contains(d.typesAbove(o.Type), thing.Type) {
			list = append(list, Subject{Kind: SubjectAff, Object: o.Slug, AffKind: thing.AffKind})
		}
	}
	return list
}

// ThingName is what people call a tag, a badge or an affiliation.
func (d *Directory) ThingName(thing Subject) string {
	name := thing.ID
	switch thing.Kind {
	case SubjectTag:
		if t, ok := Get[Tag](d, thing.ID); ok && t.Label != "" {
			name = t.Label
		}
		return name
	case SubjectBadge:
		if b, ok := Get[Badge](d, thing.ID); ok && b.Name != "" {
			name = b.Name
		}
		return name
	case SubjectAff:
		kind, place := string(thing.AffKind), string(thing.Object)
		typ := thing.Type
		if o, ok := Get[Object](d, string(thing.Object)); ok {
			if typ = o.Type; o.Name != "" {
				place = o.Name
			}
		}
		if k, ok := d.kind(typ, thing.AffKind); ok && k.Label != "" {
			kind = k.Label
		}
		if place == "" {
			place = "any " + string(thing.Type)
		}
		return kind + " of " + place
	}
	return thing.String()
}
