package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const oauth2Proxy = "go install github.com/oauth2-proxy/oauth2-proxy/v7@v7.15.6"

// TestR18OAuth2ProxyLetsThroughWhoHasTheBadge follows its recipe
// letter by letter.
func TestR18OAuth2ProxyLetsThroughWhoHasTheBadge(t *testing.T) {
	program := tool(t, "oauth2-proxy", oauth2Proxy, "../../../var/tools/oauth2-proxy")
	h := theHouse(t)
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "user %s groups %s", r.Header.Get("X-Forwarded-Preferred-Username"), r.Header.Get("X-Forwarded-Groups"))
	}))
	defer behind.Close()
	port := freePort()
	here := fmt.Sprintf("http://127.0.0.1:%d", port)
	secret := h.register(t, "oauth2-proxy", "--recipe", "oauth2-proxy", "--url", here)
	recipe := fence(t, "oauth2-proxy", "toml", "https://id.example.org", h.issuer, "https://internal.example.org", here, "THE-SECRET", secret,
		"THIRTY-TWO-RANDOM-CHARACTERS----", secret[:32], "127.0.0.1:4180", fmt.Sprintf("127.0.0.1:%d", port), "http://127.0.0.1:3000/", behind.URL+"/")
	file := filepath.Join(t.TempDir(), "oauth2-proxy.cfg")
	// A loopback address without TLS takes no cookie that is for TLS alone.
	if err := os.WriteFile(file, []byte(recipe+"\ncookie_secure = false\nskip_provider_button = true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(program, "--config", file), here+"/ping")
	tom, ada := h.person(t, "tom"), h.person(t, "ada")
	if got := tom.opens(here + "/"); got.Status != 200 || !strings.Contains(got.Text, "user tom") || !strings.Contains(got.Text, "badge.laser-1") {
		t.Errorf("Tom, who has laser-1, opens the page: %v", got)
	}
	if got := ada.opens(here + "/"); got.Status != 403 || !strings.HasPrefix(got.At, here) {
		t.Errorf("Ada, who has not, opens the page: %v, want oauth2-proxy's 403", got)
	}
}
