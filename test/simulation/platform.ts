/** The emulator of one schedule: an ordinary account, with undocumented behaviour drawn at random, and faults by the profile. */
import { createEmulator, type Emulator } from "../../src/emulator/app.ts";
import type { Clock } from "./clock.ts";
import { seedOf } from "./flows.ts";
import type { Profile } from "./profile.ts";
import { createRandom } from "./random.ts";

export function createPlatform(clock: Clock, seed: number, deliver: (request: Request) => Promise<Response>): Emulator {
  const random = createRandom(seed, 1);
  let ids = 0;
  const emulator = createEmulator(
    {
      now: clock.now,
      newId: () => {
        ids += 1;
        return ids.toString(16).toUpperCase().padStart(32, "C");
      },
      sleep: clock.sleep,
      random: random.next,
      deliver,
    },
    // The emulator assumes that agents cannot answer without a channel. Here everything possible may happen.
    { seed: seedOf(), settings: { replyWithoutChannel: "accept" } },
  );
  const draw = createRandom(seed, 2);
  Object.assign(emulator.settings, {
    routeBody: draw.pick(["single", "page", "empty", "object"]),
    routeKeepsQueue: draw.chance(0.5),
    closedContext: draw.pick(["accept", "refuse"]),
    duplicateTag: draw.pick(["ok", "error"]),
    unknownIdStatus: draw.pick([400, 404]),
    dateStyle: draw.pick(["+00:00", "+0000"]),
  });
  return emulator;
}

export function disturb(emulator: Emulator, { faults, latencyMs, listLagMs }: Profile): void {
  Object.assign(emulator.settings, { latencyMs, listLagMs });
  emulator.faults.add(...faults.map((fault) => ({ ...fault })));
}
