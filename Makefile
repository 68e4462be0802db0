# Everything happens in .venv, made from the project's own files. PYTHON names the interpreter to build it with.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where nothing compiled is kept, every start of the program in the tests compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-fleet test test-fast coverage matrix check bench golden generated pyz clean

# What the program and its demo need; the tools of the tests come on top of it.
$(VENV)/.runs: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "arthas-shell: Python 3.11 or newer is needed; name one with 'make PYTHON=…'" >&2; exit 2; }
	@echo "installing arthas-shell into $(VENV), once …" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

$(VENV)/.installed: $(VENV)/.runs
	@echo "installing the tools of the tests into $(VENV), once …" >&2
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --group dev
	@touch $@

demo: $(VENV)/.runs
	@$(BIN)/arthas-shell demo

# Three JVMs, one of them slow.
demo-fleet: $(VENV)/.runs
	@$(BIN)/arthas-shell demo --fleet

# By file in two processes: a file shares its JVM.
PYTEST := pytest -n 2 --dist loadfile --no-loadscope-reorder

test: check
	$(BIN)/$(PYTEST)

# All but what needs a JVM, or the shell in a terminal for each test.
FAST := -m 'not jvm and not terminal'

test-fast: $(VENV)/.installed
	$(BIN)/$(PYTEST) $(FAST)

# Which lines the fast tests never run, in whichever process.
coverage: $(VENV)/.installed
	$(BIN)/coverage erase
	$(BIN)/coverage run -m $(PYTEST) $(FAST)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

PURE_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --target build/pyz \
  --platform any --python-version 3.11 --implementation py --abi none --only-binary=:all:
# ClusterShell comes without its PyYAML, which is compiled, and which only its own files of groups need.
define LIST_PURE
import tomllib
needs = tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies']
print(*(need for need in needs if not need.startswith('ClusterShell')))
endef
export LIST_PURE

# One file that any Python 3.11+ runs, without pip; compiled for the Python that builds it.
pyz: $(VENV)/.installed
	rm -rf build/pyz
	@mkdir -p dist
	$(PURE_INSTALL) --no-deps . ClusterShell
	rm -rf build/pyz/bin build/pyz/share build/pyz/etc
	$(PURE_INSTALL) $$($(BIN)/python -c "$$LIST_PURE")
	rm -rf build/pyz/bin
	printf 'import sys\n\nfrom arthas_cli.__main__ import main\n\nsys.exit(main())\n' >build/pyz/__main__.py
	$(BIN)/python -m compileall -q -b -x 'pygments/(lexers|styles)/' --invalidation-mode unchecked-hash build/pyz
	$(BIN)/python -m zipapp --compress --python '/usr/bin/env python3' --output dist/arthas-shell.pyz build/pyz
	chmod a+rx dist/arthas-shell.pyz

matrix: $(VENV)/.installed
	ARTHAS_VERSIONS='3.4.6 3.5.5 3.6.4 3.7.2 4.0.5 4.1.5' SOAK=1 \
	  $(BIN)/pytest tests/live $$(grep -rlE --include='test_*.py' 'support.soak|@given' tests)

check: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed
	PYTHONPATH=tests $(BIN)/python -m bench

golden: $(VENV)/.installed
	$(BIN)/pytest tests/views --update

generated: $(VENV)/.installed
	PYTHONPATH=tests $(BIN)/python -m support.jdk
	PYTHONPATH=tests $(BIN)/python -m support.generate

clean:
	rm -rf $(VENV) .coverage* build dist
