# Everything starts here: `make html` on a machine with python3 (3.11 or later, with venv), make
# and git. Each target sets up what it needs in .venv first, once.

PYTHON ?= python3
POSTS ?= docs/posts
OUT ?= build/site
# More arguments for `make test`, such as ARGS="-k glossary".
ARGS ?=
# How long `make fuzz` goes on, and which texts it makes.
SECONDS ?= 60
SEED ?= 1

VENV ?= .venv
BIN = $(VENV)/bin

# A word of a shell command, whatever the user's path holds.
quote = '$(subst ','\'',$(1))'

export PIP_DISABLE_PIP_VERSION_CHECK = 1

# Only wheels: a source package would fetch build tools that no lock names.
INSTALL = $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
# The editions share one folder: they are built one after the other, with `make -j` too.
.NOTPARALLEL:
.PHONY: help html epub pdf site check serve docs readthedocs test readers fuzz lint lock clean distclean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'Another folder of posts: make html POSTS=/any/folder OUT=/another/folder'

html: $(VENV)/user ## Build the web edition of POSTS (docs/posts, the manual) into OUT (build/site)
	$(BIN)/duizhao build $(call quote,$(POSTS)) -o $(call quote,$(OUT)) --format html

epub: $(VENV)/user ## Build an EPUB of each book
	$(BIN)/duizhao build $(call quote,$(POSTS)) -o $(call quote,$(OUT)) --format epub

pdf: $(VENV)/user ## Build a PDF of each book
	$(BIN)/duizhao build $(call quote,$(POSTS)) -o $(call quote,$(OUT)) --format pdf

site: $(VENV)/user ## Build all editions: html, epub and pdf
	$(BIN)/duizhao build $(call quote,$(POSTS)) -o $(call quote,$(OUT)) --format html,epub,pdf

check: $(VENV)/user ## Report what is wrong in POSTS, and how to mend it; build nothing
	$(BIN)/duizhao check $(call quote,$(POSTS))

serve: $(VENV)/user ## Show the web edition in a browser, built first where it is missing
	@test -e $(call quote,$(OUT)/index.html) || $(MAKE) --no-print-directory html
	$(BIN)/duizhao serve $(call quote,$(OUT))

docs: $(VENV)/user ## Build the reference (docs/reference) into build/docs
	$(BIN)/python -m sphinx -q -n -W --keep-going -d build/doctrees docs build/docs

# Of each book its file of an edition: of EPUBs the main one. Slugs, of which paths are made, have
# no spaces.
paths = $(abspath $(BIN))/python -c 'import json; \
	[print(book["$(1)"]) for book in json.load(open("manifest.json"))["books"] if "$(1)" in book]'

# Read the Docs takes one EPUB and one PDF a project, each from a folder of its own; that there is no
# such folder means that there is none: a book that cannot be set as a PDF is published without.
define copy_one
@cd $(call quote,$(OUT)) && found=$$($(call paths,$(1))) && set -- $$found && { test $$# -le 1 || \
	{ echo "make readthedocs: one $(1) wanted, $$# found: $$*" >&2; exit 1; }; } && \
	for file; do mkdir -p "$$READTHEDOCS_OUTPUT/$(1)" && cp "$$file" "$$READTHEDOCS_OUTPUT/$(1)"; done
endef

readthedocs: site docs ## What Read the Docs runs: all editions into $READTHEDOCS_OUTPUT
	@test -n "$$READTHEDOCS_OUTPUT" || { echo 'make readthedocs: set READTHEDOCS_OUTPUT' >&2; exit 1; }
	mkdir -p "$$READTHEDOCS_OUTPUT/html/reference"
	cp -R $(call quote,$(OUT))/. "$$READTHEDOCS_OUTPUT/html"
	cp -R build/docs/. "$$READTHEDOCS_OUTPUT/html/reference"
	$(call copy_one,epub)
	$(call copy_one,pdf)

test: $(VENV)/test ## Run the tests (some of them: ARGS="-k glossary")
	$(BIN)/python -m pytest -n auto $(ARGS)

# What tests/readers reads the EPUBs with; no scripts of the packages run, so no browser is fetched.
READERS = build/readers
readers: $(READERS)/installed ## Fetch the reading systems and validators that some tests use (npm)

$(READERS)/installed: tests/readers/package.json tests/readers/package-lock.json
	@mkdir -p $(READERS)
	@cp $^ $(READERS)
	npm ci --prefix $(READERS) --ignore-scripts --no-audit --no-fund
	@touch $@

fuzz: $(VENV)/test ## Hold posts made by chance against the laws of tests/laws.py (SECONDS=60 SEED=1)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED)

lint: $(VENV)/test ## Check style, types and the import rule
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir build/cache/import-linter

# uv is asked only here, so it is not locked: what it writes is read before it is committed.
LOCK = build/uv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: build/uv/bin/uv ## Renew requirements/ after a change of pyproject.toml (UPGRADE=1: newest)
	$(LOCK) pyproject.toml --group build -o requirements/user.txt
	$(LOCK) --group test -c requirements/user.txt -o requirements/test.txt

build/uv/bin/uv:
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet uv

clean: ## Delete what make has built (build)
	rm -rf build

distclean: clean ## Delete the environment too (.venv)
	rm -rf .venv

# ---------------------------------------------------------------------------------------------
# The environment, in three steps, each marked by an empty file: the locked packages that users
# need, the project itself, and what tests need on top.

$(VENV)/packages: requirements/user.txt $(BIN)/python
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Duizhao needs Python 3.11 or later with its venv module (Debian: apt-get install' \
			'python3-venv). To choose another Python: make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'Setting up $(VENV), once: this takes about a minute.'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL) -r requirements/user.txt
	@touch $@

$(VENV)/user: pyproject.toml $(VENV)/packages
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test: requirements/test.txt $(VENV)/packages | $(VENV)/user
	@echo 'Setting up the test tools in $(VENV), once.'
	@$(INSTALL) -r requirements/test.txt
	@touch $@

# An interpreter that is missing, or whose link dangles after a system upgrade, is made anew above.
$(BIN)/python:
	@:
