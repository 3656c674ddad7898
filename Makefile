# Carillon's commands. `make` alone lists them; every one sets up what it needs first.
# Settings of the local stack: PORT EMULATOR_PORT GATEWAY_PORT GATEWAY_URL GATEWAY_TOKEN

PYTHON ?= python3
BIN := .venv/bin
WITH_CARILLON := PYTHONPATH=.:layers/shared/python
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --quiet
SOURCES := app.py infra functions layers/shared/python local supply cli benchmarks tests
export PORT EMULATOR_PORT GATEWAY_PORT GATEWAY_URL GATEWAY_TOKEN
# Containers often have it. Every process that begins here, and tests begin dozens, would compile
# the CDK, the emulator and all the rest anew: seconds for each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run demo stop clean token openapi check test test-long mutants simulate chaos bench deploy diff destroy \
	settings lock licences sbom audit

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/.installed .venv/bin/carillon node_modules/.installed ## the environment (.venv, node_modules); all others imply it
	@:

run: setup ## Carillon on this machine: http://localhost:8000
	@$(BIN)/python -m local run

demo: setup ## the main job, shown: clients, a mailing, its messages, the counts
	@$(BIN)/python -m local demo

stop: ## end this clone's local stack, from any shell
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local stop; fi

clean: stop ## stop, and forget the local data and everything built
	@rm -rf .local .build

token: setup ## a bearer token for the local API
	@$(BIN)/python -m local token

openapi: setup ## write docs/openapi.json from the code
	@$(WITH_CARILLON) $(BIN)/python -m functions.api.openapi

check: setup ## the gate: style, types, imports, architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(SOURCES)
	@$(WITH_CARILLON) $(BIN)/lint-imports
	@node_modules/.bin/biome check --error-on-warnings
	@node_modules/.bin/tsc --project .
	@$(BIN)/pytest -q tests/architecture

test: setup ## everything that proves it, on a stack of its own
	@$(BIN)/pytest -n 2 -m "not long"

test-long: setup .venv-bench/.installed ## also the long forms
	@$(BIN)/pytest -n 2

mutants: setup ## a fault in each line of the rules: do the tests notice? 25 minutes; ONLY=usecases/closing.py
	@$(BIN)/python -m tests.mutation $(if $(ONLY),--only $(ONLY))

simulate: setup ## the promises under seeded faults: for MINUTES=5, or one SEED= with its trace
	@$(WITH_CARILLON) $(BIN)/python -m tests.simulation \
		$(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))

chaos: setup ## the promises while the local stack is killed, stopped and emptied; CLIENTS= MINUTES= SEED=
	@$(WITH_CARILLON) $(BIN)/python -m local.chaos \
		$(if $(CLIENTS),--clients $(CLIENTS)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

bench: setup .venv-bench/.installed ## how fast and how cheap, beside what people would use instead; RUNS= QUICK=1 ONLY=stack,api
	@$(WITH_CARILLON) $(BIN)/python -m benchmarks \
		$(if $(QUICK),--quick) $(if $(RUNS),--runs $(RUNS)) $(if $(ONLY),--only $(ONLY))

deploy: setup ## to AWS, by environments/<ENV>.toml, after showing where and asking; OPTIONS="-c key=value"
	@$(BIN)/python -m local.deploying deploy "$(ENV)" $(OPTIONS)

diff: setup ## what `make deploy` would change, with the same ENV= and OPTIONS=; changes nothing
	@$(BIN)/python -m local.deploying diff "$(ENV)" $(OPTIONS)

destroy: setup ## delete the stack of ENV=, after saying what goes and what stays
	@$(BIN)/python -m local.deploying destroy "$(ENV)" $(OPTIONS)

settings: setup ## write docs/settings.md from the code
	@$(BIN)/python -m local.settings_reference

lock: setup ## compile requirements.in and package.json anew
	@$(COMPILE) layers/dependencies/requirements.in -o layers/dependencies/requirements.txt
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) benchmarks/requirements.in -o benchmarks/requirements.txt
	@npm install --package-lock-only

licences: setup ## write docs/licences.md from what is installed
	@$(BIN)/python -m supply licences

sbom: setup ## the bill of materials of what is deployed: .build/sbom.json (CycloneDX)
	@$(BIN)/python -m supply sbom

audit: setup ## ask for known vulnerabilities of everything that is pinned
	@$(BIN)/python -m supply audit

.venv/.installed: requirements.txt local/prerequisites.py
	@$(PYTHON) local/prerequisites.py
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || { sed -n '/^uv==/,/[^\\]$$/p' requirements.txt >.venv/uv.txt && \
		$(BIN)/python -m pip install -qq --require-hashes --requirement .venv/uv.txt; }
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.txt
	@touch $@

# Only the benchmark's reference is made of these: Carillon's own environment stays without them.
.venv-bench/.installed: benchmarks/requirements.txt .venv/.installed
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv --without-pip .venv-bench
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv-bench/bin/python benchmarks/requirements.txt
	@touch $@

.venv/bin/carillon: cli/install.py .venv/.installed
	@$(BIN)/python -m cli.install

node_modules/.installed: package.json package-lock.json
	@$(PYTHON) local/prerequisites.py
	@npm ci --silent
	@touch $@
