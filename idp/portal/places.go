package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
	"lanyard/templates"
)

// mostPlaces is how many doors, machines and networks the page lists.
const mostPlaces = 200

// places asks, for each door, machine and network, whether it is open to the
// member now: what is open first, then by name.
func (p *Portal) places(v *visit) []templates.Place {
	list := append(p.devices(v), p.networks(v)...)
	slices.SortStableFunc(list, func(a, b templates.Place) int {
		if a.Open != b.Open {
			if a.Open {
				return -1
			}
			return 1
		}
		return compare(a.Name, b.Name)
	})
	return list[:min(len(list), mostPlaces)]
}

func (p *Portal) devices(v *visit) []templates.Place {
	var list []templates.Place
	for dev := range claims.All[claims.Device](v.d) {
		if !dev.Removed.IsZero() {
			continue
		}
		dec, err := v.decideDevice(dev)
		if err != nil {
			web.Note(v.r.Context(), err)
			continue
		}
		place := p.place(v, dev.Name, dev.Kind, dev.Location, dec)
		if p.MintPass != nil {
			place.Device = string(dev.ID)
		}
		list = append(list, place)
	}
	return list
}

func (p *Portal) networks(v *visit) []templates.Place {
	var list []templates.Place
	for n := range claims.All[claims.Network](v.d) {
		if !n.Removed.IsZero() {
			continue
		}
		dec, err := claims.Decide(v.d, claims.Ask{Member: v.me.ID, Right: "join", Place: n.Location, At: v.now, ACR: v.session.ACR})
		if err != nil {
			web.Note(v.r.Context(), fmt.Errorf("decide about network %s: %w", n.Slug, err))
			continue
		}
		list = append(list, p.place(v, networkName(n), "network", n.Location, dec))
	}
	return list
}

// decideDevice asks what a tap at the device would ask.
func (v *visit) decideDevice(dev claims.Device) (claims.Decision, error) {
	dec, err := claims.Decide(v.d, claims.Ask{Member: v.me.ID, Right: dev.Right, Place: dev.Location, Device: dev.ID, At: v.now, ACR: v.session.ACR})
	if err != nil {
		return dec, fmt.Errorf("decide about device %s: %w", dev.ID, err)
	}
	return dec, nil
}

func (p *Portal) place(v *visit, name, kind string, at claims.LocationID, dec claims.Decision) templates.Place {
	place := templates.Place{Name: name, Kind: kind, Where: whereIs(v.d, at), Open: dec.Allow}
	lines := claims.Explain(v.d, dec)
	lines = slices.Delete(lines, 1, min(len(lines), 1+len(dec.Missing))) // said in Needs, with a link
	for _, m := range dec.Missing {
		var need templates.Need
		for _, b := range m.AnyOf {
			need.AnyOf = append(need.AnyOf, templates.MissingBadge{Name: b.Name, Earn: web.Sentence(b.Earn), URL: b.EarnURL,
				Page: "/badges/" + string(b.Slug), Done: b.Done, Still: b.Still})
		}
		place.Needs = append(place.Needs, need)
	}
	if dec.Allow { // "You may" is said by the page
		lines = lines[1:]
		if !dec.Until.IsZero() {
			lines = append([]string{web.Sentence(templates.Until(dec.Until, v.now, p.Zone).Text)}, lines...)
		}
	}
	place.Words = lines
	return place
}

// whereIs writes a location as the names from its root: "Space › Workshop".
func whereIs(d *claims.Directory, id claims.LocationID) string {
	var names []string
	for range claims.MaxDepth {
		l, ok := claims.Get[claims.Location](d, string(id))
		if !ok {
			break
		}
		name := l.Name
		if name == "" {
			name = string(l.Slug)
		}
		names = append(names, name)
		id = l.Parent
	}
	slices.Reverse(names)
	return strings.Join(names, " › ")
}

// PostDoorPass makes a door pass and shows it, at POST /door-pass with
// device.
func (p *Portal) PostDoorPass(w http.ResponseWriter, r *http.Request) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	dev, ok := claims.Get[claims.Device](v.d, form.Get("device"))
	if !ok || !dev.Removed.IsZero() || p.MintPass == nil {
		p.fail(v, fmt.Errorf("device of a door pass: %w", claims.ErrNotFound))
		return
	}
	dec, err := v.decideDevice(dev)
	if err != nil {
		p.fail(v, err)
		return
	}
	if !dec.Allow {
		lines := claims.Explain(v.d, dec)
		p.failWith(v, &claims.Refused{Right: dev.Right, At: v.d.PathOf(dev.Location), Missing: dec.Missing},
			dev.Name+" is closed to you", lines[0], lines[1:]...)
		return
	}
	text, expires, err := p.MintPass(r.Context(), v.me.ID, dev.Location)
	if err != nil {
		p.fail(v, fmt.Errorf("mint a door pass: %w", err))
		return
	}
	p.audit(v, "mint door pass", "device:"+string(dev.ID))
	web.Page(w, r, http.StatusOK, templates.DoorPass{
		Frame: p.frame(v, ""), Door: dev.Name, Text: text, Device: string(dev.ID),
		Seconds: int(expires.Sub(v.now).Round(time.Second) / time.Second),
		Until:   templates.Moment{At: expires.In(p.Zone), Text: "until " + expires.In(p.Zone).Format("15:04:05")},
	})
}
