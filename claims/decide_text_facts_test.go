package claims

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

func (r *ruleReader) location() {
	id := r.place(r.next())
	l, _ := Get[Location](r.d, string(id))
	stop, _ := r.option("inherit")
	object, _ := r.option("object")
	archived, _ := r.option("archived")
	l.Inherit, l.Open, l.Object, l.Archived = stop != "false", r.has("open"), Slug(object), r.time(archived)
	r.put(l)
	if r.has("gate") {
		r.put(Gate{ID: r.id(), At: id, Right: Slug(strings.TrimSuffix(r.next(), "*")), AnyOf: slugs(r.next(), "|")})
	}
}

func (r *ruleReader) right() {
	right := Right{At: r.place(r.next()), Slug: Slug(r.next()), Egress: r.has("egress"), Public: r.has("public"), NotPhysical: r.has("not-physical")}
	if acr, ok := r.option("acr"); ok {
		right.ACR, _ = strconv.Atoi(acr)
	}
	if states, ok := r.option("states"); ok {
		for _, s := range slugs(states, ",") {
			right.States = append(right.States, State(s))
		}
	}
	r.put(right)
}

func (r *ruleReader) grant(e Effect) {
	g := Grant{ID: r.id(), At: r.place(r.next()), Subject: r.subject(r.next()), Effect: e}
	g.Right = Slug(r.next())
	if role, ok := strings.CutPrefix(string(g.Right), "role="); ok {
		g.Right, g.Role = "", Slug(role)
	}
	g.Starts, g.Expires, g.Period = r.time(r.after("from")), r.time(r.after("until")), Slug(r.after("in"))
	if r.has("during") {
		w, err := ParseWindow(strings.Join(r.words, " "))
		if err != nil {
			r.t.Fatalf("line %d: %v", r.line, err)
		}
		g.Window, r.words = w, nil
	}
	r.put(g)
}

func (r *ruleReader) member() {
	m := Member{ID: MemberID(r.next()), State: State(r.next())}
	m.Sub, m.Username = string(m.ID), string(m.ID)
	m.PaidUntil, m.GraceUntil = r.time(r.after("paid")), r.time(r.after("grace"))
	if r.has("barred") {
		m.BarredAt = time.Unix(1, 0)
	}
	r.put(m)
	for len(r.words) > 0 {
		what, name := r.next(), r.next()
		from, until, period := r.time(r.after("from")), r.time(r.after("until")), Slug(r.after("in"))
		switch what {
		case "badge":
			r.put(Award{ID: r.id(), Member: m.ID, Badge: Slug(name), On: from, Expires: until, Period: period})
		case "tag":
			r.put(Assignment{ID: r.id(), Tag: Slug(name), Target: TargetMember, TargetID: string(m.ID), Starts: from, Expires: until, Period: period})
		case "aff":
			object, kind, _ := strings.Cut(name, "#")
			r.put(Affiliation{ID: r.id(), Member: m.ID, Object: Slug(object), Kind: Slug(kind), Starts: from, Ends: until, Period: period})
		default:
			r.t.Fatalf("line %d: what is %q of a member?", r.line, what)
		}
	}
}

func (r *ruleReader) readAsk() {
	who := r.next()
	r.ask = Ask{Right: Slug(r.next()), Path: Path(r.next())}
	client, isClient := strings.CutPrefix(who, "client:")
	switch {
	case isClient:
		r.ask.Client = ClientID(client)
	case who == "system":
		r.ask.System = true
	case who != "nobody":
		r.ask.Member = MemberID(who)
	}
	r.ask.Credential, _ = r.option("card")
	device, _ := r.option("device")
	with, _ := r.option("with")
	acr, _ := r.option("acr")
	r.ask.Device, r.ask.Supervisor = DeviceID(device), MemberID(with)
	r.ask.ACR, _ = strconv.Atoi(cmp.Or(acr, "0"))
}

func (r *ruleReader) check() {
	r.ask.At = r.time(r.next())
	want := strings.Join(r.words, " ")
	r.words = nil
	dec, err := Decide(r.d, r.ask)
	if got := r.tell(dec, err); got != r.canonical(want) {
		r.t.Errorf("line %d: Decide(%s %s %s at %s): %s; want %s", r.line, r.ask.Member, r.ask.Right, r.ask.Path,
			r.ask.At.Format(time.RFC3339), got, r.canonical(want))
	}
}

// canonical writes the instants of an expectation as tell does.
func (r *ruleReader) canonical(want string) string {
	words := strings.Fields(want)
	for i, w := range words {
		if i > 0 && (words[i-1] == "until" || words[i-1] == "retry") {
			words[i] = r.time(w).Format(time.RFC3339Nano)
		}
	}
	return strings.Join(words, " ")
}

// tell writes a decision as the files do.
func (r *ruleReader) tell(dec Decision, err error) string {
	if err != nil {
		return "invalid"
	}
	words := []string{"refuse", string(dec.Reason)}
	if dec.Allow {
		words = []string{"allow"}
	}
	add := func(word, value string) {
		if value != "" {
			words = append(words, word, value)
		}
	}
	instant := func(word string, at time.Time) {
		if !at.IsZero() {
			add(word, at.Format(time.RFC3339Nano))
		}
	}
	instant("until", dec.Until)
	var warns []string
	for _, w := range dec.Warnings {
		warns = append(warns, string(w.Badge))
	}
	if dec.Allow {
		add("warns", strings.Join(warns, ","))
	}
	add("missing", strings.Join(missingText(dec), ","))
	instant("retry", dec.RetryAt)
	add("deny", string(dec.Deny))
	return strings.Join(words, " ")
}
