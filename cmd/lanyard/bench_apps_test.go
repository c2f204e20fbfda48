package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// benchTree is the application that the benchmarks ask for.
const benchTree = `{"application": "%s", "rights": [{"right": "read", "physical": false}], "locations": [{"path": "/%[1]s/books", "open": true}],
  "grants": [{"to": "state:active", "right": "read", "at": "/%[1]s/books"}]}`

// application adds one and returns its name and its client's secret.
func (in *installed) application(b *testing.B) (name, secret string) {
	b.Helper()
	name = fmt.Sprintf("bench-%d", time.Now().UnixNano()%1e9)
	out, err := in.tell("app", "add", name)
	found := regexp.MustCompile(`(?m)^    (\S+)$`).FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("add an application: %v\n%s", err, out)
	}
	file := filepath.Join(b.TempDir(), "tree.json")
	if err := os.WriteFile(file, fmt.Appendf(nil, benchTree, name), 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := in.tell("app", "register", file); err != nil {
		b.Fatalf("register its tree: %v\n%s", err, out)
	}
	return name, string(found[1])
}

// subOfAda is who the member ada of the demo is to applications.
func (in *installed) subOfAda(b *testing.B) string {
	b.Helper()
	out, err := in.tell("member", "show", "ada", "--json")
	var m struct{ Sub string }
	if err != nil || json.Unmarshal(out, &m) != nil || m.Sub == "" {
		b.Fatalf("the sub of ada: %v\n%s", err, out)
	}
	return m.Sub
}

// BenchmarkInstalledDecide is a decision that an application asks for, one a
// request and a hundred.
func BenchmarkInstalledDecide(b *testing.B) {
	in := install(b)
	name, secret := in.application(b)
	in.serve(b)
	ask := fmt.Sprintf(`{"member":%q,"right":"read","location":"/%s/books/fiction/42"}`, in.subOfAda(b), name)
	client := in.keepAlive()
	post := func(body string) func() error {
		return func() error {
			r, err := http.NewRequest(http.MethodPost, in.issuer+"/apps/v1/"+name+"/decide", strings.NewReader(body))
			if err != nil {
				return err
			}
			r.SetBasicAuth(name, secret)
			r.Header.Set("Content-Type", "application/json")
			_, err = answer(client, r, `"allow":true`)
			return err
		}
	}
	b.Run("one", func(b *testing.B) { in.charge(b, 8, post(ask)) })
	b.Run("hundred", func(b *testing.B) { in.charge(b, 8, post(`{"asks":[`+strings.Repeat(ask+",", 99)+ask+`]}`)) })
}
