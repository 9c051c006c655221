import type { Pattern, Step } from "./pattern.ts";

/** A node of the patterns of a list, which share their beginnings. The characters of `label` lead to it. */
export interface Node {
  id: number;
  label: string;
  /** Keys are first characters. */
  next: Map<number, Node>;
  rest: Node | null;
  inside: Node | null;
  gap: Node | null;
  /** Index of the first phrase that ends here at the end of a word (`whole`), or anywhere (`open`); infinite: none. */
  whole: number;
  open: number;
}

export interface Trie {
  root: Node;
  add(pattern: Pattern, index: number): void;
}

export function createTrie(): Trie {
  let made = 0;
  const createNode = (label: string): Node => {
    made += 1;
    const [whole, open] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    return { id: made, label, next: new Map(), rest: null, inside: null, gap: null, whole, open };
  };

  const addChars = (from: Node, chars: string): Node => {
    let node = from;
    for (let at = 0; at < chars.length; ) {
      const known = node.next.get(chars.charCodeAt(at));
      if (known === undefined) {
        const leaf = createNode(chars.slice(at));
        node.next.set(chars.charCodeAt(at), leaf);
        return leaf;
      }
      const shared = sharedLength(known.label, chars, at);
      const child = shared === known.label.length ? known : split(node, known, shared);
      at += shared;
      node = child;
    }
    return node;
  };

  /** Splits the edge to a child, since a pattern leaves it after `length` characters. */
  const split = (node: Node, child: Node, length: number): Node => {
    const upper = createNode(child.label.slice(0, length));
    child.label = child.label.slice(length);
    upper.next.set(child.label.charCodeAt(0), child);
    node.next.set(upper.label.charCodeAt(0), upper);
    return upper;
  };

  const addStep = (node: Node, step: Step): Node => {
    if (typeof step === "object") return addChars(node, step.chars);
    node[step] ??= createNode("");
    return node[step];
  };

  const root = createNode("");
  return {
    root,
    add(pattern, index) {
      const isOpen = pattern.at(-1) === "rest";
      const end = (isOpen ? pattern.slice(0, -1) : pattern).reduce(addStep, root);
      const key = isOpen ? "open" : "whole";
      end[key] = Math.min(end[key], index);
    },
  };
}

function sharedLength(label: string, chars: string, from: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === chars.charCodeAt(from + length)) length += 1;
  return length;
}
