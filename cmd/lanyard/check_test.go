package main

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCheckSaysWhatItMended(t *testing.T) {
	d := demoDesk(t)
	place := func() string { return d.ok("changes", "--last", "1") }
	before := place()
	if out := d.ok("check"); strings.Contains(out, "epoch") {
		t.Errorf("check mends without being asked:\n%s", out)
	}
	d.says("check --restored", "ok   epoch         a new one begins")
	if place() == before {
		t.Error("no new epoch began")
	}
	d.says("check --restored --json", `"what": "epoch"`)
}

func TestCheckTellsOfAnIssuerThatLeadsElsewhere(t *testing.T) {
	d := newDesk(t)
	d.env = append(d.env, "LANYARD_HTTP_LISTEN=127.0.0.1:21101")
	if out, _, code := d.run("check"); code != 1 || !strings.Contains(out, "BAD  issuer        the issuer is http://127.0.0.1:8080, and http.listen is 127.0.0.1:21101") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	d.env = append(d.env, "LANYARD_ISSUER=http://127.0.0.1:21101")
	d.says("check", "ok   configuration issuer http://127.0.0.1:21101")
}

// TestPagesAreHeadedWithTheOrganisation has the configured name until the
// settings give one.
func TestPagesAreHeadedWithTheOrganisation(t *testing.T) {
	d := newDesk(t)
	d.env = append(d.env, "LANYARD_ORGANISATION=Tuesday Makers")
	heading := func(want string) {
		t.Helper()
		h, err := (&app{now: d.clock, environ: d.env}).open(rootWithContext(t, &app{}))
		if err != nil {
			t.Fatal(err)
		}
		defer h.store.Close()
		srv, err := assemble(t.Context(), h.cfg, h.ring, h.store, newLog(io.Discard, h.cfg), d.clock)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/login", "/authorize"} {
			w := httptest.NewRecorder()
			srv.face.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:8080"+path, nil))
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("GET %s is not headed %q:\n%s", path, want, w.Body)
			}
		}
	}
	heading("Tuesday Makers")
	d.ok("apply", d.file("name.toml", "[settings]\nname = \"Wednesday Makers\"\n"))
	heading("Wednesday Makers")
}
