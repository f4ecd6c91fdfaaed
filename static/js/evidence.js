// Checks an auction's evidence in this browser: signature, chains, and the rules played again. The file is not sent anywhere.
"use strict";

(() => {
  const page = document.getElementById("evidence");
  if (!page) return;
  const FORMAT = "technology-market/auction-evidence/1";
  const ZERO = "0".repeat(64);
  const MOST_FEN = 10 ** 15;
  const words = page.querySelector("[data-part='words']").dataset;
  const part = (name) => page.querySelector(`[data-part="${name}"]`);

  // --- Bytes

  // Keys sorted by their characters, no spaces: the one form that is hashed and signed.
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value !== null && typeof value === "object") {
      return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Flaw(words.malformed);
    return JSON.stringify(value);
  }

  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", bytes(text)));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  class Flaw extends Error {}
  const need = (holds, sentence) => {
    if (!holds) throw new Flaw(sentence);
  };
  const without = (entry, ...names) => Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)));

  // --- Time: microseconds since 1970; a double holds them exactly until the year 2255.

  function instant(text) {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
    need(match, words.malformed);
    return Date.parse(match[1] + match[3]) * 1000 + Number((match[2] || "").padEnd(6, "0"));
  }
  const seconds = (number) => number * 1_000_000;

  // --- Signature and chains

  async function checkSignature(sealed) {
    const { algorithm, key, value } = sealed.signature;
    const known = JSON.parse(document.getElementById("signing-keys").textContent).find((entry) => entry.id === key);
    need(algorithm === "Ed25519" && known, words.unknownKey.replace("{key}", key));
    let publicKey;
    try {
      publicKey = await crypto.subtle.importKey("raw", fromBase64(known.public_key), "Ed25519", false, ["verify"]);
    } catch {
      return words.noEd25519;
    }
    const holds = await crypto.subtle.verify("Ed25519", publicKey, fromBase64(value), bytes(canonical(sealed.document)));
    need(holds, words.badSignature);
    return words.goodSignature.replace("{key}", key);
  }

  async function checkChain(entries, link, besides, name) {
    let previous = ZERO;
    for (const [place, entry] of entries.entries()) {
      const which = name.replace("{n}", place + 1);
      need(entry.sequence === place + 1, `${which}: ${words.gap}`);
      need(entry[link] === previous, `${which}: ${words.unchained}`);
      need((await sha256(canonical(without(entry, ...besides)))) === entry.hash, `${which}: ${words.edited}`);
      previous = entry.hash;
    }
    return previous;
  }

  async function checkCourse(document_) {
    await checkChain(document_.course, "previous", ["hash", "opened"], words.event);
    for (const event of document_.course) {
      need(event.subject === `auction:${document_.auction}`, words.foreign);
      if (!event.opened) continue;
      const commitment = await sha256(event.opened.salt + canonical(event.opened.facts));
      need(commitment === event.personal, words.uncommitted);
    }
  }

  // --- The rules

  class Replay {
    constructor(document_) {
      const first = document_.course[0];
      need(first.name === "auction.announced", words.malformed);
      this.auction = document_.auction;
      this.mode = first.payload.mode;
      this.terms = first.payload.terms;
      this.reserve = first.opened ? first.opened.facts.reserve_price_fen : null;
      need(Boolean(first.personal) === (this.reserve !== null), words.uncommitted);
      this.state = "planned";
      this.phase = "";
      this.round = 1;
      this.opensAt = instant(this.terms.opens_at);
      this.endsAt = instant(this.terms.ends_at);
      this.hardStop = this.terms.hard_stop ? instant(this.terms.hard_stop) : null;
      this.clockFrom = this.opensAt;
      this.extensions = 0;
      this.best = this.leader = this.holder = this.topped = this.pausedAt = this.matchUntil = this.matched = null;
      this.keysReady = this.result = this.admitted = null;
      this.stoppedAt = 0;
      this.answered = false;
      this.orders = new Set();
      this.standing = new Map();
      this.opened = [];
    }

    preemptor() {
      return this.terms.preemptor ?? null;
    }

    // Who wins at what price before any pre-emptive right: [bidder, fen] or null.
    candidate() {
      if (this.mode === "falling" && this.topped) return this.topped;
      let best = null;
      if (this.mode === "ascending") best = this.leader === null ? null : [this.leader, this.best];
      if (this.mode === "falling") best = this.holder === null ? null : [this.holder, this.stoppedAt];
      if (this.mode !== "ascending") {
        for (const [, bidder, fen] of [...this.opened].sort((one, other) => one[0] - other[0])) {
          if (best === null || fen > best[1]) best = [bidder, fen];
        }
      }
      const isTooLow = best !== null && this.reserve !== null && best[1] < this.reserve;
      return isTooLow && this.mode !== "falling" ? null : best;
    }

    requireOver(at) {
      need(this.standing.size === 0, words.unopened);
      if (this.state === "unopened") {
        if (this.mode === "sealed") need(this.tied().size === 0, words.tiePassed);
        if (this.mode === "falling") {
          const candidate = this.candidate();
          need(candidate === null || candidate[0] === this.holder, words.toppingPassed);
        }
        return;
      }
      need(this.state === "open" && at >= this.endsAt, words.early);
    }

    tied() {
      if (this.round !== 1 || this.candidate() === null) return new Set();
      const best = Math.max(...this.opened.map(([, , fen]) => fen));
      const tied = new Set(this.opened.filter(([, , fen]) => fen === best).map(([, bidder]) => bidder));
      return tied.size > 1 ? tied : new Set();
    }

    event(event) {
      const name = event.name.replace(/^auction\./, "");
      need(this.result === null && Object.hasOwn(EVENTS, name), words.event.replace("{n}", event.sequence));
      EVENTS[name](this, instant(event.at), event.payload);
    }

    async bid(bid) {
      need(Object.hasOwn(JUDGES, bid.kind), words.malformed);
      const at = instant(bid.at);
      const code = await JUDGES[bid.kind](this, bid, at);
      const which = words.bid.replace("{n}", bid.sequence);
      need(
        code === bid.refusal && bid.is_accepted === (code === ""),
        `${which}: ${words.judged.replace("{recorded}", bid.refusal || words.accepted).replace("{ruled}", code || words.accepted)}`,
      );
      if (code === "" && Object.hasOwn(EFFECTS, bid.kind)) EFFECTS[bid.kind](this, bid, at);
    }
  }

  const keyEvent = () => {};
  const EVENTS = {
    key_made: keyEvent,
    key_kept: keyEvent,
    key_brought: keyEvent,
    keys_ready: (it, at) => {
      it.keysReady = at;
    },
    opened: (it, at) => {
      need(it.state === "planned" && at >= it.opensAt, words.early);
      if (it.mode !== "ascending") {
        need(it.keysReady !== null, words.early);
        if (it.keysReady > it.opensAt) {
          const late = at - it.opensAt;
          it.endsAt += late;
          it.clockFrom += late;
          it.opensAt = at;
        }
        it.phase = it.mode === "falling" ? "clock" : "sealed";
      }
      it.state = "open";
    },
    paused: (it, at) => {
      need(it.state === "open" && at < it.endsAt, words.outOfTurn);
      it.state = "paused";
      it.pausedAt = at;
    },
    paused_itself: (it, at, facts) => {
      need(facts.lost > it.terms.most_lost && facts.seconds >= it.terms.loss_seconds, words.outOfTurn);
      EVENTS.paused(it, at);
    },
    resumed: (it, at, facts) => {
      need(it.state === "paused", words.outOfTurn);
      const stood = at - it.pausedAt;
      if (it.mode === "ascending") {
        it.endsAt = at + Math.max(it.endsAt - it.pausedAt, seconds(it.terms.cycle_seconds));
        it.hardStop = Math.max(it.hardStop + stood, it.endsAt);
      } else {
        it.endsAt += stood;
        it.clockFrom += stood;
      }
      need(instant(facts.ends_at) === it.endsAt, words.otherEnd);
      it.state = "open";
      it.pausedAt = null;
    },
    order_given: (it, at, facts) => it.orders.add(facts.bidder),
    order_taken_back: (it, at, facts) => it.orders.delete(facts.bidder),
    clock_stopped: (it, at, facts) => need(facts.bidder === it.holder && facts.price_fen === it.stoppedAt, words.otherPrice),
    sealed: (it, at, facts) => {
      need(it.state === "open" && it.phase === "sealed" && at >= it.endsAt && facts.bids === it.standing.size && facts.bids > 0, words.early);
      it.state = "unopened";
    },
    bids_opened: (it) => need(it.state === "unopened" && it.standing.size === 0, words.unopened),
    tied: (it, at, facts) => {
      const tied = it.tied();
      need(tied.size > 1 && facts.bidders === tied.size, words.noTie);
      it.best = Math.max(...it.opened.map(([, , fen]) => fen));
      it.admitted = tied;
      it.round = 2;
      it.state = "open";
      it.endsAt = at + seconds(it.terms.sealed_seconds);
    },
    topping_opened: (it, at) => {
      const candidate = it.candidate();
      need(candidate !== null && candidate[0] !== it.holder, words.outOfTurn);
      [it.leader, it.best] = candidate;
      it.phase = "topping";
      it.state = "open";
      it.endsAt = at + seconds(it.terms.topping_seconds);
    },
    match_opened: (it, at) => {
      it.requireOver(at);
      const candidate = it.candidate();
      need(candidate !== null && it.preemptor() !== null && it.preemptor() !== candidate[0], words.outOfTurn);
      it.state = "matching";
      it.matchUntil = at + seconds(it.terms.match_seconds);
    },
    closed: (it, at, facts) => {
      let candidate = it.candidate();
      if (it.state === "matching") {
        need(it.answered || at >= it.matchUntil, words.early);
        if (it.matched !== null) candidate = [it.matched, candidate[1]];
      } else {
        it.requireOver(at);
        need(candidate === null || it.preemptor() === null || it.preemptor() === candidate[0], words.preemptionPassed);
      }
      const [winner, price] = candidate || [null, null];
      need(facts.winner === winner && facts.price_fen === price, words.otherWinner.replace("{n}", winner ?? words.nobody));
      it.state = "closed";
      it.result = { winner, price, facts };
    },
    annulled: (it, at, facts) => {
      need(facts.reason.trim() !== "", words.malformed);
      it.state = "annulled";
      it.result = { winner: null, price: null, facts };
    },
  };

  function judgeLadder(it, bid, at) {
    if (it.state === "paused") return "auctions.paused";
    if (it.state !== "open" || at < it.opensAt) return "auctions.not_open";
    if (at >= it.endsAt) return "auctions.over";
    if (it.leader === bid.bidder) return "auctions.you_lead";
    if (bid.amount_fen > MOST_FEN) return "auctions.too_much";
    const least = it.best === null ? it.terms.start_price_fen : it.best + it.terms.step_fen;
    if (bid.amount_fen < least) return "auctions.below_minimum";
    return (bid.amount_fen - least) % it.terms.step_fen === 0 ? "" : "auctions.not_whole_step";
  }

  function priceAt(it, at) {
    const fallen = Math.max(0, Math.floor((at - it.clockFrom) / seconds(it.terms.step_seconds)));
    return Math.max(it.terms.floor_price_fen, it.terms.start_price_fen - fallen * it.terms.step_fen);
  }

  function judgeEnvelope(it, bid, at) {
    if (it.state === "paused") return "auctions.paused";
    if (it.state !== "open" || it.phase !== "sealed" || at < it.opensAt) {
      return ["unopened", "matching", "closed"].includes(it.state) ? "auctions.over" : "auctions.not_open";
    }
    if (at >= it.endsAt) return "auctions.over";
    const isAdmitted = bid.bidder !== it.holder && (it.admitted === null || it.admitted.has(bid.bidder));
    return isAdmitted ? "" : "auctions.not_in_this_round";
  }

  async function judgeOpened(it, bid) {
    const envelope = it.standing.get(bid.bidder);
    need(it.state === "unopened" && envelope && bid.body.of === envelope.sequence, words.unopened);
    it.standing.delete(bid.bidder);
    // Two holders of keys found this in public; without their keys it cannot be found again.
    if (["auctions.unreadable", "auctions.envelope_inconsistent"].includes(bid.refusal)) return bid.refusal;
    const commitment = await sha256(`${it.auction}|${it.round}|${bid.bidder}|${bid.amount_fen}|${bid.body.nonce}`);
    if (commitment !== envelope.body.envelope.commitment) return "auctions.commitment_wrong";
    if (bid.amount_fen > MOST_FEN) return "auctions.too_much";
    const least = it.mode === "falling" ? it.stoppedAt + it.terms.step_fen : it.best || it.terms.start_price_fen;
    return bid.amount_fen < least ? "auctions.below_least" : "";
  }

  function judgeMatch(it, bid, at) {
    if (it.preemptor() !== bid.bidder) return "auctions.no_preemption";
    if (it.state !== "matching") return "auctions.not_open";
    return at >= it.matchUntil ? "auctions.over" : "";
  }

  const JUDGES = {
    manual: judgeLadder,
    proxy: (it, bid, at) => {
      need(it.orders.has(bid.bidder), words.noOrder);
      return judgeLadder(it, bid, at);
    },
    stop: (it, bid, at) => {
      if (it.state === "paused") return "auctions.paused";
      if (it.holder !== null) return "auctions.already_stopped";
      if (it.state !== "open" || at < it.opensAt) return "auctions.not_open";
      if (at >= it.endsAt) return "auctions.over";
      return bid.body.seen_fen < priceAt(it, at) ? "auctions.price_not_reached" : "";
    },
    sealed: judgeEnvelope,
    withdrawal: (it, bid, at) => judgeEnvelope(it, bid, at) || (it.standing.has(bid.bidder) ? "" : "auctions.nothing_to_withdraw"),
    opened: judgeOpened,
    top: (it, bid, at) => {
      if (it.state === "paused") return "auctions.paused";
      if (it.state !== "open" || it.phase !== "topping") return "auctions.not_open";
      if (at >= it.endsAt) return "auctions.over";
      if (bid.bidder !== it.holder) return "auctions.only_the_holder";
      if (it.topped) return "auctions.topped_already";
      if (bid.amount_fen > MOST_FEN) return "auctions.too_much";
      return bid.amount_fen < it.best + it.terms.step_fen ? "auctions.below_minimum" : "";
    },
    match: judgeMatch,
    waiver: judgeMatch,
  };

  function climb(it, bid, at) {
    const cycle = seconds(it.terms.cycle_seconds);
    if (it.endsAt - at < cycle && it.extensions < it.terms.most_extensions) {
      const end = Math.min(Math.max(it.endsAt, at + cycle), it.hardStop);
      if (end > it.endsAt) {
        it.endsAt = end;
        it.extensions += 1;
      }
    }
    it.leader = bid.bidder;
    it.best = bid.amount_fen;
  }

  const EFFECTS = {
    manual: climb,
    proxy: climb,
    stop: (it, bid, at) => {
      need(bid.amount_fen === priceAt(it, at), words.otherPrice);
      it.holder = it.leader = bid.bidder;
      it.best = it.stoppedAt = bid.amount_fen;
      it.phase = "sealed";
      it.endsAt = at + seconds(it.terms.sealed_seconds);
    },
    sealed: (it, bid) => {
      need(bid.body.round === it.round, words.outOfTurn);
      it.standing.set(bid.bidder, bid);
    },
    withdrawal: (it, bid) => it.standing.delete(bid.bidder),
    opened: (it, bid) => it.opened.push([bid.body.of, bid.bidder, bid.amount_fen]),
    top: (it, bid, at) => {
      it.topped = [bid.bidder, bid.amount_fen];
      it.endsAt = at;
    },
    match: (it, bid) => {
      it.matched = bid.bidder;
      it.answered = true;
    },
    waiver: (it) => {
      it.answered = true;
    },
  };

  // --- Showing

  function cell(row, text, className) {
    const added = document.createElement("td");
    added.textContent = text;
    if (className) added.className = className;
    row.append(added);
  }

  function step(text, tone) {
    const line = document.createElement("li");
    line.textContent = `${tone === "bad" ? "✗" : tone === "warn" ? "!" : "✓"} ${text}`;
    line.dataset.tone = tone;
    part("steps").append(line);
  }

  const yuan = (fen) => (fen === null ? "—" : (fen / 100).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 }));
  const time = (text) => new Date(instant(text) / 1000).toLocaleString(document.documentElement.lang, { hour12: false, timeZone: "Asia/Shanghai" });

  function showEntry(number, at, what, who, amount, verdict) {
    const row = document.createElement("tr");
    cell(row, number, "number");
    cell(row, time(at));
    cell(row, who);
    cell(row, what);
    cell(row, amount, "number");
    cell(row, verdict);
    part("entries").append(row);
  }

  const names = JSON.parse(document.getElementById("evidence-names").textContent);
  const name = (code) => names[code] || code;

  async function play(document_) {
    const replay = new Replay(document_);
    let done = 0;
    const showEvent = (event) => showEntry("", event.at, name(event.name), "", "", "✓");
    showEvent(document_.course[0]);
    for (const event of document_.course.slice(1)) {
      const place = event.payload.place;
      need(Number.isInteger(place) && place >= done && place <= document_.bids.length, words.malformed);
      for (const bid of document_.bids.slice(done, place)) {
        need(bid.auction === document_.auction, words.foreign);
        await replay.bid(bid);
        const verdict = bid.refusal ? `✓ ${words.refused}: ${name(bid.refusal)}` : `✓ ${words.accepted}`;
        showEntry(bid.sequence, bid.at, name(`bid.${bid.kind}`), words.bidder.replace("{n}", bid.bidder), yuan(bid.amount_fen), verdict);
      }
      done = place;
      replay.event(event);
      showEvent(event);
    }
    need(replay.result !== null && done === document_.bids.length, words.noEnd);
    return replay.result;
  }

  async function check(text) {
    const sealed = JSON.parse(text);
    const document_ = sealed.document;
    need(document_ && document_.format === FORMAT, words.otherFormat);
    const said = await checkSignature(sealed);
    step(said, said === words.noEd25519 ? "warn" : "good");
    const head = await checkChain(document_.bids, "previous_hash", ["hash"], words.bid);
    step(words.chainHolds.replace("{n}", document_.bids.length), "good");
    await checkCourse(document_);
    step(words.courseHolds.replace("{n}", document_.course.length), "good");
    const { winner, price, facts } = await play(document_);
    need(facts.bids === document_.bids.length && facts.head === head, words.otherHead);
    step(words.rulesHold, "good");
    const bidder = facts.bidders.find((entry) => entry.number === winner);
    const outcome = bidder ? words.winner.replace("{n}", winner).replace("{name}", bidder.name).replace("{price}", yuan(price)) : words.noWinner;
    return `${facts.listing} ${facts.title} · ${outcome}`;
  }

  async function read(file) {
    part("steps").replaceChildren();
    part("entries").replaceChildren();
    part("verdict").textContent = words.checking;
    part("verdict").dataset.tone = "";
    part("outcome").hidden = false;
    try {
      if (!window.crypto || !crypto.subtle) throw new Flaw(words.noCrypto);
      const outcome = await check(await file.text());
      part("verdict").textContent = `${words.holds} ${outcome}`;
      part("verdict").dataset.tone = "good";
    } catch (error) {
      const said = error instanceof Flaw ? error.message : words.malformed;
      step(said, "bad");
      part("verdict").textContent = `${words.holdsNot} ${said}`;
      part("verdict").dataset.tone = "bad";
    }
    part("table").hidden = part("entries").rows.length === 0;
  }

  const input = part("file");
  input.disabled = false;
  input.addEventListener("change", () => input.files[0] && read(input.files[0]));
  page.addEventListener("dragover", (event) => event.preventDefault());
  page.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
  });
})();
