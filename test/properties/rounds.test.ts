import { expect, it } from "vitest";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor, type Door } from "../support/door.ts";

const ENDS = ["session.ended", "session.started", "silence", "hand-back"] as const;
const KINDS = ["customer.message", "bot.message", "bot.fallback", "bot.error"] as const;

interface Round {
  kinds: (typeof KINDS)[number][];
  attributes: string[];
  asks: boolean;
  end: (typeof ENDS)[number];
}
const anyRound: fc.Arbitrary<Round> = fc.record({
  kinds: fc.array(fc.constantFrom(...KINDS), { maxLength: 3 }),
  attributes: fc.uniqueArray(fc.constantFrom("orderId", "plan", "reply", "page"), { maxLength: 3 }),
  asks: fc.boolean(),
  end: fc.constantFrom(...ENDS),
});

/** Plays a round. Everything that the chat says is marked with its round. */
async function playRound(door: Door, round: Round, mark: string): Promise<void> {
  const attributes = Object.fromEntries(round.attributes.map((name) => [name, `${mark}-${name}`]));
  for (const [n, type] of round.kinds.entries()) {
    const said = { text: `${mark}-said-${n}`, error: `${mark}-error-${n}` };
    await door.events({ id: `${mark}-${n}`, type, session: "s", ...said, ...(n === 0 && { attributes }) });
  }
}

async function endRound(door: Door, { end }: Round, mark: string, isWithPeople: boolean): Promise<void> {
  if (isWithPeople || end === "hand-back") {
    if (!isWithPeople) await door.ask({ session: "s", reason: `${mark}-reason`, summary: `${mark}-summary` });
    await door.take();
    await door.finish("CLOSED");
    await door.later(120_000);
    return;
  }
  if (end === "silence") return door.later(24 * 3_600_000 + 60_000, 3_600_000);
  await door.events({ id: `${mark}-end`, type: end, session: "s" });
}

it("brings nothing of a round to the platform in the next one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRound, { minLength: 2, maxLength: 4 }), async (rounds) => {
      const door = createDoor();
      for (const [index, round] of rounds.entries()) {
        const from = door.emulator.calls.length;
        await playRound(door, round, `round${index}`);
        const { body } = await door.session("s");
        const isWithPeople = body.control === "queue" || body.control === "agent";
        if (round.asks && !isWithPeople) {
          await door.ask({ session: "s", reason: `round${index}-reason`, summary: `round${index}-summary` });
        }
        await door.later(90_000, 30_000);
        const sent = JSON.stringify(door.emulator.calls.slice(from).map(({ path, body: said }) => [path, said]));
        for (let old = 0; old < index; old += 1) expect(sent).not.toContain(`round${old}-`);
        await endRound(door, round, `round${index}`, isWithPeople || round.asks);
      }
    }),
    runs(12),
  );
});
