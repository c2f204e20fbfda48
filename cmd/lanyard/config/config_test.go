package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"lanyard/cmd/lanyard/config"
)

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lanyard.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestNothingConfiguredIsGood(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := config.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP.Listen != "127.0.0.1:8080" || !c.HTTP.Enabled || c.Radius.On() || c.KeyRingFile() != "var/lanyard.keys" {
		t.Errorf("the defaults are %+v", c)
	}
}

func TestWrongConfigurationIsOnePlainSentenceEach(t *testing.T) {
	for _, c := range []struct {
		name, text string
		env        []string
		want       string
	}{
		{"unknown key", "[http]\nlistn='x'", nil, "line 2: http.listn: there is no such key; did you mean listen?"},
		{"unknown section", "[htpp]\nlisten='x'", nil, "line 1: htpp: there is no such key; did you mean http?"},
		{"wrong type", "[http]\nenabled='yes'", nil, "line 2: http.enabled: must be true or false"},
		{"syntax", "[http\n", nil, "line 1: "},
		{"unknown variable", "", []string{"LANYARD_HTTP_LISTN=x"}, "did you mean LANYARD_HTTP_LISTEN?"},
		{"variable of a wrong type", "", []string{"LANYARD_HTTP_ENABLED=perhaps"}, `LANYARD_HTTP_ENABLED must be true or false, not "perhaps"`},
		{"secret twice", "", []string{"LANYARD_KEY=x", "LANYARD_KEY_FILE=/nowhere"}, "are both set: keep one"},
		{"secret file absent", "", []string{"LANYARD_KEY_FILE=/nowhere"}, "names /nowhere, which cannot be read: no such file"},
		{"key of a wrong length", "key='abcd'", nil, "key must be 64 hex digits"},
		{"issuer no URL", "issuer='id.example.org'", nil, "must be a URL such as https://id.example.org"},
		{"issuer plain on a name", "issuer='http://id.example.org'", nil, "must begin with https://"},
		{"issuer with a slash", "issuer='https://id.example.org/'", nil, "must end after the host"},
		{"issuer with a query", "issuer='https://id.example.org?x=1'", nil, "no user, question mark or #"},
		{"issuer in upper case", "issuer='https://ID.example.org'", nil, "must be in lower case"},
		{"no port", "[http]\nlisten='127.0.0.1'", nil, "it must be host:port"},
		{"port too high", "[http]\nlisten=':70000'", nil, "the port must be a number from 0 to 65535"},
		{"host a name", "[http]\nlisten='example.org:80'", nil, "the host must be an address of this machine"},
		{"certificate without key", "issuer='https://a.example'\n[http]\ntls_cert='x'", nil, "belong together"},
		{"certificate and http issuer", "[http]\ntls_cert='x'\ntls_key='y'", nil, "issuer must begin with https://"},
		{"plain http for anybody", "issuer='https://a.example'\n[http]\nlisten=':80'", nil, "would take plain HTTP from anybody, since there is no certificate"},
		{"plain beside no TLS", "[http]\nlisten_plain=':80'", nil, "http.listen_plain is for TLS of our own"},
		{"plain at no port", "issuer='https://a.example'\n[acme]\nenabled=true\n[http]\nlisten_plain='80'", nil, "it must be host:port"},
		{"two certificates", "issuer='https://a.example'\n[http]\ntls_cert='/dev/null'\ntls_key='/dev/null'\n[acme]\nenabled=true", nil, "are both set: keep one"},
		{"acme and http issuer", "[acme]\nenabled=true", nil, "acme.enabled is set, so issuer must begin with https://"},
		{"acme for an address", "issuer='https://192.0.2.1'\n[acme]\nenabled=true", nil, "authorities give no certificate for 192.0.2.1"},
		{"acme for a short name", "issuer='https://localhost'\n[acme]\nenabled=true", nil, "authorities give no certificate for localhost"},
		{"acme directory", "issuer='https://a.example'\n[acme]\nenabled=true\ndirectory='http://x/'", nil, "must be a URL that begins with https://"},
		{"acme ca", "issuer='https://a.example'\n[acme]\nenabled=true\nca='/nowhere'", nil, "acme.ca names /nowhere, which cannot be read"},
		{"organisation", "organisation='''a\nb'''", nil, "organisation must be one line"},
		{"outbound", "[outbound]\nallow=['10.0.0.0/8', 'wiki.internal', 'https://x']", nil, "outbound.allow holds \"https://x\""},
		{"proxy", "[http]\ntrusted_proxies=['all']", nil, "must be an address or a CIDR"},
		{"database", "[database]\nurl='mysql://x'", nil, "must begin with sqlite: or postgres:"},
		{"database without host", "[database]\nurl='postgres:x'", nil, "no PostgreSQL URL"},
		{"log level", "[log]\nlevel='loud'", nil, "must be debug, info, warn or error"},
		{"log format", "", []string{"LANYARD_LOG_FORMAT=xml"}, "must be text or json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Load(write(t, c.text), c.env)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:\n%v\nwant: %s", err, c.want)
			}
		})
	}
}

