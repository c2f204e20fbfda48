package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lanyard/claims"
	"lanyard/cmd/lanyard/demo"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/cmd/lanyard/tour"
	"lanyard/idp/login"
	"lanyard/idp/record"
)

// demoSecrets is what the demo knows that a real organisation's members keep to
// themselves: it is written beside the demo's database, for --keep.
type demoSecrets struct {
	Password string            `json:"password"` // everybody's
	Secrets  map[string]string `json:"secrets"`  // by client, door or access point
}

// populate applies the demo's organisation and gives its people a password.
func (d *demoRun) populate() error {
	file, err := organisation.Read(bytes.NewReader(demo.File))
	if err != nil {
		return fmt.Errorf("the demo's organisation: %w", err)
	}
	for i := range file.Clients {
		if file.Clients[i].ID == "wiki" {
			file.Clients[i].RedirectURIs = []string{d.wiki + "/callback"}
			file.Clients[i].LogoutURIs = []string{d.wiki + "/"}
		}
	}
	if err := d.recall(); err != nil {
		return err
	}
	draft, err := organisation.Prepare(d.house.dir(), file, d.house.env())
	if err != nil {
		return fmt.Errorf("the demo's organisation: %w", err)
	}
	if _, err := d.house.change(draft.Intents...); err != nil {
		return fmt.Errorf("the demo's organisation: %w", err)
	}
	for _, g := range draft.Generated {
		d.known.Secrets[g.Name] = string(g.Secret)
	}
	if err := d.givePasswords(); err != nil {
		return err
	}
	return d.remember()
}

// givePasswords sets the demo's password for everybody who has none.
func (d *demoRun) givePasswords() error {
	for m := range claims.All[claims.Member](d.house.dir()) {
		if _, err := d.house.store.Password(d.house.ctx(), m.ID); err == nil {
			continue
		} else if !errors.Is(err, claims.ErrNotFound) {
			return err
		}
		p := record.Password{Member: m.ID, PHC: login.HashPassword(d.known.Password), Changed: d.now()}
		if err := d.house.store.SetPassword(d.house.ctx(), p); err != nil {
			return err
		}
	}
	return nil
}

func (d *demoRun) secretsFile() string { return filepath.Join(d.dir, "secrets.json") }

func (d *demoRun) recall() error {
	d.known = demoSecrets{Password: "demo-" + strings.ToLower(rand.Text()[:8]), Secrets: map[string]string{}}
	text, err := os.ReadFile(d.secretsFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &d.known)
}

func (d *demoRun) remember() error {
	text, err := json.MarshalIndent(d.known, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(d.secretsFile(), text, 0o600)
}

// tourConfig is what the tour needs to know of this run.
func (d *demoRun) tourConfig() tour.Config {
	client := func(id, name string) tour.Client { return tour.Client{ID: id, Secret: d.known.Secrets[name]} }
	laser := d.device("laser-lock")
	return tour.Config{
		Issuer: d.house.cfg.Issuer, Wiki: d.wiki, Now: d.now,
		Passwords: map[string]string{"ada": d.known.Password, "tom": d.known.Password, "bea": d.known.Password},
		App:       tour.Client{ID: "app"}, Dashboard: client("dashboard", "dashboard"),
		Laser: client(string(laser.Client), laser.Name), LaserID: string(laser.ID),
		AdaCard: "04:A1:B2:C3", RADIUS: d.wifi.LocalAddr().String(), Secret: []byte(d.known.Secrets["Demo access point"]),
		SSID: "Wood & Wire", Machines: "Wood & Wire machines", VLAN: "20", VLANPlus: "30",
	}
}

func (d *demoRun) device(id string) claims.Device {
	v, _ := claims.Get[claims.Device](d.house.dir(), id)
	return v
}

// invite prints what to try next.
func (d *demoRun) invite() {
	c := d.tourConfig()
	link, _, err := d.house.newLink(login.PurposeAdmin, "", adminLinkFor)
	if err != nil {
		link = "(none: " + err.Error() + ")"
	}
	fmt.Fprintf(d.out, `
Still serving. Try it:

  Your own page       %[1]s          sign in as ada, tom, bea, carol, gus or sam
                      password for all of them: %[2]s
  The demo wiki       %[3]s          another program, signing in through Lanyard
  Administration      %[4]s
                      works once: makes an administrator of whoever opens it first

  A door asks about Ada's card:
    curl -u '%[5]s:%[6]s' %[1]s/device/v1/decide \
      -H 'Content-Type: application/json' -d '{"cred":"04:A1:B2:C3"}'
  An application introspects a token (RFC 7662):
    curl -u 'dashboard:%[7]s' %[1]s/introspect -d token=TOKEN
  Ada's phone asks for the WiFi (LOGIN and PASS from "WiFi" on her page; radclient is in freeradius-utils):
    echo 'User-Name=LOGIN,User-Password=PASS,Called-Station-Id="02-00-00-00-00-01:%[8]s",Message-Authenticator=0x00' \
      | radclient -x %[9]s auth '%[10]s'

Ctrl-C stops.
`, c.Issuer, d.known.Password, d.wiki, link, c.Laser.ID, c.Laser.Secret, c.Dashboard.Secret, c.SSID, c.RADIUS, c.Secret)
}
