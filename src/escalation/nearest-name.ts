/** Finds the name that somebody meant who wrote another. Pure. */

/** Counts the letters to insert, to drop or to change; case does not count. */
function distance(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let at = 1; at <= a.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= b.length; to += 1) {
      const changed = (row[to - 1] ?? 0) + (a[at - 1] === b[to - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** A name of three letters has one mistake, a longer one has two. */
const mostMistakes = (name: string): number => (name.length < 4 ? 1 : 2);

export function nearestName(written: string, names: Iterable<string>): string | null {
  const found = [...names]
    .map((name) => ({ name, mistakes: distance(written, name) }))
    .filter(({ name, mistakes }) => name !== written && mistakes <= Math.min(mostMistakes(name), mostMistakes(written)))
    .sort((a, b) => a.mistakes - b.mistakes);
  return found[0]?.name ?? null;
}
