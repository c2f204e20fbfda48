// Package store is the system of record: facts of the organisation, the log
// of their changes, grants of tokens, sessions, keys, the audit. One SQL text
// runs on SQLite (the embedded default) and on PostgreSQL; nobody else imports
// a driver.
//
// The fronts ask it for a claims.Directory, an immutable picture that it keeps
// in step with the change log, its own writes at once and those of other
// processes within a second, and hand it what members want as claims.Intents.
// Everything else is a record of package idp/record. An answer says once it is
// durable, never before.
//
// Faults are those of claims: ErrNotFound for what is not there, ErrConflict
// for what is there already, ErrUnavailable when the database cannot be
// reached or the machine's clock is wrong. All methods may be called at once.
package store
