package storetest

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

var eraseTests = []test{
	{"NoTableKeepsWhatWasPersonal", nothingPersonalIsLeft},
	{"ThePastIsReplayedAsItWas", replayedAfterErasure},
	{"OthersKeepEverything", othersKeepTheirs},
	{"AnotherProcessForgetsToo", otherProcessForgets},
	{"EveryFactAboutAMemberIsFound", everyFactIsFound},
}

// marked is what stands in every personal text of the one who is erased.
const marked = "Xanthippe"

// peopled is a store with the real planner and two members of whom everything
// is known: xan, whose texts are marked, and bo.
func peopled(w *world) *peopleStore {
	cfg := w.config()
	cfg.Plan = nil
	s := &peopleStore{w.with(cfg)}
	w.ok(s.Install(w.Context(), claims.Core(noon)))
	s.do(w,
		claims.Define{Fact: claims.Location{ID: "space", Slug: "space"}}, claims.Define{Fact: claims.Application{Slug: "space", Root: "space"}},
		claims.Define{Fact: claims.Right{At: "space", Slug: "unlock"}}, claims.Define{Fact: claims.Tag{Slug: "day"}},
		claims.Define{Fact: claims.Badge{Slug: "laser", Name: "Laser", Description: "x", Earn: "x", Mode: claims.BadgeManual}},
		claims.Define{Fact: claims.ObjectType{Slug: "body"}}, claims.Define{Fact: claims.Kind{Type: "body", Slug: "member", Parent: "default"}},
		claims.Define{Fact: claims.Object{Slug: "delft", Type: "body"}},
		claims.Define{Fact: claims.Client{ID: "wiki", Name: "Wiki", Auth: claims.AuthNone, GrantTypes: []string{"authorization_code"}, RedirectURIs: []string{"https://wiki.example/cb"}, Scopes: []string{"openid"}}},
		claims.AddGate{Gate: claims.Gate{ID: "gate", At: "space", Right: "unlock", AnyOf: []claims.Slug{"laser"}}},
		claims.AddGrant{Grant: claims.Grant{ID: "all", At: "space", Right: "unlock", Subject: claims.Subject{Kind: claims.SubjectTag, ID: "day"}}})
	for id, text := range map[claims.MemberID]string{"m-x": marked, "m-bo": "Boris"} {
		s.do(w, everythingOf(id, text)...)
		// states that are gone by the time of the erasure, but are in the log
		s.do(w, claims.EditProfile{Profile: claims.Profile{Member: id, Nickname: text + " the Second"}},
			claims.EditMember{Member: claims.Member{ID: id, Username: strings.ToLower(text) + ".b", Name: text + " B"}},
			claims.Define{Fact: claims.Alias{Client: "wiki", Member: id, Username: text + " of late"}}, claims.RemoveNote{Note: claims.ID("note-" + id)})
		s.keep(w, id, text)
	}
	return s
}

// peopleStore is a store whose changes an operator makes.
type peopleStore struct{ *store.Store }

func (s *peopleStore) do(w *world, intents ...claims.Intent) {
	w.Helper()
	_, err := s.Change(w.Context(), claims.Actor{Kind: claims.ActorOperator, ID: "op"}, "", intents...)
	w.ok(err)
}

// everythingOf is whatever a member may have, with a text of theirs in it.
func everythingOf(id claims.MemberID, text string) []claims.Intent {
	name, own := strings.ToLower(text), func(kind string) claims.ID { return claims.ID(kind + "-" + string(id)) }
	return []claims.Intent{
		claims.AddMember{Member: claims.Member{ID: id, Sub: "sub-" + string(id), Username: name, Name: text, GivenName: text, FamilyName: text,
			Email: name + "@example.org", EmailOK: true, State: claims.StateActive}},
		claims.EditProfile{Profile: claims.Profile{Member: id, Nickname: text, Page: "https://example.org/" + text, Gender: text, Address: claims.Address{Street: text}}},
		claims.GiveAward{Award: claims.Award{ID: own("award"), Badge: "laser", Member: id, Evidence: "saw " + text}},
		claims.Assign{Assignment: claims.Assignment{ID: own("tag"), Tag: "day", TargetID: string(id)}},
		claims.Affiliate{Affiliation: claims.Affiliation{ID: own("aff"), Member: id, Object: "delft", Kind: "member", Title: "the " + text}},
		claims.BindCredential{Credential: claims.Credential{ID: own("card"), Member: id, Kind: "uid", Label: text, Lookup: "lookup " + text, Sealed: "sealed " + text}},
		claims.IssuePass{Pass: claims.WiFiPass{ID: own("pass"), Member: id, Login: name + ".phone", Verifier: "proof of " + text}},
		claims.Waive{Waiver: claims.Waiver{ID: own("waiver"), Gate: "gate", Member: id, Reason: "for " + text, Expires: noon.AddDate(1, 0, 0)}},
		claims.Define{Fact: claims.Alias{Client: "wiki", Member: id, Username: text + " of old"}},
		claims.AddNote{Note: claims.Note{ID: own("note"), Member: id, Text: "about " + text}},
		claims.AddNote{Note: claims.Note{ID: own("note2"), Member: id, Text: "more about " + text}},
		claims.Define{Fact: claims.Location{ID: claims.LocationID(own("node")), Parent: "core-people", Slug: claims.Slug(id), Inherit: true, Name: text}},
		claims.AddGrant{Grant: claims.Grant{ID: own("grant"), At: "space", Right: "unlock", Subject: claims.Subject{Kind: claims.SubjectUser, ID: string(id)}, Reason: text}},
		claims.Bar{Member: id, Reason: "what " + text + " did"}, claims.Unbar{Member: id},
	}
}

