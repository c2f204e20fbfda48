package oauth

import (
	"encoding/json"
	"strconv"

	"lanyard/claims"
	"lanyard/idp/web"
)

// answerJSON writes an introspection answer without reflection on what every
// answer has. It is an object that was begun; whoever reads b ends it.
type answerJSON struct{ b []byte }

// key begins a member of the object; the name is one of ours.
func (j *answerJSON) key(name string) {
	if len(j.b) == 0 {
		j.b = append(j.b, '{')
	} else {
		j.b = append(j.b, ',')
	}
	j.b = append(append(append(j.b, '"'), name...), '"', ':')
}

func (j *answerJSON) text(name, value string) {
	if value != "" {
		j.key(name)
		j.quote(value)
	}
}

func (j *answerJSON) number(name string, value int64) {
	j.key(name)
	j.b = strconv.AppendInt(j.b, value, 10)
}

func (j *answerJSON) bool(name string, value bool) {
	j.key(name)
	j.b = strconv.AppendBool(j.b, value)
}

// quote writes a text. Plain ASCII is nearly all there is.
func (j *answerJSON) quote(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, err := json.Marshal(s)
			if err != nil {
				panic(err) // a string always marshals
			}
			j.b = append(j.b, b...)
			return
		}
	}
	j.b = append(append(append(j.b, '"'), s...), '"')
}

// words writes names of ours, parted by spaces; they need no escaping.
func (j *answerJSON) words(name string, words []string) {
	j.key(name)
	j.b = append(j.b, '"')
	for i, s := range words {
		if i > 0 {
			j.b = append(j.b, ' ')
		}
		j.b = append(j.b, s...)
	}
	j.b = append(j.b, '"')
}

// list writes texts; [] if there are none.
func list[T ~string](j *answerJSON, name string, values []T) {
	j.key(name)
	j.b = append(j.b, '[')
	for i, v := range values {
		if i > 0 {
			j.b = append(j.b, ',')
		}
		j.quote(string(v))
	}
	j.b = append(j.b, ']')
}

// value writes what is rare enough to be marshalled.
func (j *answerJSON) value(name string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of texts and numbers always marshal
	}
	j.key(name)
	j.b = append(j.b, b...)
}

// writeToken begins the answer with what the token itself is. Its subject is
// who the member is to the caller, whoever the token was given to.
func (p *Provider) writeToken(j *answerJSON, t token, a Active, m claims.Member, caller claims.Client) {
	j.bool("active", true)
	j.words("scope", a.Scopes)
	j.text("client_id", string(a.Client))
	switch t.kind {
	case kindRefresh:
		j.text("token_type", "refresh_token")
	case kindPass:
		j.text("token_type", "door_pass")
	default:
		if t.key == "" {
			j.text("token_type", "Bearer")
		} else {
			j.text("token_type", "DPoP")
		}
	}
	if t.key != "" {
		j.value("cnf", confirm(t.key))
	}
	j.number("exp", a.Expires.Unix())
	j.number("iat", a.Issued.Unix())
	j.text("iss", p.Issuer)
	if a.Member == "" {
		j.text("sub", string(a.Client))
	} else {
		j.text("sub", p.Ring.Subject(caller, m))
	}
	if contains(a.Scopes, scopeProfile) {
		j.text("username", m.Username)
	}
	if len(a.Audience) > 0 {
		list(j, "aud", p.audienceURIs(a.Audience))
	}
	if !a.AuthTime.IsZero() {
		j.number("auth_time", a.AuthTime.Unix())
	}
	if t.jwt != nil {
		j.text("jti", t.jwt.ID)
		if t.jwt.Actor != nil {
			j.value("act", t.jwt.Actor)
		}
	}
}

// claims writes what the caller may know of the member.
func (j *answerJSON) claims(t claims.Token) {
	list(j, "groups", t.Groups)
	if t.Overage {
		j.bool("groups_overage", true)
	}
	list(j, "tags", t.Tags)
	if len(t.Badges) > 0 {
		j.value("badges", t.Badges)
	} else {
		list[string](j, "badges", nil)
	}
	if len(t.Affiliations) > 0 {
		j.value("affiliations", t.Affiliations)
	} else {
		list[string](j, "affiliations", nil)
	}
	if t.Membership != nil {
		j.value("membership", t.Membership)
	}
	j.number("authz_version", int64(t.Version))
}

// decision writes what the engine said.
func (j *answerJSON) decision(d *claims.Directory, dec claims.Decision) {
	j.key("decision")
	inner := &answerJSON{}
	inner.bool("allow", dec.Allow)
	inner.text("reason", string(dec.Reason))
	if !dec.Until.IsZero() {
		inner.number("until", dec.Until.Unix()) // rounded down: never later than it is sure
	}
	if !dec.RetryAt.IsZero() {
		inner.number("retry_at", dec.RetryAt.Unix())
	}
	if missing := web.MissingOf(dec.Missing); len(missing) > 0 {
		inner.value("missing", missing)
	} else {
		list[string](inner, "missing", nil)
	}
	inner.text("text", claims.ShortText(d, dec))
	j.b = append(append(j.b, inner.b...), '}')
}
