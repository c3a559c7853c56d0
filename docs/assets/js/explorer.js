// The schedule explorer: what is typed is judged, said in words, and its next firings are listed.

import { ScheduleError, listZones, parse } from "./schedule/schedule.js";

const PAUSE = 250; // ms without a key before the answer changes, so that a screen reader is not cut short
const MOST = 10;
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Show the explorer in `place` and let it answer. */
export function openExplorer(place) {
  if (!place.hidden) return;
  const form = place.querySelector("form");
  const zones = listZones().map((name) => Object.assign(document.createElement("option"), { value: name }));
  place.querySelector("datalist").replaceChildren(...zones);

  const answer = () => showAnswer(place, form, change);
  const change = (text, service) => {
    form.elements.expression.value = text;
    if (service) form.elements.service.value = service;
    answer();
  };
  let waiting;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(waiting);
    if (target.type === "radio") answer();
    else waiting = setTimeout(answer, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  for (const button of place.querySelectorAll("[data-expression]")) {
    button.addEventListener("click", () => change(button.dataset.expression, button.dataset.service));
  }
  answer();
  document.querySelector("[data-without-scripts]")?.remove();
  place.hidden = false;
}

function showAnswer(place, form, change) {
  const { expression, service, zone } = form.elements;
  place.querySelector("[data-zone]").hidden = service.value !== "scheduler";
  const timezone = service.value === "scheduler" ? zone.value : "UTC";
  const verdict = place.querySelector(".explorer-verdict");
  const firings = place.querySelector("[data-firings]");
  const now = Date.now();
  try {
    const schedule = parse(expression.value, service.value);
    const moments = schedule.upcoming(now, MOST, timezone);
    mark(verdict, [expression, zone], null);
    verdict.replaceChildren(...tellSchedule(schedule, now, timezone));
    firings.replaceChildren(...listFirings(moments, timezone, schedule.kind));
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const isZone = error.field === "timezone";
    mark(verdict, [expression, zone], isZone ? zone : expression);
    const mend = isZone ? (text) => ((zone.value = text), change(expression.value)) : change;
    verdict.replaceChildren(...tellError(error, mend));
    firings.replaceChildren();
  }
}

function mark(verdict, inputs, wrong) {
  verdict.dataset.verdict = wrong ? "refused" : "taken";
  for (const input of inputs) input.setAttribute("aria-invalid", String(input === wrong));
}

function* tellSchedule(schedule, now, timezone) {
  const words = schedule.describe(timezone);
  yield make("p", {}, make("strong", {}, "Valid: "), `${words}.`);
  const doubts = schedule.warn(now, timezone).map((doubt) => make("li", {}, `${upperFirst(doubt)}.`));
  if (doubts.length) yield make("ul", {}, ...doubts);
}

function* tellError(error, change) {
  yield make("p", {}, make("strong", {}, "Refused. "), `The ${error.field}: ${error.problem}.`);
  if (error.suggestion !== null) {
    const button = make("button", { type: "button", onclick: () => change(error.suggestion) }, error.suggestion);
    yield make("p", {}, "Did you mean ", button, "?");
  }
  if (error.awsMessage) yield make("p", {}, "AWS would answer: ", make("code", {}, error.awsMessage));
}

function* listFirings(moments, timezone, kind) {
  if (!moments.length) return;
  const columns = [...new Set([timezone, "UTC", OWN_ZONE])];
  const caption = kind === "rate" ? "Next firings, if it is created now" : "Next firings";
  const heads = columns.map((zone) => make("th", { scope: "col" }, zone));
  const rows = moments.map((moment) => make("tr", {}, ...columns.map((zone) => make("td", {}, say(moment, zone)))));
  const table = make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...heads)));
  table.append(make("tbody", {}, ...rows));
  yield table;
}

/** Such as `Thu 1 Jan 2026, 09:00`; with seconds where there are some. */
function say(moment, timeZone) {
  const parts = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const seconds = moment % 60_000 ? { second: "2-digit" } : {};
  return new Intl.DateTimeFormat("en-GB", { timeZone, ...parts, ...seconds, hourCycle: "h23" }).format(moment);
}

function upperFirst(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