// keep puts in what is kept of a member beside facts.
func (s *peopleStore) keep(w *world, id claims.MemberID, text string) {
	ctx := w.Context()
	w.ok(s.CreateSession(ctx, record.Session{ID: "session-" + string(id), Member: id, Created: noon, Seen: noon, Expires: noon.AddDate(1, 0, 0), Agent: "Browser of " + text, Address: "192.0.2.1"}))
	w.ok(s.SetPassword(ctx, record.Password{Member: id, PHC: "$argon2id$" + text, Changed: noon}))
	w.ok(s.CreateLink(ctx, record.Link{ID: "link-" + string(id), Purpose: "password", Member: id, Created: noon, Expires: noon.AddDate(1, 0, 0)}))
	w.ok(s.SetConsent(ctx, record.Consent{Member: id, Client: "wiki", At: noon}))
	w.ok(s.QueueMail(ctx, record.Mail{ID: "mail-" + string(id), Kind: record.MailNewBrowser, Member: id, Address: strings.ToLower(text) + "@example.org", Sealed: "sealed " + text, Created: noon, Due: noon}))
	w.ok(s.AccessEvent(ctx, record.Event{At: noon, Front: "door", Member: id, Allow: true}))
	g := code("grant-" + string(id))
	g.Member, g.Session = id, "session-"+string(id)
	w.ok(s.CreateGrant(ctx, g))
}

// nothingPersonalIsLeft looks through every row of every table.
func nothingPersonalIsLeft(w *world) {
	s := peopled(w)
	if n := len(rowsWith(w, marked)); n < 20 {
		w.Fatalf("before, %d rows tell of her: the test is about less than it seems", n)
	}
	s.do(w, claims.Erase{Member: "m-x", Reason: "asked"})
	for _, row := range rowsWith(w, marked) {
		w.Errorf("left: %s", row)
	}
	for _, row := range rowsWith(w, "192.0.2.1") {
		if !strings.Contains(row, "m-bo") {
			w.Errorf("left of her sign-in: %s", row)
		}
	}
	again := w.process().Directory()
	m, ok := claims.Get[claims.Member](again, "m-x")
	if !ok || m.Sub != "sub-m-x" || m.ErasedAt.IsZero() {
		w.Errorf("the tombstone is %+v", m)
	}
	if _, taken := again.UsernameTaken(marked); !taken {
		w.Error("her first username is free again")
	}
	for _, name := range []string{" OF OLD", " of late"} {
		cfg := w.config()
		cfg.Plan = nil
		_, err := w.with(cfg).Change(w.Context(), claims.Actor{Kind: claims.ActorOperator, ID: "op"}, "", claims.Define{Fact: claims.Alias{Client: "wiki", Member: "m-bo", Username: marked + name}})
		if !errors.Is(err, claims.ErrConflict) {
			w.Errorf("another is called what she was by the wiki: %v, want ErrConflict", err)
		}
	}
	if _, err := s.Session(w.Context(), "session-m-x"); err == nil {
		w.Error("her sign-in goes on")
	}
	if g, err := s.Grant(w.Context(), "grant-m-x"); err != nil || g.Ended.IsZero() {
		w.Errorf("her grant goes on: %+v, %v", g, err)
	}
	if events, err := s.EventsOf(w.Context(), "m-x", 9); err != nil || len(events) != 0 {
		w.Errorf("where she went: %v, %v", events, err)
	}
}

