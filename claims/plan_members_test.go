package claims

import (
	"slices"
	"testing"
	"time"
)

func TestMembersAreHeldToTheirForm(t *testing.T) {
	d := built(t, IssuePass{WiFiPass{ID: "w", Member: "ada", Login: "ada.phone", Verifier: "v"}},
		AddMember{Member{ID: "eve", Sub: "sub-eve", Username: "eve", Email: "Eve@example.org", EmailOK: true}})
	add := func(change func(*Member)) Intent {
		m := Member{ID: "n", Sub: "sub-n", Username: "n"}
		change(&m)
		return AddMember{m}
	}
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "UUIDv7", add(func(m *Member) { m.ID = "" })},
		{"an id that is no part of a path", ErrInvalid, "id", "/people/MEMBER", add(func(m *Member) { m.ID = "A/B" })},
		{"an id that is there", ErrConflict, "", "there is a member ada", add(func(m *Member) { m.ID = "ada" })},
		{"no sub", ErrInvalid, "sub", "1 to 255", add(func(m *Member) { m.Sub = "" })},
		{"a sub that is there", ErrConflict, "", "never reused", add(func(m *Member) { m.Sub = "sub-ada" })},
		{"no username", ErrInvalid, "username", "1 to 63", add(func(m *Member) { m.Username = "" })},
		{"a username with a space", ErrInvalid, "username", "only a-z", add(func(m *Member) { m.Username = "a b" })},
		{"a username with a leading dot", ErrInvalid, "username", "starting with", add(func(m *Member) { m.Username = ".a" })},
		{"a username that is there", ErrConflict, "", "somebody else's", add(func(m *Member) { m.Username = "ADA" })},
		{"a pass's login", ErrConflict, "", "WiFi pass", add(func(m *Member) { m.Username = "ada.phone" })},
		{"a former name that is there", ErrConflict, "", "somebody else's", add(func(m *Member) { m.Former = []string{"ada"} })},
		{"grace", ErrInvalid, "state", "grace comes from the dates", add(func(m *Member) { m.State = StateGrace })},
		{"a state there isn't", ErrInvalid, "state", "guest, pending", add(func(m *Member) { m.State = "asleep" })},
		{"set by chance", ErrInvalid, "by", "billing, admin", add(func(m *Member) { m.SetBy = "chance" })},
		{"barred from the start", ErrInvalid, "barred_at", "opened first", add(func(m *Member) { m.BarredAt = noon })},
		{"grace without paying", ErrInvalid, "grace_until", "paid_until", add(func(m *Member) { m.GraceUntil = noon })},
		{"no address", ErrInvalid, "email", "no address", add(func(m *Member) { m.Email = "ada" })},
		{"two lines of address", ErrInvalid, "email", "no address", add(func(m *Member) { m.Email = "a@b\nBcc: c@d" })},
		{"nothing verified", ErrInvalid, "email", "cannot be verified", add(func(m *Member) { m.EmailOK = true })},
		{"somebody's verified address", ErrConflict, "", "verified for somebody else", add(func(m *Member) { m.Email, m.EmailOK = "eve@EXAMPLE.org", true })},
		{"no language", ErrInvalid, "locale", "nl or en-GB", add(func(m *Member) { m.Locale = "en_GB" })},
		{"two lines of name", ErrInvalid, "name", "one line", add(func(m *Member) { m.Name = "a\nb" })},
	})
	grow(t, d, operator, add(func(m *Member) { m.Email = "eve@example.org" }))
	_, planned := grow(t, d, operator, add(func(m *Member) { m.Username = "New.Name" }))
	if m := planned.Facts[0].(Member); m.Username != "new.name" || m.State != StatePending || m.SetBy != "admin" {
		t.Errorf("a new member is %+v; want the name folded, pending, by admin", m)
	}
}

func TestARenameKeepsTheOldNameReserved(t *testing.T) {
	d := built(t)
	d, _ = grow(t, d, operator, EditMember{Member{ID: "ada", Username: "Countess", Name: "Ada L."}})
	m, _ := Get[Member](d, "ada")
	if m.Username != "countess" || !slices.Equal(m.Former, []string{"ada"}) || m.State != StateActive || m.Sub != "sub-ada" {
		t.Errorf("renamed: %+v; want countess, once ada, all else as it was", m)
	}
	refused(t, d, operator, ErrConflict, "", "is, or was, somebody else's", AddMember{Member{ID: "n", Sub: "sub-n", Username: "ada"}})
	refused(t, d, operator, ErrConflict, "", "is, or was, somebody else's", EditMember{Member{ID: "bo", Username: "Ada"}})
	d, _ = grow(t, d, operator, EditMember{Member{ID: "ada", Username: "ada"}})
	if m, _ := Get[Member](d, "ada"); !slices.Equal(m.Former, []string{"countess"}) {
		t.Errorf("back again: once %v, want once countess", m.Former)
	}
}

