package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// told is what a Node application shows of what it was told.
type told struct {
	Sub      string   `json:"sub"`
	Username string   `json:"preferred_username"`
	Email    string   `json:"email"`
	Groups   []string `json:"groups"`
	Active   bool     `json:"active"`
}

// node starts one of the applications of testdata/node.
func (h *house) node(t *testing.T, script, client, secret string, port int, more ...string) string {
	t.Helper()
	program := tool(t, "node", "Node.js 20 or newer")
	if _, err := os.Stat("testdata/node/node_modules"); err != nil {
		leaveOut(t, "no Node libraries (npm ci in cmd/lanyard/e2e/testdata/node)")
	}
	cmd := exec.Command(program, script)
	cmd.Dir = "testdata/node"
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "ISSUER=" + h.issuer, "CLIENT_ID=" + client, "CLIENT_SECRET=" + secret, fmt.Sprintf("PORT=%d", port)}, more...)
	here := fmt.Sprintf("http://127.0.0.1:%d", port)
	start(t, cmd, here+"/nowhere")
	return here
}

func read[T any](t *testing.T, p page) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(p.Text), &v); err != nil || p.Status != 200 {
		t.Fatalf("the application at %s answers %v: %s", p.At, p.Status, p.Text)
	}
	return v
}

func TestR18NodesOpenIDClientSignsAMemberIn(t *testing.T) {
	h := theHouse(t)
	port := freePort()
	secret := h.register(t, "openid-client", "--redirect", fmt.Sprintf("http://127.0.0.1:%d/callback", port),
		"--grant", "authorization_code", "--grant", "refresh_token", "--scope", "openid,profile,email,groups,offline_access", "--see", "badge:*,tag:*,member")
	here := h.node(t, "openid-client.mjs", "openid-client", secret, port)
	tom := h.person(t, "tom")
	for _, path := range []string{"/", "/par"} {
		got := read[struct{ Claims, UserInfo, Introspection, Refreshed, Revoked told }](t, tom.opens(here+path))
		want := []string{"badge.laser-1", "badge.site-induction", "member.active", "tag.teacher"}
		for what, claims := range map[string]told{"the ID token": got.Claims, "userinfo": got.UserInfo, "the next ID token": got.Refreshed} {
			slices.Sort(claims.Groups)
			if claims.Sub == "" || claims.Sub != got.Claims.Sub || claims.Username != "tom" || claims.Email != "tom@example.org" || !slices.Equal(claims.Groups, want) {
				t.Errorf("%s: %s says %+v, want Tom with %q", path, what, claims, want)
			}
		}
		if !got.Introspection.Active || got.Revoked.Active {
			t.Errorf("%s: introspection says %v, and %v once it was revoked", path, got.Introspection.Active, got.Revoked.Active)
		}
	}
	if tom.pages > 2 {
		t.Errorf("Tom filled in %d pages, want a sign-in and a consent at most", tom.pages)
	}
}

// TestR18PassportSignsAMemberInAsWikiJSDoes registers it by the recipe wikijs.
func TestR18PassportSignsAMemberInAsWikiJSDoes(t *testing.T) {
	h := theHouse(t)
	port := freePort()
	const key = "0b6e0c8e-58a4-4b8e-9d36-3f7a2c9f1e10"
	secret := h.register(t, "wikijs", "--recipe", "wikijs", "--url", fmt.Sprintf("http://127.0.0.1:%d", port), "--source", key, "--see", "tag:*,badge:*")
	here := h.node(t, "passport.mjs", "wikijs", secret, port, "CALLBACK=/login/"+key+"/callback")
	for name, want := range map[string][]string{"tom": {"badge.laser-1", "badge.site-induction", "teacher"}, "ada": {"badge.site-induction"}} {
		got := read[told](t, h.person(t, name).opens(here+"/login"))
		slices.Sort(got.Groups)
		if got.Username != name || got.Email != name+"@example.org" || !slices.Equal(got.Groups, want) {
			t.Errorf("passport is told %+v of %s, want the groups %q", got, name, want)
		}
	}
}

// TestR18NodesOpenIDClientRegistersItself has a client nobody defined: it is
// told who somebody is, and no group.
func TestR18NodesOpenIDClientRegistersItself(t *testing.T) {
	h := theHouse(t)
	out, err := h.run("client", "registration-token", "add", "node", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var token struct{ Token string }
	if err := json.Unmarshal([]byte(out), &token); err != nil {
		t.Fatal(err)
	}
	here := h.node(t, "register.mjs", "", "", freePort(), "REGISTRATION_TOKEN="+token.Token)
	got := read[struct {
		Claims  told
		Managed struct {
			Status int
			Name   string `json:"client_name"`
			ID     string `json:"client_id"`
		}
	}](t, h.person(t, "tom").opens(here+"/"))
	if got.Claims.Username != "tom" || len(got.Claims.Groups) > 0 {
		t.Errorf("it is told %+v of Tom", got.Claims)
	}
	if got.Managed.Status != 200 || got.Managed.Name != "Self-made, renamed" {
		t.Errorf("its change is answered with %+v", got.Managed)
	}
	if out, err := h.run("client", "list"); err != nil || !strings.Contains(out, got.Managed.ID) {
		t.Errorf("the list of applications (%v) is\n%s", err, out)
	}
}
