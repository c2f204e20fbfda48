package portal

import (
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/templates"
)

// How far the page looks back for what was refused, and how much of it is shown.
const (
	refusedFor   = 14 * 24 * time.Hour
	mostRefusals = 5
	mostEvents   = 200 // that are looked through
)

// refusals are the times that doors, machines and WiFi kept the member out
// lately, the newest first, each with why it was then and whether it would
// open now. The same at the same place is told once.
func (p *Portal) refusals(v *visit) ([]templates.Refusal, error) {
	events, err := p.Store.EventsOf(v.r.Context(), v.me.ID, mostEvents)
	if err != nil {
		return nil, fmt.Errorf("access events: %w", err)
	}
	type kind struct {
		where  string
		reason claims.Reason
	}
	told := map[kind]bool{}
	var list []templates.Refusal
	for _, e := range events {
		if e.Allow || v.now.Sub(e.At) > refusedFor || len(list) == mostRefusals {
			continue
		}
		what := kind{v.eventPlace(e), e.Reason}
		if told[what] {
			continue
		}
		told[what] = true
		list = append(list, templates.Refusal{Where: what.where, At: templates.Clock(e.At, v.now, p.Zone),
			Why: claims.Explain(v.d, claims.Decision{Member: v.me.ID, Reason: e.Reason})[0], Now: v.opensNow(e)})
	}
	return list, nil
}

// eventPlace is what people call where something happened.
func (v *visit) eventPlace(e record.Event) string {
	if dev, ok := claims.Get[claims.Device](v.d, string(e.Device)); ok && dev.Name != "" {
		return dev.Name
	}
	if e.Front == "wifi" {
		return "WiFi"
	}
	return whereIs(v.d, e.Location)
}

// opensNow tells whether the same would be let now.
func (v *visit) opensNow(e record.Event) bool {
	if _, ok := claims.Get[claims.Location](v.d, string(e.Location)); !ok || e.Right == "" {
		return false
	}
	dec, err := claims.Decide(v.d, claims.Ask{Member: v.me.ID, Right: e.Right, Place: e.Location, Device: e.Device, At: v.now, ACR: v.session.ACR})
	return err == nil && dec.Allow
}
