package oauth

import (
	"context"
	"slices"
	"sync"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// memoryVault is a Vault whose writes race as a database's do: each is one
// step, and nothing is held between a read and a write.
type memoryVault struct {
	mu     sync.Mutex
	rows   map[string]record.Grant
	jtis   map[[2]string]bool
	pushed map[string]record.Pushed
	codes  map[string]record.DeviceCode // by Grant.ID
	told   map[[2]string]record.Told    // by session and client
	tells  int
	noTell error // what Tell fails of
	writes int
	reads  int
	down   error  // what every call fails of
	noEnd  error  // what EndGrant fails of
	pause  func() // called after each fresh read, outside the lock
}

func newMemoryVault() *memoryVault {
	return &memoryVault{rows: map[string]record.Grant{}, jtis: map[[2]string]bool{}, pushed: map[string]record.Pushed{}, codes: map[string]record.DeviceCode{}}
}

func (v *memoryVault) change(id string, f func(*record.Grant) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down != nil {
		return v.down
	}
	g, ok := v.rows[id]
	if !ok {
		return claims.ErrNotFound
	}
	if err := f(&g); err != nil {
		return err
	}
	v.writes++
	v.rows[id] = g
	return nil
}

func (v *memoryVault) CreateGrant(_ context.Context, g record.Grant) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down != nil {
		return v.down
	}
	if _, ok := v.rows[g.ID]; ok {
		return claims.ErrConflict
	}
	v.writes++
	v.rows[g.ID] = g
	return nil
}

func (v *memoryVault) Grant(_ context.Context, id string) (record.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reads++
	g, ok := v.rows[id]
	if v.down != nil {
		return g, v.down
	}
	if !ok {
		return g, claims.ErrNotFound
	}
	return g, nil
}

func (v *memoryVault) GrantFresh(ctx context.Context, id string) (record.Grant, error) {
	g, err := v.Grant(ctx, id)
	if v.pause != nil {
		v.pause()
	}
	return g, err
}

func (v *memoryVault) SpendGrant(_ context.Context, id string, idleUntil, now time.Time) error {
	return v.change(id, func(g *record.Grant) error {
		if !g.Ended.IsZero() {
			return claims.ErrExpired
		}
		if !g.Spent.IsZero() {
			return claims.ErrReplay
		}
		g.Spent, g.Generation, g.Rotated, g.IdleUntil = now, 1, now, idleUntil
		return nil
	})
}

func (v *memoryVault) RotateGrant(_ context.Context, id string, from int, scopes []string, idleUntil, now time.Time, grace time.Duration) (int, error) {
	err := v.change(id, func(g *record.Grant) error {
		switch {
		case !g.Ended.IsZero():
			return claims.ErrExpired
		case g.Generation == from:
			g.Generation, g.Rotated, g.IdleUntil, g.Scopes = from+1, now, idleUntil, scopes
			return nil
		case g.Generation == from+1 && now.Sub(g.Rotated) <= grace:
			return nil
		}
		return claims.ErrReplay
	})
	return from + 1, err
}

func (v *memoryVault) EndGrant(_ context.Context, id, reason string, now time.Time) error {
	if v.noEnd != nil {
		return v.noEnd
	}
	return v.change(id, func(g *record.Grant) error {
		if g.Ended.IsZero() {
			g.Ended, g.EndReason = now, reason
		}
		return nil
	})
}

func (v *memoryVault) Tell(_ context.Context, t record.Told, anew bool, merge func(old, more string) string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down != nil {
		return v.down
	}
	if v.noTell != nil {
		return v.noTell
	}
	v.tells++
	k := [2]string{t.Session, string(t.Client)}
	if old, ok := v.told[k]; ok && !anew {
		t.Digest = merge(old.Digest, t.Digest)
	}
	if v.told == nil {
		v.told = map[[2]string]record.Told{}
	}
	v.told[k] = t
	return nil
}

// signOut ends what a session gave, as the store does when it ends.
func (v *memoryVault) signOut(session string, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id, g := range v.rows {
		unspent := g.Kind == record.GrantCode && g.Spent.IsZero()
		if g.Session == session && g.Ended.IsZero() && (g.IdleUntil.IsZero() || unspent) {
			g.Ended, g.EndReason = now, "signed_out"
			v.rows[id] = g
		}
	}
}

func (v *memoryVault) UseJTI(_ context.Context, scope, jti string, _ time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down != nil {
		return v.down
	}
	if v.jtis[[2]string{scope, jti}] {
		return claims.ErrReplay
	}
	v.jtis[[2]string{scope, jti}] = true
	return nil
}

// only returns the one grant there is.
func (v *memoryVault) only() record.Grant {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, g := range v.rows {
		return g
	}
	return record.Grant{}
}

// reasons lists why grants ended, sorted.
func (v *memoryVault) reasons() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []string
	for _, g := range v.rows {
		if g.EndReason != "" {
			all = append(all, g.EndReason)
		}
	}
	slices.Sort(all)
	return all
}
