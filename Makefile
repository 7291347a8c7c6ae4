# SPDX-License-Identifier: EUPL-1.2
# `make run` and `make test` are all a newcomer needs: Python >= 3.11 with pip, nothing else.
# Every target works from a clean clone; stamp files make a second call quick.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := $(VENV)/.stamps
# Test workers. Each one keeps databases and services of its own, so more than four only queue for the disk.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() or 1))' 2>/dev/null || echo 2)
# Handed on to pytest: make test ARGS='-k receipt -x'
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install dev run test soak check format lint bench coverage snapshots redaction-table lock sbom clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-16s %s\n", $$1, $$2}'

install: $(STAMPS)/install ## the program in .venv, from requirements.lock, every file checked against its hash
dev: $(STAMPS)/dev

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Seinhuis needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	  echo "Name another one: make PYTHON=/path/to/python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "This Python cannot make virtual environments; install its venv package (Debian: python3-venv)." >&2; exit 2; }
	@rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.lock | $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# The project itself: the build back-end is in the lock, so nothing unpinned is fetched to build it.
$(STAMPS)/install: $(STAMPS)/runtime pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: install ## everything on this machine with an invented history, on http://127.0.0.1:8000
	@exec $(BIN)/seinhuis demo

# Real Kafka and PostgreSQL are used where they can be had; SEINHUIS_TEST_REQUIRE_REAL=1 turns their absence into failure.
test: dev ## all tests but the long fault runs
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m 'not slow' $(ARGS)

soak: dev ## the long fault runs, one after another
	$(BIN)/python -m pytest -m slow $(ARGS)

check: lint ## the fast set: format, lint, import contracts, types, unit tests and the SQLite side
	$(BIN)/python -m pytest -q -n $(WORKERS) -m 'not kafka and not postgres and not browser and not java and not slow' \
	  tests/architecture tests/unit $(wildcard tests/contract tests/privacy) $(ARGS)

lint: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: dev ## put the layout right and repair what ruff can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev ## the benchmarks: a table, and build/bench.json
	$(BIN)/python -m tests.benchmarks

coverage: dev ## how much of the pure rules the tests run, by branch: a table; fails under the floor
	$(BIN)/python -m tests.pure_coverage -n $(WORKERS) --dist loadgroup $(ARGS)

snapshots: dev ## write the committed OpenAPI, AsyncAPI and JSON Schema files anew
	$(BIN)/python -m tests.contract.snapshots

redaction-table: dev ## what redaction leaks and loses on the project's own texts, into docs/redaction-figures.md
	$(BIN)/python -m tests.redaction_table

lock: dev ## resolve the dependencies anew (see CONTRIBUTING.md)
	$(BIN)/uv pip compile pyproject.toml --extra install -o requirements.lock $(LOCK_OPTIONS) $(LOCK_ARGS)
	$(BIN)/uv pip compile pyproject.toml --extra install --extra dev -c requirements.lock -o requirements-dev.lock $(LOCK_OPTIONS) $(LOCK_ARGS)

LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-strip-extras \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

sbom: dev ## the bill of materials of what is installed to run, as CycloneDX JSON, in build/
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o build/sbom.cdx.json

clean: ## all that was made, the environment included; data directories stay
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	find services shared tests -name __pycache__ -type d -prune -exec rm -rf {} +
