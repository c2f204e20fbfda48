package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
	"lanyard/idp/store"
)

// TestTimeIsToldAtEachInstant lets four hours pass over an organisation with a
// window that opens and shuts, a membership that ends, and an award made on
// the way: each instant is told at once, and between them nothing is done.
func TestTimeIsToldAtEachInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now().UTC() // a bubble's clock begins at a midnight
		var plans atomic.Int64
		s, err := store.Open(t.Context(), store.Config{URL: "sqlite::memory:", Now: time.Now, Built: begin,
			Plan: func(d *claims.Directory, by claims.Actor, now time.Time, in ...claims.Intent) (claims.Planned, error) {
				plans.Add(1)
				return claims.Plan(d, by, now, in...)
			}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Install(t.Context(), append(claims.Core(begin),
			claims.Member{ID: "ada", Sub: "s1", Username: "ada", State: claims.StateActive, PaidUntil: begin.Add(90 * time.Minute)},
			claims.Member{ID: "bo", Sub: "s2", Username: "bo", State: claims.StateActive},
			claims.Badge{Slug: "laser"},
			claims.Grant{ID: "day", At: "core-people", Right: "view", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectEveryone},
				Window: &claims.Window{From: 2 * 60, To: 3*60 + 30, Zone: "UTC"}})); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.KeepTime(ctx) }()
		time.Sleep(time.Hour)
		operator := claims.Actor{Kind: claims.ActorOperator, ID: "root"}
		if _, err := s.Change(t.Context(), operator, "", claims.GiveAward{Award: claims.Award{ID: "a", Badge: "laser", Member: "bo", Expires: begin.Add(3 * time.Hour)}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		want := []string{"0s rules", "1h30m0s ada", "2h0m0s rules", "3h0m0s bo", "3h30m0s rules"}
		log, err := s.Changes(t.Context(), claims.Seq{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range log {
			due, ok := c.Fact.(claims.Due)
			if !ok {
				continue
			}
			says := due.At.Sub(begin).String() + " rules"
			if due.Part == claims.DueMembers {
				says = due.At.Sub(begin).String() + " " + string(due.Members[0])
			}
			if len(want) == 0 || says != want[0] || c.At.Sub(due.At) > time.Second {
				t.Fatalf("%s is told at %v, want next %v", says, c.At, want)
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Errorf("never told: %v", want)
		}
		if n := plans.Load(); n != 6 {
			t.Errorf("%d plans were made for five instants and one award", n)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