func TestMembersEditThemselvesButNotWhatTheyMustProve(t *testing.T) {
	d := built(t)
	d, _ = grow(t, d, as("ada"), EditMember{Member{ID: "ada", Username: "ada", Name: "Ada", Locale: "en-GB", Email: "ada@example.org"}})
	refused(t, d, as("ada"), ErrDenied, "manage", "/people/ada", EditMember{Member{ID: "ada", Username: "boss2"}})
	refused(t, d, as("ada"), ErrDenied, "manage", "/people/ada", EditMember{Member{ID: "ada", Username: "ada", Email: "ada@example.org", EmailOK: true}})
	d, _ = grow(t, d, operator, EditMember{Member{ID: "ada", Username: "ada", Email: "ada@example.org", EmailOK: true}})
	grow(t, d, as("ada"), EditMember{Member{ID: "ada", Username: "ada", Name: "Ada L.", Email: "ada@example.org", EmailOK: true}})
	refused(t, d, as("ada"), ErrDenied, "manage", "/people/ada", EditMember{Member{ID: "ada", Username: "ada", Email: "eve@example.org", EmailOK: true}})
	refused(t, d, operator, ErrNotFound, "", "member", EditMember{Member{ID: "x", Username: "x"}})
}

func TestABatchKnowsTheAddressesItVerified(t *testing.T) {
	add := func(id MemberID) Intent {
		return AddMember{Member{ID: id, Sub: string(id), Username: string(id), Email: "a@example.org", EmailOK: true}}
	}
	edit := func(id MemberID, ok bool) Intent {
		return EditMember{Member{ID: id, Username: string(id), Email: "a@example.org", EmailOK: ok}}
	}
	refused(t, core(), operator, ErrConflict, "", "verified for somebody else", add("a"), add("b"))
	grow(t, core(), operator, add("a"), edit("a", false), add("b"))
	refused(t, core(), operator, ErrConflict, "", "verified for somebody else", add("a"), edit("a", false), add("b"), edit("a", true))
}

func TestPayingAndBillingNeverTouchTheState(t *testing.T) {
	d := built(t, SetState{Member: "ada", State: StateSuspended, By: "admin"})
	d, planned := grow(t, d, operator, SetPaid{Member: "ada", PaidUntil: noon.AddDate(1, 0, 0), GraceUntil: noon.AddDate(1, 1, 0)})
	if m := planned.Facts[0].(Member); m.State != StateSuspended || m.SetBy != "admin" {
		t.Errorf("paying turned the state to %s by %s", m.State, m.SetBy)
	}
	refused(t, d, operator, ErrDenied, "manage", "billing does not lift", SetState{Member: "ada", State: StateActive, By: "billing"})
	refuseAll(t, d, []refusal{
		{"grace", ErrInvalid, "state", "grace comes from the dates", SetState{Member: "ada", State: StateGrace}},
		{"set by chance", ErrInvalid, "by", "billing, admin", SetState{Member: "ada", State: StateActive, By: "chance"}},
		{"nobody", ErrNotFound, "", "member", SetState{Member: "x", State: StateActive}},
		{"paying for nobody", ErrNotFound, "", "member", SetPaid{Member: "x"}},
		{"grace without paying", ErrInvalid, "grace_until", "paid_until", SetPaid{Member: "ada", GraceUntil: noon}},
		{"bar nobody", ErrNotFound, "", "member", Bar{Member: "x"}},
		{"no text", ErrInvalid, "reason", "control", Bar{Member: "ada", Reason: "\x00"}},
	})
	d, _ = grow(t, d, as("boss"), Bar{Member: "ada", Reason: "theft"})
	if m, _ := Get[Member](d, "ada"); m.BarredAt != noon || m.BarredBy != "member:boss" || m.BarReason != "theft" {
		t.Errorf("barred: %+v", m)
	}
	d, _ = grow(t, d, operator, Unbar{Member: "ada"})
	if m, _ := Get[Member](d, "ada"); !m.BarredAt.IsZero() || m.BarredBy != "" || m.BarReason != "" {
		t.Errorf("let back: %+v", m)
	}
}

