// Sends the files of a draft in pieces over a bad connection. The page works without this file: the
// form then carries the files itself. The script announces each file, its pieces follow one
// another, and after a break the server says how much it has. Nothing is loaded from elsewhere, and
// everything is sent to this site only.
"use strict";

(() => {
  const form = document.querySelector("[data-draft]");
  const list = form && form.querySelector("[data-files]");
  if (!list) return;
  const [SMALLEST, LARGEST] = [256 * 1024, 16 * 1024 * 1024];
  const [QUICK_MS, SLOW_MS] = [1500, 6000];
  const MAX_TRIES = 8;
  const [FIRST_WAIT_MS, MAX_WAIT_MS] = [500, 30000];
  const MAX_NAME_CHARS = 255;
  const token = form.querySelector("[name=csrf_token]").value;
  const said = form.querySelector("[data-said]");
  const why = form.querySelector("[data-why]");
  const drop = form.querySelector("[data-drop]");
  const inputs = [...drop.querySelectorAll("input[type=file]")];
  const rows = new Map();
  const waiting = [];
  const wording = JSON.parse(form.dataset.words);
  let pieceBytes = 2 * SMALLEST;
  let isBusy = false;

  class Refused extends Error {
    constructor(told, status) {
      super(told.message || wording.refused);
      this.status = status;
      this.received = told.received;
    }
  }

  class Passing extends Error {}

  const pause = (ms) => new Promise((done) => {
    const timer = setTimeout(done, ms);
    // The connection is back: there is no reason to wait any longer.
    window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

  function words(bytes) {
    if (bytes < 1000) return `${bytes} ${wording.bytes}`;
    if (bytes < 1000000) return `${Math.round(bytes / 1000)} kB`;
    const figures = { minimumFractionDigits: 1, maximumFractionDigits: 1, numberingSystem: "latn" };
    return `${(bytes / 1000000).toLocaleString(document.documentElement.lang, figures)} MB`;
  }

  // What is filled in runs its own way within a sentence that runs from the right.
  const apart = document.dir === "rtl" ? (text) => `\u2068${text}\u2069` : (text) => text;
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_all, name) => apart(values[name]));
  const counted = (patterns, count) => fill(patterns[count === 1 ? 0 : 1], { count });

  async function ask(path, options = {}) {
    const answer = await fetch(path, {
      ...options,
      redirect: "manual",
      headers: { "X-CSRFToken": token, ...options.headers },
    });
    if (answer.status === 204) return {};
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer.ok && isJson) return answer.json();
    const told = isJson ? await answer.json() : {};
    // The service is full or away: this is tried again, and told in its own words when it stays so.
    if (answer.status >= 500 || answer.status === 429) throw new Passing(told.message);
    // A redirect or an old page means that the session is over; what has arrived is safe.
    if (!isJson) told.message = wording.signed_out;
    throw new Refused(told, isJson ? answer.status : 401);
  }

  function state(row, text, shape, value) {
    const place = row.element.querySelector("[data-state]");
    const mark = make("span", "shape", `${shape} `);
    mark.setAttribute("aria-hidden", "true");
    place.replaceChildren(mark, text);
    const bar = row.element.querySelector("progress");
    if (bar && row.isReady) bar.remove();
    else if (bar && value !== undefined) bar.value = value;
    row.element.classList.toggle("open", !row.isReady);
    row.element.classList.toggle("refused", Boolean(row.isRefused));
  }

  function say(text) { said.textContent = text; }

  function standing() {
    const all = [...rows.values()];
    const open = all.filter((row) => !row.isReady && !row.isRefused);
    const onTheWay = open.filter((row) => row.file);
    why.classList.toggle("cannot", open.length > 0);
    if (onTheWay.length) {
      why.textContent = counted(wording.on_the_way, onTheWay.length);
    } else if (open.length) {
      why.textContent = counted(wording.not_whole, open.length);
    } else {
      const ready = all.filter((row) => row.isReady).length;
      why.textContent = ready ? counted(wording.ready, ready) : form.dataset.none;
    }
    return open.length;
  }

  function make(tag, className, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function newRow(file) {
    const element = make("li", "file open");
    const what = make("div", "file-what");
    const name = make("p", "file-name");
    // Characters that would turn the reading direction are shown instead of obeyed.
    const isolated = make("bdi", "", file.name.replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd"));
    name.append(isolated);
    const text = make("p", "file-state");
    text.dataset.state = "";
    const bar = make("progress", "");
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-hidden", "true");
    what.append(name, text, bar);
    const button = make("button", "quiet-button", wording.remove);
    button.type = "button";
    button.dataset.remove = "";
    button.append(make("span", "unseen", ` ${isolated.textContent}`));
    element.append(what, button);
    list.append(element);
    return adopt(element, { name: file.name, size: file.size, received: 0, id: null, isReady: false });
  }

  function adopt(element, row) {
    row.element = element;
    rows.set(element, row);
    element.querySelector("[data-remove]").addEventListener("click", (event) => {
      event.preventDefault();
      remove(row);
    });
    return row;
  }

  async function remove(row) {
    row.isGone = true;
    if (row.abort) row.abort.abort();
    try {
      if (row.id) await ask(`${form.dataset.uploads}/${row.id}`, { method: "DELETE" });
    } catch (error) {
      if (error.status !== 404) {
        row.isGone = false;
        row.file = null;
        state(row, wording.not_removed, "▲");
        standing();
        return;
      }
    }
    rows.delete(row.element);
    row.element.remove();
    say(fill(wording.removed, row));
    standing();
    inputs[0].focus();
  }

  function choose(files) {
    for (const file of files) {
      const name = [...file.name].slice(0, MAX_NAME_CHARS).join("");
      // A file with the name and size of one that is not whole goes on where that ended.
      const begun = [...rows.values()].find(
        (row) => !row.isReady && !row.file && row.name === name && row.size === file.size,
      );
      const row = begun || newRow(file);
      row.file = file;
      row.isRefused = false;
      if (!file.size) {
        row.file = null;
        row.isRefused = true;
        state(row, wording.empty, "▲");
        say(`${row.name}: ${wording.empty}`);
        continue;
      }
      state(row, wording.waiting, "…");
      waiting.push(row);
    }
    standing();
    work();
  }

  async function work() {
    if (isBusy) return;
    isBusy = true;
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      if (!row.isGone) await bring(row);
      standing();
    }
    isBusy = false;
  }

  async function bring(row) {
    let failures = 0;
    while (!row.isGone) {
      const before = row.received;
      try {
        await step(row);
        if (row.isReady) return;
        failures = 0;
      } catch (error) {
        if (row.isGone) return;
        if (error instanceof Refused && error.status !== 409) {
          row.file = null;
          row.isRefused = true;
          state(row, error.message, "▲");
          say(`${row.name}: ${error.message}`);
          return;
        }
        if (error instanceof Refused && Number.isInteger(error.received)) row.received = error.received;
        pieceBytes = Math.max(SMALLEST, pieceBytes / 2);
        failures = row.received > before ? 1 : failures + 1;
        if (failures > MAX_TRIES) {
          row.file = null;
          const reason = (error instanceof Passing && error.message) || wording.bad;
          state(row, `${reason} ${fill(wording.safe, { sent: words(row.received) })}`, "▲");
          say(fill(wording.incomplete, row));
          return;
        }
        state(row, fill(wording.broken, { sent: words(row.received), size: words(row.size) }), "◆");
        await pause(Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)));
        await locate(row);
      }
    }
  }

  // After a break only the server can tell how much has arrived.
  async function locate(row) {
    if (!row.id || row.isGone) return;
    try {
      row.received = (await ask(`${form.dataset.uploads}/${row.id}`)).received;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) { row.id = null; row.received = 0; }
    }
  }

  function progress(row, sent) {
    const percent = Math.floor((100 * sent) / row.size);
    state(row, fill(wording.of, { percent, sent: words(sent), size: words(row.size) }), "…", sent);
  }

  // A PDF that asks for a password names an /Encrypt entry near its end; that is advice, no proof.
  async function seemsLocked(file) {
    if (!/\.pdf$/i.test(file.name) && file.type !== "application/pdf") return false;
    const tail = await file.slice(Math.max(0, file.size - 4096)).text();
    return /\/Encrypt\s+\d+\s+\d+\s+R/.test(tail);
  }

  // Only XMLHttpRequest tells how much of a piece has left.
  function put(row, piece) {
    return new Promise((resolve, reject) => {
      const call = new XMLHttpRequest();
      const begun = row.received;
      call.open("PUT", `${form.dataset.uploads}/${row.id}?offset=${begun}`);
      call.setRequestHeader("X-CSRFToken", token);
      call.setRequestHeader("Content-Type", "application/octet-stream");
      call.upload.addEventListener("progress", (event) => {
        if (!row.isGone) progress(row, Math.min(row.size, begun + event.loaded));
      });
      call.addEventListener("load", () => {
        let told = {};
        let isJson = true;
        try { told = JSON.parse(call.responseText); } catch { isJson = false; }
        if (call.status === 200 && isJson) resolve(told);
        else if (call.status >= 500 || call.status === 429) reject(new Passing(told.message));
        else {
          if (!isJson) told = { message: wording.signed_out };
          reject(new Refused(told, isJson ? call.status : 401));
        }
      });
      for (const end of ["error", "abort", "timeout"]) {
        call.addEventListener(end, () => reject(new TypeError("the connection broke")));
      }
      row.abort = call;
      call.send(piece);
    });
  }

  async function step(row) {
    if (!row.id) {
      state(row, wording.preparing, "…", 0);
      row.seemsLocked = await seemsLocked(row.file);
      const body = JSON.stringify({ name: row.name, type: row.file.type, size: row.size });
      const headers = { "Content-Type": "application/json" };
      const told = await ask(form.dataset.announce, { method: "POST", headers, body });
      row.id = told.id;
      row.received = told.received;
      return;
    }
    if (row.received >= row.size) {
      await ask(`${form.dataset.uploads}/${row.id}/finish`, { method: "POST" });
      row.isReady = true;
      row.file = null;
      const done = `${wording.uploaded} · ${words(row.size)}`;
      state(row, row.seemsLocked ? wording.locked : done, row.seemsLocked ? "◆" : "✓");
      say(row.seemsLocked ? `${row.name}: ${wording.locked}` : fill(wording.is_uploaded, row));
      return;
    }
    progress(row, row.received);
    const piece = row.file.slice(row.received, row.received + pieceBytes);
    const began = performance.now();
    const told = await put(row, piece);
    row.received = told.received;
    const took = performance.now() - began;
    // A small rest that was quick says nothing about how quick a larger piece would be.
    if (took < QUICK_MS && piece.size === pieceBytes) pieceBytes = Math.min(LARGEST, pieceBytes * 2);
    if (took > SLOW_MS) pieceBytes = Math.max(SMALLEST, pieceBytes / 2);
    progress(row, row.received);
  }

  for (const element of list.querySelectorAll("[data-file]")) {
    const told = element.dataset;
    const row = adopt(element, {
      id: told.file,
      name: told.name,
      size: Number(told.size),
      received: Number(told.received),
      isReady: told.ready === "yes",
    });
    if (!row.isReady && row.received >= row.size && row.size > 0) {
      // All of the file has arrived; only finishing it is left.
      row.file = new Blob([]);
      waiting.push(row);
    }
  }
  function take(input) {
    choose([...input.files]);
    // The form must not carry the same files a second time.
    input.value = "";
  }

  for (const input of inputs) {
    input.addEventListener("change", () => take(input));
  }
  form.querySelector("[data-add]").hidden = true;
  // With the script a chosen file begins at once, so the inputs need not say what is chosen.
  drop.classList.add("scripted");
  form.querySelector("[data-drop-words]").hidden = false;
  for (const [kind, isOver] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.toggle("over", isOver); });
  }
  drop.addEventListener("drop", (event) => choose([...event.dataTransfer.files]));
  form.addEventListener("submit", (event) => {
    if (!event.submitter || !event.submitter.matches("[data-send]")) return;
    if (standing() === 0) return;
    event.preventDefault();
    say(why.textContent);
    why.scrollIntoView({ block: "nearest" });
  });
  standing();
  work();
  // What was chosen while the page still loaded told nobody.
  inputs.filter((input) => input.files.length).forEach(take);
})();
