# What a person or a machine does with this checkout. Each target begins from nothing; a later call reuses what stands.
#
#   make demo     open a gateway with the demo people (PORT=8080, STORE=sqlite:///file, DEMO="--json");
#                 STORE=neo4j: on a real Neo4j, started for it by Docker, or by Java and Maven, and ended with it
#   make test     everything: unit, laws, cases, conformance, journeys, with the coverage gates (TEST=path: those alone);
#                 on a real Neo4j too, if one is named, or Docker answers, or Java and Maven are there; in Chromium,
#                 where there is one
#   make check    format, lint, types, import contracts and the quick tests, in under two minutes
#   make clients  install the client libraries that judge the gateway (needs Node 18 or newer, and npm)
#   make soak     see that unsafe gateways are found out; then histories of three gateways on a real Neo4j while things
#                 are killed, frozen and cut (MINUTES=10, SEED=0)
#   make attack   raw HTTP by the hundred thousand, generated documents and known tools at real gateways (ATTACK="--seed 7";
#                 ATTACK="--graphql-cop FOLDER": that checkout of it too)
#   make bench    what a request costs, here (BENCH="...")
#   make image    build the container image, start it read-only as nobody, stop it (needs root on Debian, or Docker)
#   make schema   write schema/*.graphql anew: the contract of each audience for the reference pack
#   make graphiql bundle the page of GraphiQL anew from npm (needs Node); its files are committed
#   make sbom     write down what ships, as CycloneDX, and its licences: .build/sbom
#   make audit    ask the advisory services about what ships; fails loudly where they are not reached
#   make format   put every file into the one shape
#   make lock     compile requirements*.txt anew from pyproject.toml
#   make clean    remove all that these targets made

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Two, because that is what the smallest machine that runs the tests has.
WORKERS ?= 2
# The tests are run on the oldest Python the project supports, where there is one.
PYTHONS := $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
CLIENTS := tests/clients/node_modules
# The word alone: a Neo4j of the demo's own, unless `CONSENT_GATEWAY_STORE` names one.
ON_NEO4J := $(filter neo4j,$(STORE))
# The compiler of the lock files is no dependency: nothing that runs needs it. Extras are kept in the pins: without them
# pip holds `coverage[toml]` for unpinned as soon as a newer coverage is published.
LOCKER := uv==0.13.9
COMPILE := .build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-strip-extras --annotation-style line --custom-compile-command "make lock"

.PHONY: help demo test check soak attack bench image schema graphiql format lock clean sbom audit clients
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   make /make /p' Makefile

demo: $(VENV)/.runtime
	@exec $(if $(ON_NEO4J),$(BIN)/python -m neo4j_here) $(BIN)/consent-gateway demo $(if $(PORT),--port "$(PORT)") \
	  $(if $(STORE),$(if $(ON_NEO4J),,--store "$(STORE)")) $(DEMO)

test: $(VENV)/.development
	@$(MAKE) --no-print-directory clients || echo "the client libraries will not be tested" >&2
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n $(WORKERS) $(if $(TEST),$(TEST),-m "not soak" -p tests.support.coverage_gates --cov --cov-report=term)

check: $(VENV)/.development
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not journey and not slow and not neo4j"

clients: $(CLIENTS)/.installed

soak: $(VENV)/.development
	@CI=1 $(BIN)/python -m pytest -q -n 0 -m soak tests/history
	@exec $(BIN)/python -m tests.history --minutes "$(or $(MINUTES),10)" --seed "$(or $(SEED),0)"

attack: $(VENV)/.development .build/attack/.made
	@exec $(BIN)/python -m tests.attacks --tools .build/attack/bin $(ATTACK)

bench: $(VENV)/.development
	@exec $(BIN)/python -m bench $(BENCH)

image: $(VENV)/.made
	@PYTHON="$(CURDIR)/$(BIN)/python" image/build.sh

schema: $(VENV)/.runtime
	@for audience in client partner governance; do \
	  CONSENT_GATEWAY_CATALOGUE= $(BIN)/consent-gateway schema $$audience > schema/$$audience.graphql || exit 1; \
	done

graphiql:
	@command -v npm >/dev/null || { echo "Node and npm make the page: install them" >&2; exit 1; }
	@cd clients/graphiql && npm ci --silent --no-audit --no-fund && node build.mjs

sbom: $(VENV)/.development
	@PYTHON="$(CURDIR)/$(BIN)/python" image/sbom.sh

audit: $(VENV)/.made
	@PYTHON="$(CURDIR)/$(BIN)/python" image/audit.sh

format: $(VENV)/.development
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: $(VENV)/.made
	@$(BIN)/python -m venv .build/lock
	@.build/lock/bin/python -m pip --disable-pip-version-check --quiet install "$(LOCKER)"
	@$(COMPILE) --extra otlp --group dev --output-file requirements-dev.txt pyproject.toml
	@$(COMPILE) --constraint requirements-dev.txt --extra otlp --extra neo4j-rust-ext --output-file requirements-image.txt pyproject.toml
	@$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml
	@$(COMPILE) --constraint requirements-dev.txt --group build --output-file requirements-build.txt
	@$(COMPILE) --group attack --output-file requirements-attack.txt
	@$(COMPILE) --group tools --output-file requirements-tools.txt

clean:
	rm -rf $(VENV) $(CLIENTS) clients/graphiql/node_modules .build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(wildcard gateway schema resolvers graph tests bench image neo4j_here) -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for python in $(PYTHONS); do \
	  if "$$python" -c '$(USABLE)' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "no Python 3.11 or newer that can make a virtual environment was found" >&2; \
	  echo "install one (Debian: apt-get install python3 python3-venv; macOS: brew install python)" >&2; \
	  echo "or name one: make PYTHON=/path/to/python3.11 ..." >&2; \
	  exit 1; \
	fi; \
	echo "making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements.txt requirements-build.txt pyproject.toml
	@echo "installing what the gateway needs"
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# An environment of its own: what a tool that attacks drags in is nothing to test or run a gateway with.
.build/attack/.made: $(VENV)/.made requirements-attack.txt
	@echo "installing what attacks"
	@$(BIN)/python -m venv .build/attack
	@.build/attack/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-attack.txt
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	@echo "installing what the tests need"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(CLIENTS)/.installed: tests/clients/package.json tests/clients/package-lock.json tests/clients/.npmrc
	@if ! { command -v node && command -v npm; } >/dev/null; then \
	  echo "no Node or no npm was found" >&2; \
	  echo "install Node 18 or newer (Debian: apt-get install nodejs npm; macOS: brew install node)" >&2; \
	  exit 1; \
	fi
	@echo "installing the client libraries"
	@cd tests/clients && npm ci --silent
	@touch $@
