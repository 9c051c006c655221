/** People who run the service: they retry, cancel and end handoffs, at bad moments too. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import type { Clock } from "./clock.ts";
import { OPERATOR_TOKEN } from "./flows.ts";
import type { Instances } from "./instances.ts";
import { tokenIn } from "./invariants.ts";
import type { Random } from "./random.ts";
import type { OperatorAct } from "./scenario.ts";
import type { Trace } from "./trace.ts";

interface OperatorsDeps {
  emulator: Pick<Emulator, "onCall" | "state">;
  clock: Clock;
  acts: readonly OperatorAct[];
  instances: Instances;
  record: Pick<SessionRecord, "read">;
  cancelledEarly: number;
  random: Random;
  tell: Trace;
}

/** Handoffs at the platform can be ended. Operators may try any other, too. */
const AT_PLATFORM = ["routed", "assigned"];

export function createOperators(deps: OperatorsDeps) {
  const { emulator, clock, acts, instances, record, cancelledEarly, random, tell } = deps;
  const done = { retry: 0, cancel: 0, end: 0, "end-and-close": 0 };
  let isOver = false;

  async function perform(act: OperatorAct["act"], id: string): Promise<void> {
    if (isOver) return;
    const path = act === "end-and-close" ? "end?close=true" : act;
    const request = new Request(`http://baton.invalid/v1/handoffs/${id}/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    const response = await instances.current()?.request(request);
    if (response?.status === 200) done[act] += 1;
    tell(() => `an operator: ${act} ${id}: ${response?.status ?? "no answer"}`);
  }

  for (const { atMs, act, which } of acts) {
    clock.setTimer(() => {
      const isEnd = act === "end" || act === "end-and-close";
      const all = [...instances.handoffIds].filter(
        (one) => !isEnd || AT_PLATFORM.includes(record.read((tables) => tables.handoffs.byId(one)?.state ?? "")),
      );
      const id = all[Math.floor(which * all.length)];
      if (id !== undefined) void perform(act, id);
    }, atMs);
  }
  emulator.onCall(({ operation, path, body }) => {
    if ((operation !== "createConversation" && operation !== "route") || !random.chance(cancelledEarly)) return;
    const about = emulator.state.conversations.get(path.split("/")[4] ?? "") ?? (body as { summary?: unknown } | null);
    const token = tokenIn(about?.summary);
    // While it is on its way, or while its answer is in doubt.
    const ms = random.chance(0.5) ? random.int(1, 300) : random.int(300, 40_000);
    if (token !== null) clock.setTimer(() => void perform("cancel", token.slice("ho-".length)), ms);
  });
  // An operator who gets the alert about a parked handoff comes and retries.
  instances.onParked((id) => {
    if (random.chance(0.6)) clock.setTimer(() => void perform("retry", id), random.int(1_000, 30_000));
  });

  return {
    done: done as Readonly<typeof done>,
    end(): void {
      isOver = true;
    },
  };
}
