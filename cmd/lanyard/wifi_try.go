package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/radius/probe"
)

func wifiTry(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "try LOGIN", Short: "Ask a RADIUS server as an access point would; exit 0: let in, 3: refused",
		Long: "The pass is read from standard input, or from --pass-file. The shared secret is that of an access point of this\norganisation (--ap; the only one, if there is one), or is read from --secret-file to try any other server.",
		Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
			secret, err := h.sharedSecret()
			if err != nil {
				return err
			}
			pass, err := h.readPass()
			if err != nil {
				return err
			}
			o := probe.Options{}
			if ssid := h.text("ssid"); ssid != "" {
				o.CalledStation = "02-00-00-00-00-01:" + ssid
			}
			server := h.radiusServer()
			r, err := probe.PAP(h.ctx(), server, []byte(secret), args[0], string(pass), o)
			if err != nil {
				return fmt.Errorf("%s: %w", server, err)
			}
			return h.tried(args[0], r)
		}),
	}
	c.Flags().String("server", "", "`HOST:PORT`; none: radius.listen of the configuration, or 127.0.0.1:1812")
	c.Flags().String("ap", "", "the access point whose secret is used, by `NAME`")
	c.Flags().String("ssid", "", "the network that is asked for")
	c.Flags().String("pass-file", "", "a `FILE` that holds the pass; none: standard input")
	c.Flags().String("secret-file", "", "a `FILE` that holds the shared secret")
	return c
}

// tryView is what a server said, as JSON.
type tryView struct {
	Accept  bool   `json:"accept"`
	VLAN    string `json:"vlan,omitempty"`
	Filter  string `json:"filter,omitempty"`
	Seconds int    `json:"session_seconds,omitempty"`
	Message string `json:"message,omitempty"`
}

func (h *house) tried(login string, r probe.Result) error {
	v := tryView{Accept: r.Accept, VLAN: r.VLAN, Filter: r.Filter, Seconds: int(r.Session.Seconds()), Message: r.Message}
	if h.json {
		if err := h.printJSON(v); err != nil {
			return err
		}
	} else if r.Accept {
		h.say("%s", words("accept  "+login, yes(r.VLAN != "", "VLAN "+r.VLAN), yes(r.Filter != "", "filter "+r.Filter), yes(r.Session > 0, "for "+r.Session.String())))
	} else {
		h.say("%s", words("reject  "+login, strings.TrimSuffix(r.Message, ".")))
		h.say("lanyard events says why. Of refusals that are alike it keeps one a minute; the server's log has all.\nA new pass works once the server has followed, within a second.")
	}
	if !r.Accept {
		return refused
	}
	return nil
}

// radiusServer is whom to ask: an address that names no host means this one.
func (h *house) radiusServer() string {
	server := h.text("server")
	if server == "" {
		server = h.cfg.Radius.Listen
	}
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		return "127.0.0.1:1812"
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func (h *house) sharedSecret() (record.Secret, error) {
	if file := h.text("secret-file"); file != "" {
		text, err := os.ReadFile(file)
		return record.Secret(strings.TrimRight(string(text), "\r\n")), err
	}
	var p claims.AccessPoint
	var err error
	points := sorted(h, func(p claims.AccessPoint) bool { return p.Removed.IsZero() })
	switch name := h.text("ap"); {
	case name != "":
		p, err = h.point(name)
	case len(points) == 1:
		p = points[0]
	default:
		err = fmt.Errorf("say whose shared secret to use: --ap NAME; there are %d access points", len(points))
	}
	if err != nil {
		return "", err
	}
	plain, err := h.ring.Open("access_point", string(p.ID), "secret", p.Secret)
	if err != nil {
		return "", fmt.Errorf("open the shared secret of %s: %w", p.Name, err)
	}
	return record.Secret(plain), nil
}

func (h *house) readPass() (record.Secret, error) {
	if file := h.text("pass-file"); file != "" {
		text, err := os.ReadFile(file)
		return record.Secret(strings.TrimRight(string(text), "\r\n")), err
	}
	line, err := bufio.NewReader(h.cmd.InOrStdin()).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" && (err == nil || errors.Is(err, io.EOF)) {
		return "", errors.New("write the pass on standard input, or name a file with --pass-file")
	}
	return record.Secret(line), nil
}
