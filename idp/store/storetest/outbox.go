package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

var outboxTests = []test{
	{"WhatAClientWasToldComesBack", toldComesBack},
	{"AClientIsToldAnewOrMore", toldAnewOrMore},
	{"OfASessionThatHasEndedNothingIsNoted", toldTooLate},
	{"ASignOutIsOneMessageToEachClientWhoeverEndsIt", signOutOnce},
	{"WhatASessionTookOverEndsWithIt", signOutHandedOver},
	{"WhoIsShutOutIsSignedOutInTheSameTransaction", shutOutTold},
	{"ALossIsToldOnceAndNotOfWhatWasToldSince", lossTold},
	{"ALossOfSignInEndsTheFamily", lossRevokes},
	{"WithdrawingIsToldToThatClientAlone", withdrawTold},
	{"AClientThatIsToldAnewDoesNotHearOfBefore", superseded},
	{"OfManyThatTakeAMessageOneGetsIt", messageRace},
	{"TheSlowKeepNobodyWaiting", messagesOfEach},
	{"AMessageIsSettledOnceAndSweptAMonthLater", messageSettled},
	{"APlaceMovesOnAndStaysInItsEpoch", placeKept},
}

// told is what a client was told of ada in a session of this name.
func told(session, client string) record.Told {
	return record.Told{Session: session, Client: claims.ClientID(client), Named: session, Member: "ada", ACR: 1, Digest: "aa", At: noon}
}

// both puts two digests beside each other.
func both(old, more string) string { return old + "+" + more }

// tell notes what clients are told, each for the first time.
func (w *world) tell(s *store.Store, all ...record.Told) {
	w.Helper()
	for _, t := range all {
		w.ok(s.Tell(w.Context(), t, true, both))
	}
}

// said lists the messages there are, as "client session reason outcome".
func (w *world) said(s *store.Store) (all []string) {
	w.Helper()
	messages, err := s.Messages(w.Context(), 100)
	w.ok(err)
	for _, m := range messages {
		all = append(all, fmt.Sprintf("%s %s %s %s", m.To, m.Session, m.Reason, m.Outcome))
	}
	slices.Sort(all)
	return all
}

func (w *world) says(s *store.Store, want ...string) {
	w.Helper()
	if got := w.said(s); !slices.Equal(got, want) {
		w.Errorf("there is to be said %q, want %q", got, want)
	}
}

func toldComesBack(w *world) {
	s, ctx := w.process(), w.Context()
	t := filled(record.Told{})
	w.ok(s.CreateSession(ctx, session(t.Session)))
	w.tell(s, t)
	compare(w, []record.Told{t})(s.ToldOf(ctx, []claims.MemberID{"nobody", t.Member}))
	compare(w, []record.Told{t})(s.ToldAfter(ctx, "", record.Told{}, 10))
	compare(w, []record.Told{t})(s.ToldAfter(ctx, t.Client, record.Told{}, 10))
	compare(w, []record.Told(nil))(s.ToldAfter(ctx, "other", record.Told{}, 10))
	compare(w, []record.Told(nil))(s.ToldAfter(ctx, "", t, 10))
	var many []claims.MemberID
	for i := range 50 {
		many = append(many, claims.MemberID(fmt.Sprint("m", i)))
	}
	compare(w, []record.Told{t})(s.ToldOf(ctx, append(many, t.Member)))
}

func toldAnewOrMore(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	first, more := told("s1", "wiki"), told("s1", "wiki")
	more.Digest, more.At, more.ACR = "bb", noon.Add(time.Hour), 2
	w.tell(s, first)
	w.ok(s.Tell(ctx, more, false, both))
	added := more
	added.Digest = "aa+bb"
	compare(w, []record.Told{added})(s.ToldOf(ctx, []claims.MemberID{"ada"}))
	w.tell(s, more)
	compare(w, []record.Told{more})(s.ToldOf(ctx, []claims.MemberID{"ada"}))
	for _, err := range together(8, func(i int) error {
		t := more
		t.Digest = fmt.Sprint(i)
		return s.Tell(ctx, t, false, both)
	}) {
		if err != nil && !errors.Is(err, claims.ErrConflict) {
			w.Error(err)
		}
	}
}

func toldTooLate(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	w.tell(s, told("s1", "wiki"))
	w.ok(s.EndSession(ctx, "s1", noon))
	w.tell(s, told("s1", "wiki"), told("none", "wiki"))
	compare(w, []record.Told(nil))(s.ToldOf(ctx, []claims.MemberID{"ada"}))
	w.says(s, "wiki s1 signed_out ") // and it is still to be said
}

func signOutOnce(w *world) {
	s, ctx := pair(w), w.Context()
	w.ok(s[0].CreateSession(ctx, session("s1")))
	w.ok(s[0].CreateSession(ctx, session("s2")))
	w.tell(s[0], told("s1", "wiki"), told("s1", "git"), told("s2", "wiki"))
	for _, err := range together(8, func(i int) error {
		if i%4 == 3 {
			return s[i%2].EndSessions(ctx, "ada", "s2", noon)
		}
		return s[i%2].EndSession(ctx, "s1", noon)
	}) {
		w.ok(err)
	}
	w.says(s[1], "git s1 signed_out ", "wiki s1 signed_out ")
	messages, err := s[1].DueMessages(ctx, noon, 10, 10)
	if err != nil || len(messages) != 2 || messages[0].Member != "ada" || messages[0].Kind != record.MessageLogout || !messages[0].Created.Equal(noon) {
		w.Errorf("due: %+v, %v", messages, err)
	}
}

