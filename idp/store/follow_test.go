package store

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

// asTold plans each Define as it is, whoever asks.
func asTold(d *claims.Directory, by claims.Actor, now time.Time, intents ...claims.Intent) (claims.Planned, error) {
	p := claims.Planned{On: d.Seq(), At: now, Actor: by, What: "as told"}
	for _, in := range intents {
		p.Facts = append(p.Facts, in.(claims.Define).Fact)
	}
	return p, nil
}

func TestWhatARestoreTookBackIsForgotten(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var log bytes.Buffer
	s, err := Open(ctx, Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "l.db"), Now: func() time.Time { return now },
		Plan: asTold, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, slug := range []claims.Slug{"kept", "taken-back"} {
		if _, err := s.Change(ctx, claims.Actor{Kind: claims.ActorOperator}, "", claims.Define{Fact: claims.Tag{Slug: slug}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []string{"delete from change where seq = 2", "delete from tag where slug = 'taken-back'", "update change_head set seq = 1"} {
		if _, err := s.eng.write.ExecContext(context.WithoutCancel(ctx), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if _, there := claims.Get[claims.Tag](s.Directory(), "taken-back"); there || s.Directory().Seq().N != 1 {
		t.Errorf("the picture is at %d and has the tag: %t; the restored log is at 1, without it", s.Directory().Seq().N, there)
	}
	if _, err := s.Change(ctx, claims.Actor{Kind: claims.ActorOperator}, "", claims.Define{Fact: claims.Tag{Slug: "new"}}); err != nil {
		t.Errorf("the next change: %v", err)
	}
	if !strings.Contains(log.String(), "went back in time") {
		t.Errorf("the log says nothing of it: %s", log.String())
	}
}
