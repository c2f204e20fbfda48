// Package probe asks a RADIUS server as an access point would, and checks
// everything a careful access point would check of the answer. It serves the
// tour, `lanyard wifi try` and tests, against any server.
//
// It knows nothing of Lanyard's own server: it is built on the codec alone,
// so that the two check each other.
package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2868"
	"layeh.com/radius/rfc2869"
)

// Faults of an exchange. A refusal is an answer (Result), not one of these.
var (
	// ErrNoAnswer: nothing came in time. A server is silent to an address
	// it does not know, and to a wrong shared secret.
	ErrNoAnswer = errors.New("no answer: is this address known there, and the shared secret the same?")
	// ErrForged: the answer is not from somebody who knows the secret.
	ErrForged = errors.New("the answer's authenticators do not fit: the shared secret differs, or somebody forges answers")
	// ErrUnsigned: the answer bears no Message-Authenticator, so it could
	// have been forged (CVE-2024-3596).
	ErrUnsigned = errors.New("the answer has no Message-Authenticator, so it could be forged (CVE-2024-3596)")
)

// Options say what the access point that is played looks like. The zero value
// is good.
type Options struct {
	CalledStation  string // Called-Station-Id: "00-10-A4-23-19-C0:SSID"
	CallingStation string // Calling-Station-Id: the device's MAC address
	NASIdentifier  string // empty: "lanyard-probe"
	// Timeout is for each try; 0: 2 s. Tries is how often the same packet
	// is sent before ErrNoAnswer; 0: 3.
	Timeout time.Duration
	Tries   int
	// Unsigned believes an answer without Message-Authenticator.
	Unsigned bool
	// Unprotected sends none either, as old access points do.
	Unprotected bool
}

// Result is what the server said.
type Result struct {
	Accept  bool
	VLAN    string        // Tunnel-Private-Group-ID, if Tunnel-Type is VLAN; empty: none
	Filter  string        // Filter-Id
	Session time.Duration // Session-Timeout; 0: none
	Message string        // Reply-Message
	Login   string        // User-Name, as the server writes it
	Class   string
	Tries   int           // packets sent until the answer
	Packet  *codec.Packet // the whole answer
}

// PAP asks whether the server lets user in with this password (RFC 2865,
// 5.2). addr is host:port; the port is often 1812.
func PAP(ctx context.Context, addr string, secret []byte, user, pass string, o Options) (Result, error) {
	p := codec.New(codec.CodeAccessRequest, secret)
	if err := rfc2865.UserName_SetString(p, user); err != nil {
		return Result{}, fmt.Errorf("the login: %w", err)
	}
	if err := rfc2865.UserPassword_SetString(p, pass); err != nil {
		return Result{}, fmt.Errorf("the pass: %w", err)
	}
	for _, a := range []struct {
		t     codec.Type
		value string
	}{
		{rfc2865.CalledStationID_Type, o.CalledStation},
		{rfc2865.CallingStationID_Type, o.CallingStation},
	} {
		if a.value == "" {
			continue
		}
		text, err := codec.NewString(a.value)
		if err != nil {
			return Result{}, fmt.Errorf("attribute %d: %w", a.t, err)
		}
		p.Add(a.t, text)
	}
	return exchange(ctx, addr, p, o)
}

// Status asks whether the server is alive (RFC 5997).
func Status(ctx context.Context, addr string, secret []byte, o Options) (Result, error) {
	o.Unprotected = false
	return exchange(ctx, addr, codec.New(codec.CodeStatusServer, secret), o)
}

func exchange(ctx context.Context, addr string, p *codec.Packet, o Options) (Result, error) {
	if len(p.Secret) == 0 {
		return Result{}, errors.New("the shared secret is empty")
	}
	name := o.NASIdentifier
	if name == "" {
		name = "lanyard-probe"
	}
	if err := rfc2865.NASIdentifier_SetString(p, name); err != nil {
		return Result{}, fmt.Errorf("NAS-Identifier: %w", err)
	}
	request, err := encode(p, !o.Unprotected)
	if err != nil {
		return Result{}, fmt.Errorf("encode the request: %w", err)
	}
	answer, tries, err := send(ctx, addr, request, p.Secret, o)
	if err != nil {
		return Result{Tries: tries}, err
	}
	return read(answer, tries), nil
}

// read turns an answer into a Result.
func read(p *codec.Packet, tries int) Result {
	r := Result{
		Accept:  p.Code == codec.CodeAccessAccept,
		Filter:  rfc2865.FilterID_GetString(p),
		Session: time.Duration(rfc2865.SessionTimeout_Get(p)) * time.Second,
		Message: rfc2865.ReplyMessage_GetString(p),
		Login:   rfc2865.UserName_GetString(p),
		Class:   rfc2865.Class_GetString(p),
		Tries:   tries,
		Packet:  p,
	}
	const vlan = 13 // RFC 3580, section 3.31
	if _, t := rfc2868.TunnelType_Get(p); t == vlan {
		_, r.VLAN = rfc2868.TunnelPrivateGroupID_GetString(p)
	}
	return r
}

// encode writes p, with a Message-Authenticator first if it shall have one.
func encode(p *codec.Packet, signed bool) ([]byte, error) {
	if !signed {
		return p.Encode()
	}
	p.Attributes = append(codec.Attributes{{Type: rfc2869.MessageAuthenticator_Type, Attribute: make([]byte, 16)}}, p.Attributes...)
	b, err := p.Encode()
	if err != nil {
		return nil, err
	}
	copy(b[headerLen+2:], messageAuthenticator(b, p.Secret))
	return b, nil
}
