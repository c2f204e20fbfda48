package web

import "net/http"

// recorder remembers the status that was sent.
type recorder struct {
	http.ResponseWriter
	sent  int
	began bool // the header is out
}

func (w *recorder) WriteHeader(code int) {
	if !w.began && code >= 200 {
		w.sent, w.began = code, true
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) Write(b []byte) (int, error) {
	if !w.began {
		w.sent, w.began = http.StatusOK, true
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap serves http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) status() bool { return w.sent != 0 }

func (w *recorder) code() int {
	if w.sent == 0 {
		return http.StatusOK // net/http sends this when a handler wrote nothing
	}
	return w.sent
}
