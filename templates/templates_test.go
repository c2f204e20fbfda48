package templates

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const evil = `"><script>alert(1)</script><b onmouseover='x' style="x">`

type component interface {
	Render(ctx context.Context, w io.Writer) error
}

// pages is every page with something evil in every text.
func pages() map[string]component {
	f := Frame{Org: evil, User: evil, Nav: []Link{{Text: evil, Path: "javascript:alert(1)"}, {Text: evil, Path: "/", Here: true, Waits: 2}}}
	m := Moment{At: time.Unix(1750000000, 0), Text: evil}
	fields := map[string]string{"username": evil, "name": evil, "password": evil, "again": evil}
	many := []Option{{evil, evil, evil, true}, {Value: evil}}
	row := SignoffRow{evil, evil, evil, evil, evil, m, m, []string{evil}, []string{evil}}
	return map[string]component{
		"SignIn":              SignIn{f, evil, evil, evil, evil, evil, true, true, false},
		"Forgotten":           Forgotten{f, evil, false, evil},
		"Forgotten, sent":     Forgotten{Frame: f, Sent: true},
		"SignIn, by password": SignIn{Frame: f},
		"Consent":             Consent{f, evil, evil, evil, []string{evil}, []string{evil}, true, true, []Link{{Text: evil, Path: evil}}, evil},
		"Second":              Second{f, "/login/second", evil, true, true, true, true, evil},
		"Security":            Security{f, evil, evil, evil, fields, &Factor{evil, evil, m, m}, []Factor{{evil, evil, m, m}, {Name: evil}}, true, evil, evil, 3},
		"Security, empty":     Security{Frame: f},
		"AddApp":              AddApp{f, evil, QR{evil, evil}, evil, evil},
		"Recovery":            Recovery{f, []string{evil}, true, true},
		"DeviceCode":          DeviceCode{f, evil, evil},
		"DeviceConfirm":       DeviceConfirm{f, evil, evil, evil, []string{evil}, []string{evil}, evil},
		"DeviceDone":          DeviceDone{f, evil, true},
		"DeviceDone, denied":  DeviceDone{f, evil, false},
		"SignOut":             SignOut{f, evil, []Field{{evil, evil}}},
		"LoggedOut":           LoggedOut{f},
		"Setup":               Setup{f, evil, evil, fields},
		"SetPassword":         SetPassword{f, evil, fields},
		"FormPost":            FormPost{f, evil, "javascript:alert(1)", []Field{{evil, evil}}},
		"Error":               Error{f, 403, evil, evil, []string{evil}, evil, Link{evil, "javascript:alert(1)", false, 0}},
		"Home": Home{f, evil, evil, evil, Standing{evil, evil, Good, evil}, []HeldBadge{{evil, m, true}, {evil, m, false}, {Name: evil}},
			[]string{evil}, []string{evil}, []string{evil}, []Place{{evil, evil, evil, true, []string{evil}, []Need{{[]MissingBadge{{evil, evil, "javascript:alert(1)", evil, []string{evil}, []string{evil}}, {Name: evil}}}}, evil}, {Name: evil}},
			[]Refusal{{evil, m, evil, true}, {evil, m, evil, false}}, []WiFiPass{{evil, evil, m}}, []SignedIn{{evil, evil, evil, m, true}, {evil, evil, evil, m, false}}, []App{{evil, evil, []string{evil}, m}}},
		"Home, empty": Home{Frame: f},
		"Badges":      Badges{f, []SignoffRow{row}, []BadgeRow{{evil, evil, evil, true, 1, 2, false, true, []string{evil}}, {evil, evil, evil, false, 1, 2, true, true, nil}, {Slug: evil, Done: 1, Steps: 2}}},
		"Badge": Badge{Frame: f, Slug: evil, Name: evil, Description: evil, Earn: evil, EarnURL: "javascript:alert(1)", Held: true, Ends: m,
			Groups: []BadgeGroup{{[]BadgeStep{{evil, evil, "javascript:alert(1)", true, m, m}, {Name: evil, What: evil}}}}, Signoff: true, MayAsk: true, MayEarn: true,
			Asked: m, AskedUntil: m, Refused: evil, For: []string{evil}, Award: true, Retired: true, Notice: evil, Problem: evil, Member: evil, Until: evil, Evidence: evil,
			Waiting: []SignoffRow{row}, Record: []Choice{{evil, evil}}, Holders: []Holder{{evil, evil, m, m}}},
		"Badge, empty": Badge{Frame: f},
		"DoorPass":     DoorPass{f, evil, evil, 60, m, evil},
		"NewWiFi":      NewWiFi{f, []string{evil}, evil, evil},
		"Admin": Admin{f, []Count{{1, evil}}, []AdminMember{{evil, evil, evil, evil, Good, true, []string{evil}, []string{evil}}}, 3,
			[]AdminDevice{{evil, evil, evil, evil, true}}, []AdminNetwork{{evil, evil, evil, evil}},
			[]AdminEvent{{m, evil, evil, evil, false, evil}, {m, evil, evil, evil, true, evil}}, []AdminAudit{{m, evil, evil, evil}}},
		"Admin, empty":   Admin{Frame: f},
		"Members":        Members{f, evil, []AdminMember{{evil, evil, evil, evil, "", true, []string{evil}, nil}}, 2},
		"Members, empty": Members{Frame: f},
		"Member": Member{f, evil, evil, evil, evil, Bad, true, evil, evil, []Detail{{evil, evil}}, []Had{{evil, evil, true, "", m}}, []Had{{evil, evil, false, evil, Moment{}}},
			[]Had{{Name: evil}}, []Had{{Name: evil}}, []Had{{Name: evil}}, true, []Note{{evil, evil, evil, m}}, evil, true},
		"Lost":        Lost{f, []LostGroup{{evil, []Option{{Value: evil, Text: evil, Hint: evil}}}}},
		"RecoverLink": RecoverLink{f, evil, evil, evil, QR{evil, evil}, m},
		"Recover":     Recover{f, evil, 2, map[string]string{"password": evil, "again": evil}},
		"Requests": Requests{f, evil, evil, evil, evil, []Askable{{evil, evil, evil}}, []Asked{{evil, evil, evil, evil, true, m, evil}, {Name: evil}},
			[]Waiting{{evil, evil, evil, evil, evil, m}}},
		"Requests, empty": Requests{Frame: f},
		"Applications":    Applications{f, true, []AppRow{{evil, evil, "javascript:alert(1)", evil, []string{evil}, []string{evil}, true}, {Name: evil}}},
		"Application": Application{f, evil, evil, "javascript:alert(1)", evil, evil, evil, false, []string{evil}, []Setting{{evil, []string{evil, evil}}}, []Detail{{evil, evil}},
			true, []Detail{{evil, evil}}, true, true, true, true, true, evil, &Tried{evil, false, []string{evil}, []string{evil}, []string{evil},
				[]TriedPart{{evil, evil, evil, true, true}, {Title: evil}}, []TriedGroup{{evil, evil, "", "", m}, {evil, "", evil, evil, Moment{}}}, "javascript:alert(1)"}},
		"Application, allowed": Application{Frame: f, Off: true, MayTry: true, Tried: &Tried{Allow: true}},
		"ApplicationForm": ApplicationForm{Frame: f, New: true, Problem: evil, Back: Link{evil, "javascript:alert(1)", false, 0},
			Recipe: RecipeForm{many, evil, evil, evil, evil}, ID: evil, Name: evil, Redirect: evil, Logout: evil, Backchannel: evil, Auth: many, JWKS: evil, JWKSURI: evil,
			AssertionAlg: many, Grants: many, Scopes: many, RareGrants: many, IDTokenAlg: many, SubjectType: many, SectorURI: evil, See: []string{evil}, Suggested: many,
			Rename: evil, Cap: evil, Flags: many, RareFlags: many, Trusted: true, Resources: evil, Exchange: evil},
		"ApplicationForm, empty": ApplicationForm{Frame: f},
		"Member, empty":          Member{Frame: f},
	}
}

