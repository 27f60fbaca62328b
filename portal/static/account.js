// The key of a new second factor is copied with one press. The page works without this file: the key
// can be marked and copied by hand.
"use strict";

(() => {
  const button = document.querySelector("[data-copy]");
  const from = document.querySelector("[data-copy-from]");
  if (!button || !from || !navigator.clipboard) return;
  const said = document.querySelector("[data-copy-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(from.textContent.replace(/\s/g, ""));
      button.textContent = button.dataset.copied;
      said.textContent = button.dataset.copied;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(from);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  });
})();
