/* Cards of terms: what the glossary says of a headword, beside the link to its entry.
 * They show on hover, on keyboard focus and on the first tap. Without this script the link leads
 * to the entry, as it does here on a click, on Enter and on the second tap.
 *
 * A card holds a link, and a tooltip may hold nothing that takes the focus. So it is what the ARIA
 * Authoring Practices put in a tooltip's place, a dialog that is not modal; its definition also
 * describes the term (aria-describedby), for who hears the page and stays on the term. A tap moves
 * the focus into the card, hover and keyboard focus leave it where it is; Tab goes on from the term
 * to the card. WCAG 2.2, 1.4.13: Escape closes it, the pointer may go over it, and it stays until
 * pointer and focus have left.
 *
 * The definitions are in the page's own <template>, written and escaped by Sphinx; they are cloned
 * from there as nodes, and no text is ever read as HTML.
 */
(() => {
  "use strict";

  const GAP = 6; // pixels between the term and its card
  const MARGIN = 12; // and between the card and the edge of the screen
  const OPENING_PAUSE = 150; // milliseconds
  const CLOSING_PAUSE = 300;

  const source = document.getElementById("cp-cards");
  const root = document.querySelector(".cp-page");
  if (!source || !root || !HTMLElement.prototype.showPopover) return;

  const terms = new Map(
    [...source.content.querySelectorAll("[data-gloss]")].map((term) => [term.dataset.gloss, term])
  );

  const element = (name, className, id = "") => {
    const made = document.createElement(name);
    made.className = className;
    if (id) made.id = id;
    return made;
  };

  const card = element("div", "cp-card", "cp-card");
  const heading = element("div", "cp-card-term", "cp-card-term");
  const text = element("div", "cp-card-text", "cp-card-text");
  const foot = element("div", "cp-card-foot");
  const entryLink = element("a", "cp-card-entry");
  const closeButton = element("button", "cp-card-close");
  // In the top layer: no scrolling box around the term can cut the card off.
  card.popover = "manual";
  card.lang = document.documentElement.lang;
  card.tabIndex = -1;
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-labelledby", heading.id);
  card.setAttribute("aria-describedby", text.id);
  entryLink.textContent = source.dataset.entry;
  closeButton.type = "button";
  closeButton.textContent = source.dataset.close;
  foot.append(entryLink, closeButton);
  card.append(heading, text, foot);

  let shown = null; // the link whose card is open
  let timer = 0;
  let isPointing = false; // whether the reader's last act was a press, and no key
  let isReturning = false;
  let lastPointer = "";

  const idOf = (link) => decodeURIComponent(link.hash.slice(1));

  const termLink = (target) => {
    const link = target?.closest?.("a.reference.internal[href*='#']");
    return link && !card.contains(link) && root.contains(link) && terms.has(idOf(link)) ? link : null;
  };

  const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

  // Beside the line of the term that the pointer is on; a term may go over the end of a line.
  const place = (link, x, y) => {
    const lines = [...link.getClientRects()];
    const isOn = (line) => x >= line.left && x <= line.right && y >= line.top && y <= line.bottom;
    const line = lines.find(isOn) || lines[0] || link.getBoundingClientRect();
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const below = height - line.bottom - GAP - MARGIN;
    const above = line.top - GAP - MARGIN;
    card.style.maxHeight = "";
    const isBelow = card.offsetHeight <= below || below >= above;
    card.style.maxHeight = `${Math.max(isBelow ? below : above, 96)}px`;
    const top = isBelow ? line.bottom + GAP : line.top - GAP - card.offsetHeight;
    const left = clamp(line.left, MARGIN, width - MARGIN - card.offsetWidth);
    const bounded = clamp(top, MARGIN, Math.max(MARGIN, height - MARGIN - card.offsetHeight));
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${bounded + scrollY}px`;
  };

  const show = (link, x = -1, y = -1) => {
    clearTimeout(timer);
    if (shown === link) return;
    hide();
    const term = terms.get(idOf(link));
    heading.replaceChildren(...term.cloneNode(true).childNodes);
    text.replaceChildren(...term.nextElementSibling.cloneNode(true).childNodes);
    entryLink.href = link.href;
    // Right behind the term, so that Tab and a screen reader come to it next.
    link.after(card);
    link.setAttribute("aria-describedby", text.id);
    card.showPopover();
    card.scrollTop = 0;
    place(link, x, y);
    shown = link;
  };

  const hide = () => {
    clearTimeout(timer);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    card.classList.remove("cp-card-tapped");
    card.hidePopover();
    card.remove();
  };

  // Closing a card that holds the focus gives it back to the term, which must not open it again.
  const dismiss = () => {
    const link = shown;
    const hadFocus = card.contains(document.activeElement);
    hide();
    if (!hadFocus) return;
    isReturning = true;
    link.focus({ preventScroll: true });
    isReturning = false;
  };

  const hideLater = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const focused = document.activeElement;
      const isTapped = card.classList.contains("cp-card-tapped");
      if (!isTapped && !card.contains(focused) && (isPointing || shown !== focused)) hide();
    }, CLOSING_PAUSE);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    if (card.contains(event.target)) return clearTimeout(timer);
    const link = termLink(event.target);
    if (!link) return;
    clearTimeout(timer);
    if (link !== shown) {
      timer = setTimeout(() => show(link, event.clientX, event.clientY), OPENING_PAUSE);
    }
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "touch") return;
    const from = card.contains(event.target) ? card : termLink(event.target);
    if (from && !from.contains(event.relatedTarget)) hideLater();
  });

  document.addEventListener("pointerdown", (event) => {
    isPointing = true;
    lastPointer = event.pointerType;
    if (shown && !card.contains(event.target) && termLink(event.target) !== shown) hide();
  });

  document.addEventListener("focusin", (event) => {
    if (isPointing || isReturning) return;
    const link = termLink(event.target);
    if (link) show(link);
    else if (shown && !card.contains(event.target)) hide();
  });

  document.addEventListener("click", (event) => {
    const link = termLink(event.target);
    const isTap = (event.pointerType || (event.detail ? lastPointer : "")) === "touch";
    if (!link || !isTap || link === shown) return;
    event.preventDefault();
    show(link, event.clientX, event.clientY);
    card.classList.add("cp-card-tapped");
    card.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    isPointing = false;
    if (event.key !== "Escape" || event.isComposing) return;
    clearTimeout(timer);
    if (shown) dismiss();
  });
  closeButton.addEventListener("click", dismiss);
  window.addEventListener("pagehide", hide);
  window.addEventListener("beforeprint", hide);
  window.addEventListener("resize", () => shown && place(shown, -1, -1));
})();
