# Two commands for a new user: `make run` and `make test`. Only Python 3.11+, make and git are needed before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
export TRAINER_INSTANCE ?= $(CURDIR)/instance

.PHONY: setup run check test search bench lint types unit browser postgresql wheel lock translations catalogues clean system-packages

setup: $(VENV)/.ready translations

$(VENV)/.ready: requirements/development.txt pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Catalogues are compiled where they are older than their source.
translations: $(patsubst %.po,%.mo,$(wildcard trainer/translations/*/LC_MESSAGES/messages.po))

%.mo: %.po $(VENV)/.ready
	$(BIN)/pybabel --quiet compile -i $< -o $@

# Collects the words of the product into the catalogues; new ones wait there to be translated.
catalogues: setup
	$(BIN)/pybabel --quiet extract -F babel.cfg --no-location --omit-header --sort-output \
	  -k lazy_gettext -k _l -k msg -k nmsg:1,2 -o build/messages.pot trainer
	$(BIN)/python scripts/catalogues build/messages.pot

run: export TRAINER_BASE_URL ?= http://127.0.0.1:$(PORT)
run: setup
	@$(BIN)/trainer demo
	@$(BIN)/trainer serve --port $(PORT)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --config importlinter.toml

types: setup
	$(BIN)/mypy

# The fast part: style, types, import contracts, every test on SQLite that needs no browser and no second database.
check: lint types
	$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile fast tests/unit tests/architecture

system-packages:
	@scripts/system-packages

# Everything on SQLite. On PostgreSQL all that reads and writes through services, queries, imports and commands' own code; the
# pages are seen there in the browser, whose demo is on PostgreSQL. Left to SQLite alone are the views over HTTP once more, the
# commands of tests/integration/cli, which make instances of their own, who may open which address, and what other programs say
# of a PDF.
test: lint types system-packages
	$(BIN)/pytest -n 2 --dist worksteal tests/unit tests/architecture tests/integration
	TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist worksteal --ignore tests/integration/cli \
	  --ignore tests/integration/test_access_matrix.py --ignore tests/integration/accreditation/test_document_tools.py \
	  --ignore-glob '*/test_views.py' --ignore-glob '*_pages.py' --ignore-glob '*/core/test_files.py' --ignore-glob '*/core/test_templates.py' \
	  tests/integration tests/architecture/test_migrations.py
	TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist load tests/browser tests/wheel

# Looks long for somebody whom a rule does not hold for: before a release, and after a change of a rule.
search: setup
	$(BIN)/pytest -n 2 --dist worksteal --timeout 1800 --hypothesis-profile search tests/unit

bench: setup
	$(BIN)/python -m bench

# Newer versions of everything: rewrites the pinned, hashed requirements.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	cd requirements && for name in runtime development; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" $$name.in -o $$name.txt; done

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
