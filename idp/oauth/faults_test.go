package oauth

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// logged serves a request as the program does, and returns its log line.
func (w *world) logged(req *http.Request) (line map[string]any) {
	w.t.Helper()
	var out bytes.Buffer
	mux := http.NewServeMux()
	Routes(w.provider, mux)
	web.WithRequest(web.RequestConfig{Log: slog.New(slog.NewJSONHandler(&out, nil)), Now: w.clock}, mux).
		ServeHTTP(httptest.NewRecorder(), req)
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		w.t.Fatalf("log %q: %v", out.String(), err)
	}
	return line
}

func call(path, user, pass string, form url.Values) *http.Request {
	req := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if user != "" {
		req.SetBasicAuth(user, pass)
	}
	return req
}

func TestEveryErrorOfAClientIsLoggedAsItsFault(t *testing.T) {
	w := newWorld(t)
	spent := w.code("ada", request("wiki", "openid"))
	w.redeem("wiki", spent)
	late := w.login("bob", "wiki", "openid offline_access").text("refresh_token")
	w.do(claims.SetState{Member: "bob", State: claims.StateSuspended})
	info := httptest.NewRequest("GET", PathUserInfo, nil)
	info.Header.Set("Authorization", "Bearer lat_x")
	redeem := url.Values{"grant_type": {grantCode}, "code": {spent}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
	for what, c := range map[string]struct {
		req   *http.Request
		fault string
	}{
		"no such grant type":  {call(PathToken, "wiki", secret, url.Values{"grant_type": {"password"}}), "invalid"},
		"no such code":        {call(PathToken, "wiki", secret, url.Values{"grant_type": {grantCode}, "code": {"x"}}), "invalid"},
		"a code twice":        {call(PathToken, "wiki", secret, redeem), "replay"},
		"a wrong secret":      {call(PathToken, "wiki", "wrong", nil), "unknown-caller"},
		"no member any more":  {call(PathToken, "wiki", secret, url.Values{"grant_type": {grantRefresh}, "refresh_token": {late}}), "denied"},
		"another's token":     {call(PathRevoke, "files", secret, url.Values{"token": {late}}), "unknown-caller"},
		"no token":            {call(PathIntrospect, "wiki", secret, nil), "invalid"},
		"no access token":     {info, "unknown-caller"},
		"no such application": {httptest.NewRequest("GET", PathAuthorize+"?client_id=x", nil), "invalid"},
		"no such prompt":      {httptest.NewRequest("GET", PathAuthorize+"?"+request("wiki", "openid", "prompt", "x").Encode(), nil), "invalid"},
	} {
		line := w.logged(c.req)
		if line["fault"] != "urn:lanyard:fault:"+c.fault || line["level"] != "WARN" {
			t.Errorf("%s: logged %v", what, line)
		}
	}
}

func TestAnswersAClientAskedForAreNoFault(t *testing.T) {
	w := newWorld(t)
	line := w.logged(httptest.NewRequest("GET", PathAuthorize+"?"+request("wiki", "openid", "prompt", "none").Encode(), nil))
	if line["fault"] != nil || line["level"] != "INFO" {
		t.Errorf("login_required: logged %v", line)
	}
}

func TestWhatADeviceIsToldIsLoggedForWhatItIs(t *testing.T) {
	w := newWorld(t)
	begun := w.begin("wiki", "openid")
	ask := url.Values{"grant_type": {grantDevice}, "device_code": {begun.text("device_code")}}
	for _, c := range []struct {
		after time.Duration
		fault any
	}{{0, nil}, {time.Second, "urn:lanyard:fault:too-many"}, {10 * time.Minute, "urn:lanyard:fault:expired"}} {
		w.advance(c.after)
		if line := w.logged(call(PathToken, "wiki", secret, ask)); line["fault"] != c.fault {
			t.Errorf("%v later: logged %v, want %v", c.after, line, c.fault)
		}
	}
}
