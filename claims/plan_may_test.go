package claims

import (
	"testing"
	"time"
)

// attempt is an intent and who may, and may not, have it.
type attempt struct {
	name     string
	intent   Intent
	may      []MemberID
	refused  map[MemberID]Slug // and the right they lack
	anywhere string            // part of the refusal's text
}

// TestWhoMayWriteWhat is the table of plan_may.go: boss is an administrator,
// tom holds award at /badges/laser-1, bo is on delft's board and may affiliate
// there, gil may grant at /space/workshop and holds operate there, ada is a
// member and may do nothing.
func TestWhoMayWriteWhat(t *testing.T) {
	d := built(t, member("gil"),
		AddGrant{Grant{ID: "gil", At: "workshop", Subject: must(ParseSubject("user:gil")), Right: "grant"}},
		AddGrant{Grant{ID: "to-end", At: "workshop", Subject: must(ParseSubject("user:ada")), Right: "maintain"}},
		AddGrant{Grant{ID: "to-end-2", At: "workshop", Subject: must(ParseSubject("user:tom")), Right: "operate"}},
		GiveAward{Award{ID: "had", Badge: "laser-1", Member: "bo"}},
		Lock{Lockdown{ID: "shut", At: "door"}},
		BindCredential{Credential{ID: "card", Member: "ada", Kind: "uid", Lookup: "h", Sealed: "s"}})
	nobody := func(right Slug) map[MemberID]Slug { return map[MemberID]Slug{"ada": right, "out": right} }
	boss := []MemberID{"boss"}
	grant := func(right Slug) Intent {
		return AddGrant{Grant{ID: "n", At: "laser", Subject: must(ParseSubject("user:ada")), Right: right}}
	}
	tries := []attempt{
		{"award", GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada"}}, []MemberID{"boss", "tom"}, map[MemberID]Slug{"bo": "award", "gil": "award"}, "/badges/laser-1"},
		{"award another", GiveAward{Award{ID: "n", Badge: "bandsaw", Member: "ada"}}, boss, map[MemberID]Slug{"tom": "award"}, "/badges/bandsaw"},
		{"revoke", RevokeAward{Badge: "laser-1", Member: "bo"}, []MemberID{"boss", "tom"}, nobody("award"), ""},
		{"assign", Assign{Assignment{ID: "n", Tag: "day-member", TargetID: "ada"}}, boss, nobody("assign"), "/tags/day-member"},
		{"unassign", Unassign{Tag: "admin", TargetID: "boss"}, boss, nobody("assign"), "/tags/admin"},
		{"affiliate", Affiliate{Affiliation{ID: "n", Member: "ada", Object: "delft", Kind: "member"}}, []MemberID{"boss", "bo"}, nobody("affiliate"), ""},
		{"affiliate elsewhere", Affiliate{Affiliation{ID: "n", Member: "ada", Object: "netcom", Kind: "member"}}, boss, map[MemberID]Slug{"bo": "affiliate"}, "/bodies/netcom"},
		{"affiliate to nowhere", Affiliate{Affiliation{ID: "n", Member: "ada", Object: "homeless", Kind: "member"}}, boss, map[MemberID]Slug{"bo": "affiliate"}, "/objects/homeless"},
		{"end an affiliation", EndAffiliation{Member: "bo", Object: "delft", Kind: "board"}, []MemberID{"boss", "bo"}, nobody("affiliate"), ""},
		{"grant what one holds", grant("operate"), boss, map[MemberID]Slug{"gil": "operate", "ada": "grant"}, ""},
		{"grant above the gate", AddGrant{Grant{ID: "n", At: "workshop", Subject: must(ParseSubject("user:ada")), Right: "operate"}}, []MemberID{"boss", "gil"}, nobody("grant"), ""},
		{"grant what one lacks", grant("maintain"), boss, map[MemberID]Slug{"gil": "maintain"}, "don't hold"},
		{"grant oneself everything", AddGrant{Grant{ID: "n", At: "workshop", Subject: must(ParseSubject("user:gil")), Right: "manage"}}, boss, map[MemberID]Slug{"gil": "manage"}, ""},
		{"grant a role", AddGrant{Grant{ID: "n", At: "workshop", Subject: must(ParseSubject("user:ada")), Role: "keeper"}}, boss, map[MemberID]Slug{"gil": "maintain"}, ""},
		{"remove a grant", Remove{Key: Key{EntityGrant, "to-end-2"}}, []MemberID{"boss", "gil"}, nobody("grant"), ""},
		{"remove a grant of more", Remove{Key: Key{EntityGrant, "to-end"}}, boss, map[MemberID]Slug{"gil": "maintain"}, ""},
		{"gate", AddGate{Gate{ID: "n", At: "workshop", Right: "operate", AnyOf: []Slug{"bandsaw"}}}, []MemberID{"boss", "gil"}, nobody("grant"), ""},
		{"gate everything", AddGate{Gate{ID: "n", At: "workshop", AnyOf: []Slug{"bandsaw"}}}, boss, map[MemberID]Slug{"gil": "unlock"}, "don't hold"},
		{"waive", Waive{Waiver{ID: "n", Gate: "gate-laser", Member: "ada", Expires: noon.AddDate(0, 0, 1)}}, boss, map[MemberID]Slug{"gil": "operate", "tom": "grant"}, ""},
		{"lock down", Lock{Lockdown{ID: "n", At: "space"}}, boss, nobody("lockdown"), "/space"},
		{"lift", Lift{"shut"}, boss, nobody("lockdown"), "/space/door"},
		{"make a place", Define{Location{ID: "n", Parent: "space", Slug: "n", Inherit: true}}, boss, nobody("manage"), "/space"},
		{"make a root", Define{Location{ID: "n", Slug: "n"}}, boss, nobody("manage"), "/admin"},
		{"archive a place", Remove{Key: Key{EntityLocation, "laser"}}, boss, nobody("manage"), "/space/workshop"},
		{"declare a right", Define{Right{At: "laser", Slug: "cut"}}, boss, nobody("manage"), "/space"},
		{"write a role", Define{Role{Slug: "n", App: "space", Rights: []Slug{"operate"}}}, boss, nobody("manage"), "/space"},
		{"write a kind", Define{Kind{Type: "body", Slug: "n", Parent: "member"}}, boss, nobody("manage"), "/objects"},
		{"write a type", Define{ObjectType{Slug: "n"}}, boss, nobody("manage"), "/objects"},
		{"write an object", Define{Object{Slug: "n", Type: "body"}}, boss, nobody("manage"), "/objects/n"},
		{"archive an object", Remove{Key: Key{EntityObject, "delft"}}, boss, map[MemberID]Slug{"bo": "manage"}, "/bodies/delft"},
		{"override", Define{Override{Object: "netcom", Kind: "board", Rights: []Slug{"edit"}}}, boss, map[MemberID]Slug{"bo": "manage"}, "/bodies"},
		{"define a tag", Define{Tag{Slug: "n"}}, boss, nobody("manage"), "/tags/n"},
		{"define a badge", Define{Badge{Slug: "n"}}, boss, map[MemberID]Slug{"tom": "manage"}, "/badges/n"},
		{"found an application", Define{Application{Slug: "n", Root: "space"}}, nil, nobody("manage"), "/admin"},
		{"set the settings", Define{Settings{Name: "n"}}, boss, nobody("manage"), "/admin"},
		{"add a client", Define{wiki(nil)}, boss, nobody("manage"), "/apps/wiki"},
		{"add an access point", Define{AccessPoint{ID: "n", Prefix: "10.0.0.1", Secret: "s"}}, boss, nobody("manage"), "/wifi"},
		{"add a network", Define{Network{Slug: "n", Location: "core-wifi"}}, boss, nobody("manage"), "/wifi"},
		{"open an account", member("new"), boss, nobody("manage"), "/people"},
		{"set a state", SetState{Member: "ada", State: StateLeft}, boss, nobody("manage"), "/people"},
		{"set paid_until", SetPaid{Member: "ada", PaidUntil: noon}, boss, nobody("manage"), "/people"},
		{"bar", Bar{Member: "ada"}, boss, nobody("manage"), "/people"},
		{"rename another", EditMember{Member{ID: "tom", Username: "tim"}}, boss, nobody("manage"), "/people/tom"},
		{"bind a card", BindCredential{Credential{ID: "n", Member: "ada", Kind: "uid", Lookup: "x", Sealed: "s"}}, boss, nobody("manage"), "/people/ada"},
		{"take a card back", SetCredential{"card", CredentialActive}, boss, nobody("manage"), ""},
		{"report a card", SetCredential{"card", CredentialLost}, []MemberID{"boss", "ada"}, map[MemberID]Slug{"tom": "manage"}, ""},
		{"issue a pass", IssuePass{WiFiPass{ID: "n", Member: "ada", Login: "ada.phone", Verifier: "v"}}, []MemberID{"boss", "ada"}, map[MemberID]Slug{"tom": "manage"}, ""},
	}
	for _, try := range tries {
		t.Run(try.name, func(t *testing.T) {
			for _, m := range try.may {
				grow(t, d, as(m), try.intent)
			}
			for m, right := range try.refused {
				refused(t, d, as(m), ErrDenied, string(right), try.anywhere, try.intent)
			}
		})
	}
}

func TestDevicesTakeManageAtTheirPlace(t *testing.T) {
	client := Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	device := Device{ID: "d", Kind: "door", Location: "door", Right: "unlock", Client: "door-1"}
	d := built(t, member("kay"), Define{client}, Define{device},
		AddGrant{Grant{ID: "kay", At: "workshop", Subject: must(ParseSubject("user:kay")), Right: "manage"}})
	moved := device
	moved.Location = "workshop"
	refused(t, d, as("kay"), ErrDenied, "manage", "/space/door", Define{moved})
	d, _ = grow(t, d, as("boss"), Define{moved})
	moved.Maintenance = true
	d, _ = grow(t, d, as("kay"), Define{moved})
	refused(t, d, as("ada"), ErrDenied, "manage", "/space/workshop", Remove{Key: Key{EntityDevice, "d"}})
	grow(t, d, as("kay"), Remove{Key: Key{EntityDevice, "d"}})
}

func TestAMoveTakesManageAtBothParents(t *testing.T) {
	d := built(t, member("kay"),
		AddGrant{Grant{ID: "kay", At: "workshop", Subject: must(ParseSubject("user:kay")), Right: "manage"}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/space", Define{Location{ID: "laser", Parent: "space", Slug: "laser", Inherit: true}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/space", Define{Location{ID: "door", Parent: "workshop", Slug: "door", Inherit: true}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/space", Define{Location{ID: "workshop", Parent: "space", Slug: "workshop", Inherit: false}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/objects/homeless", Define{Location{ID: "laser", Parent: "workshop", Slug: "laser", Inherit: true, Object: "homeless"}})
	grow(t, d, as("kay"),
		Define{Location{ID: "laser", Parent: "workshop", Slug: "laser", Inherit: false, Open: true}},
		Define{Location{ID: "workshop", Parent: "space", Slug: "workshop", Inherit: true, Name: "The workshop"}})
}

func TestRightsAndOverridesTakeManageAtTheRoot(t *testing.T) {
	d := built(t, member("kay"),
		AddGrant{Grant{ID: "kay", At: "workshop", Subject: must(ParseSubject("user:kay")), Right: "manage"}},
		AddGrant{Grant{ID: "kay-2", At: "netcom", Subject: must(ParseSubject("user:kay")), Right: "manage"}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/space", Define{Right{At: "laser", Slug: "cut"}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/space", Remove{Key: Key{EntityRight, "workshop/operate"}})
	refused(t, d, as("kay"), ErrDenied, "manage", "/bodies", Define{Override{Object: "netcom", Kind: "board", Rights: []Slug{"edit"}}})
	refused(t, d, as("kay"), ErrDenied, "grant", "/space/workshop", AddGrant{Grant{ID: "n", At: "workshop", Subject: must(ParseSubject("user:ada")), Right: "operate"}})
}

func TestARoleOfAllButIsGivenByWhoManagesTheRoot(t *testing.T) {
	d := built(t, member("gil"), Define{Role{Slug: "most", App: "space", AllBut: true, Rights: []Slug{"manage"}}},
		AddGrant{Grant{ID: "gil", At: "space", Subject: must(ParseSubject("user:gil")), Role: "most"}})
	give := AddGrant{Grant{ID: "n", At: "space", Subject: must(ParseSubject("user:ada")), Role: "most"}}
	refused(t, d, as("gil"), ErrDenied, "manage", "/space", give)
	grow(t, d, as("boss"), give)
}

func TestChangingARoleTakesManageWhereverItIsGranted(t *testing.T) {
	d := built(t, member("kay"),
		AddGrant{Grant{ID: "kay", At: "space", Subject: must(ParseSubject("user:kay")), Right: "manage"}},
		AddGrant{Grant{ID: "given", At: "laser", Subject: must(ParseSubject("user:ada")), Role: "keeper"}})
	role := Define{Role{Slug: "keeper", App: "space", Rights: []Slug{"operate"}}}
	grow(t, d, as("kay"), role)
	d, _ = grow(t, d, operator, Define{Location{ID: "laser", Parent: "bodies", Slug: "laser", Inherit: true}}) // and the grant with it
	refused(t, d, as("kay"), ErrDenied, "manage", "/bodies", role)
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityGrant, "given"}})
	grow(t, d, as("kay"), role)
}

func TestChangingAKindTakesManageWhereverItIsGranted(t *testing.T) {
	d := built(t, member("kay"),
		AddGrant{Grant{ID: "kay", At: "core-objects", Subject: must(ParseSubject("user:kay")), Right: "manage"}})
	kind := Define{Kind{Type: "body", Slug: "member", Parent: "default", Label: "Member"}}
	refused(t, d, as("kay"), ErrDenied, "manage", "/bodies", kind)
	grow(t, d, as("kay"), Define{ObjectType{Slug: "event"}}, Define{Kind{Type: "event", Slug: "guest", Parent: "default"}})
}

func TestWhoAssignsTagsMakesNoAdministrators(t *testing.T) {
	d := built(t, AddGrant{Grant{ID: "n", At: "core-tags", Subject: must(ParseSubject("user:ada")), Right: "assign"}})
	grow(t, d, as("ada"), Assign{Assignment{ID: "x", Tag: "day-member", TargetID: "ada"}})
	refused(t, d, as("ada"), ErrDenied, "assign", "/tags/admin", Assign{Assignment{ID: "x", Tag: "admin", TargetID: "ada"}})
	grow(t, d, as("boss"), Assign{Assignment{ID: "x", Tag: "admin", TargetID: "ada"}})
}

func TestAnActorIsJudgedAsTheyStandNow(t *testing.T) {
	give := GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada"}}
	d := built(t)
	barred, _ := grow(t, d, operator, Bar{Member: "tom", Reason: "secret"})
	refused(t, barred, as("tom"), ErrDenied, "award", "member_barred", give)
	lapsed, _ := grow(t, d, operator, SetPaid{Member: "tom", PaidUntil: noon.Add(-time.Hour)})
	refused(t, lapsed, as("tom"), ErrDenied, "award", "member_suspended", give)
	revoked, _ := grow(t, d, operator, RevokeAward{Badge: "laser-maint", Member: "tom"})
	refused(t, revoked, as("tom"), ErrDenied, "award", "/badges/laser-1", give)
	strong, _ := grow(t, d, operator, Define{Right{At: "core-badges", Slug: "award", NotPhysical: true, ACR: 2}})
	refused(t, strong, as("tom"), ErrDenied, "award", "step_up_required", give)
	grow(t, strong, Actor{Kind: ActorMember, ID: "tom", ACR: 2}, give)
	refused(t, d, as("nobody"), ErrDenied, "award", "unknown_member", give)
}

func TestMachinesHoldWhatIsGrantedToThem(t *testing.T) {
	door := Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	d := built(t, Define{door}, Define{Device{ID: "d", Kind: "door", Location: "door", Right: "unlock", Client: "door-1"}},
		AddGrant{Grant{ID: "c", At: "core-badges", Subject: must(ParseSubject("client:door-1")), Right: "award"}},
		AddGrant{Grant{ID: "s", At: "core-people", Subject: must(ParseSubject("client:system")), Right: "manage"}},
		AddGrant{Grant{ID: "l", At: "core-tags", Subject: must(ParseSubject("client:door-1")), Right: "assign"}})
	give := GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada"}}
	client, device := Actor{Kind: ActorClient, ID: "door-1"}, Actor{Kind: ActorDevice, ID: "d"}
	system := Actor{Kind: ActorSystem, ID: "billing"}
	grow(t, d, client, give)
	refused(t, d, device, ErrDenied, "award", "no badge by itself", give)
	refused(t, d, device, ErrDenied, "award", "no badge by itself", RevokeAward{Badge: "laser-1", Member: "ada"})
	grow(t, d, device, Assign{Assignment{ID: "n", Tag: "day-member", TargetID: "ada"}})
	refused(t, d, Actor{Kind: ActorDevice, ID: "x"}, ErrDenied, "assign", "no such device", Assign{Assignment{ID: "n", Tag: "day-member", TargetID: "ada"}})
	grow(t, d, system, SetPaid{Member: "ada", PaidUntil: noon.AddDate(1, 0, 0)})
	refused(t, d, system, ErrDenied, "award", "/badges/laser-1", give)
	refused(t, d, Actor{Kind: ActorClient, ID: "x"}, ErrDenied, "award", "unknown_client", give)
	refused(t, d, Actor{Kind: ActorMember}, ErrInvalid, "actor", "nobody", give)
	refused(t, d, Actor{}, ErrInvalid, "actor", "nobody", give)
	refused(t, d, Actor{Kind: "root", ID: "x"}, ErrInvalid, "actor", "nobody", give)
}
