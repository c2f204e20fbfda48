package store

import (
	"context"
	"fmt"

	"lanyard/idp/record"
)

const handOver = `
    update token_grant
    set    session = $2
    where  session = $1 and ended = 0`

// HandOver makes the live grants of one browser session those of another: a
// member who signed in again in the same browser, so that signing out there
// still ends what the browser was given before.
func (s *Store) HandOver(ctx context.Context, from, to string) error {
	if from == "" || to == "" {
		return nil // grants without a browser are nobody's to hand over
	}
	_, err := s.exec(ctx, "token_grant", handOver, from, to)
	s.grants.dropAll(record.GrantFilter{Session: from})
	if err != nil {
		return fmt.Errorf("hand grants over: %w", err)
	}
	return nil
}
