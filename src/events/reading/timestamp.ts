const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:([Zz])|([+-]\d{2}):?(\d{2}))$/;
const EPOCH = /^\d{1,16}$/;
/** As seconds the year 5138, as milliseconds 1973: what is below counts seconds. */
const MILLISECONDS_FROM = 100_000_000_000;

/** RFC 3339 in UTC; an offset may lack its colon, as Infobip's does. `now` where the value cannot be read. */
export function toRfc3339(value: unknown, now: number): string {
  return readTimestamp(value) ?? new Date(now).toISOString();
}

export function readTimestamp(value: unknown): string | undefined {
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
    return count < MILLISECONDS_FROM ? count * 1_000 : count;
  }
  const [, date, time, zulu, hours, minutes] = RFC_3339.exec(text) ?? [];
  return date === undefined ? undefined : Date.parse(`${date}T${time}${zulu ? "Z" : `${hours}:${minutes}`}`);
}
