package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// keysOf lists signing keys as --json has them, by state.
func keysOf(d *desk) map[string][]keyView {
	d.t.Helper()
	var all []keyView
	out := d.ok("key", "list", "--json")
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		d.t.Fatal(err)
	}
	if strings.Contains(out, "ealed") || strings.Contains(out, "v1.") {
		d.t.Errorf("a sealed key is shown:\n%s", out)
	}
	by := map[string][]keyView{}
	for _, k := range all {
		by[k.State] = append(by[k.State], k)
	}
	return by
}

func TestKeysByHand(t *testing.T) {
	d := newDesk(t)
	d.says("key list", "lanyard serve makes them")
	d.says("key rotate", "RS256", "ES256", "EdDSA", "2026-06-02 12:00:")
	if by := keysOf(d); len(by["signs"]) != 3 || len(by["waits"]) != 3 || by["signs"][0].Gone.IsZero() {
		t.Errorf("after a rotation: %v", by)
	}
	d.says("key list", "ALG", "waits", "on schedule")
	d.fails("key rotate --alg ES256", "waits already")
	d.fails("key rotate --alg HS256", "HS256", "EdDSA")
	d.says("key rotate --now --alg ES256", "ES256", "2026-06-01 12:02:")
	d.says("audit", "operator:op", "rotate the ES256 signing key", "signing_key:")
	d.set(d.clock().Add(3 * time.Minute))
	if by := keysOf(d); len(by["verifies"]) != 1 || by["verifies"][0].Alg != "ES256" || len(by["waits"]) != 2 {
		t.Errorf("three minutes later: %v", by)
	}
	d.set(d.clock().Add(25 * time.Hour))
	if by := keysOf(d); len(by["gone"]) != 1 || len(by["signs"]) != 3 || len(by["verifies"]) != 2 {
		t.Errorf("a day later: %v", by)
	}
}
