# Two words to know: `make demo` (raw data to Word) and `make test`. Everything they need is set up by them:
# a Python of 3.11 or newer is found (or named: make test PYTHON=python3.13), packages are pinned by constraints.txt.
PYTHON ?= $(shell for each in python3 python3.11 python3.12 python3.13 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check lint types imports bench long clean
demo: $(STAMP)
	$(BIN)/sdtm2adam demo --out demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal

check: lint types imports test

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

long: $(STAMP)
	$(BIN)/python -m pytest -m long -n auto --dist worksteal

clean:
	rm -rf $(VENV) demo build dist

$(STAMP): pyproject.toml constraints.txt
	@sh .ci/environment "$(PYTHON)" "$(VENV)"
	@touch $@
