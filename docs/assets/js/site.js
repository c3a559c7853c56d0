// What the pages do beyond the theme. Runs at each page, also when the theme swaps pages without a load.

import { openChecklists } from "./checklist.js";

async function start() {
  nameSearch();
  nameBoxes();
  openChecklists(document);
  requestAnimationFrame(reachTables); // once the theme has wrapped them
  const place = document.querySelector("[data-explorer]");
  if (place) (await import("./explorer.js")).openExplorer(place);
}

/** A dialog is announced by its name; the theme gives its search none. */
function nameSearch() {
  document.querySelector("[data-md-component=search]")?.setAttribute("aria-label", "Search");
}

/** A box of a list that is only shown (a lab's README has some) is announced by its item's words. */
function nameBoxes() {
  for (const item of document.querySelectorAll(".task-list-item")) {
    item.querySelector("input[type=checkbox]").ariaLabel = item.textContent.trim();
  }
}

/** A table that is wider than the page can be scrolled with the keyboard too. */
function reachTables() {
  for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  }
}

window.addEventListener("resize", reachTables);
if (window.document$) window.document$.subscribe(start);
else start();
