// The viewer's keys and buttons. The page works without this file: pictures one below the other,
// each with its text. The script loads and sends nothing; its search looks through the texts that
// stand on the page.
"use strict";

(() => {
  const viewer = document.querySelector("[data-viewer]");
  if (!viewer) return;
  const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
  const FIT = ZOOMS.indexOf(1);
  const panes = [...viewer.querySelectorAll("[data-pane]")].map((element) => ({
    element,
    sheets: [...element.querySelectorAll("[data-sheet]")],
    current: 0,
    zoom: FIT,
  }));
  const tiles = [...viewer.querySelectorAll(".tiles a")];
  const where = viewer.querySelector("[data-where]");
  const found = viewer.querySelector("[data-found]");
  const form = viewer.querySelector(".search");
  const field = form.querySelector("[type=search]");
  const keys = document.querySelector("[data-keys]");
  let active = panes[0];
  let hits = [];
  let sought = null;
  let steeredUntil = 0;

  function show() {
    const count = active.sheets.length;
    where.textContent = count ? `Page ${active.current + 1} of ${count}` : "No pages";
    if (active !== panes[0]) return;
    tiles.forEach((tile, index) => {
      if (index === active.current) tile.setAttribute("aria-current", "page");
      else tile.removeAttribute("aria-current");
    });
  }

  function go(index) {
    if (!active.sheets.length) return;
    active.current = Math.max(0, Math.min(active.sheets.length - 1, index));
    // While this scrolls, the pages that pass by do not count as the page that is read.
    steeredUntil = performance.now() + 300;
    active.sheets[active.current].scrollIntoView({ block: "start", inline: "nearest" });
    if (active === panes[0]) tiles[active.current].scrollIntoView({ block: "nearest", inline: "nearest" });
    show();
  }

  function activate(pane) {
    active = pane;
    panes.forEach((each) => each.element.classList.toggle("active", each === pane));
    show();
  }

  function zoom(step) {
    active.zoom = step === 0 ? FIT : Math.max(0, Math.min(ZOOMS.length - 1, active.zoom + step));
    active.element.style.setProperty("--zoom", String(ZOOMS[active.zoom]));
    go(active.current);
  }

  function rotate(sheets) {
    for (const sheet of sheets) {
      const frame = sheet.querySelector("[data-frame]");
      const image = frame.querySelector("img");
      const turn = (Number(frame.dataset.turn || 0) + 1) % 4;
      frame.dataset.turn = String(turn);
      frame.style.setProperty("--w", image.getAttribute("width"));
      frame.style.setProperty("--h", image.getAttribute("height"));
      for (const each of [1, 2, 3]) frame.classList.toggle(`turn-${each}`, each === turn);
    }
    go(active.current);
  }

  const folded = (text) => text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);

  function search() {
    const words = folded(field.value);
    const key = words.join(" ");
    if (key !== "" && key === sought && hits.length) {
      go(hits.find((index) => index > active.current) ?? hits[0]);
      return;
    }
    sought = key;
    activate(panes[0]);
    hits = [];
    active.sheets.forEach((sheet, index) => {
      const text = sheet.querySelector("[data-text]");
      const whole = text && words.length ? folded(text.textContent).join(" ") : "";
      const isHit = whole !== "" && words.every((word) => whole.includes(word));
      if (isHit) hits.push(index);
      sheet.classList.toggle("hit", isHit);
      tiles[index].classList.toggle("hit", isHit);
      tiles[index].querySelector("[data-hit-words]").textContent = isHit ? ", found here" : "";
    });
    tell(words.length > 0);
    if (hits.length) go(hits[0]);
  }

  function tell(isSearch) {
    found.replaceChildren();
    if (!isSearch) return;
    if (!hits.length) {
      found.append("Found on no page");
      return;
    }
    found.append(hits.length === 1 ? "Found on page " : "Found on pages ");
    hits.forEach((index, position) => {
      const link = document.createElement("a");
      link.href = `#page-${index + 1}`;
      link.textContent = String(index + 1);
      found.append(...(position ? [", "] : []), link);
    });
  }

  function sideBySide() {
    if (panes.length > 1) {
      activate(active === panes[0] ? panes[1] : panes[0]);
      active.element.focus({ preventScroll: true });
      return;
    }
    const choice = document.querySelector("[data-beside]");
    if (choice) choice.focus();
  }

  const isRtl = () => getComputedStyle(viewer).direction === "rtl";
  const acts = {
    next: () => go(active.current + 1),
    previous: () => go(active.current - 1),
    first: () => go(0),
    last: () => go(active.sheets.length - 1),
    larger: () => zoom(1),
    smaller: () => zoom(-1),
    fit: () => zoom(0),
    rotate: () => rotate(active.sheets.slice(active.current, active.current + 1)),
    rotateAll: () => rotate(active.sheets),
    find: () => { field.focus(); field.select(); },
    beside: sideBySide,
    help: () => keys.showModal(),
  };
  const byKey = {
    n: "next", p: "previous", Home: "first", End: "last", "+": "larger", "=": "larger",
    "-": "smaller", 0: "fit", o: "rotate", O: "rotateAll", "/": "find", s: "beside", "?": "help",
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") {
        // Without this the browser would empty the field.
        event.preventDefault();
        event.target.blur();
      }
      return;
    }
    const forward = isRtl() ? "ArrowLeft" : "ArrowRight";
    const backward = isRtl() ? "ArrowRight" : "ArrowLeft";
    const name = { [forward]: "next", [backward]: "previous" }[event.key] ?? byKey[event.key];
    if (!name) return;
    event.preventDefault();
    acts[name]();
  });
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) acts[button.dataset.do]();
  });
  for (const pane of panes) {
    for (const kind of ["pointerdown", "focusin"]) {
      pane.element.addEventListener(kind, () => { if (active !== pane) activate(pane); });
    }
  }
  tiles.forEach((tile, index) => tile.addEventListener("click", (event) => {
    event.preventDefault();
    activate(panes[0]);
    go(index);
  }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  found.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    activate(panes[0]);
    go(Number(link.textContent) - 1);
  });

  let isDue = false;
  document.addEventListener("scroll", () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      if (performance.now() < steeredUntil || !active.sheets.length) return;
      const top = panes.length > 1 ? active.element.getBoundingClientRect().top : 0;
      const line = top + 0.25 * window.innerHeight;
      const passed = active.sheets.filter((sheet) => sheet.getBoundingClientRect().top <= line);
      active.current = Math.max(0, passed.length - 1);
      show();
    });
  }, { capture: true, passive: true });

  viewer.querySelector("[data-tools]").hidden = false;
  activate(active);
})();
