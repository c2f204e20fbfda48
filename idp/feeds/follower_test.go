package feeds

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lanyard/claims"
)

func TestOnlyTheMembersThatAChangeTouchesAreLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		stop := l.follow(t, "a")
		defer stop()
		synctest.Wait()
		l.change(claims.Credential{ID: "c", Member: "m1"})
		l.change(barred("m3"), barred("nobody"))
		time.Sleep(settle - time.Millisecond)
		if judged, _, _ := l.saw(); judged != 0 {
			t.Error("it was looked at before every process knew")
		}
		time.Sleep(time.Second)
		if judged, queued, asked := l.saw(); judged != 1 || len(queued) != 1 || queued[0].Told.Member != "m3" || !slices.Equal(asked, []string{"of [m3 nobody]"}) {
			t.Errorf("judged %d, queued %+v, read %v", judged, queued, asked)
		}
		if at, err := l.Place(t.Context(), lossName); err != nil || at != l.directory().Seq() {
			t.Errorf("its place is %v, %v, want %v", at, err, l.directory().Seq())
		}
	})
}

func TestABurstIsLookedAtOnceOrTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		stop := l.follow(t, "a")
		defer stop()
		synctest.Wait()
		for i := range 100 {
			l.change(claims.Tag{Slug: "t", Label: fmt.Sprint(i)}) // each concerns everybody
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		if judged, _, _ := l.saw(); judged == 0 || judged > 2*1200 {
			t.Errorf("a hundred changes in a second: %d judged, want %d at most", judged, 2*1200)
		}
	})
}

func TestAClientsSettingsTouchThatClientAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		stop := l.follow(t, "a")
		defer stop()
		synctest.Wait()
		l.change(claims.Client{ID: "git"})
		time.Sleep(time.Minute)
		if judged, _, asked := l.saw(); judged != 0 || !slices.Equal(asked, []string{"all at git", "of []"}) {
			t.Errorf("judged %d, read %v", judged, asked)
		}
	})
}

func TestOneOfManyProcessesLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		stop := l.follow(t, "a", "b", "c")
		defer stop()
		synctest.Wait()
		l.change(barred("m3"))
		time.Sleep(time.Minute)
		l.change(barred("m4"))
		time.Sleep(time.Minute)
		if judged, queued, _ := l.saw(); judged != 2 || len(queued) != 2 {
			t.Errorf("judged %d, queued %d, want 2", judged, len(queued))
		}
	})
}

func TestWhatChangedWhileNobodyServedIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		stop := l.follow(t, "a")
		synctest.Wait()
		stop()
		l.change(barred("m3"))
		stop = l.follow(t, "b")
		defer stop()
		time.Sleep(time.Minute)
		if _, queued, _ := l.saw(); len(queued) != 1 {
			t.Errorf("queued %+v", queued)
		}
	})
}

func TestWhoLostTheThreadLooksAtEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		l.place[lossName] = l.dir.Seq()
		l.change(barred("m3"))
		l.expired = true
		stop := l.follow(t, "a")
		defer stop()
		time.Sleep(time.Minute)
		if judged, queued, _ := l.saw(); judged != 1200 || len(queued) != 1 {
			t.Errorf("judged %d, queued %d", judged, len(queued))
		}
	})
}

func TestAFailureIsTriedAgainAndOneThatCannotBeJudgedHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLot()
		stop := l.follow(t, "a")
		synctest.Wait()
		l.mu.Lock()
		l.down = errors.New("away")
		l.mu.Unlock()
		l.change(barred("m3"), barred("m7"))
		time.Sleep(time.Minute)
		if _, queued, _ := l.saw(); len(queued) != 0 {
			t.Errorf("queued %+v while the database is away", queued)
		}
		l.mu.Lock()
		l.down = nil
		l.mu.Unlock()
		time.Sleep(time.Minute)
		_, queued, _ := l.saw()
		stop()
		if log := l.log.String(); len(queued) != 1 || strings.Count(log, "is not looked at") != 1 || !strings.Contains(log, "cannot be judged") {
			t.Errorf("queued %+v:\n%s", queued, log)
		}
	})
}
