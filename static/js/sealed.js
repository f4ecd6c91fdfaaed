// Handing in a sealed bid: the amount is encrypted here and never leaves this browser in the clear.
"use strict";

(() => {
  const room = document.getElementById("room");
  const part = (name) => room.querySelector(`[data-room="${name}"]`);
  const form = part("seal-form");
  if (!form) return;

  const words = part("words").dataset;
  const terms = JSON.parse(document.getElementById("envelope-terms").textContent);
  const amountField = document.getElementById("sealed-amount");
  const line = part("answer");

  // Fen in an amount as people write it: 1,200,000.00 or 120万; null for anything else.
  function fenIn(text) {
    const plain = text.normalize("NFKC").replace(/[,，\s¥￥元]/g, "");
    const found = /^(\d{1,13})(?:\.(\d{1,6}))?(万?)$/.exec(plain);
    if (!found) return null;
    const places = found[3] ? 6 : 2;
    const fraction = found[2] || "";
    if (/[1-9]/.test(fraction.slice(places))) return null;
    const fen = Number(found[1] + fraction.slice(0, places).padEnd(places, "0"));
    return Number.isSafeInteger(fen) && fen > 0 ? fen : null;
  }

  function inWords(fen) {
    const yuan = Math.floor(fen / 100).toLocaleString("en-US");
    return words.money.replace("{}", `${yuan}.${String(fen % 100).padStart(2, "0")}`);
  }

  function say(text, isRefused) {
    line.dataset.refused = String(isRefused);
    line.textContent = text;
  }

  amountField.addEventListener("input", () => {
    const fen = fenIn(amountField.value);
    part("sealed-echo").textContent = fen === null ? "" : inWords(fen);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fen = fenIn(amountField.value);
    if (fen === null) {
      say(words.wrongAmount, true);
      delete form.dataset.busy;
      return;
    }
    say(words.sealing, false);
    const { envelope, record } = await Envelope.close(terms.context, fen, terms.holders);
    form.elements.envelope.value = JSON.stringify(envelope);
    form.elements.key.value = crypto.randomUUID();
    await hand(new FormData(form), record);
    delete form.dataset.busy;
  });

  // The same envelope with the same key is sent until there is an answer: a bid sent twice is one bid.
  async function hand(body, record) {
    for (let round = 0; round < 5; round += 1) {
      try {
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
        tell(answer.status, await answer.json(), record);
        return;
      } catch {
        say(words.unsent, true);
        await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** round));
      }
    }
  }

  function tell(status, receipt, record) {
    if (status !== 200) {
      const errors = receipt.errors ? Object.values(receipt.errors).flat() : (receipt.refusals || []).map((refusal) => refusal.message);
      say(receipt.message || errors.join(" "), true);
      return;
    }
    say(`${words.accepted} ${receipt.sequence} · ${receipt.hash.slice(0, 12)} · ${words.held}: ${inWords(record.amount)}`, false);
    amountField.value = "";
    part("sealed-echo").textContent = "";
    const kept = JSON.stringify({ ...record, receipt }, null, 2);
    const link = part("sealed-download");
    link.href = URL.createObjectURL(new Blob([kept], { type: "application/json" }));
    link.download = `sealed-bid-${receipt.auction}-${receipt.sequence}.json`;
    part("sealed-record").hidden = false;
  }

  form.hidden = false;
})();