func TestCardsAreLiveForOneMember(t *testing.T) {
	bind := func(id ID, m MemberID, lookup string) Intent {
		return BindCredential{Credential{ID: id, Member: m, Kind: "uid", Lookup: lookup, Sealed: "v1.x"}}
	}
	d := built(t, bind("c1", "ada", "h1"))
	refuseAll(t, d, []refusal{
		{"somebody else's", ErrConflict, "", "somebody else's", bind("c2", "bo", "h1")},
		{"an id that is there", ErrConflict, "", "is another", bind("c1", "ada", "h2")},
		{"no hash", ErrInvalid, "lookup", "keyed hash", bind("c2", "ada", "")},
		{"no such member", ErrNotFound, "", "member", bind("c2", "x", "h2")},
		{"an odd sort", ErrInvalid, "kind", "uid or a pin", BindCredential{Credential{ID: "c2", Member: "ada", Kind: "face", Lookup: "h", Sealed: "s"}}},
		{"bound lost", ErrInvalid, "status", "bound active", BindCredential{Credential{ID: "c2", Member: "ada", Kind: "uid", Lookup: "h", Sealed: "s", Status: CredentialLost}}},
		{"that has ended", ErrInvalid, "expires", "passed", BindCredential{Credential{ID: "c2", Member: "ada", Kind: "uid", Lookup: "h", Sealed: "s", Expires: noon}}},
		{"no such card", ErrNotFound, "", "card", SetCredential{"x", CredentialLost}},
		{"no such status", ErrInvalid, "status", "none of", SetCredential{"c1", "eaten"}},
	})
	lost, _ := grow(t, d, as("ada"), SetCredential{"c1", CredentialLost})
	found, _ := grow(t, lost, operator, bind("c2", "bo", "h1"))
	refused(t, found, operator, ErrConflict, "", "bound again since, as c2", SetCredential{"c1", CredentialActive})
	grow(t, lost, operator, SetCredential{"c1", CredentialActive})
	gone, _ := grow(t, d, operator, Remove{Key: Key{EntityCredential, "c1"}})
	refused(t, gone, operator, ErrConflict, "", "for good", SetCredential{"c1", CredentialActive})
	grow(t, gone, operator, bind("c3", "ada", "h1"))
}

func TestPassesHaveALoginOfTheirOwn(t *testing.T) {
	issue := func(id ID, m MemberID, login string) Intent {
		return IssuePass{WiFiPass{ID: id, Member: m, Login: login, Verifier: "v", Expires: noon.AddDate(0, 0, 9)}}
	}
	d := built(t, issue("w1", "ada", "Ada.Phone"))
	if w, ok := d.PassByLogin("ada.phone"); !ok || w.Created != noon {
		t.Errorf("the pass is %+v; want ada.phone, made now", w)
	}
	refuseAll(t, d, []refusal{
		{"an odd login", ErrInvalid, "login", "as alice.phone", issue("w2", "ada", "ada phone")},
		{"her own again", ErrConflict, "", "choose another", issue("w2", "ada", "ada.phone")},
		{"somebody else's", ErrConflict, "", "somebody else's", issue("w2", "bo", "ada.phone")},
		{"somebody else's username", ErrConflict, "", "username", issue("w2", "bo", "ada")},
		{"an id that is there", ErrConflict, "", "there already", issue("w1", "ada", "ada.tablet")},
		{"no such member", ErrNotFound, "", "member", issue("w2", "x", "x.phone")},
		{"no secret", ErrInvalid, "verifier", "is empty", IssuePass{WiFiPass{ID: "w2", Member: "ada", Login: "a.b"}}},
		{"no such pass", ErrNotFound, "", "WiFi pass", RevokePass{"x"}},
	})
	refused(t, d, as("bo"), ErrDenied, "manage", "/people/ada", RevokePass{"w1"})
	d, _ = grow(t, d, as("ada"), RevokePass{"w1"})
	if w, _ := Get[WiFiPass](d, "w1"); w.Revoked != noon {
		t.Errorf("revoked: %+v", w)
	}
	grow(t, d, as("ada"), issue("w2", "ada", "ada.phone"))
	refused(t, d, operator, ErrConflict, "", "somebody else's", issue("w2", "bo", "ada.phone"))
}

// TestErasedMembersTakeNothingNew shows that a tombstone stays empty.
func TestErasedMembersTakeNothingNew(t *testing.T) {
	d := built(t)
	m, _ := Get[Member](d, "ada")
	d = d.With(Seq{"e", 99}, Member{ID: "ada", Sub: m.Sub, State: StateLeft, ErasedAt: noon.Add(-time.Hour)})
	for _, in := range []Intent{
		GiveAward{Award{ID: "n", Badge: "bandsaw", Member: "ada"}}, EditMember{Member{ID: "ada", Username: "ada"}},
		SetPaid{Member: "ada", PaidUntil: noon}, IssuePass{WiFiPass{ID: "n", Member: "ada", Login: "x.y", Verifier: "v"}},
		Affiliate{Affiliation{ID: "n", Member: "ada", Object: "delft", Kind: "member"}},
	} {
		refused(t, d, operator, ErrConflict, "", "was erased", in)
	}
}
