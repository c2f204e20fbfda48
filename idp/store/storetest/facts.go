package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lanyard/claims"
	"lanyard/idp/store"
)

var factTests = []test{
	{"EveryFieldOfEveryFactComesBack", everyFieldComesBack},
	{"AFactIsReplacedByItsNextState", factIsReplaced},
	{"EmptyFactsComeBackEmpty", emptyComesBack},
	{"TimesFinerThanAMicrosecondAreTheSameEverywhere", timesAreRounded},
	{"ALocationIsThereBeforeItsParent", anyOrder},
	{"WhatBadgesAreEarnedWithIsFound", earningIsFound},
}

func everyFieldComesBack(w *world) {
	s := w.process()
	for _, zero := range everyFact {
		f := factOf(filled(any(zero)))
		w.ok(define(w.Context(), s, f))
		same(w.T, "own write", s, f)
	}
	again := w.process()
	log, err := s.Changes(w.Context(), claims.Seq{}, 100)
	w.ok(err)
	for i, zero := range everyFact {
		f := factOf(filled(any(zero)))
		same(w.T, "read from its table", again, f)
		if diff := cmp.Diff(f, log[i].Fact); diff != "" {
			w.Errorf("%v in the change log (-wrote +read):\n%s", f.Key(), diff)
		}
	}
	if a, b := s.Directory().Seq(), again.Directory().Seq(); a != b || a.N != uint64(len(everyFact)) {
		w.Errorf("after %d facts one process is at %v, the other at %v", len(everyFact), a, b)
	}
}

func factOf(v any) claims.Fact { return v.(claims.Fact) }

// same holds that s has f, to the last field.
func same(t *testing.T, where string, s *store.Store, f claims.Fact) {
	t.Helper()
	got, ok := find(s.Directory(), f)
	if !ok {
		t.Errorf("%s: %v is not there", where, f.Key())
		return
	}
	if diff := cmp.Diff(f, got); diff != "" {
		t.Errorf("%s: %v (-wrote +read):\n%s", where, f.Key(), diff)
	}
}

// find returns the fact in d with f's key.
func find(d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	id := f.Key().ID
	switch f.(type) {
	case claims.Member:
		return get[claims.Member](d, id)
	case claims.Profile:
		return get[claims.Profile](d, id)
	case claims.Opening:
		return get[claims.Opening](d, id)
	case claims.Request:
		return get[claims.Request](d, id)
	case claims.Alias:
		return get[claims.Alias](d, id)
	case claims.Note:
		return get[claims.Note](d, id)
	case claims.Settings:
		return d.Settings(), true
	case claims.Period:
		return get[claims.Period](d, id)
	case claims.Tag:
		return get[claims.Tag](d, id)
	case claims.Assignment:
		return get[claims.Assignment](d, id)
	case claims.Badge:
		return get[claims.Badge](d, id)
	case claims.Award:
		return get[claims.Award](d, id)
	case claims.ObjectType:
		return get[claims.ObjectType](d, id)
	case claims.Kind:
		return get[claims.Kind](d, id)
	case claims.Object:
		return get[claims.Object](d, id)
	case claims.Affiliation:
		return get[claims.Affiliation](d, id)
	case claims.Override:
		return get[claims.Override](d, id)
	case claims.Application:
		return get[claims.Application](d, id)
	case claims.Location:
		return get[claims.Location](d, id)
	case claims.Right:
		return get[claims.Right](d, id)
	}
	return findMore(d, f)
}

func findMore(d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	id := f.Key().ID
	switch f.(type) {
	case claims.Role:
		return get[claims.Role](d, id)
	case claims.Grant:
		return get[claims.Grant](d, id)
	case claims.Gate:
		return get[claims.Gate](d, id)
	case claims.Waiver:
		return get[claims.Waiver](d, id)
	case claims.Lockdown:
		return get[claims.Lockdown](d, id)
	case claims.Credential:
		return get[claims.Credential](d, id)
	case claims.Device:
		return get[claims.Device](d, id)
	case claims.Client:
		return get[claims.Client](d, id)
	case claims.AccessPoint:
		return get[claims.AccessPoint](d, id)
	case claims.Network:
		return get[claims.Network](d, id)
	case claims.WiFiPass:
		return get[claims.WiFiPass](d, id)
	}
	return findEarning(d, f)
}

