.PHONY: help test fmt bench

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

test: ## vet and every test, with the race detector
	go vet ./...
	go test -race -timeout 15m ./...

bench: ## the benchmarks
	go test -run '^$$' -bench . ./...

fmt: ## format the sources
	gofmt -w cmd geo grid api fixtures
