// Package feeds carries the organisation's changes to where they matter: it
// follows the change log, says what is in the outbox, and writes to members.
//
// Every process that serves runs these; a lease settles which of them works,
// and what must happen once is settled by the store, so that two at work do
// nothing twice.
package feeds
