/** Maps a session to a number from 0 to below 1, always the same, and evenly over many sessions. */
export function shareOf(bot: string, session: string): number {
  // FNV-1a, then the finalizer of MurmurHash3: sessions that differ only in their last digit get distant numbers.
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${bot}\n${session}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
