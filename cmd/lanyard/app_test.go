package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lanyard/idp/apps"
)

// sentRecipe sends what the recipe for applications shows.
type sentRecipe struct {
	*desk
	face   http.Handler
	secret string
	cursor string
}

// serveInProcess returns the web face over the desk's database.
func (d *desk) serveInProcess() http.Handler {
	d.t.Helper()
	a := &app{now: d.clock, environ: d.env, user: "op"}
	h, err := a.open(rootWithContext(d.t, a))
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { h.store.Close() })
	srv, err := assemble(d.t.Context(), h.cfg, h.ring, h.store, newLog(os.Stderr, h.cfg), h.now)
	if err != nil {
		d.t.Fatal(err)
	}
	return srv.face
}

var (
	fences   = regexp.MustCompile("(?s)```(\\w*)\n(.*?)```")
	someSub  = regexp.MustCompile(`SUB-OF-([A-Z]+)`)
	someTime = regexp.MustCompile(`"20\d\d-\d\d-\d\dT[0-9:.]+Z"`)
	someSeq  = regexp.MustCompile(`"cursor": ?"([^"]+)"`)
)

func TestTheRecipeForApplicationsIsSent(t *testing.T) {
	page, err := os.ReadFile("../../docs/recipes/applications.md")
	if err != nil {
		t.Fatal(err)
	}
	r := &sentRecipe{desk: demoDesk(t)}
	sent := 0
	for _, block := range fences.FindAllStringSubmatch(string(page), -1) {
		switch {
		case strings.HasPrefix(block[2], "$ lanyard "):
			r.command(block[2])
		case block[1] == "http":
			r.request(block[2])
			sent++
		}
	}
	if sent < 10 {
		t.Errorf("only %d requests were found", sent)
	}
}

// command runs one command and holds what it says against what is written.
func (r *sentRecipe) command(text string) {
	r.t.Helper()
	line, want, _ := strings.Cut(text, "\n")
	out := r.ok(fields2(strings.TrimPrefix(line, "$ lanyard "))...)
	if secret := regexp.MustCompile(`(?m)^    (\S+)$`).FindStringSubmatch(out); secret != nil {
		r.secret = secret[1]
		out = strings.Replace(out, r.secret, "…", 1)
	}
	if diff := cmp.Diff(want, out); diff != "" {
		r.t.Errorf("%s (-written +said)\n%s", line, diff)
	}
	r.face = r.serveInProcess() // which sees what the command wrote
}

// request sends one request and holds the answer against what is written.
func (r *sentRecipe) request(text string) {
	r.t.Helper()
	text = someSub.ReplaceAllStringFunc(text, func(s string) string { return r.sub(strings.ToLower(strings.TrimPrefix(s, "SUB-OF-"))) })
	line, rest, _ := strings.Cut(text, "\n")
	body, want, _ := strings.Cut("\n"+rest, "\n\n")
	method, path, _ := strings.Cut(strings.ReplaceAll(line, "CURSOR", r.cursor), " ")
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.SetBasicAuth("library", r.secret)
	if strings.TrimSpace(body) != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	r.face.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		r.t.Fatalf("%s: %d %s", line, w.Code, w.Body)
	}
	said := w.Body.String()
	if m := someSeq.FindStringSubmatch(said); m != nil {
		r.cursor = m[1]
	}
	said = someTime.ReplaceAllString(someSeq.ReplaceAllString(said, `"cursor": "…"`), `"…"`)
	var have, written any
	if err := json.Unmarshal([]byte(want), &written); err != nil {
		r.t.Fatalf("%s: the answer that is written is no JSON: %v\n%s", line, err, want)
	}
	json.Unmarshal([]byte(said), &have)
	if diff := cmp.Diff(written, have); diff != "" {
		r.t.Errorf("%s (-written +said)\n%s\n%s", line, diff, said)
	}
}

// sub is the subject of a member of the demo.
func (r *sentRecipe) sub(username string) string {
	r.t.Helper()
	var m struct{ Sub string }
	if err := json.Unmarshal([]byte(r.ok("member", "show", username, "--json")), &m); err != nil || m.Sub == "" {
		r.t.Fatalf("the sub of %s: %v", username, err)
	}
	return m.Sub
}

func TestAnApplicationIsRegisteredFromAFile(t *testing.T) {
	d := demoDesk(t)
	d.ok("app", "add", "library", "--name", "Library", "--see", "tag:teacher")
	d.says("client show library", "tag:teacher")
	d.fails("app add library --see tag:other", "lanyard client add library")
	const doc = `
application = "library"
[[rights]]
right = "read"
physical = false
[[locations]]
path = "/library/shelves"
inherit = false
[[grants]]
to = "user:ada"
right = "read"
at = "/library/shelves"
expires = "2027-01-01T00:00:00Z"
`
	file := d.file("library.toml", doc)
	d.says("app register --dry-run "+file, "+ location /library/shelves", "Nothing was changed", "3 new")
	d.says("app register "+file, "+ right read at /library", "Done: 3 new, 0 changed, 0 unchanged, 0 ended.")
	d.says("app register "+file, "Done: 0 new, 0 changed, 3 unchanged, 0 ended.")
	d.says("app tree library", "/shelves", "permissions stop here", "declares read", "allows read to user:ada", "until 2027-01-01T00:00:00Z")
	d.says("app show library", "read", "tag:teacher")
	d.says("app list", "library")
	d.says("app list --core", "/badges")
	if out, _, _ := d.run("app", "list"); strings.Contains(out, "/badges") {
		t.Errorf("app list without --core:\n%s", out)
	}
	// what the tree is, as JSON, is a document that changes nothing
	var page apps.Document
	text := d.ok("app", "tree", "library", "--json")
	if err := json.Unmarshal([]byte(text), &page); err != nil || len(page.Locations) != 2 {
		t.Fatalf("%v\n%s", err, text)
	}
	d.says("app register "+d.file("library.json", text), "4 unchanged, 0 ended")
	d.says("app register "+d.file("empty.json", `{"application":"library","mode":"replace"}`), "- location /library/shelves", "3 ended")

	d.fails("app register "+d.file("bad.toml", strings.Replace(doc, "/library/shelves", "/space/shelves", 1)), "line 7: locations[1].path: /space/shelves is not below /library")
	d.fails("app register "+d.file("bad2.toml", strings.Replace(doc, "[[rights]]", "[[right]]", 1)), "line 3")
	d.fails("app register "+d.file("bad3.json", `{"application":"library","rights":[{"right":"login"}]}`), "rights[0].right: login is reserved")
	d.fails("app register "+d.file("bad4.json", `{"rights":[]}`), "which application?")
	d.fails("app register --app nosuch "+d.file("bad5.json", `{}`), "there is no application nosuch")
	d.fails("app register "+d.file("bad6.json", `{`), "JSON")
	d.fails("app add Library", "only a-z")
	d.fails("app add admin", "core")
}
