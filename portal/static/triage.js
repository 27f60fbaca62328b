// The keys of the work list and the triage page. Both pages work without this file: every key
// presses a button or follows a link that stands on the page. The only thing that the script asks
// the server is whether a list or a page has news; it shows that, and nothing moves.
"use strict";

(() => {
  const dialog = document.querySelector("[data-keys]");
  if (!dialog) return;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const OFF = "single-keys";
  const ROW = "work-row";
  const rows = all("[data-row]");
  const parts = all("[data-part]");
  const sheets = all("[data-sheet]");
  const folded = all("[data-folded]");
  let row = Math.max(0, rows.findIndex((each) => each.dataset.row === remembered(sessionStorage, ROW)));
  let sheet = 0;
  let prefix = "";
  let isLeaving = false;

  // A browser may refuse to keep anything; then the keys work and forget.
  function remembered(store, name) {
    try { return store.getItem(name); } catch { return null; }
  }
  function remember(store, name, value) {
    try { store.setItem(name, value); } catch { /* see above */ }
  }

  function tell(text) {
    one("[data-tell]").textContent = text;
  }

  function markRow() {
    rows.forEach((each, index) => each.classList.toggle("current", index === row));
    if (rows[row]) remember(sessionStorage, ROW, rows[row].dataset.row);
  }

  function moveRow(step) {
    if (!rows.length) return;
    row = Math.max(0, Math.min(rows.length - 1, row + step));
    markRow();
    const link = rows[row].querySelector("[data-open]");
    link.focus({ preventScroll: true });
    rows[row].scrollIntoView({ block: "nearest" });
  }

  function moveSheet(step) {
    if (!sheets.length) return;
    sheet = Math.max(0, Math.min(sheets.length - 1, sheet + step));
    sheets[sheet].scrollIntoView({ block: "start" });
    tell(`Page ${sheet + 1} of ${sheets.length}`);
  }

  function rotate() {
    if (!sheets.length) return;
    const frame = sheets[sheet].querySelector("[data-frame]");
    const image = frame.querySelector("img");
    const turn = (Number(frame.dataset.turn || 0) + 1) % 4;
    frame.dataset.turn = String(turn);
    frame.style.setProperty("--w", image.getAttribute("width"));
    frame.style.setProperty("--h", image.getAttribute("height"));
    for (const each of [1, 2, 3]) frame.classList.toggle(`turn-${each}`, each === turn);
  }

  function take() {
    const act = rows.length && rows[row].dataset.do;
    if (act) {
      all("[name=item]:checked").forEach((each) => { each.checked = false; });
      rows[row].querySelector("[name=item]").checked = true;
      one(`.several [value="${act}"]`).click();
      return;
    }
    const place = rows.length ? rows[row].querySelector("[data-take]") : one("[data-take]");
    const button = place && place.querySelector("button");
    if (button) button.click();
  }

  function tick() {
    const box = rows.length && rows[row].querySelector("[name=item]");
    if (box) box.click();
  }

  function unfold(summary) {
    const details = summary.closest("details");
    details.open = !details.open;
    const fields = "input:not([type=hidden]), select";
    const field = details.open && (details.querySelector("input:checked") || details.querySelector(fields));
    (field || summary).focus();
  }

  // Returns what stands on the page under a key: a button, a link, a list to unfold, or why not.
  function press(key) {
    const target = one(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if ("no" in target.dataset) {
      tell("");
      tell(target.textContent);
      target.classList.add("asked");
    } else if (target.matches("summary")) unfold(target);
    else {
      isLeaving = target.matches("a");
      target.click();
    }
    return true;
  }

  function close() {
    const open = folded.filter((each) => each.open);
    open.forEach((each) => { each.open = false; });
    if (open.length) open[0].querySelector("summary").focus();
  }

  const acts = {
    j: () => moveRow(1),
    k: () => moveRow(-1),
    n: () => moveSheet(1),
    p: () => moveSheet(-1),
    o: rotate,
    c: take,
    x: tick,
    "/": () => { const field = one("[type=search]"); if (field) field.focus(); },
    "?": () => dialog.showModal(),
    Escape: close,
  };
  const afterG = {
    l: () => { const links = all(".crumbs a"); if (links.length) links[links.length - 1].click(); },
  };

  function obey(key) {
    if (prefix) {
      prefix = "";
      // Every page of officers names the lists that a key after g leads to.
      const list = /^[a-z]$/.test(key) && one(`[data-go-${key}]`);
      if (list) {
        isLeaving = true;
        location.assign(list.getAttribute(`data-go-${key}`));
      } else if (afterG[key]) afterG[key]();
      return Boolean(list || afterG[key]);
    }
    if (key === "g") {
      prefix = key;
      return true;
    }
    const field = one(`[data-focus="${CSS.escape(key)}"]`);
    if (field) field.focus();
    else if (/^[1-9]$/.test(key) && parts[key - 1]) parts[key - 1].click();
    else if (acts[key]) acts[key]();
    else return press(key);
    return true;
  }

  // The one act that a field with the focus does not keep to itself.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || dialog.open) return;
    if (event.repeat || isLeaving) return;
    if (press("Control+Enter")) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || dialog.open) return;
    const isEscape = event.key === "Escape";
    if (event.target.closest("input:not([name=item]), textarea, select, [contenteditable]")) {
      if (isEscape) {
        event.target.blur();
        close();
      } else if (event.key === "Enter" && event.target.matches("select")) {
        // Some browsers would open the menu again, where in a field Enter sends the form.
        event.preventDefault();
        if (!event.repeat && !isLeaving) event.target.form.requestSubmit();
      }
      return;
    }
    // A key that stays down, or that is struck while the next page loads, does nothing twice.
    if (event.repeat && !"jknp".includes(event.key)) return;
    if (isLeaving) return;
    if (event.key === "Enter") {
      const isNowhere = !event.target.closest("a, button, summary");
      // On a checkbox, Enter would send the form of all selected rows.
      if (event.target.matches("[name=item]")) event.preventDefault();
      if (isNowhere && rows.length) rows[row].querySelector("[data-open]").click();
      return;
    }
    if (remembered(localStorage, OFF) === "off" && !isEscape) return;
    if (obey(event.key)) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.method === "post") isLeaving = true;
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("focusin", (event) => {
    const at = rows.findIndex((each) => each.contains(event.target));
    if (at >= 0 && at !== row) {
      row = at;
      markRow();
    }
  });

  const NEWS_EVERY_MS = 30000;
  const news = one("[data-news]");
  let newsTag = "";

  // A hidden page asks nothing; after a sign-out, or without the right, the page asks no more.
  async function askForNews() {
    if (document.hidden) return;
    const headers = newsTag ? { "If-None-Match": newsTag } : {};
    try {
      const answer = await fetch(news.dataset.news, { headers, redirect: "manual", cache: "no-store" });
      if (answer.ok) {
        newsTag = answer.headers.get("ETag") || "";
        const number = (await answer.json()).new;
        one("[data-news-number]").textContent = String(number);
        news.querySelector("a").hidden = number === 0;
      } else if (answer.status !== 304) clearInterval(newsTimer);
    } catch { /* the connection is down: the next request tells */ }
  }
  const newsTimer = news ? setInterval(askForNews, NEWS_EVERY_MS) : 0;
  if (news) document.addEventListener("visibilitychange", askForNews);

  // Whether the submission changed since its page was made. What is read does not move: a mark is
  // replaced where it stands if that moves nothing, and all else is offered.
  const CHANGES_EVERY_MS = 15000;
  const offer = one("[data-changes]");

  function remark(mark, [word, shape, tone]) {
    const [sign, text] = mark.children;
    if (text.textContent === word) return;
    const before = [mark.className, sign.textContent, text.textContent];
    const line = mark.closest(".part-head");
    const height = line.offsetHeight;
    [mark.className, sign.textContent, text.textContent] = [`mark ${tone}`, shape, word];
    if (line.offsetHeight !== height) [mark.className, sign.textContent, text.textContent] = before;
  }

  async function askForChanges() {
    if (document.hidden) return;
    try {
      const answer = await fetch(offer.dataset.changes, { redirect: "manual", cache: "no-store" });
      if (!answer.ok) {
        clearInterval(changesTimer);
        return;
      }
      const told = await answer.json();
      for (const place of all("[data-state]")) {
        const now = told.marks[place.dataset.state];
        if (now) remark(place.querySelector(".mark"), now);
      }
      offer.classList.toggle("is-new", told.new);
    } catch { /* the connection is down: the next request tells */ }
  }
  const changesTimer = offer ? setInterval(askForChanges, CHANGES_EVERY_MS) : 0;
  if (offer) {
    document.addEventListener("visibilitychange", askForChanges);
    one("[data-show-changes]").addEventListener("click", () => {
      if (offer.classList.contains("is-new")) location.reload();
    });
  }

  // In an emergency nothing is ended before every line of the letter was on screen: an act that comes
  // sooner leads to the first line that was not. Who acts without this file is held by the server,
  // and reads the letter above the form.
  const letter = one("[data-must-read]");
  const PIECE = /.{1,60}(?=\s|$)|.{1,60}|\s/gu;
  // A piece that is higher than the window can never be seen whole.
  const STEPS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

  // Puts what somebody wrote into pieces that fit on any screen. Quoted older mail stays folded.
  function piecesOf(text) {
    const pieces = text.textContent.match(PIECE).map((words) => {
      const piece = document.createElement("span");
      piece.textContent = words;
      return piece;
    });
    text.replaceWith(...pieces);
    return pieces.filter((piece) => piece.textContent.trim());
  }

  if (letter && "IntersectionObserver" in window) {
    const texts = [...letter.children].filter((each) => each.matches(".letter"));
    const unread = new Set(texts.flatMap((each) => [...each.childNodes].flatMap(piecesOf)));
    const head = one(".triage-head");
    const covered = () => (getComputedStyle(head).position === "sticky" ? head.offsetHeight : 0);
    let watcher;

    function see(seen) {
      for (const { target, intersectionRatio, intersectionRect, rootBounds } of seen) {
        if (intersectionRatio < 0.95 && intersectionRect.height < rootBounds.height / 2) continue;
        unread.delete(target);
        watcher.unobserve(target);
      }
      letter.dataset.mustRead = unread.size ? "" : "read";
    }

    function watch() {
      if (watcher) watcher.disconnect();
      watcher = new IntersectionObserver(see, { rootMargin: `-${covered()}px 0px 0px`, threshold: STEPS });
      unread.forEach((each) => watcher.observe(each));
    }

    function holdBack(event) {
      if (!unread.size) return;
      event.preventDefault();
      event.stopPropagation();
      isLeaving = false;
      const [first] = unread;
      scrollBy({ top: first.getBoundingClientRect().top - covered() - 8, behavior: "instant" });
      tell("");
      tell("Read all of the letter first: it goes on here.");
    }

    watch();
    addEventListener("resize", watch);
    for (const act of all("[data-after-letter]")) {
      if (act.form) act.form.addEventListener("submit", holdBack);
      else act.addEventListener("click", holdBack);
    }
  }

  // A field that narrows a long list to what holds its words, and chooses the first of them.
  for (const find of all("[data-find]")) {
    const list = document.getElementById(find.dataset.find);
    const groups = [...list.children].map((each) => [each, [...each.children]]);
    const chosen = list.value;
    find.closest("label").hidden = false;
    find.addEventListener("input", () => {
      const wanted = find.value.trim().toLowerCase();
      const fits = (option) => option.textContent.toLowerCase().includes(wanted);
      list.replaceChildren(...groups.map(([group, options]) => {
        if (options.length) group.replaceChildren(...options.filter(fits));
        return group;
      }).filter((group) => group.children.length || group.matches("option")));
      const first = wanted ? list.querySelector("optgroup option") : null;
      list.value = first ? first.value : chosen;
    });
  }

  const isOn = one("[data-keys-on]");
  isOn.checked = remembered(localStorage, OFF) !== "off";
  isOn.addEventListener("change", () => {
    remember(localStorage, OFF, isOn.checked ? "on" : "off");
    document.documentElement.classList.toggle("has-keys", isOn.checked);
  });
  one("[data-keys-open]").addEventListener("click", () => dialog.showModal());
  one("[data-keys-line]").hidden = false;
  document.documentElement.classList.toggle("has-keys", isOn.checked);
  markRow();
})();

// How long it still is until something leaves the house. When it has left, the page says so and what
// would take it back rests; nothing moves on the page.
(() => {
  const lines = [...document.querySelectorAll("[data-leaves]")];
  if (!lines.length) return;
  const begun = performance.now();
  const timer = setInterval(count, 1000);

  function count() {
    const passed = (performance.now() - begun) / 1000;
    let areWaiting = false;
    for (const line of lines) {
      const left = Math.ceil(Number(line.dataset.leaves) - passed);
      const told = line.querySelector("[data-leaves-in]");
      areWaiting ||= left > 0;
      told.textContent = left > 0 ? ` (in ${left} s)` : " (it has left)";
      const place = line.closest(".said-line, form");
      const button = left > 0 || !place ? null : place.querySelector("button[data-key=z]");
      if (button) button.disabled = true;
    }
    if (!areWaiting) clearInterval(timer);
  }
  count();
})();
