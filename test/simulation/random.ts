/** Random numbers from a seed: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Returns 0 to 1, 1 excluded. */
  next(): number;
  /** Includes both bounds. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

const GOLDEN = 0x9e37_79b9;

/** Mulberry32. `stream` separates draws from one seed, so that one more draw here moves nothing there. */
export function createRandom(seed: number, stream: number): Random {
  let state = (Math.imul(seed + 1, GOLDEN) ^ Math.imul(stream + 1, 0x85eb_ca6b)) | 0;
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[int(0, items.length - 1)] as T,
  };
}
