# Two commands are all a user needs: `make report` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash

.PHONY: report demo test check format lock docs bench soak evaluate evaluate-sealed sample clean

report: .venv/report.installed
	@$(BIN)/mememeter run

demo: .venv/report.installed
	@$(BIN)/mememeter demo

# Everything CI runs: style, types, then all tests, browser and engine included.
test: .venv/test.installed check
	@bash tests/browser/install_chromium.sh
	@$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal

check: .venv/test.installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

format: .venv/test.installed
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

# README and reference pages between their markers, from the declarations.
docs: .venv/test.installed
	@$(BIN)/python -m flows.docs

# Every figure about speed and size, as one page: benchmarks/performance.md.
bench: .venv/test.installed
	@$(BIN)/python -m benchmarks.page

# Hours of kills, accidents, concurrency, wear and fuzz: docs/reliability.md. make soak SOAK="--minutes 5"
soak: .venv/test.installed
	@$(BIN)/python -m benchmarks.soak $(SOAK)

# Every figure about accuracy, as one page: benchmarks/evaluation.md.
evaluate: .venv/test.installed
	@$(BIN)/python -m benchmarks.evaluation

# At a release only, logged: make evaluate-sealed WHY="release 0.2"
evaluate-sealed: .venv/test.installed
	@$(BIN)/python -m benchmarks.evaluation.sealed "$(WHY)"

sample: .venv/report.installed
	@$(BIN)/python -m flows.sample --out data/sample

# Needs uv; the locks carry hashes and no index addresses.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --extra build --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		pyproject.toml --extra build --extra dev --extra dask --output-file requirements-dev.lock

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "MeMeMeter needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Hint: make PYTHON=python3.12 report")'
	@$(PYTHON) -m venv .venv || { echo "Hint: on Debian and Ubuntu, apt-get install python3-venv"; rm -rf .venv; exit 1; }

# The locks are complete, so nothing is left to resolve: pip 23 would look for a newer
# sqlalchemy[asyncio] than the sqlalchemy that is pinned, and refuse it.
.venv/report.installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up (once, two or three minutes) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m flows.prefect_database
	@touch $@

.venv/test.installed: requirements-dev.lock .venv/report.installed
	@echo "Setting up the test tools …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
