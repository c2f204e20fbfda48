package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
)

const takeLease = `
    insert into lease (name, owner, expires) values ($1, $2, $3)
    on conflict (name) do update
    set    owner = excluded.owner, expires = excluded.expires
    where  lease.owner = excluded.owner or lease.expires <= $4`

const dropLease = `
    delete from lease
    where  name = $1 and owner = $2`

// leaseArgs are those of takeLease.
func leaseArgs(name, owner string, now time.Time, length time.Duration) []any {
	return []any{name, owner, micros(now.Add(length)), micros(now)}
}

// Lease takes the job that name stands for, or keeps it, for a while: true if
// owner has it from now on, false while another owner's time is not up. A
// process that dies loses it by that. A lease keeps two from doing the same
// work; where doing it twice would be wrong, the work itself must tell.
func (s *Store) Lease(ctx context.Context, name, owner string, length time.Duration) (bool, error) {
	if name == "" || owner == "" || length <= 0 {
		return false, &claims.Invalid{Field: "lease", Problem: "needs a name, an owner and a length"}
	}
	now, err := s.clock()
	if err != nil {
		return false, err
	}
	n, err := s.batch.exec(ctx, "lease/"+name, takeLease, leaseArgs(name, owner, now, length)...)
	if err != nil {
		return false, fmt.Errorf("take the lease %s: %w", name, err)
	}
	return n == 1, nil
}

// Release gives a lease up before its time; one that is not owner's stays.
func (s *Store) Release(ctx context.Context, name, owner string) error {
	if _, err := s.batch.exec(ctx, "lease/"+name, dropLease, name, owner); err != nil {
		return fmt.Errorf("release the lease %s: %w", name, err)
	}
	return nil
}
