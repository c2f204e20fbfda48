package storetest

import (
	"lanyard/claims"
	"lanyard/idp/record"
)

func lossTold(w *world) {
	s, ctx := pair(w), w.Context()
	w.ok(s[0].CreateSession(ctx, session("s1")))
	w.tell(s[0], told("s1", "wiki"), told("s1", "git"))
	since := told("s1", "git")
	since.Digest = "bb"
	w.tell(s[0], since)
	n := make([]int, 8)
	for _, err := range together(8, func(i int) (err error) {
		n[i], err = s[i%2].LogOut(ctx, []record.Loss{
			{Told: told("s1", "wiki"), Reason: "claim_lost"}, {Told: told("s1", "git"), Reason: "claim_lost"},
		}, noon)
		return err
	}) {
		w.ok(err)
	}
	sum := 0
	for _, k := range n {
		sum += k
	}
	if sum != 1 {
		w.Errorf("losses taken: %v, want 1 in all", n)
	}
	w.says(s[0], "wiki s1 claim_lost ")
	compare(w, []record.Told{since})(s[0].ToldOf(ctx, []claims.MemberID{"ada"}))
}

func lossRevokes(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	w.tell(s, told("s1", "wiki"), told("s1", "git"))
	hers, other := code("hers"), code("other")
	hers.IdleUntil, other.Client = idle, "git"
	w.ok(s.CreateGrant(ctx, hers))
	w.ok(s.CreateGrant(ctx, other))
	_, err := s.LogOut(ctx, []record.Loss{{Told: told("s1", "wiki"), Reason: "no_grant", Revoke: true}, {Told: told("s1", "git"), Reason: "claim_lost"}}, noon)
	w.ok(err)
	for id, ended := range map[string]bool{"hers": true, "other": false} {
		g, err := s.Grant(ctx, id)
		w.ok(err)
		if g.Ended.IsZero() == ended {
			w.Errorf("grant %s: ended %v, want %t", id, g.Ended, ended)
		}
	}
}

func withdrawTold(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	w.tell(s, told("s1", "wiki"), told("s1", "git"))
	w.ok(s.CreateGrant(ctx, code("hers")))
	w.ok(s.Withdraw(ctx, "ada", "wiki", noon))
	w.says(s, "wiki s1 consent_revoked ")
	if g, err := s.Grant(ctx, "hers"); err != nil || g.EndReason != "revoked" {
		w.Errorf("her grant ended for %q, %v", g.EndReason, err)
	}
}

func superseded(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	w.tell(s, told("s1", "wiki"), told("s1", "git"))
	_, err := s.LogOut(ctx, []record.Loss{{Told: told("s1", "wiki"), Reason: "claim_lost"}, {Told: told("s1", "git"), Reason: "claim_lost"}}, noon)
	w.ok(err)
	w.ok(s.Tell(ctx, told("s1", "git"), false, both)) // a refresh is no new sign-in there
	w.tell(s, told("s1", "wiki"))
	w.says(s, "git s1 claim_lost ", "wiki s1 claim_lost superseded")
}
