package store

import (
	"os"
	"regexp"
	"testing"

	"lanyard/claims"
)

// claims names its entities in a block of constants; each needs a table here.
func TestEveryEntityHasATable(t *testing.T) {
	source, err := os.ReadFile("../../claims/fact.go")
	if err != nil {
		t.Fatal(err)
	}
	tables := newFactTables()
	named := regexp.MustCompile(`Entity\s+= "(\w+)"`).FindAllSubmatch(source, -1)
	if len(named) == 0 || len(named) != len(tables) {
		t.Errorf("claims names %d entities, there are %d tables", len(named), len(tables))
	}
	for _, n := range named {
		e := claims.Entity(n[1])
		f, err := tables.of(e)
		if err != nil {
			t.Error(err)
			continue
		}
		fact, err := f.decode("{}")
		if err != nil || fact.Key().Entity != e {
			t.Errorf("the table of %s holds facts of %s (%v)", e, fact.Key().Entity, err)
		}
	}
}

func TestAnUnknownEntityIsAnError(t *testing.T) {
	tables := newFactTables()
	if _, err := tables.decode("hologram", "{}"); err == nil {
		t.Error("an entity of a newer program was decoded")
	}
	if _, err := tables.decode(claims.EntityTag, "{"); err == nil {
		t.Error("half an image was decoded")
	}
}
