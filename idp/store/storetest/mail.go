package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

var mailTests = []test{
	{"OfManyThatTakeALetterOneGetsIt", mailRace},
	{"ALetterIsSettledOnceForgottenAndSweptAMonthLater", mailSettled},
	{"OfOneKindAMemberIsSentThreeInAnHour", mailPaced},
	{"TheAddressBeforeIsWarned", addressWarned},
	{"BrowsersAreKnownForThreeMonths", browsersKnown},
}

func letter(id string, kind record.MailKind, at time.Time) record.Mail {
	return record.Mail{ID: id, Kind: kind, Member: "ada", Address: "ada@example.org", Sealed: "sealed " + id, Created: at, Due: at}
}

func mailRace(w *world) {
	s, ctx, m := w.process(), w.Context(), letter("1", record.MailNewBrowser, noon)
	w.ok(s.QueueMail(ctx, m))
	compare(w, m)(s.Mail(ctx, "1"))
	if _, err := s.Mail(ctx, "2"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("a letter that is not there: %v, want ErrNotFound", err)
	}
	compare(w, []record.Mail(nil))(s.DueMails(ctx, noon.Add(-time.Second), 10))
	compare(w, []record.Mail{m})(s.DueMails(ctx, noon, 10))
	got := make([]bool, 16)
	for i, err := range together(16, func(i int) (err error) {
		got[i], err = s.TakeMail(ctx, "1", 0, noon.Add(time.Minute))
		return err
	}) {
		if err != nil {
			w.Errorf("%d: %v", i, err)
		}
	}
	if n := len(slices.DeleteFunc(got, func(mine bool) bool { return !mine })); n != 1 {
		w.Errorf("%d took it, want 1", n)
	}
	compare(w, []record.Mail(nil))(s.DueMails(ctx, noon, 10))
	m.Attempts, m.Due = 1, noon.Add(time.Minute)
	compare(w, []record.Mail{m})(s.DueMails(ctx, noon.Add(time.Minute), 10))
}

func mailSettled(w *world) {
	s, ctx, m := w.process(), w.Context(), letter("1", record.MailNewBrowser, noon)
	w.ok(s.QueueMail(ctx, m))
	w.ok(s.SettleMail(ctx, "1", "", "no answer", noon))
	m.Answer = "no answer"
	compare(w, []record.Mail{m})(s.Mails(ctx, true, 10))
	w.ok(s.SettleMail(ctx, "1", record.OutcomeDelivered, "taken", noon.Add(time.Minute)))
	w.ok(s.SettleMail(ctx, "1", record.OutcomeFailed, "refused", noon.Add(time.Hour)))
	m.Done, m.Outcome, m.Answer, m.Sealed = noon.Add(time.Minute), record.OutcomeDelivered, "taken", ""
	compare(w, []record.Mail{m})(s.Mails(ctx, false, 10))
	compare(w, []record.Mail(nil))(s.Mails(ctx, true, 10))
	if _, err := s.Sweep(ctx, noon.AddDate(0, 0, 29), 10); err != nil {
		w.Error(err)
	}
	compare(w, []record.Mail{m})(s.Mails(ctx, false, 10))
	if _, err := s.Sweep(ctx, noon.AddDate(0, 0, 31), 10); err != nil {
		w.Error(err)
	}
	compare(w, []record.Mail(nil))(s.Mails(ctx, false, 10))
}

func mailPaced(w *world) {
	s, ctx := w.process(), w.Context()
	sent := func(kind record.MailKind, at time.Time, times int) (n int) {
		for _, err := range together(times, func(i int) error {
			return s.QueueMail(ctx, letter(fmt.Sprintf("%s %v %d", kind, at, i), kind, at))
		}) {
			switch {
			case err == nil:
				n++
			case !errors.Is(err, claims.ErrTooMany):
				w.Errorf("%s: %v, want ErrTooMany", kind, err)
			}
		}
		return n
	}
	if n := sent(record.MailNewBrowser, noon, 20); n != 3 {
		w.Errorf("of twenty at once, %d are sent, want 3", n)
	}
	if n := sent(record.MailPasswordChanged, noon, 1); n != 1 {
		w.Error("a flood of one kind hides a letter of another")
	}
	if n := sent(record.MailNewBrowser, noon.Add(time.Hour-time.Second), 1); n != 0 {
		w.Error("a fourth is sent within the hour")
	}
	if n := sent(record.MailNewBrowser, noon.Add(time.Hour), 5); n != 3 {
		w.Errorf("in the hour after, %d are sent, want 3", n)
	}
}

func addressWarned(w *world) {
	at := func(email string) claims.Member {
		return claims.Member{ID: "m", Sub: "s", Username: "m", State: claims.StateActive, Email: email}
	}
	quiet := w.process()
	w.ok(define(w.Context(), quiet, at("old@example.org")))
	w.ok(define(w.Context(), quiet, at("older@example.org")))
	cfg := w.config()
	cfg.Mail = true
	s := w.with(cfg)
	for _, email := range []string{"Older@example.org", "new@example.org", "new@example.org", ""} {
		w.ok(define(w.Context(), s, at(email)))
	}
	all, err := s.Mails(w.Context(), false, 10)
	w.ok(err)
	var to []string
	for _, m := range all {
		to = append(to, fmt.Sprint(m.Kind, " ", m.Member, " ", m.Address))
	}
	slices.Sort(to)
	want := []string{"address_changed m Older@example.org", "address_changed m new@example.org"}
	if !slices.Equal(to, want) {
		w.Errorf("warned: %q, want %q", to, want)
	}
}

func browsersKnown(w *world) {
	s, ctx := w.process(), w.Context()
	for i, agent := range []string{"Firefox", "Firefox", "Chrome"} {
		w.ok(s.CreateSession(ctx, record.Session{ID: fmt.Sprint(i), Member: "ada", Created: noon, Seen: noon, Expires: noon.AddDate(0, 0, 30), Agent: agent}))
	}
	w.ok(s.CreateSession(ctx, record.Session{ID: "b", Member: "bo", Created: noon, Seen: noon, Expires: noon.AddDate(0, 0, 30), Agent: "Opera"}))
	w.ok(s.EndSessions(ctx, "ada", "", noon))
	if _, err := s.Sweep(ctx, noon.AddDate(0, 0, 89), 10); err != nil {
		w.Error(err)
	}
	agents, err := s.AgentsOf(ctx, "ada", noon)
	w.ok(err)
	if slices.Sort(agents); !slices.Equal(agents, []string{"Chrome", "Firefox"}) {
		w.Errorf("three months after, hers are %q", agents)
	}
	compare(w, []string(nil))(s.AgentsOf(ctx, "ada", noon.Add(time.Second)))
	if _, err := s.Sweep(ctx, noon.AddDate(0, 0, 91), 10); err != nil {
		w.Error(err)
	}
	compare(w, []string(nil))(s.AgentsOf(ctx, "ada", noon))
}
