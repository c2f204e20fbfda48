package storetest

import (
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"lanyard/claims"
	"lanyard/idp/record"
)

var signinTests = []test{
	{"EveryFieldOfARecordComesBack", recordsComeBack},
	{"AnEndedOrExpiredSessionIsExpired", sessionEnds},
	{"EndSessionsSparesOne", sessionsEnd},
	{"ASessionIsSeenForwardOnly", sessionSeen},
	{"APasswordIsReplaced", passwordReplaced},
	{"ALinkWorksOnce", linkOnce},
	{"ConsentsAreSetListedAndDropped", consents},
	{"AJTIIsScoped", jtiScoped},
	{"APushedRequestIsUsedOnce", pushedOnce},
	{"ARegistrationTokenCountsItsUses", registrationToken}, {"ARegistrationTokenIsRevoked", registrationTokenRevoked},
	{"ARegistrationTokenIsNotUsedTooOften", registrationTokenRace}, {"ARegistrationTokenIsSwept", registrationTokenSwept},
	{"AFactorIsKeptAndEnded", factorKept}, {"ACounterRisesAndIsUsedOnce", factorUsed}, {"FactorsOfAKindAreReplacedTogether", factorsReplaced}, {"AnEndedFactorIsSwept", factorSwept},
	{"ADeviceCodeIsFoundByWhatIsTyped", deviceFound},
	{"ADeviceThatAsksTooSoonWaitsLonger", devicePolls},
	{"ADeviceIsAllowedOnceAndInTime", deviceAllowed},
	{"ADeviceCodeIsSweptAnHourAfterItsEnd", deviceSwept},
	{"APushedRequestIsSweptAnHourAfterItsEnd", pushedSwept},
	{"ASigningKeyIsAddedOnce", keyOnce},
	{"ASigningKeyIsReplacedWholeOrNotAtAll", keyReplaced},
}

func link(id string) record.Link {
	return record.Link{ID: id, Purpose: "admin", Created: noon, Expires: noon.Add(time.Hour)}
}

func recordsComeBack(w *world) {
	s, ctx := w.process(), w.Context()
	session, password, consent := filled(record.Session{}), filled(record.Password{}), filled(record.Consent{})
	l, k := filled(record.Link{}), filled(record.SigningKey{})
	session.Ended = time.Time{}
	w.ok(s.CreateSession(ctx, session))
	w.ok(s.SetPassword(ctx, password))
	w.ok(s.SetConsent(ctx, consent))
	w.ok(s.CreateLink(ctx, l))
	w.ok(s.AddSigningKey(ctx, k))
	compare(w, session)(s.Session(ctx, session.ID))
	compare(w, password)(s.Password(ctx, password.Member))
	compare(w, consent)(s.Consent(ctx, consent.Member, consent.Client))
	compare(w, []record.Consent{consent})(s.ConsentsOf(ctx, consent.Member))
	compare(w, []record.Session{session})(s.SessionsOf(ctx, session.Member))
	compare(w, l)(s.Link(ctx, l.ID))
	compare(w, []record.SigningKey{k})(s.SigningKeys(ctx))
}

// compare holds that what is read is what was written.
func compare[T any](w *world, want T) func(T, error) {
	w.Helper()
	return func(got T, err error) {
		w.Helper()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			w.Errorf("%v (-wrote +read):\n%s", err, diff)
		}
	}
}

func session(id string) record.Session {
	return record.Session{ID: id, Member: "ada", AuthTime: noon, Created: noon, Seen: noon, Expires: noon.Add(time.Hour)}
}

