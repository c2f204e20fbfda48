package store

import (
	"time"

	"lanyard/claims"
)

// What members may ask for, and asked for: migration 0021.

func openingTable() facts[claims.Opening] {
	type row = claims.Opening
	thing := subject("thing", func(v *row) *claims.Subject { return &v.Thing })
	thing.key = true
	return factsTable("opening",
		thing,
		when("starts", func(v *row) *time.Time { return &v.From }),
		when("ends", func(v *row) *time.Time { return &v.Until }),
		text("words", func(v *row) *string { return &v.Text }),
		when("closed", func(v *row) *time.Time { return &v.Closed }),
	)
}

func requestTable() facts[claims.Request] {
	type row = claims.Request
	return factsTable("request",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		subject("thing", func(v *row) *claims.Subject { return &v.Thing }),
		text("words", func(v *row) *string { return &v.Text }),
		when("asked", func(v *row) *time.Time { return &v.Asked }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		text("outcome", func(v *row) *claims.RequestOutcome { return &v.Outcome }),
		text("answered_by", func(v *row) *string { return &v.By }),
		when("answered", func(v *row) *time.Time { return &v.Answered }),
		text("answer", func(v *row) *string { return &v.Answer }),
	)
}
