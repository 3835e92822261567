/* Looks up headwords in files made beforehand: works without a server, and from a disk. */

(() => {
  "use strict";

  const MOST_WHILE_TYPING = 40;
  const MOST_IN_ALL = 300;
  const LONGEST = 100;
  const TYPING_PAUSE = 120;

  let table = null;
  const simplified = new Map();
  const shards = new Map();
  const waiting = new Map();

  // As converter.catalog.search.fold does it: the keys of the files are made there.
  const fold = (text) => {
    const lower = [...text].slice(0, LONGEST).join("").normalize("NFKC").toLowerCase();
    const plain = [...lower].map((character) => simplified.get(character) ?? character).join("");
    return plain.replace(/[^\p{L}\p{N}+#.]/gu, "") || plain.replace(/\s+/gu, "");
  };

  window.duizhaoSearch = {
    table: (value) => {
      table = value;
      const [from, to] = value.variants.map((characters) => [...characters]);
      from.forEach((character, index) => simplified.set(character, to[index]));
    },
    shard: (number, lines) => {
      const entries = lines.split("\n").map((line) => {
        const [text, page, headword = "", id = ""] = line.split("\t");
        return { text, page: Number(page), headword, id, key: fold(text) };
      });
      waiting.get(number)?.(entries);
    },
  };

  // A script and not fetch(): a page opened from a disk may load no other file.
  const load = (number) => {
    if (!shards.has(number)) {
      const loading = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(number, resolve);
        script.onerror = () => {
          shards.delete(number);
          script.remove();
          reject(new Error(script.src));
        };
        script.src = `search-${number}.js?${table.version}`;
        document.head.append(script);
      });
      shards.set(number, loading);
    }
    return shards.get(number);
  };

  const holding = (key) => {
    const end = `${key}\uffff`;
    return table.starts
      .map((start, index) => ({ number: index + 1, start, next: table.starts[index + 1] }))
      .filter(({ start, next }) => start <= end && (next === undefined || next >= key))
      .map(({ number }) => number);
  };

  const address = ({ text, page, headword, id }) =>
    `${table.pages[page]}#${encodeURIComponent(id || fold(headword || text))}`;

  // An entry is shown once, under the first of its names that was found.
  const gather = (found, entries, test) => {
    for (const entry of entries) {
      const href = address(entry);
      if (test(entry.key) && !found.has(href)) found.set(href, entry);
    }
  };

  const findBeginning = async (key) => {
    const found = new Map();
    for (const number of holding(key)) {
      gather(found, await load(number), (other) => other.startsWith(key));
      if (found.size > MOST_WHILE_TYPING) break;
    }
    return found;
  };

  const findAnywhere = async (key) => {
    const all = (await Promise.all(table.starts.map((_, index) => load(index + 1)))).flat();
    const found = new Map();
    gather(found, all, (other) => other === key);
    gather(found, all, (other) => other.startsWith(key));
    gather(found, all, (other) => other.includes(key));
    return found;
  };

  const setUp = () => {
    const form = document.querySelector(".search");
    const input = document.getElementById("search-input");
    const status = document.getElementById("search-status");
    const list = document.getElementById("search-results");
    if (!form || !table) return;
    form.hidden = false;
    let timer = 0;
    let latest = 0;

    const present = (found, most, message) => {
      const items = [...found].slice(0, most).map(([href, { text, headword }]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = href;
        link.textContent = headword ? `${headword}（${text}）` : text;
        item.append(link);
        return item;
      });
      list.replaceChildren(...items);
      status.textContent = message;
    };

    const search = async (everywhere) => {
      clearTimeout(timer);
      const turn = ++latest;
      const typed = input.value.trim();
      const key = fold(typed);
      if (!key) {
        present([], 0, "");
        return;
      }
      try {
        const found = await (everywhere ? findAnywhere(key) : findBeginning(key));
        if (turn !== latest) return; // the reader has typed on
        const most = everywhere ? MOST_IN_ALL : MOST_WHILE_TYPING;
        const count = found.size > most ? `多于 ${most} 条` : `${found.size} 条`;
        const kind = everywhere ? "含有" : "开头是";
        const further = everywhere ? "" : "；按回车键查找其中含有它的";
        present(found, most, `${kind}“${typed}”的：${count}${further}`);
      } catch (error) {
        if (turn === latest) present([], 0, "索引没有载入，请用上面的字母查找。");
        console.warn(error);
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, TYPING_PAUSE, false);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      search(true);
    });
    form.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && event.target !== input) {
        input.focus();
        return;
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [input, ...list.querySelectorAll("a")];
      const at = stops.indexOf(event.target);
      if (!step || at < 0) return;
      event.preventDefault();
      stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
    });
    // The browser may bring back what was typed before the reader followed a link.
    if (input.value) search(false);
  };

  if (document.readyState === "complete") setUp();
  else document.addEventListener("DOMContentLoaded", setUp);
})();
