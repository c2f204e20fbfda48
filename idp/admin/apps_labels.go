package admin

// appLabels is what the page about an application calls the fields that
// something may be wrong with.
var appLabels = map[string]string{
	"id": "Id", "name": "Name",
	"redirect_uris": labelRedirect, "post_logout_redirect_uris": "Where people are sent after signing out",
	"backchannel_logout_uri": labelBackchannel, "backchannel_logout_session_required": labelBackchannel,
	"scopes": "It may ask for", "grant_types": "Ways to get tokens",
	"see": labelSee, "filter.tags": labelSee, "filter.badges": labelSee, "filter.types": labelSee, "filter.objects": labelSee,
	"rename": labelRename, "filter.rename": labelRename, "filter.names": labelRename, "cap": labelCap, "filter.cap": labelCap,
	"auth": labelAuth, "secrets": labelAuth, "jwks": "Its key set", "jwks_uri": "Where its public keys are", "token_endpoint_auth_signing_alg": "What it signs with",
	"id_token_alg": "ID tokens are signed with", "subject_type": "Members are known to it by", "sector_identifier_uri": "The list of all addresses that share those subjects",
	"pkce_optional": "It is too old for PKCE", "first_party": "It is the organisation's",
	"resources": "Audiences it may ask for", "exchange_targets": "Audiences it may exchange members' tokens for",
	"overlap": "The old one works on for", "member": "Username", "recipe": "What sort of application it is", "url": "Where it is", "source": "What it calls this server",
}

const (
	labelRedirect    = "Where people are sent back to"
	labelBackchannel = "Where it is told of sign-outs"
	labelSee         = "Which groups it is told of"
	labelRename      = "Other names for groups"
	labelCap         = "The most groups in a token"
	labelAuth        = "How it proves who it is"
)
