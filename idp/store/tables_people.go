package store

import (
	"time"

	"lanyard/claims"
)

// Members, tags, badges, affiliations: migrations 0001 to 0003.

func memberTable() facts[claims.Member] {
	type row = claims.Member
	return factsTable("member",
		key("id", func(v *row) *claims.MemberID { return &v.ID }),
		text("sub", func(v *row) *string { return &v.Sub }),
		text("username", func(v *row) *string { return &v.Username }),
		list("former", func(v *row) *[]string { return &v.Former }),
		text("name", func(v *row) *string { return &v.Name }),
		text("given_name", func(v *row) *string { return &v.GivenName }),
		text("family_name", func(v *row) *string { return &v.FamilyName }),
		text("locale", func(v *row) *string { return &v.Locale }),
		text("email", func(v *row) *string { return &v.Email }),
		flag("email_verified", func(v *row) *bool { return &v.EmailOK }),
		text("state", func(v *row) *claims.State { return &v.State }),
		text("set_by", func(v *row) *string { return &v.SetBy }),
		when("since", func(v *row) *time.Time { return &v.Since }),
		when("paid_until", func(v *row) *time.Time { return &v.PaidUntil }),
		when("grace_until", func(v *row) *time.Time { return &v.GraceUntil }),
		when("barred_at", func(v *row) *time.Time { return &v.BarredAt }),
		text("barred_by", func(v *row) *string { return &v.BarredBy }),
		text("bar_reason", func(v *row) *string { return &v.BarReason }),
		when("erased_at", func(v *row) *time.Time { return &v.ErasedAt }),
	)
}

