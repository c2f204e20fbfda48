package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func picture() *claims.Directory {
	return claims.NewDirectory(claims.Seq{}).With(claims.Seq{N: 1},
		claims.Client{ID: "wiki", BackchannelURI: "https://wiki.example.org/bye"}, claims.Client{ID: "git"},
		claims.Client{ID: "old", BackchannelURI: "https://old.example.org/bye", Disabled: time.Unix(1, 0)},
		claims.Member{ID: "ada", Sub: "sub-ada"})
}

func TestOnlyAYesIsTakenForOne(t *testing.T) {
	var sent []string
	status, fails := 0, error(nil)
	l := Logouts{Directory: picture,
		Token: func(_ context.Context, c claims.Client, m claims.Member, session string) (record.Secret, error) {
			return record.Secret(fmt.Sprint("token-for-", c.ID, "-of-", m.Sub, "-in-", session)), nil
		},
		Post: func(_ context.Context, address string, form url.Values) (int, error) {
			sent = append(sent, address+" "+form.Encode())
			return status, fails
		}}
	m := record.Message{Kind: record.MessageLogout, To: "wiki", Member: "ada", Session: "s1"}
	for status, good := range map[int]bool{200: true, 204: true, 201: false, 302: false, 400: false, 404: false, 501: false, 503: false} {
		if answer, err := deliver(l, &status, m); (err == nil) != good || answer != fmt.Sprint(status) || err != nil && strings.Contains(err.Error(), "token-for") {
			t.Errorf("%d: %q, %v", status, answer, err)
		}
	}
	if want := "https://wiki.example.org/bye logout_token=token-for-wiki-of-sub-ada-in-s1"; sent[0] != want {
		t.Errorf("sent %q, want %q", sent[0], want)
	}
	for err, want := range map[error]string{claims.ErrDenied: "address not allowed", claims.ErrUnavailable: "no answer"} {
		fails = err
		if answer, got := l.Deliver(t.Context(), m); answer != want || !errors.Is(got, err) {
			t.Errorf("%v: %q, %v", err, answer, got)
		}
	}
}

// deliver delivers to a client that answers with a status.
func deliver(l Logouts, status *int, m record.Message) (string, error) {
	post := l.Post
	l.Post = func(ctx context.Context, address string, form url.Values) (int, error) {
		_, err := post(ctx, address, form)
		return *status, err
	}
	return l.Deliver(context.Background(), m)
}

func TestWhoDoesNotWantToHearIsSentNothing(t *testing.T) {
	l := Logouts{Directory: picture} // a call would panic
	for _, m := range []record.Message{{To: "git", Member: "ada"}, {To: "old", Member: "ada"}, {To: "none", Member: "ada"}, {To: "wiki", Member: "none"}} {
		if _, err := l.Deliver(t.Context(), m); !errors.Is(err, errUnwanted) {
			t.Errorf("%+v: %v", m, err)
		}
	}
}
