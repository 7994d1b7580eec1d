# Năm Không. `make help` tells what there is; git and make are all a fresh Debian machine needs beforehand.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
SOURCES := vietnamese ledger units notices documents campaigns pledges reports namkhong tests bench scripts deploy manage.py

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## make the environment: system packages, .venv, var/ and its key
	@scripts/setup.sh run

.PHONY: setup-dev
setup-dev: ## the same, with what tests and checks need
	@scripts/setup.sh dev

.PHONY: run
run: setup ## start the portal with everything it needs; Ctrl-C stops it
	@exec $(PYTHON) scripts/run.py

.PHONY: code
code: ## what the telephone of a made-up person would show now: make code ACCOUNT=H000414
	@NAMKHONG_BASE_URL=$${NAMKHONG_BASE_URL:-http://127.0.0.1:8000} $(PYTHON) manage.py demo_code "$(ACCOUNT)"

.PHONY: test
test: setup-dev ## the whole suite: on SQLite, then on PostgreSQL + Redis
	@$(PYTHON) scripts/test.py $(ARGS)

.PHONY: check
check: setup-dev lint test ## everything that must hold before a change is kept

.PHONY: lint
lint: setup-dev ## the same without the tests: style, types, the tower, migrations, deploy settings
	$(PYTHON) -m ruff check $(SOURCES)
	$(PYTHON) -m ruff format --check $(SOURCES)
	$(PYTHON) -m djlint --quiet --lint templates
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m mypy
	$(PYTHON) manage.py makemigrations --check --dry-run
	NAMKHONG_BASE_URL=https://namkhong.example $(PYTHON) manage.py check --deploy --fail-level WARNING

.PHONY: fmt
fmt: setup-dev ## format the code
	$(PYTHON) -m ruff check --fix --quiet $(SOURCES) || true
	$(PYTHON) -m ruff format $(SOURCES)

.PHONY: bench
bench: setup-dev ## measure speed: every bench/bench_*.py, each closing with its ratio
	@$(PYTHON) scripts/bench.py $(ARGS)

.PHONY: faults
faults: setup-dev ## inject every fault, whole (make test runs a sample)
	@$(PYTHON) scripts/faults.py $(ARGS)

.PHONY: lock
lock: setup-dev ## resolve requirements*.in into hashed requirements*.txt
	@scripts/lock.sh
