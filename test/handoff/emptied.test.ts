import { describe, expect, it } from "vitest";
import { createEnded, createPast, dump } from "../support/ended-chat.ts";

describe("the notes of a handoff that is over", () => {
  it("are kept as long as an agent has the chat, and say afterwards that their words are not", async () => {
    const past = await createPast();
    const notes = () => past.world.record.read((t) => t.handoffs.ledger(past.handoffId)?.steps ?? []);
    const contents = () => notes().flatMap(({ arguments: args }) => (args.kind === "note" ? [args.content ?? ""] : []));
    expect(contents().join()).toContain("words-canary");
    await past.close();
    await past.world.pass(1_000);
    expect(past.world.handoff(past.handoffId)).toMatchObject({ state: "returned" });
    expect(contents().join()).not.toContain("words-canary");
    for (const content of contents()) expect(content).toMatch(/^\(The words .* not kept.*\)\n.*ho-01H0001/);
    const at = `/bots/shop-assistant/sessions/${encodeURIComponent("+385915550147")}/export`;
    const exported = (await (await past.world.operate(at, "GET")).json()) as {
      handoffs: { sent: { notes: string[] } }[];
    };
    expect(exported.handoffs[0]?.sent.notes.join()).toContain("are not kept");
  });

  it("leave the platform's as they are", async () => {
    const { world, conversationId, file } = await createEnded();
    const [conversation] = world.conversations().filter(({ id }) => id === conversationId);
    expect(JSON.stringify(conversation?.notes)).toContain("words-canary");
    expect(dump(file)).toContain("not kept");
  });
});
