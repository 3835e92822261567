/* A book's page: originals opened together, search as you type, matches marked on arrival.
 * Without it every page still reads: the originals are plain <details>. No request leaves the site.
 */
(() => {
  "use strict";

  const ORIGINALS_KEY = "duizhao.originals";
  const MARK_PARAMETER = "mark";
  const MAX_RESULTS = 10;
  const MAX_RESULTS_PER_PAGE = 3;
  const EXCERPT_WORDS = 42;
  const WORDS_BEFORE_MATCH = 10;
  const TYPING_PAUSE = 120; // milliseconds

  const page = document.documentElement;
  const contentRoot = page.dataset.content_root || "./";

  // Storage may be denied; the page then forgets, and works.
  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const remember = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      /* nothing to do */
    }
  };

  /* ---- Originals ---- */

  const setUpOriginals = () => {
    const originals = [...document.querySelectorAll("details.cp-original")];
    const button = document.querySelector(".cp-toggle-all");
    if (!originals.length) return;

    const show = (open) => {
      for (const original of originals) original.open = open;
      if (!button) return;
      button.setAttribute("aria-pressed", String(open));
      button.title = open ? button.dataset.close : button.dataset.open;
    };

    // What the reader was reading stays where it was while everything above it changes height.
    const keepingPlace = (change) => {
      const top = (element) => element.getBoundingClientRect().top;
      const blocks = document.querySelectorAll(".cp-prose, .cp-page h1, .cp-page h2");
      const anchor = [...blocks].find((block) => top(block) > 48);
      const before = anchor && top(anchor);
      change();
      if (anchor && window.scrollY) window.scrollBy({ top: top(anchor) - before, behavior: "instant" });
    };

    const toggle = () => {
      const open = !originals.every((original) => original.open);
      keepingPlace(() => show(open));
      remember(ORIGINALS_KEY, open ? "open" : "closed");
    };

    if (recall(ORIGINALS_KEY) === "open") show(true);
    if (button) {
      button.hidden = false;
      button.addEventListener("click", toggle);
    }
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyO" && !typing) {
        event.preventDefault();
        toggle();
      }
    });

    let closed = [];
    window.addEventListener("beforeprint", () => {
      closed = originals.filter((original) => !original.open);
      for (const original of closed) original.open = true;
    });
    window.addEventListener("afterprint", () => {
      for (const original of closed) original.open = false;
    });
  };

  /* ---- Matches on the page that a search result led to ---- */

  const textRanges = (root, words) => {
    const ranges = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.toLowerCase();
      if (text.length !== node.data.length) continue; // a letter whose lower case is longer
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          ranges.push(range);
        }
      }
    }
    return ranges;
  };

  const markMatches = () => {
    const address = new URL(location.href);
    const words = address.searchParams.getAll(MARK_PARAMETER).map((word) => word.toLowerCase());
    const root = document.querySelector(".cp-page");
    if (!words.length || !root) return;
    const ranges = textRanges(root, words.filter(Boolean));
    if (window.Highlight && CSS.highlights) CSS.highlights.set("cp-match", new Highlight(...ranges));

    const target = document.getElementById(decodeURIComponent(address.hash.slice(1)));
    const original = target?.nextElementSibling;
    const inside = (element) => ranges.some((range) => element.contains(range.startContainer));
    if (original?.matches("details.cp-original") && !inside(target) && inside(original)) {
      original.open = true;
    }
    address.searchParams.delete(MARK_PARAMETER);
    if (location.protocol !== "file:") history.replaceState(history.state, "", address);
  };

  /* ---- Search ---- */

  const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">");

  // Pagefind segments Chinese, and finds 体验 for 智能体, or Z for zzqq, as a last resort.
  const isNear = (word, term) => word.includes(term) || (word.length > 1 && term.startsWith(word));

  // The matches of one page, gathered by the last anchor before each: mostly the paragraph.
  // First those that hold every term of the query as it was typed.
  const passages = (data, terms) => {
    const text = unescape(data.raw_content || data.content || "");
    const segmented = text.includes("\u200B");
    const words = segmented ? text.split("\u200B") : text.split(/[\r\n\s]+/);
    const joiner = segmented ? "" : " ";
    const anchors = [...(data.anchors || [])].sort((a, b) => a.location - b.location);
    // Sphinx gives the id to the section, whose first words are its heading; a stop ends them.
    const headingOf = ({ location: at }) => {
      const stop = words.findIndex((word, index) => index >= at && /^\.\s/.test(word));
      return words.slice(at, stop < 0 ? at : stop).join(joiner).trim();
    };
    const found = new Map();
    for (const { location: at, weight = 1 } of data.weighted_locations || []) {
      const index = anchors.findLastIndex((anchor) => anchor.location <= at);
      const passage = found.get(index) || { index, locations: [], score: 0 };
      passage.locations.push(at);
      passage.score += weight;
      found.set(index, passage);
    }
    for (const passage of found.values()) {
      const from = anchors[passage.index]?.location ?? 0;
      const held = words.slice(from, anchors[passage.index + 1]?.location).join(joiner).toLowerCase();
      passage.whole = terms.every((term) => held.includes(term));
      passage.near = passage.locations.some((at) => {
        const word = words[at].trim().toLowerCase();
        return terms.some((term) => isNear(word, term));
      });
    }
    const best = [...found.values()]
      .filter(({ whole, near }) => whole || near)
      .sort((a, b) => b.whole - a.whole || b.score - a.score || a.index - b.index);
    return best.slice(0, MAX_RESULTS_PER_PAGE).map(({ index, locations, whole }) => {
      const first = Math.min(...locations);
      const section = anchors.findLast((anchor, at) => at <= index && anchor.element === "section");
      const floor = anchors[index]?.location ?? 0;
      const ceiling = anchors[index + 1]?.location ?? words.length;
      const start = Math.max(floor, first - WORDS_BEFORE_MATCH);
      const end = Math.min(ceiling, start + EXCERPT_WORDS);
      const matched = new Set(locations);
      const excerpt = [];
      if (start > floor) excerpt.push(["…", false]);
      for (let at = start; at < end; at++) excerpt.push([words[at] + joiner, matched.has(at)]);
      if (end < ceiling) excerpt.push(["…", false]);
      return {
        page: data.raw_url || data.url,
        whole,
        title: data.meta.title,
        section: section && section !== anchors[0] ? headingOf(section) : "",
        id: anchors[index]?.id || "",
        words: [...new Set(locations.map((at) => words[at].trim()))],
        excerpt,
      };
    });
  };

  const address = ({ page: path, id, words }) => {
    const query = new URLSearchParams(words.map((word) => [MARK_PARAMETER, word]));
    return `${contentRoot}${path.replace(/^\/+/, "")}?${query}${id && `#${encodeURIComponent(id)}`}`;
  };

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const resultLink = (result, index) => {
    const link = element("a", "cp-result");
    link.id = `cp-result-${index}`;
    link.href = address(result);
    link.tabIndex = -1; // reached by the arrow keys; the focus stays in the field
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const title = element("span", "cp-result-title", result.title);
    if (result.section) title.append(element("span", "cp-result-section", result.section));
    const excerpt = element("span", "cp-result-excerpt");
    for (const [text, matched] of result.excerpt) {
      excerpt.append(matched ? element("mark", "", text) : text);
    }
    link.append(title, excerpt);
    return link;
  };

  const setUpSearch = () => {
    const dialog = document.getElementById("pst-search-dialog");
    const list = document.getElementById("cp-search-results");
    if (!dialog || !list) return;
    const input = dialog.querySelector("input");
    const status = dialog.querySelector(".cp-search-status");
    let engine = null;
    let timer = 0;
    let latest = 0;
    let active = -1;

    const select = (index) => {
      const options = list.children;
      options[active]?.setAttribute("aria-selected", "false");
      active = options.length ? (index + options.length) % options.length : -1;
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };

    const present = (results, message) => {
      list.replaceChildren(...results.map(resultLink));
      list.hidden = !results.length;
      input.setAttribute("aria-expanded", String(!!results.length));
      input.removeAttribute("aria-activedescendant");
      active = -1;
      status.textContent = message;
    };

    const loadEngine = () => {
      engine ||= import(new URL(`${contentRoot}pagefind/pagefind.js`, location.href).href);
      return engine;
    };

    const search = async () => {
      const query = input.value.trim();
      const turn = ++latest;
      if (!query) return present([], "");
      if (location.protocol === "file:") return present([], dialog.dataset.offline);
      if (!list.children.length) status.textContent = dialog.dataset.loading;
      try {
        const { results } = await (await loadEngine()).search(query);
        const pages = await Promise.all(results.slice(0, MAX_RESULTS).map((hit) => hit.data()));
        if (turn !== latest) return; // the reader has typed on
        const terms = query.toLowerCase().split(/\s+/);
        const passed = pages.flatMap((data) => passages(data, terms));
        const whole = passed.filter((passage) => passage.whole);
        const found = whole.length ? whole : passed;
        const shown = found.slice(0, MAX_RESULTS);
        const more = Math.max(found.length, results.length) > MAX_RESULTS;
        const count = `${shown.length}${more ? "+" : ""}`;
        const message = shown.length ? dialog.dataset.count : dialog.dataset.none;
        present(shown, message.replace("{count}", count).replace("{query}", () => query));
      } catch (error) {
        engine = null;
        if (turn === latest) present([], dialog.dataset.missing);
        console.warn(error);
      }
    };

    input.addEventListener("focus", () => {
      if (location.protocol !== "file:") loadEngine().catch(() => (engine = null));
    }, { once: true });
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, TYPING_PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      const moves = { ArrowDown: active + 1, ArrowUp: active < 0 ? -1 : active - 1 };
      if (event.isComposing || !(event.key in moves)) return;
      event.preventDefault();
      select(moves[event.key]);
    });
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      list.children[Math.max(active, 0)]?.click();
    });
    // A result on this very page is a jump within it: the dialog must not stay in front.
    list.addEventListener("click", (event) => {
      if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) dialog.close();
    });
    dialog.querySelector(".cp-search-close").addEventListener("click", () => dialog.close());
  };

  // On a phone the chapters come in a panel of their own, which the theme opens at its top.
  const setUpChapters = () => {
    const button = document.querySelector(".bd-header-article .primary-toggle");
    button?.addEventListener("click", () => {
      requestAnimationFrame(() => {
        const current = document.querySelector("dialog[open] .bd-links .current");
        current?.scrollIntoView({ block: "center" });
      });
    });
  };

  setUpOriginals();
  markMatches();
  setUpSearch();
  setUpChapters();
})();
