// The most similar word, as Python's difflib.get_close_matches finds it: the same guess in the page and the terminal.

/** The one of `words` most like `word`, or undefined when none is at least `cutoff` like it. */
export function closest(word, words, cutoff = 0.6) {
  let best;
  for (const candidate of words) {
    const likeness = compare(candidate, word);
    if (likeness < cutoff) continue;
    if (!best || likeness > best.likeness || (likeness === best.likeness && candidate > best.candidate)) {
      best = { candidate, likeness };
    }
  }
  return best?.candidate;
}

function compare(a, b) {
  return a.length + b.length ? (2 * countMatches(a, b)) / (a.length + b.length) : 1;
}

function countMatches(a, b) {
  let size = 0;
  let start = 0;
  let other = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      let length = 0;
      while (i + length < a.length && j + length < b.length && a[i + length] === b[j + length]) length++;
      if (length > size) [size, start, other] = [length, i, j];
    }
  }
  if (!size) return 0;
  return (
    size +
    countMatches(a.slice(0, start), b.slice(0, other)) +
    countMatches(a.slice(start + size), b.slice(other + size))
  );
}
