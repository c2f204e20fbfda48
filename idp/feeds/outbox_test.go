package feeds

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// box is an outbox in memory, and who hears what is in it.
type box struct {
	mu       sync.Mutex
	rows     map[string]record.Message
	audited  []record.Audited
	lessee   string
	until    time.Time
	down     error
	answers  map[claims.ClientID]func(attempt int) (string, error)
	heard    []string // "client at attempt"
	log      strings.Builder
	atOnce   int
	mostOnce int
}

func newBox(messages ...record.Message) *box {
	b := &box{rows: map[string]record.Message{}, answers: map[claims.ClientID]func(int) (string, error){}}
	for _, m := range messages {
		b.rows[m.ID] = m
	}
	return b
}

func (b *box) DueMessages(_ context.Context, now time.Time, limit, each int) ([]record.Message, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var due []record.Message
	for _, m := range b.rows {
		if m.Done.IsZero() && !m.Due.After(now) {
			due = append(due, m)
		}
	}
	slices.SortFunc(due, func(x, y record.Message) int { return strings.Compare(x.ID, y.ID) })
	n := map[claims.ClientID]int{}
	due = slices.DeleteFunc(due, func(m record.Message) bool { n[m.To]++; return n[m.To] > each })
	return due[:min(limit, len(due))], b.down
}

func (b *box) TakeMessage(_ context.Context, m record.Message, next time.Time) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	row := b.rows[m.ID]
	if row.Attempts != m.Attempts {
		return false, nil
	}
	row.Attempts++
	row.Due = next
	b.rows[m.ID] = row
	return true, nil
}

func (b *box) SettleMessage(_ context.Context, id, outcome, answer string, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	row := b.rows[id]
	if row.Answer = answer; outcome != "" {
		row.Outcome, row.Done = outcome, now
	}
	b.rows[id] = row
	return nil
}

func (b *box) Lease(_ context.Context, _, owner string, length time.Duration) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lessee != owner && time.Now().Before(b.until) {
		return false, nil
	}
	b.lessee, b.until = owner, time.Now().Add(length)
	return true, nil
}

func (b *box) Release(_ context.Context, _, owner string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lessee == owner {
		b.lessee, b.until = "", time.Time{}
	}
	return nil
}

func (b *box) Audit(_ context.Context, a record.Audited) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.audited = append(b.audited, a)
	return nil
}

func (b *box) deliver(_ context.Context, m record.Message) (string, error) {
	b.mu.Lock()
	b.heard = append(b.heard, fmt.Sprint(m.To, " at ", m.Attempts+1))
	b.atOnce++
	b.mostOnce = max(b.mostOnce, b.atOnce)
	answer := b.answers[m.To]
	b.mu.Unlock()
	time.Sleep(10 * time.Millisecond)
	b.mu.Lock()
	b.atOnce--
	b.mu.Unlock()
	if answer == nil {
		return "200", nil
	}
	return answer(m.Attempts + 1)
}

