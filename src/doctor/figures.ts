const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** `1.2 GB` */
export function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1_000 ** power).toFixed(power < 2 ? 0 : 1)} ${UNITS[power]}`;
}

const SPANS: [string, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

export const count = (n: number, one: string, several = `${one}s`): string => `${n} ${n === 1 ? one : several}`;

/** `3 days` */
export function span(ms: number): string {
  const [unit, length] = SPANS.find((it) => ms >= it[1]) ?? ["second", 1_000];
  return count(Math.floor(ms / length), unit);
}
