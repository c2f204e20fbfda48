package store

import (
	"fmt"
	"time"

	"lanyard/claims"
)

// Applications, locations and who may do what there: migration 0004.

func applicationTable() facts[claims.Application] {
	type row = claims.Application
	return factsTable("application",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("root", func(v *row) *claims.LocationID { return &v.Root }),
		text("client", func(v *row) *claims.ClientID { return &v.Client }),
	)
}

func locationTable() facts[claims.Location] {
	type row = claims.Location
	return factsTable("location",
		key("id", func(v *row) *claims.LocationID { return &v.ID }),
		text("parent", func(v *row) *claims.LocationID { return &v.Parent }),
		text("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("name", func(v *row) *string { return &v.Name }),
		flag("inherit", func(v *row) *bool { return &v.Inherit }),
		flag("is_open", func(v *row) *bool { return &v.Open }),
		text("object", func(v *row) *claims.Slug { return &v.Object }),
		text("external_id", func(v *row) *string { return &v.External }),
		when("archived", func(v *row) *time.Time { return &v.Archived }),
	)
}

func rightTable() facts[claims.Right] {
	type row = claims.Right
	return factsTable("location_right",
		key("location", func(v *row) *claims.LocationID { return &v.At }),
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("description", func(v *row) *string { return &v.Description }),
		list("states", func(v *row) *[]claims.State { return &v.States }),
		flag("not_physical", func(v *row) *bool { return &v.NotPhysical }),
		flag("egress", func(v *row) *bool { return &v.Egress }),
		flag("is_public", func(v *row) *bool { return &v.Public }),
		number("acr", func(v *row) *int { return &v.ACR }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func roleTable() facts[claims.Role] {
	type row = claims.Role
	return factsTable("role",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("app", func(v *row) *claims.LocationID { return &v.App }),
		text("label", func(v *row) *string { return &v.Label }),
		list("metadata", func(v *row) *map[string]string { return &v.Metadata }),
		list("rights", func(v *row) *[]claims.Slug { return &v.Rights }),
		flag("all_but", func(v *row) *bool { return &v.AllBut }),
	)
}

func grantTable() facts[claims.Grant] {
	type row = claims.Grant
	return factsTable("location_grant",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("location", func(v *row) *claims.LocationID { return &v.At }),
		subject("subject", func(v *row) *claims.Subject { return &v.Subject }),
		text("right_slug", func(v *row) *claims.Slug { return &v.Right }),
		text("role", func(v *row) *claims.Slug { return &v.Role }),
		text("effect", func(v *row) *claims.Effect { return &v.Effect }),
		list("weekly", func(v *row) **claims.Window { return &v.Window }),
		when("starts", func(v *row) *time.Time { return &v.Starts }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		text("created_by", func(v *row) *string { return &v.CreatedBy }),
		when("created_at", func(v *row) *time.Time { return &v.CreatedAt }),
		text("reason", func(v *row) *string { return &v.Reason }),
		text("period", func(v *row) *claims.Slug { return &v.Period }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func gateTable() facts[claims.Gate] {
	type row = claims.Gate
	return factsTable("gate",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("location", func(v *row) *claims.LocationID { return &v.At }),
		text("right_slug", func(v *row) *claims.Slug { return &v.Right }),
		list("any_of", func(v *row) *[]claims.Slug { return &v.AnyOf }),
		text("created_by", func(v *row) *string { return &v.CreatedBy }),
		text("reason", func(v *row) *string { return &v.Reason }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func waiverTable() facts[claims.Waiver] {
	type row = claims.Waiver
	return factsTable("waiver",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("gate", func(v *row) *claims.ID { return &v.Gate }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("given_by", func(v *row) *string { return &v.By }),
		text("reason", func(v *row) *string { return &v.Reason }),
		when("starts", func(v *row) *time.Time { return &v.Starts }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func lockdownTable() facts[claims.Lockdown] {
	type row = claims.Lockdown
	return factsTable("lockdown",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("location", func(v *row) *claims.LocationID { return &v.At }),
		text("set_by", func(v *row) *string { return &v.By }),
		text("reason", func(v *row) *string { return &v.Reason }),
		when("starts", func(v *row) *time.Time { return &v.From }),
		list("exempt", func(v *row) *[]claims.Subject { return &v.Exempt }),
		when("lifted", func(v *row) *time.Time { return &v.Lifted }),
	)
}

// subject is a column in a subject's text form.
func subject[T any](name string, field func(*T) *claims.Subject) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return field(v).String() },
		target: func(v *T) any { return (*subjectText)(field(v)) },
	}
}

type subjectText claims.Subject

// Scan implements sql.Scanner.
func (s *subjectText) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a subject is %T, want text", src)
	}
	sub, err := claims.ParseSubject(text)
	*s = subjectText(sub)
	return err
}
