# Needs only make and Python 3.12 or newer; everything else goes into .venv, pinned with hashes by requirements.lock.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: install demo tour bench test test-postgres clients run check lock migrations python

PY := .venv/bin/python
STAMP := .venv/.installed

# A candidate counts only if it runs, is new enough and can make an environment: version managers put programs on the
# path that only say they are not there, and Debian's python3 comes without venv.
define find_python
usable() { "$$@" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }; \
found=; \
for candidate in python3.13 python3.12 python3; do \
	if usable $$candidate; then found=$$candidate; break; fi; \
done; \
if [ -z "$$found" ] && command -v uv >/dev/null 2>&1; then \
	uv python find --system '>=3.12' >/dev/null 2>&1 || uv python install 3.12 >&2 || true; \
	candidate=$$(uv python find --system '>=3.12' 2>/dev/null || true); \
	if [ -n "$$candidate" ] && usable "$$candidate"; then found=$$candidate; fi; \
fi; \
if [ -z "$$found" ]; then \
	echo "There is no Python 3.12 or newer here that can make a virtual environment." >&2; \
	echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or uv, and run make again." >&2; \
	exit 1; \
fi
endef

install: $(STAMP)

$(STAMP): requirements.lock
	@if ! $(PY) -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then \
		$(find_python); \
		echo "Making .venv with $$($$found --version)"; \
		"$$found" -m venv --clear .venv; \
	fi
	@echo "Installing what requirements.lock pins"
	@$(PY) -m pip install --quiet --quiet --no-input --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

demo: $(STAMP)
	@$(PY) -m bot demo

tour: $(STAMP)
	@$(PY) -m bot tour

bench: $(STAMP)
	@$(PY) -m bot bench

run: $(STAMP)
	@$(PY) -m bot run

test: $(STAMP)
	@$(PY) -m pytest -q -n 4 --dist worksteal

test-postgres: $(STAMP)
	@PASSES_TEST_DATABASE=postgres $(PY) -m pytest -q -n 4 --dist worksteal

# Other people's Discord libraries, each in an environment of its own; only here is Node needed, and a network to fetch them.
CLIENTS := build/clients

clients: $(CLIENTS)/discordpy/.installed $(CLIENTS)/hikari/.installed $(CLIENTS)/discordjs/.installed
	@PASSES_CLIENTS=required $(PY) -m pytest -q -n auto tests/clients

$(CLIENTS)/discordpy/.installed $(CLIENTS)/hikari/.installed: $(CLIENTS)/%/.installed: tests/clients/%/requirements.lock $(STAMP)
	@echo "Installing $* for make clients"
	@$(PY) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(CLIENTS)/discordjs/.installed: tests/clients/discordjs/package.json tests/clients/discordjs/package-lock.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { \
		echo "discord.js needs Node 18 or newer, with npm (Debian, Ubuntu: apt-get install nodejs npm)." >&2; exit 1; }
	@echo "Installing discord.js for make clients"
	@mkdir -p $(@D) && cp tests/clients/discordjs/package.json tests/clients/discordjs/package-lock.json $(@D)
	@cd $(@D) && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

check: $(STAMP)
	@$(PY) -m ruff format --check --quiet . || { echo "Not formatted. Mend it with: .venv/bin/ruff format"; exit 1; }
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

lock: $(STAMP)
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.12 --extra dev --extra postgres --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	@for client in discordpy hikari; do \
		$(PY) -m uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
			--no-emit-find-links --no-header tests/clients/$$client/requirements.in \
			-o tests/clients/$$client/requirements.lock || exit 1; \
	done
	@if command -v npm >/dev/null; then cd tests/clients/discordjs && \
		npm install --silent --package-lock-only --omit-lockfile-registry-resolved=true; fi

migrations: $(STAMP)
	@$(PY) -m bot.database.makemigrations

python:
	@$(find_python); echo "$$found"
