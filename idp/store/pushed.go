package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Authorization requests that were pushed ahead. Each comes to a code once.

func pushedTable() *table[record.Pushed] {
	type row = record.Pushed
	return newTable("pushed_request",
		key("id", func(v *row) *string { return &v.ID }),
		text("client", func(v *row) *claims.ClientID { return &v.Client }),
		text("form", func(v *row) *string { return &v.Form }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("used", func(v *row) *time.Time { return &v.Used }),
	)
}

// CreatePushed stores a pushed request. An ID that is there already is ErrConflict.
func (s *Store) CreatePushed(ctx context.Context, p record.Pushed) error {
	if _, err := s.exec(ctx, "pushed_request/"+p.ID, s.rec.pushed.insert, s.rec.pushed.values(&p)...); err != nil {
		return fmt.Errorf("push a request: %w", err)
	}
	return nil
}

// Pushed returns a pushed request, used and expired ones too, or ErrNotFound.
func (s *Store) Pushed(ctx context.Context, id string) (record.Pushed, error) {
	return oneOf(ctx, s.eng, s.rec.pushed, " where id = $1", id)
}

const usePushed = `
    update pushed_request
    set    used = $2
    where  id = $1 and used = 0`

// UsePushed uses a pushed request up: of many that try, one does and the
// others get ErrReplay. Whether it has expired is for the caller to say, who
// knows when it was begun with.
func (s *Store) UsePushed(ctx context.Context, id string, now time.Time) error {
	n, err := s.exec(ctx, "pushed_request/"+id, usePushed, id, micros(now))
	if err != nil {
		return fmt.Errorf("use a pushed request: %w", err)
	}
	if n == 1 {
		return nil
	}
	if _, err := s.Pushed(ctx, id); err != nil {
		return fmt.Errorf("use a pushed request: %w", err)
	}
	return fmt.Errorf("use a pushed request: %w", claims.ErrReplay)
}
