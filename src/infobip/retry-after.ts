const MAX_RETRY_AFTER_MS = 600_000;

/** Parses `Retry-After` in seconds or as a date, at most `mostMs`; null: it is missing or invalid. */
export function retryAfterMs(header: string | null, now: number, mostMs = MAX_RETRY_AFTER_MS): number | null {
  if (header === null) return null;
  const ms = delayOf(header.trim(), now);
  return ms >= 0 ? Math.min(Math.ceil(ms), mostMs) : null;
}

function delayOf(value: string, now: number): number {
  if (/^\d{1,15}(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  // Date.parse alone accepts nearly anything (it takes "3000-x" for a year): a date of HTTP begins with a weekday.
  return /^[a-z]{3,9}, .* GMT$/i.test(value) ? Date.parse(value) - now : Number.NaN;
}
