package radius

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"time"

	codec "layeh.com/radius"

	"lanyard/claims"
)

// handle works one datagram through. It returns the reply, in t's memory; nil
// if nothing is to be sent. If the reply shall wait, whoever sends it
// finishes key; else that is done.
func (s *Server) handle(t *task, datagram []byte, from netip.AddrPort, now time.Time) (reply []byte, key requestKey, wait bool) {
	s.counters.received.Add(1)
	pic := s.pictures.now()
	if pic == nil {
		s.counters.unavailable.Add(1)
		return nil, key, false
	}
	p := pic.pointAt(from.Addr())
	if why, detail := s.admit(p, &t.request, datagram); why != accepted {
		s.discard(now, why, p, from, detail)
		return nil, key, false
	}
	if s.cfg.Ready != nil && s.cfg.Ready() != nil {
		s.counters.unavailable.Add(1)
		return nil, key, false
	}
	if t.request.code == codec.CodeStatusServer {
		return s.status(t, p, from, now), key, false
	}
	key = requestKey{from: from, id: t.request.id(), authenticator: [16]byte(t.request.authenticator())}
	known, again := s.replies.begin(key, now, t.out)
	switch known {
	case seenAnswered:
		s.counters.answered.Add(1)
		return again, key, false
	case seenWorking:
		s.counters.working.Add(1)
		return nil, key, false
	}
	reply, wait = s.login(t, pic, p, from, now)
	switch {
	case reply == nil:
		s.replies.forget(key)
	case !wait:
		s.replies.finish(key, reply)
	}
	return reply, key, wait
}

// admit reads the datagram into r and tells whether it is worth working on.
func (s *Server) admit(p *point, r *request, datagram []byte) (why refusal, detail string) {
	if p == nil {
		return refusedUnknown, ""
	}
	if err := r.parse(datagram); err != nil {
		return refusedMalformed, err.Error()
	}
	switch r.code {
	case codec.CodeAccessRequest, codec.CodeStatusServer:
		return p.keys.genuine(r, p.NoMA), ""
	case codec.CodeAccountingRequest:
		return refusedAccounting, ""
	}
	return refusedCode, r.code.String()
}

// discard counts a packet that gets no answer, and mentions it now and then.
func (s *Server) discard(now time.Time, why refusal, p *point, from netip.AddrPort, detail string) {
	s.counters.refused[why].Add(1)
	attrs := []slog.Attr{slog.String("from", from.Addr().String())}
	if p != nil {
		attrs = append(attrs, slog.String("access_point", p.Name))
	}
	if detail != "" {
		attrs = append(attrs, slog.String("problem", detail))
	}
	s.quiet.say(now, why, attrs...)
}

// status answers a Status-Server (RFC 5997, section 3): yes, alive. It is not
// remembered: a client sends each one anew.
func (s *Server) status(t *task, p *point, from netip.AddrPort, now time.Time) []byte {
	var w writer
	w.begin(t.out, codec.CodeAccessAccept, &t.request)
	if !w.finish(&t.request, p.keys) {
		s.discard(now, refusedTooLong, p, from, "")
		return nil
	}
	s.counters.status.Add(1)
	return w.b
}

// login answers an Access-Request; nil if no answer is possible.
func (s *Server) login(t *task, pic *picture, p *point, from netip.AddrPort, now time.Time) (reply []byte, wait bool) {
	r := &t.request
	v, err := s.judge(pic, p, r, now)
	if err != nil {
		s.counters.unavailable.Add(1)
		if !errors.Is(err, claims.ErrUnavailable) {
			s.counters.broken.Add(1)
			s.cfg.Log.Error("wifi login met a fault", "access_point", p.Name, "err", err)
		}
		return nil, false
	}
	var w writer
	if v.Allow {
		w.begin(t.out, codec.CodeAccessAccept, r)
		w.accept(&v)
	} else {
		w.begin(t.out, codec.CodeAccessReject, r)
		w.reject(r)
	}
	if !w.finish(r, p.keys) {
		s.discard(now, refusedTooLong, p, from, "")
		return nil, false
	}
	if v.Allow {
		s.counters.accepts.Add(1)
	} else {
		s.counters.rejects.Add(1)
		wait = s.failed.fail(p.ID, string(r.login), now)
	}
	s.tell(p, &v)
	return w.b, wait
}

// tell passes the outcome on.
func (s *Server) tell(p *point, v *verdict) {
	level, message := slog.LevelInfo, "wifi refused"
	if v.Allow {
		level, message = slog.LevelDebug, "wifi joined"
	}
	if s.cfg.Log.Enabled(context.Background(), level) {
		attrs := []slog.Attr{
			slog.String("access_point", p.Name), slog.String("station", v.Station),
			slog.String("login", v.Login), slog.String("member", string(v.Member)),
			slog.String("network", string(v.Network)), slog.String("reason", string(v.Reason)),
		}
		if why := reasonText[v.Reason]; why != "" {
			attrs = append(attrs, slog.String("why", why))
		}
		s.cfg.Log.LogAttrs(context.Background(), level, message, attrs...)
	}
	if s.cfg.Event != nil {
		s.cfg.Event(v.Outcome)
	}
}
