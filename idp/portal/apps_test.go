package portal

import (
	"strings"
	"testing"

	"lanyard/idp/record"
)

func TestWhatIsAllowedOnADeviceIsListedAndRevoked(t *testing.T) {
	b := newBench(t)
	b.devices = []record.Grant{
		{ID: "g-1", Member: "m-ada", Client: "tv", Scopes: []string{"openid", "phone"}, Spent: b.now},
		{ID: "g-2", Member: "m-ada", Client: "wiki", Scopes: []string{"address"}, Spent: b.now},
		{ID: "g-3", Member: "m-eve", Client: "radio", Spent: b.now},
	}
	page := b.get("/").Body.String()
	for _, want := range []string{`name="client" value="tv"`, "Your telephone number", "Your postal address"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(page, `name="client" value="wiki"`) != 1 || strings.Contains(page, "radio") {
		t.Error("an application is listed twice, or another member's")
	}
	b.post("/apps/revoke", "client", "tv")
	if w := b.post("/apps/revoke", "client", "radio"); w.Code != 404 {
		t.Errorf("another member's device: %d, want 404", w.Code)
	}
	if len(b.ended) != 1 || b.ended[0] != (record.GrantFilter{Member: "m-ada", Client: "tv"}) {
		t.Errorf("grants ended: %v", b.ended)
	}
}
