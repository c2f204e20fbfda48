package claims

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// bodies is the organisation with boards that view their own members: bo is
// on delft's board, dora and bo's predecessor are delft's members, nell
// netcom's.
func bodies(t testing.TB, more ...Intent) *Directory {
	t.Helper()
	return built(t, join(
		[]Intent{member("dora"), member("nell"), member("past")},
		[]Intent{
			Affiliate{Affiliation{ID: "f-dora", Member: "dora", Object: "delft", Kind: "member"}},
			Affiliate{Affiliation{ID: "f-nell", Member: "nell", Object: "netcom", Kind: "member"}},
			AddGrant{Grant{ID: "g-view", At: "core-people", Subject: must(ParseSubject("aff:@body#board")), Right: "view"}},
			EditProfile{Profile{Member: "dora", Nickname: "Do", Birthdate: "1990-01-02", Gender: "hers", Phone: "+31151234567", Address: Address{Locality: "Delft"}}},
			SetPaid{Member: "dora", PaidUntil: noon.Add(-time.Hour), GraceUntil: noon.Add(time.Hour)},
			GiveAward{Award{ID: "a-dora", Badge: "laser-1", Member: "dora", Evidence: "saw her"}},
			GiveAward{Award{ID: "a-dora-old", Badge: "bandsaw", Member: "dora", On: noon.AddDate(-1, 0, 0), Expires: noon.AddDate(0, -1, 0), Method: MethodImport}},
			BindCredential{Credential{ID: "card-dora", Member: "dora", Kind: "uid", Lookup: "hash-of-the-card", Sealed: "sealed-card"}},
			IssuePass{WiFiPass{ID: "w-dora", Member: "dora", Login: "dora.phone", Verifier: "proof-of-the-pass"}},
			Waive{Waiver{ID: "wv-dora", Gate: "gate-laser", Member: "dora", Reason: "broken arm", Expires: noon.AddDate(0, 0, 1)}},
			AddNote{Note{ID: "n-dora", Member: "dora", Text: "keeps keys"}},
		}, more)...)
}

// sightsOf lists whom an actor sees, and how.
func sightsOf(v *View) map[MemberID]Level {
	all := map[MemberID]Level{}
	for r := range v.Members() {
		all[r.Member.ID] = r.Level
	}
	return all
}

func TestR44ABoardSeesItsOwnMembersAndNobodyElses(t *testing.T) {
	d := bodies(t)
	v := See(d, as("bo"), noon)
	want := map[MemberID]Level{"bo": Self, "dora": Seen}
	if got := sightsOf(v); !reflect.DeepEqual(got, want) {
		t.Errorf("bo sees %v, want %v", got, want)
	}
	if r, err := v.Member("dora"); err != nil || r.Member.Username != "dora" {
		t.Errorf("by id: %+v, %v", r, err)
	}
	if _, err := v.Named("dora"); err != nil {
		t.Errorf("by name: %v", err)
	}
	hidden, missing := func(_ Record, err error) error { return err }(v.Member("nell")), func(_ Record, err error) error { return err }(v.Member("ghost"))
	if !errors.Is(hidden, ErrNotFound) || fmt.Sprint(hidden) != fmt.Sprint(missing) {
		t.Errorf("one who is hidden: %v; one who is not there: %v; they must look alike", hidden, missing)
	}
	for text, want := range map[string]int{"do": 1, "nell": 0, "": 2, "+3115": 1, "1990": 0} {
		if got, all := v.Find(text, 0); len(got) != want || all != want {
			t.Errorf("a search for %q finds %d of %d, want %d", text, len(got), all, want)
		}
	}
	roster, err := v.Roster("netcom")
	if err != nil || len(roster) != 0 {
		t.Errorf("netcom's people, to delft's board: %v, %v", roster, err)
	}
	if roster, err = v.Roster("delft"); err != nil || len(roster) != 2 {
		t.Errorf("delft's people, to its board: %v, %v", roster, err)
	}
	if !v.SeesOthers() || See(d, as("dora"), noon).SeesOthers() || See(d, as("ada"), noon).SeesOthers() {
		t.Error("a board sees others; a member of a body and one of none see nobody")
	}
	ended, _ := grow(t, d, operator, EndAffiliation{Member: "dora", Object: "delft", Kind: "member"})
	if _, err := See(ended, as("bo"), noon).Member("dora"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after dora left delft: %v, want ErrNotFound", err)
	}
}

