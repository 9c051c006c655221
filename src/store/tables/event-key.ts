/**
 * The key of an event in its row: the session's number before the hash of the delivery. Numbers grow with time, so keys of the
 * sessions that talk now stand on few pages of the index; hashes alone stand on as many pages as there are events.
 */

/** Length of a delivery's hash. Events without a session, tombstones, pushes and events of former versions have it alone. */
export const KEY_BYTES = 16;
const NUMBER_BYTES = 6;

export function keyIn(sessionId: number, hash: Uint8Array): Uint8Array {
  const key = new Uint8Array(NUMBER_BYTES + hash.length);
  for (let at = NUMBER_BYTES - 1, rest = sessionId; at >= 0; at -= 1, rest = Math.floor(rest / 256))
    key[at] = rest % 256;
  key.set(hash, NUMBER_BYTES);
  return key;
}

/** The hash alone, in SQL: the number goes with the session. The key stays if another tombstone has that hash. */
const HASH = `substr(events.key, ${NUMBER_BYTES + 1})`;
export const KEY_WITHOUT_SESSION = `iif(length(events.key) > ${KEY_BYTES}
  AND NOT EXISTS (SELECT 1 FROM events AS other WHERE other.key = ${HASH}), ${HASH}, events.key)`;
