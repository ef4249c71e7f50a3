# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
UV_VERSION := 0.13.9
PYTHON ?= python3

# uv from the machine if it works here, otherwise one of our own in .tools (pip is all it takes)
UV := $(shell if uv --version >/dev/null 2>&1; then command -v uv; else echo .tools/bin/uv; fi)
RUN := .venv/bin
# OPENBLAS_NUM_THREADS: waiting threads of the linear algebra would hold the processors that other processes need
QUIET := OPENBLAS_NUM_THREADS=1 RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1

.PHONY: help cluster servers-ready compose-ready soak benchmark run setup test check lint types data unit conversations browser train doctor evaluate benchmark-safety screenshots clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

run: setup  ## start everything: chat page, REST, actions; Ctrl-C stops it
	@$(RUN)/clonus run

setup: .venv/.ready  ## prepare everything without starting it

.tools/bin/uv:
	@echo "Fetching uv $(UV_VERSION) with pip ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv==$(UV_VERSION)

ifeq ($(UV),.tools/bin/uv)
UV_NEEDED := .tools/bin/uv
endif

.venv/.ready: pyproject.toml uv.lock .python-version bot/quiet.py | $(UV_NEEDED)
	@$(UV) python find 3.10 >/dev/null 2>&1 || { \
	  echo "Python 3.10 is needed and was not found. Install it (for example: pyenv install 3.10, or your system's python3.10 with venv), then run make again."; exit 1; }
	@echo "Preparing the environment in .venv ..."
	@$(UV) sync --locked --quiet
	@$(RUN)/python -m bot.quiet
	@touch $@

train: setup  ## build the knowledge base and train the model, unless nothing has changed
	@$(RUN)/clonus train

doctor: setup  ## check everything the bot needs
	@$(RUN)/clonus doctor

test: setup  ## everything: lint, types, data, unit tests, conversations, browser
	@$(MAKE) --no-print-directory browser-ready servers-ready compose-ready
	@$(MAKE) --no-print-directory -j2 train check
	@$(QUIET) $(RUN)/python -m tests.lanes

test-cluster: setup train servers-ready  ## a check-in through the killing of every process of a cluster; takes many minutes
	@$(QUIET) $(RUN)/python -m pytest tests/cluster

check: lint types data  ## lint, types and data validation

lint: setup  ## ruff
	@$(RUN)/ruff check . && $(RUN)/ruff format --check .

types: setup  ## mypy
	@$(RUN)/mypy

data: setup  ## our own content checks and rasa data validate
	@$(RUN)/clonus knowledge check
	@$(RUN)/clonus knowledge build
	@$(QUIET) $(RUN)/rasa data validate --domain domain --data data >var/validate.log 2>&1 || { cat var/validate.log; exit 1; }

browser-ready:  ## install the browser the page tests use
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then echo "Installing chromium ..."; apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	  else echo "The browser tests need chromium. Install it: sudo apt-get install chromium"; exit 1; fi; }

servers-ready: setup  ## install PostgreSQL, Redis and nginx, which the engine's tests and the cluster use
	@$(RUN)/python -m bot.commands.servers

compose-ready:  ## install docker-compose, by which the tests check deploy/compose.yml
	@command -v docker-compose >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then echo "Installing docker-compose ..."; apt-get update -qq && apt-get install -qq -y --no-install-recommends docker-compose >/dev/null; \
	  else echo "The tests of deploy/ need docker-compose. Install it: sudo apt-get install docker-compose"; exit 1; fi; }

cluster: setup  ## the topology of deploy/ on this machine: nginx, several servers, PostgreSQL, Redis; Ctrl-C stops it
	@$(RUN)/clonus cluster

benchmark: train servers-ready  ## ours against what rasa init makes, about 12 minutes; renews docs/benchmarks.md
	@$(UV) sync --locked --quiet --group benchmark
	@$(QUIET) $(RUN)/python -m benchmarks.engine

soak: train servers-ready  ## ten minutes of load on a cluster whose processes are killed: nothing lost, memory flat
	@$(UV) sync --locked --quiet --group benchmark
	@$(QUIET) $(RUN)/python -m benchmarks.engine.soak

benchmark-safety: train  ## what the safety screen costs a message; renews the figures in docs/safety.md
	@$(QUIET) taskset -c 0 $(RUN)/python -m benchmarks.safety --write

screenshots: train browser-ready  ## draw every state of the chat page and the staff console into docs/screenshots
	@$(QUIET) $(RUN)/python -m tests.browser.screenshots
	@$(QUIET) $(RUN)/python -m tests.browser.staff.screenshots

clean:  ## remove everything that was built
	rm -rf .venv .tools var models .mypy_cache .ruff_cache .pytest_cache
