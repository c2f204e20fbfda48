package claims

import "testing"

func TestSignOutsAreToldWhereItIsSafe(t *testing.T) {
	d := built(t)
	to := func(uri string) Define { return Define{wiki(func(c *Client) { c.BackchannelURI = uri })} }
	const field = "backchannel_logout_uri"
	refuseAll(t, d, []refusal{
		{"plain http", ErrInvalid, field, "plain http", to("http://wiki.example.org/bye")},
		{"a fragment", ErrInvalid, field, "fragment", to("https://wiki.example.org/bye#x")},
		{"a user", ErrInvalid, field, "user", to("https://me@wiki.example.org/bye")},
		{"a wildcard", ErrInvalid, field, "wildcard", to("https://*.example.org/bye")},
		{"a way up", ErrInvalid, field, "..", to("https://wiki.example.org/a/../bye")},
		{"a scheme of one's own", ErrInvalid, field, "no address", to("com.example.app:/bye")},
		{"no address", ErrInvalid, field, "no address", to("bye")},
		{"which sign-in, but nowhere", ErrInvalid, "backchannel_logout_session_required", "goes with", Define{wiki(func(c *Client) { c.BackchannelSID = true })}},
	})
	for _, uri := range []string{"https://wiki.example.org/bye?app=1", "http://127.0.0.1:8080/bye"} {
		grow(t, d, operator, to(uri))
	}
}
