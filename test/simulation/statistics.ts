import type { Told } from "./workers.ts";

const COUNTED = [
  "handoffs",
  "calls",
  "crashes",
  "stalls",
  "lostAnswers",
  "spareConversations",
  "routesRepeated",
  "notesRepeated",
  "textsRepeated",
  "takenFromPeople",
  "tied",
  "leftByCancel",
] as const;

const NAMES: Record<(typeof COUNTED)[number], string> = {
  handoffs: "handoffs",
  calls: "calls of the platform",
  crashes: "crashes",
  stalls: "standstills, half of them with a second service meanwhile",
  lostAnswers: "answers that never came",
  spareConversations: "spare conversations made, and closed again",
  routesRepeated: "routes repeated while the first was not to be seen",
  notesRepeated: "notes repeated while the first was not to be seen",
  textsRepeated: "texts repeated while the first was not to be seen",
  tied: "chats that changed twice in a millisecond, and are taken for what they are not",
  leftByCancel: "conversations left by a cancel while their create was in doubt",
  takenFromPeople: "conversations a route took from a person not seen yet",
};

/** Unavoidable without a key that the platform lacks: per cent of handoffs. */
const RESIDUAL = new Set<string>([
  "leftByCancel",
  "tied",
  "routesRepeated",
  "notesRepeated",
  "textsRepeated",
  "takenFromPeople",
  "spareConversations",
]);

export function createStatistics() {
  const sums = new Map<string, number>();
  const seen = new Map<string, number>();
  let schedules = 0;
  let bad = 0;
  return {
    add(told: Told): void {
      schedules += 1;
      if (told.violations.length > 0) bad += 1;
      for (const [name, count] of Object.entries(told.seen)) seen.set(name, (seen.get(name) ?? 0) + count);
      for (const name of COUNTED) sums.set(name, (sums.get(name) ?? 0) + told[name]);
    },
    schedules: (): number => schedules,
    bad: (): number => bad,
    table(seconds: number): string {
      const handoffs = sums.get("handoffs") ?? 0;
      const rows: [string, string][] = [
        ["schedules", `${schedules} in ${seconds.toFixed(0)} s, ${(schedules / seconds).toFixed(1)} a second`],
        ...COUNTED.map((name): [string, string] => {
          const sum = sums.get(name) ?? 0;
          const share = handoffs === 0 ? 0 : (100 * sum) / handoffs;
          return [NAMES[name], RESIDUAL.has(name) ? `${sum} (${share.toFixed(2)} % of handoffs)` : String(sum)];
        }),
        ...[...seen].sort().map(([name, count]): [string, string] => [`  ${name}`, String(count)]),
        ["schedules that broke an invariant", String(bad)],
      ];
      const width = Math.max(...rows.map(([name]) => name.length));
      return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
    },
  };
}
