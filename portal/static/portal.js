// What a page has beside its own content: who else has it open, and a warning before the session
// ends. The page works without this file.
"use strict";

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

// Two minutes before the session ends the page says so, and one press keeps it going (WCAG 2.2,
// success criterion 2.2.1). Typing counts as being there: while somebody writes, the page asks for
// more time by itself, and asks nobody anything.
(() => {
  const dialog = document.querySelector("[data-stay]");
  if (!dialog) return;
  const WARNING_S = 120;
  const TYPED_WITHIN_MS = 5 * 60 * 1000;
  const left = dialog.querySelector("[data-stay-left]");
  const said = dialog.querySelector("[data-stay-said]");
  let endsAt = Date.now() + Number(dialog.dataset.seconds) * 1000;
  let typedAt = 0;
  let isAsking = false;

  async function stay() {
    isAsking = true;
    try {
      const answer = await fetch(dialog.dataset.stay, {
        method: "POST",
        redirect: "error",
        headers: { "X-CSRFToken": document.querySelector("[name=csrf_token]").value },
      });
      if (!answer.ok) throw new Error("not kept");
      endsAt = Date.now() + (await answer.json()).seconds * 1000;
      if (dialog.open) dialog.close();
    } catch {
      // Without a connection the dialog stays, and the form is kept when it comes too late.
    }
    isAsking = false;
  }

  function look() {
    const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    if (seconds > WARNING_S) {
      if (dialog.open) dialog.close();
      return;
    }
    if (seconds === 0) {
      if (dialog.open) dialog.close();
      return;
    }
    if (Date.now() - typedAt < TYPED_WITHIN_MS && !isAsking) {
      typedAt = 0;
      stay();
      return;
    }
    const told = dialog.dataset.left
      .replace("{minutes}", Math.floor(seconds / 60)).replace("{seconds}", seconds % 60);
    left.textContent = told;
    if (!dialog.open) {
      dialog.showModal();
      said.textContent = told;
    }
  }

  addEventListener("input", () => { typedAt = Date.now(); });
  // Another page of the same session may have been used meanwhile.
  document.addEventListener("page:kept", (event) => { endsAt = Date.now() + event.detail * 1000; });
  dialog.querySelector("[data-stay-now]").addEventListener("click", stay);
  dialog.addEventListener("close", () => { if (endsAt - Date.now() < WARNING_S * 1000 && !isAsking) stay(); });
  setInterval(look, 1000);
})();
