package claims

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestAscendReadsWhatClimbDoes builds and rebuilds a random tree, facts in any
// order, parents missing, cycles and depths that no plan allows included, and
// holds after each step that the short way up has what the long one has.
func TestAscendReadsWhatClimbDoes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := &drawing{T: rt}
		const places = 24
		id := func(i int) LocationID { return LocationID(fmt.Sprintf("l%02d", i)) }
		any := func() LocationID { return id(rapid.IntRange(0, places-1).Draw(rt, "place")) }
		d := NewDirectory(Seq{})
		for range rapid.IntRange(1, 80).Draw(rt, "steps") {
			var facts []Fact
			for range rapid.IntRange(1, 4).Draw(rt, "facts") {
				if draw.chance(5) {
					facts = append(facts, Grant{ID: draw.id(), At: any(), Subject: everyone(), Right: "r", Effect: Allow})
					continue
				}
				l := Location{ID: any(), Parent: any(), Inherit: !draw.chance(6), Open: draw.chance(8)}
				if l.Slug = Slug(l.ID); draw.chance(6) || l.Parent == l.ID {
					l.Parent = ""
				}
				if draw.chance(12) {
					l.Archived = springNight
				}
				facts = append(facts, l)
			}
			d = d.With(Seq{}, facts...)
			for i := range int32(d.nodes.n) {
				sameWayUp(draw, d, i)
			}
		}
	})
}

func sameWayUp(t *drawing, d *Directory, i int32) {
	var short, long chain
	up, reached := d.ascend(i, &short), d.climb(i, &long)
	if up != reached {
		t.Fatalf("location %d reaches a root: %v by the short way, %v by the long one", i, up, reached)
	}
	if !up {
		return
	}
	n := 0
	for at, node := range long.up() {
		if !node.differs() {
			continue
		}
		if n == short.n || short.at[n] != node || (long.stop == at) != (short.stop == n) {
			t.Fatalf("location %d: %d of the long way is not %d of the short one", i, at, n)
		}
		n++
	}
	if n != short.n || short.open != long.open || short.archived != long.archived {
		t.Fatalf("location %d: the short way is %+v, the long one %+v", i, short, long)
	}
}
