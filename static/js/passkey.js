// Passkeys: shows what needs them where the browser knows them, and says so on the page when the device gave no answer.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.isSecureContext || !webauthnJSON.supported()) return;
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-passkey-missing]")) part.hidden = true;
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const part of document.querySelectorAll("[data-passkey-trouble]")) part.hidden = false;
});

// A second try does not stand under the word of the first.
document.addEventListener("click", (event) => {
  if (event.target.id !== "passkey-act") return;
  for (const part of document.querySelectorAll("[data-passkey-trouble]")) part.hidden = true;
}, true);
