package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

var vaultTests = []test{
	{"EveryFieldOfAGrantComesBack", grantComesBack},
	{"AnUnknownGrantIsNotFound", unknownGrant},
	{"AGrantsIDIsTakenOnce", grantIDOnce},
	{"ACodeIsSpentOnce", codeOnce},
	{"ADeadCodeIsExpired", deadCode},
	{"ARefreshTokenRotates", rotates},
	{"AReplayAfterTheGraceIsSeen", replaySeen},
	{"AnIdleOrEndedFamilyIsExpired", deadFamily},
	{"EndGrantsPicksByFilter", endsByFilter},
	{"ASignOutSparesOfflineGrants", endsOnline},
	{"ASignInInTheSameBrowserTakesTheGrantsOver", handsOver},
	{"WhoIsBarredLosesEveryGrantAndSignInForGood", barredLosesAll},
	{"WhatACallerGetsIsHisOwn", callersOwn},
	{"OwnWritesShowAtOnceInTheCache", cacheOwn},
	{"AnotherProcessEndsAGrantWithinASecond", cacheOther},
	{"SweepTakesOnlyWhatIsDeadForADay", sweeps},
}

// code is a grant with a code that is good for a minute.
func code(id string) record.Grant {
	return record.Grant{
		ID: id, Kind: record.GrantCode, Client: "wiki", Member: "ada", Session: "s1",
		Requested: []string{"openid", "email"}, Scopes: []string{"openid"},
		Created: noon, CodeExpires: noon.Add(time.Minute), Expires: noon.Add(30 * 24 * time.Hour),
	}
}

var idle = noon.Add(7 * 24 * time.Hour)

func grantComesBack(w *world) {
	s := w.process()
	g := filled(record.Grant{})
	w.ok(s.CreateGrant(w.Context(), g))
	for name, read := range map[string]func() (record.Grant, error){
		"the writer's cache":       func() (record.Grant, error) { return s.Grant(w.Context(), g.ID) },
		"the row":                  func() (record.Grant, error) { return s.GrantFresh(w.Context(), g.ID) },
		"another process":          func() (record.Grant, error) { return w.process().Grant(w.Context(), g.ID) },
		"the writer's cache again": func() (record.Grant, error) { return s.Grant(w.Context(), g.ID) },
	} {
		got, err := read()
		if diff := cmp.Diff(g, got); err != nil || diff != "" {
			w.Errorf("%s: %v (-wrote +read):\n%s", name, err, diff)
		}
	}
}

func unknownGrant(w *world) {
	s, ctx := w.process(), w.Context()
	_, cached := s.Grant(ctx, "none")
	_, fresh := s.GrantFresh(ctx, "none")
	_, rotated := s.RotateGrant(ctx, "none", 1, nil, idle, noon, 0)
	for name, err := range map[string]error{
		"Grant": cached, "GrantFresh": fresh, "RotateGrant": rotated,
		"SpendGrant": s.SpendGrant(ctx, "none", idle, noon),
	} {
		if !errors.Is(err, claims.ErrNotFound) {
			w.Errorf("%s = %v, want ErrNotFound", name, err)
		}
	}
	if err := s.EndGrant(ctx, "none", "revoked", noon); err != nil {
		w.Errorf("EndGrant = %v, want nothing", err)
	}
}

func grantIDOnce(w *world) {
	s := w.process()
	w.ok(s.CreateGrant(w.Context(), code("g")))
	if err := s.CreateGrant(w.Context(), code("g")); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("the second CreateGrant = %v, want ErrConflict", err)
	}
	if err := s.CreateGrant(w.Context(), code("")); !errors.Is(err, claims.ErrInvalid) {
		w.Errorf("CreateGrant without an id = %v, want ErrInvalid", err)
	}
}

func codeOnce(w *world) {
	s := w.process()
	w.ok(s.CreateGrant(w.Context(), code("g")))
	at := noon.Add(10 * time.Second)
	w.ok(s.SpendGrant(w.Context(), "g", idle, at))
	g, err := s.Grant(w.Context(), "g")
	w.ok(err)
	if !g.Spent.Equal(at) || g.Generation != 1 || !g.Rotated.Equal(at) || !g.IdleUntil.Equal(idle) {
		w.Errorf("a spent grant is %+v", g)
	}
	if err := s.SpendGrant(w.Context(), "g", idle, at); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("spending it again = %v, want ErrReplay", err)
	}
	w.ok(s.EndGrant(w.Context(), "g", "reuse", at))
	if err := s.SpendGrant(w.Context(), "g", idle, at); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("spending it after its end = %v, want ErrExpired", err)
	}
}

func deadCode(w *world) {
	s := w.process()
	w.ok(s.CreateGrant(w.Context(), code("late")))
	if err := s.SpendGrant(w.Context(), "late", idle, noon.Add(time.Minute)); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("at its very end = %v, want ErrExpired", err)
	}
	w.ok(s.SpendGrant(w.Context(), "late", idle, noon.Add(time.Minute-time.Microsecond)))
	w.ok(s.CreateGrant(w.Context(), code("ended")))
	w.ok(s.EndGrant(w.Context(), "ended", "revoked", noon))
	if err := s.SpendGrant(w.Context(), "ended", idle, noon); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("revoked before = %v, want ErrExpired", err)
	}
}

// family stores a grant whose first tokens were made at noon.
func family(w *world, s *store.Store, id string) {
	w.Helper()
	w.ok(s.CreateGrant(w.Context(), code(id)))
	w.ok(s.SpendGrant(w.Context(), id, idle, noon))
}

