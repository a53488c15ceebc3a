// Several people at once, and taking back what was done.
//
// An act is what one press or one key changed. Taking it back sends the earlier mark like any other change: with the
// version that the page knows and, where something was saved, the reason "undo". What somebody else changed since is
// left alone.

const MOST = 50;

export function acts(register) {
  const { form, said, rows } = register;
  const button = form.querySelector("[data-undo]");
  const done = []; // the newest last; each a list of { id, before, after }
  let open = null;

  function show() {
    button.disabled = !done.length;
    button.querySelector("[data-undo-count]").textContent = done.length > 1 ? ` (${done.length})` : "";
  }

  function note(id, before, after) {
    const entry = { id, before, after };
    if (open) {
      open.push(entry);
      return;
    }
    const top = done[done.length - 1];
    // Late, and then its minutes, is one act.
    if (top && top.length === 1 && top[0].id === id && top[0].after.kind === after.kind && !Number.isInteger(top[0].after.minutes)) {
      top[0].after = after;
    } else {
      done.push([entry]);
    }
    if (done.length > MOST) done.shift();
    show();
  }

  function together(act) {
    open = [];
    act();
    if (open.length) done.push(open);
    open = null;
    show();
  }

  // Somebody else decided about this person: no earlier act of ours is taken back over it.
  function forget(id) {
    for (let place = done.length - 1; place >= 0; place -= 1) {
      done[place] = done[place].filter((entry) => entry.id !== id);
      if (!done[place].length) done.splice(place, 1);
    }
    show();
  }

  function undo() {
    const act = done.pop();
    show();
    if (!act) return;
    let back = 0;
    for (const { id, before, after } of act) {
      const row = rows.get(id);
      if (register.word(register.read(row)) !== register.word(after)) continue;
      register.show(row, before);
      register.changed(row, { soon: true, reason: "undo", quiet: true });
      back += 1;
    }
    const only = act.length === 1 ? rows.get(act[0].id) : null;
    register.announce(said.tUndone.replace("{n}", back));
    if (only) register.focusRow(only);
  }

  button.hidden = false;
  button.addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=radio], [type=checkbox]), select, textarea");
    if (typing || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    if (event.key.toLowerCase() !== "z" || !done.length) return;
    event.preventDefault();
    undo();
  });

  // ---------------------------------------------------------------- several people

  const box = form.querySelector("[data-pick]");
  const all = form.querySelector("[data-pick-all]");
  const chosen = form.querySelector("[data-picked]");
  let lastPick = null;

  const picks = () => [...form.querySelectorAll("input[name=pick]")];
  const inSight = (pick) => pick.checkVisibility?.() ?? true;

  function tally() {
    const ticked = picks().filter((pick) => pick.checked).length;
    chosen.textContent = said.tPicked.replace("{n}", ticked);
    const seen = picks().filter(inSight);
    all.checked = ticked > 0 && ticked >= seen.length;
    all.indeterminate = ticked > 0 && !all.checked;
  }

  // With shift, everybody from the last tick to this one.
  form.addEventListener("click", (event) => {
    const pick = event.target.closest("input[name=pick]");
    if (!pick) return;
    if (event.shiftKey && lastPick) {
      const line = picks().filter(inSight);
      const [from, to] = [line.indexOf(lastPick), line.indexOf(pick)].sort((a, b) => a - b);
      if (from >= 0) for (const one of line.slice(from, to + 1)) one.checked = pick.checked;
    }
    lastPick = pick;
    tally();
  });
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const pick of picks().filter(inSight)) pick.checked = all.checked;
    tally();
  });
  box.addEventListener("toggle", () => {
    if (box.open) return tally();
    for (const pick of picks()) pick.checked = false;
    return tally();
  });

  function markPicked(kind) {
    const ids = picks()
      .filter((pick) => pick.checked)
      .map((pick) => pick.value);
    together(() => {
      for (const id of ids) register.mark(rows.get(id), kind, { focus: false, soon: true });
    });
    for (const pick of picks()) pick.checked = false;
    tally();
    register.announce(said.tMarked.replace("{n}", ids.length));
  }

  return { note, together, forget, markPicked, toggle: (id) => form.querySelector(`input[name=pick][value="${id}"]`)?.click() };
}
