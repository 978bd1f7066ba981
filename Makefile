# Two targets matter: `make up` shows the provider at work, `make test` is everything that CI runs.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help up test lint unit load bench system cli docs requirements clean distclean

# What the checkout brings comes first; nothing else of the machine is changed.
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/bin:$(PATH)

PYTHON ?=
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
INSTALLED = .venv/installed
CLIENTS = .venv/clients
REQUIREMENTS = requirements/build.txt requirements/develop.txt

help: ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r target purpose; do printf '  make %-13s %s\n' "$$target" "$$purpose"; done

up: $(INSTALLED) cli ## run the root project with the real Pulumi against an emulated Dataverse
	@mkdir -p .quickstart
	@$(BIN)/dataverse-email emulator run --data .quickstart/emulator --request-log .quickstart/requests.jsonl -- $(BIN)/python tools/quickstart.py

test: lint unit load system ## all that CI runs: lint, then the tests, the cheap ones first, and their coverage
	$(BIN)/coverage report --fail-under=95

lint: $(INSTALLED) ## style, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@for it in examples/*/__main__.py; do MYPYPATH="$${it%/*}" $(BIN)/mypy "$${it%/*}" || exit 1; done # apart: each is a __main__
	$(BIN)/lint-imports

unit: $(CLIENTS) ## the tests that need no Pulumi CLI
	CLIENTS_REQUIRED=1 $(BIN)/pytest -n auto --cov --cov-report= tests/unit tests/contract

load: $(INSTALLED) ## a hundred clients at once, and a kill -9 in the middle
	$(BIN)/pytest --cov --cov-append --cov-report= tests/load

bench: $(INSTALLED) cli ## what the client, the emulator and whole runs take, and half a minute of a hundred clients (RUN_SIZES=100: in a few minutes)
	$(BIN)/python -m benchmarks

system: $(INSTALLED) cli ## the tests that run the real Pulumi CLI
	PULUMI_CLI_REQUIRED=1 $(BIN)/pytest -n $$($(BIN)/python -c 'import os; print(1 + os.cpu_count())') --cov --cov-append --cov-report= tests/system # half of their time they wait

cli: $(INSTALLED) ## find the Pulumi CLI, else put one into .tools
	@$(BIN)/python tools/pulumi_cli.py

docs: $(INSTALLED) ## write what the manual takes from the declarations: kinds, rules, settings, error codes, switches
	$(BIN)/python -m tools.manual

# The stamp is written last, so that an interrupted installation is done again.
$(INSTALLED): $(REQUIREMENTS) pyproject.toml | .venv/bin/python
	@echo "Installing the pinned requirements into .venv (about a minute)"
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements/build.txt
	@$(PIP) install --quiet --require-hashes --no-build-isolation -r requirements/develop.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(CLIENTS): requirements/clients.txt $(INSTALLED)
	@echo "Installing Microsoft's Dataverse client, which the tests try on the emulator (about a minute)"
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements/clients.txt
	@touch $@

.venv/bin/python:
	@python=$$(PYTHON='$(PYTHON)' tools/find-python) && "$$python" -m venv --clear .venv

requirements: $(INSTALLED) ## pin anew after a change of pyproject.toml (UPGRADE=--upgrade: take the newest)
	$(PIN) --group build --output-file requirements/build.txt
	$(PIN) --group dev --extra emulator --constraint requirements/build.txt --output-file requirements/develop.txt pyproject.toml
	$(PIN) --group clients --constraint requirements/develop.txt --output-file requirements/clients.txt

PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make requirements' $(UPGRADE)

clean: ## forget the state and rows of `make up`, and all caches
	rm -rf .quickstart Pulumi.quickstart.yaml .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache __pycache__ dist
	find provider tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## the same, and .venv and .tools, which take minutes to come back
	rm -rf .venv .tools
