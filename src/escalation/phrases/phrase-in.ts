import { patternsOf } from "./pattern.ts";
import { searchPhrases } from "./search.ts";
import { createTrie, type Node } from "./trie.ts";

const tries = new WeakMap<readonly string[], Node>();

/** A flow's list of phrases comes again with every event. */
function trieOf(phrases: readonly string[]): Node {
  const known = tries.get(phrases);
  if (known !== undefined) return known;
  const { root, add } = createTrie();
  for (const [index, phrase] of phrases.entries()) {
    for (const pattern of patternsOf(phrase)) add(pattern, index);
  }
  tries.set(phrases, root);
  return root;
}

/** The first of `phrases` that stands in a reading of a text, as it was written in the flow; null: none does. */
export const phraseIn = (words: string, phrases: readonly string[]): string | null =>
  phrases[searchPhrases(trieOf(phrases), words)] ?? null;