func TestR60TheGuardIsOneForEveryWayIn(t *testing.T) {
	deny := AddGrant{Grant{ID: "deny", At: "dora-node", Subject: must(ParseSubject("user:boss")), Right: "manage", Effect: Deny}}
	node := Define{Location{ID: "dora-node", Parent: "core-people", Slug: "dora", Inherit: true}}
	apart := Define{Location{ID: "dora-node", Parent: "core-people", Slug: "dora"}}
	for name, d := range map[string]*Directory{
		"plain": bodies(t), "a node of one's own": bodies(t, node), "one that inherits nothing": bodies(t, apart), "a deny on one": bodies(t, node, deny),
		"viewed by all":         bodies(t, AddGrant{Grant{ID: "all", At: "core-people", Subject: must(ParseSubject("state:active")), Right: "view"}}),
		"viewed by a member":    bodies(t, node, AddGrant{Grant{ID: "one", At: "dora-node", Subject: must(ParseSubject("user:ada")), Right: "view"}}),
		"people are a body's":   bodies(t).With(Seq{"e", 99}, Location{ID: "core-people", Slug: "people", Open: true, Object: "delft"}),
		"people are not open":   bodies(t, node).With(Seq{"e", 99}, Location{ID: "core-people", Slug: "people"}),
		"a board that overrode": bodies(t, Define{Override{Object: "delft", Kind: "board", Rights: []Slug{"edit"}}}),
		"a suspended board":     bodies(t, SetState{Member: "bo", State: StateSuspended}),
	} {
		for m := range All[Member](d) {
			v := See(d, as(m.ID), noon)
			got := sightsOf(v)
			for other := range All[Member](d) {
				want := Hidden
				for right, level := range map[Slug]Level{"view": Seen, "manage": Managed} {
					dec, err := Decide(d, Ask{Member: m.ID, Right: right, Path: personPath(other.ID), At: noon})
					if err != nil {
						t.Fatal(err)
					}
					if dec.Allow {
						want = max(want, level)
					}
				}
				if m.ID == other.ID {
					want = max(want, Self)
				}
				_, err := v.Member(other.ID)
				matches, _ := v.Find(other.Username, 0)
				found := slices.ContainsFunc(matches, func(r Record) bool { return r.Member.ID == other.ID })
				if got[other.ID] != want || v.Level(other.ID) != want || (err == nil) != (want != Hidden) || found != (want != Hidden) {
					t.Errorf("%s: %s sees %s: listed %v, alone %v, by id %v, found %v; Decide says %v", name, m.ID, other.ID, got[other.ID], v.Level(other.ID), err, found, want)
				}
			}
		}
	}
}

// tells says whether any text in v holds word.
func tells(v any, word string) bool { return strings.Contains(fmt.Sprintf("%+v", v), word) }

func TestEachLevelShowsWhatItMay(t *testing.T) {
	d := bodies(t, Bar{Member: "nell", Reason: "took the till"}, AddGrant{Grant{ID: "net", At: "core-people", Subject: must(ParseSubject("user:bo")), Right: "view"}})
	levels := map[Level]*View{Seen: See(d, as("bo"), noon), Self: See(d, as("dora"), noon), Managed: See(d, as("boss"), noon)}
	for _, c := range []struct {
		what, word string
		from       Level
	}{
		{"username", "dora", Seen}, {"nickname", "Nickname:Do", Seen}, {"telephone", "+3115", Seen}, {"badge", "laser-1", Seen}, {"affiliation", "delft", Seen},
		{"sub", "sub-dora", Self}, {"birthdate", "1990-01-02", Self}, {"gender", "hers", Self}, {"address", "Locality:Delft", Self},
		{"paid until", "2025-06-01 11:00:00", Self}, {"days of grace", "State:grace", Self}, {"an ended badge", "bandsaw", Self}, {"evidence", "saw her", Self},
		{"card", "card-dora", Self}, {"WiFi pass", "dora.phone", Self}, {"waiver", "wv-dora", Self}, {"why a waiver was given", "broken arm", Managed},
		{"what opens a door", "hash-of-the-card", Managed + 1}, {"a card's number", "sealed-card", Managed + 1},
		{"what proves a pass", "proof-of-the-pass", Managed + 1}, {"note", "keeps keys", Managed + 1},
	} {
		for level, v := range levels {
			r, err := v.Member("dora")
			if err != nil || r.Level != level {
				t.Fatalf("%v: %v, seen as %v", level, err, r.Level)
			}
			if got, want := tells(r, c.word), level >= c.from; got != want {
				t.Errorf("%v shows %s: %v, want %v", level, c.what, got, want)
			}
		}
	}
	if r, _ := levels[Seen].Member("dora"); r.State != StateActive || r.Member.State != StateActive {
		t.Errorf("days of grace show as %v to who may view", r.State)
	}
	for level, v := range map[Level]*View{Seen: levels[Seen], Self: See(d, as("nell"), noon), Managed: levels[Managed]} {
		r, err := v.Member("nell")
		if err != nil || r.Barred != (level >= Self) || tells(r, "till") != (level == Managed) || tells(r, "operator:root") != (level == Managed) && level == Seen {
			t.Errorf("%v of one who is barred: %+v, %v", level, r, err)
		}
	}
}

