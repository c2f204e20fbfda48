package claims

import (
	"encoding/json"
	"time"
)

// Duration is a length of time that is written in JSON as text, as "720h0m0s".
type Duration time.Duration

// MarshalJSON writes d as time.Duration prints it.
func (d Duration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Duration) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return invalid("duration", "%q is not a length of time such as 12h or 90m", s)
	}
	*d = Duration(v)
	return nil
}
