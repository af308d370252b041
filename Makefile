# The words of this project. `make demo` and `make test` set up everything they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FIX :=
# Tests and trials start hundreds of processes: let each file be compiled once, whatever the machine says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test thorough storm fuzz pins audit-deps lint fix train evaluate bench kill-trials measure-search read-pages month coverage mutants flaky docs clean

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install it, or say make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Say make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "== Setting up $(VENV): torch and friends, a few minutes the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -e '.[dev]'
	@touch $@

demo: $(STAMP)   ## play an evening with the real bot; ONCE=1 ends afterwards, PORT=8088
	@$(BIN)/qunhu demo $(if $(ONCE),--once,) $(if $(PORT),--port $(PORT),)

test: $(STAMP)   ## all tests
	@$(BIN)/python -m pytest -n 4

thorough: $(STAMP)   ## the long tests too: every cell of the table of access, fuzzing in full
	@$(BIN)/python -m pytest -n 4 -m "long" --timeout 3600

storm: $(STAMP)  ## bent updates into the real bot: crashed, unanswered, refused; COUNT=100000 SEED=1 JOBS=cores
	@nice -n 10 $(BIN)/python -m tests.trials.storm $(if $(JOBS),--jobs $(JOBS),) $(if $(COUNT),--count $(COUNT),) $(if $(SEED),--seed $(SEED),)

fuzz: $(STAMP)   ## hunt in every parser with coverage as the guide; SECONDS=60 for each, ONLY="export taps"
	@$(BIN)/python -m pip install --disable-pip-version-check -q -e '.[fuzz]' || { echo "atheris has no wheel for this Python or machine (Linux x86-64, 3.11 to 3.13); the tests try the same targets without it."; exit 1; }
	@nice -n 10 $(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(ONLY)

pins: $(STAMP)   ## write constraints.txt, the versions that the container installs, from what is installed here
	@$(BIN)/python -m tests.trials.pins

audit-deps: $(STAMP)  ## known holes in what is installed; asks PyPI, so it needs the network
	@$(BIN)/python -m pip install --disable-pip-version-check -q "pip-audit>=2.7,<3" || { echo "The package index cannot be reached: pip-audit needs it, and PyPI's advisories."; exit 1; }
	@$(BIN)/python -m pip_audit --skip-editable

lint: $(STAMP)   ## style, types, architecture, pages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/qunhu resources check

fix: $(STAMP)    ## mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(STAMP)  ## how fast the classifier is, side by side with plain transformers, and the spiral detector alone; JSON=file
	@$(BIN)/python -W ignore -m moderation.bench $(if $(JSON),--json $(JSON),) $(if $(PRICE),--price $(PRICE),)
	@$(BIN)/python -W ignore -m moderation.training.spirals bench
	@$(BIN)/python -W ignore -m bot.operating.bench

kill-trials: $(STAMP)  ## kill -9 the bot at random instants under load, print what was lost
	@$(BIN)/python -m tests.trials.kill $(if $(TRIALS),--trials $(TRIALS),)

.PHONY: chaos flood soak
chaos: $(STAMP)  ## every fault under load, who was lost; KILLS=200 RATE=50 CRISES=0.5 SECONDS=20 OUTAGE=3600 SHIPPED=1 ONLY="'Telegram down'"
	@$(BIN)/python -m tests.trials.chaos $(if $(KILLS),--kills $(KILLS),) $(if $(RATE),--rate $(RATE),) \
	  $(if $(CRISES),--crises $(CRISES),) $(if $(SECONDS),--seconds $(SECONDS),) \
	  $(if $(OUTAGE),--outage $(OUTAGE),) $(if $(SHIPPED),--shipped,) $(if $(ONLY),--only $(ONLY),)

flood: $(STAMP)  ## one group writes without pause: how long another waits for its cards; RATE=50 SECONDS=60 SHIPPED=1
	@$(BIN)/python -m tests.trials.flood $(if $(RATE),--rate $(RATE),) $(if $(SECONDS),--seconds $(SECONDS),) $(if $(SHIPPED),--shipped,)

soak: $(STAMP)   ## two hours of talk without a fault: does anything grow? HOURS=2 RATE=50
	@$(BIN)/python -m tests.trials.chaos --folder build/soak --soak $$(( $(or $(HOURS),2) * 3600 )) $(if $(RATE),--rate $(RATE),) $(if $(SHIPPED),--shipped,)

month: $(STAMP)  ## a simulated month: rota, sleep, outages, 200 people in danger; time to a human; README=1 writes the table
	@$(BIN)/python -m tests.trials.month $(if $(CASES),--cases $(CASES),) $(if $(DAYS),--days $(DAYS),) $(if $(README),--readme,)

train: $(STAMP)  ## from labelled text to weights, resumable
	@$(BIN)/python -m pip install --disable-pip-version-check -q -e '.[train]'
	@$(BIN)/python -m moderation.training.train

evaluate: $(STAMP)  ## every figure of the model card
	@$(BIN)/python -m pip install --disable-pip-version-check -q -e '.[train]'
	@$(BIN)/python -m moderation.training.evaluate

measure-search: $(STAMP)  ## how well /ask finds: full text and meaning, together and alone
	@$(BIN)/python -m resources.measure $(PART)

read-pages: $(STAMP)  ## every page in the demo's page at phone width, by real taps; pictures in build/pages
	@$(BIN)/python -m tests.trials.read_pages $(if $(SCRIPT),--script $(SCRIPT),)

coverage: $(STAMP)  ## branches that the tests reach, by module; TESTS=folder
	@$(BIN)/python -m pytest -n 4 --cov --cov-report=term-missing:skip-covered $(TESTS)

mutants: $(STAMP)  ## change the code in small ways and see that a test notices; ONLY=moderation.policy*
	@nice -n 10 $(BIN)/mutmut run --max-children 2 "$(or $(ONLY),moderation.*)"
	@$(BIN)/mutmut results

flaky: $(STAMP)  ## the tests through the simulator, again and again; TIMES=100, TESTS=folder
	@for n in $$(seq $(or $(TIMES),100)); do $(BIN)/python -m pytest -n 4 -p no:cacheprovider $(or $(TESTS),tests/bot) || echo "run $$n failed"; done

docs: $(STAMP)   ## bring the tables of the READMEs up to date
	@$(BIN)/python -m bot.operating.docs

clean:           ## forget the environment and what was built
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache *.egg-info
