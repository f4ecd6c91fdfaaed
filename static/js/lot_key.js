// A holder's key to the sealed bids: made here, kept as a file, and used here at the opening. It is never sent.
"use strict";

(() => {
  const page = document.getElementById("lot-key");
  if (page) {
    prepare(page.querySelector('[data-key="make"]'), make);
    prepare(page.querySelector('[data-key="keep"]'), keep);
  }
  const opening = document.getElementById("bring-key");
  if (opening) prepare(opening, bring);

  function prepare(form, act) {
    if (!form) return;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = document.querySelector('[data-key="answer"]');
      answer.textContent = "";
      if (await act(form)) {
        // Past the handler: the form goes to the server like any other.
        form.submit();
        return;
      }
      answer.textContent = (page || opening).dataset.wrongFile;
      delete form.dataset.busy;
    });
  }

  // The file is saved before the public half is sent: a key that stands on the market exists on the device.
  async function make(form) {
    const { publicText, privateJwk } = await Envelope.makeKey();
    const { auction, seat } = page.dataset;
    const content = JSON.stringify({ auction, seat: Number(seat), key: privateJwk }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    link.download = page.dataset.file;
    link.click();
    await new Promise((resolve) => setTimeout(resolve, 500));
    form.elements.public_key.value = publicText;
    return true;
  }

  async function readFile(form, expected) {
    try {
      const read = await Envelope.readKey(form.querySelector("input[type=file]").files[0]);
      return read.publicText === expected ? read : null;
    } catch {
      return null;
    }
  }

  async function keep(form) {
    const read = await readFile(form, page.dataset.public);
    if (read) form.elements.public_key.value = read.publicText;
    return read !== null;
  }

  async function bring(form) {
    const { seat, public: expected, bids } = JSON.parse(document.getElementById("envelopes").textContent);
    const read = await readFile(form, expected);
    if (!read) return false;
    const shares = {};
    for (const { sequence, context, envelope } of bids) {
      shares[sequence] = await Envelope.shareOf(context, seat, envelope, read.privateKey);
    }
    form.elements.shares.value = JSON.stringify(shares);
    return true;
  }
})();
