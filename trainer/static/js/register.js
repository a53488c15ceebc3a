// The register saves as you go. Without this script the page is a form with one Save button.
//
// Marks wait in `pending` until the server has them; ids and marks alone are kept for a reload (drafts.js). A mark
// that somebody else changed meanwhile is a conflict, and the person at this page decides. What others save is
// brought by register_live.js; taking back and marking several at once is register_acts.js.

const form = document.getElementById("register");
if (form) {
  const parts = ["drafts", "acts", "live"].map((name) => import(form.dataset[name]));
  const [{ drafts }, { acts }, { watch }] = await Promise.all(parts);
  start(form, drafts, acts, watch);
}

function start(form, drafts, acts, watch) {
  const said = form.dataset;
  const token = form.elements.csrf_token ? form.elements.csrf_token.value : "";
  const overall = form.querySelector("[data-overall]");
  const count = form.querySelector("[data-count]");
  const retry = form.querySelector("[data-retry]");
  const length = Number(said.length);
  const needsMinutes = new Set(["late", "left_early"]);
  const keys = JSON.parse(said.letters); // letter -> kind, in the language of the page
  const draft = drafts(said.owner, `register:${said.session}`);
  const spoken = form.querySelector("[data-spoken]");

  const pending = new Map(); // enrolment id -> { mark, reason }, to save
  const held = new Map(); // enrolment id -> "minutes" | "reason" | "conflict": waits for the person, not the network
  const rows = new Map();
  let sending = false;
  let timer = 0;
  let failures = 0;

  for (const element of form.querySelectorAll("[data-person]")) {
    const id = element.dataset.person;
    rows.set(id, {
      id,
      element,
      state: element.querySelector("[data-state]"),
      radios: [...element.querySelectorAll("input[type=radio]")],
      minutes: element.querySelector("input[type=number]"),
      code: element.querySelector("select"),
      version: element.querySelector(`[name="version-${id}"]`),
      was: element.querySelector(`[name="was-${id}"]`),
      last: null,
    });
  }
  for (const row of rows.values()) row.last = read(row);
  form.classList.add("live");
  tell(said.tReady, "");
  tally();

  const register = { form, said, rows, read, word, show, changed, mark, focusRow, accept, conflict, announce };
  register.busy = () => sending;
  register.unsaved = (row) => pending.has(row.id) || held.has(row.id);
  const done = acts(register);
  watch(register);
  restore();

  // ---------------------------------------------------------------- reading and showing a row

  function kindOf(row) {
    const chosen = row.radios.find((radio) => radio.checked);
    return chosen ? chosen.value : "unmarked";
  }

  function read(row) {
    const kind = kindOf(row);
    const minutes = needsMinutes.has(kind) ? row.minutes.valueAsNumber : null;
    return { kind, minutes, code: kind === "excused" ? row.code.value : "" };
  }

  function word(mark) {
    return `${mark.kind}:${needsMinutes.has(mark.kind) && mark.minutes !== null ? mark.minutes : ""}:${mark.kind === "excused" ? mark.code : ""}`;
  }

  function show(row, mark) {
    for (const radio of row.radios) radio.checked = radio.value === mark.kind;
    row.minutes.value = mark.minutes === null ? "" : mark.minutes;
    if (mark.code && ![...row.code.options].some((option) => option.value === mark.code)) {
      row.code.add(new Option(mark.code, mark.code));
    }
    row.code.value = mark.code || "";
    row.last = read(row);
  }

  function parse(text) {
    const [kind, minutes, code] = text.split(":");
    return { kind, minutes: minutes === "" ? null : Number(minutes), code };
  }

  function settle(row, mark) {
    row.version.value = mark.version;
    row.was.value = word(mark);
    row.disputed = 0;
  }

  function rowState(row, text, mood) {
    row.state.textContent = text;
    if (mood) row.element.dataset.mood = mood;
    else delete row.element.dataset.mood;
  }

  function announce(text) {
    spoken.textContent = text;
  }

  // Everything that is not saved, with the version it was made on.
  function keep() {
    const marks = {};
    for (const id of [...pending.keys(), ...held.keys()]) {
      const row = rows.get(id);
      const mark = read(row);
      marks[id] = [word(Number.isNaN(mark.minutes) ? { ...mark, minutes: null } : mark), Number(row.version.value)];
    }
    draft.keep(marks);
  }

  function restore() {
    let back = 0;
    for (const [id, [text, version]] of Object.entries(draft.take() || {})) {
      const row = rows.get(id);
      if (!row || text === row.was.value) continue;
      const theirs = { ...parse(row.was.value), version: Number(row.version.value), text: said.tMeanwhile };
      show(row, parse(text));
      if (version === theirs.version) changed(row, { quiet: true });
      else conflict(row, theirs);
      back += 1;
    }
    if (back) announce(said.tRestored.replace("{n}", back));
    keep();
  }

  // Somebody else's mark where we have none of our own.
  function accept(row, theirs) {
    pending.delete(row.id);
    held.delete(row.id);
    clearAsk(row);
    const changes = word(read(row)) !== word(theirs);
    settle(row, theirs);
    show(row, theirs);
    if (changes) done.forget(row.id);
    rowState(row, changes && theirs.by ? `${theirs.by}, ${theirs.time}` : "", changes ? "news" : "");
    tally();
    keep();
    summary();
  }

  function conflict(row, theirs) {
    pending.delete(row.id);
    done.forget(row.id);
    askWhose(row, theirs);
    keep();
  }

  function tell(text, mood) {
    if (overall.textContent !== text) overall.textContent = text;
    overall.dataset.mood = mood;
  }

  function tally() {
    let unmarked = 0;
    for (const row of rows.values()) {
      if (!row.element.closest(".others") && kindOf(row) === "unmarked") unmarked += 1;
    }
    const words = document.createElement("strong");
    words.textContent = unmarked ? said.tUnmarked.replace("{n}", unmarked) : said.tAllMarked;
    count.replaceChildren(words);
  }

  // ---------------------------------------------------------------- changing

  // Who comes late while the session runs was there from now on; who leaves, until now.
  function suggestMinutes(row, kind) {
    if (row.minutes.value !== "") return;
    const since = Math.round((Date.now() - Date.parse(said.starts)) / 60000);
    if (since <= 0 || since >= length) return;
    row.minutes.value = kind === "late" ? length - since : since;
  }

  // `reason` goes with the save; `quiet` is no act of its own (it takes one back, or decides about a conflict).
  function changed(row, { soon = false, reason = null, quiet = false } = {}) {
    const mark = read(row);
    clearAsk(row);
    held.delete(row.id);
    pending.delete(row.id);
    if (!quiet && row.last && word(row.last) !== word(mark)) done.note(row.id, row.last, mark);
    row.last = mark;
    tally();
    settleOrSave(row, mark, soon, reason);
    keep();
  }

  function settleOrSave(row, mark, soon, reason) {
    if (word(mark) === row.was.value) {
      rowState(row, "", "");
      summary();
      return;
    }
    if (needsMinutes.has(mark.kind) && !(Number.isInteger(mark.minutes) && mark.minutes >= 0 && mark.minutes <= length)) {
      held.set(row.id, "minutes");
      const missing = row.minutes.value === "";
      rowState(row, missing ? said.tMinutes : said.tRange.replace("{max}", length), "ask");
      summary();
      return;
    }
    pending.set(row.id, { mark, reason });
    rowState(row, said.tWaiting, "");
    plan(soon ? 50 : 450);
  }

  function plan(delay) {
    clearTimeout(timer);
    timer = setTimeout(flush, delay);
    if (!failures) tell(said.tSaving, "");
  }

  // ---------------------------------------------------------------- saving

  // One reason a batch, so that it is not put to marks that wait beside it.
  async function flush() {
    if (sending || !pending.size) return;
    sending = true;
    const { reason } = pending.values().next().value;
    const batch = new Map([...pending].filter(([, one]) => one.reason === reason));
    const body = { marks: {}, versions: {}, reason };
    for (const [id, { mark }] of batch) {
      body.marks[id] = mark;
      body.versions[id] = Number(rows.get(id).version.value);
      rowState(rows.get(id), said.tSaving, "");
    }
    let answer = null;
    let trouble = "";
    try {
      const response = await fetch(said.url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
      });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      const told = isJson ? await response.json() : null;
      if (response.ok && told && told.saved) answer = told;
      else if (response.status === 403) trouble = said.tForbidden;
      else if (told && told.error) trouble = `${said.tRefused} ${told.error}`;
      else if (response.redirected || response.status === 401 || response.status === 400) trouble = said.tSignin;
    } catch {
      trouble = "";
    }
    sending = false;
    if (answer) took(batch, answer);
    else lost(batch, trouble);
  }

  function took(batch, answer) {
    failures = 0;
    retry.hidden = true;
    const asks = new Set((answer.needs_reason || []).map(String));
    for (const [id, sent] of batch) {
      const row = rows.get(id);
      const newer = pending.get(id) !== sent;
      if (!newer) pending.delete(id);
      if (answer.saved[id]) {
        settle(row, answer.saved[id]);
        if (!newer) rowState(row, `✓ ${said.tSaved}`, "");
      } else if (answer.conflicts[id]) {
        conflict(row, answer.conflicts[id]);
      } else if (asks.has(id)) {
        pending.delete(id);
        askReason(row);
      } else if (!newer) {
        row.was.value = word(sent.mark);
        rowState(row, `✓ ${said.tSaved}`, "");
      }
    }
    keep();
    summary(answer.at);
    if (pending.size) plan(100);
  }

  // Marks stay in `pending`; a network that comes back gets them without anybody pressing anything.
  function lost(batch, trouble) {
    failures += 1;
    for (const id of batch.keys()) if (pending.has(id)) rowState(rows.get(id), said.tWaiting, "bad");
    tell(trouble || said.tOffline.replace("{n}", pending.size), "bad");
    retry.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(30000, 1000 * 2 ** Math.min(failures, 5)));
  }

  function summary(at) {
    if (failures && pending.size) return;
    if (held.size) tell(`${said.tWaiting}: ${held.size}`, "bad");
    else if (pending.size || sending) tell(said.tSaving, "");
    else if (at) tell(said.tSavedAt.replace("{time}", at), "good");
    else if (overall.dataset.mood === "bad" || overall.textContent === said.tSaving) tell(said.tReady, "");
  }

  // ---------------------------------------------------------------- asking in the row

  function clearAsk(row) {
    const box = row.element.querySelector(".person-ask");
    if (box) box.remove();
  }

  function ask(row, parts) {
    clearAsk(row);
    const box = document.createElement("div");
    box.className = "person-ask";
    box.append(...parts);
    row.element.append(box);
    return box;
  }

  function button(label, kind, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button button-${kind}`;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function askReason(row) {
    held.set(row.id, "reason");
    rowState(row, said.tWaiting, "ask");
    const input = document.createElement("input");
    input.type = "text";
    input.maxLength = 500;
    input.id = `reason-${row.id}`;
    const label = document.createElement("label");
    label.htmlFor = input.id;
    label.textContent = said.tReason;
    const save = () => {
      const reason = input.value.trim();
      if (!reason) return input.focus();
      return changed(row, { soon: true, reason, quiet: true });
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      save();
    });
    const leave = () => {
      show(row, parse(row.was.value));
      done.forget(row.id);
      changed(row, { quiet: true });
      focusRow(row);
    };
    ask(row, [label, input, button(said.tReasonSave, "primary", save), button(said.tReasonCancel, "quiet", leave)]);
    input.focus();
  }

  function askWhose(row, theirs) {
    held.set(row.id, "conflict");
    row.disputed = theirs.version;
    rowState(row, said.tWaiting, "ask");
    const mine = read(row);
    const words = document.createElement("p");
    words.textContent = theirs.text;
    ask(row, [
      words,
      button(said.tTheirs, "primary", () => {
        settle(row, theirs);
        show(row, theirs);
        changed(row, { quiet: true });
        focusRow(row);
      }),
      button(said.tMine, "secondary", () => {
        settle(row, theirs);
        show(row, mine);
        changed(row, { soon: true, quiet: true });
        focusRow(row);
      }),
    ]);
    row.element.scrollIntoView({ block: "nearest" });
  }

  function focusRow(row) {
    (row.radios.find((radio) => radio.checked) || row.radios[0]).focus();
  }

  // ---------------------------------------------------------------- what people do

  form.addEventListener("change", (event) => {
    const element = event.target.closest("[data-person]");
    if (!element || event.target.name === "pick") return;
    const row = rows.get(element.dataset.person);
    if (event.target.type === "radio" && needsMinutes.has(event.target.value)) suggestMinutes(row, event.target.value);
    if (event.target.closest(".person-ask")) return;
    changed(row);
  });

  // A tap on late asks for the minutes at once.
  form.addEventListener("click", (event) => {
    if (event.target.type !== "radio" || event.detail === 0 || !needsMinutes.has(event.target.value)) return;
    const row = rows.get(event.target.closest("[data-person]").dataset.person);
    requestAnimationFrame(() => {
      row.minutes.focus();
      row.minutes.select();
    });
  });

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const element = event.target.closest("[data-person]");
    if (!element || event.target.closest(".person-ask")) return;
    const order = [...form.querySelectorAll("[data-person]")].filter((one) => one.checkVisibility?.() ?? true);
    const row = rows.get(element.dataset.person);
    const typing = event.target.type === "number" || event.target.tagName === "SELECT";
    if (event.key === "Enter" && event.target.type === "number") {
      event.preventDefault();
      changed(row, { soon: true });
      step(order, element, 1);
    } else if (!typing && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(order, element, event.key === "ArrowDown" ? 1 : -1);
    } else if (!typing && event.key === "*") {
      event.preventDefault();
      done.toggle(row.id);
    } else if (!typing && keys[event.key.toLowerCase()]) {
      event.preventDefault();
      mark(row, keys[event.key.toLowerCase()]);
    }
  });

  function step(order, element, by) {
    const next = order[order.indexOf(element) + by];
    if (next) focusRow(rows.get(next.dataset.person));
  }

  function mark(row, kind, { focus = true, soon = false } = {}) {
    const radio = row.radios.find((one) => one.value === kind);
    radio.checked = true;
    if (focus) radio.focus();
    if (needsMinutes.has(kind)) suggestMinutes(row, kind);
    changed(row, { soon });
    if (!focus || !needsMinutes.has(kind)) return;
    row.minutes.focus();
    row.minutes.select();
  }

  function markTheRest(kind) {
    done.together(() => {
      for (const row of rows.values()) {
        if (!row.element.closest(".others") && kindOf(row) === "unmarked") mark(row, kind, { focus: false, soon: true });
      }
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const act = event.submitter ? event.submitter.value : "save";
    if (act === "all_present") markTheRest("present");
    else if (act === "all_absent") markTheRest("absent");
    else if (act.startsWith("picked:")) done.markPicked(act.slice("picked:".length));
    else flush();
  });

  // What a person announced beforehand is taken over by one tap, never by itself.
  form.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-announced]");
    if (!offer) return;
    event.preventDefault();
    const row = rows.get(offer.closest("[data-person]").dataset.person);
    mark(row, offer.dataset.announced);
    if (offer.dataset.code && offer.dataset.announced === "excused") {
      row.code.value = offer.dataset.code;
      changed(row, { soon: true });
    }
  });

  retry.addEventListener("click", () => flush());
  window.addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!pending.size && !held.size && !sending) return;
    flush();
    event.preventDefault();
    event.returnValue = "";
  });
}
