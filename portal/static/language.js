// Another language, without losing what is typed: the new page is fetched, the typed values move
// over, and its words take the place of the old ones. Without this file the page loads anew.
"use strict";

(() => {
  const form = document.querySelector("[data-language]");
  if (!form) return;
  let hasFailed = false;
  form.addEventListener("submit", (event) => {
    const typed = [...document.querySelectorAll("main input, main textarea, main select")]
      .filter((each) => !["hidden", "file", "submit"].includes(each.type));
    const isTyped = typed.some((each) => each.value !== each.defaultValue && each.type !== "checkbox");
    if (!isTyped || !event.submitter || hasFailed) return;
    event.preventDefault();
    change(event.submitter.value, typed);
  });

  async function change(language, typed) {
    const address = new URL(form.getAttribute("action") || location.href, location.href);
    address.searchParams.set("page-language", language);
    try {
      const answer = await fetch(address);
      if (!answer.ok || new URL(answer.url).pathname !== location.pathname) throw new Error("elsewhere");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of typed) {
        const same = page.querySelector(`main [name="${CSS.escape(old.name)}"]`);
        if (!same) continue;
        if (old.type === "checkbox" || old.type === "radio") same.checked = old.checked;
        else same.value = old.value;
      }
      document.documentElement.lang = page.documentElement.lang;
      document.documentElement.dir = page.documentElement.dir;
      document.title = page.title;
      const name = document.querySelector(".top-name");
      name.textContent = page.querySelector(".top-name").textContent;
      const leave = page.querySelector("[data-exit]");
      if (leave) document.querySelector("[data-exit]").textContent = leave.textContent;
      form.replaceChildren(...page.querySelector("[data-language]").children);
      for (const part of ["header.top", "main", "footer.foot"]) {
        const fresh = page.querySelector(part);
        if (fresh) document.querySelector(part).replaceWith(document.adoptNode(fresh));
      }
    } catch {
      hasFailed = true;
      form.requestSubmit(form.querySelector(`[value="${language}"]`));
    }
  }
})();
