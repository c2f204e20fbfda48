package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"lanyard/claims"
)

// beforePage is how many things are looked up at once.
const beforePage = 200

// readBefore is followed by the marks of the ids. Numbers go on from epoch to
// epoch.
const readBefore = `
    select id, image
    from   change c
    where  entity = $1 and seq = (
        select max(seq)
        from   change
        where  entity = c.entity and id = c.id and seq <= $2)
    and    id in `

// LocationsAt returns locations as they were after change n of the log, those
// that were there.
func (s *Store) LocationsAt(ctx context.Context, n uint64, ids []claims.LocationID) (map[claims.LocationID]claims.Location, error) {
	was := make(map[claims.LocationID]claims.Location, len(ids))
	for len(ids) > 0 {
		page := ids[:min(beforePage, len(ids))]
		ids = ids[len(page):]
		args, in := []any{string(claims.EntityLocation), int64(n)}, make([]string, len(page))
		for i, id := range page {
			args = append(args, string(id))
			in[i] = "$" + strconv.Itoa(len(args))
		}
		err := s.eng.query(ctx, readBefore+"("+strings.Join(in, ", ")+")", args, func(row scanner) error {
			var id, image string
			if err := row.Scan(&id, &image); err != nil {
				return err
			}
			fact, err := s.tables.decode(claims.EntityLocation, image)
			if l, ok := fact.(claims.Location); ok {
				was[claims.LocationID(id)] = l
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read locations as they were: %w", err)
		}
	}
	return was, nil
}
