# Each target is all that has to be typed, from a clean clone on.
PY     := .venv/bin/python
NPM     = $(shell command -v npm || echo .venv/bin/npm)
SUDO   := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
export DJANGO_SETTINGS_MODULE := tinglan.settings
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

DEMO ?= 1
MESSAGES := tinglan/locale/zh_Hans/LC_MESSAGES/django

.PHONY: run setup check test test-setup journeys bench train docs messages clean

run: .venv/.run node_modules/.done $(MESSAGES).mo  ## start Tinglan; DEMO=0 starts empty
	.venv/bin/tinglan up $(if $(filter 1,$(DEMO)),--demo)

setup: .venv/.dev node_modules/.done $(MESSAGES).mo  ## everything for work on Tinglan

check: setup  ## format, lint, imports, types, translations, fast tests: under two minutes
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet tinglan
	.venv/bin/mypy
	.venv/bin/tinglan makemigrations --check --dry-run
	.venv/bin/pytest -q -m "not slow" --store=none

test: setup test-setup  ## every test on both stores, and the journeys in a browser
	.venv/bin/pytest -q -n 2
	$(PY) tests/postgresql.py .venv/bin/pytest -q -n 2 --store=postgresql
	$(MAKE) journeys

journeys: setup test-setup
	.venv/bin/pytest -q -n 2 --dist worksteal tests/journeys
	$(PY) tests/postgresql.py .venv/bin/pytest -q -n 2 --dist worksteal tests/journeys --store=postgresql

bench: setup .venv/.bench  ## make bench [NAME=q1]: measure and write benchmarks/results/
	$(PY) -m benchmarks.run $(NAME)

train: setup .venv/.bench  ## train the shipped weights from TINGLAN_DATA
	$(PY) -m benchmarks.train_polarity
	$(PY) -m benchmarks.train_labels
	$(PY) -m benchmarks.train_forecast

docs:  ## check that every link in the docs leads somewhere
	$(PY) scripts/check_docs.py

messages: setup  ## collect texts for translation
	cd tinglan && ../.venv/bin/tinglan makemessages -l zh_Hans --no-location --no-obsolete -i "tests/*"

test-setup:
	$(PY) scripts/install_test_tools.py

clean:
	rm -rf .venv node_modules tinglan/pages/static/vendor var

.venv/bin/python:
	python3 -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@ .venv/.run

.venv/.bench: requirements-bench.lock | .venv/.dev
	$(PY) -m pip install --quiet --require-hashes -r requirements-bench.lock
	touch $@

node_modules/.done: package-lock.json | .venv/bin/python
	command -v npm >/dev/null || $(PY) -m pip install --quiet --require-hashes -r requirements-node.lock
	PATH="$(CURDIR)/.venv/bin:$$PATH" $(NPM) ci --ignore-scripts --no-audit --no-fund --silent
	$(PY) scripts/build_static.py
	touch $@

$(MESSAGES).mo: $(MESSAGES).po | .venv/.run
	.venv/bin/pybabel -q compile -d tinglan/locale -D django
