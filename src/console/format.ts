/** Figures and times as people read them. */
import { html } from "hono/html";
import type { Html } from "./page.ts";

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;

const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** "0.4 s", "12 s", "4 min", "2 h 5 min", "3 d 4 h". */
export function duration(ms: number): string {
  const it = Math.max(0, ms);
  if (it < 10 * SECOND) return `${(it / SECOND).toFixed(it < 100 ? 2 : 1)} s`;
  if (it < MINUTE) return `${Math.round(it / SECOND)} s`;
  if (it < 10 * MINUTE) return two(Math.floor(it / MINUTE), "min", Math.floor((it % MINUTE) / SECOND), "s");
  if (it < HOUR) return `${Math.floor(it / MINUTE)} min`;
  if (it < DAY) return two(Math.floor(it / HOUR), "h", Math.floor((it % HOUR) / MINUTE), "min");
  return two(Math.floor(it / DAY), "d", Math.floor((it % DAY) / HOUR), "h");
}

const numbers = new Intl.NumberFormat("en");
export const number = (count: number): string => numbers.format(count);
/** "1 handoff", "1,204 handoffs". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

const iso = (ms: number): string => new Date(ms).toISOString();

/** The time of day. The script shows it in the reader's zone. */
export const clockTime = (ms: number): Html =>
  html`<time datetime="${iso(ms)}" title="${iso(ms)}" data-as="clock">${iso(ms).slice(11, 19)}</time>`;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Day and time. */
export function dayTime(ms: number): Html {
  const at = new Date(ms);
  const text = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${iso(ms).slice(11, 16)}`;
  return html`<time datetime="${iso(ms)}" title="${iso(ms)}" data-as="day">${text}</time>`;
}

/** "4 min ago", "in 12 s". */
export const fromNow = (at: number, now: number): string =>
  at <= now ? `${duration(now - at)} ago` : `in ${duration(at - now)}`;

/** The middle value, or the one below which so many lie; null: there are none. */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null;
}
