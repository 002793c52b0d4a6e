# The commands that people call; continuous integration calls `make test`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.NOTPARALLEL:
.PHONY: help run test bench lint fmt build deps clean

# Where `make run` listens, what it keeps and how much it shows.
ADDR  ?= 127.0.0.1:8080
STORE ?= demo/wangge.gpkg
CASES ?= 2000

# How long each benchmark runs.
BENCHTIME ?= 1s

# The one tool that Go builds for us: linters, and gofumpt as the formatter.
LINT_VERSION := v2.15.0
LINT         := bin/golangci-lint-$(LINT_VERSION)

RELEASE := $(shell git describe --tags --exact-match 2>/dev/null)
PAGE    := api/web/test
# Benchmarks against other libraries are modules of their own, so that users never compile
# those; each is a command that prints its table.
PEERS   := $(patsubst %/go.mod,%,$(wildcard geo/*/bench/go.mod grid/*/bench/go.mod))

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

run: build ## serve the demonstration; ADDR=127.0.0.1:9000 where the port is taken
	@mkdir -p $(dir $(STORE))
	bin/wangge serve --open --addr $(ADDR) --demo $(CASES) --store $(STORE)

test: deps lint ## everything: packages, lint, vet, and every test with the race detector, PostGIS, GDAL and a browser
	go vet ./...
	for dir in $(PEERS); do go -C $$dir vet ./...; go -C $$dir test -timeout 10m ./...; done
	WANGGE_TEST_ALL=1 go test -race -timeout 20m ./...

bench: ## the benchmarks and a table of them; then those against other libraries
	@mkdir -p bin; : > bin/bench.txt
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./... | tee -a bin/bench.txt
	@.ci/table bin/bench.txt
	for dir in $(PEERS); do go -C $$dir run .; done

lint: $(LINT) ## the linters and the format, no change made
	$(LINT) run ./...
	for dir in $(PEERS); do (cd $$dir; $(CURDIR)/$(LINT) run ./...); done

fmt: $(LINT) ## format the sources
	$(LINT) fmt

build: ## bin/wangge; needs a C compiler
	@mkdir -p bin
	go build -trimpath -ldflags '-X main.released=$(RELEASE)' -o bin/wangge ./cmd/wangge

deps: $(PAGE)/node_modules/.package-lock.json ## what the tests need and is missing: Debian and npm packages
	@.ci/deps

clean: ## remove what was built and fetched, and the demonstration's store
	rm -rf bin dist demo $(PAGE)/node_modules

$(LINT):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv bin/golangci-lint $@

$(PAGE)/node_modules/.package-lock.json: $(PAGE)/package-lock.json
	npm ci --prefix $(PAGE) --no-audit --no-fund
	@touch $@
