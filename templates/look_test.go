package templates

import (
	"regexp"
	"strings"
	"testing"
)

// On a phone the cells of a row stand below each other, and nothing but its
// label says what a cell is.
func TestEveryCellOfAStackedTableSaysWhatItIs(t *testing.T) {
	tables := regexp.MustCompile(`(?s)<table class="stacks">.*?</table>`)
	cells := regexp.MustCompile(`<td[^>]*>`)
	heads := regexp.MustCompile(`<th scope="col">([^<]*)</th>`)
	seen := 0
	for name, c := range pages() {
		for _, table := range tables.FindAllString(render(t, c), -1) {
			known := map[string]bool{}
			for _, head := range heads.FindAllStringSubmatch(table, -1) {
				known[`<td data-label="`+head[1]+`">`] = true
			}
			for _, cell := range cells.FindAllString(table, -1) {
				if seen++; !known[cell] {
					t.Errorf("%s: %s is called by no column's name", name, cell)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no page has a stacked table")
	}
	for name, c := range pages() {
		if html := render(t, c); strings.Contains(html, "<thead>") && !strings.Contains(html, `class="stacks"`) {
			t.Errorf("%s: a table with columns does not stack", name)
		}
	}
}

func TestNobodyIsRedForBeingAGuest(t *testing.T) {
	for state, want := range map[string]Tone{"active": Good, "grace": Good, "pending": Warn, "guest": "", "left": "", "suspended": Bad} {
		if got := ToneOf(state); got != want {
			t.Errorf("ToneOf(%s) = %q, want %q", state, got, want)
		}
		html := render(t, Members{List: []AdminMember{{Username: "gus", State: state, Tone: ToneOf(state)}}})
		if bad := strings.Contains(html, "state bad"); bad != (state == "suspended") {
			t.Errorf("%s is shown as an error: %v", state, bad)
		}
	}
}

func TestTheMenuSaysHowManyWait(t *testing.T) {
	html := render(t, Badges{Frame: Frame{Nav: []Link{{Text: "Badges", Path: "/badges", Waits: 3}, {Text: "Requests", Path: "/requests"}}}})
	if strings.Count(html, `class="count"`) != 1 || !strings.Contains(html, "3<span class=\"unseen\"> waiting for you</span>") {
		t.Errorf("the menu: %s", html)
	}
}

func TestAnErrorLeadsBackToWhereOneCameFrom(t *testing.T) {
	for want, p := range map[string]Error{
		"To the first page": {}, "Back to your page": {Frame: Frame{User: "Ada"}}, "Back to the wiki": {Frame: Frame{User: "Ada"}, Back: Link{Text: "Back to the wiki", Path: "/x"}},
	} {
		if html := render(t, p); !strings.Contains(html, want) {
			t.Errorf("there is no %q on %s", want, html)
		}
	}
}
