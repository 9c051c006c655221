import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSample } from "../../src/replay/sample.ts";

function read(sample: object) {
  const path = join(mkdtempSync(join(tmpdir(), "baton-sample-")), "sample.json");
  writeFileSync(path, JSON.stringify({ title: "A sample", bot: "shop-assistant", ...sample }));
  return readSample(path);
}
const errorOf = (script: unknown[]): string => {
  const file = read({ script });
  return file.ok ? "" : file.error;
};

describe("a sample", () => {
  it("may be posts of a bot alone", () => {
    const file = read({
      script: [
        { to: "events", body: {} },
        { to: "webhooks/flow", afterSeconds: 5, body: "x" },
      ],
    });
    expect(file.ok && file.value.sample.script.map(({ kind }) => kind)).toEqual(["post", "post"]);
  });

  it("tells what else happens, each by a key of its own", () => {
    const script = [
      { agent: "Ana Horvat", does: "take", afterSeconds: 5 },
      { agent: "Ana Horvat", does: "reply", text: "Hello", conversation: "conversation-1" },
      { customerWrites: "Hello?" },
      { agents: { everybody: "AWAY" } },
      { push: { type: "CONVERSATION_CREATED" } },
      { push: [1, "two"] },
      { afterSeconds: 60 },
    ];
    const file = read({ script });
    const kinds = file.ok ? file.value.sample.script.map(({ kind }) => kind) : [];
    expect(kinds).toEqual(["desk", "desk", "written", "agents", "push", "push", "time"]);
  });

  it.each([
    [{ says: "hello" }, /script\.0: must have one of to, agent, customerWrites, agents, push, afterSeconds/],
    ["take", /script\.0: must have one of to/],
    [{ agent: "Ana Horvat", does: "dance" }, /script\.0\.does: must be one of take, reply, solve/],
    [{ agent: "Ana Horvat", does: "reply" }, /script\.0\.text: must be given with 'reply'/],
    [{ agent: "Ana Horvat", does: "take", text: "Hello" }, /script\.0\.text: must be given with 'reply', and only/],
    [{ agents: { everybody: "ASLEEP" } }, /script\.0\.agents\.everybody: must be ACTIVE, BUSY/],
    [{ to: "somewhere", body: {} }, /script\.0\.to: must be events, handoffs or webhooks/],
    [{ to: "events", body: {}, agnet: "Ana" }, /script\.0: has no field 'agnet'/],
    [{ push: "text" }, /script\.0\.push: must be an event or an array/],
    [{ afterSeconds: 0 }, /script\.0\.afterSeconds/],
  ])("says what is wrong with %j", (turn, said) => {
    expect(errorOf([turn])).toMatch(said);
  });
});

it("may give its script by the former name", () => {
  const posts = [{ to: "events", body: {} }];
  const file = read({ posts });
  expect(file.ok && file.value.sample.script).toMatchObject([{ kind: "post", to: "events" }]);
  expect(errorOf([])).toContain("script");
  const empty = read({});
  expect(empty.ok ? "" : empty.error).toContain("script: must list what happens");
});
