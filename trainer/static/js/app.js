// Small conveniences; every page works without them.

// A form that came back with errors: bring its summary into view and into focus.
const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
}

// Menus close on Escape and on a click elsewhere.
const menus = document.querySelectorAll("details.account, details.confirm");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open && menu.contains(document.activeElement)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }
});

// A second press on a submit button must not post twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("data-repeatable")) {
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000); // an answer that is a download leaves the page as it is
  }
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const form of document.forms) delete form.dataset.sent;
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.querySelector("[role=status]");
    if (said) said.textContent = `(${button.dataset.copied})`;
  });
}

// Drafts of registers (drafts.js) are gone when their owner signs out, and after a day.
try {
  const drop = (when) => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && when(key)) localStorage.removeItem(key);
  };
  drop((key) => !(Date.now() - JSON.parse(localStorage.getItem(key)).at < 24 * 60 * 60 * 1000));
  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-sign-out")) drop(() => true);
  });
} catch {
  // No storage, no drafts.
}
