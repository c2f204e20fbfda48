package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

const vlesAre = "lanyard vle list shows them"

func vleCommand(a *app) *cobra.Command {
	return parent("vle", "Learning environments: Moodle, Canvas, and who members are there",
		vleAdd(a), vleSecret(a), vleList(a), vleRemove(a), vleLink(a), vleUnlink(a), vleLinks(a))
}

func vleAdd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "add VLE --kind KIND --url URL", Short: "Add a learning environment", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		s, err := slugs(args)
		if err != nil {
			return err
		}
		v := claims.VLE{Slug: s[0], Kind: claims.VLEKind(h.text("kind")), Label: h.text("label"), BaseURL: h.text("url")}
		if have, there := claims.Get[claims.VLE](h.dir(), args[0]); there {
			v.Secret = have.Secret
		}
		if h.text("secret-file") != "" {
			if v.Secret, err = h.token(v.Slug); err != nil {
				return err
			}
		}
		if err := mayDefine(h, v); err != nil {
			return err
		}
		changed, err := h.change(claims.Define{Fact: v})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is there. Next: lanyard course add %s ID", v.Slug, v.Slug)
	})}
	c.Flags().String("kind", "", "moodle or canvas")
	c.Flags().String("url", "", "its `ADDRESS`, https")
	c.Flags().String("label", "", "what people read")
	c.Flags().String("secret-file", "", "a `FILE` that holds the token it is asked with; it is sealed")
	return replaceable(c)
}

// token reads and seals what --secret-file holds.
func (h *house) token(vle claims.Slug) (string, error) {
	if h.text("secret-file") == "" {
		return "", fmt.Errorf("name the file that holds the token: --secret-file FILE")
	}
	text, err := os.ReadFile(h.text("secret-file"))
	if err != nil {
		return "", fmt.Errorf("--secret-file: %w", err)
	}
	sealed, err := organisation.SealToken(h.ring, vle, text)
	if err != nil {
		return "", fmt.Errorf("--secret-file: %s %w", h.text("secret-file"), err)
	}
	return sealed, nil
}

func vleSecret(a *app) *cobra.Command {
	c := &cobra.Command{Use: "secret VLE --secret-file FILE", Short: "Replace the token a learning environment is asked with", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		v, err := named[claims.VLE](h, "VLE", args[0], vlesAre)
		if err != nil {
			return err
		}
		if v.Secret, err = h.token(v.Slug); err != nil {
			return err
		}
		if _, err := h.change(claims.Define{Fact: v}); err != nil {
			return err
		}
		h.say("%s is asked with the new token from now on", v.Slug)
		return nil
	})}
	c.Flags().String("secret-file", "", "a `FILE` that holds the token; it is sealed")
	return c
}

// vleView is a VLE without its token.
type vleView struct {
	claims.VLE
	Secret  string `json:"secret,omitempty"` // always empty
	Token   bool   `json:"has_token"`
	Courses int    `json:"courses"`
}

func vleList(a *app) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List learning environments, never their tokens", Args: none, RunE: a.in(func(h *house, _ []string) error {
		var views []vleView
		for _, v := range sorted(h, func(v claims.VLE) bool { return v.Removed.IsZero() }) {
			courses := sorted(h, func(c claims.Course) bool { return c.VLE == v.Slug && c.Removed.IsZero() })
			views = append(views, vleView{VLE: v, Token: v.Secret != "", Courses: len(courses)})
		}
		return table[vleView]{
			empty: "There are no learning environments. lanyard vle add VLE --kind moodle --url URL adds one.",
			head:  []string{"vle", "kind", "address", "label", "token", "courses"},
			row: func(v vleView) []string {
				return []string{string(v.Slug), string(v.Kind), v.BaseURL, v.Label, yes(v.Token, "yes"), fmt.Sprint(v.Courses)}
			},
		}.print(h, views)
	})}
}

func vleRemove(a *app) *cobra.Command {
	return &cobra.Command{Use: "remove VLE", Short: "Remove a learning environment", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		v, err := named[claims.VLE](h, "VLE", args[0], vlesAre)
		if err != nil {
			return err
		}
		changed, err := h.change(claims.Remove{Key: v.Key()})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is removed", v.Slug)
	})}
}

func vleLink(a *app) *cobra.Command {
	return &cobra.Command{Use: "link VLE MEMBER USER", Short: "Say who a member is there, as it calls them", Args: need(3, 3), RunE: a.in(func(h *house, args []string) error {
		v, err := named[claims.VLE](h, "VLE", args[0], vlesAre)
		if err != nil {
			return err
		}
		m, err := h.member(args[1])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.LinkIdentity{Identity: claims.Identity{VLE: v.Slug, Member: m.ID, External: args[2]}})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is %s in %s", m.Username, args[2], v.Slug)
	})}
}

func vleUnlink(a *app) *cobra.Command {
	return &cobra.Command{Use: "unlink VLE MEMBER", Short: "Forget who a member is there", Args: need(2, 2), RunE: a.in(func(h *house, args []string) error {
		v, err := named[claims.VLE](h, "VLE", args[0], vlesAre)
		if err != nil {
			return err
		}
		m, err := h.member(args[1])
		if err != nil {
			return err
		}
		changed, err := h.change(claims.UnlinkIdentity{VLE: v.Slug, Member: m.ID})
		if err != nil {
			return err
		}
		return h.done(changed, "%s is nobody in %s", m.Username, v.Slug)
	})}
}

// linkView is an identity with the member's name.
type linkView struct {
	claims.Identity
	Username string `json:"username"`
}

func vleLinks(a *app) *cobra.Command {
	return &cobra.Command{Use: "links [VLE]", Short: "List who members are there", Args: need(0, 1), RunE: a.in(func(h *house, args []string) error {
		var views []linkView
		for _, i := range sorted(h, func(i claims.Identity) bool {
			return i.Removed.IsZero() && (len(args) == 0 || string(i.VLE) == args[0])
		}) {
			views = append(views, linkView{i, h.username(i.Member)})
		}
		return table[linkView]{
			empty: "Nobody is linked. lanyard vle link VLE MEMBER USER says who somebody is there.", head: []string{"vle", "member", "user there", "since", "by"},
			row: func(v linkView) []string {
				return []string{string(v.VLE), v.Username, v.External, stamp(v.Linked, ""), h.actorName(v.LinkedBy)}
			},
		}.print(h, views)
	})}
}
