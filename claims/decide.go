package claims

// Decide answers an Ask. An error means the question makes no sense
// (ErrInvalid); a refusal is an answer.
//
// The steps are those of the domain, in its order, which is part of the API:
//
//	 1 the location is stored, or hangs below an open one; nothing above it is archived
//	 2 the right is declared on its chain
//	 3 the credential is good; the client, or the member, is known
//	 4 the member is not barred
//	 5 the member's derived state is one the right allows
//	 6 a device in maintenance serves those who may maintain
//	 7 no lockdown holds them
//	 8 no deny matches
//	 9 every gate is met or waived
//	10 an allow grant matches, 11 else no_grant
//	12 a gate that is not met: missing_badge
//	13 a second person where two are needed; a strong enough sign-in
//	14 allow, with Until
func Decide(d *Directory, a Ask) (Decision, error) {
	a.At = a.At.Round(0).UTC() // as facts have it: no monotonic clock
	q := inquiry{d: d, ask: a}
	if err := q.read(); err != nil {
		return Decision{}, err
	}
	if r := q.settle(); r != ReasonOK {
		return q.refuse(verdict{reason: r}, true), nil
	}
	v := q.judge(q.at)
	if v.reason != ReasonOK {
		return q.refuse(v, false), nil
	}
	dec := q.answer(v)
	dec.Allow = true
	dec.Until = q.until(v).time()
	return dec, nil
}

// allows is Decide for those who need no more than a yes or a no: it explains
// nothing. What makes no sense is no.
func allows(d *Directory, a Ask) bool {
	a.At = a.At.Round(0).UTC()
	q := inquiry{d: d, ask: a}
	return q.read() == nil && q.settle() == ReasonOK && q.judge(q.at).reason == ReasonOK
}

// inquiry is an Ask with what it names looked up: all that no passing of time
// changes. It is good for any instant.
type inquiry struct {
	d   *Directory
	ask Ask
	at  tick // the Ask's instant

	number int32  // the location used; none if it is unknown
	rest   string // what of the path is not stored
	place  chain
	about  *person // whose /people node this is about; nil: nobody's

	right    *declared
	declared int // how far up the chain

	named      *person // by the Ask or the credential; nil: nobody is
	who        *person // nil: no member asks
	machine    bool    // a client, or the program itself, asks
	system     bool    // it is the program
	client     sym     // 0: none that a rule names
	supervisor *person // nil: no other member is present
	device     *Device // nil: none
	ends       tick    // of the credential used

	opening memo // of the window last looked at
}

// verdict is what the steps come to at one instant.
type verdict struct {
	reason Reason
	bound  tick  // if allowed: the first instant at which that is not sure
	deny   *node // where the deny stands that refused
	badge  sym   // the badge the chosen grant is for, if it is for one
}

// limit has v end no later than end.
func (v *verdict) limit(end tick) { v.bound = min(v.bound, end) }

// no makes v a refusal.
func (v *verdict) no(r Reason) bool {
	v.reason = r
	return true
}

// settle takes steps 1 to 3 as far as no passing of time changes them.
func (q *inquiry) settle() Reason {
	if r := q.findPlace(); r != ReasonOK {
		return r
	}
	if q.right == nil {
		return ReasonRightNotDefined
	}
	return q.findPrincipal()
}

// judge takes the steps that time may change.
func (q *inquiry) judge(t tick) verdict {
	v := verdict{reason: ReasonOK, bound: never}
	_ = q.credentialEnded(t, &v) || q.unknown(t, &v) || q.barred(&v) || q.stateRefused(t, &v) ||
		q.inMaintenance(t, &v) || q.lockedDown(t, &v) || q.denied(t, &v) ||
		q.notGranted(t, &v) || q.gateShut(t, &v) || q.alone(t, &v) || q.weak(&v)
	return v
}

// until follows v over the instants at which it stops being sure and is
// allowed again, at most 4 times.
func (q *inquiry) until(v verdict) tick {
	for range 4 {
		if v.bound == never {
			break
		}
		next := q.judge(v.bound)
		if next.reason != ReasonOK {
			break
		}
		v = next
	}
	return v.bound
}

// answer is a Decision as far as allowing and refusing have it in common.
func (q *inquiry) answer(v verdict) Decision {
	dec := Decision{Reason: v.reason, Warnings: q.warnings(v)}
	if q.place.n > 0 {
		if dec.Place = q.ask.Place + q.ask.Where.id; dec.Place == "" {
			dec.Place = q.d.placeID(q.d.nodes.at(q.number))
		}
	}
	if q.named != nil && q.named.known {
		dec.Member = q.named.id
	}
	return dec
}

// held tells whether a right is one that lockdowns, maintenance and the rule
// of two hold: physical and no way out.
func (r *declared) held() bool { return !r.NotPhysical && !r.Egress }
