# `make help` says what there is. Needs Python 3.11 or later (with venv) and nothing else.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset demo-order demo-manage demo-audit test lint soak bench messages setup
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
SERVERS := $(PY) -m config.embedded run --throwaway --
# Extra arguments for pytest: make test ARGS="tests/stock -x"
ARGS ?=

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: setup ## the whole product on this machine, with a demo chain; Ctrl-C stops it, the data are kept
	@$(PY) -m config.demo

demo-reset: setup ## remove everything the demo has made
	@$(PY) -m config.demo --reset

demo-order: setup ## send the running demo an order from its shop; ARGS="--store LEEDS --lines 2 --method curbside"
	@$(PY) -m config.demo --manage demo_order $(ARGS)

demo-manage: setup ## a command for the running demo; ARGS="make_api_key --help"
	@$(PY) -m config.demo --manage $(ARGS)

demo-audit: setup ## check every invariant of the running demo's record
	@$(PY) -m config.demo --manage audit

test: setup ## every test, against servers and a browser of its own; ARGS go to pytest
	@browser=$$($(PY) -m tests.browser_setup) && STOREHAND_CHROMIUM="$$browser" \
		$(SERVERS) $(PY) -m pytest -n 2 $(ARGS)

soak: setup ## the long fault and load runs
	@browser=$$($(PY) -m tests.browser_setup) && STOREHAND_CHROMIUM="$$browser" \
		$(SERVERS) $(PY) -m pytest -m soak --timeout 43200 $(ARGS)

bench: setup ## the speed table
	@$(SERVERS) $(PY) -m tests.bench $(ARGS)

lint: setup ## style, types, layers, templates, migrations, deployment checks
	@$(SERVERS) $(MAKE) --keep-going $(LINT_STEPS)

messages: setup ## collect the texts to translate, and compile what is translated (needs GNU gettext)
	@$(SERVERS) sh -c '$(PY) manage.py makemessages --all --no-location --no-obsolete --ignore .venv --ignore .storehand \
		--ignore tests && $(PY) manage.py compilemessages --ignore .venv'

# --- The steps of lint: each prints one line, and its output only if it fails ------------------------

LINT_STEPS := lint-style lint-format lint-types lint-layers lint-templates lint-migrations lint-deployment
.PHONY: $(LINT_STEPS)
PRODUCTION := env -u STOREHAND_DEMO -u DEBUG HTTPS=1 ALLOWED_HOSTS=storehand.example \
	SITE_URL=https://storehand.example LIVE_URL=
step = @printf '%-58s' '$(1)'; if said=$$($(2) 2>&1); then echo ok; else echo FAILED; echo "$$said"; exit 1; fi

lint-style:
	$(call step,ruff check,$(PY) -m ruff check .)
lint-format:
	$(call step,ruff format --check,$(PY) -m ruff format --check .)
lint-types:
	$(call step,mypy,$(PY) -m mypy .)
lint-layers:
	$(call step,lint-imports,$(PY) .venv/bin/lint-imports)
lint-templates:
	$(call step,djlint --lint,$(PY) -m djlint --lint --quiet $(wildcard templates */templates */*/templates))
lint-migrations:
	$(call step,manage.py makemigrations --check,$(PY) -W error::RuntimeWarning manage.py makemigrations --check --dry-run)
lint-deployment:
	$(call step,manage.py check --deploy,$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING)

# --- The virtual environment, as requirements.lock says ----------------------------------------------

setup: .venv/requirements.lock

# The copy of the lock inside .venv says what is installed there; it is written last.
.venv/requirements.lock: requirements.lock
	@if cmp -s requirements.lock $@; then touch $@; exit 0; fi; \
	if ! [ -x $(PY) ]; then \
		for python in python3 python3.11 python3.12 python3.13 python3.14; do \
			$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; recent=$$python; \
			if $$python -c 'import venv, ensurepip' 2>/dev/null; then found=$$python; break; fi; \
		done; \
		if [ -z "$$recent" ]; then \
			echo "Python 3.11 or later is needed; python3 is $$(python3 --version 2>/dev/null || echo missing)." >&2; exit 1; \
		elif [ -z "$$found" ]; then \
			echo "$$recent lacks its venv module (on Debian: apt install python3-venv)." >&2; exit 1; \
		fi; \
		echo "Making .venv with $$($$found --version) …"; $$found -m venv .venv || exit 1; \
	fi; \
	echo "Installing what requirements.lock names …"; \
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock && cp requirements.lock $@
