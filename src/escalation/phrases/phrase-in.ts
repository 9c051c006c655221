import { patternsOf } from "./pattern.ts";
import { searchPhrases } from "./search.ts";
import { createTrie, type Node } from "./trie.ts";

const tries = new WeakMap<readonly string[], Node>();

/** Cached, since a flow's list of phrases is used for every event. */
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

/** Finds the first of `phrases` in a text, as the flow writes it; null: none. */
export const phraseIn = (words: string, phrases: readonly string[]): string | null =>
  phrases[searchPhrases(trieOf(phrases), words)] ?? null;
