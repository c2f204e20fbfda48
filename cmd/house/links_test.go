package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinksInTheDocsLeadSomewhere(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	more, err2 := filepath.Glob("../../docs/*/*.md")
	if err != nil || err2 != nil || len(pages) < 5 {
		t.Fatalf("the docs were not found: %v, %v", err, err2)
	}
	for _, page := range append(append(pages, more...), "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			to, _, _ := strings.Cut(m[1], "#")
			if to == "" || strings.Contains(to, "://") || strings.HasPrefix(to, "<") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), to)); err != nil {
				t.Errorf("%s links to %s, which is not there", strings.TrimPrefix(page, "../../"), m[1])
			}
		}
	}
}

// pointer is a comment that sends the reader to a page of the docs by name.
var pointer = regexp.MustCompile(`\b([a-z-]+\.md)\b`)

func TestCommentsPointToPagesThatExist(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, "cmd/house") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if !strings.Contains(line, "//") {
				continue
			}
			for _, m := range pointer.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(filepath.Join("../../docs", m[1])); err != nil {
					t.Errorf("%s speaks of %s, which is not in docs", strings.TrimPrefix(path, "../../"), m[1])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
