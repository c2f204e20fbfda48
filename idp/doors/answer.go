package doors

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"lanyard/claims"
	"lanyard/idp/web"
)

// answer is what a device is told, as schema/decide-answer.json has it: at
// most MaxAnswer octets.
type answer struct {
	Decision int           `json:"d"` // 1 allow, 0 deny
	Hint     int           `json:"k"` // 0 go, 1 you can mend this, 2 ask someone, 3 try again
	Reason   claims.Reason `json:"r"`
	Text     string        `json:"t"`               // for a display, at most 32 characters
	Until    int64         `json:"until,omitempty"` // seconds since 1970, rounded down; absent: no end
	Nonce    string        `json:"n,omitempty"`
}

// MaxAnswer is the longest answer in octets.
const MaxAnswer = 300

func answerOf(dir *claims.Directory, dec claims.Decision, nonce string) answer {
	a := answer{Hint: dec.Reason.Hint(), Reason: dec.Reason, Text: claims.ShortText(dir, dec), Nonce: nonce}
	if dec.Allow {
		a.Decision = 1
		if !dec.Until.IsZero() {
			a.Until = dec.Until.Unix()
		}
	}
	return a
}

// write sends the answer. Unlike web.JSON it leaves < > & as they are, which
// a device's display needs and 300 octets have no room to escape.
func (a answer) write(w http.ResponseWriter) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		panic(err) // texts and numbers always encode
	}
	body := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	web.NoStore(w)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	w.Write(body) // a device that went away is no fault of ours
}
