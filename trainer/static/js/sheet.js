// The sheet of a course, typed like a spreadsheet. Without this script it is a form with one button.
//
// What is typed waits until it is saved; ids and marks alone are kept for a reload (drafts.js). A session is saved whole or
// not at all; a cell that somebody else changed meanwhile asks whose mark stands.

const form = document.getElementById("sheet");
if (form && form.elements.csrf_token) {
  const { drafts } = await import(form.dataset.drafts);
  start(form, drafts);
}

function start(form, drafts) {
  const said = form.dataset;
  const token = form.elements.csrf_token.value;
  const state = form.querySelector("[data-state]");
  const note = form.querySelector("[data-note]");
  const reasonBox = form.querySelector("[data-reason]");
  const reason = reasonBox.querySelector("input");
  const buttons = Object.fromEntries([...form.querySelectorAll("[data-act]")].map((one) => [one.dataset.act, one]));
  const draft = drafts(said.owner, `sheet:${said.course}`);
  const MOST = 200;
  const KINDS = ["present", "late", "left_early", "absent", "excused", "unmarked"];

  const cells = new Map(); // input -> cell
  const byName = new Map(); // "session-person" -> cell
  const rows = [...form.querySelectorAll("tbody tr")].map((line, row) =>
    [...line.querySelectorAll("input")].map((input, column) => {
      const [, session, person] = input.name.split("-");
      const length = Number(document.getElementById(`s${session}`).dataset.length);
      const cell = { input, box: input.parentElement, session, person, row, column, length, version: 0, was: "", kept: "", problem: "", theirs: null, undone: false };
      cell.kind = KINDS.find((kind) => cell.box.classList.contains(kind)) || "unmarked";
      cells.set(input, cell);
      byName.set(`${session}-${person}`, cell);
      return cell;
    }),
  );
  for (const seen of form.querySelectorAll("input[name^=seen-]")) {
    const session = seen.name.slice("seen-".length);
    for (const one of seen.value.trim().split(" ")) {
      const [person, version, was] = one.split(".");
      const cell = byName.get(`${session}-${person}`);
      if (cell) Object.assign(cell, { version: Number(version), was });
    }
  }
  const all = [...cells.values()];
  const done = [];
  const undone = [];
  let anchor = null;
  let current = null;
  let saving = false;

  // ---------------------------------------------------------------- one cell

  const text = (cell) => cell.input.value.trim().toLowerCase().replace(/\s+/g, "");
  const dirty = (cell) => text(cell) !== cell.was;

  function check(cell) {
    const value = text(cell);
    if (!value || value === "-") return "";
    const [, letter, minutes] = /^(\p{L}|[a-z_]+?)(\d{1,4})?$/u.exec(value) || [];
    const known = letter && (letter.length > 1 || said.letters.includes(letter.normalize("NFD")[0]));
    if (!known) return said.tLetter;
    if (letter.length > 1) return ""; // a whole word: the server knows
    if (!said.minutesFor.includes(letter)) return minutes ? said.tNoMinutes : "";
    if (!minutes) return said.tMinutes;
    return Number(minutes) > cell.length ? said.tRange.replace("{max}", cell.length) : "";
  }

  function paint(cell) {
    const changed = dirty(cell);
    cell.box.classList.toggle("dirty", changed);
    for (const kind of KINDS) cell.box.classList.toggle(kind, !changed && kind === cell.kind);
    const wrong = cell.problem || (cell.theirs ? cell.theirs.said : "");
    if (wrong) cell.input.setAttribute("aria-invalid", "true");
    else cell.input.removeAttribute("aria-invalid");
  }

  function put(cell, value) {
    cell.input.value = value;
    cell.kept = value;
    touched(cell);
  }

  function touched(cell) {
    cell.problem = dirty(cell) ? check(cell) : "";
    if (!dirty(cell)) cell.theirs = null;
    paint(cell);
  }

  function tell(words, mood) {
    state.textContent = words;
    state.dataset.mood = mood || "";
  }

  function after() {
    const waiting = all.filter(dirty);
    draft.keep(Object.fromEntries(waiting.map((cell) => [`${cell.session}-${cell.person}`, [text(cell), cell.version]])));
    const wrong = waiting.filter((cell) => cell.problem || cell.theirs).length;
    if (wrong) tell(`${said.tWaiting.replace("{n}", waiting.length)} · ${said.tWrong.replace("{n}", wrong)}`, "bad");
    else if (waiting.length) tell(said.tWaiting.replace("{n}", waiting.length));
    else if (state.dataset.mood !== "good") tell(said.tAllSaved);
    if (!waiting.length) reasonBox.hidden = true;
    buttons.undo.disabled = !done.length;
    buttons.redo.disabled = !undone.length;
    explain();
  }

  // What is wrong with the cell that has the focus, in words and with the choice where there is one.
  function explain() {
    const cell = current;
    const wrong = cell && (cell.theirs ? cell.theirs.said : cell.problem);
    note.hidden = !wrong;
    note.replaceChildren();
    if (!wrong) return;
    const words = document.createElement("p");
    words.textContent = `${document.getElementById(`n${cell.person}`).textContent}: ${wrong}`;
    note.append(words);
    if (!cell.theirs) return;
    const choose = (label, value) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-secondary";
      button.textContent = label;
      button.addEventListener("click", () => {
        cell.version = cell.theirs.version;
        cell.was = cell.theirs.text;
        cell.kind = cell.theirs.kind;
        cell.theirs = null;
        put(cell, value ?? cell.was);
        after();
        cell.input.focus();
      });
      note.append(button);
    };
    choose(`${said.tTheirs} (${cell.theirs.text || "–"})`, null);
    choose(`${said.tMine} (${text(cell) || "–"})`, text(cell));
  }

  // ---------------------------------------------------------------- acts

  function act(changes) {
    const made = [];
    for (const [cell, value] of changes) {
      const before = cell.kept;
      if (before === value && cell.input.value === value) continue;
      made.push({ cell, before, after: value });
      cell.undone = false;
      put(cell, value);
    }
    if (made.length) {
      done.push(made);
      undone.length = 0;
      if (done.length > MOST) done.shift();
    }
    after();
  }

  // What was typed into a cell becomes an act when the cell is left.
  function commit(cell) {
    if (cell && cell.input.value !== cell.kept) act([[cell, cell.input.value]]);
  }

  function back(from, to, side) {
    commit(current);
    const made = from.pop();
    if (!made) return;
    for (const one of made) {
      put(one.cell, one[side]);
      one.cell.undone = true;
    }
    to.push(made);
    made[0].cell.input.focus();
    after();
  }

  // ---------------------------------------------------------------- choosing

  function chosen() {
    if (!anchor || !current || anchor === current) return current ? [[current]] : [];
    const [top, bottom] = [anchor.row, current.row].sort((a, b) => a - b);
    const [left, right] = [anchor.column, current.column].sort((a, b) => a - b);
    return rows.slice(top, bottom + 1).map((line) => line.slice(left, right + 1));
  }

  function show() {
    for (const box of form.querySelectorAll("td.picked")) box.classList.remove("picked");
    const block = chosen().flat();
    if (block.length > 1) for (const cell of block) cell.box.classList.add("picked");
  }

  function go(row, column, extend) {
    const cell = rows[row]?.[column];
    if (!cell) return;
    const keep = extend ? anchor || current : null;
    cell.input.focus();
    anchor = keep || cell;
    show();
  }

  form.addEventListener("focusin", (event) => {
    const cell = cells.get(event.target);
    if (!cell) return;
    current = cell;
    anchor = anchor && shifting ? anchor : cell;
    cell.input.select();
    explain();
    show();
  });
  form.addEventListener("focusout", (event) => commit(cells.get(event.target)));
  form.addEventListener("input", (event) => {
    const cell = cells.get(event.target);
    if (!cell) return;
    cell.box.classList.toggle("dirty", dirty(cell));
    if (cell.problem && !check(cell)) touched(cell);
  });
  let shifting = false;
  form.addEventListener("pointerdown", (event) => {
    shifting = event.shiftKey && cells.has(event.target);
    if (!cells.has(event.target)) return;
    if (!shifting) anchor = null;
    setTimeout(() => {
      shifting = false;
    });
  });

  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  form.addEventListener("keydown", (event) => {
    const cell = cells.get(event.target);
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "s") {
      event.preventDefault();
      commit(cell);
      save();
      return;
    }
    if (!cell || event.altKey) return;
    const typing = cell.input.value !== cell.kept;
    if (command && (key === "z" || key === "y")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) back(undone, done, "after");
      else back(done, undone, "before");
    } else if (command && key === "d") {
      event.preventDefault();
      fill();
    } else if (command) {
      return;
    } else if (event.key === "Enter") {
      event.preventDefault();
      commit(cell);
      go(cell.row + (event.shiftKey ? -1 : 1), cell.column, false);
    } else if (event.key === "Escape") {
      event.preventDefault();
      act([[cell, typing ? cell.kept : cell.was]]);
      cell.input.value = cell.kept;
      touched(cell);
      after();
    } else if ((event.key === "Delete" || event.key === "Backspace") && chosen().flat().length > 1) {
      event.preventDefault();
      act(chosen().flat().map((one) => [one, ""]));
    } else if (moves[event.key]) {
      const [down, right] = moves[event.key];
      const { selectionStart, selectionEnd, value } = cell.input;
      const whole = selectionStart === 0 && selectionEnd === value.length;
      const edge = right < 0 ? selectionStart === 0 : selectionEnd === value.length;
      if (right && !whole && !(edge && !event.shiftKey)) return;
      event.preventDefault();
      commit(cell);
      shifting = event.shiftKey;
      go(cell.row + down, cell.column + right, event.shiftKey);
      shifting = false;
    }
  });

  // The first line of what is chosen goes down; with one cell, the cell above comes down.
  function fill() {
    commit(current);
    const block = chosen();
    if (!block.length) return;
    if (block.length > 1) {
      act(block.slice(1).flatMap((line) => line.map((cell, place) => [cell, block[0][place].input.value])));
    } else {
      const above = rows[block[0][0].row - 1];
      if (above) act(block[0].map((cell) => [cell, above[cell.column].input.value]));
    }
  }

  form.addEventListener("copy", (event) => {
    const block = chosen();
    if (!cells.has(event.target) || block.flat().length < 2) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", block.map((line) => line.map((cell) => cell.input.value).join("\t")).join("\n"));
  });

  form.addEventListener("paste", (event) => {
    const cell = cells.get(event.target);
    if (!cell) return;
    const pasted = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    const lines = pasted.split("\n").map((line) => line.split("\t").map((one) => one.trim().slice(0, 12)));
    const block = chosen();
    event.preventDefault();
    commit(cell);
    if (lines.length === 1 && lines[0].length === 1) {
      act(block.flat().map((one) => [one, lines[0][0]]));
      return;
    }
    const { row, column } = block[0][0];
    const changes = [];
    lines.forEach((line, down) => line.forEach((value, right) => {
      const one = rows[row + down]?.[column + right];
      if (one) changes.push([one, value]);
    }));
    act(changes);
  });

  // ---------------------------------------------------------------- saving

  async function save() {
    const waiting = all.filter(dirty);
    const wrong = waiting.find((cell) => cell.problem || cell.theirs);
    if (saving || !waiting.length) return;
    if (wrong) {
      reveal(wrong);
      return;
    }
    saving = true;
    tell(said.tSaving);
    const sent = {};
    for (const cell of waiting) (sent[cell.session] ||= {})[cell.person] = { text: text(cell), version: cell.version };
    const why = reason.value.trim() || (waiting.every((cell) => cell.undone) ? "undo" : null);
    let answer = null;
    let trouble = said.tLost;
    try {
      const response = await fetch(said.url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ cells: sent, reason: why }),
        signal: AbortSignal.timeout ? AbortSignal.timeout(30000) : undefined,
      });
      const told = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
      if (response.ok && told) answer = told;
      else if (response.status === 403) trouble = said.tForbidden;
      else if (told && told.error) trouble = told.error;
      else if (response.redirected || [400, 401].includes(response.status)) trouble = said.tSignin;
    } catch {
      // no answer: said above
    }
    saving = false;
    if (answer) took(sent, answer);
    else tell(trouble, "bad");
  }

  function took(sent, answer) {
    let saved = 0;
    let asks = null;
    let first = null;
    const settle = (cell, value, version) => {
      const typedSince = text(cell) !== sent[cell.session][cell.person].text;
      cell.was = value;
      cell.version = version;
      cell.undone = false;
      if (!typedSince) put(cell, value);
      saved += 1;
    };
    for (const [session, one] of Object.entries(answer.sessions)) {
      for (const [person, mark] of Object.entries(one.saved)) {
        const cell = byName.get(`${session}-${person}`);
        cell.kind = mark.kind;
        settle(cell, mark.text, mark.version);
      }
      const whole = Object.keys(one.conflicts).length === 0 && one.needs_reason.length === 0;
      if (whole) {
        for (const person of one.unchanged) {
          const cell = byName.get(`${session}-${person}`);
          settle(cell, text(cell), cell.version);
        }
      }
      for (const [person, theirs] of Object.entries(one.conflicts)) {
        const cell = byName.get(`${session}-${person}`);
        cell.theirs = theirs;
        paint(cell);
        first ||= cell;
      }
      for (const person of one.needs_reason) asks ||= byName.get(`${session}-${person}`);
    }
    for (const one of answer.problems) {
      const cell = byName.get(`${one.session}-${one.person}`);
      cell.problem = one.text;
      paint(cell);
      first ||= cell;
    }
    const refused = Object.values(answer.refused);
    if (saved && !first && !asks) reason.value = "";
    tell(refused[0] || said.tSaved.replace("{n}", saved), refused.length ? "bad" : "good");
    after();
    if (first) {
      reveal(first);
    } else if (asks) {
      reasonBox.hidden = false;
      reason.focus();
      tell(said.tReason, "bad");
    }
  }

  function reveal(cell) {
    choose(cell.session);
    cell.input.focus();
  }

  // ---------------------------------------------------------------- on a phone: one session at a time

  function choose(session) {
    for (const link of form.querySelectorAll("[data-show]")) {
      if (link.dataset.show === session) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const one of form.querySelectorAll(".sheet-table .on")) one.classList.remove("on");
    document.getElementById(`s${session}`).classList.add("on");
    for (const cell of all) if (cell.session === session) cell.box.classList.add("on");
  }

  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.dataset.show);
  });

  // ---------------------------------------------------------------- beginning

  for (const cell of all) {
    cell.kept = cell.input.value;
    if (dirty(cell)) touched(cell); // came back with problems, without a script
  }
  let restored = 0;
  for (const [name, [value, version]] of Object.entries(draft.take() || {})) {
    const cell = byName.get(name);
    if (!cell || value === cell.was) continue;
    cell.version = version; // an older one is a conflict, and is asked about when it is saved
    put(cell, value);
    restored += 1;
  }
  for (const button of Object.values(buttons)) {
    button.hidden = false;
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the cell keeps the focus
  }
  buttons.undo.addEventListener("click", () => back(done, undone, "before"));
  buttons.redo.addEventListener("click", () => back(undone, done, "after"));
  buttons.fill.addEventListener("click", fill);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    commit(current);
    save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!all.some(dirty)) return;
    event.preventDefault();
    event.returnValue = "";
  });
  after();
  if (restored) tell(said.tRestored.replace("{n}", restored), "bad");
}
