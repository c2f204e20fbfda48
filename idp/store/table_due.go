package store

import (
	"context"
	"database/sql"
	"time"

	"lanyard/claims"
)

// dueTable holds the last Due of each part. What the ones before it concerned
// is kept with the members, as the place where they last changed: a picture
// that is read from the tables then has the authz_versions of one that
// followed the log.
type dueTable struct{ facts[claims.Due] }

func newDueTable() dueTable {
	type row = claims.Due
	return dueTable{factsTable("due",
		key("part", func(v *row) *claims.DuePart { return &v.Part }),
		when("at", func(v *row) *time.Time { return &v.At }),
		list("members", func(v *row) *[]claims.MemberID { return &v.Members }),
	)}
}

// memberChanged is followed by the marks of the members.
const memberChanged = `
    update member
    set    seq = $1
    where  id in `

func (t dueTable) put(ctx context.Context, tx *sql.Tx, changes []claims.Change) error {
	if err := t.facts.put(ctx, tx, changes); err != nil {
		return err
	}
	for _, c := range changes {
		err := inRows(c.Fact.Concerns(), func(some []claims.MemberID) error {
			args := []any{int64(c.N)}
			for _, m := range some {
				args = append(args, string(m))
			}
			_, err := tx.ExecContext(ctx, memberChanged+marksFrom(2, 1, len(some)), args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
