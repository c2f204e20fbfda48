package main

import (
	"io"
	"log/slog"

	"lanyard/cmd/lanyard/config"
)

// newLog returns the log that the configuration asks for.
func newLog(w io.Writer, cfg config.Config) *slog.Logger {
	opts := &slog.HandlerOptions{Level: cfg.LogLevel()}
	if cfg.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
