package storetest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/store"
)

// envChild names the database that this process, a child of the test, is to
// write to until it is killed.
const envChild = "LANYARD_STORETEST_CHILD"

// Child writes facts and grants without end if this process was started for
// that, telling each on standard output once it is acknowledged. TestMain
// calls it first.
func Child() {
	url := os.Getenv(envChild)
	if url == "" {
		return
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{URL: url, Now: func() time.Time { return noon }, Plan: AsTold})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	run := s.Directory().Seq().N
	for range 2 {
		go writeGrants(ctx, s, run)
	}
	for i := 0; ; i++ {
		n := int(run) + 3*i
		tell("fact", n+3, define(ctx, s, tag(n), tag(n+1), claims.Member{
			ID: claims.MemberID(fmt.Sprint("m", n)), Sub: fmt.Sprint("s", n), Username: fmt.Sprint("u", n)}))
	}
}

func writeGrants(ctx context.Context, s *store.Store, run uint64) {
	for {
		g := code(fmt.Sprintf("g-%d-%d", run, rand.Uint64()))
		tell("grant", g.ID, s.CreateGrant(ctx, g))
		tell("spent", g.ID, s.SpendGrant(ctx, g.ID, idle, noon))
	}
}

func tell(what string, which any, err error) {
	if err != nil {
		what, which = "error", err
	}
	os.Stdout.WriteString(fmt.Sprintln(what, which)) // one write, so that a kill leaves whole lines
}

// Kill writes from a child process, kills it at a random moment, several
// times, and holds that whatever was acknowledged is there, that the change
// log has no gap and agrees with the tables, and that nothing needs mending.
func Kill(t *testing.T, fresh Fresh) {
	w := &world{T: t, url: fresh(t), Clock: &Clock{now: noon}}
	s, err := store.Open(w.Context(), store.Config{URL: w.url, Now: w.Now, Plan: AsTold})
	w.ok(err)
	w.ok(s.Close())
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	facts, grants := 0, 0
	for range rounds {
		said := runAndKill(w)
		f, g := check(w, said)
		facts, grants = max(facts, f), grants+g
	}
	if facts == 0 || grants == 0 {
		t.Errorf("the children acknowledged %d facts and %d grants: nothing was tested", facts, grants)
	}
	t.Logf("%d kills; %d facts and %d grants were acknowledged, all are there", rounds, facts, grants)
}

// runAndKill returns the lines a child said before it was killed.
func runAndKill(w *world) []string {
	w.Helper()
	child := exec.CommandContext(w.Context(), os.Args[0])
	child.Env = append(os.Environ(), envChild+"="+w.url)
	out, err := child.StdoutPipe()
	w.ok(err)
	w.ok(child.Start())
	var said []string
	last := 30 + rand.IntN(400)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if len(said) == last {
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond) // into the middle of something
			w.ok(child.Process.Kill())
		}
	}
	child.Wait() // "signal: killed"
	return said
}

// check opens the database after a kill and holds said against it. It returns
// how many facts and grants had been acknowledged.
func check(w *world, said []string) (facts, grants int) {
	w.Helper()
	s, err := store.Open(w.Context(), store.Config{URL: w.url, Now: w.Now, Plan: AsTold})
	w.ok(err)
	defer s.Close()
	for _, line := range said {
		what, which, _ := strings.Cut(line, " ")
		switch what {
		case "fact":
			fmt.Sscan(which, &facts)
		case "grant", "spent":
			g, err := s.GrantFresh(w.Context(), which)
			if err != nil || what == "spent" && g.Spent.IsZero() {
				w.Errorf("%q was acknowledged, but the row is %+v, %v", line, g, err)
			}
			grants++
		default:
			w.Errorf("the child said %q", line)
		}
	}
	at := s.Directory().Seq().N
	if at < uint64(facts) || at%3 != 0 {
		w.Errorf("seq %d was acknowledged, the head is at %d; each change has 3 facts", facts, at)
	}
	log, err := s.Changes(w.Context(), claims.Seq{}, 1_000_000)
	w.ok(err)
	if uint64(len(log)) != at {
		w.Errorf("the log has %d changes, the head is at %d", len(log), at)
	}
	for i, c := range log {
		if c.N != uint64(i)+1 {
			w.Fatalf("change %d has number %d", i+1, c.N)
		}
		same(w.T, "after a kill", s, c.Fact)
	}
	return facts, grants
}
