SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
ENV := .venv/bin
PIP := $(ENV)/pip --quiet --disable-pip-version-check install --require-hashes
PYTEST := $(ENV)/python -m pytest --numprocesses 2 --dist worksteal
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(ENV)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url

.PHONY: run demo_data test test-all check bench install machine lock

run: .venv/runtime
	@DEMO=1 $(ENV)/python manage.py demo

# A large invented clinic beside the demo's own, such as `make demo_data N=10000`.
demo_data: .venv/runtime
	@DEMO=1 $(ENV)/python manage.py demo_data $(or $(N),10000)

test: machine .venv/installed
	$(PYTEST)
	$(ENV)/python -m tests.support.postgres $(PYTEST)

test-all: machine .venv/installed
	$(PYTEST) -m ""
	$(ENV)/python -m tests.support.postgres $(PYTEST) -m ""

check: .venv/installed
	$(ENV)/ruff check .
	$(ENV)/ruff format --check .
	$(ENV)/djlint --quiet --lint templates
	.ci/as-production $(ENV)/python -m mypy
	.ci/as-production $(ENV)/lint-imports --no-logo
	.ci/as-production $(ENV)/python -W error manage.py makemigrations --check --dry-run
	.ci/as-production $(ENV)/python -W error manage.py check --deploy --fail-level WARNING

bench: .venv/bench
	@mkdir -p .bench
	$(ENV)/python -m tests.benchmarks | tee .bench/results.txt

install: .venv/installed

machine:
	@.ci/machine-packages test

$(ENV)/python:
	@.ci/machine-packages run "$(PYTHON)"
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | $(ENV)/python
	$(PIP) --requirement requirements.txt
	@touch $@

.venv/installed: requirements-dev.txt | $(ENV)/python
	$(PIP) --requirement requirements-dev.txt
	@touch $@ .venv/runtime

.venv/bench: requirements-bench.txt .venv/installed
	$(PIP) --requirement requirements-bench.txt
	@touch $@

# The direct dependencies stand in pyproject.toml; this writes what follows from them, with hashes.
lock: .venv/installed
	$(LOCK) --upgrade pyproject.toml --output-file requirements.txt
	$(LOCK) --upgrade pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) --upgrade --group bench --constraint requirements-dev.txt --output-file requirements-bench.txt
