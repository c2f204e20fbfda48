package config

import (
	"fmt"
	"io"
	"strings"
)

const docsHead = `# Configuration

<!-- printed by: lanyard config print-docs -->

Lanyard reads ` + "`lanyard.toml`" + ` in the directory it is started in, or the file that ` + "`--config`" + `
or the environment's ` + "`LANYARD_CONFIG`" + ` names. Without a file the defaults hold. Each key can be set in
the environment too, which is stronger than the file; a list is written with commas there. A secret
can be read from a file, by its variable with ` + "`_FILE`" + ` added. A key that does not exist is an error.
` + "`lanyard config check`" + ` says what is wrong, and prints what holds.
`

// PrintDocs writes docs/configuration.md.
func PrintDocs(w io.Writer) error {
	var b strings.Builder
	b.WriteString(docsHead)
	for _, s := range Sections() {
		title := "At the top"
		if s.Name != "" {
			title = "[" + s.Name + "]"
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | environment | value | default | meaning |\n|---|---|---|---|---|\n", title, s.Doc)
		for _, k := range s.Keys {
			fmt.Fprintln(&b, k.row())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (k Key) row() string {
	name := k.Name[strings.LastIndexByte(k.Name, '.')+1:]
	env := "`" + k.Env + "`"
	if k.Secret {
		env += ", `" + k.Env + "_FILE`"
	}
	unit, def := k.Unit, "none"
	if unit == "" {
		unit = "text"
	}
	if k.Default != "" {
		def = "`" + k.Default + "`"
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s | %s |", name, env, unit, def, k.Doc)
}
