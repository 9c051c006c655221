import { boundariesOf } from "./boundaries.ts";
import type { Node } from "./trie.ts";

const OTHER_WORDS_MOST = 3;

/** Returns the lowest index of a phrase of a trie that a reading contains; infinite: none. Takes time linear in the reading. */
export function searchPhrases(root: Node, words: string): number {
  const boundaries = boundariesOf(words);
  /** Nodes beyond a wildcard, each with a position: several ways may lead there. */
  const visited = new Set<number>();
  let first = Number.POSITIVE_INFINITY;

  /** Continues beyond a wildcard. The start of the phrase is known to be the start of a word. */
  const continueAt = (node: Node, position: number): void => {
    const place = node.id * (words.length + 1) + position;
    if (visited.has(place)) return;
    visited.add(place);
    visit(node, position);
    walk(node, position, null);
  };

  const skipWords = (node: Node, end: number): void => {
    let start = boundaries.nextStart(end);
    for (let skipped = 0; start !== null && skipped <= OTHER_WORDS_MOST; skipped += 1) {
      continueAt(node, start);
      start = boundaries.nextStart(boundaries.endOfWord(start));
    }
  };

  /** Handles everything at a node except its next characters. */
  const visit = (node: Node, position: number): void => {
    if (node.open < first) first = node.open;
    if (node.whole < first && boundaries.isEnd(position)) first = node.whole;
    if (node.gap !== null && boundaries.isEnd(position)) skipWords(node.gap, position);
    if (node.rest !== null) {
      continueAt(node.rest, boundaries.isEnd(position) ? position : boundaries.endOfWord(position));
    }
    if (node.inside !== null) {
      const end = boundaries.endOfWord(position);
      for (let at = position; at < end; at += 1) continueAt(node.inside, at);
    }
  };

  /** Follows the characters from a position. `start` is the phrase's start, while it is not known whether a word starts there. */
  const walk = (from: Node, at: number, start: number | null): void => {
    let [node, position, unsure] = [from, at, start];
    for (;;) {
      const next = node.next.get(words.charCodeAt(position));
      if (next === undefined || !words.startsWith(next.label, position)) return;
      node = next;
      position += next.label.length;
      if (!isLandmark(node)) continue;
      if (unsure !== null && !boundaries.isStart(unsure)) return;
      unsure = null;
      visit(node, position);
    }
  };

  for (let start = 1; start < words.length; start = boundaries.nextMaybeStart(start)) walk(root, start, start);
  if (root.inside !== null) {
    for (let position = 1; position < words.length; position += 1) walk(root.inside, position, null);
  }
  return first;
}

/** True if a phrase may end or branch here. */
const isLandmark = ({ whole, open, gap, rest, inside }: Node): boolean =>
  whole !== Number.POSITIVE_INFINITY ||
  open !== Number.POSITIVE_INFINITY ||
  gap !== null ||
  rest !== null ||
  inside !== null;
