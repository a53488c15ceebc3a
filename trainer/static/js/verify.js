// A PDF may be dropped anywhere on its card, and is checked at once. Without this the form works as any other.

for (const form of document.querySelectorAll("[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const status = form.querySelector("[role=status]");
  const send = () => {
    if (input.files.length === 0) return;
    if (input.files[0].size > Number(form.dataset.most)) {
      status.textContent = form.dataset.large;
      input.value = "";
      return;
    }
    status.textContent = form.dataset.wait;
    form.requestSubmit();
  };
  form.classList.add("drop-ready");
  for (const one of form.querySelectorAll("[data-scripted]")) one.hidden = false;
  input.addEventListener("change", send);
  form.addEventListener("click", (event) => {
    if (!event.target.closest("input, label, button, a")) input.click();
  });
  let inside = 0; // dragging over a child leaves the card and enters it again
  form.addEventListener("dragenter", () => {
    inside += 1;
    form.classList.add("drop-over");
  });
  form.addEventListener("dragleave", () => {
    inside -= 1;
    if (inside === 0) form.classList.remove("drop-over");
  });
  form.addEventListener("drop", (event) => {
    inside = 0;
    form.classList.remove("drop-over");
    const files = event.dataTransfer.files;
    if (files.length !== 1) {
      if (files.length > 1) status.textContent = form.dataset.one;
      return;
    }
    input.files = files;
    send();
  });
}

// A file that misses the card must not open in place of the page.
for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const status of document.querySelectorAll("[data-drop] [role=status]")) status.textContent = "";
});
