package login

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

// badAnswers are answers to a sign-in that prove nothing; what the page says
// to each, and how it is answered.
var badAnswers = map[string]struct {
	spoil func(*bench, *device, options) string
	code  int
	says  string
}{
	"another origin":          {func(b *bench, d *device, o options) string { d.origin = "https://evil.example"; return d.uses(o) }, 401, "not accepted"},
	"another port":            {func(b *bench, d *device, o options) string { d.origin += ":8443"; return d.uses(o) }, 401, "not accepted"},
	"another host":            {func(b *bench, d *device, o options) string { d.host = "evil.example"; return d.uses(o) }, 401, "not accepted"},
	"another challenge":       {func(b *bench, d *device, o options) string { return d.signs("get", strings.Repeat("A", 43)) }, 401, "not accepted"},
	"signed for a new one":    {func(b *bench, d *device, o options) string { return d.signs("create", o.PublicKey.Challenge) }, 401, "not accepted"},
	"another key":             {func(b *bench, d *device, o options) string { d.key = newDevice().key; return d.uses(o) }, 401, "not accepted"},
	"nobody there":            {func(b *bench, d *device, o options) string { d.present = false; return d.uses(o) }, 401, "not accepted"},
	"another member's handle": {func(b *bench, d *device, o options) string { d.handle = []byte("m-sus"); return d.uses(o) }, 401, "not accepted"},
	"no handle":               {func(b *bench, d *device, o options) string { d.handle = nil; return d.uses(o) }, 401, "not accepted"},
	"none that is known":      {func(b *bench, d *device, o options) string { d.id = []byte("somebody's elsewhere"); return d.uses(o) }, 401, "not known"},
	"one that was removed":    {func(b *bench, d *device, o options) string { b.factors[0].Ended = b.now; return d.uses(o) }, 401, "not known"},
	"no JSON":                 {func(b *bench, d *device, o options) string { return d.uses(o)[1:] }, 401, "not accepted"},
	"another's JSON":          {func(b *bench, d *device, o options) string { return `{"id":"x"}` }, 401, "not accepted"},
	"nothing":                 {func(b *bench, d *device, o options) string { return "" }, 401, "not accepted"},
	"a new passkey":           {func(b *bench, d *device, o options) string { return d.makes(o) }, 401, "not accepted"},
	"too late":                {func(b *bench, d *device, o options) string { b.now = b.now.Add(passkeyLife); return d.uses(o) }, 410, "took too long"},
	"unasked":                 {func(b *bench, d *device, o options) string { b.question = ""; return d.uses(o) }, 410, "took too long"},
	"a made-up question": {func(b *bench, d *device, o options) string {
		b.question = strings.Replace(b.question, "passkey/", "password/", 1)
		return d.uses(o)
	}, 410, "took too long"},
	"a barred member": {func(b *bench, d *device, o options) string {
		m, _ := claims.Get[claims.Member](b.dir, "m-ada")
		m.BarredAt = b.now
		b.dir = b.dir.With(claims.Seq{N: b.dir.Seq().N + 1}, m)
		return d.uses(o)
	}, 403, "cannot sign in any more"},
}

func TestPasskeysThatProveNothingSignNobodyIn(t *testing.T) {
	for what, c := range badAnswers {
		b, d := newBench(t), newDevice()
		withPasskey(b, d)
		b.now = b.now.Add(time.Minute)
		o := b.askedAt("/login/passkey/begin")
		answer := c.spoil(b, d, o)
		before, links := slices.Clone(b.factors), len(b.links)
		w := b.post("/login/passkey", "answer", answer)
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) || !strings.Contains(w.Body.String(), `action="/login"`) {
			t.Errorf("%s: %d, want %d and %q:\n%s", what, w.Code, c.code, c.says, w.Body)
		}
		if strings.Contains(w.Body.String(), "data-offer") || !strings.Contains(w.Body.String(), `data-passkey="use"`) {
			t.Errorf("%s: the browser's list offers the same again, or the button is gone", what)
		}
		if _, in := b.current(); in {
			t.Errorf("%s: signed in", what)
		}
		if !slices.Equal(b.factors, before) || len(b.links) != links {
			t.Errorf("%s: something was written", what)
		}
	}
}

