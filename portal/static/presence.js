// Who else has this page open. The page says so without this file, once, when it is loaded;
// with it, it says again every few seconds that somebody looks at it, and shows what it is told.
"use strict";

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
      // A session that went idle answers with a redirect: then nobody is here any more.
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
