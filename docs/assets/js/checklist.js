// Task lists that one can tick: remembered in this browser, counted, reset, printed.

/** Make each `[data-checklist]` on the page a list to tick; its value names it in the browser's memory. */
export function openChecklists(page) {
  for (const list of page.querySelectorAll("[data-checklist]:not([data-open])")) {
    list.dataset.open = "";
    new Checklist(list).open();
  }
}

class Checklist {
  constructor(list) {
    this.list = list;
    this.key = `ticks:v1:${list.dataset.checklist}`;
    this.items = [...list.querySelectorAll(".task-list-item")].map(readItem);
    this.ticked = new Set(recall(this.key));
    this.removed = null; // what a reset took away, until the next tick
  }

  open() {
    const bar = document.createElement("div");
    bar.className = "checklist-bar";
    this.status = Object.assign(document.createElement("span"), { role: "status", className: "checklist-count" });
    this.reset = makeButton("Reset", () => this.clear());
    bar.append(this.status, this.reset, makeButton("Print", () => window.print()));
    this.list.prepend(bar);
    for (const { box, words } of this.items) {
      box.disabled = false;
      box.addEventListener("change", () => this.tick(words, box.checked));
    }
    this.show();
  }

  tick(words, isTicked) {
    this.removed = null;
    if (isTicked) this.ticked.add(words);
    else this.ticked.delete(words);
    this.keep();
  }

  /** Removes all ticks; a second press brings them back. */
  clear() {
    [this.ticked, this.removed] = this.removed ? [this.removed, null] : [new Set(), this.ticked];
    this.keep();
  }

  keep() {
    remember(this.key, [...this.ticked]);
    this.show();
  }

  show() {
    for (const { box, words } of this.items) box.checked = this.ticked.has(words);
    const done = this.items.filter(({ box }) => box.checked).length;
    this.status.textContent = `${done} of ${this.items.length} done`;
    this.reset.textContent = this.removed?.size ? "Undo reset" : "Reset";
    this.reset.disabled = !done && !this.removed?.size;
  }
}

/** An item is known by its words in bold, so that a tick stays with it when others are added or moved. */
function readItem(item) {
  const box = item.querySelector("input[type=checkbox]");
  const name = item.querySelector("strong");
  const label = document.createElement("label");
  box.removeAttribute("aria-label");
  box.before(label);
  label.append(box, " ", name);
  return { box, words: name.textContent };
}

function makeButton(words, press) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  button.addEventListener("click", press);
  return button;
}

/** What is remembered; nothing where the browser keeps nothing, as in some private windows. */
function recall(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function remember(key, ticked) {
  try {
    localStorage.setItem(key, JSON.stringify(ticked));
  } catch {
    // The list works all the same, until the page is left.
  }
}
