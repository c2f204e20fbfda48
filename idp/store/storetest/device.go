package storetest

import (
	"errors"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

// device stores a grant that waits for a member, and the code that leads to it.
func device(w *world, s *store.Store, id string) record.DeviceCode {
	w.Helper()
	end := noon.Add(10 * time.Minute)
	c := record.DeviceCode{ID: id, UserCode: "mac of " + id, Wait: claims.Duration(5 * time.Second), Expires: end}
	w.ok(s.CreateDeviceCode(w.Context(), c))
	w.ok(s.CreateGrant(w.Context(), record.Grant{
		ID: id, Kind: record.GrantDevice, Client: "tv", Requested: []string{"openid", "email"}, Scopes: []string{"openid", "email"},
		Created: noon, CodeExpires: end, Expires: end,
	}))
	return c
}

// by is how a member allows a device.
func by(m claims.MemberID, id string) record.Grant {
	return record.Grant{ID: id, Member: m, Session: "s1", Scopes: []string{"openid"}, AuthTime: noon.Add(-time.Hour), AMR: []string{"pwd"}, ACR: 1,
		IdleUntil: noon.Add(10 * time.Minute), Expires: noon.Add(30 * 24 * time.Hour)}
}

func deviceFound(w *world) {
	s, ctx := w.process(), w.Context()
	c := filled(record.DeviceCode{})
	w.ok(s.CreateDeviceCode(ctx, c))
	compare(w, c)(w.process().DeviceCode(ctx, c.UserCode))
	if _, err := s.DeviceCode(ctx, "none"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("an unknown code: %v, want ErrNotFound", err)
	}
	other := c
	other.ID = "other"
	if err := s.CreateDeviceCode(ctx, other); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("the same user code twice: %v, want ErrConflict", err)
	}
}

func devicePolls(w *world) {
	s, ctx := w.process(), w.Context()
	device(w, s, "g")
	at := noon
	for _, step := range []struct {
		after time.Duration
		want  error
	}{
		{0, nil}, {5 * time.Second, nil}, {4600 * time.Millisecond, nil}, {4 * time.Second, claims.ErrTooMany},
		{9 * time.Second, claims.ErrTooMany}, {15 * time.Second, nil}, {14 * time.Second, claims.ErrTooMany}, {20 * time.Second, nil},
	} {
		at = at.Add(step.after)
		if err := s.PollDevice(ctx, "g", at, 5*time.Second); !errors.Is(err, step.want) {
			w.Errorf("%v after the last: %v, want %v", step.after, err, step.want)
		}
	}
	if err := s.PollDevice(ctx, "none", noon, time.Second); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("an unknown device: %v, want ErrNotFound", err)
	}
}

func deviceAllowed(w *world) {
	s, ctx := w.process(), w.Context()
	for _, id := range []string{"g", "late", "denied"} {
		device(w, s, id)
	}
	before, err := s.Grant(ctx, "g") // in the cache
	w.ok(err)
	w.ok(s.AllowDevice(ctx, by("ada", "g"), noon))
	want, allowed := before, by("ada", "g")
	want.Member, want.Session, want.Scopes, want.AuthTime, want.AMR, want.ACR = "ada", "s1", allowed.Scopes, allowed.AuthTime, allowed.AMR, 1
	want.IdleUntil, want.Expires = allowed.IdleUntil, allowed.Expires
	compare(w, want)(s.Grant(ctx, "g"))
	compare(w, want)(w.process().GrantFresh(ctx, "g"))
	w.ok(s.EndGrant(ctx, "denied", "denied", noon))
	w.ok(s.CreateGrant(ctx, code("code")))
	for id, c := range map[string]struct {
		at   time.Time
		want error
	}{
		"g": {noon, claims.ErrConflict}, "denied": {noon, claims.ErrConflict}, "code": {noon, claims.ErrConflict},
		"late": {noon.Add(10 * time.Minute), claims.ErrExpired}, "none": {noon, claims.ErrNotFound},
	} {
		if err := s.AllowDevice(ctx, by("bob", id), c.at); !errors.Is(err, c.want) {
			w.Errorf("AllowDevice(%s) = %v, want %v", id, err, c.want)
		}
	}
	compare[[]record.Grant](w, nil)(s.DevicesOf(ctx, "ada", noon)) // it has not asked yet
	w.ok(s.SpendGrant(ctx, "g", idle, noon.Add(time.Minute)))
	for at, want := range map[time.Time]int{noon.Add(time.Hour): 1, idle: 0} {
		if all, err := s.DevicesOf(ctx, "ada", at); err != nil || len(all) != want {
			w.Errorf("DevicesOf at %v = %v, %v; want %d", at, all, err, want)
		}
	}
	if err := s.SpendGrant(ctx, "g", idle, noon.Add(time.Minute)); !errors.Is(err, claims.ErrReplay) {
		w.Errorf("the second SpendGrant = %v, want ErrReplay", err)
	}
}

func deviceSwept(w *world) {
	s, ctx := w.process(), w.Context()
	c := device(w, s, "g")
	_, err := s.Sweep(ctx, c.Expires.Add(time.Hour), 10)
	w.ok(err)
	compare(w, c)(s.DeviceCode(ctx, c.UserCode))
	_, err = s.Sweep(ctx, c.Expires.Add(time.Hour+time.Second), 10)
	w.ok(err)
	if _, err := s.DeviceCode(ctx, c.UserCode); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("an hour after its end: %v, want ErrNotFound", err)
	}
}

func allowRace(w *world) {
	s := pair(w)
	device(w, s[0], "g")
	tally(w, together(16, func(i int) error {
		return s[i%2].AllowDevice(w.Context(), by(claims.MemberID([]string{"ada", "bob"}[i%2]), "g"), noon)
	}), claims.ErrConflict)
}

func pollRace(w *world) {
	s := pair(w)
	device(w, s[0], "g")
	tally(w, together(16, func(i int) error { return s[i%2].PollDevice(w.Context(), "g", noon, 5*time.Second) }), claims.ErrTooMany)
}
