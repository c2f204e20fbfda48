package feeds

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func TestEveryLetterSaysWhatWhenWhenceAndWhatToDo(t *testing.T) {
	o := newOffice("127.0.0.1:1")
	for kind := range noticeWords {
		l := o.letter(ada, kind, body{At: o.now, Address: "203.0.113.9", Browser: "Firefox on Linux"})
		var html bytes.Buffer
		if err := l.Render(t.Context(), &html); err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{"plain": l.Plain(), "HTML": html.String()} {
			for _, says := range []string{"Hello Ada,", "1 May 2026, 12:00 UTC", "203.0.113.9", "Firefox on Linux", "If "} {
				if !strings.Contains(text, says) {
					t.Errorf("%s, %s: does not say %q:\n%s", kind, form, says, text)
				}
			}
			if strings.Contains(text, "/password/") || strings.Contains(text, "token") {
				t.Errorf("%s, %s: a notice leads somewhere with a secret", kind, form)
			}
		}
		if l.Title == "" || len(l.After) == 0 {
			t.Errorf("%s: %+v", kind, l)
		}
	}
}

// TestNoTextBecomesAHeaderOrMarkupOfALetter writes to somebody whose name, and
// whose organisation's, would be more than a name.
func TestNoTextBecomesAHeaderOrMarkupOfALetter(t *testing.T) {
	const evil = "Ada\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>\u2028<b>"
	b := newPostbox(t)
	o := newOffice(b.Addr().String())
	m := ada
	m.Name = evil
	o.know(claims.Settings{Name: evil + `", <evil@example.org>`}, m)
	if err := o.Notify(t.Context(), record.Notice{Kind: record.MailNewBrowser, Member: "ada", At: o.now, Address: evil, Browser: evil}); err != nil {
		t.Fatal(err)
	}
	if answer, err := o.tries(t); err != nil {
		t.Fatal(answer, err)
	}
	heads, bodies := b.got()
	head, err := mail.ReadMessage(strings.NewReader(strings.ReplaceAll(heads[0], "\n", "\r\n") + "\r\n\r\n"))
	if err != nil {
		t.Fatalf("%v:\n%s", err, heads[0])
	}
	from, err := mail.ParseAddress(head.Header.Get("From"))
	if err != nil || from.Address != "id@example.org" || head.Header.Get("To") != "<ada@example.net>" || head.Header.Get("Bcc") != "" || len(head.Header["Subject"]) != 1 {
		t.Errorf("%v; its head:\n%s", err, heads[0])
	}
	plain, html, _ := strings.Cut(bodies[0], "Content-Type: text/html")
	if html == "" || strings.Contains(html, "<script") || strings.Contains(plain, "\nBcc:") || strings.Contains(plain, "\u2028") {
		t.Errorf("its body:\n%s", bodies[0])
	}
}

func TestALetterGoesToOneAddressAndToNoOther(t *testing.T) {
	s := MailServer{Address: "127.0.0.1:1", From: mail.Address{Address: "id@example.org"}}
	for _, to := range []string{"", "ada", "ada@example.net, bo@example.net", "Ada <ada@example.net>", "ada@example.net\r\nBcc: bo@example.net", "ada@example.net\nX", "@example.net", "ada@"} {
		if err := s.Send(t.Context(), Envelope{ID: "1", To: to, Date: time.Now()}); err == nil || !strings.Contains(err.Error(), "no address") {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

func TestThePasswordOfTheMailServerIsPrintedNowhere(t *testing.T) {
	s := MailServer{Address: "127.0.0.1:1", TLS: TLSNone, Username: "lanyard", Password: "a-word-of-ours", From: mail.Address{Address: "id@example.org"}}
	err := s.Send(t.Context(), Envelope{ID: "1", To: "ada@example.net", Date: time.Now()})
	if err == nil || strings.Contains(err.Error(), "a-word") || !strings.Contains(err.Error(), "nothing listens there") {
		t.Errorf("it says %v", err)
	}
}
