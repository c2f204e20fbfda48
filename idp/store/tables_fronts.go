package store

import (
	"time"

	"lanyard/claims"
)

// What the fronts meet: cards, doors, clients, WiFi. Migrations 0005 to 0007.

func credentialTable() facts[claims.Credential] {
	type row = claims.Credential
	return factsTable("credential",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("kind", func(v *row) *string { return &v.Kind }),
		text("label", func(v *row) *string { return &v.Label }),
		text("lookup", func(v *row) *string { return &v.Lookup }),
		text("sealed", func(v *row) *string { return &v.Sealed }),
		text("status", func(v *row) *claims.CredentialStatus { return &v.Status }),
		when("added", func(v *row) *time.Time { return &v.Added }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
	)
}

func deviceTable() facts[claims.Device] {
	type row = claims.Device
	return factsTable("device",
		key("id", func(v *row) *claims.DeviceID { return &v.ID }),
		text("name", func(v *row) *string { return &v.Name }),
		text("kind", func(v *row) *string { return &v.Kind }),
		text("location", func(v *row) *claims.LocationID { return &v.Location }),
		text("right_slug", func(v *row) *claims.Slug { return &v.Right }),
		text("client", func(v *row) *claims.ClientID { return &v.Client }),
		flag("maintenance", func(v *row) *bool { return &v.Maintenance }),
		flag("two_person", func(v *row) *bool { return &v.TwoPerson }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func clientTable() facts[claims.Client] {
	type row = claims.Client
	return factsTable("client",
		key("id", func(v *row) *claims.ClientID { return &v.ID }),
		text("name", func(v *row) *string { return &v.Name }),
		list("secrets", func(v *row) *[]claims.Secret { return &v.Secrets }),
		text("auth", func(v *row) *claims.AuthMethod { return &v.Auth }),
		text("jwks", func(v *row) *string { return &v.JWKS }),
		text("jwks_uri", func(v *row) *string { return &v.JWKSURI }),
		text("assertion_alg", func(v *row) *string { return &v.AssertionAlg }),
		list("redirect_uris", func(v *row) *[]string { return &v.RedirectURIs }),
		list("logout_uris", func(v *row) *[]string { return &v.LogoutURIs }),
		text("backchannel_uri", func(v *row) *string { return &v.BackchannelURI }),
		flag("backchannel_sid", func(v *row) *bool { return &v.BackchannelSID }),
		list("grant_types", func(v *row) *[]string { return &v.GrantTypes }),
		list("scopes", func(v *row) *[]string { return &v.Scopes }),
		list("resources", func(v *row) *[]string { return &v.Resources }),
		list("exchange_targets", func(v *row) *[]string { return &v.ExchangeTo }),
		text("id_token_alg", func(v *row) *string { return &v.IDTokenAlg }),
		text("subject_type", func(v *row) *string { return &v.SubjectType }),
		text("sector_uri", func(v *row) *string { return &v.SectorURI }),
		flag("access_jwt", func(v *row) *bool { return &v.AccessJWT }),
		flag("first_party", func(v *row) *bool { return &v.FirstParty }),
		flag("always_groups", func(v *row) *bool { return &v.AlwaysGroups }),
		flag("pkce_optional", func(v *row) *bool { return &v.PKCEOptional }),
		flag("introspect", func(v *row) *bool { return &v.Introspect }),
		flag("require_pushed", func(v *row) *bool { return &v.RequirePushed }),
		flag("require_dpop", func(v *row) *bool { return &v.RequireDPoP }),
		list("claim_filter", func(v *row) *claims.ClaimFilter { return &v.Filter }),
		when("disabled", func(v *row) *time.Time { return &v.Disabled }),
		text("owner", func(v *row) *string { return &v.Owner }),
		list("registration", func(v *row) **claims.Registration { return &v.Registration }),
	)
}

func accessPointTable() facts[claims.AccessPoint] {
	type row = claims.AccessPoint
	return factsTable("access_point",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("name", func(v *row) *string { return &v.Name }),
		text("prefix", func(v *row) *string { return &v.Prefix }),
		text("secret", func(v *row) *string { return &v.Secret }),
		text("network", func(v *row) *claims.Slug { return &v.Network }),
		flag("no_message_authenticator", func(v *row) *bool { return &v.NoMA }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func networkTable() facts[claims.Network] {
	type row = claims.Network
	return factsTable("network",
		key("slug", func(v *row) *claims.Slug { return &v.Slug }),
		text("ssid", func(v *row) *string { return &v.SSID }),
		text("location", func(v *row) *claims.LocationID { return &v.Location }),
		list("rules", func(v *row) *[]claims.VLANRule { return &v.Rules }),
		number("vlan", func(v *row) *int { return &v.VLAN }),
		when("removed", func(v *row) *time.Time { return &v.Removed }),
	)
}

func passTable() facts[claims.WiFiPass] {
	type row = claims.WiFiPass
	return factsTable("wifi_pass",
		key("id", func(v *row) *claims.ID { return &v.ID }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("login", func(v *row) *string { return &v.Login }),
		text("verifier", func(v *row) *string { return &v.Verifier }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("revoked", func(v *row) *time.Time { return &v.Revoked }),
	)
}
