// A batch goes on by itself while its page is open: each request issues for about two seconds. Leaving the page
// stops it after the certificate that is being made. Without this script the page has a button that does the same.

const page = document.querySelector("[data-batch]");
if (page) start(page);

function start(page) {
  const form = page.querySelector("form");
  const bar = page.querySelector("progress");
  const count = page.querySelector("[data-count]");
  const state = page.querySelector("[data-state]");
  const problems = page.querySelector("[data-problems]");
  const button = form.querySelector("button");
  const stop = page.querySelector("[data-stop]");
  let going = false;
  let failures = 0;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    go();
  });
  stop.addEventListener("click", () => {
    going = false;
    state.textContent = page.dataset.stopped;
    rest();
  });
  window.addEventListener("pagehide", () => {
    going = false;
  });
  if (page.dataset.going === "yes") go();

  // Whoever works by keyboard stays where the button was.
  function swap(shown, gone) {
    const here = document.activeElement === gone;
    shown.hidden = false;
    gone.hidden = true;
    if (here) shown.focus();
  }

  function rest() {
    swap(button, stop);
    bar.removeAttribute("aria-busy");
  }

  async function go() {
    if (going) return;
    going = true;
    failures = 0;
    swap(stop, button);
    bar.setAttribute("aria-busy", "true");
    state.textContent = page.dataset.working;
    while (going) {
      const told = await ask();
      if (!told) continue;
      show(told);
      if (told.ended) {
        finish(told);
        return;
      }
      if (told.for_another) halt(page.dataset.another);
    }
  }

  async function ask() {
    let response;
    try {
      response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
    } catch {
      failures += 1;
      if (failures > 4) return halt(page.dataset.offline);
      await new Promise((again) => setTimeout(again, 1000 * 2 ** failures));
      return null;
    }
    failures = 0;
    const told = await response.json().catch(() => ({}));
    return response.ok ? told : halt(told.error || page.dataset.offline);
  }

  function halt(words) {
    going = false;
    state.textContent = words;
    rest();
    return null;
  }

  function show(told) {
    bar.max = told.total;
    bar.value = told.done;
    if (count.textContent !== told.words) count.textContent = told.words;
    problems.replaceChildren(
      ...told.problems.map((one) => {
        const item = document.createElement("li");
        const name = document.createElement("strong");
        name.textContent = one.name;
        item.append(name, ": ", one.why);
        return item;
      }),
    );
    problems.closest("section").hidden = !told.problems.length;
  }

  function finish(told) {
    going = false;
    swap(state, stop);
    bar.removeAttribute("aria-busy");
    form.hidden = true;
    state.textContent = told.problems.length ? page.dataset.rest : page.dataset.finished;
  }
}
