package claims

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a window means the same on every machine
)

const minutesADay = 24 * 60

var dayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWindow reads "09:00-17:00", optionally followed by days and a zone:
// "22:00-06:00 fri,sat Europe/Amsterdam", "09:00-17:00 mon-fri". The zone is
// UTC if absent. A window that covers the whole week is none: nil.
func ParseWindow(s string) (*Window, error) {
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 3 {
		return nil, invalid("window", "%q: want 09:00-17:00, then days and a time zone if need be", s)
	}
	from, to, ok := strings.Cut(fields[0], "-")
	if !ok {
		return nil, invalid("window", "%q: want 09:00-17:00", fields[0])
	}
	w := Window{Zone: "UTC"}
	var err error
	if w.From, err = parseClock(from); err != nil {
		return nil, err
	}
	if w.To, err = parseClock(to); err != nil {
		return nil, err
	}
	rest := fields[1:]
	if len(rest) > 0 && daysText(rest[0]) {
		if w.Days, err = parseDays(rest[0]); err != nil {
			return nil, err
		}
		rest = rest[1:]
	}
	if len(rest) > 1 {
		return nil, invalid("window", "%q: %q is neither a day nor the last word", s, rest[0])
	}
	if len(rest) == 1 {
		w.Zone = rest[0]
	}
	return w.Checked()
}

// parseClock reads "09:30" as minutes after midnight, up to 24:00.
func parseClock(s string) (int, error) {
	if len(s) != 5 || s[2] != ':' {
		return 0, invalid("window", "%q is not a time such as 09:30", s)
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, invalid("window", "%q is not a time such as 09:30", s)
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if m > 59 || h*60+m > minutesADay {
		return 0, invalid("window", "%q is no time of day", s)
	}
	return h*60 + m, nil
}

// daysText tells days from a time zone: "UTC" is no day.
func daysText(s string) bool {
	return len(s) >= 3 && slices.Contains(dayNames[:], s[:3]) && (len(s) == 3 || s[3] == ',' || s[3] == '-')
}

func parseDays(s string) ([]time.Weekday, error) {
	var days []time.Weekday
	for part := range strings.SplitSeq(s, ",") {
		first, last, ranged := strings.Cut(part, "-")
		a := slices.Index(dayNames[:], first)
		z := a
		if ranged {
			z = slices.Index(dayNames[:], last)
		}
		if a < 0 || z < 0 {
			return nil, invalid("window", "%q: days are mon, tue, wed, thu, fri, sat and sun", part)
		}
		for d := a; ; d = (d + 1) % 7 {
			days = append(days, time.Weekday(d))
			if d == z {
				break
			}
		}
	}
	return days, nil
}

// Checked returns w as it is stored: days in order, each once, none for all;
// nil if it covers the whole week. ErrInvalid if it can't be a window.
func (w Window) Checked() (*Window, error) {
	switch {
	case w.From < 0 || w.From >= minutesADay:
		return nil, invalid("window", "it opens between 00:00 and 23:59")
	case w.To < 0 || w.To > minutesADay:
		return nil, invalid("window", "it closes between 00:00 and 24:00")
	case w.From == w.To:
		return nil, invalid("window", "it opens and closes at the same time; for a whole day write 00:00-24:00")
	}
	if w.Zone == "" {
		w.Zone = "UTC"
	}
	if _, err := time.LoadLocation(w.Zone); err != nil || strings.EqualFold(w.Zone, "local") {
		return nil, invalid("window", "%q is no time zone; want a name such as Europe/Amsterdam", w.Zone)
	}
	days := slices.Clone(w.Days)
	slices.Sort(days)
	w.Days = slices.Compact(days)
	if n := len(w.Days); n > 0 && (w.Days[0] < 0 || w.Days[n-1] > 6) {
		return nil, invalid("window", "days are 0, Sunday, to 6")
	}
	if len(w.Days) == 7 {
		w.Days = nil
	}
	if len(w.Days) == 0 {
		w.Days = nil
		if w.From == 0 && w.To == minutesADay {
			return nil, nil
		}
	}
	return &w, nil
}

// String returns what ParseWindow reads.
func (w Window) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%02d:%02d-%02d:%02d", w.From/60, w.From%60, w.To/60, w.To%60)
	for i, d := range w.Days {
		b.WriteByte(" ,"[min(i, 1)])
		b.WriteString(dayNames[d])
	}
	if w.Zone != "" && w.Zone != "UTC" {
		b.WriteByte(' ')
		b.WriteString(w.Zone)
	}
	return b.String()
}
