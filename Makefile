# The front door: `make` lists what there is.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
PYTHON ?= python3
PORT ?= 8000
ONLY ?=
BENCH ?=
BIN := .venv/bin
CATALOGUES := cms/locale/de/LC_MESSAGES/django.po reliability/locale/de/LC_MESSAGES/django.po

##@ Use
run: .venv/run.stamp ## Set up and start the site on http://127.0.0.1:8000 (PORT=8010 for another port)
	@exec $(BIN)/python manage.py embedded --port $(PORT)

lab: .venv/run.stamp servers ## Three regions on this machine, to be broken: PostgreSQL, Redis, sites (PORT=8101)
	@exec $(BIN)/python manage.py lab up --port $(if $(filter 8000,$(PORT)),8001,$(PORT))

reset: .venv/run.stamp ## Remove the data of `make run`, after asking (FORCE=1: without)
	@$(BIN)/python manage.py reset $(if $(FORCE),--force)

##@ Work
test: .venv/dev.stamp .venv/npm.stamp servers ## Check and test everything (ONLY=tests/unit for one part)
	@exec $(BIN)/python -m tests.setup.everything "$(ONLY)"

coverage: .venv/dev.stamp servers ## Show how much of the code the quick tests reach, on both databases (htmlcov/)
	@$(BIN)/python -m pytest -q -n 2 -p no:cacheprovider --cov --cov-report= tests/unit tests/integration
	@$(BIN)/python -m pytest -q -n 2 -p no:cacheprovider --engine=postgres --cov --cov-append \
	  --cov-report=html --cov-report=term:skip-covered tests/integration tests/promises

bench: .venv/dev.stamp servers ## Measure, all or one: BENCH=read, publish, import, growth, routing, flags, telemetry, health, overload
	@exec $(BIN)/python -m tests.bench $(BENCH)

lint: .venv/dev.stamp ## Look for mistakes and bad form
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: .venv/dev.stamp ## Check the types
	@$(BIN)/mypy

contracts: .venv/dev.stamp ## Check who imports whom
	@$(BIN)/lint-imports --no-logo

checks: .venv/dev.stamp ## Check the settings, and that no migration is missing
	@$(BIN)/python manage.py check
	@$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev.stamp ## Format the code
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

messages: .venv/dev.stamp servers ## Collect the sentences for translators, and compile what they wrote
	@$(BIN)/python manage.py makemessages --verbosity 0 --locale de --no-obsolete --no-wrap --add-location file \
	  --ignore tests --ignore var --ignore htmlcov --ignore staticfiles
	@sed -i '/^"POT-Creation-Date: /d; /^"Report-Msgid-Bugs-To: /d' $(CATALOGUES)
	@for each in $(CATALOGUES); do msgfmt --check-format --check-domain --output-file=$${each%.po}.mo $$each; done

servers: ## Install PostgreSQL, Redis, Prometheus, gettext and Chromium for the tests, where missing (apt-get)
	@tests/setup/install-servers

lock: .venv/dev.stamp ## Choose the newest versions that pyproject.toml allows, and lock them
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-strip-extras --python-version 3.11 \
	  --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-strip-extras --python-version 3.11 \
	  --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove the environment and the caches; data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- the environment: made again when the lock changes or its Python is gone ----------------------------------------
.venv/bin/python:
	@tests/setup/make-environment $(PYTHON)

.venv/run.stamp: requirements.txt | .venv/bin/python
	@tests/setup/install-packages requirements.txt && touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@tests/setup/install-packages requirements-dev.txt && touch $@ .venv/run.stamp

.venv/npm.stamp: tests/npm/package-lock.json .venv/dev.stamp
	@tests/setup/install-npm && touch $@

.PHONY: run lab reset test coverage bench lint types contracts checks format messages servers lock clean help
