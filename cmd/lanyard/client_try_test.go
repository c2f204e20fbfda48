package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClientTryShowsWhatIsToldAndWhyNotMore(t *testing.T) {
	d := demoDesk(t)
	d.says("client try wiki tom", "tom may sign in to wiki", "ID token:", "signed with RS256", "userinfo:", "introspection",
		`"preferred_username": "tom"`, "badge.laser-1", "badge.laser-maint", "the claim filter does not show it")
	d.says("client try wiki tom --scope openid", "the claim filter does not show it")
	d.ok("member", "bar", "tom", "--reason", "theft")
	out := d.ok("client", "try", "wiki", "tom")
	if !strings.Contains(out, "tom may not sign in to wiki (member_barred)") || !strings.Contains(out, "membership is not active") || strings.Contains(out, "theft") {
		t.Errorf("of a barred member it says:\n%s", out)
	}
	var v triedView
	if err := json.Unmarshal([]byte(d.ok("client", "try", "wiki", "ada", "--json")), &v); err != nil || v.Member != "ada" || !v.Allow || v.Bytes <= len(v.IDToken) || len(v.Groups) == 0 {
		t.Errorf("as JSON: %+v, %v", v, err)
	}
	d.fails("client try wiki nobody", "no member nobody")
	d.fails("client try wikki ada", "did you mean wiki?")
	d.fails("client try wiki ada --scope phone", "may ask for")
}

func TestClientMeterWeighsTokens(t *testing.T) {
	d := demoDesk(t)
	var file strings.Builder
	for i := range 70 {
		fmt.Fprintf(&file, "[[tags]]\nslug = \"quite-a-long-label-%02d\"\n", i)
	}
	d.ok("apply", d.file("labels.toml", file.String()))
	for i := range 66 {
		d.ok("tag", "assign", fmt.Sprintf("quite-a-long-label-%02d", i), "ada")
	}
	d.ok("client", "add", "shop", "--redirect", "https://shop.example.org/cb", "--see", "tag:*", "--cap", "70")
	d.says("client meter shop", "members may sign in", "below 512 B", "2.0 KB to 4.0 KB", "ada", "over 1 KB")
	d.says("client try shop ada", "warning: the ID token has more than 1 KB")
	d.ok("client", "add", "shop", "--cap", "64")
	d.says("client meter shop ada", "groups_overage", "warning: 1 members have more groups than the cap")
	d.says("client try shop ada", "there are more groups than the cap", "warning: there are more groups", `"groups_overage": true`)
	if out, _, code := d.run("check"); code != 1 || !strings.Contains(out, "1 members have more groups than the cap of client shop") || !strings.Contains(out, "ada first") {
		t.Errorf("check ends with %d and says:\n%s", code, out)
	}
	var v meterView
	if err := json.Unmarshal([]byte(d.ok("client", "meter", "shop", "--json", "--last", "1")), &v); err != nil || v.Overage != 1 || len(v.Largest) != 1 || v.Members < 2 {
		t.Errorf("as JSON: %+v, %v", v, err)
	}
	d.ok("client", "add", "bare", "--redirect", "https://bare.example.org/cb")
	d.says("client try bare ada", "warning: the client is told no groups")
	d.says("client meter bare", "warning: bare is told no groups")
}

func TestClaimsAgreesWithClientTry(t *testing.T) {
	d := demoDesk(t)
	d.ok("client", "add", "git", "--redirect", "https://git.example.org/cb", "--see", "tag:*")
	d.ok("tag", "assign", "teacher", "ada")
	out := d.ok("claims", "ada", "--client", "git")
	var v triedView
	if err := json.Unmarshal([]byte(d.ok("client", "try", "git", "ada", "--json")), &v); err != nil {
		t.Fatal(err)
	}
	var told, tried map[string]any
	if err := errors.Join(json.Unmarshal([]byte(out), &told), json.Unmarshal(v.UserInfo, &tried)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tried, told); diff != "" {
		t.Errorf("claims --client differs from client try (-try +claims):\n%s", diff)
	}
	d.says("claims ada", `"tag.teacher"`, `"badge.site-induction"`, `"member.active"`)
	d.says("claims bea", `"body.delft.board"`)
}
