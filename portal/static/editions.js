// The form of an edition: adding, moving, opening and removing rows without loading the page anew.
// The form works without this file. The script sends the same form to the same address, and puts
// the form of the answer in its place, so that the server alone knows what a row is.
"use strict";

(() => {
  const FORM = ".edition-form";
  const said = document.querySelector("[data-edition-said]");
  if (!document.querySelector(FORM) || !said) return;
  let isBusy = false;

  function tell(text) {
    said.textContent = text;
  }

  // The focus stays on the same button, else goes to the row that was changed.
  function focusOn(form, act) {
    const same = [...form.querySelectorAll("button[name=do]")].find((each) => each.value === act);
    const row = form.querySelector("#edited");
    const within = row && row.querySelector("select, input:not([type=hidden]), button");
    const target = act.startsWith("open:") || act.startsWith("add:") ? within : same || within;
    if (target) target.focus();
  }

  async function send(form, button) {
    isBusy = true;
    const fields = new FormData(form);
    fields.append(button.name, button.value);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(fields),
        redirect: "manual",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector(FORM);
      if (!next) throw new Error("no form");
      form.replaceWith(next);
      focusOn(next, button.value);
      tell(button.textContent);
    } catch {
      // The page is asked for as without script; it says what is wrong.
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = button.name;
      kept.value = button.value;
      form.append(kept);
      form.submit();
    } finally {
      isBusy = false;
    }
  }

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches(FORM) || !button || button.name !== "do") return;
    event.preventDefault();
    if (!isBusy) send(event.target, button);
  });
})();