func TestACopiedPasskeyIsRefusedAndAudited(t *testing.T) {
	b, d := newBench(t), newDevice()
	d.count = 5
	withPasskey(b, d)
	copied := *d
	if w := b.shows(d); w.Code != 303 {
		t.Fatalf("the first time: %d %s", w.Code, w.Body)
	}
	b.anotherBrowser()
	for what, count := range map[string]uint32{"as often": 5, "less often": 3, "never": 0} {
		copied.count = count
		w := b.shows(&copied)
		if _, in := b.current(); in || w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "may have been copied") {
			t.Errorf("%s: signed in %v, %d", what, in, w.Code)
		}
	}
	n := 0
	for _, a := range b.audited {
		if a.Action == "refuse a passkey that may be copied" && a.Subject == "factor:"+passkeyID(d.id) && a.Actor == "member:m-ada" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("audited %d times, want 3: %+v", n, b.audited)
	}
	if w := b.shows(d); w.Code != 303 {
		t.Errorf("the first device afterwards: %d", w.Code)
	}
}

// TestAPasskeyOfAnotherIsNoSecondStep has bob's passkey answer where ada gave
// her password.
func TestAPasskeyOfAnotherIsNoSecondStep(t *testing.T) {
	b, d, other := newBench(t), newDevice(), newDevice()
	withPasskey(b, d)
	b.signIn("sus")
	b.addPasskey(other, "")
	b.anotherBrowser()
	b.signIn("ada")
	for what, answer := range map[string]func() string{
		"another's": func() string { return other.uses(b.askedAt("/login/second/passkey/begin")) },
		"another's, by her handle": func() string {
			other.handle = d.handle
			return other.uses(b.askedAt("/login/second/passkey/begin"))
		},
		"hers, asked for at the sign-in page": func() string { return d.uses(b.askedAt("/login/passkey/begin")) },
	} {
		w := b.post("/login/second", "answer", answer(), "return", "/x")
		if _, in := b.current(); in || w.Code != 401 && w.Code != 410 || !strings.Contains(w.Body.String(), `id="problem"`) {
			t.Errorf("%s: signed in %v, %d to %q", what, in, w.Code, w.Header().Get("Location"))
		}
	}
	b.half = ""
	if w := b.post("/login/second/passkey/begin"); w.Code != 404 || !strings.Contains(w.Header().Get("Content-Type"), "json") {
		t.Errorf("without a password, the question: %d", w.Code)
	}
	if w := b.post("/login/second", "answer", d.signs("get", "x"), "return", "/x"); w.Code != 303 || w.Header().Get("Location") != "/login?return=%2Fx" {
		t.Errorf("without a password, the answer: %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestNewPasskeysThatProveNothingAreNotKept(t *testing.T) {
	for what, c := range map[string]struct {
		answer func(*bench, *device) string
		name   string
		says   string
	}{
		"another origin": {answer: func(b *bench, d *device) string {
			d.origin = "https://evil.example"
			return d.makes(b.askedAt("/security/passkey/begin"))
		}, says: "not accepted"},
		"another host": {answer: func(b *bench, d *device) string {
			d.host = "evil.example"
			return d.makes(b.askedAt("/security/passkey/begin"))
		}, says: "not accepted"},
		"another challenge": {answer: func(b *bench, d *device) string {
			o := b.askedAt("/security/passkey/begin")
			b.askedAt("/security/passkey/begin")
			return d.makes(o)
		}, says: "not accepted"},
		"one to sign in by": {answer: func(b *bench, d *device) string { return d.makes(b.askedAt("/login/passkey/begin")) }, says: "took too long"},
		"asked for as somebody else": {answer: func(b *bench, d *device) string {
			o := b.askedAt("/security/passkey/begin")
			b.signIn("sus")
			return d.makes(o)
		}, says: "took too long"},
		"too late": {answer: func(b *bench, d *device) string {
			o := b.askedAt("/security/passkey/begin")
			b.now = b.now.Add(passkeyLife)
			return d.makes(o)
		}, says: "took too long"},
		"no JSON":  {answer: func(b *bench, d *device) string { b.askedAt("/security/passkey/begin"); return "{" }, says: "not accepted"},
		"too long": {answer: func(b *bench, d *device) string { return d.makes(b.askedAt("/security/passkey/begin")) }, name: strings.Repeat("é", maxPasskeyName+1), says: "at most 60"},
		"a use":    {answer: func(b *bench, d *device) string { return d.uses(b.askedAt("/security/passkey/begin")) }, says: "not accepted"},
	} {
		b, d := newBench(t), newDevice()
		b.signIn("ada")
		w := b.post("/security/passkey", "answer", c.answer(b, d), "name", c.name)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), c.says) || len(b.factors) > 0 {
			t.Errorf("%s: %d, %d kept; want %q:\n%s", what, w.Code, len(b.factors), c.says, w.Body)
		}
	}
}