func sessionEnds(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("a")))
	w.ok(s.CreateSession(ctx, session("b")))
	w.ok(s.EndSession(ctx, "a", noon))
	w.ok(s.EndSession(ctx, "a", noon.Add(time.Minute)))
	w.ok(s.EndSession(ctx, "none", noon))
	if ses, err := s.Session(ctx, "a"); !errors.Is(err, claims.ErrExpired) || !ses.Ended.Equal(noon) {
		w.Errorf("an ended session = %+v, %v; want ErrExpired, ended at noon", ses, err)
	}
	if _, err := s.Session(ctx, "none"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("no session = %v, want ErrNotFound", err)
	}
	if all, err := s.SessionsOf(ctx, "ada"); err != nil || len(all) != 1 || all[0].ID != "b" {
		w.Errorf("SessionsOf = %+v, %v; want b", all, err)
	}
	w.Move(time.Hour)
	if _, err := s.Session(ctx, "b"); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("at its very end = %v, want ErrExpired", err)
	}
	if all, err := s.SessionsOf(ctx, "ada"); err != nil || len(all) != 0 {
		w.Errorf("SessionsOf = %+v, %v; want none", all, err)
	}
}

func sessionsEnd(w *world) {
	s, ctx := w.process(), w.Context()
	for _, id := range []string{"a", "b", "c"} {
		w.ok(s.CreateSession(ctx, session(id)))
	}
	other := session("d")
	other.Member = "bo"
	w.ok(s.CreateSession(ctx, other))
	w.ok(s.EndSessions(ctx, "ada", "b", noon))
	if all, _ := s.SessionsOf(ctx, "ada"); len(all) != 1 || all[0].ID != "b" {
		w.Errorf("SessionsOf(ada) = %+v, want b", all)
	}
	w.ok(s.EndSessions(ctx, "ada", "", noon))
	if all, _ := s.SessionsOf(ctx, "ada"); len(all) != 0 {
		w.Errorf("SessionsOf(ada) = %+v, want none", all)
	}
	if all, _ := s.SessionsOf(ctx, "bo"); len(all) != 1 {
		w.Errorf("SessionsOf(bo) = %+v, want d", all)
	}
}

func sessionSeen(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateSession(ctx, session("a")))
	w.ok(s.TouchSession(ctx, "a", noon.Add(5*time.Minute)))
	w.ok(s.TouchSession(ctx, "a", noon.Add(time.Minute)))
	if ses, _ := s.Session(ctx, "a"); !ses.Seen.Equal(noon.Add(5 * time.Minute)) {
		w.Errorf("Seen = %v, want 12:05", ses.Seen)
	}
}

func passwordReplaced(w *world) {
	s, ctx := w.process(), w.Context()
	if _, err := s.Password(ctx, "ada"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("no password = %v, want ErrNotFound", err)
	}
	w.ok(s.SetPassword(ctx, record.Password{Member: "ada", PHC: "old", Changed: noon}))
	w.ok(s.SetPassword(ctx, record.Password{Member: "ada", PHC: "new", Changed: noon}))
	if p, err := s.Password(ctx, "ada"); err != nil || p.PHC != "new" {
		w.Errorf("Password = %v, %v; want the new one", p.PHC, err)
	}
}

func linkOnce(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.CreateLink(ctx, link("a")))
	l, err := s.UseLink(ctx, "a", noon.Add(time.Minute))
	if err != nil || l.Purpose != "admin" || !l.Used.Equal(noon.Add(time.Minute)) {
		w.Errorf("UseLink = %+v, %v", l, err)
	}
	if _, err := s.UseLink(ctx, "a", noon.Add(2*time.Hour)); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("used before = %v, want ErrReplay", err)
	}
	w.ok(s.CreateLink(ctx, link("b")))
	if _, err := s.UseLink(ctx, "b", noon.Add(time.Hour)); !errors.Is(err, claims.ErrExpired) {
		w.Errorf("at its very end = %v, want ErrExpired", err)
	}
	if _, err := s.UseLink(ctx, "c", noon); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("no such link = %v, want ErrNotFound", err)
	}
}

