import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { run } from "../support/command-line.ts";
import { createWorld } from "../support/world.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const folder = (): string => mkdtempSync(join(tmpdir(), "baton-backtest-"));

/** A record of three chats: one that asked for a refund, one that asked for a person, one that did neither. */
async function recorded(): Promise<string> {
  const path = join(folder(), "baton.db");
  const record = createSqliteRecord(path);
  const world = createWorld(undefined, { record, startAt: Date.now() - 3_600_000 });
  const say = (session: string, text: string) =>
    world.deliver({
      type: "customer.message",
      id: `${session}-${text.length}`,
      session,
      at: new Date(world.now()).toISOString(),
      text,
    });
  await say("chat-1", "I want my refund now");
  await say("chat-2", "Let me speak to a person, please");
  await say("chat-3", "thank you");
  await world.service.stop();
  await record.close();
  return path;
}

/** A flow as another checkout would have it: the same, with one rule for refunds and none for requests of a person. */
function changedFlow(): string {
  const path = join(folder(), "flow.ts");
  const escalation = join(ROOT, "src/escalation/flow.ts");
  writeFileSync(
    path,
    `import { defineFlow } from ${JSON.stringify(escalation)};
export const changed = defineFlow({
  name: "retail-support", bots: ["shop-assistant"], account: "default", conversation: { topic: "Chat" }, message: "One moment.",
  rules: [{ reason: "refund", when: { event: "customer.message", text: { contains: ["refund"] } }, tags: ["money"] }],
});`,
  );
  return path;
}

const backtest = (args: readonly string[]) => run(["flows", "backtest", ...args]);

it("lists the recorded chats that a changed flow would handle differently, and changes nothing", async () => {
  const [database, flow] = [await recorded(), changedFlow()];
  const before = readFileSync(database);
  const told = await backtest(["--flow", flow, "--database", database, "--since", "1d"]);
  expect(told.code).toBe(0);
  expect(told.output).toContain("3 events in 3 rounds of 3 chats");
  expect(told.output).toMatch(/2 rounds would come out differently, 66\.7 %/);
  expect(told.output).toMatch(/chat-1 .*stays with the bot +refund/);
  expect(told.output).toMatch(/chat-2 .*customer-asked +stays with the bot/);
  expect(told.output).not.toContain("chat-3");
  expect(told.output).toContain("RETENTION_DAYS");
  expect(readFileSync(database).equals(before)).toBe(true);

  const { output } = await backtest(["--flow", flow, "--database", database, "--since", "1d", "--json"]);
  expect(JSON.parse(output)).toMatchObject({
    rounds: 3,
    decidedOtherwiseThanRecorded: 0,
    changes: { "handed over": 1, "not handed over": 1 },
    differences: [
      { session: "chat-1", before: null, after: { reason: "refund", tags: ["money"] } },
      { session: "chat-2", after: null },
    ],
  });
  // The flow itself changes nothing.
  const own = await backtest(["--flow", join(ROOT, "flows/retail-support/flow.ts"), "--database", database]);
  expect(own.output).toContain("0 rounds would come out differently");
  const late = await backtest(["--flow", flow, "--database", database, "--since", "1m"]);
  expect(late.output).toContain("No bot of the flow (shop-assistant) reported anything in that time");
});

it("says what is wrong with a file that is no flow, a time and a database", async () => {
  const none = join(folder(), "none.ts");
  writeFileSync(none, "export const flow = 1;");
  expect(await backtest(["--flow", none, "--database", await recorded()])).toMatchObject({
    code: 2,
    output: expect.stringContaining("exports no flow"),
  });
  const wrong = changedFlow();
  writeFileSync(
    wrong,
    readFileSync(wrong, "utf8").replace('tags: ["money"]', '\n  tag: ["money"]').replace("contains: [", "contain: ["),
  );
  expect((await backtest(["--flow", wrong, "--database", await recorded()])).output).toMatch(
    /flow\.ts:4: rules\.0\.when\.0\.text \(rule 'refund'\): has no field 'contain': do you mean 'contains'\?\n {2}flow\.ts:5: rules\.0 \(rule 'refund'\): has no field 'tag': do you mean 'tags'\?/,
  );
  const broken = join(folder(), "broken.ts");
  writeFileSync(broken, "export const flow = {;");
  expect((await backtest(["--flow", broken, "--database", await recorded()])).code).toBe(2);
  const [database, flow] = [await recorded(), changedFlow()];
  expect((await backtest(["--flow", flow, "--database", database, "--since", "soon"])).output).toContain(
    "write a duration such as 7d",
  );
  expect((await backtest(["--flow", flow, "--database", `${database}x`])).output).toContain(
    "DATABASE_PATH or --database",
  );
});
