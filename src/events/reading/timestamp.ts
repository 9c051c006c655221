const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(?::(\d{2})(\.\d+)?)?\s?(?:([Zz])|([+-]\d{2})(?::?(\d{2}))?)?$/;
const EPOCH = /^\d{1,16}$|^\d{9,13}\.\d{1,9}$/;
/** The year 5138 in seconds, 1973 in milliseconds: smaller numbers are seconds. */
const MILLISECONDS_FROM = 100_000_000_000;
const SECOND_MS = 1_000;

/** RFC 3339 in UTC. `now` where the value cannot be read. */
export function toRfc3339(value: unknown, now: number): string {
  return readTimestamp(value) ?? new Date(now).toISOString();
}

/** A time in UTC, on a day that every month has: nothing of it has to be calculated. */
const PLAIN = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?Z$/;

/** RFC 3339 and what comes near it (no zone is UTC, `+0000` as Infobip writes), or seconds or milliseconds since the epoch. */
export function readTimestamp(value: unknown): string | undefined {
  const plain = typeof value === "string" ? PLAIN.exec(value) : null;
  if (plain !== null) return `${plain[1]}.${(plain[2] ?? "").slice(0, 3).padEnd(3, "0")}Z`;
  const ms = toEpochMs(value);
  if (ms === undefined) return undefined;
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : undefined;
}

function toEpochMs(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (EPOCH.test(text)) {
    const count = Number(text);
    return count < MILLISECONDS_FROM ? Math.round(count * SECOND_MS) : count;
  }
  const [, date, time, seconds = "00", fraction = "", , hours, minutes = "00"] = RFC_3339.exec(text) ?? [];
  if (date === undefined) return undefined;
  const zone = hours === undefined ? "Z" : `${hours}:${minutes}`;
  // A leap second is the first of the next minute.
  const isLeap = seconds === "60";
  const ms = Date.parse(`${date}T${time}:${isLeap ? "59" : seconds}${fraction}${zone}`);
  return isLeap ? Math.floor(ms / SECOND_MS) * SECOND_MS + SECOND_MS : ms;
}
