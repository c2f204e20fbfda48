package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/cmd/lanyard/config"
	"lanyard/idp/login"
	"lanyard/idp/record"
)

// The program as it is installed, when much is going on.

// manyGrants is how many grants live in a full database.
const manyGrants = 1_000_000

// BenchmarkInstalledFull measures the same with an empty database and with a
// million live grants in it.
func BenchmarkInstalledFull(b *testing.B) {
	if os.Getenv("LANYARD_SLOW") == "" {
		b.Skip("a million grants take a minute to make: LANYARD_SLOW=1")
	}
	in := install(b)
	cfg := in.elsewhere(b)
	b.Run("empty", in.usual)
	before := in.size(b, cfg)
	fill(b, cfg, manyGrants)
	b.Run("full", in.usual)
	b.Run("grant", func(b *testing.B) {
		b.ReportMetric((in.size(b, cfg)-before)/manyGrants, "B/grant")
		b.ReportMetric(0, "ns/op")
	})
}

// elsewhere has the program work on a copy of its database.
func (in *installed) elsewhere(b *testing.B) config.Config {
	b.Helper()
	dir := b.TempDir()
	for _, name := range []string{"lanyard.db", "lanyard.keys"} {
		text, err := os.ReadFile(filepath.Join(in.dir, "data", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	cfg, err := config.Load("", nil)
	if err != nil {
		b.Fatal(err)
	}
	cfg.Issuer, cfg.Log.Level = in.issuer, "warn"
	cfg.Database.URL = record.Secret("sqlite:" + filepath.Join(dir, "lanyard.db"))
	in.env = append(in.env, "LANYARD_DATABASE_URL="+string(cfg.Database.URL))
	return cfg
}

// size is what the database takes, in bytes, once its log is written back.
func (in *installed) size(b *testing.B, cfg config.Config) float64 {
	b.Helper()
	file, _ := cfg.SQLiteFile()
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size())
}

// fill makes live grants, each with refresh tokens.
func fill(b *testing.B, cfg config.Config, n int64) {
	b.Helper()
	ring, err := openRing(cfg)
	if err != nil {
		b.Fatal(err)
	}
	st, _, err := openStore(b.Context(), cfg, ring, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	var made atomic.Int64
	var all sync.WaitGroup
	now := time.Now().UTC().Truncate(time.Microsecond)
	for range 64 {
		all.Go(func() {
			for made.Add(1) <= n {
				err := st.CreateGrant(b.Context(), record.Grant{ID: record.Random(16), Kind: record.GrantCode, Client: "app", Member: claims.MemberID(record.NewID(now)),
					Session: record.Random(16), Requested: []string{"openid", "groups", "offline_access"}, Scopes: []string{"openid", "groups", "offline_access"},
					AuthTime: now, AMR: []string{"pwd"}, ACR: 1, Created: now, CodeExpires: now, Spent: now, Generation: 1, Rotated: now,
					IdleUntil: now.Add(30 * 24 * time.Hour), Expires: now.Add(180 * 24 * time.Hour)})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// usual starts the program and measures what it does most.
func (in *installed) usual(b *testing.B) {
	start := in.serve(b)
	b.Run("start", func(b *testing.B) {
		b.ReportMetric(float64(start.Milliseconds()), "ms-to-discovery")
		b.ReportMetric(0, "ns/op")
	})
	defer in.kill()
	in.signing(b, "ES256")
	b.Run("client_credentials", func(b *testing.B) {
		in.charge(b, 64, in.post("/token", "dashboard", url.Values{"grant_type": {"client_credentials"}}, `"access_token"`))
	})
	b.Run("introspect", func(b *testing.B) {
		in.charge(b, 8, in.post("/introspect", "dashboard", url.Values{"token": {in.ada(b, "openid", "groups").Access}}, `"active":true`))
	})
	b.Run("refresh", in.refresh)
	b.Run("code", in.codeFlow)
}

// BenchmarkInstalledCrowd is sixty-four browsers of one member, at one client,
// at once: none of them may fail.
func BenchmarkInstalledCrowd(b *testing.B) {
	in := install(b)
	in.serve(b)
	in.signing(b, "ES256")
	b.Run("code", func(b *testing.B) { in.codeFlows(b, 64) })
	b.Run("one-family", func(b *testing.B) {
		refresh, client := in.ada(b, "openid", "groups", "offline_access").Refresh, in.keepAlive()
		in.charge(b, 64, func() error { // within its grace, each is answered with the same successor
			_, err := in.exchange(client, url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "refresh_token": {refresh}})
			return err
		})
	})
}

// BenchmarkInstalledBusyLogins is how long tokens take while far more people
// sign in than passwords can be hashed: each of 64 tries again at once.
func BenchmarkInstalledBusyLogins(b *testing.B) {
	in := install(b)
	in.crowd(b, in.elsewhere(b), 64)
	in.env = append(in.env, "LANYARD_HTTP_TRUSTED_PROXIES=127.0.0.1") // each comes from an address of their own
	in.serve(b)
	token := in.post("/token", "dashboard", url.Values{"grant_type": {"client_credentials"}}, `"access_token"`)
	stop, signedIn, sentAway := make(chan struct{}), atomic.Int64{}, atomic.Int64{}
	var crowd sync.WaitGroup
	for i := range 64 {
		crowd.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				switch status, err := in.logIn(i); {
				case status == http.StatusSeeOther:
					signedIn.Add(1)
				case status == http.StatusServiceUnavailable:
					sentAway.Add(1)
					time.Sleep(100 * time.Millisecond)
				case status == http.StatusTooManyRequests: // again and again the same person
					time.Sleep(100 * time.Millisecond)
				default:
					b.Errorf("a sign-in answers %d, %v", status, err)
					return
				}
			}
		})
	}
	time.Sleep(time.Second)
	begin, took := time.Now(), make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		if err := token(); err != nil {
			b.Error(err)
		}
		took = append(took, time.Since(began))
		time.Sleep(2 * time.Millisecond)
	}
	b.StopTimer()
	close(stop)
	b.ReportMetric(float64(signedIn.Load())/time.Since(begin).Seconds(), "logins/s")
	crowd.Wait()
	slices.Sort(took)
	for name, q := range map[string]float64{"p50-ms": .5, "p99-ms": .99} {
		b.ReportMetric(float64(took[int(q*float64(len(took)-1))].Microseconds())/1000, name)
	}
	b.ReportMetric(float64(sentAway.Load()), "sent-away")
}

// crowd adds members who sign in with the demo's password.
func (in *installed) crowd(b *testing.B, cfg config.Config, n int) {
	b.Helper()
	ring, err := openRing(cfg)
	if err != nil {
		b.Fatal(err)
	}
	st, _, err := openStore(b.Context(), cfg, ring, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	phc := login.HashPassword(in.known.Password)
	for i := range n {
		m := claims.Member{ID: claims.MemberID(record.NewID(time.Now())), Sub: record.Random(16), Username: fmt.Sprintf("crowd%d", i), State: claims.StateActive}
		if _, err := st.Change(b.Context(), claims.Actor{Kind: claims.ActorOperator, ID: "bench"}, "", claims.AddMember{Member: m}); err != nil {
			b.Fatal(err)
		}
		if err := st.SetPassword(b.Context(), record.Password{Member: m.ID, PHC: phc, Changed: time.Now()}); err != nil {
			b.Fatal(err)
		}
	}
}

// logIn signs one of the crowd in with a browser of their own.
func (in *installed) logIn(who int) (status int, err error) {
	client := in.keepAlive()
	defer client.CloseIdleConnections()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	form := url.Values{"username": {fmt.Sprintf("crowd%d", who)}, "password": {in.known.Password}}
	r, err := http.NewRequest(http.MethodPost, in.issuer+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", who))
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, err
	}
	if res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") == "" {
		return 0, errors.New("503 without Retry-After")
	}
	return res.StatusCode, nil
}
