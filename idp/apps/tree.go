package apps

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/web"
)

// An application's own tree.
//
//	PUT    /apps/v1/{application}/tree      a document; ?dry_run=1 shows what it would change
//	GET    /apps/v1/{application}/tree      the same back, a page at a time
//	PUT    /apps/v1/{application}/location  one location, as in a document
//	DELETE /apps/v1/{application}/location  ?path=…: it is archived
//	POST   /apps/v1/{application}/move      {from, to}: a location with all below it
//
//   - all of a document or nothing; a fault names its line and field
//   - the same again changes nothing, and says so
//   - whoever else writes meanwhile makes the document be looked at again

// MaxTree is the longest document in octets.
const MaxTree = 4 << 20

// tries is how often a document is looked at again when others write.
const tries = 3

// PutTree registers what a document says.
func (a *Apps) PutTree(w http.ResponseWriter, r *http.Request) {
	a.write(w, r, func(who caller) (Document, error) {
		var doc Document
		return doc, web.ReadJSON(r, MaxTree, &doc)
	})
}

// PutLocation puts one location in place, whole; rules that stand there stay.
func (a *Apps) PutLocation(w http.ResponseWriter, r *http.Request) {
	a.write(w, r, func(who caller) (Document, error) {
		var l Location
		err := web.ReadJSON(r, MaxAsk, &l)
		return Document{Locations: []Location{l}}, err
	})
}

// write answers a request that is a document.
func (a *Apps) write(w http.ResponseWriter, r *http.Request, read func(caller) (Document, error)) {
	out, err := a.register(r, read)
	if err != nil {
		fail(w, r, err)
		return
	}
	web.JSON(w, http.StatusOK, out)
}

// writer is who calls to change something, and whether only to see what would
// change.
func (a *Apps) writer(r *http.Request) (who caller, dry bool, err error) {
	if who, err = a.caller(r); err != nil {
		return who, false, err
	}
	if dry, err = who.dryRun(); err != nil {
		return who, false, err
	}
	return who, dry, a.writes.Take(string(who.client.ID), a.cfg.Now())
}

func (a *Apps) register(r *http.Request, read func(caller) (Document, error)) (Outcome, error) {
	who, dry, err := a.writer(r)
	if err != nil {
		return Outcome{}, err
	}
	doc, err := read(who)
	if err != nil {
		return Outcome{}, err
	}
	return a.plan(r.Context(), who, dry, func(who caller) (Draft, error) {
		return Prepare(who.dir, doc, a.origin(who))
	})
}

func (who caller) dryRun() (bool, error) {
	switch who.query.Get("dry_run") {
	case "", "0", "false":
		return false, nil
	case "1", "true":
		return true, nil
	}
	return false, at("dry_run", &claims.Invalid{Problem: "must be 1 or 0"})
}

func (a *Apps) origin(who caller) Origin {
	return Origin{
		App: who.app, By: who.actor(), Sub: who.sub, NewID: a.cfg.NewID, Now: a.cfg.Now(),
		Member: func(text string) (claims.MemberID, bool) {
			m, err := who.member(text)
			_, known := claims.Get[claims.Member](who.dir, string(m))
			return m, err == nil && known
		},
	}
}

// plan makes a draft true, or tells what it would do. Its ids and places are
// of the picture it was made on, so when others write meanwhile it is made
// again.
func (a *Apps) plan(ctx context.Context, who caller, dry bool, prepare func(caller) (Draft, error)) (Outcome, error) {
	for n := 1; ; n++ {
		draft, err := prepare(who)
		if err != nil {
			return Outcome{}, err
		}
		var planned claims.Planned
		if dry {
			planned, err = a.cfg.Store.Preview(ctx, who.actor(), draft.Intents...)
		} else {
			planned, err = a.cfg.Store.Change(ctx, who.actor(), web.RequestID(ctx), draft.Intents...)
		}
		now := a.cfg.Directory()
		moved := now.Seq() != who.dir.Seq()
		if err != nil && moved && n < tries && !errors.Is(err, claims.ErrUnavailable) {
			who.dir = now
			continue
		}
		if err != nil {
			return Outcome{}, draft.Locate(err)
		}
		out := draft.Outcome(planned)
		out.DryRun, out.Cursor = dry, cursorText(now.Seq())
		return out, nil
	}
}

// DeleteLocation archives a location, which closes what is below it too.
func (a *Apps) DeleteLocation(w http.ResponseWriter, r *http.Request) {
	a.change(w, r, func(who caller) (claims.Intent, error) {
		l, err := who.stored("path", who.query.Get("path"))
		return claims.Remove{Key: l.Key()}, err
	})
}

// Move is a location's new place.
type Move struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// PostMove takes a location, with all that is below it, elsewhere in the same
// tree. Its rules go along.
func (a *Apps) PostMove(w http.ResponseWriter, r *http.Request) {
	var move *Move // read once, however often the plan is made
	a.change(w, r, func(who caller) (claims.Intent, error) {
		if move == nil {
			move = new(Move)
			if err := web.ReadJSON(r, MaxAsk, move); err != nil {
				return nil, err
			}
		}
		l, err := who.stored("from", move.From)
		if err != nil {
			return nil, err
		}
		to, err := who.path(move.To)
		if err != nil {
			return nil, at("to", err)
		}
		parent, err := who.stored("to", string(to.Parent()))
		if err != nil {
			return nil, err
		}
		l.Parent, l.Slug = parent.ID, to.Base()
		return claims.Define{Fact: l}, nil
	})
}

// stored returns the caller's location at a path.
func (who caller) stored(field, text string) (claims.Location, error) {
	path, err := who.path(text)
	if err != nil {
		return claims.Location{}, at(field, err)
	}
	l, ok := who.dir.Locate(path)
	if !ok {
		return l, at(field, fmt.Errorf("there is no location %s: %w", path, claims.ErrNotFound))
	}
	return l, nil
}

// change answers a request that is one intent about one location.
func (a *Apps) change(w http.ResponseWriter, r *http.Request, read func(caller) (claims.Intent, error)) {
	out, err := a.changed(r, read)
	if err != nil {
		fail(w, r, err)
		return
	}
	web.JSON(w, http.StatusOK, out)
}

func (a *Apps) changed(r *http.Request, read func(caller) (claims.Intent, error)) (Outcome, error) {
	who, dry, err := a.writer(r)
	if err != nil {
		return Outcome{}, err
	}
	return a.plan(r.Context(), who, dry, func(who caller) (Draft, error) {
		in, err := read(who)
		if err != nil {
			return Draft{}, err
		}
		return single(who.dir, in), nil
	})
}

// single is a draft of one intent about a location.
func single(d *claims.Directory, in claims.Intent) Draft {
	draft := Draft{Intents: []claims.Intent{in}, keys: []string{"location"}, on: d}
	switch in := in.(type) {
	case claims.Define:
		draft.entries = []entry{{"location", in.Fact.Key()}}
	case claims.Remove:
		draft.entries = []entry{{"location", in.Key}}
	}
	return draft
}