func consents(w *world) {
	s, ctx := w.process(), w.Context()
	for _, c := range []record.Consent{
		{Member: "ada", Client: "wiki", Scopes: []string{"openid"}, At: noon},
		{Member: "ada", Client: "git", At: noon},
		{Member: "bo", Client: "wiki", At: noon},
		{Member: "ada", Client: "wiki", Scopes: []string{"openid", "email"}, At: noon},
	} {
		w.ok(s.SetConsent(ctx, c))
	}
	if c, err := s.Consent(ctx, "ada", "wiki"); err != nil || len(c.Scopes) != 2 {
		w.Errorf("Consent = %+v, %v; want the later one", c, err)
	}
	if all, err := s.ConsentsOf(ctx, "ada"); err != nil || len(all) != 2 || all[0].Client != "git" {
		w.Errorf("ConsentsOf = %+v, %v; want git and wiki", all, err)
	}
	w.ok(s.Withdraw(ctx, "ada", "wiki", noon))
	w.ok(s.Withdraw(ctx, "ada", "wiki", noon))
	if _, err := s.Consent(ctx, "ada", "wiki"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("dropped = %v, want ErrNotFound", err)
	}
	if _, err := s.Consent(ctx, "bo", "wiki"); err != nil {
		w.Errorf("another member's was dropped: %v", err)
	}
}

func jtiScoped(w *world) {
	s, ctx := w.process(), w.Context()
	end := noon.Add(time.Minute)
	w.ok(s.UseJTI(ctx, "client-a", "1", end))
	w.ok(s.UseJTI(ctx, "client-b", "1", end))
	if err := s.UseJTI(ctx, "client-a", "1", end); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("the second time = %v, want ErrReplay", err)
	}
	if _, err := s.Sweep(ctx, noon, 10); err != nil {
		w.Error(err)
	}
	if err := s.UseJTI(ctx, "client-a", "1", end); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("after a sweep before its end = %v, want ErrReplay", err)
	}
}

func keyOnce(w *world) {
	s, ctx := w.process(), w.Context()
	w.ok(s.AddSigningKey(ctx, record.SigningKey{ID: "b", Alg: "ES256", Created: noon.Add(time.Minute)}))
	w.ok(s.AddSigningKey(ctx, record.SigningKey{ID: "a", Alg: "EdDSA", Created: noon.Add(time.Hour)}))
	if err := s.AddSigningKey(ctx, record.SigningKey{ID: "a", Alg: "RS256"}); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("the same id = %v, want ErrConflict", err)
	}
	if err := s.AddSigningKey(ctx, record.SigningKey{ID: "c", Alg: "EdDSA"}); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("a second without an end = %v, want ErrConflict", err)
	}
	if all, err := s.SigningKeys(ctx); err != nil || len(all) != 2 || all[0].ID != "b" {
		w.Errorf("SigningKeys = %+v, %v; want b, a", all, err)
	}
}

func keyReplaced(w *world) {
	s, ctx := w.process(), w.Context()
	old := record.SigningKey{ID: "old", Alg: "ES256", Created: noon, From: noon}
	next := record.SigningKey{ID: "next", Alg: "ES256", Created: noon.Add(time.Minute), From: noon.Add(time.Hour)}
	w.ok(s.AddSigningKey(ctx, old))
	w.ok(s.ReplaceSigningKey(ctx, old, noon.Add(time.Hour), noon.Add(2*time.Hour), next))
	stale := s.ReplaceSigningKey(ctx, old, noon.Add(3*time.Hour), noon.Add(4*time.Hour), record.SigningKey{ID: "other", Alg: "ES256"})
	if !errors.Is(stale, claims.ErrConflict) {
		w.Errorf("from what is no longer so = %v, want ErrConflict", stale)
	}
	old.Retired, next.From = noon.Add(time.Hour), noon.Add(time.Minute)
	w.ok(s.ReplaceSigningKey(ctx, old, next.From, noon.Add(2*time.Hour), next))
	old.Retired, old.Gone = next.From, noon.Add(2*time.Hour)
	compare(w, []record.SigningKey{old, next})(s.SigningKeys(ctx))
}
