package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Grants of tokens: one row each. What must happen once (spending a code,
// rotating a refresh token) is one conditional statement; who finds no row to
// change reads it and learns why.

func tokenGrantTable() *table[record.Grant] {
	type row = record.Grant
	return newTable("token_grant",
		key("id", func(v *row) *string { return &v.ID }),
		text("kind", func(v *row) *record.GrantKind { return &v.Kind }),
		text("client", func(v *row) *claims.ClientID { return &v.Client }),
		text("member", func(v *row) *claims.MemberID { return &v.Member }),
		text("session", func(v *row) *string { return &v.Session }),
		list("requested", func(v *row) *[]string { return &v.Requested }),
		list("scopes", func(v *row) *[]string { return &v.Scopes }),
		list("audience", func(v *row) *[]string { return &v.Audience }),
		text("redirect_uri", func(v *row) *string { return &v.RedirectURI }),
		text("nonce", func(v *row) *string { return &v.Nonce }),
		text("challenge", func(v *row) *string { return &v.Challenge }),
		text("claims", func(v *row) *string { return &v.Claims }),
		when("auth_time", func(v *row) *time.Time { return &v.AuthTime }),
		list("amr", func(v *row) *[]string { return &v.AMR }),
		number("acr", func(v *row) *int { return &v.ACR }),
		when("created", func(v *row) *time.Time { return &v.Created }),
		when("code_expires", func(v *row) *time.Time { return &v.CodeExpires }),
		when("spent", func(v *row) *time.Time { return &v.Spent }),
		number("generation", func(v *row) *int { return &v.Generation }),
		when("rotated", func(v *row) *time.Time { return &v.Rotated }),
		when("idle_until", func(v *row) *time.Time { return &v.IdleUntil }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
		when("ended", func(v *row) *time.Time { return &v.Ended }),
		text("end_reason", func(v *row) *string { return &v.EndReason }),
	)
}

// CreateGrant stores a new grant. An ID that is there already is ErrConflict.
func (s *Store) CreateGrant(ctx context.Context, g record.Grant) error {
	if g.ID == "" {
		return &claims.Invalid{Field: "grant", Problem: "has no id"}
	}
	beat, version := s.beat.Load(), s.grants.version(g.ID)
	if _, err := s.exec(ctx, "token_grant/"+g.ID, s.rec.grants.insert, s.rec.grants.values(&g)...); err != nil {
		return fmt.Errorf("create grant: %w", err)
	}
	s.grants.put(s.rec.grants.rounded(g), beat, version)
	return nil
}

// Grant returns a grant, or ErrNotFound. What this process wrote shows at once;
// what another wrote, within a second. While the database is away it goes on
// answering for five minutes about grants it knows: for showing that an access
// token lives, never for spending a code, a pass or a refresh token.
func (s *Store) Grant(ctx context.Context, id string) (record.Grant, error) {
	now := s.beat.Load()
	if g, ok := s.grants.get(id, now, freshBeats); ok {
		return g, nil
	}
	version := s.grants.version(id)
	g, err := s.GrantFresh(ctx, id)
	switch {
	case err == nil:
		s.grants.put(g, now, version)
		return g, nil
	case errors.Is(err, claims.ErrUnavailable) && ctx.Err() == nil:
		if g, ok := s.grants.get(id, now, awayBeats); ok {
			return g, nil
		}
	case errors.Is(err, claims.ErrNotFound):
		s.grants.drop(id)
	}
	return record.Grant{}, err
}

// GrantFresh returns a grant as its row is now, or ErrNotFound.
func (s *Store) GrantFresh(ctx context.Context, id string) (record.Grant, error) {
	return oneOf(ctx, s.eng, s.rec.grants, " where id = $1", id)
}

const spendGrant = `
    update token_grant
    set    spent = $2, generation = 1, rotated = $2, idle_until = $3
    where  id = $1 and spent = 0 and ended = 0
    and    (code_expires = 0 or code_expires > $2)
    and    (expires = 0 or expires > $2)`

// SpendGrant redeems a code or a pass, once: of many that try, one wins and
// the others get ErrReplay. A grant that has ended or run out is ErrExpired.
// The first tokens are of generation 1; their refresh token is good until
// idleUntil, and there is none if that is zero.
func (s *Store) SpendGrant(ctx context.Context, id string, idleUntil, now time.Time) error {
	n, err := s.exec(ctx, "token_grant/"+id, spendGrant, id, micros(now), micros(idleUntil))
	s.grants.drop(id)
	if err != nil {
		return fmt.Errorf("spend grant: %w", err)
	}
	if n == 1 {
		return nil
	}
	g, err := s.GrantFresh(ctx, id)
	switch {
	case err != nil:
		return fmt.Errorf("spend grant: %w", err)
	case g.Ended.IsZero() && !g.Spent.IsZero():
		return fmt.Errorf("spend grant: %w", claims.ErrReplay)
	}
	return fmt.Errorf("spend grant: %w", claims.ErrExpired)
}

const rotateGrant = `
    update token_grant
    set    generation = generation + 1, rotated = $3, idle_until = $4,
           scopes = case when $5 = '' then scopes else $5 end
    where  id = $1 and generation = $2 and ended = 0
    and    idle_until > $3
    and    (expires = 0 or expires > $3)`

// RotateGrant exchanges the refresh token of generation from for its
// successor, and returns the successor's generation. Whoever comes again with
// from within grace of that gets the same successor (an answer was lost, or
// two requests crossed) and changes nothing; later, or from an older one, is
// ErrReplay. A grant that has ended or run out is ErrExpired. Nil scopes leave
// them as they are. The caller ends the family on ErrReplay.
func (s *Store) RotateGrant(ctx context.Context, id string, from int, scopes []string, idleUntil, now time.Time, grace time.Duration) (int, error) {
	if from < 1 {
		return 0, &claims.Invalid{Field: "generation", Problem: "refresh tokens begin at 1"}
	}
	n, err := s.exec(ctx, "token_grant/"+id, rotateGrant, id, from, micros(now), micros(idleUntil), toJSON(scopes))
	s.grants.drop(id)
	if err != nil {
		return 0, fmt.Errorf("rotate grant: %w", err)
	}
	if n == 1 {
		return from + 1, nil
	}
	g, err := s.GrantFresh(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("rotate grant: %w", err)
	}
	gone := func(end time.Time) bool { return !end.IsZero() && !now.Before(end) }
	switch {
	case !g.Ended.IsZero(), gone(g.Expires):
		return 0, fmt.Errorf("rotate grant: %w", claims.ErrExpired)
	case g.Generation == from+1 && now.Sub(g.Rotated) <= grace:
		return from + 1, nil
	case g.Generation == from:
		return 0, fmt.Errorf("rotate grant: %w", claims.ErrExpired) // idle for too long, or it never had a refresh token
	}
	return 0, fmt.Errorf("rotate grant: %w", claims.ErrReplay)
}

const endGrant = `
    update token_grant
    set    ended = $2, end_reason = $3
    where  id = $1 and ended = 0`

// EndGrant ends a grant and every token of it. One that has ended, or is not
// there, stays as it is.
func (s *Store) EndGrant(ctx context.Context, id, reason string, now time.Time) error {
	_, err := s.exec(ctx, "token_grant/"+id, endGrant, id, micros(now), reason)
	s.grants.drop(id)
	if err != nil {
		return fmt.Errorf("end grant: %w", err)
	}
	return nil
}

// EndGrants ends all live grants that f picks and returns how many. A filter
// with no field set is ErrInvalid.
func (s *Store) EndGrants(ctx context.Context, f record.GrantFilter, reason string, now time.Time) (int, error) {
	args := []any{micros(now), reason}
	var where strings.Builder
	for _, c := range []struct{ column, value string }{
		{"session", f.Session}, {"member", string(f.Member)}, {"client", string(f.Client)},
	} {
		if c.value != "" {
			args = append(args, c.value)
			fmt.Fprintf(&where, " and %s = $%d", c.column, len(args))
		}
	}
	if where.Len() == 0 {
		return 0, &claims.Invalid{Field: "filter", Problem: "picks every grant there is"}
	}
	n, err := s.exec(ctx, "token_grant", "update token_grant set ended = $1, end_reason = $2 where ended = 0"+where.String(), args...)
	s.grants.dropAll(f)
	if err != nil {
		return 0, fmt.Errorf("end grants: %w", err)
	}
	return int(n), nil
}

const sweepGrants = `
    delete from token_grant
    where  id in (
        select id
        from   token_grant
        where  ended > 0 and ended < $1 or expires > 0 and expires < $1
        limit  $2)`

// deadFor is how long an ended grant is kept, so that a late replay is still
// told from a token that never was.
const deadFor = 24 * time.Hour

// SweepGrants deletes up to limit grants that ended or ran out more than a day
// before now, and returns how many.
func (s *Store) SweepGrants(ctx context.Context, now time.Time, limit int) (int, error) {
	n, err := s.exec(ctx, "token_grant", sweepGrants, micros(now.Add(-deadFor)), limit)
	if err != nil {
		return 0, fmt.Errorf("sweep grants: %w", err)
	}
	return int(n), nil
}
