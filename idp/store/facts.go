package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lanyard/claims"
)

// factTable is what Apply, Load and the change log need of one entity's table.
type factTable interface {
	// put writes the facts of changes, no two of one key, whatever was there.
	put(ctx context.Context, tx *sql.Tx, changes []claims.Change) error
	// load hands every row to each, with where it last changed.
	load(ctx context.Context, tx *sql.Tx, each func(claims.Change)) error
	// decode reads an after-image of the change log.
	decode(image string) (claims.Fact, error)
	// rounded returns fact as the database holds it.
	rounded(fact claims.Fact) claims.Fact
}

// factTables holds one table for each entity of claims.
type factTables map[claims.Entity]factTable

func newFactTables() factTables {
	return factTables{
		claims.EntityMember:      memberTable(),
		claims.EntityProfile:     profileTable(),
		claims.EntityOpening:     openingTable(),
		claims.EntityRequest:     requestTable(),
		claims.EntityNote:        noteTable(),
		claims.EntityAlias:       aliasTable(),
		claims.EntitySettings:    settingsTable(),
		claims.EntityTag:         tagTable(),
		claims.EntityAssignment:  assignmentTable(),
		claims.EntityBadge:       badgeTable(),
		claims.EntityAward:       awardTable(),
		claims.EntityPeriod:      periodTable(),
		claims.EntityRequirement: requirementTable(),
		claims.EntityResult:      resultTable(),
		claims.EntitySignoff:     signoffTable(),
		claims.EntityVLE:         vleTable(),
		claims.EntityCourse:      courseTable(),
		claims.EntityIdentity:    identityTable(),
		claims.EntityType:        typeTable(),
		claims.EntityKind:        kindTable(),
		claims.EntityObject:      objectTable(),
		claims.EntityAffiliation: affiliationTable(),
		claims.EntityOverride:    overrideTable(),
		claims.EntityApplication: applicationTable(),
		claims.EntityLocation:    locationTable(),
		claims.EntityRight:       rightTable(),
		claims.EntityRole:        roleTable(),
		claims.EntityGrant:       grantTable(),
		claims.EntityGate:        gateTable(),
		claims.EntityWaiver:      waiverTable(),
		claims.EntityLockdown:    lockdownTable(),
		claims.EntityCredential:  credentialTable(),
		claims.EntityDevice:      deviceTable(),
		claims.EntityClient:      clientTable(),
		claims.EntityAccessPoint: accessPointTable(),
		claims.EntityNetwork:     networkTable(),
		claims.EntityWiFiPass:    passTable(),
		claims.EntityDue:         newDueTable(),
	}
}

// of returns the table of an entity; an unknown one is a newer program's.
func (t factTables) of(e claims.Entity) (factTable, error) {
	if f, ok := t[e]; ok {
		return f, nil
	}
	return nil, fmt.Errorf("there is no table for the entity %q: a newer program wrote it", e)
}

func (t factTables) decode(e claims.Entity, image string) (claims.Fact, error) {
	f, err := t.of(e)
	if err != nil {
		return nil, err
	}
	return f.decode(image)
}

// put writes the facts of changes; of two with one key the later one.
func (t factTables) put(ctx context.Context, tx *sql.Tx, changes []claims.Change) error {
	var order []claims.Entity
	last := map[claims.Entity][]claims.Change{}
	at := map[claims.Key]int{}
	for _, c := range changes {
		k := c.Fact.Key()
		i, again := at[k]
		switch {
		case again:
			last[k.Entity][i] = c
			continue
		case last[k.Entity] == nil:
			order = append(order, k.Entity)
		}
		at[k] = len(last[k.Entity])
		last[k.Entity] = append(last[k.Entity], c)
	}
	for _, e := range order {
		f, err := t.of(e)
		if err != nil {
			return err
		}
		if err := f.put(ctx, tx, last[e]); err != nil {
			return fmt.Errorf("write %s: %w", e, err)
		}
	}
	return nil
}

// load hands every fact there is to each, in no order that means anything.
func (t factTables) load(ctx context.Context, tx *sql.Tx, each func(claims.Change)) error {
	for _, f := range t {
		if err := f.load(ctx, tx, each); err != nil {
			return err
		}
	}
	return nil
}

// facts makes a table of facts a factTable.
type facts[T claims.Fact] struct{ *table[T] }

func (f facts[T]) put(ctx context.Context, tx *sql.Tx, changes []claims.Change) error {
	return inRows(changes, func(some []claims.Change) error {
		var args []any
		for _, c := range some {
			v, ok := c.Fact.(T)
			if !ok {
				return fmt.Errorf("%v is a %T, want %T", c.Fact.Key(), c.Fact, v)
			}
			args = append(append(args, f.values(&v)...), int64(c.N))
		}
		_, err := tx.ExecContext(ctx, f.into+marks(len(some), f.width)+f.set, args...)
		return err
	})
}

func (f facts[T]) load(ctx context.Context, tx *sql.Tx, each func(claims.Change)) error {
	rows, err := tx.QueryContext(ctx, f.choose)
	if err != nil {
		return fmt.Errorf("load %s: %w", f.name, err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		v, err := f.scan(rows, &n)
		if err != nil {
			return fmt.Errorf("load %s: %w", f.name, err)
		}
		each(claims.Change{N: uint64(n), Fact: v})
	}
	return rows.Err()
}

func (f facts[T]) decode(image string) (claims.Fact, error) {
	var v T
	if err := json.Unmarshal([]byte(image), &v); err != nil {
		return nil, fmt.Errorf("read a %s from the change log: %w", f.name, err)
	}
	return v, nil
}

func (f facts[T]) rounded(fact claims.Fact) claims.Fact {
	if v, ok := fact.(T); ok {
		return f.table.rounded(v)
	}
	return fact
}
