package claims

import (
	"strings"
	"testing"
)

// selfMade is a client as it registers itself.
func selfMade(change func(*Client)) RegisterClient {
	return RegisterClient{own(func(c *Client) {
		c.ID, c.Registration = "r-1", &Registration{Token: hex64, URI: "https://app.example.org/"}
		if change != nil {
			change(c)
		}
	})}
}

func TestAClientThatRegistersItselfHasTheLeast(t *testing.T) {
	greedy := selfMade(func(c *Client) {
		c.FirstParty, c.Introspect, c.AlwaysGroups, c.AccessJWT, c.Owner = true, true, true, true, "member:boss"
		c.Filter, c.Resources = ClaimFilter{Badges: []Slug{Every}, Member: true}, []string{"/space/door"}
		c.GrantTypes, c.ExchangeTo = []string{grantCode, grantExchange}, []string{"https://api.example.org/"}
	})
	d, _ := grow(t, registrar(t), as("ada"), greedy)
	c, _ := Get[Client](d, "r-1")
	if c.Trusted() || c.AlwaysGroups || c.AccessJWT || !c.Filter.None() || len(c.Resources)+len(c.ExchangeTo) > 0 || c.Owner != "member:ada" || !c.Registration.At.Equal(noon) {
		t.Errorf("it is %+v", c)
	}
	refused(t, registrar(t), as("ada"), ErrInvalid, "scopes", "does not take", selfMade(func(c *Client) { c.Scopes = []string{"door"} }))
	refused(t, registrar(t), as("tom"), ErrDenied, "register", "/apps", selfMade(nil))
	refused(t, registrar(t), as("ada"), ErrInvalid, "name", "reserved", selfMade(func(c *Client) { c.Name = "Lanyard" }))
	d, _ = grow(t, registrar(t), operator, selfMade(nil))
	if c, _ := Get[Client](d, "r-1"); c.Owner != "operator:root" {
		t.Errorf("made by the operator, it belongs to %q", c.Owner)
	}
	if _, owned := Get[Grant](d, "app-r-1-owner"); owned {
		t.Error("the operator was given a right")
	}
}

func TestARegistrationIsHeldToItsForm(t *testing.T) {
	for field, change := range map[string]func(*Registration){
		"registration":     func(r *Registration) { r.Token = "clear" },
		"client_uri":       func(r *Registration) { r.URI = "javascript:alert(1)" },
		"policy_uri":       func(r *Registration) { r.PolicyURI = "http://app.example.org/" },
		"tos_uri":          func(r *Registration) { r.TermsURI = "https://u@app.example.org/" },
		"contacts":         func(r *Registration) { r.Contacts = make([]string, 11) },
		"software_id":      func(r *Registration) { r.SoftwareID = strings.Repeat("x", 201) },
		"software_version": func(r *Registration) { r.SoftwareVersion = "1\n2" },
	} {
		refused(t, registrar(t), as("ada"), ErrInvalid, field, "", selfMade(func(c *Client) { change(c.Registration) }))
	}
	refused(t, registrar(t), as("ada"), ErrInvalid, "registration", "missing", RegisterClient{own(nil)})
}

func TestAClientChangesWhatItSaidAndNothingElse(t *testing.T) {
	me, other := Actor{Kind: ActorClient, ID: "r-1"}, Actor{Kind: ActorClient, ID: "other"}
	d, _ := grow(t, registrar(t, Define{wiki(func(c *Client) { c.ID, c.Name = "other", "Other" })}), as("ada"), selfMade(nil))
	made, _ := Get[Client](d, "r-1")
	made.Filter, made.Resources, made.AlwaysGroups, made.Scopes = ClaimFilter{Badges: []Slug{"laser-1"}}, []string{"https://api.example.org/"}, true, []string{"door", "openid"}
	d, _ = grow(t, d, as("boss"), Define{made}, Define{Fact: Location{ID: "app-x", Parent: "core-apps", Slug: "x", Inherit: true}})

	again := selfMade(func(c *Client) { c.Name, c.Scopes = "Mine, anew", []string{"door", "email", "openid"} })
	refused(t, d, other, ErrDenied, "manage", "/apps/", again)
	refused(t, d, as("tom"), ErrDenied, "manage", "/apps/", again)
	refused(t, d, other, ErrConflict, "", "did not register itself", RegisterClient{wiki(func(c *Client) { c.ID, c.Registration = "other", &Registration{Token: hex64} })})
	d, _ = grow(t, d, me, again)
	c, _ := Get[Client](d, "r-1")
	if c.Name != "Mine, anew" || len(c.Scopes) != 3 || len(c.Filter.Badges) != 1 || len(c.Resources) != 1 || !c.AlwaysGroups || c.Owner != "member:ada" {
		t.Errorf("it is %+v", c)
	}
	refused(t, d, other, ErrDenied, "manage", "/apps/", DeregisterClient{"r-1"})
	refused(t, d, me, ErrConflict, "", "did not register itself", DeregisterClient{"other"})
	gone, _ := grow(t, d, me, DeregisterClient{"r-1"})
	refused(t, gone, me, ErrDenied, "manage", "disabled", again)
	refused(t, gone, me, ErrDenied, "manage", "disabled", DeregisterClient{"r-1"})

	d, _ = grow(t, d, as("boss"), TakeOver{"r-1"})
	refused(t, d, me, ErrConflict, "", "did not register itself", again)
	refused(t, d, me, ErrConflict, "", "did not register itself", DeregisterClient{"r-1"})
}

func TestASecretThatWasReplacedMeanwhileStaysReplaced(t *testing.T) {
	me, fresh := Actor{Kind: ActorClient, ID: "r-1"}, strings.Repeat("1f", 32)
	d, _ := grow(t, registrar(t), as("ada"), selfMade(nil))
	stale, _ := Get[Client](d, "r-1")
	rotated := stale
	rotated.Secrets, rotated.PKCEOptional = []Secret{{SHA256: fresh, Created: noon}}, true
	d, _ = grow(t, d, as("ada"), Define{rotated})

	stale.Name = "Mine, anew"
	stale.Registration = &Registration{Token: strings.Repeat("2e", 32)}
	d, _ = grow(t, d, me, RegisterClient{stale})
	c, _ := Get[Client](d, "r-1")
	if c.Name != "Mine, anew" || len(c.Secrets) != 1 || c.Secrets[0].SHA256 != fresh || !c.PKCEOptional || c.Registration.Token != hex64 {
		t.Errorf("it is %+v with %+v", c, c.Registration)
	}
	d, _ = grow(t, d, me, selfMade(func(c *Client) { c.Auth, c.Secrets = AuthNone, nil }))
	if c, _ := Get[Client](d, "r-1"); len(c.Secrets) != 0 || c.PKCEOptional {
		t.Errorf("without a secret it is %+v", c)
	}
}

func TestARegisteredClientStaysWithItsSector(t *testing.T) {
	pairwise := func(uri string) RegisterClient {
		return selfMade(func(c *Client) { c.SubjectType, c.RedirectURIs = "pairwise", []string{uri} })
	}
	d, _ := grow(t, registrar(t), as("ada"), pairwise("https://app.example.org/cb"))
	refused(t, d, Actor{Kind: ActorClient, ID: "r-1"}, ErrInvalid, "redirect_uris", "somebody else", pairwise("https://evil.example.org/cb"))
}
