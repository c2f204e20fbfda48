// Package demo holds the demo organisation, Wood & Wire: a makerspace inside
// an association, as one declarative file.
package demo

import _ "embed"

// File is the demo organisation, for organisation.Read. There is no password
// and no secret in it.
//
//go:embed demo.toml
var File []byte
