import { expect, it } from "vitest";
import { until } from "../support/process.ts";
import { newState, OPERATOR, startDev } from "./dev.ts";

interface Ledger {
  state: string;
  steps: { name: string; state: string; attempts: { outcome: string | null; reason: string | null }[] }[];
}

it("goes on by itself, after kill -9, with a handoff whose first request was on its way", async () => {
  const state = newState();
  const first = await startDev(state);
  const late = { operation: "createConversation", kind: "late", delayMs: 60_000, when: "after" };
  await first.fetch("/emulator/faults", { method: "POST", body: JSON.stringify(late) });
  const asked = await first.bot("/handoffs", { session: "killed", reason: "asked" }, { prefer: "respond-async" });
  expect(asked.status).toBe(202);
  const { handoffId } = (await asked.json()) as { handoffId: string };
  // Its intent is there; the answer will never come.
  await until(async () => {
    const { steps } = await first.json<Ledger>(`/v1/handoffs/${handoffId}`, { headers: OPERATOR });
    return steps[0]?.state === "sent" ? true : undefined;
  });
  await first.kill();

  const second = await startDev(state);
  try {
    // The list reads no session, so only its own alarm wakes it up.
    await until(async () => {
      const { handoffs } = await second.json<{ handoffs: { id: string; state: string }[] }>("/v1/handoffs", {
        headers: OPERATOR,
      });
      return handoffs.find(({ id }) => id === handoffId)?.state === "routed" ? true : undefined;
    });
    const ledger = await second.json<Ledger>(`/v1/handoffs/${handoffId}`, { headers: OPERATOR });
    expect(ledger.steps[0]?.attempts[0]).toMatchObject({ outcome: "unknown", reason: "crash" });
    const { calls } = await second.json<{ calls: { operation: string }[] }>("/emulator/calls");
    // It looks before it repeats.
    const seen = calls.map(({ operation }) => operation);
    expect(seen.indexOf("listConversations")).toBeLessThan(seen.indexOf("createConversation"));
    expect(seen.filter((operation) => operation === "route")).toHaveLength(1);
  } finally {
    await second.stop();
  }
});