func rotates(w *world) {
	s := w.process()
	family(w, s, "g")
	at, later := noon.Add(time.Hour), idle.Add(time.Hour)
	gen, err := s.RotateGrant(w.Context(), "g", 1, nil, later, at, time.Minute)
	if err != nil || gen != 2 {
		w.Fatalf("RotateGrant = %d, %v; want 2", gen, err)
	}
	g, err := s.Grant(w.Context(), "g")
	w.ok(err)
	if g.Generation != 2 || !g.Rotated.Equal(at) || !g.IdleUntil.Equal(later) || !cmp.Equal(g.Scopes, []string{"openid"}) {
		w.Errorf("after a rotation: %+v", g)
	}
	gen, err = s.RotateGrant(w.Context(), "g", 1, []string{"other"}, later, at.Add(time.Minute), time.Minute)
	if err != nil || gen != 2 {
		w.Errorf("again within the grace = %d, %v; want the same successor 2", gen, err)
	}
	if _, err = s.RotateGrant(w.Context(), "g", 2, []string{}, later, at, time.Minute); err != nil {
		w.Errorf("narrowing to no scope = %v", err)
	}
	if g, _ := s.Grant(w.Context(), "g"); g.Generation != 3 || len(g.Scopes) != 0 {
		w.Errorf("after narrowing: generation %d, scopes %v", g.Generation, g.Scopes)
	}
	if _, err := s.RotateGrant(w.Context(), "g", 0, nil, later, at, time.Minute); !errors.Is(err, claims.ErrInvalid) {
		w.Errorf("RotateGrant from 0 = %v, want ErrInvalid", err)
	}
}

func replaySeen(w *world) {
	s := w.process()
	family(w, s, "g")
	rotate := func(from int, at time.Duration) error {
		_, err := s.RotateGrant(w.Context(), "g", from, nil, idle, noon.Add(at), time.Minute)
		return err
	}
	w.ok(rotate(1, 0))
	if err := rotate(1, time.Minute+time.Microsecond); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("just after the grace = %v, want ErrReplay", err)
	}
	w.ok(rotate(2, 0))
	if err := rotate(1, 0); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("two generations behind, within the grace = %v, want ErrReplay", err)
	}
	if err := rotate(9, 0); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("a generation that never was = %v, want ErrReplay", err)
	}
}

func deadFamily(w *world) {
	s := w.process()
	family(w, s, "idle")
	family(w, s, "ended")
	w.ok(s.EndGrant(w.Context(), "ended", "revoked", noon))
	w.ok(s.EndGrant(w.Context(), "ended", "again", noon.Add(time.Hour)))
	if g, _ := s.Grant(w.Context(), "ended"); g.EndReason != "revoked" || !g.Ended.Equal(noon) {
		w.Errorf("the second end changed the first: %+v", g)
	}
	w.ok(s.CreateGrant(w.Context(), code("norefresh")))
	w.ok(s.SpendGrant(w.Context(), "norefresh", time.Time{}, noon))
	for id, at := range map[string]time.Time{
		"idle": idle, "ended": noon, "norefresh": noon,
	} {
		if _, err := s.RotateGrant(w.Context(), id, 1, nil, at.Add(time.Hour), at, time.Minute); !errors.Is(err, claims.ErrExpired) {
			w.Errorf("%s = %v, want ErrExpired", id, err)
		}
	}
	family(w, s, "over")
	if _, err := s.RotateGrant(w.Context(), "over", 1, nil, noon.AddDate(1, 0, 0), code("").Expires, time.Minute); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("at the family's absolute end = %v, want ErrExpired", err)
	}
}

func endsByFilter(w *world) {
	s := w.process()
	for i, who := range []string{"ada/wiki/s1", "ada/wiki/s2", "ada/git/s1", "bo/wiki/s3"} {
		g := code(fmt.Sprint(i))
		part := strings.Split(who, "/")
		g.Member, g.Client, g.Session = claims.MemberID(part[0]), claims.ClientID(part[1]), part[2]
		w.ok(s.CreateGrant(w.Context(), g))
	}
	end := func(f record.GrantFilter) int {
		n, err := s.EndGrants(w.Context(), f, "signed out", noon)
		w.ok(err)
		return n
	}
	if _, err := s.EndGrants(w.Context(), record.GrantFilter{}, "all", noon); !errors.Is(err, claims.ErrInvalid) {
		w.Errorf("EndGrants of everything = %v, want ErrInvalid", err)
	}
	if n := end(record.GrantFilter{Session: "s1", Client: "git"}); n != 1 {
		w.Errorf("session s1 and client git: %d grants, want 1", n)
	}
	if n := end(record.GrantFilter{Session: "s1"}); n != 1 {
		w.Errorf("session s1: %d grants, want the 1 that still lives", n)
	}
	if g, err := s.Grant(w.Context(), "0"); err != nil || g.Ended.IsZero() || g.EndReason != "signed out" {
		w.Errorf("a grant that was ended by filter shows as %+v, %v", g, err)
	}
	if n := end(record.GrantFilter{Member: "ada"}); n != 1 {
		w.Errorf("member ada: %d grants, want 1", n)
	}
	if n := end(record.GrantFilter{Client: "wiki"}); n != 1 {
		w.Errorf("client wiki: %d grants, want bo's", n)
	}
}
