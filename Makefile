# make run   set up, and show the whole way: a referral arrives, is filed and answered
# make test  every test, on real components
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask

# The font is for plain text drawn as pages; LibreOffice (office layout) and tesseract (OCR) are
# used where they are installed: libreoffice-{writer,calc,impress}-nogui tesseract-ocr. Without
# impress, slides and drawings of before 2007 are held, and of others only the words are shown.
# The fonts draw the scripts of those who write: Arabic with Nastaliq, Ethiopic, Thai, Bengali, Chinese.
RUN_PACKAGES := bubblewrap fontconfig fonts-dejavu-core fonts-droid-fallback fonts-nanum \
  fonts-noto-core libfribidi0 libmagic1
TEST_PACKAGES := $(RUN_PACKAGES) chromium clamav-daemon dovecot-imapd postgresql \
  libreoffice-calc-nogui libreoffice-impress-nogui libreoffice-writer-nogui tesseract-ocr \
  tesseract-ocr-ara tesseract-ocr-eng tesseract-ocr-fas tesseract-ocr-swe

SOURCES := wsgi.py portal intake mailbox storage tests

.PHONY: help setup setup-run venv-package compiled run test check audit sbom bench soak lock translations screenshots clean

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# Debian's packages: installed when this user may, named when not.
define debian
	@missing=""; for package in $(1); do \
	  dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then sudo=""; \
	  elif sudo -n true 2>/dev/null; then sudo="sudo"; \
	  else echo "Please install these Debian packages first:$$missing" >&2; exit 1; fi; \
	  echo "Installing Debian packages:$$missing"; \
	  $$sudo apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

# Debian's own Python comes without the module that puts pip into a new environment.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory venv-package
	@$(PYTHON) -m venv $(VENV)

venv-package:
	$(call debian,python3-venv)

# A stamp for each lock file: nothing is installed twice, and a changed lock installs again.
$(VENV)/run.stamp: requirements.txt | $(PY)
	@echo "Installing the locked libraries"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(PY)
	@echo "Installing the locked libraries and tools"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

setup: $(VENV)/dev.stamp ## .venv with everything locked, and the Debian packages that are missing
	$(call debian,$(TEST_PACKAGES))

setup-run: $(VENV)/run.stamp
	$(call debian,$(RUN_PACKAGES))

# Else each process compiles it anew: a second of a processor at every start, and the tests start hundreds.
compiled: | $(PY)
	@$(PY) -m compileall -q -j 0 $(SOURCES)

run: setup-run compiled ## the embedded demo: portal, mail server, poller, worker and sender
	@exec $(FLASK) demo

# The order stays as tests/conftest.py says: files of long tests first, so that none idles at the end.
test: setup compiled ## all tests, with real components
	@$(PY) -m pytest -m "not soak" -n 4 --dist loadfile --no-loadscope-reorder

check: setup ## format, lint, types, imports
	@$(PY) -m ruff format --check $(SOURCES)
	@$(PY) -m ruff check $(SOURCES)
	@$(PY) -m mypy
	@PYTHONPATH=. $(VENV)/bin/lint-imports

# --strict: a library of which nothing could be learnt is a failure, not a library without faults.
audit: setup ## known weaknesses of what is locked (asks a public service)
	@for lock in requirements.txt requirements-dev.txt; do \
	  $(VENV)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$lock || exit 1; \
	done

sbom: setup ## sbom.cdx.json: the locked libraries, their hashes and licences (CycloneDX)
	@$(PY) -m tests.bill_of_materials > sbom.cdx.json.new
	@mv sbom.cdx.json.new sbom.cdx.json
	@echo "Written: sbom.cdx.json"

bench: setup ## what it costs: latency, throughput beside the floor, memory
	@$(PY) -m tests.bench

soak: setup ## the long faults
	@$(PY) -m pytest -m soak

lock: ## renew the lock files (needs uv)
	@UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --universal --python-version 3.11 \
	  --generate-hashes --quiet -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --quiet -o requirements-dev.txt

translations: $(VENV)/dev.stamp ## bring the catalogues of the pages up to date
	@$(VENV)/bin/pybabel -q extract -F pyproject.toml -k worded -k gettext -k ngettext:1,2 --no-location \
	  --sort-output --omit-header -o $(VENV)/messages.pot portal intake storage templates
	@$(VENV)/bin/pybabel -q update -i $(VENV)/messages.pot -d portal/language/catalogues -l sv --no-fuzzy-matching \
	  --ignore-obsolete -w 1000

screenshots: setup ## the pictures of the README, from the running pages
	@$(PY) -m tests.browser.screenshots

clean: ## everything that was made here, except the data in var
	@rm -rf $(VENV) sbom.cdx.json sbom.cdx.json.new .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
