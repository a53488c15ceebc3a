// What somebody else saves on the same register appears within seconds, and takes nothing of ours away.
//
// The page asks with the tag of what it knows and mostly hears "unchanged". It does not ask while its tab is hidden,
// and asks more and more seldom while there is no answer.

const SLOWEST = 60000;
const NEWS_EVERY = 8000; // a screen reader hears of others' marks at most this often

export function watch(register) {
  const { said, rows } = register;
  const every = Number(said.every) || 4000;
  const news = document.querySelector("[data-news]");
  const last = document.querySelector("[data-last]");
  let tag = "";
  let wait = every;
  let timer = 0;
  let asking = false;
  let over = false;
  let toldAt = 0;
  let telling = 0;
  const untold = new Map(); // name -> how many of their marks nobody was told of yet

  function plan(delay) {
    clearTimeout(timer);
    if (!over && !document.hidden) timer = setTimeout(ask, delay);
  }

  async function ask() {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const response = await fetch(said.liveUrl, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) },
        signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,
      });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      if (response.status === 304) {
        wait = every;
      } else if (response.ok && isJson) {
        const told = await response.json();
        wait = every;
        if (register.busy()) wait = 700; // our own save is on its way: its answer comes first
        else {
          tag = response.headers.get("ETag") || "";
          took(told);
        }
      } else if ([401, 403, 404].includes(response.status) || response.redirected) {
        over = true;
      } else {
        wait = Math.min(SLOWEST, wait * 2);
      }
    } catch {
      wait = Math.min(SLOWEST, wait * 2);
    }
    asking = false;
    plan(wait);
  }

  function took(told) {
    for (const [id, theirs] of Object.entries(told.marks)) {
      const row = rows.get(id);
      if (!row || theirs.version <= Number(row.version.value) || theirs.version === row.disputed) continue;
      const mine = register.read(row);
      const same = register.word(mine) === register.word(theirs);
      if (register.unsaved(row) && !same) {
        register.conflict(row, theirs);
      } else {
        register.accept(row, theirs);
      }
      if (!theirs.mine && theirs.by) untold.set(theirs.by, (untold.get(theirs.by) || 0) + 1);
    }
    if (last) last.textContent = told.last;
    tell();
  }

  function tell() {
    clearTimeout(telling);
    if (!untold.size || !news) return;
    const early = toldAt + NEWS_EVERY - Date.now();
    if (early > 0) {
      telling = setTimeout(tell, early);
      return;
    }
    toldAt = Date.now();
    news.textContent = [...untold].map(([name, n]) => said.tNews.replace("{name}", name).replace("{n}", n)).join(" · ");
    untold.clear();
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  window.addEventListener("online", () => plan(200));
  plan(every);
  return { soon: () => plan(300) };
}