func render(t *testing.T, c component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNoTextBecomesMarkup(t *testing.T) {
	// Inside a tag, none of these may stand outside a quoted value.
	tags := regexp.MustCompile(`<[a-zA-Z/!](?:[^>"]|"[^"]*")*>`)
	quoted := regexp.MustCompile(`"[^"]*"`)
	bad := regexp.MustCompile(`(?i)^<script|\son[a-z]+\s*=|\sstyle\s*=|javascript:`)
	for name, c := range pages() {
		html := strings.NewReplacer(`<script src="`+Submit+`"></script>`, "", `<script type="module" src="`+Passkey+`"></script>`, "").Replace(render(t, c))
		for _, tag := range tags.FindAllString(html, -1) {
			bare := quoted.ReplaceAllString(tag, `""`)
			if bad.MatchString(bare) || strings.Contains(tag, "javascript:") {
				t.Errorf("%s: %s", name, tag)
			}
		}
		if strings.Contains(html, "<script") || strings.Contains(html, evil) {
			t.Errorf("%s holds the text as it came", name)
		}
	}
}

func TestEveryFieldHasALabel(t *testing.T) {
	inputs := regexp.MustCompile(`<(input|select|textarea)(?:[^>"]|"[^"]*")*>`)
	id := regexp.MustCompile(` id="([^"]+)"`)
	for name, c := range pages() {
		html := render(t, c)
		for _, in := range inputs.FindAllString(html, -1) {
			if strings.Contains(in, `type="hidden"`) || strings.Contains(in, "aria-label") || strings.Contains(in, "aria-hidden") {
				continue
			}
			m := id.FindStringSubmatch(in)
			if m == nil || !strings.Contains(html, `<label for="`+m[1]+`"`) {
				t.Errorf("%s: no label for %s", name, in)
			}
		}
		if strings.Count(html, "<h1") != 1 || !strings.Contains(html, "<title>") || !strings.Contains(html, `<html lang="en">`) {
			t.Errorf("%s: wants one h1, a title and a language", name)
		}
	}
}

func TestAutofilledFieldsKeepTheirNames(t *testing.T) {
	for _, want := range []string{`name="username"`, `name="password"`, `name="return"`, `action="/login"`, `method="post"`} {
		if !strings.Contains(render(t, SignIn{}), want) {
			t.Errorf("the sign-in form lacks %s", want)
		}
	}
}

func TestStaticFilesStayForGood(t *testing.T) {
	for path, want := range map[string]int{Stylesheet: 200, Icon: 200, Submit: 200, Passkey: 200, "/static/lanyard-000000000000.css": 404, "/static/": 404, "/static/../static.go": 404} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = path
		Static().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if immutable := strings.Contains(w.Header().Get("Cache-Control"), "immutable"); immutable != (want == 200) {
			t.Errorf("%s: Cache-Control %q", path, w.Header().Get("Cache-Control"))
		}
	}
}

// The one way past the escaping of addresses, and the ways past the policy.
func TestTemplatesHaveNoWayAroundEscaping(t *testing.T) {
	files, _ := filepath.Glob("*.templ")
	if len(files) == 0 {
		t.Fatal("no templates")
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src = bytes.ReplaceAll(src, []byte("<script src={ Submit }></script>"), nil)
		src = bytes.ReplaceAll(src, []byte(`<script type="module" src={ Passkey }></script>`), nil)
		for _, bad := range []string{"SafeURL", "templ.Raw", "<script", "style=", "onclick", "css ", "unsafe"} {
			if strings.Contains(string(src), bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}
