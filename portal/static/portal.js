// What a page has beside its own content: the way out, and who else has it open. Both work without
// this file.
"use strict";

// «Leave this page», on the pages of people over whose shoulder somebody may look. Without this file
// it is a plain link. Here the page is gone at once, before the next one answers; going back from
// there does not lead here; and Esc, three times in a row, does the same wherever the focus is.
// This part loads nothing, sends nothing and keeps nothing.
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
    said.textContent = `Esc ${NEEDED - struck} more times leaves this page.`;
    timer = setTimeout(forget, WITHIN_MS);
  }, { capture: true });
  document.querySelector("[data-exit-keys]").hidden = false;
})();

// Who else has this page open. The page says it once, when it is loaded; this part reports every few
// seconds that the page is open, and shows the sentence that the server answers.
(() => {
  const line = document.querySelector("[data-presence]");
  if (!line) return;
  const EVERY_MS = 20000;
  const { presence, token } = line.dataset;
  const body = () => new URLSearchParams({ csrf_token: token });
  let timer = 0;

  async function stay() {
    if (document.hidden) return;
    try {
      // An idle session is answered with a redirect: then the page stops reporting.
      const answer = await fetch(presence, { method: "POST", body: body(), redirect: "error" });
      if (!answer.ok) throw new Error("not told");
      const told = await answer.text();
      if (line.textContent !== told) line.textContent = told;
    } catch {
      clearInterval(timer);
    }
  }

  function begin() {
    clearInterval(timer);
    timer = setInterval(stay, EVERY_MS);
  }

  begin();
  addEventListener("pagehide", () => navigator.sendBeacon(`${presence}/leave`, body()));
  addEventListener("pageshow", (event) => { if (event.persisted) { begin(); stay(); } });
  document.addEventListener("visibilitychange", stay);
})();
