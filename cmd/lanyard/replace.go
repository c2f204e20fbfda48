package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
)

// replaceable gives an add command the flag that mayDefine asks for.
func replaceable(c *cobra.Command) *cobra.Command {
	c.Flags().Bool("replace", false, "where it is there already, define it anew with just what is written here")
	return c
}

// mayDefine keeps an add command from silently undoing what it does not name:
// what is there already, and differs, is written only with --replace.
func mayDefine[T claims.Fact](h *house, f T, before ...claims.Intent) error {
	if h.on("replace") {
		return nil
	}
	if _, there := claims.Get[T](h.dir(), f.Key().ID); !there {
		return nil
	}
	p, err := h.store.Preview(h.ctx(), h.actor(), append(before, claims.Define{Fact: f})...)
	if err != nil || len(p.Facts) == 0 {
		return err
	}
	return fmt.Errorf("there is a %s %s already, and it is not the same: lanyard apply changes single things in it; --replace defines it anew with just what is written here",
		word(f.Key().Entity), nameOf(h.dir(), f))
}
