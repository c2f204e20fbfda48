package main

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2869"
)

// radiusFlood asks for the WiFi as a busy access point does: 16 sockets with
// four requests under way each, every request new, every answer read.
type radiusFlood struct {
	addr        string
	secret      []byte
	login, pass string
	sent        uint64 // requests made so far: each gets an authenticator of its own
}

const (
	floodSockets = 16
	floodAtOnce  = 4
)

func (f *radiusFlood) run(n int) error {
	per := max(n/floodSockets, floodAtOnce)
	errs := make([]error, floodSockets)
	var all sync.WaitGroup
	for i := range floodSockets {
		requests := make([][]byte, per)
		for j := range requests {
			f.sent++
			requests[j] = f.request(byte(j), f.sent)
		}
		all.Go(func() { errs[i] = f.ask(requests) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// ask sends requests, a few at once, and wants each accepted.
func (f *radiusFlood) ask(requests [][]byte) error {
	conn, err := net.Dial("udp", f.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	answer, sent := make([]byte, 4096), 0
	for got := 0; got < len(requests); got++ {
		for ; sent < len(requests) && sent < got+floodAtOnce; sent++ {
			if _, err := conn.Write(requests[sent]); err != nil {
				return err
			}
		}
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := conn.Read(answer); err != nil {
			return err
		}
		if codec.Code(answer[0]) != codec.CodeAccessAccept {
			return errors.New("a login was refused")
		}
	}
	return nil
}

func (f *radiusFlood) request(id byte, n uint64) []byte {
	p := codec.New(codec.CodeAccessRequest, f.secret)
	p.Identifier = id
	binary.BigEndian.PutUint64(p.Authenticator[:], n)
	p.Add(rfc2869.MessageAuthenticator_Type, make([]byte, 16))
	rfc2865.UserName_SetString(p, f.login)
	rfc2865.UserPassword_SetString(p, f.pass)
	rfc2865.CalledStationID_SetString(p, "02-00-00-00-00-01:Wood & Wire")
	b, err := p.Encode()
	if err != nil {
		panic(err)
	}
	mac := hmac.New(md5.New, f.secret)
	mac.Write(b)
	copy(b[22:], mac.Sum(nil))
	return b
}
