package claims

import "fmt"

// Who may write what (domain: "nobody gives what they don't hold").
//
//	award, revoke badge S               award at /badges/S; never a device by itself
//	result towards badge S, sign-off    the same; a course's result by hand: manage there
//	requirement, mode of badge S        manage and award at /badges/S, or manage at /badges (plan_shape.go)
//	assign tag S                        assign at /tags/S
//	affiliation (O, K)                  affiliate at O's location and hold (O, K or deeper), or manage there
//	grant, deny, gate, waiver at L      grant at L and the right itself, or manage at L's root
//	                                    a client: only to what its claim filter shows (plan_may_see.go),
//	                                    and none of the core's rights but manage to itself
//	location: move, inherit, open, …    manage at the old and the new parent (a root's parent is /admin);
//	                                    a client: not out from under what closes it (plan_may_escape.go)
//	role, kind tree, override, right    manage at the root of every application where it is granted
//	client, claim filter, alias         manage at /apps/S, or register at /apps for one's own
//	state, bar, paid_until, account     manage at /people
//	lockdown, lifting it                lockdown at L
//	period                              manage at /admin
//	tag, badge, object, type, device,   manage at /tags/S, /badges/S, the object's place, /objects,
//	network, access point, settings,    the device's and the network's location, /wifi, /admin;
//	VLE, course
//	                                    naming a device's client: also manage at /apps/CLIENT
//	profile, card, WiFi pass, identity  manage at /people/MEMBER; some of it oneself (plan_members.go, plan_cards.go)
//	opening                             manage at /tags/S, /badges/S, the object's place, /objects for a type
//	request, answering it               for oneself; as for giving the thing, never one's own
//	erasure                             manage at /people, never oneself; of an administrator also assign at /tags/admin
//	note                                manage at /people/MEMBER, never about oneself
//
// An object that no location names stands at /objects/O. The operator passes
// all of this, and none of the invariants.

// The rights this package asks for itself.
const (
	rightManage    Slug = "manage"
	rightGrant     Slug = "grant"
	rightLockdown  Slug = "lockdown"
	rightAffiliate Slug = "affiliate"
	rightAward     Slug = "award"
	rightAssign    Slug = "assign"
	rightLogin     Slug = "login"
	rightRegister  Slug = "register"
	rightJoin      Slug = "join"
	rightRecover   Slug = "recover"
)

// mayWrite tells whether the actor may write a fact as it will be; a *Refused
// if not.
func (p *planner) mayWrite(f Fact) error {
	switch f := f.(type) {
	case Settings, Application, Period:
		return p.mayOn(rightManage, "/admin")
	case Tag:
		return p.mayOn(rightManage, Path("/tags/"+f.Slug))
	case Badge:
		return p.mayOn(rightManage, Path("/badges/"+f.Slug))
	case Opening:
		return p.mayOpen(f.Thing)
	case ObjectType:
		return p.mayOn(rightManage, "/objects")
	case AccessPoint:
		return p.mayOn(rightManage, "/wifi")
	case Object:
		return p.mayObject(rightManage, f.Slug)
	case Kind:
		return p.mayKind(f)
	case Override:
		return p.mayOverride(f)
	case Location:
		return p.mayLocation(f)
	case Right:
		return p.may(rightManage, p.rootOf(f.At))
	case Role:
		return p.mayRole(f)
	case Client:
		return p.mayOn(rightManage, Path("/apps/"+clientSlug(f.ID)))
	case Device:
		return p.mayDevice(f)
	case Alias:
		return p.mayOn(rightManage, Path("/apps/"+clientSlug(f.Client)))
	case Network:
		return p.mayNetwork(f)
	default:
		return p.mayGive(f)
	}
}

// mayGive is mayWrite for the facts of members' lives.
func (p *planner) mayGive(f Fact) error {
	switch f := f.(type) {
	case Award:
		return p.mayAward(f.Badge)
	case Assignment:
		return p.mayOn(rightAssign, Path("/tags/"+f.Tag))
	case Affiliation:
		return p.mayAffiliate(f.Object, f.Kind)
	case Grant:
		return p.mayGrant(f)
	case Gate:
		return p.mayGate(f)
	case Waiver:
		gate, err := need[Gate](p, "gate", string(f.Gate))
		if err != nil {
			return err
		}
		return p.mayGate(gate)
	case Lockdown:
		return p.may(rightLockdown, f.At)
	case Member:
		return p.mayOn(rightManage, "/people")
	case Credential:
		return p.mayOn(rightManage, personPath(f.Member))
	case WiFiPass:
		if p.isSelf(f.Member) {
			return nil
		}
		return p.mayOn(rightManage, personPath(f.Member))
	}
	return p.mayEarn(f)
}

// may tells whether the actor holds right at a stored location.
func (p *planner) may(right Slug, at LocationID) error {
	if p.by.Kind == ActorOperator {
		return nil
	}
	if at == "" {
		return &Refused{Right: right, Problem: fmt.Sprintf("you need %s there, and there is no such location", right)}
	}
	return p.judge(Ask{Right: right, Place: at}, p.d.PathOf(at))
}

// mayOn tells whether the actor holds right at a path, stored or not.
func (p *planner) mayOn(right Slug, at Path) error {
	if p.by.Kind == ActorOperator {
		return nil
	}
	return p.judge(Ask{Right: right, Path: at}, at)
}

func (p *planner) judge(a Ask, at Path) error {
	a.At = p.now
	if !p.by.asks(p.d, &a) {
		return &Refused{Right: a.Right, At: at, Problem: "there is no such " + string(p.by.Kind)}
	}
	dec, err := Decide(p.d, a)
	if err != nil {
		return err
	}
	if dec.Allow {
		return nil
	}
	r := &Refused{Right: a.Right, At: at, Missing: dec.Missing}
	if dec.Reason != ReasonNoGrant {
		r.Problem = fmt.Sprintf("you need %s at %s: %s", a.Right, at, dec.Reason)
	}
	return r
}

// asks makes the actor the principal of a; false: there is no such actor.
func (by Actor) asks(d *Directory, a *Ask) bool {
	switch by.Kind {
	case ActorMember:
		a.Member, a.ACR = MemberID(by.ID), by.ACR
	case ActorClient:
		a.Client = ClientID(by.ID)
	case ActorDevice:
		device, ok := Get[Device](d, by.ID)
		if !ok || device.Client == "" || !device.Removed.IsZero() {
			return false
		}
		a.Client = device.Client
	case ActorSystem:
		a.System = true
	default:
		return false
	}
	return a.System || a.Member != "" || a.Client != ""
}

// isSelf tells whether the actor is this member.
func (p *planner) isSelf(m MemberID) bool {
	return p.by.Kind == ActorMember && p.by.ID == string(m)
}

// notSelf holds invariant 3: nobody does this to themselves.
func (p *planner) notSelf(m MemberID, right Slug, at Path, problem string) error {
	if p.isSelf(m) {
		return &Refused{Right: right, At: at, Problem: problem}
	}
	return nil
}

// personPath is a member's node; /people itself for an id that is no slug.
func personPath(m MemberID) Path {
	if _, err := ParseSlug(string(m)); err != nil {
		return "/people"
	}
	return Path("/people/" + m)
}
