package claims

// Devices, access points, networks.
//
//   - a device asks for one right, which is declared on its location's chain
//   - a client is at most one device
//   - no two access points have one prefix, no two networks one SSID
//   - a network's location has join on its chain; VLANs are 1 to 4094, 0 is none

func (p *planner) defineDevice(d Device) ([]Fact, error) {
	d = tidy(d)
	err := check(checkID("id", string(d.ID)), checkLine("name", d.Name, 200), p.notFuture("removed", d.Removed))
	if err != nil {
		return nil, err
	}
	if d.Kind != "door" && d.Kind != "interlock" {
		return nil, invalid("kind", "%q: a device is a door or an interlock", d.Kind)
	}
	if _, err := need[Location](p, "location", string(d.Location)); err != nil {
		return nil, err
	}
	if err := p.mayWrite(d); err != nil {
		return nil, err
	}
	facts := changed(p, d)
	if len(facts) == 0 || !d.Removed.IsZero() {
		return facts, nil
	}
	if _, err := p.standing(d.Location); err != nil {
		return nil, err
	}
	if _, err := p.rightHere("right", d.Location, d.Right); err != nil {
		return nil, err
	}
	if _, ok := Get[Client](p.d, string(d.Client)); !ok {
		return nil, invalid("client", "there is no client %q for the device to be; define it first", d.Client)
	}
	if other, ok := p.d.DeviceByClient(d.Client); ok && other.ID != d.ID && other.Removed.IsZero() {
		return nil, conflict("client %s is device %s already", d.Client, other.ID)
	}
	return facts, nil
}

func (p *planner) defineAccessPoint(a AccessPoint) ([]Fact, error) {
	a = tidy(a)
	err := check(checkID("id", string(a.ID)), checkLine("name", a.Name, 200), checkPrefix(a.Prefix), p.notFuture("removed", a.Removed))
	if err != nil {
		return nil, err
	}
	if a.Secret == "" {
		return nil, invalid("secret", "is empty: an access point without a secret could be anybody")
	}
	if err := p.mayWrite(a); err != nil {
		return nil, err
	}
	facts := changed(p, a)
	if len(facts) == 0 || !a.Removed.IsZero() {
		return facts, nil
	}
	if n, ok := Get[Network](p.d, string(a.Network)); a.Network != "" && (!ok || !n.Removed.IsZero()) {
		return nil, invalid("network", "there is no network %q; define it first", a.Network)
	}
	for other := range All[AccessPoint](p.d) {
		if other.ID != a.ID && other.Prefix == a.Prefix && other.Removed.IsZero() {
			return nil, conflict("%s is access point %s already", a.Prefix, other.ID)
		}
	}
	return facts, nil
}

func (p *planner) defineNetwork(n Network) ([]Fact, error) {
	n = tidy(n)
	err := check(checkSlug("slug", n.Slug), checkLine("ssid", n.SSID, 32), checkVLAN("vlan", n.VLAN, 0), p.notFuture("removed", n.Removed))
	if err != nil {
		return nil, err
	}
	for _, r := range n.Rules {
		if err := check(checkVLAN("rules", r.VLAN, 1), checkLine("rules", r.Filter, 253)); err != nil {
			return nil, err
		}
	}
	if _, err := need[Location](p, "location", string(n.Location)); err != nil {
		return nil, err
	}
	if err := p.mayWrite(n); err != nil {
		return nil, err
	}
	facts := changed(p, n)
	if len(facts) == 0 || !n.Removed.IsZero() {
		return facts, nil
	}
	return facts, p.checkNetwork(n)
}

func checkVLAN(field string, vlan, least int) error {
	if vlan < least || vlan > 4094 {
		return invalid(field, "%d is no VLAN; they go from 1 to 4094", vlan)
	}
	return nil
}

func (p *planner) checkNetwork(n Network) error {
	if _, err := p.standing(n.Location); err != nil {
		return err
	}
	if _, err := p.rightHere("location", n.Location, rightJoin); err != nil {
		return err
	}
	for _, r := range n.Rules {
		if err := p.checkScoped("rules", r.Subject, networkSubjects); err != nil {
			return err
		}
	}
	for other := range All[Network](p.d) {
		if n.SSID != "" && other.Slug != n.Slug && other.SSID == n.SSID && other.Removed.IsZero() {
			return conflict("network %s has the SSID %q already", other.Slug, n.SSID)
		}
	}
	return nil
}
