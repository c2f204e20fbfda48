package store

import (
	"time"

	"lanyard/claims"
)

// What badges are earned with: migration 0013.

func requirementTable() facts[claims.Requirement] {
	type row = claims.Requirement
	return factsTable("badge_requirement",
		key("badge", func(v *row) *claims.Slug { return &v.Badge }),
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("name", func(v *row) *string { return &v.Name }),
		text("kind", func(v *row) *claims.RequirementKind { return &v.Kind }),
		text("alternative", func(v *row) *claims.Slug { return &v.Group }),
		text("course", func(v *row) *claims.ID { return &v.Course }),
		text("needs", func(v *row) *claims.Slug { return &v.Needs }),
		text("form", func(v *row) *string { return &v.Form }),
		span("age", func(v *row) *claims.Duration { return &v.Age }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func vleTable() facts[claims.VLE] {
	type row = claims.VLE
	return factsTable("vle",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("kind", func(v *row) *claims.VLEKind { return &v.Kind }),
		text("label", func(v *row) *string { return &v.Label }),
		text("base_url", func(v *row) *string { return &v.BaseURL }),
		text("secret", func(v *row) *string { return &v.Secret }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func courseTable() facts[claims.Course] {
	type row = claims.Course
	return factsTable("vle_course",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("vle", func(v *row) *claims.Slug { return &v.VLE }),
		text("external", func(v *row) *string { return &v.External }),
		text("name", func(v *row) *string { return &v.Name }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func identityTable() facts[claims.Identity] {
	type row = claims.Identity
	return factsTable("vle_identity",
		key("vle", func(v *row) *claims.Slug { return &v.VLE }),
		key("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("external", func(v *row) *string { return &v.External }),
		text("linked_by", func(v *row) *string { return &v.LinkedBy }),
		when("linked", func(v *row) *time.Time { return &v.Linked }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func resultTable() facts[claims.Result] {
	type row = claims.Result
	return factsTable("requirement_result",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("badge", func(v *row) *claims.Slug { return &v.Badge }),
		text("requirement", func(v *row) *claims.Slug { return &v.Requirement }),
		when("met_at", func(v *row) *time.Time { return &v.At }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		text("source", func(v *row) *string { return &v.Source }),
		text("reference", func(v *row) *string { return &v.Reference }),
		text("recorded_by", func(v *row) *string { return &v.RecordedBy }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func signoffTable() facts[claims.SignoffRequest] {
	type row = claims.SignoffRequest
	return factsTable("signoff_request",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("badge", func(v *row) *claims.Slug { return &v.Badge }),
		when("requested", func(v *row) *time.Time { return &v.Requested }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		text("outcome", func(v *row) *claims.SignoffOutcome { return &v.Outcome }),
		text("answered_by", func(v *row) *string { return &v.By }),
		when("answered", func(v *row) *time.Time { return &v.Answered }),
		text("reason", func(v *row) *string { return &v.Reason }),
	)
}