func signOutHandedOver(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	w.ok(s.CreateSession(ctx, session("s2")))
	w.tell(s, told("s1", "wiki"))
	w.ok(s.HandOver(ctx, "s1", "s2"))
	w.ok(s.EndSession(ctx, "s1", noon))
	w.says(s)
	w.ok(s.EndSession(ctx, "s2", noon))
	w.says(s, "wiki s1 signed_out ") // by the name it has there
}

func shutOutTold(w *world) {
	s, ctx := w.process(), w.Context()
	ada := claims.Member{ID: "ada", Sub: "sub-ada", Username: "ada", State: claims.StateActive}
	w.ok(define(ctx, s, ada))
	w.ok(s.CreateSession(ctx, session("s1")))
	w.tell(s, told("s1", "wiki"))
	suspended, left := ada, ada
	suspended.State, left.State = claims.StateSuspended, claims.StateLeft
	w.ok(define(ctx, s, suspended)) // may still sign in here, and be told why nothing opens
	w.says(s)
	w.ok(define(ctx, s, left))
	w.ok(define(ctx, s, ada))
	w.says(s, "wiki s1 member_left ")
}

// oneMessage queues a message.
func (w *world) oneMessage(s *store.Store) record.Message {
	w.Helper()
	w.ok(s.CreateSession(w.Context(), session("s1")))
	w.tell(s, told("s1", "wiki"))
	w.ok(s.EndSession(w.Context(), "s1", noon))
	all, err := s.DueMessages(w.Context(), noon, 10, 10)
	w.ok(err)
	if len(all) != 1 {
		w.Fatalf("%d messages are due, want 1", len(all))
	}
	return all[0]
}

func messageRace(w *world) {
	s := pair(w)
	m := w.oneMessage(s[0])
	tally(w, together(16, func(i int) error {
		got, err := s[i%2].TakeMessage(w.Context(), m, noon.Add(time.Minute))
		if err == nil && !got {
			err = claims.ErrConflict
		}
		return err
	}), claims.ErrConflict)
	if all, err := s[1].DueMessages(w.Context(), noon.Add(59*time.Second), 10, 10); err != nil || len(all) != 0 {
		w.Errorf("while somebody sends it, due are %+v, %v", all, err)
	}
	all, err := s[1].DueMessages(w.Context(), noon.Add(time.Minute), 10, 10)
	if err != nil || len(all) != 1 || all[0].Attempts != 1 {
		w.Errorf("after whoever sent it was lost, due are %+v, %v", all, err)
	}
}

func messagesOfEach(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("s1")))
	for i := range 5 {
		slow := told("s1", "slow")
		slow.Named = fmt.Sprint("n", i)
		w.tell(s, slow)
	}
	w.ok(s.EndSession(ctx, "s1", noon))
	w.ok(s.CreateSession(ctx, session("s2")))
	w.tell(s, told("s2", "wiki"))
	w.ok(s.EndSession(ctx, "s2", noon.Add(time.Second)))
	due, err := s.DueMessages(ctx, noon.Add(time.Minute), 10, 2)
	if err != nil || len(due) != 3 || due[0].To != "slow" || due[1].To != "slow" || due[2].To != "wiki" {
		w.Errorf("two of each: %+v, %v", due, err)
	}
	if due, err = s.DueMessages(ctx, noon.Add(time.Minute), 2, 2); err != nil || len(due) != 2 {
		w.Errorf("two in all: %+v, %v", due, err)
	}
}

func messageSettled(w *world) {
	s, ctx := w.process(), w.Context()
	m := w.oneMessage(s)
	w.ok(s.SettleMessage(ctx, m.ID, "", "answered 503", noon))
	w.ok(s.SettleMessage(ctx, m.ID, record.OutcomeDelivered, "answered 200", noon.Add(time.Minute)))
	w.ok(s.SettleMessage(ctx, m.ID, record.OutcomeFailed, "answered 400", noon.Add(time.Hour)))
	m.Done, m.Outcome, m.Answer = noon.Add(time.Minute), record.OutcomeDelivered, "answered 200"
	compare(w, []record.Message{m})(s.Messages(ctx, 10))
	if _, err := s.Sweep(ctx, noon.Add(29*24*time.Hour), 10); err != nil {
		w.Error(err)
	}
	compare(w, []record.Message{m})(s.Messages(ctx, 10))
	if _, err := s.Sweep(ctx, noon.Add(31*24*time.Hour), 10); err != nil {
		w.Error(err)
	}
	compare(w, []record.Message(nil))(s.Messages(ctx, 10))
}

func placeKept(w *world) {
	s, ctx := w.process(), w.Context()
	if _, err := s.Place(ctx, "logout"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("a place nobody noted: %v, want ErrNotFound", err)
	}
	for _, at := range []claims.Seq{{Epoch: "e", N: 4}, {Epoch: "e", N: 9}, {Epoch: "e", N: 5}} {
		w.ok(s.SetPlace(ctx, "logout", at))
	}
	compare(w, claims.Seq{Epoch: "e", N: 9})(s.Place(ctx, "logout"))
	w.ok(s.SetPlace(ctx, "logout", claims.Seq{Epoch: "f", N: 1}))
	compare(w, claims.Seq{Epoch: "f", N: 1})(s.Place(ctx, "logout"))
}
