/** People who run the service: they retry and cancel handoffs, at bad moments too. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Clock } from "./clock.ts";
import { OPERATOR_TOKEN } from "./flows.ts";
import { tokenIn } from "./invariants.ts";
import type { Lives } from "./lives.ts";
import type { Random } from "./random.ts";
import type { OperatorAct } from "./script.ts";
import type { Tell } from "./story.ts";

interface OperatorsDeps {
  emulator: Pick<Emulator, "onCall" | "state">;
  clock: Clock;
  acts: readonly OperatorAct[];
  lives: Lives;
  cancelledEarly: number;
  random: Random;
  tell: Tell;
}

export function createOperators({ emulator, clock, acts, lives, cancelledEarly, random, tell }: OperatorsDeps) {
  const done = { retry: 0, cancel: 0 };
  let isOver = false;

  async function perform(act: OperatorAct["act"], id: string): Promise<void> {
    if (isOver) return;
    const request = new Request(`http://baton.invalid/v1/handoffs/${id}/${act}`, {
      method: "POST",
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    const response = await lives.current()?.request(request);
    if (response?.status === 200) done[act] += 1;
    tell(() => `an operator: ${act} ${id}: ${response?.status ?? "no answer"}`);
  }

  for (const { atMs, act, which } of acts) {
    clock.setTimer(() => {
      const all = [...lives.handoffIds];
      const id = all[Math.floor(which * all.length)];
      if (id !== undefined) void perform(act, id);
    }, atMs);
  }
  emulator.onCall(({ operation, path, body }) => {
    if ((operation !== "createConversation" && operation !== "route") || !random.chance(cancelledEarly)) return;
    const about = emulator.state.conversations.get(path.split("/")[4] ?? "") ?? (body as { summary?: unknown } | null);
    const token = tokenIn(about?.summary);
    if (token !== null) clock.setTimer(() => void perform("cancel", token.slice("ho-".length)), random.int(1, 300));
  });
  // Whoever is told of a parked one comes and tries again.
  lives.onParked((id) => {
    if (random.chance(0.6)) clock.setTimer(() => void perform("retry", id), random.int(1_000, 30_000));
  });

  return {
    done: done as Readonly<typeof done>,
    end(): void {
      isOver = true;
    },
  };
}
