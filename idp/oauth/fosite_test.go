package oauth

import (
	"net/http"
	"sync"
	"testing"

	"crypto/ecdsa"
	"encoding/json"
	"github.com/go-jose/go-jose/v4"
)

// site is this world as a probe sees it.
func (w *world) site() site {
	s := site{base: w.server.URL, http: w.http}
	var set jose.JSONWebKeySet
	json.Unmarshal(w.provider.Signer.JWKS(), &set)
	for _, k := range set.Keys {
		if pub, ok := k.Key.(*ecdsa.PublicKey); ok {
			s.es256 = pub
		}
	}
	return s
}

// probed runs a probe against our provider, where it must find nothing, and
// against bare fosite, where it must: a probe that passes there shows nothing.
func probed(t *testing.T, probe func(site) error, jwt bool) {
	t.Helper()
	if err := probe(newWorld(t).site()); err != nil {
		t.Errorf("here: %v", err)
	}
	err := probe(bareSite(t, jwt))
	if err == nil {
		t.Error("bare fosite passes: the probe shows nothing")
	}
	t.Logf("bare fosite: %v", err)
}

func TestFosite03AnotherClientsReplayHarmsNobody(t *testing.T)     { probed(t, probe03, false) }
func TestFosite04NarrowerScopeIsHonoured(t *testing.T)             { probed(t, probe04, false) }
func TestFosite06MaxAgeZeroAsksAgain(t *testing.T)                 { probed(t, probe06, false) }
func TestFosite07And08RequestObjectsAreRefusedByName(t *testing.T) { probed(t, probe08, false) }
func TestFosite09StateMayBeShortOrAbsent(t *testing.T)             { probed(t, probe09, false) }
func TestFosite10OnlyTheLoopbackPortIsFree(t *testing.T)           { probed(t, probe10, false) }
func TestFosite11UnregisteredRedirectGetsAPage(t *testing.T)       { probed(t, probe11, false) }
func TestFosite12AnswersNameTheIssuer(t *testing.T)                { probed(t, probe12, false) }
func TestFosite13ErrorsSayWhatAndHow(t *testing.T)                 { probed(t, probe13, false) }
func TestFosite14RepeatedParametersAreRefused(t *testing.T)        { probed(t, probe14, false) }
func TestFosite15IntrospectionHasAPolicy(t *testing.T)             { probed(t, probe15, false) }
func TestFosite16JWTAccessTokensAreRFC9068(t *testing.T)           { probed(t, probe16, true) }
func TestFosite17RevocationIsBlindToSpelling(t *testing.T)         { probed(t, probe17, true) }
func TestFosite18AlgorithmIsTheClients(t *testing.T)               { probed(t, probe18, false) }
func TestFosite21WrongVerifierSpendsTheCode(t *testing.T)          { probed(t, probe21, false) }

// together calls f n times at once.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() { <-gate; f(i) })
	}
	close(gate)
	wg.Wait()
}

// barrier makes every fresh read wait until n have read, so that all decide on
// the same row.
func (v *memoryVault) barrier(n int) {
	var wg sync.WaitGroup
	wg.Add(n)
	v.pause = func() { wg.Done(); wg.Wait() }
}

func TestFosite01ParallelRefreshesGetOneSuccessor(t *testing.T) {
	w := newWorld(t)
	first := w.login("ada", "wiki", "openid offline_access")
	w.vault.barrier(16)
	got := make([]reply, 16)
	together(16, func(i int) { got[i] = w.refresh("wiki", first.text("refresh_token")) })
	w.vault.pause = nil
	for i, r := range got {
		if r.status != http.StatusOK || r.text("refresh_token") != got[0].text("refresh_token") {
			t.Errorf("refresh %d: %d %s", i, r.status, r.body)
		}
		if !w.active("wiki", r.text("access_token")) {
			t.Errorf("access token %d is dead", i)
		}
	}
	if g := w.vault.only(); g.Generation != 2 || !g.Ended.IsZero() {
		t.Errorf("generation %d, ended %v; want one step and a live family", g.Generation, g.Ended)
	}
}

func TestFosite02ParallelRedemptionsHaveOneWinner(t *testing.T) {
	for _, scope := range []string{"openid", "openid offline_access"} {
		w := newWorld(t)
		code := w.code("ada", request("wiki", scope, "code_challenge", "-", "code_challenge_method", "-"))
		w.vault.barrier(16)
		got := make([]reply, 16)
		together(16, func(i int) { got[i] = w.redeem("wiki", code, "code_verifier", "-") })
		w.vault.pause = nil
		won := 0
		for i, r := range got {
			if r.status == http.StatusOK {
				won++
			} else if r.status != http.StatusBadRequest || r.text("error") != "invalid_grant" {
				t.Errorf("redemption %d: %d %s", i, r.status, r.body)
			}
		}
		if won != 1 {
			t.Errorf("%d of 16 redeemed one code", won)
		}
		if g := w.vault.only(); g.EndReason != "reuse" {
			t.Errorf("a code used %d times left its family %q", len(got), g.EndReason)
		}
	}
}
