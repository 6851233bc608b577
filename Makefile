# One word each: run, test, setup, lint, bench, demo. Needs only Python 3.11+, make and git.
SHELL := /bin/bash
PYTHON ?= $(shell scripts/choose_python)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --require-virtualenv
export DJANGO_SETTINGS_MODULE = tongyu.config.settings

.PHONY: help setup run demo test lint format bench history lock messages clean-venv browser-packages

help:  ## what can be typed
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMPS)/package  ## install everything into .venv
	@echo "ready: $(BIN)/tongyu"

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make setup PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/locked: requirements.lock requirements-dev.lock | $(STAMPS)/venv
	@echo "installing the locked packages (a minute or two) …"
	@$(PIP) install -qq --require-hashes -r requirements.lock -r requirements-dev.lock
	@touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/locked
	@mkdir -p src/tongyu && touch src/tongyu/__init__.py
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

run: setup  ## start everything on http://127.0.0.1:8000
	@exec $(BIN)/tongyu run

STUDENTS ?= 3000
demo: setup  ## make the demo county again: make demo STUDENTS=30000
	$(BIN)/tongyu demo --students $(STUDENTS)

lint: setup  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: setup  ## let ruff put the code in order
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

browser-packages:
	@scripts/install_browser_packages

PROCESSES ?= 2
test: setup browser-packages lint  ## everything CI runs
	@PROCESSES=$(PROCESSES) scripts/run_tests

bench: setup  ## measure, into bench/results.json
	@mkdir -p bench
	$(BIN)/tongyu bench --json > bench/results.json.new
	@mv bench/results.json.new bench/results.json && cat bench/results.json

history: setup  ## five years of an invented county, every figure compared; 1 at the first difference
	PYTHONPATH=tests $(BIN)/python -m history

lock: setup  ## make the lock files again from requirements*.in
	scripts/lock_requirements

messages: setup  ## collect the words for translation and compile them; needs GNU gettext
	@command -v msgfmt >/dev/null && command -v xgettext >/dev/null \
		|| { echo "GNU gettext is needed: apt-get install gettext"; exit 1; }
	cd src/tongyu && ../../$(BIN)/django-admin makemessages --locale en --add-location file --no-wrap --no-obsolete \
		--ignore var --ignore node_modules --ignore assets
	msgfmt --check-format --check-domain --statistics -o src/tongyu/locale/en/LC_MESSAGES/django.mo \
		src/tongyu/locale/en/LC_MESSAGES/django.po

clean-venv:
	rm -rf $(VENV)
