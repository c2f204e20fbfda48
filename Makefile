# make run and make test are the two that matter; make help lists the rest.
GO      ?= go
BIN     := bin/lanyard
ARGS    ?=
# $(call said,WORDS,COMMAND) runs COMMAND and says every 8 seconds that it still does.
said = @n=0; (while sleep 8 >/dev/null 2>&1; do n=$$((n+8)); echo "  … $(1), $$n s so far"; done) & t=$$!; \
       trap "kill $$t 2>/dev/null" EXIT; echo "$(1)"; $(2)

.PHONY: help run tour test test-all bench build generate docs check clean go-version

help: ## what each target does
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

go-version:
	@command -v $(GO) >/dev/null || { echo "Go is not installed; Lanyard needs Go 1.26 or newer: https://go.dev/dl/"; exit 1; }
	@v=$$($(GO) env GOVERSION | sed 's/^go//'); case $$v in 1.[0-9]|1.[0-9].*|1.1[0-9]*|1.2[0-5]*|1.2[0-5].*) \
	  echo "This is Go $$v; Lanyard needs Go 1.26 or newer: https://go.dev/dl/"; exit 1;; esac

build: go-version ## compile bin/lanyard
	$(call said,Building Lanyard (a first build takes a minute or two),CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./cmd/lanyard)

run: build ## the demo: tells its story on real traffic, then keeps serving
	@$(BIN) demo $(ARGS)

tour: build ## the demo's story alone; exits 0 if all went as expected
	@$(BIN) demo --tour $(ARGS)

test: go-version ## every test (SQLite; PostgreSQL, Chromium, Apache … where there are any)
	$(call said,Testing Lanyard (a first run compiles for a minute or two),$(GO) run ./cmd/house test)

test-all: go-version ## every test, the slow ones too, with the race detector (needs a C compiler)
	$(call said,Testing everything with the race detector,LANYARD_SLOW=1 $(GO) run ./cmd/house test -race)

bench: go-version ## the benchmarks behind the figures in docs/performance.md
	@LANYARD_SLOW=1 $(GO) test -run '^$$' -bench . -benchmem ./claims ./radius ./idp/... ./cmd/lanyard

generate: go-version ## regenerate templates
	@$(GO) tool templ generate -path templates

docs: go-version ## reprint the docs that come from code
	@$(GO) run ./cmd/house docs

check: go-version ## formatting, vet, generated code and docs up to date
	@$(GO) run ./cmd/house check

clean: ## remove what was built, and the demo's data
	rm -rf bin var/demo var/demo-*
