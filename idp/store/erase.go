package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lanyard/claims"
)

// Erasure reaches back: the after-images of the change log are emptied of what
// was personal, so that a replay of the past comes out as it did and names
// nobody; what was kept beside the facts goes.

const imagesOf = `
    select epoch, seq, image
    from   change
    where  entity = $1 and id = $2`

const setImage = `
    update change
    set    image = $3
    where  epoch = $1 and seq = $2`

// What is kept of a member beside facts. Grants of tokens have ended (shutOut)
// and hold an id only; they are swept in time.
var keptOf = []string{
	`
    delete from browser_session
    where  member = $1`,
	`
    delete from password
    where  member = $1`,
	`
    delete from factor
    where  member = $1`,
	`
    delete from one_time_link
    where  member = $1`,
	`
    delete from consent
    where  member = $1`,
	`
    delete from mail_message
    where  member = $1`,
	`
    delete from mail_pace
    where  member = $1`,
	`
    update access_event
    set    member = ''
    where  member = $1`,
}

// erase does, in the transaction of the facts themselves, what their erasure
// asks of the rest of the database.
func (s *Store) erase(ctx context.Context, tx *sql.Tx, changes []claims.Change) error {
	for _, c := range changes {
		m, ok := c.Fact.(claims.Member)
		if !ok || m.ErasedAt.IsZero() {
			continue
		}
		facts := make([]claims.Fact, len(changes))
		for i := range changes {
			facts[i] = changes[i].Fact
		}
		d := s.Directory() // the one the plan was made on: else it is not committed
		for _, f := range claims.About(d.With(d.Seq(), facts...), m.ID) {
			if err := s.emptyImages(ctx, tx, f.Key()); err != nil {
				return fmt.Errorf("empty the log of %v: %w", f.Key(), err)
			}
		}
		for _, q := range keptOf {
			if _, err := tx.ExecContext(ctx, q, string(m.ID)); err != nil {
				return fmt.Errorf("erase what is kept of %s: %w", m.ID, err)
			}
		}
	}
	return nil
}

type image struct {
	epoch string
	seq   int64
	text  string
}

// emptyImages takes what is personal from every state that a fact was in. The
// last one, of this transaction, is so already, but for the usernames that a
// member keeps reserved.
func (s *Store) emptyImages(ctx context.Context, tx *sql.Tx, k claims.Key) error {
	images, err := readImages(ctx, tx, k)
	if err != nil {
		return err
	}
	for _, i := range images {
		f, err := s.tables.decode(k.Entity, i.text)
		if err != nil {
			return err
		}
		if m, ok := f.(claims.Member); ok && !m.ErasedAt.IsZero() {
			continue
		}
		text, err := json.Marshal(claims.Emptied(f))
		if err != nil {
			return err
		}
		if string(text) == i.text {
			continue
		}
		if _, err := tx.ExecContext(ctx, setImage, i.epoch, i.seq, string(text)); err != nil {
			return err
		}
	}
	return nil
}

func readImages(ctx context.Context, tx *sql.Tx, k claims.Key) ([]image, error) {
	rows, err := tx.QueryContext(ctx, imagesOf, string(k.Entity), k.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []image
	for rows.Next() {
		var i image
		if err := rows.Scan(&i.epoch, &i.seq, &i.text); err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, rows.Err()
}
