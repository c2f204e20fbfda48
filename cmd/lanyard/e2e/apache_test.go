package e2e

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// apacheConfig is what a server needs beside the recipe: its directory, port,
// user and modules, and the recipe.
const apacheConfig = `ServerRoot %[1]s
ServerName 127.0.0.1
Listen 127.0.0.1:%[2]d
PidFile %[1]s/pid
ErrorLog /dev/stderr
DefaultRuntimeDir %[1]s
%[3]sLoadModule mpm_event_module %[4]s/mod_mpm_event.so
LoadModule authn_core_module %[4]s/mod_authn_core.so
LoadModule authz_core_module %[4]s/mod_authz_core.so
LoadModule authz_user_module %[4]s/mod_authz_user.so
LoadModule dir_module %[4]s/mod_dir.so
LoadModule mime_module %[4]s/mod_mime.so
TypesConfig /etc/mime.types
LoadModule auth_openidc_module %[4]s/mod_auth_openidc.so
DocumentRoot %[1]s/pages
%[5]s
`

// apache serves two pages as the recipe apache says.
func (h *house) apache(t *testing.T) string {
	t.Helper()
	program := tool(t, "apache2", "apt-get install apache2 libapache2-mod-auth-openidc", "/usr/sbin/apache2")
	const modules = "/usr/lib/apache2/modules"
	if _, err := os.Stat(modules + "/mod_auth_openidc.so"); err != nil {
		leaveOut(t, "no mod_auth_openidc (apt-get install libapache2-mod-auth-openidc)")
	}
	port := freePort()
	here := fmt.Sprintf("http://127.0.0.1:%d", port)
	secret := h.register(t, "apache", "--recipe", "apache", "--url", here+"/secret", "--first-party")
	recipe := fence(t, "apache", "apache", "https://id.example.org", h.issuer, "https://www.example.org", here, "THE-SECRET", secret,
		"A-LONG-RANDOM-TEXT-OF-YOUR-OWN", "for-the-length-of-this-test")
	dir := pagesOfApache(t)
	user := ""
	if os.Geteuid() == 0 {
		user = "User www-data\nGroup www-data\n"
	}
	config := fmt.Sprintf(apacheConfig, dir, port, user, modules, recipe)
	file := filepath.Join(dir, "apache.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(program, "-X", "-f", file), here+"/")
	return here
}

// pagesOfApache makes a directory with a front page and two places below it.
func pagesOfApache(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lanyard-apache-") // not the test's own: its workers are another user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{".": "The front page", "secret": "The pages of secret", "laser": "The pages of laser"} {
		place := filepath.Join(dir, "pages", name)
		if err := os.MkdirAll(place, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(place, "index.html"), []byte("<p>"+says+"</p>"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestR18ApacheLetsOneMemberInAndKeepsAnotherOut follows the recipe letter by
// letter.
func TestR18ApacheLetsOneMemberInAndKeepsAnotherOut(t *testing.T) {
	h := theHouse(t)
	here := h.apache(t)
	ada, tom := h.person(t, "ada"), h.person(t, "tom")
	if got := ada.opens(here + "/secret/"); got.Status != 200 || !strings.Contains(got.Text, "The pages of secret") || ada.pages != 1 {
		t.Errorf("Ada, who has site-induction, opens /secret/: %v after %d pages", got, ada.pages)
	}
	if got := ada.opens(here + "/laser/"); got.Status != 403 || !strings.HasPrefix(got.At, here) {
		t.Errorf("Ada, who has no laser-1, opens /laser/: %v, want Apache's 403", got)
	}
	if got := tom.opens(here + "/laser/"); got.Status != 200 || !strings.Contains(got.Text, "The pages of laser") {
		t.Errorf("Tom, who has laser-1, opens /laser/: %v", got)
	}
	if got := ada.opens(here + "/secret/oidc?logout=" + url.QueryEscape(here+"/")); got.At != here+"/" || !strings.Contains(got.Text, "The front page") {
		t.Errorf("Ada signs out at Apache: %v, want the front page", got)
	}
	pages := ada.pages
	if got := ada.opens(here + "/secret/"); got.Status != 200 || ada.pages != pages+1 {
		t.Errorf("Ada opens /secret/ again: %v after %d pages more, want that she signs in anew", got, ada.pages-pages)
	}
}
