package web

import (
	"errors"
	"fmt"
	"testing"

	"lanyard/claims"
)

func TestPagesSpeakInSentencesAndCallFieldsByTheirLabels(t *testing.T) {
	labels := map[string]string{"redirect_uris": "Where people are sent back to"}
	for want, err := range map[string]error{
		`Where people are sent back to: "wiki.example" is no absolute URI.`: fmt.Errorf("define client wiki: %w", &claims.Invalid{Field: "redirect_uris", Problem: `"wiki.example" is no absolute URI`}),
		"Reason: say why.":             &claims.Invalid{Field: "reason", Problem: "say why"},
		"This client is not a device.": &claims.Refused{Problem: "this client is not a device"},
		"Ask Tom!":                     &claims.Refused{Problem: "ask Tom!"},
		Faults[3].Text:                 fmt.Errorf("badge: %w", claims.ErrNotFound),
		"Try again. If it keeps happening, tell an organiser the number below.": errors.New("disk on fire"),
	} {
		if got := Words(err, labels); got != want {
			t.Errorf("%v reads %q, want %q", err, got, want)
		}
	}
	for phrase, want := range map[string]string{"": "", " until noon ": "Until noon.", "é": "É.", "Really?": "Really?"} {
		if got := Sentence(phrase); got != want {
			t.Errorf("Sentence(%q) = %q, want %q", phrase, got, want)
		}
	}
}
