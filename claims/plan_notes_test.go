package claims

import (
	"strings"
	"testing"
)

func TestNotesAreHeldToTheirForm(t *testing.T) {
	d := built(t, AddNote{Note{ID: "n", Member: "ada", Text: "first"}})
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "empty", AddNote{Note{Member: "ada", Text: "x"}}},
		{"no text", ErrInvalid, "text", "empty", AddNote{Note{ID: "m", Member: "ada", Text: " \n"}}},
		{"a book", ErrInvalid, "text", "longer", AddNote{Note{ID: "m", Member: "ada", Text: strings.Repeat("x", 4001)}}},
		{"nobody", ErrNotFound, "", "member", AddNote{Note{ID: "m", Member: "ghost", Text: "x"}}},
		{"an id that is there", ErrConflict, "", "is another", AddNote{Note{ID: "n", Member: "bo", Text: "x"}}},
		{"none to remove", ErrNotFound, "", "note", RemoveNote{"ghost"}},
	})
	d, _ = grow(t, d, operator, RemoveNote{"n"})
	if n, _ := Get[Note](d, "n"); n.Text != "" || !n.Removed.Equal(noon) || n.RemovedBy != operator.String() {
		t.Errorf("removed: %+v, want its text gone and who did it", n)
	}
	if _, planned := grow(t, d, operator, RemoveNote{"n"}); len(planned.Facts) != 0 {
		t.Errorf("removed twice: %v", planned.Facts)
	}
}
