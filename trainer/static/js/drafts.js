// What was typed and not saved yet survives a reload. It says something about people's health, so a draft holds
// ids and marks alone (no names, no reasons), belongs to one person on one page, is gone once it is saved or its
// owner signs out (app.js), when somebody else opens such a page in this browser, and in any case after a day.

const PREFIX = "draft:";
const DAY = 24 * 60 * 60 * 1000;

export function drafts(owner, page) {
  const name = `${PREFIX}${owner}:${page}`;

  function each(act) {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) act(key);
  }

  // A browser may forbid storage: then there is no draft, and all else works.
  function quietly(act) {
    try {
      return act();
    } catch {
      return null;
    }
  }

  quietly(() => each((key) => key.startsWith(`${PREFIX}${owner}:`) || localStorage.removeItem(key)));

  return {
    keep(marks) {
      quietly(() => {
        if (Object.keys(marks).length) localStorage.setItem(name, JSON.stringify({ at: Date.now(), marks }));
        else localStorage.removeItem(name);
      });
    },
    take() {
      return quietly(() => {
        const found = JSON.parse(localStorage.getItem(name));
        if (found && Date.now() - found.at < DAY) return found.marks;
        localStorage.removeItem(name);
        return null;
      });
    },
  };
}
