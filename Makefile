# Each target is a line or two; the logic lives in Python.
SHELL := /bin/bash
UV := $(shell command -v uv || echo .cache/uv/bin/uv)
# Python 3.13 where there is one, else the newest that is at least 3.12.
PYTHON := $(shell for version in 3.13 3.12 3.14; do command -v python$$version >/dev/null 2>&1 && python$$version -c "" 2>/dev/null && echo $$version && break; done)
export UV_PYTHON := $(or $(UV_PYTHON),$(PYTHON),3.13)
RUN := $(UV) run --locked --quiet

.PHONY: run test test-services test-faults mutate-relief search-faults fuzz-search recompute reorder check format messages reset

run: $(UV) ## set everything up and serve the market on http://localhost:8000
	@$(RUN) python manage.py run_market

test: check ## every check and the whole suite on the embedded default
	@$(RUN) python -m tools.debian browser
	@$(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder

test-services: $(UV) ## on PostgreSQL, Redis and Elasticsearch every test that uses the database or a service; the others are left out and counted
	@$(RUN) python -m tools.debian browser
	@$(RUN) python -m tests.services run -- $(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder

bench-%: $(UV) ## bench-bids, bench-closing-hour: our figure beside a reference of the same run; the last line is JSON (ARGUMENTS)
	@$(RUN) python -m tests.bench.$(subst -,_,$*) $(ARGUMENTS)

mutate-relief: $(UV) ## change the rules of relief some three thousand times: which changes do their tests not notice? (PATTERN)
	@$(RUN) --group mutation python -m tests.mutation.relief $(PATTERN)

recompute: $(UV) ## a thousand random auctions from their evidence alone, and a thousand tamperings (AUCTIONS, TAMPERS, SEED)
	@AUCTIONS=$${AUCTIONS:-1000} TAMPERS=$${TAMPERS:-1000} $(RUN) pytest tests/auctions/test_evidence.py -q -n 0 -s -k "recomputed or tampering"

reorder: $(UV) ## every story of a card payment, with Stripe's events three times each in this many orders (ORDERS)
	@ORDERS=$${ORDERS:-500} $(RUN) pytest tests/cards/test_orders.py -q -n 2 -k "order_of_events"

# At full length: make test-faults CHAOS="--attempts 20000 --web 20 --pg 5 --redis 5 --watchers 500" \
#   CLOSING="--auctions 20 --bids 1000 --second 200 --trials 200" RACES=1000 OPERATIONS=100000
test-faults: $(UV) ## many at once on SQLite and PostgreSQL, processes killed and stopped, idle sockets and slow readers, races for a deposit (RACES), money moved at random (OPERATIONS); checked by programs of their own
	@$(RUN) python -m tests.faults.stress --sqlite
	@$(RUN) python -m tests.faults.stress
	@$(RUN) python -m tests.faults.chaos $(CHAOS)
	@$(RUN) python -m tests.faults.closing $(CLOSING)
	@$(RUN) python -m tests.faults.holds --races $${RACES:-50}
	@$(RUN) python -m tests.faults.sockets
	@$(RUN) python -m tests.faults.money --sqlite --operations $${OPERATIONS:-2000}
	@$(RUN) python -m tests.faults.money --operations $${OPERATIONS:-4000}

search-faults: $(UV) ## the search server hangs, dies and is filled anew under searches and edits (LISTINGS, EDITS, RACES, KILLS, SEED)
	@$(RUN) python -m tests.faults.search --listings $${LISTINGS:-2000} --edits $${EDITS:-60} --races $${RACES:-30} --kills $${KILLS:-3} --seed $${SEED:-1}

fuzz-search: $(UV) ## so many odd queries and addresses, on both engines (FUZZ)
	@FUZZ=$${FUZZ:-2000} $(RUN) python -m tests.services run -- env -u DATABASE_URL $(RUN) pytest tests/search -q -n 0 -k "any_query or any_address"

check: $(UV) ## format, lint, types, import contracts, templates, migrations, translations
	@$(RUN) python -m tools.check

format: $(UV)
	@$(RUN) ruff format . && $(RUN) ruff check --fix .

messages: $(UV) ## enter new messages into the catalogues, to be translated there
	@$(RUN) python manage.py collect_messages

reset: $(UV) ## throw the embedded market away; the next run makes it anew
	@rm -rf var/market.sqlite3* var/documents var/media var/mail var/anchors && echo "Gone. make run makes it anew."

.cache/uv/bin/uv:
	@python3 -m venv .cache/uv 2>/dev/null || { rm -rf .cache/uv; echo "Please install Python's venv first: sudo apt-get install python3-venv"; exit 1; }
	@.cache/uv/bin/pip --quiet install "uv>=0.9"
