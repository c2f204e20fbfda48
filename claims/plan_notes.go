package claims

import (
	"fmt"
	"strings"
)

// Notes: manage at /people/MEMBER, and none about oneself. Whoever removes one
// takes its text away; that there was one stays.

func (in AddNote) what() string {
	return "add note " + string(in.Note.ID) + " to member " + string(in.Note.Member)
}

func (in RemoveNote) what() string { return "remove note " + string(in.Note) }

func (in AddNote) plan(p *planner) ([]Fact, error) {
	n := tidy(Note{ID: in.Note.ID, Member: in.Note.Member, Text: strings.TrimSpace(in.Note.Text), By: p.by.String(), At: p.now})
	if err := check(checkID("id", string(n.ID)), checkText("text", n.Text, 4000)); err != nil {
		return nil, err
	}
	if n.Text == "" {
		return nil, invalid("text", "is empty")
	}
	if err := p.mayNote(n.Member); err != nil {
		return nil, err
	}
	if _, err := p.member(n.Member); err != nil {
		return nil, err
	}
	if old, ok := Get[Note](p.d, string(n.ID)); ok {
		if old.Member == n.Member && old.Text == n.Text {
			return nil, nil
		}
		return nil, conflict("note %s is another", n.ID)
	}
	return []Fact{n}, nil
}

func (in RemoveNote) plan(p *planner) ([]Fact, error) {
	n, err := need[Note](p, "note", string(in.Note))
	if err != nil {
		return nil, err
	}
	if p.mayNote(n.Member) != nil {
		return nil, fmt.Errorf("note %q: %w", in.Note, ErrNotFound) // as if there were none
	}
	if !n.Removed.IsZero() {
		return nil, nil
	}
	n.Text, n.Removed, n.RemovedBy = "", p.now, p.by.String()
	return []Fact{n}, nil
}

// mayNote tells whether the actor may read and write notes about a member.
func (p *planner) mayNote(m MemberID) error {
	at := personPath(m)
	if err := p.notSelf(m, rightManage, at, "notes about oneself are for others to keep"); err != nil {
		return err
	}
	return p.mayOn(rightManage, at)
}
