package claims

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// outcomes are the words for each reason: for the member it is about and, at
// most displayWidth characters, for a device's display; and what the member
// can do about it.
var outcomes = map[Reason]struct {
	words, short string
	hint         int
}{
	ReasonOK:                     {"You may.", "Hi", HintGo},
	ReasonUnknownLocation:        {"There is no such place.", "Unknown place: ask someone", HintAsk},
	ReasonLocationArchived:       {"This place is no longer in use.", "No longer in use", HintAsk},
	ReasonRightNotDefined:        {"That can't be done at this place.", "Not here: ask someone", HintAsk},
	ReasonUnknownCredential:      {"This card is not known here.", "Unknown card", HintAsk},
	ReasonCredential + "lost":    {"This card was reported lost.", "Card reported lost", HintAsk},
	ReasonCredential + "revoked": {"This card or pass was revoked.", "Card revoked: ask someone", HintAsk},
	ReasonCredential + "expired": {"This card or pass has expired.", "Card expired", HintMend},
	ReasonCredential + "spent":   {"This door pass was used already.", "Pass used: get a new one", HintMend},
	ReasonUnknownClient:          {"This application is not known here.", "Unknown device", HintAsk},
	ReasonClientDisabled:         {"This application is switched off.", "Switched off: ask someone", HintAsk},
	ReasonUnknownMember:          {"You need an account for this.", "Unknown: ask someone", HintAsk},
	ReasonMemberBarred:           {"You can't use this. Please speak to an organiser.", "Not here: ask someone", HintAsk},
	ReasonMember + "guest":       {"Guests can't use this; it is for members.", "For members: ask someone", HintAsk},
	ReasonMember + "pending":     {"Your membership is waiting to be approved.", "Membership not approved yet", HintAsk},
	ReasonMember + "active":      {"This is not for active members.", "Not here: ask someone", HintAsk},
	ReasonMember + "grace":       {"Your membership has run out and is in its days of grace. Renew it to use this.", "Renew membership: see your page", HintMend},
	ReasonMember + "suspended":   {"Your membership is suspended. Renew it, or speak to an organiser.", "Membership: see your page", HintMend},
	ReasonMember + "left":        {"You are no longer a member.", "Not a member: ask someone", HintAsk},
	ReasonMaintenance:            {"This is out of order while it is being maintained.", "Out of order", HintAgain},
	ReasonLockdown:               {"This place is closed for now.", "Closed for now", HintAgain},
	ReasonExplicitDeny:           {"You can't use this. Please speak to an organiser.", "Not here: ask someone", HintAsk},
	ReasonNoGrant:                {"Nobody has given you this.", "Not here: ask someone", HintAsk},
	ReasonMissingBadge:           {"Not yet.", "Need a badge: see your page", HintMend},
	ReasonSupervisor:             {"A second person who may supervise must be with you.", "Second person needed", HintAgain},
	ReasonStepUp:                 {"Sign in again, with a stronger way than before.", "Sign in again", HintMend},
}

// What a refused member can do about it, as devices show it.
const (
	HintGo    = 0 // go ahead
	HintMend  = 1 // you can mend this: see your page
	HintAsk   = 2 // ask someone
	HintAgain = 3 // try again later
)

// Hint returns what the member can do about a decision for this reason.
func (r Reason) Hint() int {
	if o, ok := outcomes[r]; ok {
		return o.hint
	}
	return HintAsk
}

// Explain puts a decision into words for the member it is about: one line
// for the outcome, then one for each thing missing and how to earn it. It
// says nothing of anybody else and never why somebody is barred.
func Explain(d *Directory, dec Decision) []string {
	o, ok := outcomes[dec.Reason]
	if !ok {
		o.words = "You can't use this. Please speak to an organiser."
	}
	if dec.Allow && !dec.Until.IsZero() {
		o.words = "You may, until " + moment(dec.Until) + "."
	}
	lines := []string{o.words}
	for _, m := range dec.Missing {
		lines = append(lines, stillNeeded(m))
	}
	if !dec.RetryAt.IsZero() {
		lines = append(lines, "You can from "+moment(dec.RetryAt)+".")
	}
	for _, w := range dec.Warnings {
		lines = append(lines, fmt.Sprintf("Your badge %s ends at %s.", d.inWords([]Slug{w.Badge})[0].Name, moment(w.Ends)))
	}
	return lines
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// stillNeeded names the badges that would open a gate, and how to earn them.
func stillNeeded(m Missing) string {
	var names, ways []string
	for _, b := range m.AnyOf {
		names = append(names, b.Name)
		way := strings.TrimSuffix(b.Earn, ".")
		if b.EarnURL != "" {
			way = strings.TrimPrefix(way+", see "+b.EarnURL, ", ")
		}
		if way != "" && len(m.AnyOf) > 1 {
			way = b.Name + ": " + way
		}
		if way != "" {
			ways = append(ways, way)
		}
	}
	line := "You still need: " + strings.Join(names, " or ") + "."
	if len(ways) > 0 {
		line += " How: " + strings.Join(ways, "; ") + "."
	}
	for _, b := range m.AnyOf {
		line += b.steps(len(m.AnyOf) > 1)
	}
	return line
}

// displayWidth is how many characters a device's display shows.
const displayWidth = 32

// ShortText is a decision in at most 32 characters, for a device's display: "Hi Ada", "Need Laser 1".
func ShortText(d *Directory, dec Decision) string {
	text := outcomes[dec.Reason].short
	switch {
	case dec.Reason == ReasonOK:
		m, _ := Get[Member](d, string(dec.Member))
		text += " " + firstName(m)
	case dec.Reason == ReasonMissingBadge && len(dec.Missing) > 0 && len(dec.Missing[0].AnyOf) > 0:
		text = "Need " + dec.Missing[0].AnyOf[0].Name
	case dec.Reason == ReasonNoGrant && !dec.RetryAt.IsZero():
		text = "Not now: see your page"
	case text == "":
		text = "Not here: ask someone"
	}
	return display(text)
}

// firstName is what to call a member at a door.
func firstName(m Member) string {
	if m.GivenName != "" {
		return m.GivenName
	}
	if first, _, _ := strings.Cut(m.Name, " "); first != "" {
		return first
	}
	return m.Username
}

// display makes text fit for a display: printable, one line, not too wide.
func display(text string) string {
	var shown []rune
	for _, r := range text {
		if len(shown) == displayWidth {
			break
		}
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			shown = append(shown, r)
		}
	}
	return strings.TrimSpace(string(shown))
}
