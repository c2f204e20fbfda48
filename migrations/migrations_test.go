package migrations

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestNumbersHaveNoGaps(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 || all[0].Name != "0000_ground.sql" {
		t.Fatalf("All() = %d files, the first %q; want the ground first", len(all), all[0].Name)
	}
}

func TestEveryStepCanBeRunAgain(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if len(m.Steps) == 0 {
			t.Errorf("%s has no statement", m.Name)
		}
		for _, step := range m.Steps {
			if strings.Contains(step, ";") {
				t.Errorf("%s: a step holds two statements:\n%s", m.Name, step)
			}
			if strings.HasPrefix(step, "create ") && !strings.Contains(step, " if not exists ") {
				t.Errorf("%s: cannot be run again:\n%s", m.Name, step)
			}
			if strings.HasPrefix(step, "alter ") && !strings.Contains(step, " add column ") {
				t.Errorf("%s: is not seen to have run:\n%s", m.Name, step)
			}
		}
	}
}

func TestMissingAndDoubledNumbersAreErrors(t *testing.T) {
	text := &fstest.MapFile{Data: []byte("create table if not exists a (b text);\n")}
	for _, names := range [][]string{
		{"0000_a.sql", "0002_b.sql"},
		{"0000_a.sql", "0000_b.sql"},
		{"0001_a.sql"},
		{"1_a.sql"},
		{"notes.sql"},
	} {
		dir := fstest.MapFS{}
		for _, n := range names {
			dir[n] = text
		}
		if _, err := list(dir); err == nil {
			t.Errorf("list(%v) is no error", names)
		}
	}
}
