// «Leave this page», on the pages of people over whose shoulder somebody may look. Without this file
// it is a plain link. Here the page is gone at once, before the next one answers; going back from
// there does not lead here; and Esc, three times in a row, does the same wherever the focus is.
// This file loads nothing, sends nothing and keeps nothing.
"use strict";

(() => {
  const link = document.querySelector("[data-exit]");
  if (!link) return;
  const said = document.querySelector("[data-exit-said]");
  const NEEDED = 3;
  const WITHIN_MS = 3000;
  let struck = 0;
  let timer = 0;

  function leave() {
    // Nothing of the page is left to see, whatever the network does now.
    document.title = "\u200b";
    document.body.hidden = true;
    location.replace(link.href);
  }

  function forget() {
    struck = 0;
    said.textContent = "";
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    clearTimeout(timer);
    if (event.key !== "Escape") {
      if (struck) forget();
      return;
    }
    struck += 1;
    if (struck >= NEEDED) {
      leave();
      return;
    }
    const left = NEEDED - struck;
    said.textContent = left === 1 ? said.dataset.last : said.dataset.left.replace("{}", left);
    timer = setTimeout(forget, WITHIN_MS);
  }, { capture: true });
  document.querySelector("[data-exit-keys]").hidden = false;
})();