func findEarning(d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	id := f.Key().ID
	switch f.(type) {
	case claims.Requirement:
		return get[claims.Requirement](d, id)
	case claims.VLE:
		return get[claims.VLE](d, id)
	case claims.Course:
		return get[claims.Course](d, id)
	case claims.Identity:
		return get[claims.Identity](d, id)
	case claims.Result:
		return get[claims.Result](d, id)
	case claims.SignoffRequest:
		return get[claims.SignoffRequest](d, id)
	case claims.Due:
		return get[claims.Due](d, id)
	}
	return nil, false
}

func get[T claims.Fact](d *claims.Directory, id string) (claims.Fact, bool) {
	return claims.Get[T](d, id)
}

func factIsReplaced(w *world) {
	s := w.process()
	full := filled(claims.Badge{})
	w.ok(define(w.Context(), s, full))
	bare := claims.Badge{Slug: full.Slug, Name: "renamed", Mode: claims.BadgeAuto}
	w.ok(define(w.Context(), s, bare))
	same(w.T, "own write", s, bare)
	same(w.T, "read from its table", w.process(), bare)
}

func emptyComesBack(w *world) {
	s := w.process()
	facts := []claims.Fact{
		claims.Client{ID: "c", GrantTypes: []string{}, Scopes: nil},
		claims.Role{Slug: "r"},
		claims.Network{Slug: "n", Rules: nil},
		claims.Grant{ID: "g", Subject: claims.Subject{Kind: claims.SubjectEveryone}},
	}
	w.ok(define(w.Context(), s, facts...))
	again := w.process()
	for _, f := range facts {
		same(w.T, "read from its table", again, f)
	}
}

func timesAreRounded(w *world) {
	s := w.process()
	cet := time.FixedZone("CET", 3600)
	w.ok(define(w.Context(), s, claims.Award{ID: "a", On: noon.Add(1500 * time.Nanosecond).In(cet)}))
	want := claims.Award{ID: "a", On: noon.Add(time.Microsecond)}
	same(w.T, "own write", s, want)
	same(w.T, "read from its table", w.process(), want)
	log, err := s.Changes(w.Context(), claims.Seq{}, 1)
	w.ok(err)
	if diff := cmp.Diff(claims.Fact(want), log[0].Fact); diff != "" {
		w.Errorf("in the change log (-want +got):\n%s", diff)
	}
}

func anyOrder(w *world) {
	s := w.process()
	w.ok(define(w.Context(), s,
		claims.Location{ID: "door", Parent: "space", Slug: "door"},
		claims.Location{ID: "space", Slug: "space"}))
	if p := w.process().Directory().PathOf("door"); p != "/space/door" {
		w.Errorf("PathOf(door) = %q, want /space/door", p)
	}
}

// earningIsFound holds that requirements, results and identities are found
// otherwise than by their keys, also when they are read from their tables.
func earningIsFound(w *world) {
	s := w.process()
	w.ok(define(w.Context(), s,
		claims.Member{ID: "ada", Sub: "s", Username: "ada", State: claims.StateActive},
		claims.VLE{Slug: "moodle", Kind: claims.VLEMoodle, BaseURL: "https://moodle.example.org"},
		claims.Course{ID: "c", VLE: "moodle", External: "0042"}, claims.Badge{Slug: "saw", Mode: claims.BadgeSignoff},
		claims.Requirement{Badge: "saw", Slug: "course", Name: "Course", Kind: claims.AskCourse, Course: "c"},
		claims.Identity{VLE: "moodle", Member: "ada", External: "7"},
		claims.Result{ID: "r", Member: "ada", Badge: "saw", Requirement: "course", At: noon},
		claims.SignoffRequest{ID: "q", Member: "ada", Badge: "saw", Requested: noon, Expires: noon.Add(claims.SignoffFor)}))
	for _, d := range []*claims.Directory{s.Directory(), w.process().Directory()} {
		who, ok := d.IdentityByUser("moodle", "7")
		course, there := d.CourseByExternal("moodle", "0042")
		if !ok || !there || who.Member != "ada" || len(d.RequirementsFor(course.ID)) != 1 {
			w.Errorf("user 7 is %v, course 0042 %v", who, course)
		}
		p, err := claims.Progress(d, "ada", "saw", noon)
		if err != nil || len(p.Done()) != 1 || p.Request.ID != "q" || len(d.OpenSignoffs("saw", noon)) != 1 {
			w.Errorf("progress %+v, %v", p, err)
		}
	}
}
