package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// ownKey is a key set with one Ed25519 key, or its private half.
func ownKey(private bool) string {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	enc := base64.RawURLEncoding.EncodeToString
	d := ""
	if private {
		d = fmt.Sprintf(`, "d": %q`, enc(key.Seed()))
	}
	return fmt.Sprintf(`{ "keys": [ { "kty": "OKP", "crv": "Ed25519", "kid": "ed-1", "x": %q%s } ] }`, enc(key.Public().(ed25519.PublicKey)), d)
}

func TestClientsWithKeysByHand(t *testing.T) {
	d := demoDesk(t)
	file := d.file("keys.json", ownKey(false))
	add := "client add git --redirect https://git.example.org/cb --auth private_key_jwt"
	d.fails(add, "jwks", "needs one")
	d.fails(add+" --jwks "+d.file("private.json", ownKey(true)), "public ones")
	d.fails(add+" --jwks "+file+" --jwks-uri https://git.example.org/keys.json", "give one")
	d.fails(add+" --jwks-uri http://git.example.org/keys.json", "plain http")
	d.fails(add+" --jwks "+file+" --auth-alg HS256", "none of RS256")
	if out := d.ok(fields2(add + " --jwks " + file + " --auth-alg EdDSA")...); strings.Contains(out, "shown once") {
		t.Errorf("a client with a key got a secret:\n%s", out)
	}
	d.says("client show git", "private_key_jwt, EdDSA", "EdDSA ed-1")
	d.says("client add git --jwks "+file, "nothing changed")
	d.fails("client secret rotate git", "has no secret")
	d.says("client add git --jwks-uri https://git.example.org/keys.json", "is changed")
	d.says("client show git", "https://git.example.org/keys.json")
	d.says("client add git --auth client_secret_basic", "shown once")
	var v map[string]any
	if err := json.Unmarshal([]byte(d.ok("client", "show", "git", "--json")), &v); err != nil || v["jwks_uri"] != nil || v["auth"] != "client_secret_basic" {
		t.Errorf("%v, %v", v, err)
	}
	d.ok(fields2("client add git --auth private_key_jwt --jwks " + file)...)
	if out := d.ok("client", "show", "git"); strings.Contains(out, "made 2026") {
		t.Errorf("a secret was left behind:\n%s", out)
	}
}

func TestAppliedClientsHaveTheirKeys(t *testing.T) {
	d := demoDesk(t)
	keys := d.file("keys.json", ownKey(false))
	file := d.file("git.toml", "[[clients]]\nid = 'git'\nauth = 'private_key_jwt'\njwks_file = '"+keys+"'\nredirect_uris = ['https://git.example.org/cb']\n")
	d.ok("apply", file)
	d.says("client show git", "EdDSA ed-1")
	d.says("apply "+file, "Nothing to change")
	bad := d.file("bad.toml", "[[clients]]\nid = 'x'\nauth = 'private_key_jwt'\njwks_file = '"+d.file("x.json", "{}")+"'\nredirect_uris = ['https://git.example.org/cb']\n")
	d.fails("apply "+bad, "line 4", "jwks_file")
}

func TestPairwiseClientsByHand(t *testing.T) {
	d := demoDesk(t)
	add := "client add git --redirect https://git.example.org/cb --see 'badge:*' "
	d.fails(add+"--subject-type secret", "--subject-type")
	d.fails(add+"--subject-type pairwise --sector-uri https://127.0.0.1:1/sector.json", "sector_identifier_uri", "no address that may be reached")
	d.fails("client show git", "git")
	d.ok(fields2(add + "--subject-type pairwise")...)
	d.says("client show git", "subjects for", "git.example.org")
	d.fails("client add git --redirect https://code.example.org/cb", "somebody else")
	sub := func(client string) string {
		var v struct{ Sub string }
		if err := json.Unmarshal([]byte(d.ok("claims", "ada", "--client", client)), &v); err != nil {
			t.Fatal(err)
		}
		return v.Sub
	}
	if own := sub("git"); len(own) != 43 || own == sub("wiki") || own != sub("git") {
		t.Errorf("ada is %s to git and %s to the wiki", own, sub("wiki"))
	}
	file := d.file("git.toml", "[[clients]]\nid = 'git'\nsubject_type = 'pairwise'\nsector_identifier_uri = 'https://127.0.0.1:1/s'\nredirect_uris = ['https://git.example.org/cb']\n")
	d.fails("apply "+file, "line 4", "sector_identifier_uri")
}
