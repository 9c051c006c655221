const MAX_RETRY_AFTER_MS = 600_000;

/** `Retry-After` in seconds or as a date, at most `mostMs`; null where it is missing or makes no sense. */
export function retryAfterMs(header: string | null, now: number, mostMs = MAX_RETRY_AFTER_MS): number | null {
  if (header === null) return null;
  const ms = delayOf(header.trim(), now);
  return ms >= 0 ? Math.min(Math.ceil(ms), mostMs) : null;
}

function delayOf(value: string, now: number): number {
  if (/^\d{1,15}(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  // Date.parse alone takes nearly anything ("3000-x" is a year to it): only what begins with a weekday is a date of HTTP.
  return /^[a-z]{3,9}, .* GMT$/i.test(value) ? Date.parse(value) - now : Number.NaN;
}
