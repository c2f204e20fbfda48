// Package x stands in for github.com/ory/x, of which fosite uses two packages:
// errorsx, to pass errors on, and otelx, to end spans. The original brings
// exporters for four tracing systems, gRPC and Protocol Buffers with it, which
// nothing here ever calls: a sixth of the binary and of the idle memory.
//
// go.mod replaces the module by this folder. What a new version of fosite uses
// beyond it does not compile, which is when to look again (ADR 15).
package x