func profileTable() facts[claims.Profile] {
	type row = claims.Profile
	return factsTable("profile",
		key("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("middle_name", func(v *row) *string { return &v.MiddleName }),
		text("nickname", func(v *row) *string { return &v.Nickname }),
		text("page", func(v *row) *string { return &v.Page }),
		text("picture", func(v *row) *string { return &v.Picture }),
		text("website", func(v *row) *string { return &v.Website }),
		text("gender", func(v *row) *string { return &v.Gender }),
		text("birthdate", func(v *row) *string { return &v.Birthdate }),
		text("zoneinfo", func(v *row) *string { return &v.Zoneinfo }),
		text("phone", func(v *row) *string { return &v.Phone }),
		flag("phone_verified", func(v *row) *bool { return &v.PhoneOK }),
		list("address", func(v *row) *claims.Address { return &v.Address }),
		when("updated_at", func(v *row) *time.Time { return &v.Updated }),
	)
}

func noteTable() facts[claims.Note] {
	type row = claims.Note
	return factsTable("member_note",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("note", func(v *row) *string { return &v.Text }),
		text("written_by", func(v *row) *string { return &v.By }),
		when("at", func(v *row) *time.Time { return &v.At }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
		text("removed_by", func(v *row) *string { return &v.RemovedBy }),
	)
}

func aliasTable() facts[claims.Alias] {
	type row = claims.Alias
	return factsTable("username_alias",
		key("client", func(v *row) *claims.ClientID { return &v.Client }),
		key("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("username", func(v *row) *string { return &v.Username }),
		list("former", func(v *row) *[]string { return &v.Former }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func settingsTable() facts[claims.Settings] {
	type row = claims.Settings
	return factsTable("settings",
		only[row]("id", claims.Settings{}.Key().ID),
		text("name", func(v *row) *string { return &v.Name }),
		text("membership_type", func(v *row) *claims.Slug { return &v.MembershipFrom.Type }),
		text("membership_kind", func(v *row) *claims.Slug { return &v.MembershipFrom.Kind }),
	)
}

func tagTable() facts[claims.Tag] {
	type row = claims.Tag
	return factsTable("tag",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("label", func(v *row) *string { return &v.Label }),
		text("description", func(v *row) *string { return &v.Description }),
		list("targets", func(v *row) *[]claims.Target { return &v.Targets }),
		flag("in_claims", func(v *row) *bool { return &v.InClaims }),
	)
}

func assignmentTable() facts[claims.Assignment] {
	type row = claims.Assignment
	return factsTable("tag_assignment",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("tag", func(v *row) *claims.Slug { return &v.Tag }),
		text("target", func(v *row) *claims.Target { return &v.Target }),
		text("target_id", func(v *row) *string { return &v.TargetID }),
		text("assigned_by", func(v *row) *string { return &v.AssignedBy }),
		when("assigned_at", func(v *row) *time.Time { return &v.AssignedAt }),
		when("starts", func(v *row) *time.Time { return &v.Starts }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
		text("removed_by", func(v *row) *string { return &v.RemovedBy }),
		text("period", func(v *row) *claims.Slug { return &v.Period }),
	)
}

func badgeTable() facts[claims.Badge] {
	type row = claims.Badge
	return factsTable("badge",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("name", func(v *row) *string { return &v.Name }),
		text("description", func(v *row) *string { return &v.Description }),
		text("earn", func(v *row) *string { return &v.Earn }),
		text("earn_url", func(v *row) *string { return &v.EarnURL }),
		text("mode", func(v *row) *claims.BadgeMode { return &v.Mode }),
		span("valid_for", func(v *row) *claims.Duration { return &v.ValidFor }),
		flag("in_claims", func(v *row) *bool { return &v.InClaims }),
		when("retired", func(v *row) *time.Time { return &v.Retired }),
	)
}

func awardTable() facts[claims.Award] {
	type row = claims.Award
	return factsTable("badge_award",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("badge", func(v *row) *claims.Slug { return &v.Badge }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("awarded_by", func(v *row) *string { return &v.AwardedBy }),
		when("awarded_at", func(v *row) *time.Time { return &v.On }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("revoked", func(v *row) *time.Time { return &v.Revoked }),
		text("revoked_by", func(v *row) *string { return &v.RevokedBy }),
		text("revoke_reason", func(v *row) *string { return &v.RevokeReason }),
		text("superseded_by", func(v *row) *claims.ID { return &v.SupersededBy }),
		text("evidence", func(v *row) *string { return &v.Evidence }),
		text("method", func(v *row) *claims.AwardMethod { return &v.Method }),
		text("period", func(v *row) *claims.Slug { return &v.Period }),
	)
}

func periodTable() facts[claims.Period] {
	type row = claims.Period
	return factsTable("period",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("label", func(v *row) *string { return &v.Label }),
		text("kind", func(v *row) *claims.PeriodKind { return &v.Kind }),
		when("starts", func(v *row) *time.Time { return &v.Starts }),
		when("ends", func(v *row) *time.Time { return &v.Ends }),
		flag("current", func(v *row) *bool { return &v.Current }),
	)
}

func typeTable() facts[claims.ObjectType] {
	type row = claims.ObjectType
	return factsTable("object_type",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("label", func(v *row) *string { return &v.Label }),
		text("extends", func(v *row) *claims.Slug { return &v.Extends }),
	)
}

func kindTable() facts[claims.Kind] {
	type row = claims.Kind
	return factsTable("affiliation_kind",
		key("type", func(v *row) *claims.Slug { return &v.Type }),
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("parent", func(v *row) *claims.Slug { return &v.Parent }),
		text("label", func(v *row) *string { return &v.Label }),
	)
}

func objectTable() facts[claims.Object] {
	type row = claims.Object
	return factsTable("scope_object",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("type", func(v *row) *claims.Slug { return &v.Type }),
		text("name", func(v *row) *string { return &v.Name }),
		when("archived", func(v *row) *time.Time { return &v.Archived }),
	)
}

func affiliationTable() facts[claims.Affiliation] {
	type row = claims.Affiliation
	return factsTable("affiliation",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("object", func(v *row) *claims.Slug { return &v.Object }),
		text("kind", func(v *row) *claims.Slug { return &v.Kind }),
		text("title", func(v *row) *string { return &v.Title }),
		text("granted_by", func(v *row) *string { return &v.GrantedBy }),
		when("starts", func(v *row) *time.Time { return &v.Starts }),
		when("ends", func(v *row) *time.Time { return &v.Ends }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
		text("period", func(v *row) *claims.Slug { return &v.Period }),
	)
}

func overrideTable() facts[claims.Override] {
	type row = claims.Override
	return factsTable("kind_override",
		key("object", func(v *row) *claims.Slug { return &v.Object }),
		text("kind", func(v *row) *claims.Slug { return &v.Kind }),
		list("rights", func(v *row) *[]claims.Slug { return &v.Rights }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}
