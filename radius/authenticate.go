package radius

import (
	"fmt"
	"strings"
	"time"

	codec "layeh.com/radius"

	"lanyard/claims"
)

// PAP (RFC 2865, sections 4.1, 5.1 and 5.2).
//
//   - the login is compared in lower case
//   - a wrong pass and an unknown login get the same reply after the same
//     work: a verifier is computed in any case             house: faults
//   - CHAP is refused: what is stored cannot answer it     docs/divergences.md
//   - EAP is refused with EAP-Failure                      docs/divergences.md

// nobody is checked when no pass has the login, so that it takes as long.
var nobody = claims.WiFiPass{Verifier: strings.Repeat("0", 64)}

// judge decides about the login in r. It fails when no answer is possible.
func (s *Server) judge(pic *picture, p *point, r *request, now time.Time) (verdict, error) {
	v := verdict{Outcome: Outcome{At: now, Point: p.ID, Station: stationOf(r.calling)}}
	v.Reason = unanswerable(r)
	if v.Reason != "" {
		return v, nil
	}
	pass, reason, err := s.authenticate(pic.of, p, r)
	v.Login, v.Member, v.Reason = pass.Login, pass.Member, reason
	if err != nil || reason != claims.ReasonOK {
		return v, err
	}
	err = s.authorize(pic, p, r, pass, &v)
	return v, err
}

// unanswerable tells why the pass in r cannot be checked; empty if it can.
func unanswerable(r *request) claims.Reason {
	switch {
	case r.eap != nil:
		return ReasonEAP
	case r.chap != nil:
		return ReasonCHAP
	case r.mschap:
		return ReasonMSCHAP
	case r.password == nil:
		return ReasonNoPass
	case r.login == nil:
		return ReasonNoLogin
	}
	return ""
}

// authenticate finds the pass that r's login names and checks it. With a
// reason other than ok, the pass is the one that was meant; the zero one if
// there is none.
func (s *Server) authenticate(d *claims.Directory, p *point, r *request) (claims.WiFiPass, claims.Reason, error) {
	plain, err := codec.UserPassword(codec.Attribute(r.password), p.keys.secret, r.authenticator())
	if err != nil {
		return claims.WiFiPass{}, "", fmt.Errorf("read the pass: %w", err)
	}
	defer clear(plain)
	pass, known := d.PassByLogin(strings.ToLower(string(r.login)))
	candidate := pass
	if !known {
		candidate = nobody
	}
	fits := s.cfg.Verify(candidate, plain)
	switch {
	case !known:
		return claims.WiFiPass{}, ReasonUnknownLogin, nil
	case !fits:
		return pass, ReasonWrongPass, nil
	}
	return pass, claims.ReasonOK, nil
}
