package apps

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lanyard/claims"
)

// GET /apps/v1/{application}/changes?since=CURSOR&wait=SECONDS: which answers
// that an application remembers it should ask for again.
//
//   - without since, the answer is where to begin
//   - with wait, the answer comes as soon as something of the application's
//     is touched, at most so many seconds later
//   - a cursor of an epoch that has ended, as after a restore, or more than
//     changesMost changes old, is 410: forget everything, begin anew
//   - time passes without a change: an answer is good until its until,
//     whatever this says

const (
	changesMost = 2000
	waitMost    = 25 * time.Second
	lookEvery   = 200 * time.Millisecond // how often a process that is behind is looked at
)

// Changes is what may have been altered between two places in the change log.
type Changes struct {
	Cursor    string        `json:"cursor"`
	All       bool          `json:"all,omitempty"` // every answer
	Members   []string      `json:"members"`       // every answer about these, by sub
	Locations []claims.Path `json:"locations"`     // every answer about these and what is below
}

func (c Changes) none() bool { return !c.All && len(c.Members)+len(c.Locations) == 0 }

// GetChanges answers what has changed since a cursor.
func (a *Apps) GetChanges(w http.ResponseWriter, r *http.Request) {
	out, err := a.changesSince(r)
	reply(w, r, out, err)
}

func (a *Apps) changesSince(r *http.Request) (Changes, error) {
	who, err := a.caller(r)
	if err != nil {
		return Changes{}, err
	}
	since, err := parseCursor(who.query.Get("since"))
	if err != nil {
		return Changes{}, at("since", err)
	}
	wait := 0
	if text := who.query.Get("wait"); text != "" && text != "0" {
		if wait, err = number("wait", text, int(waitMost/time.Second)); err != nil {
			return Changes{}, err
		}
	}
	if since == (claims.Seq{}) {
		return Changes{cursorText(who.dir.Seq()), false, []string{}, []claims.Path{}}, nil
	}
	if wait > 0 {
		end, err := a.waiting.begin(who.client.ID)
		if err != nil {
			return Changes{}, err
		}
		defer end()
	}
	return a.await(r, who, since, time.Duration(wait)*time.Second)
}

// await answers when something is touched, or the wait is over.
func (a *Apps) await(r *http.Request, who caller, since claims.Seq, wait time.Duration) (Changes, error) {
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	defer context.AfterFunc(a.life, cancel)()
	for {
		out, at, err := a.touched(r.Context(), who, since)
		if err != nil || !out.none() || !a.moved(ctx, at) {
			return out, err
		}
		since = at
		if who, err = a.caller(r); err != nil { // perhaps it is nobody any more
			return Changes{}, err
		}
	}
}

// moved waits until the picture is beyond a place; false when ctx ends first.
// What is wrong with the place is for the next look to say.
func (a *Apps) moved(ctx context.Context, at claims.Seq) bool {
	for ctx.Err() == nil {
		now := a.cfg.Directory().Seq()
		if now.Epoch != at.Epoch || now.N > at.N {
			return true
		}
		if now.N < at.N { // a process that is ahead gave it out
			select {
			case <-ctx.Done():
			case <-time.After(lookEvery):
			}
			continue
		}
		if _, err := a.cfg.Store.Watch(ctx, at); err != nil {
			return ctx.Err() == nil
		}
	}
	return false
}

// touched tells what changes after a place may have altered, and up to where.
func (a *Apps) touched(ctx context.Context, who caller, since claims.Seq) (Changes, claims.Seq, error) {
	now := who.dir.Seq()
	out := Changes{Cursor: cursorText(since), Members: []string{}, Locations: []claims.Path{}}
	switch {
	case since.Epoch != now.Epoch:
		return out, since, at("since", fmt.Errorf("the cursor is of an epoch that has ended: %w", claims.ErrExpired))
	case since.N >= now.N: // equal, or given out by a process that is ahead of this one
		return out, since, nil
	case now.N-since.N > changesMost:
		return out, since, at("since", fmt.Errorf("the cursor is more than %d changes old: %w", changesMost, claims.ErrExpired))
	}
	news, err := a.cfg.Store.Watch(ctx, since)
	if err != nil {
		return out, since, err
	}
	was, err := a.cfg.Store.LocationsAt(ctx, since.N, locationsIn(news.Changes))
	if err != nil {
		return out, since, err
	}
	who.dir = a.cfg.Directory() // which has them all
	touched := claims.TouchedBelow(who.dir, who.app.Root, was, news.Changes)
	out.Cursor, out.All = cursorText(news.At), touched.All
	out.Locations = append(out.Locations, touched.Places...)
	for _, id := range touched.Members {
		if m, ok := claims.Get[claims.Member](who.dir, string(id)); ok && m.Sub != "" {
			out.Members = append(out.Members, who.sub(m))
		}
	}
	return out, news.At, nil
}

// locationsIn lists the locations among changed facts, each once.
func locationsIn(log []claims.Change) []claims.LocationID {
	var ids []claims.LocationID
	seen := map[claims.LocationID]bool{}
	for _, c := range log {
		if l, ok := c.Fact.(claims.Location); ok && !seen[l.ID] {
			seen[l.ID] = true
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// cursorText writes a place in the change log: EPOCH.N.
func cursorText(s claims.Seq) string { return s.Epoch + "." + strconv.FormatUint(s.N, 10) }

// parseCursor reads what cursorText writes; nothing is the zero Seq.
func parseCursor(text string) (claims.Seq, error) {
	if text == "" {
		return claims.Seq{}, nil
	}
	dot := strings.LastIndexByte(text, '.')
	if dot <= 0 || len(text) > 100 {
		return claims.Seq{}, notCursor
	}
	n, err := strconv.ParseUint(text[dot+1:], 10, 63)
	if err != nil {
		return claims.Seq{}, notCursor
	}
	return claims.Seq{Epoch: text[:dot], N: n}, nil
}

var notCursor = &claims.Invalid{Problem: "is no cursor: send back one that was given"}
