// What one is told while a page is open: shown at once, with the way to it, and counted beside one's name. The list of letters
// holds the same, and needs no script.
"use strict";

(() => {
  const place = document.getElementById("notices");
  const count = document.querySelector("[data-notices-count]");
  const seen = document.querySelector("[data-notices-seen]");
  if (!place) return;
  const EVERY = 10000;
  const KEY = "notices-last";
  let socket = null;
  let attempts = 0;
  let timer = 0;

  // The last letter this tab knows of, so that one that came between two pages is still shown.
  const known = () => {
    const kept = sessionStorage.getItem(KEY);
    return kept === null ? null : Number(kept);
  };

  function show(letter) {
    const box = document.createElement("div");
    box.className = "alert tone-info notice";
    const body = document.createElement("div");
    body.className = "alert-body";
    const line = document.createElement("p");
    line.className = "alert-title";
    const link = document.createElement("a");
    link.href = letter.url;
    link.textContent = letter.subject;
    line.append(link);
    const text = document.createElement("p");
    text.textContent = letter.text;
    body.append(line, text);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "alert-close";
    close.setAttribute("aria-label", place.dataset.close);
    const icon = document.createElement("span");
    icon.className = "icon icon-close";
    close.append(icon);
    close.addEventListener("click", () => box.remove());
    box.append(body, close);
    place.append(box);
    while (place.children.length > 3) place.firstElementChild.remove();
  }

  function heard(news) {
    for (const letter of news.letters) show(letter);
    sessionStorage.setItem(KEY, news.last);
    if (!count) return;
    count.hidden = !news.unseen;
    count.textContent = news.unseen ? String(news.unseen) : "";
    count.setAttribute("aria-label", news.unseen ? `${news.unseen} ${place.dataset.unseen}` : "");
    count.setAttribute("role", "img");
  }

  const say = (message) => {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  function connect() {
    if (socket || document.hidden) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const mine = new WebSocket(`${scheme}://${location.host}/ws/notices/`);
    socket = mine;
    mine.addEventListener("open", () => {
      attempts = 0;
      say({ after: known() });
      if (seen) say({ seen: Number(seen.dataset.noticesSeen) });
      timer = setInterval(() => say({ after: known() }), EVERY);
    });
    mine.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    mine.addEventListener("close", (event) => {
      clearInterval(timer);
      if (socket === mine) socket = null;
      // Signed out, or refused: the next page tries again.
      if (event.code >= 4400 || document.hidden) return;
      const wait = Math.min(60000, 1000 * 2 ** attempts) * (0.5 + Math.random());
      attempts += 1;
      setTimeout(connect, wait);
    });
  }

  // A page that nobody looks at needs no line.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && socket) socket.close(1000);
    else connect();
  });
  connect();
})();
