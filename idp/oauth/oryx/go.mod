// What fosite needs of github.com/ory/x, and no more: see doc.go.
module github.com/ory/x

go 1.26.0

require (
	go.opentelemetry.io/otel v1.21.0
	go.opentelemetry.io/otel/trace v1.21.0
)
