package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plan is one of the OpenID Foundation's, line by line.
type plan struct {
	name  string
	test  string // ours, which has a subtest for each line
	lines []string
}

// basicLines are those of the Basic plan; the Form Post plan has them too.
var basicLines = []string{
	"oidcc-server", "oidcc-response-type-missing", "oidcc-idtoken-signature", "oidcc-idtoken-unsigned",
	"oidcc-userinfo-get", "oidcc-userinfo-post-header", "oidcc-userinfo-post-body",
	"oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
	"oidcc-scope-profile", "oidcc-scope-email", "oidcc-scope-address", "oidcc-scope-phone", "oidcc-scope-all", "oidcc-ensure-other-scope-order-succeeds",
	"oidcc-display-page", "oidcc-display-popup",
	"oidcc-prompt-login", "oidcc-prompt-none-not-logged-in", "oidcc-prompt-none-logged-in", "oidcc-max-age-1", "oidcc-max-age-10000",
	"oidcc-ensure-request-with-unknown-parameter-succeeds", "oidcc-id-token-hint", "oidcc-login-hint", "oidcc-ui-locales", "oidcc-claims-locales",
	"oidcc-ensure-request-with-acr-values-succeeds",
	"oidcc-codereuse", "oidcc-codereuse-30seconds", "oidcc-ensure-registered-redirect-uri", "oidcc-ensure-post-request-succeeds",
	"oidcc-server-client-secret-post",
	"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
	"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
	"oidcc-claims-essential", "oidcc-ensure-request-object-with-redirect-uri", "oidcc-refresh-token", "oidcc-ensure-request-with-valid-pkce-succeeds",
}

var plans = []plan{
	{"oidcc-config-certification-test-plan", "TestConfigPlan", []string{"oidcc-discovery-endpoint-verification"}},
	{"oidcc-basic-certification-test-plan", "TestBasicPlan", basicLines},
	{"oidcc-formpost-basic-certification-test-plan", "TestFormPostPlan", basicLines},
	{"oidcc-rp-initiated-logout-certification-test-plan", "TestRPInitiatedLogoutPlan", []string{
		"oidcc-rp-initiated-logout-discovery-endpoint-verification", "oidcc-rp-initiated-logout", "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
		"oidcc-rp-initiated-logout-modified-id-token-hint", "oidcc-rp-initiated-logout-no-id-token-hint", "oidcc-rp-initiated-logout-no-params",
		"oidcc-rp-initiated-logout-no-post-logout-redirect-uri", "oidcc-rp-initiated-logout-no-state", "oidcc-rp-initiated-logout-only-state",
		"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", "oidcc-rp-initiated-logout-bad-id-token-hint",
	}},
	{"oidcc-backchannel-rp-initiated-logout-certification-test-plan", "TestBackchannelLogoutPlan", []string{
		"oidcc-backchannel-logout-discovery-endpoint-verification", "oidcc-backchannel-rp-initiated-logout",
	}},
	{"oidcc-dynamic-certification-test-plan", "TestDynamicPlan", []string{
		"oidcc-idtoken-rs256", "oidcc-idtoken-unsigned", "oidcc-userinfo-rs256", "oidcc-ensure-redirect-uri-in-authorization-request",
		"oidcc-redirect-uri-query-OK", "oidcc-redirect-uri-query-mismatch", "oidcc-redirect-uri-query-added", "oidcc-redirect-uri-regfrag",
		"oidcc-discovery-endpoint-verification", "oidcc-server", "oidcc-registration-logo-uri", "oidcc-registration-policy-uri", "oidcc-registration-tos-uri",
		"oidcc-registration-jwks-uri", "oidcc-registration-sector-uri", "oidcc-registration-sector-bad", "oidcc-server-rotate-keys",
		"oidcc-refresh-token-rp-key-rotation", "oidcc-request-uri-unsigned", "oidcc-request-uri-signed-rs256", "oidcc-ensure-request-object-with-redirect-uri",
		"oidcc-refresh-token", "oidcc-ensure-client-assertion-with-iss-aud-succeeds",
	}},
}

// goThrough takes the lines of a plan, each with a browser of its own.
func (s *suite) goThrough(t *testing.T, test string, ways map[string]func(*visitor)) {
	i := slices.IndexFunc(plans, func(p plan) bool { return p.test == test })
	lines := plans[i].lines
	if got, want := slices.Sorted(maps.Keys(ways)), slices.Sorted(slices.Values(lines)); !slices.Equal(got, want) {
		t.Fatalf("there are ways for %v, and the plan has %v", got, want)
	}
	outer := s.t
	defer func() { s.t = outer }()
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			s.t = t
			ways[line](s.visitor())
		})
	}
}

var conformanceRow = regexp.MustCompile("(?m)^\\| `(oidcc-[a-zOK0-9-]+)` \\| `(Test\\w+)` \\|")

// TestConformanceListsEveryLineOfEveryPlan holds docs/conformance.md to the
// plans: a section for each, a row for each line, and the test that is there.
func TestConformanceListsEveryLineOfEveryPlan(t *testing.T) {
	b, err := os.ReadFile("../../docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(b), "\n## ")[1:]
	if len(sections) != len(plans) {
		t.Errorf("there are %d sections, and %d plans", len(sections), len(plans))
	}
	for _, p := range plans {
		i := slices.IndexFunc(sections, func(s string) bool { return strings.Contains(s, "`"+p.name+"`") })
		if i < 0 {
			t.Errorf("there is no section for %s", p.name)
			continue
		}
		var have, want []string
		for _, row := range conformanceRow.FindAllStringSubmatch(sections[i], -1) {
			have = append(have, row[1]+" "+row[2])
		}
		for _, line := range p.lines {
			want = append(want, fmt.Sprint(line, " ", p.test))
		}
		if slices.Sort(have); !slices.Equal(have, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: docs/conformance.md has %q, the plan %q", p.name, have, want)
		}
	}
	var tests strings.Builder
	for _, file := range []string{"conformance_basic_test.go", "conformance_logout_test.go", "conformance_dynamic_test.go"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(b)
	}
	for _, p := range plans {
		if !strings.Contains(tests.String(), "func "+p.test+"(t *testing.T)") {
			t.Errorf("%s names %s, which there is not", p.name, p.test)
		}
	}
}