func TestAPasskeyIsOneMembersAlone(t *testing.T) {
	b, d := newBench(t), newDevice()
	withPasskey(b, d)
	b.signIn("sus")
	kept := len(b.factors)
	if w := b.post("/security/passkey", "answer", d.makes(b.askedAt("/security/passkey/begin"))); w.Code != 422 || !strings.Contains(w.Body.String(), "known here already") || len(b.factors) != kept {
		t.Errorf("the id of another's: %d, %d kept", w.Code, len(b.factors)-kept)
	}
	if w := b.post("/security/factor/remove", "factor", passkeyID(d.id)); w.Code != http.StatusNotFound {
		t.Errorf("another's is removed: %d", w.Code)
	}
}

func TestAMemberHasTwentyPasskeysAtMost(t *testing.T) {
	b := newBench(t)
	b.signIn("ada")
	for range maxPasskeys {
		b.addPasskey(newDevice(), "")
	}
	if w := b.post("/security/passkey/begin"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), fmt.Sprint(maxPasskeys)) {
		t.Errorf("one more: %d %s", w.Code, w.Body)
	}
}

func TestWrongPasskeysAreSlowedByAddress(t *testing.T) {
	b, d := newBench(t), newDevice()
	withPasskey(b, d)
	slowed := 0
	for range addressLimit.free + 5 { // each time another one, that nobody knows
		if w := b.shows(newDevice()); w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "" && strings.Contains(w.Body.String(), "Too many") {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("none of them was made to wait")
	}
	if w := b.shows(d); w.Code != http.StatusTooManyRequests {
		t.Errorf("a good one from there: %d", w.Code)
	}
	b.addr = "198.51.100.7:4000"
	if w := b.shows(d); w.Code != 303 {
		t.Errorf("a good one from elsewhere: %d", w.Code)
	}
}

func TestOtherSitesCannotUsePasskeys(t *testing.T) {
	b, d := newBench(t), newDevice()
	withPasskey(b, d)
	answer := d.uses(b.askedAt("/login/passkey/begin"))
	b.site = "cross-site"
	for _, path := range []string{"/login/passkey/begin", "/login/passkey", "/security/passkey/begin", "/security/passkey", "/login/second/passkey/begin", "/login/step/passkey/begin"} {
		if w := b.post(path, "answer", answer); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestAStoreOutOfReachIsNoWrongPasskey(t *testing.T) {
	b, d := newBench(t), newDevice()
	withPasskey(b, d)
	o := b.askedAt("/login/passkey/begin")
	b.broken = claims.ErrUnavailable
	if w := b.post("/login/passkey", "answer", d.uses(o)); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d", w.Code)
	}
	b.broken = nil
	if w := b.post("/login/passkey", "answer", d.uses(o)); w.Code != 303 {
		t.Errorf("once it is back: %d", w.Code)
	}
}
