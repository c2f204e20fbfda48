package templates

import (
	"fmt"
	"time"
)

// scopeWords says what an application gets with each scope.
var scopeWords = map[string]string{
	"openid":         "Who you are: a number that is yours alone and stays the same",
	"profile":        "Your name, your username and what else your profile tells: picture, website, birthday and the like",
	"email":          "Your e-mail address",
	"address":        "Your postal address",
	"phone":          "Your telephone number",
	"groups":         "Those of your groups that it is set up to see",
	"membership":     "Whether you are a member, and until when",
	"tags":           "Those of your tags that it is set up to see",
	"badges":         "Those of your badges that it is set up to see, and until when",
	"affiliations":   "Those of your roles that it is set up to see",
	"door":           "Passes for the doors it works with, as far as they open for you",
	"offline_access": "All this also while you are not there, until you take it back",
}

// ScopeWords says what each of these scopes lets an application know or do.
// Scopes that are not ours go under their own names.
func ScopeWords(scopes []string) []string {
	var words []string
	for _, s := range scopes {
		text, ok := scopeWords[s]
		if !ok {
			text = "“" + s + "”, as this application calls it"
		}
		words = append(words, text)
	}
	return words
}

// Tone is how a word is coloured; empty: not at all.
type Tone string

// The tones there are.
const (
	Good Tone = "good"
	Bad  Tone = "bad"
	Warn Tone = "warn"
)

// ToneOf is how a member's state is coloured: being a guest, or having left, is
// nothing wrong.
func ToneOf(state string) Tone {
	switch state {
	case "active", "grace":
		return Good
	case "suspended":
		return Bad
	case "pending":
		return Warn
	}
	return ""
}

// Day writes a day out: "3 March", with the year if it is not this one.
func Day(t, now time.Time, zone *time.Location) string {
	t, now = t.In(zone), now.In(zone)
	if t.Year() == now.Year() {
		return t.Format("2 January")
	}
	return t.Format("2 January 2006")
}

// Clock writes an instant near now: "today 14:02", else the day and the time.
func Clock(t, now time.Time, zone *time.Location) Moment {
	local := t.In(zone)
	text := Day(t, now, zone) + local.Format(", 15:04")
	if sameDay(local, now.In(zone)) {
		text = local.Format("today 15:04:05")
	}
	return Moment{At: local, Text: text}
}

// Until writes an end that is still to come: "until 18:00", "until 3 March
// (in 12 days)".
func Until(t, now time.Time, zone *time.Location) Moment {
	local := t.In(zone)
	days := int(t.Sub(now) / (24 * time.Hour))
	text := "until " + Day(t, now, zone)
	switch {
	case sameDay(local, now.In(zone)):
		text = local.Format("until 15:04")
	case days < 1:
		text = local.Format("until tomorrow 15:04")
	case days < 31:
		text += fmt.Sprintf(" (in %s)", plural(days, "day"))
	}
	return Moment{At: local, Text: text}
}

// On writes a day something happened or will: "done 3 March", "from 3 March".
func On(verb string, t, now time.Time, zone *time.Location) Moment {
	return Moment{At: t.In(zone), Text: verb + " " + Day(t, now, zone)}
}

// Ago writes how long something is past, to the minute: "seen 3 days ago".
func Ago(verb string, t, now time.Time, zone *time.Location) Moment {
	m := Moment{At: t.In(zone)}
	switch d := now.Sub(t); {
	case d < 2*time.Minute:
		m.Text = verb + " just now"
	case d < time.Hour:
		m.Text = verb + " " + plural(int(d/time.Minute), "minute") + " ago"
	case d < 48*time.Hour:
		m.Text = verb + " " + plural(int(d/time.Hour), "hour") + " ago"
	default:
		m.Text = verb + " " + plural(int(d/(24*time.Hour)), "day") + " ago"
	}
	return m
}

func sameDay(a, b time.Time) bool { return a.YearDay() == b.YearDay() && a.Year() == b.Year() }

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
