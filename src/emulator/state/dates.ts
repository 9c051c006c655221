import type { EmulatorSettings } from "../settings/settings.ts";

/** `2024-01-01T00:00:00.000+00:00`. */
export const toDate = (ms: number, { dateStyle }: EmulatorSettings): string =>
  new Date(ms).toISOString().replace("Z", dateStyle);

const DATE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)(?:Z|([+-]\d{2}):?(\d{2}))$/;

/** Milliseconds of a filter's date; null for anything else, such as a plus that was not sent as `%2B` and arrives as a space. */
export function parseDate(text: string): number | null {
  const [, time, hours, minutes] = DATE.exec(text) ?? [];
  if (time === undefined) return null;
  const ms = Date.parse(`${time}${hours === undefined ? "Z" : `${hours}:${minutes}`}`);
  return Number.isNaN(ms) ? null : ms;
}
