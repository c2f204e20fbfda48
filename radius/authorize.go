package radius

import (
	"fmt"
	"time"

	"lanyard/claims"
)

// rightJoin is asked at the network's location.
const rightJoin claims.Slug = "join"

const (
	longestSession  = 12 * time.Hour
	shortestSession = 30 * time.Second
)

// authorize decides whether the holder of pass may join, where to and for how
// long, and writes it into v.
func (s *Server) authorize(pic *picture, p *point, r *request, pass claims.WiFiPass, v *verdict) error {
	network, ok := pic.network(p, r.called)
	if !ok {
		v.Reason = ReasonNoNetwork
		return nil
	}
	v.Network, v.Location = network.Slug, network.Location
	d, err := claims.Decide(pic.of, claims.Ask{
		Right: rightJoin,
		Place: network.Location,
		At:    v.At,
		Pass:  &pass,
	})
	if err != nil {
		return fmt.Errorf("decide join at %s: %w", network.Location, err)
	}
	v.Reason = d.Reason
	if !d.Allow {
		return nil
	}
	rule, ends := firstRule(pic.of, network, pass.Member, v.At)
	v.Session = sessionFor(claims.Earlier(d.Until, ends), v.At)
	if v.Session < shortestSession {
		v.Reason, v.Session = ReasonTooShort, 0
		return nil
	}
	v.Allow, v.VLAN, v.filter, v.class = true, rule.VLAN, rule.Filter, pass.ID
	return nil
}

// firstRule returns the first of the network's rules whose subject the member
// is, and when that ends (zero: never); the network's own VLAN if none is.
func firstRule(d *claims.Directory, n claims.Network, m claims.MemberID, at time.Time) (claims.VLANRule, time.Time) {
	for _, rule := range n.Rules {
		if ok, ends := claims.Holds(d, m, rule.Subject, at); ok {
			return rule, ends
		}
	}
	return claims.VLANRule{VLAN: n.VLAN}, time.Time{}
}

// sessionFor returns the whole seconds from at to until, at most 12 h. A zero
// until is never.
func sessionFor(until, at time.Time) time.Duration {
	if until.IsZero() {
		return longestSession
	}
	return min(until.Sub(at).Truncate(time.Second), longestSession)
}
