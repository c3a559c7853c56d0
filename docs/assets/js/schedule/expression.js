// The outside of a schedule expression: its keyword and its parentheses.

import { LONGEST, Refusal } from "./refusal.js";
import { closest } from "./resemblance.js";
import { FIVE_FIELDS, explainNickname } from "./unix.js";

const KINDS = ["rate", "cron", "at"];
const WHOLE = /^(rate|cron|at)\(([^()]*)\)$/;
const KEYWORD = /^([A-Za-z]+) *(.*)/;
const DATE = /^\d{4}-\d\d-\d\d([T ][\d:]+)?Z?$/;
const EVERY = /^(?:every )? *(\d+ *[a-z]+)$/i;
const FORMS = "rate(5 minutes) or cron(0 12 * * ? *)";

// Unicode's names of what comes along when an expression is pasted from a page; a browser has no table of them.
const NAMES = {
  "\u00a0": "no-break space",
  "\u00ad": "soft hyphen",
  "\u00d7": "multiplication sign",
  "\u200b": "zero width space",
  "\u2010": "hyphen",
  "\u2011": "non-breaking hyphen",
  "\u2012": "figure dash",
  "\u2013": "en dash",
  "\u2014": "em dash",
  "\u2018": "left single quotation mark",
  "\u2019": "right single quotation mark",
  "\u201c": "left double quotation mark",
  "\u201d": "right double quotation mark",
  "\u202f": "narrow no-break space",
  "\u2212": "minus sign",
  "\u2217": "asterisk operator",
  "\ufeff": "zero width no-break space",
  "\uff1f": "fullwidth question mark",
};

/** The kind of an expression and what stands between its parentheses; throws Refusal. */
export function split(text) {
  if (!text.trim()) throw new Refusal("expression", `it is empty; write ${FORMS}`);
  const characters = [...text];
  if (characters.length > LONGEST) {
    throw new Refusal("expression", `it is ${characters.length} characters long; AWS takes at most ${LONGEST}`);
  }
  const foreign = characters.findIndex((character) => character < " " || character > "~");
  if (foreign >= 0) {
    const what = `character ${foreign + 1} is ${name(characters[foreign])}`;
    throw new Refusal("expression", `${what}, where AWS takes plain ASCII only`, plain(text));
  }
  const whole = WHOLE.exec(text);
  if (whole) return [whole[1], whole[2]];
  throw explain(text);
}

function name(character) {
  const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  const fallback = /\p{Cc}/u.test(character) ? "a control character" : `the character ${character}`;
  return `${NAMES[character] ?? fallback} (U+${code})`;
}

/** The text in ASCII, as someone who pasted it from a web page meant it; null when that is not known. */
function plain(text) {
  const kept = [...text.normalize("NFKC")].map((character) => {
    if (/\p{Pd}/u.test(character)) return "-";
    if (/\p{Nd}/u.test(character)) return digit(character);
    if (/[\p{Cf}\p{Mn}\p{Pi}\p{Pf}]/u.test(character)) return "";
    if (/[\s\x1c-\x1f\x85]/.test(character)) return " ";
    return /\p{Cc}/u.test(character) ? "" : character;
  });
  const joined = kept.join("").trim();
  return /^[\0-\x7f]*$/.test(joined) ? joined : null;
}

/** Decimal digits of every script stand ten in a row in Unicode, from 0 to 9. */
function digit(character) {
  const code = character.codePointAt(0);
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}

function explain(text) {
  if (text !== text.trim()) return new Refusal("expression", "it starts or ends with a space", text.trim());
  if (/^["'`]|["'`]$/.test(text)) {
    const bare = text.replace(/^["'` ]+|["'` ]+$/g, "");
    return new Refusal("expression", "quotation marks are not part of it", bare || null);
  }
  if (text.startsWith("@")) return explainNickname(text);
  const keyword = KEYWORD.exec(text);
  if (keyword && KINDS.includes(keyword[1].toLowerCase())) return explainKeyword(text, keyword[1], keyword[2]);
  return explainBare(text);
}

function explainKeyword(text, keyword, rest) {
  const lower = keyword.toLowerCase();
  const refuse = (problem, fix) => new Refusal("expression", problem, fix);
  if (keyword !== lower) return refuse(`AWS writes ${lower} in lower case`, lower + text.slice(keyword.length));
  if (!rest.startsWith("(")) return refuse("the opening parenthesis is missing", `${lower}(${rest.trim()}`);
  if (text[keyword.length] === " ") {
    return refuse(`there is a space between ${lower} and its parenthesis`, lower + rest);
  }
  if (!rest.includes(")")) return refuse("the closing parenthesis is missing", `${text.trimEnd()})`);
  const end = rest.lastIndexOf(")");
  const [inside, tail] = [rest.slice(1, end), rest.slice(end + 1)];
  if (tail) return refuse(`${quote(tail.trim())} follows the closing parenthesis`, `${lower}(${inside})`);
  if (WHOLE.test(inside.trim())) return refuse("it holds a whole expression inside another", inside.trim());
  return refuse("there are parentheses inside the parentheses", `${lower}(${inside.replace(/[()]/g, "")})`);
}

function explainBare(text) {
  const word = text.split("(")[0].trim().toLowerCase();
  const close = text.includes("(") && closest(word, KINDS);
  if (close) {
    const fix = close + text.slice(text.indexOf("("));
    return new Refusal("expression", `${word} is no keyword; ${close} is`, fix);
  }
  const missing = (keyword) => `the keyword ${keyword} and its parentheses are missing`;
  if (DATE.test(text)) return new Refusal("expression", missing("at"), `at(${text})`);
  const every = EVERY.exec(text);
  if (every) return new Refusal("expression", missing("rate"), `rate(${every[1]})`);
  const count = text.split(/ +/).length;
  if (/^[\d*]/.test(text) && count >= 5 && count <= 7) {
    const five = count === 5 && !text.includes("?") ? `, and ${FIVE_FIELDS}` : "";
    return new Refusal("expression", missing("cron") + five, `cron(${text})`);
  }
  return new Refusal("expression", `it is no form that AWS knows; write ${FORMS}`);
}

/** As Python's repr quotes printable ASCII. */
function quote(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\");
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}
