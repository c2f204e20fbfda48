package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
)

func clientSecret(a *app) *cobra.Command {
	return parent("secret", "The secrets that clients prove themselves with", clientSecretRotate(a))
}

func clientSecretRotate(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rotate ID", Short: "Make a new secret and show it once",
		Long: "Make a new secret and show it once. With --overlap the old one works on for a while, so that the application can be\n" +
			"given the new one without standing still; without, it stops now.",
		Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
			c, err := named[claims.Client](h, "client", args[0], clientsAre)
			if err != nil {
				return err
			}
			if !c.Auth.HasSecret() {
				return fmt.Errorf("client %s has no secret, since it proves itself by %s", c.ID, c.Auth)
			}
			secret := record.Secret(record.Random(32))
			if c.Secrets, err = h.succeed(c.Secrets, secret); err != nil {
				return err
			}
			if _, err := h.change(claims.Define{Fact: c}); err != nil {
				return err
			}
			h.secret("The secret of "+args[0], secret)
			if old := c.Secrets[1:]; len(old) > 0 {
				h.say("The one before works until %s.", stamp(old[0].Expires, ""))
			} else {
				h.say("No other works any more.")
			}
			return nil
		}),
	}
	c.Flags().String("overlap", "", "how long the old secret works on, as 24h")
	return c
}

// succeed puts a new secret in front of those that overlap with it.
func (h *house) succeed(old []claims.Secret, secret record.Secret) ([]claims.Secret, error) {
	end := h.at
	if text := h.text("overlap"); text != "" {
		length, err := organisation.ParseLength(text)
		if err != nil {
			return nil, fmt.Errorf("--overlap: %w", err)
		}
		end = h.at.Add(length)
	}
	return claims.Succeed(old, organisation.NewSecret(h.env(), secret), h.at, end), nil
}
