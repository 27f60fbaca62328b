// Saves the answers of a draft while they are typed, each field by itself, so that neither a break nor
// an ended session costs a word. The page works without this file: every button of the form saves.
"use strict";

(() => {
  const form = document.querySelector("[data-autosave]");
  if (!form) return;
  const PAUSE_MS = 1200;
  const RETRY_MS = 5000;
  // The form has one within, and one before the buttons of the languages in the head.
  const tokens = [...form.elements].filter((each) => each.name === "csrf_token");
  const version = form.querySelector("[name=version]");
  const line = form.querySelector("[data-saved-at]");
  const fields = [...form.elements].filter(
    (each) => each.name && ["text", "date", "textarea", "select-one"].includes(each.type),
  );
  // What the server sent, not what stands there: somebody may have typed while the page still loaded.
  function given(each) {
    if (each.options) return ([...each.options].find((one) => one.defaultSelected) || each[0]).value;
    const copy = each.cloneNode();
    copy.value = each.defaultValue;
    return copy.value;
  }

  const saved = new Map(fields.map((each) => [each.name, given(each)]));
  // Fields that another window changed meanwhile: the next button shows both texts, and saving by
  // itself would silently put this one in the place of the other.
  const elsewhere = new Set();
  let timer = 0;
  let running = Promise.resolve();
  let isSignedOut = false;
  let isLetGo = false;

  const changed = () => fields.filter(
    (each) => each.value !== saved.get(each.name) && !elsewhere.has(each.name),
  );

  function say(text, isFault) {
    line.textContent = text;
    line.classList.toggle("cannot", isFault);
  }

  const call = (body) => fetch(form.dataset.autosave, {
    method: "POST",
    redirect: "manual",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": tokens[0].value },
    body: JSON.stringify(body),
  });

  // After signing in again, here or in another window, the form's token is an old one.
  async function renewToken() {
    const answer = await fetch(location.pathname.replace(/\/check$/, ""), { redirect: "manual" });
    isSignedOut = !answer.ok;
    if (isSignedOut) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-draft] [name=csrf_token]");
    if (fresh) for (const each of tokens) each.value = fresh.value;
    return Boolean(fresh);
  }

  async function saveOnce() {
    clearTimeout(timer);
    const dirty = changed();
    if (!dirty.length) return;
    const sent = new Map(dirty.map((each) => [each.name, each.value]));
    const body = Object.fromEntries(
      [...sent].map(([name, now]) => [name, { was: saved.get(name), now }]),
    );
    try {
      let answer = await call(body);
      if (!answer.ok && answer.status !== 409 && answer.status < 500 && await renewToken()) {
        answer = await call(body);
      }
      if (answer.status === 409 || answer.status === 404) { location.reload(); return; }
      if (!answer.ok) throw new Error("not saved");
      isSignedOut = false;
      const told = await answer.json();
      for (const [name, now] of sent) {
        if (name in told.elsewhere) elsewhere.add(name);
        else saved.set(name, now);
      }
      if (elsewhere.size) {
        // The version stays the old one, so that the next button shows both.
        say(form.dataset.elsewhere, true);
        return;
      }
      version.value = told.version;
      say(form.dataset.saved.replace("{time}", told.saved_at), false);
    } catch {
      say(isSignedOut ? form.dataset.signedOut : form.dataset.notSaved, true);
      timer = setTimeout(save, RETRY_MS);
      return;
    }
    if (changed().length) soon();
  }

  function save() {
    running = running.then(saveOnce, saveOnce);
    return running;
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", save);
  // A button that came after the end of the session would lead to the sign-in, and lose what is not
  // saved: it waits until it is.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (event.defaultPrevented || isLetGo || !changed().length) return;
    event.preventDefault();
    const button = event.submitter;
    save().then(() => {
      if (changed().length && isSignedOut) { line.scrollIntoView({ block: "nearest" }); return; }
      isLetGo = true;
      form.requestSubmit(button);
      isLetGo = false;
    });
  });
  addEventListener("pagehide", save);
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  save();
})();
