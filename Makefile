# Fonds portal. `make run` starts it; nothing but Python 3.11 is needed beforehand.

.DEFAULT_GOAL := help
.PHONY: help run test test-heavy rehearse bench services lock clean
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
SERVICES := exec $(BIN)/python -m fondsportal.services
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

help: ## Cette aide
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: .venv/run.stamp ## Le portail de démonstration (PORT=8000, DATA=.data)
	@$(SERVICES) run

test: .venv/test.stamp ## Toutes les vérifications ; ARGS="tests/calls -x" : pytest seul
	@$(SERVICES) test

test-heavy: .venv/test.stamp ## L'édition lourde des parcours, que « make test » abrège
	@ARGS="-n 2 --dist worksteal -m heavy $(ARGS)" $(SERVICES) test

rehearse: .venv/run.stamp ## Une campagne entière, jouée (SIZE=…, SEED=…)
	@$(SERVICES) rehearse

bench: .venv/test.stamp ## Les mesures
	@$(SERVICES) bench

services: .venv/test.stamp ## PostgreSQL et Valkey seuls, pour lancer pytest à la main
	@$(SERVICES) services

lock: .venv/test.stamp ## Refait les listes verrouillées (UPGRADE=1 : aux dernières versions)
	@$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra embedded --extra dev -o requirements/test.txt
	@$(LOCK) pyproject.toml --extra embedded -c requirements/test.txt -o requirements/run.txt
	@$(LOCK) pyproject.toml -c requirements/test.txt -o requirements/container.txt
	@echo uv | $(LOCK) $(if $(UPGRADE),--upgrade) - -o requirements/installer.txt

clean: ## Supprime l'environnement Python, et lui seul
	rm -rf .venv

# --- The environment: made once, installed again when its list changes -------------------------------------

# uv is fast but ignores pip's own configuration (a mirror, a certificate): pip takes over when it fails.
define install
	@echo "Installation des dépendances…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/installer.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r $(1) \
		|| $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1)
endef

.venv/run.stamp: requirements/run.txt requirements/installer.txt | $(BIN)/pip
	$(call install,requirements/run.txt)
	@touch $@

# The longer list holds the shorter one.
.venv/test.stamp: requirements/test.txt requirements/installer.txt | $(BIN)/pip
	$(call install,requirements/test.txt)
	@touch .venv/run.stamp $@

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Il faut Python 3.11 ou plus récent (ou PYTHON=/chemin/de/python3)." >&2; exit 1; }
	@sh requirements/venv.sh $(PYTHON)
