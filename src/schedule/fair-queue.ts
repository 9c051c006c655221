/**
 * Shares places between those who wait for them. Each key has places of its own, so that a slow one takes none of another's; the
 * bots of a key take turns, so that one bot's crowd does not delay another's customers. It runs nothing.
 */

interface Waiting {
  id: string;
  bot: string;
}

interface FairQueueDeps<Item extends Waiting> {
  /** Number of places of each key. */
  places: number;
  keyOf: (item: Item) => string;
}

export function createFairQueue<Item extends Waiting>({ places, keyOf }: FairQueueDeps<Item>) {
  /** Items of each key by bot and id. The bots take turns in the order of their map. */
  const lines = new Map<string, Map<string, Map<string, Item>>>();
  const waiting = new Set<string>();
  const started = new Set<string>();
  /** Number of places of a key that are taken. */
  const taken = new Map<string, number>();

  const isFull = (key: string): boolean => (taken.get(key) ?? 0) >= places;
  const takePlace = (key: string): void => void taken.set(key, (taken.get(key) ?? 0) + 1);

  function givePlaceBack(key: string): void {
    const left = (taken.get(key) ?? 1) - 1;
    if (left === 0) taken.delete(key);
    else taken.set(key, left);
  }

  /** Takes the first item of the bot whose turn it is. That bot comes last now. */
  function takeFrom(key: string, line: Map<string, Map<string, Item>>): Item | undefined {
    for (const [bot, items] of line) {
      const [item] = items.values();
      if (item !== undefined) items.delete(item.id);
      line.delete(bot);
      if (items.size > 0) line.set(bot, items);
      if (line.size === 0) lines.delete(key);
      return item;
    }
    return undefined;
  }

  return {
    isFull,
    isWaiting: (id: string): boolean => waiting.has(id),
    /** Adds an item, unless it waits or was started. */
    add(item: Item): void {
      if (waiting.has(item.id) || started.has(item.id)) return;
      waiting.add(item.id);
      const key = keyOf(item);
      const line = lines.get(key) ?? new Map<string, Map<string, Item>>();
      const items = line.get(item.bot) ?? new Map<string, Item>();
      lines.set(key, line.set(item.bot, items.set(item.id, item)));
    },
    /** Starts the next item that has a place; undefined: all that wait have to wait for one. */
    next(): Item | undefined {
      for (const [key, line] of lines) {
        if (isFull(key)) continue;
        const item = takeFrom(key, line);
        if (item === undefined) continue;
        waiting.delete(item.id);
        started.add(item.id);
        takePlace(key);
        return item;
      }
      return undefined;
    },
    /** Ends an item that was started. */
    end(item: Item): void {
      if (started.delete(item.id)) givePlaceBack(keyOf(item));
    },
    /** Keeps a place for an item to come. False: it would have to wait, or pass others by. */
    keepPlace(key: string): boolean {
      if (isFull(key) || lines.has(key)) return false;
      takePlace(key);
      return true;
    },
    givePlaceBack,
    /** Starts an item in a place that was kept. */
    startInPlace: (item: Item): void => void started.add(item.id),
  };
}
