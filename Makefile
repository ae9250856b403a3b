# The four things to remember. Everything else is `pagewalk --help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8050
SERVE ?= 1
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check bench

help:
	@echo "make demo    measure two Go runtimes on three architectures, print what changed, serve the dashboard"
	@echo "             (SERVE=0 stops before serving, PORT=8050)"
	@echo "make test    all tests, those with emulators, toolchains and a browser too"
	@echo "make check   the fast tests, ruff, strict mypy, import-linter: under a minute"
	@echo "make bench   how fast pagewalk itself is, beside its peers"

demo: $(VENV)/.demo
	@scripts/install-system qemu perf cc
	@scripts/demo $(SERVE) $(PORT)

test: $(VENV)/.dev
	@scripts/install-system qemu perf cc chromium valgrind sshd busybox
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q -n 2 -m "not slow"

bench: $(VENV)/.dev
	@scripts/install-system qemu cc valgrind
	$(BIN)/python -m bench

# One file a set of wheels says that it is installed; it is older than pyproject.toml when that changed.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "pagewalk needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@scripts/install-system venv
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	@echo "Installing pagewalk and its wheels (about a minute the first time)"
	@$(PIP) install --quiet --editable '.[native,dashboard]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing pagewalk, its wheels and the tools for its tests (about a minute the first time)"
	@$(PIP) install --quiet --editable '.[native,dashboard,dev]'
	@touch $@ $(VENV)/.demo
