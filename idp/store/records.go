package store

import (
	"context"
	"fmt"

	"lanyard/idp/record"
)

// recordTables describes the rows that are no facts.
type recordTables struct {
	grants    *table[record.Grant]
	sessions  *table[record.Session]
	passwords *table[record.Password]
	links     *table[record.Link]
	inviting  *table[record.RegistrationToken]
	factors   *table[record.Factor]
	consents  *table[record.Consent]
	keys      *table[record.SigningKey]
	pushed    *table[record.Pushed]
	devices   *table[record.DeviceCode]
	told      *table[record.Told]
	outbox    *table[record.Message]
	mails     *table[record.Mail]
}

func newRecordTables() recordTables {
	return recordTables{
		grants:    tokenGrantTable(),
		sessions:  sessionTable(),
		passwords: passwordTable(),
		links:     linkTable(),
		inviting:  registrationTokenTable(),
		factors:   factorTable(),
		consents:  consentTable(),
		keys:      signingKeyTable(),
		pushed:    pushedTable(),
		devices:   deviceCodeTable(),
		told:      toldTable(),
		outbox:    outboxTable(),
		mails:     mailTable(),
	}
}

// oneOf returns the one row of t that where picks, or ErrNotFound.
func oneOf[T any](ctx context.Context, e *engine, t *table[T], where string, args ...any) (T, error) {
	var v T
	found := false
	err := e.query(ctx, t.choose+where, args, func(row scanner) (err error) {
		found = true
		v, err = t.scan(row)
		return err
	})
	if err == nil && !found {
		err = errNoRow
	}
	if err != nil {
		return v, fmt.Errorf("read %s: %w", t.name, err)
	}
	return v, nil
}

// allOf returns the rows of t that where picks, in its order.
func allOf[T any](ctx context.Context, e *engine, t *table[T], where string, args ...any) ([]T, error) {
	var all []T
	err := e.query(ctx, t.choose+where, args, func(row scanner) error {
		v, err := t.scan(row)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", t.name, err)
	}
	return all, nil
}
