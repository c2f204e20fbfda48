package store

import (
	"context"
	"database/sql"

	"lanyard/claims"
	"lanyard/idp/record"
)

const endGrantsOf = `
    update token_grant
    set    ended = $2, end_reason = $3
    where  member = $1 and ended = 0`

// shutOut ends, in the transaction of the fact itself, what a member has who
// is barred, has left or is erased: every sign-in, here and at clients, and
// every grant, for good. A member who is let back in signs in anew.
func (s *Store) shutOut(ctx context.Context, tx *sql.Tx, changes []claims.Change) error {
	for _, c := range changes {
		m, why := goner(c.Fact)
		if why == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, endGrantsOf, string(m), micros(c.At), why); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, endSessions, string(m), "", micros(c.At)); err != nil {
			return err
		}
		if _, err := s.signOut(ctx, tx, why, c.At, "member = $1", string(m)); err != nil {
			return err
		}
	}
	return nil
}

// goner returns whom a fact shuts out and why; an empty why: nobody.
func goner(f claims.Fact) (m claims.MemberID, why string) {
	member, ok := f.(claims.Member)
	switch {
	case !ok:
		return "", ""
	case !member.ErasedAt.IsZero():
		return member.ID, "member_erased"
	case !member.BarredAt.IsZero():
		return member.ID, "member_barred"
	case member.State == claims.StateLeft:
		return member.ID, "member_left"
	}
	return "", ""
}

// forgetShutOut drops what is kept in memory of the grants that shutOut ended.
func (s *Store) forgetShutOut(changes []claims.Change) {
	for _, c := range changes {
		if m, why := goner(c.Fact); why != "" {
			s.grants.dropAll(record.GrantFilter{Member: m})
		}
	}
}
