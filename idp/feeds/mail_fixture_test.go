package feeds

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// pigeonhole keeps letters in memory.
type pigeonhole struct {
	box
	letters map[string]record.Mail
	full    bool
}

func (p *pigeonhole) QueueMail(_ context.Context, m record.Mail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.full {
		return claims.ErrTooMany
	}
	p.letters[m.ID] = m
	return nil
}

func (p *pigeonhole) Mail(_ context.Context, id string) (record.Mail, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.letters[id]
	if !ok {
		return m, claims.ErrNotFound
	}
	return m, nil
}

func (p *pigeonhole) DueMails(_ context.Context, now time.Time, limit int) (due []record.Mail, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.letters {
		if m.Done.IsZero() && !m.Due.After(now) && len(due) < limit {
			due = append(due, m)
		}
	}
	return due, p.down
}

func (p *pigeonhole) TakeMail(_ context.Context, id string, attempts int, next time.Time) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.letters[id]
	if m.Attempts != attempts {
		return false, nil
	}
	m.Attempts, m.Due = m.Attempts+1, next
	p.letters[id] = m
	return true, nil
}

func (p *pigeonhole) SettleMail(_ context.Context, id, outcome, answer string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.letters[id]
	if m.Answer = answer; outcome != "" {
		m.Outcome, m.Done, m.Sealed = outcome, now, ""
	}
	p.letters[id] = m
	return nil
}

// only is the one letter there is.
func (p *pigeonhole) only(t *testing.T) record.Mail {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.letters) != 1 {
		t.Fatalf("there are %d letters: %+v", len(p.letters), p.letters)
	}
	for _, m := range p.letters {
		return m
	}
	return record.Mail{}
}

// plainSealer seals so that tests can look inside.
type plainSealer struct{}

func (plainSealer) Seal(table, row, column string, plain []byte) (string, error) {
	return table + "/" + row + "/" + column + "/" + base64.RawURLEncoding.EncodeToString(plain), nil
}

func (plainSealer) Open(table, row, column, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, table+"/"+row+"/"+column+"/")
	if !ok {
		return nil, claims.ErrInvalid
	}
	return base64.RawURLEncoding.DecodeString(text)
}

// office is somebody who writes to Ada by a mail server of the test's.
type office struct {
	*Post
	*pigeonhole
	now time.Time
	dir *claims.Directory
}

func newOffice(server string) *office {
	o := &office{pigeonhole: &pigeonhole{letters: map[string]record.Mail{}}, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	o.know(claims.Settings{Name: "Makers & Co"}, ada)
	o.Post = &Post{Server: MailServer{Address: server, TLS: TLSNone, From: mail.Address{Address: "id@example.org"}}, Store: o.pigeonhole, Ring: plainSealer{},
		Directory: func() *claims.Directory { return o.dir }, Now: func() time.Time { return o.now }, Issuer: "https://id.example.org"}
	return o
}

var ada = claims.Member{ID: "ada", Username: "ada", Name: "Ada", Email: "ada@example.net", State: claims.StateActive}

func (o *office) know(facts ...claims.Fact) {
	if o.dir == nil {
		o.dir = claims.NewDirectory(claims.Seq{})
	}
	o.dir = o.dir.With(claims.Seq{N: o.dir.Seq().N + 1}, facts...)
}

// tries makes one attempt at the one letter.
func (o *office) tries(t *testing.T) (string, error) {
	t.Helper()
	return o.Deliver(t.Context(), record.Message{ID: o.only(t).ID})
}

// postbox is a mail server that says what the test wants.
type postbox struct {
	net.Listener
	mu     sync.Mutex
	rcpt   string // what it says to a receiver
	heads  []string
	bodies []string
}

func newPostbox(t *testing.T) *postbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &postbox{Listener: l, rcpt: "250 yes"}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go b.speak(c)
		}
	}()
	return b
}

// got is what was handed over: the heads of letters, and their bodies.
func (b *postbox) got() (heads, bodies []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.heads), slices.Clone(b.bodies)
}

func (b *postbox) speak(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	fmt.Fprint(c, "220 here\r\n")
	for in.Scan() {
		answer := "250 yes"
		switch verb, _, _ := strings.Cut(in.Text(), " "); verb {
		case "RCPT":
			answer = b.rcpt
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			var lines []string
			for in.Scan() && in.Text() != "." {
				lines = append(lines, in.Text())
			}
			b.mu.Lock()
			end := max(slices.Index(lines, ""), 0)
			b.heads, b.bodies = append(b.heads, strings.Join(lines[:end], "\n")), append(b.bodies, strings.Join(lines[end:], "\n"))
			b.mu.Unlock()
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		}
		fmt.Fprint(c, answer+"\r\n")
	}
}
