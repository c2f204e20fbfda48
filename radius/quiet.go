package radius

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// quietFor is how often the log may speak of one kind of discarded packet.
const quietFor = 10 * time.Second

// quiet writes at most one line per kind of refusal in quietFor, so that a
// flood of packets does not become a flood of lines. The line says how many
// it stands for.
type quiet struct {
	log   *slog.Logger
	mu    sync.Mutex
	kinds [refusals]struct {
		last   time.Time
		unsaid int
	} // guarded by mu
}

// say logs one discarded packet, or counts it for the next line.
func (q *quiet) say(now time.Time, why refusal, attrs ...slog.Attr) {
	q.mu.Lock()
	k := &q.kinds[why]
	k.unsaid++
	if since := now.Sub(k.last); !k.last.IsZero() && since >= 0 && since < quietFor {
		q.mu.Unlock()
		return
	}
	packets := k.unsaid
	k.last, k.unsaid = now, 0
	q.mu.Unlock()
	attrs = append(attrs, slog.Int("packets", packets))
	q.log.LogAttrs(context.Background(), slog.LevelWarn, refusalText[why], attrs...)
}
