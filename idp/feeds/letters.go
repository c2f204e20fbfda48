package feeds

import (
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/templates"
)

// body is what a letter says beside what its row does. It is kept sealed.
type body struct {
	At      time.Time `json:"at"`
	Address string    `json:"address,omitempty"`
	Browser string    `json:"browser,omitempty"`
	URL     string    `json:"url,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// words are what a letter of one kind says: its title, and what happened.
type words struct{ title, text string }

// noticeWords has a row for every kind of letter that tells what happened.
var noticeWords = map[record.MailKind]words{
	record.MailNewBrowser:      {"A sign-in from a new browser", "Somebody signed in to your account from a browser that we have not seen you use in the last 90 days."},
	record.MailPasswordChanged: {"Your password was changed", "The password of your account was changed, and your sign-ins in other browsers are over."},
	record.MailPasswordSet:     {"Your password was set by a link", "The password of your account was set by a one-time link, and your sign-ins before that are over."},
	record.MailAppSetUp:        {"An app that shows codes was set up", "An app that shows codes was set up for your account. Signing in takes a code of it from now on."},
	record.MailAppEnded:        {"The app that shows codes was removed", "The app that shows codes was removed from your account. Signing in takes no code of it any more."},
	record.MailPasskeyAdded:    {"A passkey was added", "A passkey was added to your account. Whoever has it can sign in as you."},
	record.MailPasskeyEnded:    {"A passkey was removed", "A passkey was removed from your account."},
	record.MailRecoveryMade:    {"New recovery codes were made", "New recovery codes were made for your account. Those before work no more."},
	record.MailRecoveryUsed:    {"A recovery code was used", "Somebody signed in to your account with your password and one of your recovery codes."},
	record.MailFactorsEnded:    {"How you sign in was reset", "An organiser ended everything you sign in with beside your password, and every sign-in of yours."},
	record.MailSignedOut:       {"You were signed out everywhere", "An organiser ended every sign-in of yours."},
	record.MailWayBack:         {"The desk made you a way back in", "An organiser made a link for you by which whoever has it comes into your account. It is good once, for a quarter of an hour."},
	record.MailCameBack:        {"You came back in", "A link from the desk was used. What you signed in with before, and every sign-in, is over."},
	record.MailAddressChanged:  {"Your e-mail address was changed", "The e-mail address of your account is another one now. Letters like this go there, and this is the last one that comes here."},
}

// letter writes a letter of a kind for a member.
func (p *Post) letter(m claims.Member, kind record.MailKind, b body) templates.Letter {
	l := templates.Letter{Org: p.organisation(), To: oneLine(called(m))}
	if brings(kind) {
		l.Title = "Set your password"
		who := "An organiser made a link"
		if kind == record.MailForgotLink {
			who = "Somebody, you perhaps, asked at the sign-in page for a link"
		}
		l.Text = []string{who + " at which you set the password of your account, " + m.Username + ". It works once, until " + moment(b.Expires) + "."}
		l.Link = templates.Link{Text: "Set your password", Path: b.URL}
		l.After = []string{"If you did not ask for it, let it be: without the link nothing changes. Give it to nobody; no organiser asks for it."}
		return l
	}
	w := noticeWords[kind]
	l.Title, l.Text = w.title, []string{w.text}
	l.Facts = []templates.Detail{{Name: "When", Text: moment(b.At)}}
	if b.Browser != "" {
		l.Facts = append(l.Facts, templates.Detail{Name: "Browser", Text: oneLine(b.Browser)})
	}
	if b.Address != "" {
		l.Facts = append(l.Facts, templates.Detail{Name: "Network address", Text: oneLine(b.Address)})
	}
	switch kind {
	case record.MailFactorsEnded, record.MailSignedOut, record.MailWayBack, record.MailCameBack, record.MailAddressChanged:
		l.After = []string{"If you did not ask for this, talk to an organiser at once, in person if you can."}
	default:
		l.After = []string{
			"If this was you, there is nothing to do.",
			"If it was not you: sign in, change your password, and look through what you sign in with. If you cannot sign in any more, ask an organiser at once.",
		}
		l.Link = templates.Link{Text: "How you sign in", Path: p.Issuer + "/security"}
	}
	return l
}

// testLetter is what `lanyard mail test` sends.
func (p *Post) testLetter() templates.Letter {
	return templates.Letter{Org: p.organisation(), Title: "Mail works", To: "operator",
		Text: []string{"This letter was sent to try the mail server out. It arrived, so mail is set up."}}
}

func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

func called(m claims.Member) string {
	if m.Name != "" {
		return m.Name
	}
	return m.Username
}
