// Small comforts. Every page works without them; the server stays the guard of everything.
"use strict";

// A page turns to its newer state by itself, but holds nobody back who is on the way to another: to load again would cancel that.
const ON_THE_WAY = 10000;
let leftAt = -Infinity;
window.addEventListener("beforeunload", () => { leftAt = performance.now(); });
function turnPage() {
  // A download begins like leaving, and the page stays.
  if (performance.now() - leftAt < ON_THE_WAY) setTimeout(turnPage, 1000);
  else location.reload();
}

// The menu of small screens.
for (const toggle of document.querySelectorAll("[data-menu-toggle]")) {
  const header = document.getElementById(toggle.getAttribute("aria-controls"));
  toggle.addEventListener("click", () => {
    const open = header.dataset.menu === "closed";
    header.dataset.menu = open ? "open" : "closed";
    toggle.setAttribute("aria-expanded", String(open));
  });
}

// Open menus close when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Messages can be put away.
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-dismiss]");
  if (close) close.closest(".alert").remove();
});

// An act that cannot be undone asks once more: <button data-confirm="What will happen.">.
const asked = new WeakSet();

function ask(form, button) {
  const dialog = document.getElementById("confirm-dialog");
  dialog.querySelector("[data-confirm-text]").textContent = button.dataset.confirm;
  const agree = dialog.querySelector("[data-confirm-agree]");
  agree.textContent = button.dataset.confirmLabel || button.textContent.trim();
  agree.classList.toggle("button-danger", button.classList.contains("button-danger"));
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "agree") return;
    asked.add(form);
    form.requestSubmit(button);
  }, { once: true });
  dialog.showModal();
}

// A form is sent once: its button shows that it is at work. The button's own name and value still travel,
// because it is not disabled; further clicks are dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.busy === "yes") {
    event.preventDefault();
    return;
  }
  if (button && button.dataset.confirm && !asked.has(form) && document.getElementById("confirm-dialog")) {
    event.preventDefault();
    ask(form, button);
    return;
  }
  asked.delete(form);
  if (form.method !== "post") return;
  form.dataset.busy = "yes";
  if (button) button.setAttribute("aria-busy", "true");
});

// Coming back by the browser's own button finds the form ready again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) {
    delete form.dataset.busy;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// The files chosen, with their size; one that is too large is named before it is sent.
function sizeOf(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

for (const box of document.querySelectorAll("[data-upload]")) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-upload-list]");
  if (!input || !list) continue;
  const largest = Number(box.dataset.largest || 0);
  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} (${sizeOf(file.size)})`;
      if (largest && file.size > largest) {
        line.className = "too-large";
        line.textContent += ` ${box.dataset.tooLarge}`;
      }
      return line;
    }));
  });
}

// How long something is still due: the text beside it is what the server wrote, and is counted on from there.
function leftOf(milliseconds, form) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = { d: Math.floor(seconds / 86400), h: Math.floor(seconds / 3600) % 24, m: Math.floor(seconds / 60) % 60, s: seconds % 60 };
  return form.replace(/\{([dhms])\}/g, (_, unit) => parts[unit]);
}

for (const box of document.querySelectorAll("[data-countdown]")) {
  const until = Date.parse(box.dataset.countdown);
  const text = box.querySelector("[data-countdown-text]");
  const tick = () => { text.textContent = leftOf(until - Date.now(), box.dataset.form); };
  tick();
  setInterval(tick, 1000);
}

// What is to be typed elsewhere can be copied, and a page can be printed; without scripts neither button shows.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a refused form, the reader is taken to the summary of what is wrong.
const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();
