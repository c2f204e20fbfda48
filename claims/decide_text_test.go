package claims

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The files of testdata/decide are rules as a member could read them. Each
// line is a word for what it is and then:
//
//	location   PATH [inherit=false] [open] [object=O] [archived=TIME] [gate RIGHT BADGE|BADGE]
//	right      PATH NAME [egress] [public] [not-physical] [acr=N] [states=S,S]
//	role       NAME PATH rights=R,R  or  NAME PATH all-but=R,R
//	period     NAME KIND from TIME until TIME [current]
//	grant      PATH SUBJECT RIGHT [from TIME] [until TIME] [in PERIOD] [during WINDOW]; RIGHT may be role=NAME; deny likewise
//	gate       NAME PATH RIGHT BADGE|BADGE; RIGHT may be * for every physical one
//	member     NAME STATE [paid TIME] [grace TIME] [barred] then any of
//	           badge B, tag T, aff O#K, each with [from TIME] [until TIME] [in PERIOD]
//	waiver     GATE MEMBER until TIME
//	type, kind, object, override   as their fields; object also [archived=TIME]
//	badge      NAME [retired=TIME]; one that is not retired needs no line
//	application NAME PATH
//	lockdown   PATH [from TIME] [SUBJECT,SUBJECT]
//	card       ID MEMBER STATUS [until TIME]
//	device     ID [maintenance] [two-person]
//	client     ID [disabled]
//	membership TYPE#KIND
//	ask        WHO RIGHT PATH [card=ID] [device=ID] [with=MEMBER] [acr=N]; WHO: a member, nobody, client:ID, system
//	at         TIME allow [until TIME] [warns BADGE,BADGE]
//	at         TIME refuse REASON [missing BADGE|BADGE,BADGE] [retry TIME] [deny PATH]
//	at         TIME invalid
//
// An `at` line is about the last `ask`; until and retry are absent exactly if
// they are not written. Locations above a named one need no line. Times are
// UTC; a date is its midnight.
func TestDecideTexts(t *testing.T) {
	files, err := filepath.Glob("testdata/decide/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata/decide", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r := ruleReader{t: t, d: NewDirectory(Seq{}), made: map[Path]bool{}}
			for i, line := range strings.Split(string(text), "\n") {
				line, _, _ = strings.Cut(line, " # ")
				r.line, r.words = i+1, strings.Fields(line)
				if len(r.words) > 0 && !strings.HasPrefix(r.words[0], "#") {
					r.read()
				}
			}
		})
	}
}

type ruleReader struct {
	t     *testing.T
	d     *Directory
	line  int
	words []string
	made  map[Path]bool
	n     int
	ask   Ask
}

// next takes the next word; empty if there is none.
func (r *ruleReader) next() string {
	if len(r.words) == 0 {
		return ""
	}
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

// option takes the next word if it is name, or the value of name=value.
func (r *ruleReader) option(name string) (string, bool) {
	for i, w := range r.words {
		if v, ok := strings.CutPrefix(w, name+"="); ok || w == name {
			r.words = slices.Delete(slices.Clone(r.words), i, i+1)
			if w == name {
				v = ""
			}
			return v, true
		}
	}
	return "", false
}

func (r *ruleReader) has(name string) bool { _, ok := r.option(name); return ok }

// after takes the word that follows name, if name is among the next words.
func (r *ruleReader) after(name string) string {
	if len(r.words) > 1 && r.words[0] == name {
		defer func() { r.words = r.words[2:] }()
		return r.words[1]
	}
	return ""
}

func (r *ruleReader) time(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04", time.DateOnly} {
		if v, err := time.Parse(layout, s); err == nil {
			return v.UTC()
		}
	}
	r.t.Fatalf("line %d: %q is no time", r.line, s)
	return time.Time{}
}

func (r *ruleReader) id() ID { r.n++; return ID(fmt.Sprintf("id-%03d", r.n)) }

func (r *ruleReader) put(facts ...Fact) { r.d = r.d.With(Seq{N: r.d.Seq().N + 1}, facts...) }

// place makes the locations above p, and p, unless they are there.
func (r *ruleReader) place(s string) LocationID {
	p, err := ParsePath(s)
	if err != nil {
		r.t.Fatalf("line %d: %v", r.line, err)
	}
	if !r.made[p] {
		r.made[p] = true
		l := Location{ID: LocationID(p), Slug: p.Base(), Inherit: true}
		if p.Parent() != "" {
			l.Parent = r.place(string(p.Parent()))
		}
		r.put(l)
	}
	return LocationID(p)
}

func slugs(s, sep string) (list []Slug) {
	for part := range strings.SplitSeq(s, sep) {
		if part != "" {
			list = append(list, Slug(part))
		}
	}
	return list
}

func (r *ruleReader) read() {
	switch word := r.next(); word {
	case "location":
		r.location()
	case "right":
		r.right()
	case "role":
		role := Role{Slug: Slug(r.next()), App: r.place(r.next())}
		rights, _ := r.option("rights")
		but, all := r.option("all-but")
		role.Rights, role.AllBut = slugs(rights+but, ","), all
		r.put(role)
	case "grant", "deny":
		r.grant(map[string]Effect{"grant": Allow, "deny": Deny}[word])
	case "gate":
		g := Gate{ID: ID(r.next()), At: r.place(r.next()), Right: Slug(strings.TrimSuffix(r.next(), "*")), AnyOf: slugs(r.next(), "|")}
		r.put(g)
	case "member":
		r.member()
	case "period":
		p := Period{Slug: Slug(r.next()), Kind: PeriodKind(r.next())}
		p.Starts, p.Ends, p.Current = r.time(r.after("from")), r.time(r.after("until")), r.has("current")
		r.put(p)
	case "waiver":
		r.put(Waiver{ID: r.id(), Gate: ID(r.next()), Member: MemberID(r.next()), Expires: r.time(r.after("until"))})
	case "type":
		typ := ObjectType{Slug: Slug(r.next())}
		typ.Extends = Slug(r.after("extends"))
		r.put(typ)
	case "kind":
		r.put(Kind{Type: Slug(r.next()), Slug: Slug(r.next()), Parent: Slug(r.next())})
	case "object":
		o := Object{Slug: Slug(r.next()), Type: Slug(r.next())}
		archived, _ := r.option("archived")
		o.Archived = r.time(archived)
		r.put(o)
	case "badge":
		b := Badge{Slug: Slug(r.next())}
		retired, _ := r.option("retired")
		b.Retired = r.time(retired)
		r.put(b)
	case "override":
		r.put(Override{Object: Slug(r.next()), Kind: Slug(r.next()), Rights: slugs(r.next(), ",")})
	case "application":
		r.put(Application{Slug: Slug(r.next()), Root: r.place(r.next())})
	case "membership":
		typ, kind, _ := strings.Cut(r.next(), "#")
		r.put(Settings{MembershipFrom: MembershipFrom{Slug(typ), Slug(kind)}})
	case "ask":
		r.readAsk()
	case "at":
		r.check()
	default:
		r.readDevices(word)
	}
	if len(r.words) > 0 {
		r.t.Fatalf("line %d: %q is left over", r.line, r.words)
	}
}

func (r *ruleReader) readDevices(word string) {
	switch word {
	case "lockdown":
		l := Lockdown{ID: r.id(), At: r.place(r.next())}
		l.From = r.time(r.after("from"))
		for s := range strings.SplitSeq(r.next(), ",") {
			if s != "" {
				l.Exempt = append(l.Exempt, r.subject(s))
			}
		}
		r.put(l)
	case "card":
		r.put(Credential{ID: ID(r.next()), Member: MemberID(r.next()), Status: CredentialStatus(r.next()), Expires: r.time(r.after("until"))})
	case "device":
		r.put(Device{ID: DeviceID(r.next()), Maintenance: r.has("maintenance"), TwoPerson: r.has("two-person")})
	case "client":
		c := Client{ID: ClientID(r.next())}
		if r.has("disabled") {
			c.Disabled = time.Unix(1, 0)
		}
		r.put(c)
	default:
		r.t.Fatalf("line %d: what is %q?", r.line, word)
	}
}

func (r *ruleReader) subject(s string) Subject {
	sub, err := ParseSubject(s)
	if err != nil {
		r.t.Fatalf("line %d: %v", r.line, err)
	}
	return sub
}