func TestWhoMayGiveABadgeKnowsWhoHasIt(t *testing.T) {
	d := bodies(t)
	for by, want := range map[Actor]int{as("tom"): 1, as("boss"): 1, as("bo"): 1, as("ada"): 0, operator: 1} {
		list, err := See(d, by, noon).Holders("laser-1")
		if err != nil || len(list) != want {
			t.Errorf("%v: %+v, %v; want %d", by, list, err, want)
			continue
		}
		if want == 1 && (list[0].Note == "") != (by == as("bo")) {
			t.Errorf("%v: evidence %q", by, list[0].Note)
		}
	}
	if _, err := See(d, operator, noon).Holders("ghost"); !errors.Is(err, ErrNotFound) {
		t.Errorf("holders of no badge: %v", err)
	}
	trainer := See(d, as("tom"), noon)
	if id, err := trainer.Pick("dora", "award", "/badges/laser-1"); id != "dora" || err != nil {
		t.Errorf("a trainer names dora: %q, %v", id, err)
	}
	if _, err := trainer.Pick("dora", "award", "/badges/bandsaw"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a trainer of something else names dora: %v", err)
	}
	if tagged, err := See(d, as("ada"), noon).Tagged("admin"); err != nil || len(tagged) != 0 {
		t.Errorf("administrators, to ada: %v, %v", tagged, err)
	}
	if tagged, err := See(d, as("boss"), noon).Tagged("admin"); err != nil || len(tagged) != 1 {
		t.Errorf("administrators, to one: %v, %v", tagged, err)
	}
}

func TestWhoRegistersAnApplicationSeesItAndNoOther(t *testing.T) {
	app := func(id ClientID) Intent {
		return Define{Client{ID: id, Name: "The " + string(id), Auth: AuthBasic, GrantTypes: []string{grantClient}, Secrets: []Secret{{SHA256: strings.Repeat("a", 64)}}}}
	}
	d := built(t, app("other"), AddGrant{Grant{ID: "reg", At: "core-apps", Subject: must(ParseSubject("user:ada")), Right: "register"}})
	d, _ = grow(t, d, as("ada"), app("mine"))
	for by, want := range map[Actor]string{as("ada"): "[mine]", as("tom"): "[]", as("boss"): "[mine other]"} {
		ids := []ClientID{}
		for _, c := range See(d, by, noon).Clients() {
			if ids = append(ids, c.ID); c.Secrets[0].SHA256 != "" {
				t.Errorf("%v sees a secret of %s", by, c.ID)
			}
		}
		if fmt.Sprint(ids) != want {
			t.Errorf("%v sees %v, want %s", by, ids, want)
		}
		_, err := See(d, by, noon).Client("other")
		if (err == nil) != strings.Contains(want, "other") {
			t.Errorf("%v, other by its id: %v", by, err)
		}
	}
}

func TestNobodyAtAllSeesNobody(t *testing.T) {
	d := bodies(t, AddGrant{Grant{ID: "all", At: "core-people", Subject: must(ParseSubject("everyone")), Right: "view"}})
	for _, by := range []Actor{{}, {Kind: ActorMember}, {Kind: ActorMember, ID: "ghost"}, {Kind: ActorClient, ID: "ghost"}, {Kind: ActorDevice, ID: "ghost"}, {Kind: "root", ID: "ada"}, {Kind: ActorSystem}} {
		if got := sightsOf(See(d, by, noon)); len(got) != 0 {
			t.Errorf("%+v sees %v", by, got)
		}
	}
	if got := sightsOf(See(d, as("out"), noon)); len(got) != 1 || got["out"] != Self {
		t.Errorf("one who left sees %v, want themself", got)
	}
}

func TestWhatIsLeftOfTheErasedIsTheOperators(t *testing.T) {
	d := bodies(t).With(Seq{"e", 99}, Member{ID: "dora", Sub: "sub-dora", State: StateLeft, ErasedAt: noon})
	if got := sightsOf(See(d, as("boss"), noon)); got["dora"] != Hidden {
		t.Errorf("an administrator sees dora as %v", got["dora"])
	}
	if _, err := See(d, operator, noon).Member("dora"); err != nil {
		t.Errorf("the operator: %v", err)
	}
}
