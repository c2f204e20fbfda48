package claims

import "time"

// Note is free text about a member for who manages them (R25). It never leaves
// their pages: no claim, no explanation, no device and no record of the member
// holds it, and the member does not see it, whatever they may manage.
type Note struct {
	ID        ID        `json:"id"`
	Member    MemberID  `json:"member"`
	Text      string    `json:"text"`
	By        string    `json:"by"` // an actor
	At        time.Time `json:"at"`
	Removed   time.Time `json:"removed,omitzero"` // the text is gone, too
	RemovedBy string    `json:"removed_by,omitempty"`
}

// Key implements Fact.
func (n Note) Key() Key { return Key{EntityNote, string(n.ID)} }

// Concerns implements Fact.
func (n Note) Concerns() []MemberID { return []MemberID{n.Member} }
