package login

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (b *bench) link(purpose string, m claims.MemberID) string {
	path, link := NewLink(purpose, m, b.now, time.Hour)
	b.links[link.ID] = link
	return path
}

func (f *fake) EndGrants(_ context.Context, g record.GrantFilter, _ string, _ time.Time) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grants = append(f.grants, g)
	return 1, f.broken
}

func setup(name, password string) []string {
	return []string{"username", name, "name", "Grace Hopper", "password", password, "again", password}
}

func TestLookingAtASetupLinkDoesNotUseItUp(t *testing.T) {
	b := newBench(t)
	path := b.link(PurposeAdmin, "")
	for range 3 { // chat programs fetch what is pasted into them
		if w := b.get(path); w.Code != 200 || !strings.Contains(w.Body.String(), "Makerspace Delft") {
			t.Fatalf("%d", w.Code)
		}
	}
	w := b.post(path, setup("Grace", "correct donkey battery staple")...)
	if w.Code != 303 || w.Header().Get("Location") != "/" {
		t.Fatalf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	s, ok := b.current()
	if !ok {
		t.Fatal("not signed in afterwards")
	}
	if b.actors[0].Kind != claims.ActorOperator || len(b.changes) != 1 {
		t.Errorf("changed by %v: %v", b.actors, b.changes)
	}
	add, tag := b.changes[0][0].(claims.AddMember), b.changes[0][1].(claims.Assign)
	if add.Member.Username != "grace" || add.Member.ID != s.Member || add.Member.Sub == "" || add.Member.State != claims.StateActive {
		t.Errorf("member %+v", add.Member)
	}
	if tag.Assignment.Tag != "admin" || tag.Assignment.TargetID != string(s.Member) || tag.Assignment.Target != claims.TargetMember {
		t.Errorf("tag %+v", tag.Assignment)
	}
	if p := b.passwords[s.Member]; !strings.HasPrefix(p.PHC, "$argon2id$") {
		t.Errorf("password %+v", p)
	}
}

func TestLinkWorksOnceEvenForManyAtOnce(t *testing.T) {
	b := newBench(t)
	path := b.link(PurposeAdmin, "")
	var mu sync.Mutex
	var group sync.WaitGroup
	codes := map[int]int{}
	for i := range 8 {
		group.Go(func() {
			one := &bench{T: t, fake: b.fake, login: b.login, handler: b.handler, site: "same-origin", addr: b.addr}
			w := one.post(path, setup("grace"+string(rune('a'+i)), goodPassword)...)
			mu.Lock()
			defer mu.Unlock()
			codes[w.Code]++
		})
	}
	group.Wait()
	if codes[303] != 1 || codes[409] != 7 || len(b.changes) != 1 {
		t.Errorf("answers %v, %d administrators made", codes, len(b.changes))
	}
	if w := b.get(path); w.Code != 409 || !strings.Contains(w.Body.String(), "used already") {
		t.Errorf("afterwards: %d", w.Code)
	}
}

func TestSetupFormSaysWhatIsWrongAndKeepsTheLink(t *testing.T) {
	b := newBench(t)
	path := b.link(PurposeAdmin, "")
	for name, c := range map[string]struct {
		form []string
		want string
	}{
		"taken name":       {setup("ada", goodPassword), "is taken"},
		"impossible name":  {setup("Grace Hopper!", goodPassword), "starting with a letter"},
		"short password":   {setup("grace", "short"), "too short"},
		"own name":         {setup("grace", "gracehopper1"), "little more than your name"},
		"organisation":     {setup("grace", "makerspacedelft"), "organisation"},
		"common":           {setup("grace", "qwertyuiop"), "tried first"},
		"two passwords":    {[]string{"username", "grace", "name", "G", "password", goodPassword, "again", "another long one"}, "not the same"},
		"nameless":         {[]string{"username", "grace", "name", " ", "password", goodPassword, "again", goodPassword}, "what others should call you"},
		"markup in a name": {[]string{"username", `"><script>`, "name", "G", "password", goodPassword, "again", goodPassword}, "starting with a letter"},
	} {
		w := b.post(path, c.form...)
		if w.Code != 422 || !strings.Contains(w.Body.String(), c.want) || strings.Contains(w.Body.String(), "<script") || strings.Contains(w.Body.String(), goodPassword) {
			t.Errorf("%s: %d, want %q in\n%s", name, w.Code, c.want, w.Body)
		}
	}
	if len(b.changes) != 0 || b.get(path).Code != 200 {
		t.Error("a form that was wrong used the link up or changed something")
	}
}

func TestBadLinksLeadNowhere(t *testing.T) {
	b := newBench(t)
	expired, link := NewLink(PurposeAdmin, "", b.now.Add(-2*time.Hour), time.Hour)
	b.links[link.ID] = link
	password := b.link(PurposePassword, "m-ada")
	secret := strings.TrimPrefix(password, "/password/")
	for path, want := range map[string]int{
		expired: 410, "/setup/" + record.Random(32): 404, "/setup/x": 404, "/setup/" + secret: 404, "/setup/" + secret[:42] + "%00": 404,
		"/setup/" + hashed(secret): 404, b.link(PurposePassword, "m-bar"): 404, b.link(PurposePassword, "m-gone"): 404,
	} {
		if w := b.get(path); w.Code != want {
			t.Errorf("GET %.30s: %d, want %d", path, w.Code, want)
		}
		if w := b.post(path, setup("grace", goodPassword)...); w.Code != want {
			t.Errorf("POST %.30s: %d, want %d", path, w.Code, want)
		}
	}
	if len(b.changes) != 0 {
		t.Error("something was changed")
	}
}

func TestPasswordLinkSetsItAndEndsSessions(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	path := b.link(PurposePassword, "m-ada")
	if w := b.get(path); w.Code != 200 || !strings.Contains(w.Body.String(), "<strong>ada</strong>") {
		t.Fatalf("%d", w.Code)
	}
	const next = "four wild words here"
	if w := b.post(path, "password", next, "again", next); w.Code != 303 || w.Header().Get("Location") != "/login?done=password" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if _, ok := b.current(); ok {
		t.Error("the session from before goes on")
	}
	if w := b.post("/login", "username", "ada", "password", goodPassword); w.Code != 401 {
		t.Errorf("the old password: %d", w.Code)
	}
	if w := b.post("/login", "username", "ada", "password", next); w.Code != 303 {
		t.Errorf("the new password: %d", w.Code)
	}
	if w := b.post(path, "password", next, "again", next); w.Code != 409 {
		t.Errorf("the link again: %d", w.Code)
	}
	b.site = "cross-site"
	if w := b.post(b.link(PurposePassword, "m-ada"), "password", next, "again", next); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
}

func TestSetupLinksFromBeforeAnAdministratorAreOver(t *testing.T) {
	b := newBench(t)
	early := b.link(PurposeAdmin, "")
	b.now = b.now.Add(time.Minute)
	for by, want := range map[string]int{"member:m-ada": 200, "operator:setup": 410} { // made by hand, or by a link
		b.dir = b.dir.With(claims.Seq{N: b.dir.Seq().N + 1},
			claims.Assignment{ID: "t1", Tag: claims.TagAdmin, Target: claims.TargetMember, TargetID: "m-ada", AssignedBy: by, AssignedAt: b.now})
		if w := b.get(early); w.Code != want {
			t.Errorf("an administrator made by %s: GET %d, want %d", by, w.Code, want)
		}
		if w := b.post(early, setup("x", "short")...); want == 410 && w.Code != 410 {
			t.Errorf("an administrator made by %s: POST %d", by, w.Code)
		}
	}
	b.now = b.now.Add(time.Minute)
	if w := b.get(b.link(PurposeAdmin, "")); w.Code != 200 {
		t.Errorf("a link from after, as a way back in: %d", w.Code)
	}
}

func TestNewPasswordEndsWhatTheOldOneGave(t *testing.T) {
	b := newBench(t)
	b.passwords["m-ada"] = record.Password{Member: "m-ada", PHC: goodPHC(), Changed: b.now.Add(-time.Hour)}
	lost, path := b.link(PurposePassword, "m-ada"), b.link(PurposePassword, "m-ada")
	b.now = b.now.Add(time.Minute)
	const next = "four wild words here"
	if w := b.post(path, "password", next, "again", next); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if len(b.grants) != 1 || b.grants[0] != (record.GrantFilter{Member: "m-ada"}) {
		t.Errorf("grants ended: %+v, want all of ada's, those with refresh tokens too", b.grants)
	}
	if w := b.get(lost); w.Code != 410 {
		t.Errorf("a link from before: GET %d", w.Code)
	}
	if w := b.post(lost, "password", "quite another one", "again", "quite another one"); w.Code != 410 {
		t.Errorf("a link from before: POST %d", w.Code)
	}
	b.now = b.now.Add(time.Minute)
	if w := b.get(b.link(PurposePassword, "m-ada")); w.Code != 200 {
		t.Errorf("a link from after: %d", w.Code)
	}
}

func TestNameTakenMeanwhileIsSaidInWords(t *testing.T) {
	b := newBench(t)
	b.changeErr = claims.ErrConflict
	w := b.post(b.link(PurposeAdmin, ""), setup("grace", goodPassword)...)
	if w.Code != 409 || !strings.Contains(w.Body.String(), "Ask the operator for a new one") || len(b.passwords) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
