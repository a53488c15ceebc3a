// A picture of the document that follows what is typed. Without this script a button shows it in a tab of its own.

const WAIT = 350; // milliseconds without a key before a new picture is asked for

const panel = document.querySelector("[data-preview]");
if (panel) follow(panel, panel.closest("form"));

function follow(panel, form) {
  const picture = panel.querySelector("[data-picture]");
  const problems = panel.querySelector("[data-problems]");
  const firstAlt = picture.alt;
  let timer = 0;
  let asking = null;

  panel.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("input", turnTo);
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (form.querySelector("[aria-invalid]") || document.querySelector("[data-focus]")) soon(); // came back with errors

  // The picture turns to the document and the language that is being typed.
  function turnTo({ target }) {
    if (panel.contains(target)) return;
    const { preview_kind: kind, preview_language: language } = form.elements;
    const typed = target.closest("[data-kind]")?.dataset.kind;
    if (kind && typed) kind.value = typed;
    if ([...language.options].some((one) => one.value === target.lang)) language.value = target.lang;
  }

  function soon(event) {
    if (event?.target.matches("[data-print-size]")) return; // larger, not other
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  }

  async function show() {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    panel.classList.add("preview-busy");
    try {
      const answer = await fetch(panel.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        signal: mine.signal,
      });
      if (answer.ok) {
        const address = await readable(await answer.blob());
        if (mine.signal.aborted) return;
        picture.src = address;
        picture.alt = form.elements.preview_page.value === "2" ? picture.dataset.alt2 : firstAlt;
        say([]);
      } else if (answer.status === 422) {
        say((await answer.json()).problems);
      } else {
        say([panel.dataset.trouble]);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      say([panel.dataset.trouble]);
    }
    if (asking === mine) panel.classList.remove("preview-busy");
  }

  function say(lines) {
    problems.replaceChildren();
    if (!lines.length) return;
    const list = document.createElement("ul");
    for (const line of lines) {
      const item = document.createElement("li");
      item.textContent = line;
      list.append(item);
    }
    problems.append(list);
  }
}

// The security policy lets pictures come from here or from data addresses, not from blobs.
function readable(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

// The browser's colour field beside the typed colour: each follows the other.
for (const colour of document.querySelectorAll("[data-colour-of]")) {
  const text = document.getElementById(colour.dataset.colourOf);
  colour.hidden = false;
  colour.addEventListener("input", () => {
    text.value = colour.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  text.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value)) colour.value = text.value.toLowerCase();
  });
}

// Empty places for signatures wait until they are asked for.
for (const group of document.querySelectorAll("[data-signatories]")) {
  const add = group.querySelector("[data-add]");
  const places = [...group.querySelectorAll("fieldset")];
  const filled = (place) => [...place.querySelectorAll("input")].some((field) => field.value.trim());
  const last = places.findLastIndex(filled);
  places.forEach((place, at) => {
    place.hidden = at > Math.max(last, 0);
  });
  const refresh = () => {
    add.hidden = places.every((place) => !place.hidden);
  };
  add.addEventListener("click", () => {
    const next = places.find((place) => place.hidden);
    next.hidden = false;
    next.querySelector("input").focus();
    refresh();
  });
  refresh();
}
