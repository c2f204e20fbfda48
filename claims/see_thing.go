package claims

// Thing is what people call something of a member whom the caller may see:
// "laser-1 of ada", the login name of a WiFi pass, the label of a card. It is
// "" for what has no such name, is not there, or is of somebody hidden.
func (v *View) Thing(k Key) string {
	var of MemberID
	var name string
	switch k.Entity {
	case EntityAward:
		a, _ := Get[Award](v.d, k.ID)
		of, name = a.Member, string(a.Badge)
	case EntityAssignment:
		a, _ := Get[Assignment](v.d, k.ID)
		if a.Target == TargetMember {
			of, name = MemberID(a.TargetID), string(a.Tag)
		}
	case EntityAffiliation:
		a, _ := Get[Affiliation](v.d, k.ID)
		of, name = a.Member, string(a.Object)
	case EntityWiFiPass:
		p, _ := Get[WiFiPass](v.d, k.ID)
		if v.Call(p.Member) != "" {
			return p.Login
		}
	case EntityCredential:
		c, _ := Get[Credential](v.d, k.ID)
		if c.Label != "" && v.Call(c.Member) != "" {
			return "“" + c.Label + "”"
		}
	}
	if who := v.Call(of); who != "" {
		return name + " of " + who
	}
	return ""
}
