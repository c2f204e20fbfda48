package storetest

import (
	"errors"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// factor is one of ada's.
func factor(id string, kind record.FactorKind) record.Factor {
	return record.Factor{ID: id, Member: "ada", Kind: kind, Name: "her phone", Data: "{}", Created: noon}
}

func factorKept(w *world) {
	s, ctx := w.process(), w.Context()
	key, bobs := filled(record.Factor{}), factor("b", record.FactorPasskey)
	key.Ended, bobs.Member = time.Time{}, "bob"
	w.ok(s.AddFactors(ctx, key))
	w.ok(s.AddFactors(ctx, bobs))
	if err := s.AddFactors(ctx, key); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("the same id again: %v, want ErrConflict", err)
	}
	if err := s.AddFactors(ctx, factor("new", record.FactorPasskey), bobs); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("a new one beside one that is there: %v, want ErrConflict", err)
	}
	if _, err := s.Factor(ctx, "new"); !errors.Is(err, claims.ErrNotFound) {
		w.Errorf("of two, of which one was refused, the other is there: %v", err)
	}
	compare(w, key)(w.process().Factor(ctx, key.ID))
	compare(w, []record.Factor{key})(s.Factors(ctx, key.Member))

	key.Data, key.Used = `{"count":2}`, noon.Add(time.Hour)
	w.ok(s.KeepFactor(ctx, key.ID, key.Data, key.Used))
	compare(w, key)(s.Factor(ctx, key.ID))

	for _, who := range []claims.MemberID{"bob", "nobody"} {
		if err := s.EndFactor(ctx, who, key.ID, noon); !errors.Is(err, claims.ErrNotFound) {
			w.Errorf("%s ends a key of somebody else's: %v, want ErrNotFound", who, err)
		}
	}
	w.ok(s.EndFactor(ctx, key.Member, key.ID, noon))
	_, err := s.Factor(ctx, key.ID)
	for what, err := range map[string]error{"found": err, "ended again": s.EndFactor(ctx, key.Member, key.ID, noon), "kept": s.KeepFactor(ctx, key.ID, "", noon)} {
		if !errors.Is(err, claims.ErrNotFound) {
			w.Errorf("an ended key is %s: %v, want ErrNotFound", what, err)
		}
	}
	compare(w, []record.Factor(nil))(s.Factors(ctx, key.Member))
	compare(w, []record.Factor{bobs})(s.Factors(ctx, "bob"))
}

func factorUsed(w *world) {
	s, ctx := pair(w), w.Context()
	app := factor("t", record.FactorTOTP)
	w.ok(s[0].AddFactors(ctx, app))
	tally(w, together(16, func(i int) error { return s[i%2].UseFactor(ctx, "t", 100, noon) }), claims.ErrReplay)
	for _, counter := range []int{99, 100} {
		if err := s[0].UseFactor(ctx, "t", counter, noon); !errors.Is(err, claims.ErrReplay) {
			w.Errorf("used at %d after 100: %v, want ErrReplay", counter, err)
		}
	}
	w.ok(s[1].UseFactor(ctx, "t", 101, noon.Add(time.Minute)))
	app.Counter, app.Used = 101, noon.Add(time.Minute)
	compare(w, app)(s[0].Factor(ctx, "t"))
}

func factorsReplaced(w *world) {
	s, ctx := w.process(), w.Context()
	app, bobs := factor("t", record.FactorTOTP), factor("r0", record.FactorRecovery)
	bobs.Member = "bob"
	w.ok(s.AddFactors(ctx, app))
	w.ok(s.AddFactors(ctx, bobs))
	w.ok(s.ReplaceFactors(ctx, "ada", record.FactorRecovery, []record.Factor{factor("r1", record.FactorRecovery), factor("r2", record.FactorRecovery)}, noon))
	if err := s.ReplaceFactors(ctx, "ada", record.FactorRecovery, []record.Factor{factor("r3", record.FactorRecovery), factor("t", record.FactorRecovery)}, noon); !errors.Is(err, claims.ErrConflict) {
		w.Errorf("one of them is there already: %v, want ErrConflict", err)
	}
	compare(w, []record.Factor{factor("r1", record.FactorRecovery), factor("r2", record.FactorRecovery), app})(s.Factors(ctx, "ada"))
	w.ok(s.ReplaceFactors(ctx, "ada", record.FactorRecovery, []record.Factor{factor("r3", record.FactorRecovery)}, noon))
	compare(w, []record.Factor{factor("r3", record.FactorRecovery), app})(s.Factors(ctx, "ada"))
	compare(w, []record.Factor{bobs})(s.Factors(ctx, "bob"))
}

func factorSwept(w *world) {
	s, ctx := w.process(), w.Context()
	f := factor("t", record.FactorTOTP)
	w.ok(s.AddFactors(ctx, f))
	_, err := s.Sweep(ctx, noon.AddDate(2, 0, 0), 10)
	w.ok(err)
	_, err = s.Factor(ctx, "t")
	w.ok(err)
	w.ok(s.EndFactor(ctx, "ada", "t", noon))
	_, err = s.Sweep(ctx, noon.AddDate(0, 2, 0), 10)
	w.ok(err)
	w.ok(s.AddFactors(ctx, f)) // nothing is left of the first
}