// work runs outboxes over the box for a while.
func (b *box) work(t *testing.T, d time.Duration, owners ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var all sync.WaitGroup
	for _, owner := range owners {
		o := &Outbox{Name: "outbox", Store: b, Deliver: b.deliver, Now: time.Now, Owner: owner, Log: slog.New(slog.NewTextHandler(&b.log, nil))}
		all.Go(func() {
			if err := o.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func message(id string, to claims.ClientID) record.Message {
	return record.Message{ID: id, Kind: record.MessageLogout, To: to, Member: "ada", Reason: "signed_out", Created: time.Now(), Due: time.Now()}
}

func TestAMessageIsSaidOnceWhoeverWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(message("1", "wiki"), message("2", "git"))
		b.work(t, time.Minute, "a", "b", "c")
		slices.Sort(b.heard)
		if !slices.Equal(b.heard, []string{"git at 1", "wiki at 1"}) {
			t.Errorf("heard: %v", b.heard)
		}
		if m := b.rows["1"]; m.Outcome != record.OutcomeDelivered || m.Answer != "200" || m.Done.IsZero() {
			t.Errorf("it came to %+v", m)
		}
		if b.lessee != "" {
			t.Errorf("the lease is still %s's", b.lessee)
		}
	})
}

func TestWhatIsNotTakenIsSaidAgainAtTheseTimesAndThenGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		b := newBox(message("1", "wiki"))
		var at []time.Duration
		b.answers["wiki"] = func(int) (string, error) {
			at = append(at, time.Since(start).Round(10*time.Second))
			return "400", claims.ErrInvalid
		}
		b.work(t, 48*time.Hour, "a")
		var want []time.Duration
		var sum time.Duration
		for _, d := range append([]time.Duration{0}, again...) {
			sum += d
			want = append(want, sum)
		}
		if !slices.Equal(at, want) {
			t.Errorf("said at %v, want %v", at, want)
		}
		if m := b.rows["1"]; m.Outcome != record.OutcomeFailed || m.Answer != "400" || m.Attempts != len(again)+1 {
			t.Errorf("it came to %+v", m)
		}
		if len(b.audited) != 1 || b.audited[0].Subject != "member:ada" || !strings.Contains(b.audited[0].Action, "wiki") {
			t.Errorf("the audit says %+v", b.audited)
		}
		if n := strings.Count(b.log.String(), "a message was not taken"); n != len(again)+1 {
			t.Errorf("the log says it %d times:\n%s", n, &b.log)
		}
	})
}

func TestAMessageOfAProcessThatDiedIsSaidByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(message("1", "wiki"))
		row := b.rows["1"]
		row.Attempts, row.Due = 1, time.Now().Add(again[0]) // taken, and never settled
		b.rows["1"] = row
		b.lessee, b.until = "dead", time.Now().Add(leaseHeld)
		b.work(t, time.Minute, "a")
		if !slices.Equal(b.heard, []string{"wiki at 2"}) || b.rows["1"].Outcome != record.OutcomeDelivered {
			t.Errorf("heard: %v; %+v", b.heard, b.rows["1"])
		}
	})
}

func TestThereAreNoStormsAndTheSlowKeepNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		for i := range 200 {
			for _, to := range []claims.ClientID{"slow", "a", "b", "c", "d", "e", "f"} {
				m := message(fmt.Sprintf("%03d %s", i, to), to)
				b.rows[m.ID] = m
			}
		}
		b.answers["slow"] = func(int) (string, error) {
			time.Sleep(5 * time.Second)
			return "no answer", claims.ErrUnavailable
		}
		start := time.Now()
		for range 10 {
			before := len(b.heard)
			b.work(t, time.Second-time.Millisecond, "x")
			if n := len(b.heard) - before; n > perRound {
				t.Errorf("%d messages in one second, want %d at most", n, perRound)
			}
		}
		b.work(t, time.Minute, "x")
		slow := 0
		for _, h := range b.heard {
			if strings.HasPrefix(h, "slow") {
				slow++
			}
		}
		// Of 75 seconds, those with a slow one take five more.
		if n := len(b.heard) - slow; n < 600 || b.mostOnce > perRound {
			t.Errorf("in %v, %d messages to the quick and %d to the slow; %d at once", time.Since(start), n, slow, b.mostOnce)
		}
	})
}

func TestWhatNobodyWantsToHearIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(message("1", "wiki"))
		b.answers["wiki"] = func(int) (string, error) { return "not wanted", errUnwanted }
		b.work(t, time.Minute, "a")
		if m := b.rows["1"]; m.Outcome != record.OutcomeDropped || m.Attempts != 1 || strings.Contains(b.log.String(), "not taken") {
			t.Errorf("it came to %+v\n%s", m, &b.log)
		}
	})
}

func TestAnOutboxOutlivesItsDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(message("1", "wiki"))
		b.down = errors.New("away")
		b.work(t, time.Minute, "a")
		if n := strings.Count(b.log.String(), "the outbox is not worked at"); n != 1 || len(b.heard) != 0 {
			t.Errorf("said %d times, heard %v:\n%s", n, b.heard, &b.log)
		}
		b.down = nil
		b.work(t, time.Minute, "a")
		if len(b.heard) != 1 {
			t.Errorf("heard: %v", b.heard)
		}
	})
}
