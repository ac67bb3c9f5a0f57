# Everything a person does here, by one name each. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
NODE_BIN := node_modules/.bin
SHEETS := "overrides/assets/css/**/*.css"
PORT ?= 8000
PURE := model html source site importing pages outputs contract
FAST := $(PURE:%=tests/%) tests/markdown tests/golden tests/test_boundaries.py
# A file's tests stay together, because what they set up is costly. More than four processes would need much memory.
SHARED := --numprocesses=logical --maxprocesses=4 --dist=loadfile
MAINTAIN := .cache/maintain

# Two notices that MkDocs' ecosystem prints about its own future at every start. We know: see docs/stack.md.
export NO_MKDOCS_2_WARNING := 1
export DISABLE_MKDOCS_2_WARNING := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What `lint` and `test` both ask of the code. Pages and workers have different globals, so their scripts are checked apart.
# `.pre-commit-config.yaml` runs the same.
define checks
$(BIN)/ruff check .
$(BIN)/ruff format --check .
$(BIN)/mypy
$(BIN)/lint-imports --no-cache
$(BIN)/typos . tests
$(NODE_BIN)/biome check --error-on-warnings .
$(NODE_BIN)/stylelint --max-warnings=0 $(SHEETS)
$(NODE_BIN)/tsc -p tsconfig.json
$(NODE_BIN)/tsc -p tsconfig.workers.json
$(NODE_BIN)/tsc -p search
$(BIN)/zizmor --offline --quiet .github/workflows
node tools/workflows.mjs
endef

.PHONY: help serve build test test-fast fuzz mutate lint docs format bench bench-search engine lab lab-versions audit lock lock-servers clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

serve: $(VENV)/.site ## preview at http://127.0.0.1:8000, rebuilt as you type
	$(BIN)/mkdocs serve --livereload --dev-addr 127.0.0.1:$(PORT)

build: $(VENV)/.site ## build the site into site/
	$(BIN)/mkdocs build --strict

test: $(VENV)/.test node_modules/.installed ## style, types, layers, spelling and every test, labs against real servers
	./tools/system-packages
	./tools/lab-servers
	$(checks)
	$(BIN)/python -m pytest $(SHARED) $(PYTEST_ARGS)
	$(BIN)/engblog lab run --all --no-record $(LAB_ARGS)

test-fast: $(VENV)/.test ## the tests to run while working, in a minute or two: pure packages, and a small site through MkDocs
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest $(FAST) $(PYTEST_ARGS)

fuzz: $(VENV)/.test ## look for inputs that break a promise, for hours: [PYTEST_ARGS="tests/build/test_robust.py"]
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -m hypothesis $(PYTEST_ARGS)

mutate: $(VENV)/.test ## change the pure packages a little, and see whether the tests notice: [MUTATE_ARGS="html --count 10"]
	$(BIN)/python tools/mutate.py $(MUTATE_ARGS)

lint: $(VENV)/.test node_modules/.installed ## check style, types, layers, spelling and articles
	$(checks)
	$(BIN)/engblog check

docs: $(VENV)/.test ## generate files from the code: documentation/options.md, schemas/
	$(BIN)/python -m tools.generated

format: $(VENV)/.test node_modules/.installed ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NODE_BIN)/biome check --write .
	$(NODE_BIN)/stylelint --fix $(SHEETS)

bench: $(VENV)/.test ## compare the speed of the build with Material's blog plugin
	$(BIN)/python -m benchmarks.build $(BENCH_ARGS)

bench-search: $(VENV)/.test node_modules/.installed ## compare the search with Material's, Pagefind and MiniSearch
	$(BIN)/python -m benchmarks.search $(BENCH_ARGS)

engine: node_modules/.installed ## make the search engine that readers load from its sources in search/src
	node search/src/tools/build.mjs

lab: $(VENV)/.test ## run one article's lab and record it: make lab ARTICLE=<slug> [VERSIONS=all]
	@test -n "$(ARTICLE)" || { echo "say which: make lab ARTICLE=<slug>"; exit 2; }
	./tools/system-packages
	./tools/lab-servers default $(firstword $(subst =, ,$(VERSIONS)))
	$(BIN)/engblog lab run "$(ARTICLE)" $(if $(VERSIONS),--versions "$(VERSIONS)") $(LAB_ARGS)

lab-versions: $(VENV)/.test ## run the claims of every lab on every version of its servers
	./tools/system-packages
	./tools/lab-servers all
	$(BIN)/engblog lab run --all --versions all $(LAB_ARGS)

audit: $(MAINTAIN)/.installed ## list locked dependencies with known vulnerabilities; status 3: could not ask
	$(MAINTAIN)/bin/python tools/audit.py

lock: $(MAINTAIN)/.installed ## pin every dependency again, with hashes
	cd requirements && for lock in "site ../pyproject.toml --all-build-deps" "maintain maintain.in" \
	    "test ../pyproject.toml --all-build-deps --extra test --constraint site.txt"; do \
	  set -- $$lock; name=$$1; shift; \
	  ../$(MAINTAIN)/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file $$name.txt "$$@" || exit 1; \
	done

lock-servers: $(MAINTAIN)/.installed ## lock again what servers/ pins, with hashes
	for each in servers/*/requirements.in; do (cd $$(dirname $$each) && \
	  $(CURDIR)/$(MAINTAIN)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt requirements.in) \
	  || exit 1; done
	for each in servers/*/package.json; do (cd $$(dirname $$each) && npm install --package-lock-only --ignore-scripts \
	    --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error) || exit 1; done

clean: ## remove files that can be made again
	rm -rf site .site.* build dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis plugins/*.egg-info

# A stamp a purpose: an install is repeated when its lock changes.
$(VENV)/.site: requirements/site.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/site.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.site
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	touch $@

# Tools of maintainers are separate, because they must not decide which versions the site is built and tested with.
$(MAINTAIN)/.installed: requirements/maintain.txt
	$(PYTHON) -m venv $(MAINTAIN)
	$(MAINTAIN)/bin/python -m pip install --quiet --require-hashes -r requirements/maintain.txt
	touch $@

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python 3.11 with its venv module is needed; on Debian: apt-get install python3 python3-venv"; exit 1; }

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@