func replayedAfterErasure(w *world) {
	s := peopled(w)
	ask := claims.Ask{Member: "m-x", Right: "unlock", Place: "space", At: noon}
	was, err := claims.Decide(s.Directory(), ask)
	w.ok(err)
	w.Move(time.Hour)
	s.do(w, claims.Erase{Member: "m-x", Reason: "asked"})
	for at, want := range map[time.Time]bool{noon: true, w.Now(): false} {
		d, err := s.AsOf(w.Context(), at)
		w.ok(err)
		dec, err := claims.Decide(d, ask)
		if err != nil || dec.Allow != want || want && (dec.Reason != was.Reason || !dec.Until.Equal(was.Until)) {
			w.Errorf("as of %v: %+v, %v; want allow %t, as it was: %+v", at, dec, err, want, was)
		}
		if text := fmt.Sprintf("%+v", claims.About(d, "m-x")); strings.Contains(strings.ToLower(text), strings.ToLower(marked)) {
			w.Errorf("as of %v it tells of her: %s", at, text)
		}
	}
	log, err := s.Changes(w.Context(), claims.Seq{}, 1_000_000)
	w.ok(err)
	if uint64(len(log)) != s.Directory().Seq().N {
		w.Errorf("the log has %d changes, want %d: erasure takes none away", len(log), s.Directory().Seq().N)
	}
}

func othersKeepTheirs(w *world) {
	s := peopled(w)
	before := rowsWith(w, "boris")
	s.do(w, claims.Erase{Member: "m-x", Reason: "asked"})
	after := rowsWith(w, "boris")
	if len(before) < 20 || strings.Join(before, "\n") != strings.Join(after, "\n") {
		w.Errorf("of another there were %d rows and are %d, or they changed", len(before), len(after))
	}
	if _, err := s.Session(w.Context(), "session-m-bo"); err != nil {
		w.Errorf("another's sign-in: %v", err)
	}
}

func otherProcessForgets(w *world) {
	s, other := peopled(w), w.process()
	s.do(w, claims.Erase{Member: "m-x", Reason: "asked"})
	w.soon("the other process", func() bool {
		return !strings.Contains(fmt.Sprintf("%+v", claims.About(other.Directory(), "m-x")), marked)
	})
}

// everyFactIsFound is for whoever adds a fact that concerns members: erasure
// must find it.
func everyFactIsFound(w *world) {
	for _, zero := range everyFact {
		f := factOf(filled(any(zero)))
		if _, due := f.(claims.Due); due || len(f.Concerns()) == 0 {
			continue // a Due names members and tells nothing of them
		}
		d := claims.NewDirectory(claims.Seq{}).With(claims.Seq{N: 1}, f)
		if !slices.ContainsFunc(claims.About(d, f.Concerns()[0]), func(about claims.Fact) bool { return about.Key() == f.Key() }) {
			w.Errorf("claims.About does not find %v", f.Key())
		}
		for name, text := range freeTexts(claims.Emptied(f)) {
			w.Errorf("claims.Emptied leaves %s of %v: %q", name, f.Key(), text)
		}
	}
}

// freeTexts lists the fields of a filled fact that hold text which is neither
// an id nor a word of ours.
func freeTexts(f claims.Fact) map[string]string {
	harmless := []string{"ID", "Sub", "State", "SetBy", "Member", "Tag", "Target", "TargetID", "AssignedBy", "RemovedBy", "Badge", "AwardedBy", "RevokedBy", "SupersededBy",
		"Method", "Object", "Kind", "GrantedBy", "Gate", "By", "Status", "BarredBy", "VLE", "LinkedBy", "Requirement", "RecordedBy", "Outcome", "Period", "Thing", "Client"}
	left := map[string]string{}
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if v.Field(i).Kind() == reflect.String && v.Field(i).String() != "" && !slices.Contains(harmless, name) {
			left[name] = v.Field(i).String()
		}
	}
	return left
}

// rowsWith returns the rows of whatever table that hold a text, in any case.
func rowsWith(w *world, text string) []string {
	w.Helper()
	driver, dsn, tables := "pgx", w.url, "select table_name from information_schema.tables where table_schema = current_schema() order by 1"
	if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
		driver, dsn, tables = "sqlite", path, "select name from sqlite_master where type = 'table' order by 1"
	}
	db, err := sql.Open(driver, dsn)
	w.ok(err)
	defer db.Close()
	var found []string
	for _, name := range allRows(w, db, tables) {
		for _, row := range allRows(w, db, "select * from "+name) {
			if strings.Contains(strings.ToLower(row), strings.ToLower(text)) {
				found = append(found, name+": "+row)
			}
		}
	}
	return found
}

// allRows returns what a query answers, a text a row.
func allRows(w *world, db *sql.DB, query string) []string {
	w.Helper()
	rows, err := db.QueryContext(w.Context(), query)
	w.ok(err)
	defer rows.Close()
	columns, err := rows.Columns()
	w.ok(err)
	var all []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		w.ok(rows.Scan(into...))
		var cells []string
		for _, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			cells = append(cells, fmt.Sprint(v))
		}
		all = append(all, strings.Join(cells, " "))
	}
	w.ok(rows.Err())
	return all
}