func TestPasswordsAreReadByNobodyOnTheirWay(t *testing.T) {
	for name, text := range map[string]string{
		"a proxy on this machine": "issuer='https://a.example'",
		"a proxy on another":      "issuer='https://a.example'\n[http]\nlisten=':8080'\ntrusted_proxies=['10.0.0.1']",
		"a certificate":           "issuer='https://a.example'\n[http]\nlisten=':443'\ntls_cert='/dev/null'\ntls_key='/dev/null'\nlisten_plain=':80'",
		"an authority":            "issuer='https://a.example'\n[http]\nlisten=':443'\n[acme]\nenabled=true",
		"a loopback issuer":       "issuer='http://localhost:8080'\n[http]\nlisten=':8080'",
	} {
		if _, err := config.Load(write(t, text), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamedFileMustExist(t *testing.T) {
	for _, load := range []func() (config.Config, error){
		func() (config.Config, error) { return config.Load("/nowhere.toml", nil) },
		func() (config.Config, error) { return config.Load("", []string{"LANYARD_CONFIG=/nowhere.toml"}) },
	} {
		if _, err := load(); err == nil || !strings.Contains(err.Error(), "/nowhere.toml does not exist") {
			t.Errorf("got %v", err)
		}
	}
}

func TestEnvironmentIsStrongerThanTheFile(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(secret, []byte("postgres://u:hush@db/lanyard\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(write(t, "organisation='File'\n[http]\nlisten=':1'\n[log]\nlevel='warn'\n"), []string{
		"LANYARD_HTTP_LISTEN=:2", "LANYARD_HTTP_TRUSTED_PROXIES=10.0.0.0/8, ::1", "LANYARD_DATABASE_URL_FILE=" + secret,
		"LANYARD_TEST_ANYTHING=left alone",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP.Listen != ":2" || c.Log.Level != "warn" || c.Organisation != "File" || len(c.TrustedProxies()) != 2 {
		t.Errorf("got %+v", c)
	}
	if string(c.Database.URL) != "postgres://u:hush@db/lanyard" || strings.Contains(c.DatabaseName(), "hush") {
		t.Errorf("the database is %q, for people %q", string(c.Database.URL), c.DatabaseName())
	}
}

func TestNoSecretIsEverPrinted(t *testing.T) {
	hush := strings.Repeat("5e", 32)
	c, err := config.Load(write(t, "key='"+hush+"'\n[database]\nurl='postgres://u:hush@db/lanyard'"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range config.Sections() {
		for _, k := range s.Keys {
			if v := k.Value(c); strings.Contains(v, "hush") || strings.Contains(v, hush) {
				t.Errorf("%s prints as %q", k.Name, v)
			}
		}
	}
}

func TestEveryKeyHasAMeaning(t *testing.T) {
	n := 0
	for _, s := range config.Sections() {
		for _, k := range s.Keys {
			n++
			if k.Doc == "" || !strings.HasSuffix(k.Doc, ".") {
				t.Errorf("%s has no doc that is a sentence", k.Name)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d keys were found in %v", n, reflect.TypeFor[config.Config]())
	}
	var b strings.Builder
	if err := config.PrintDocs(&b); err != nil || !strings.Contains(b.String(), "`LANYARD_DATABASE_URL_FILE`") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestALoopbackIssuerIsWhereTheProgramListens(t *testing.T) {
	for _, c := range []struct {
		issuer, listen, proxies string
		want                    bool // it is reached
	}{
		{"http://127.0.0.1:8080", "127.0.0.1:8080", "", true},
		{"http://127.0.0.1:8080", "127.0.0.1:21101", "", false},
		{"http://localhost", "127.0.0.1:80", "", true},
		{"http://localhost", "127.0.0.1:8080", "", false},
		{"http://127.0.0.1:8080", "127.0.0.1:0", "", true}, // whoever asks for a free port finds it out
		{"http://127.0.0.1:8080", "127.0.0.1:21101", "127.0.0.1", true},
		{"https://id.example.org", "127.0.0.1:21101", "", true}, // behind a proxy
	} {
		got, err := config.Load("", []string{"LANYARD_ISSUER=" + c.issuer, "LANYARD_HTTP_LISTEN=" + c.listen, "LANYARD_HTTP_TRUSTED_PROXIES=" + c.proxies})
		if err != nil {
			t.Errorf("%s: %v", c.issuer, err)
		}
		if why := got.Unreached(); (why == "") != c.want {
			t.Errorf("issuer %s, listening on %s, proxies %q: %q", c.issuer, c.listen, c.proxies, why)
		}
	}
}
