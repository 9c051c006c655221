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
const errorOf = (posts: unknown[]): string => {
  const file = read({ posts });
  return file.ok ? "" : file.error;
};

describe("a sample", () => {
  it("may be posts of a bot alone", () => {
    const file = read({
      posts: [
        { to: "events", body: {} },
        { to: "webhooks/flow", afterSeconds: 5, body: "x" },
      ],
    });
    expect(file.ok && file.value.sample.posts.map(({ kind }) => kind)).toEqual(["post", "post"]);
  });

  it("tells what else happens, each by a key of its own", () => {
    const posts = [
      { agent: "Ana Horvat", does: "take", afterSeconds: 5 },
      { agent: "Ana Horvat", does: "reply", text: "Hello", conversation: "conversation-1" },
      { customerWrites: "Hello?" },
      { agents: { everybody: "AWAY" } },
      { push: { type: "CONVERSATION_CREATED" } },
      { push: [1, "two"] },
      { afterSeconds: 60 },
    ];
    const file = read({ posts });
    const kinds = file.ok ? file.value.sample.posts.map(({ kind }) => kind) : [];
    expect(kinds).toEqual(["desk", "desk", "written", "agents", "push", "push", "time"]);
  });

  it.each([
    [{ says: "hello" }, /posts\.0: must have one of to, agent, customerWrites, agents, push, afterSeconds/],
    ["take", /posts\.0: must have one of to/],
    [{ agent: "Ana Horvat", does: "dance" }, /posts\.0\.does: must be one of take, reply, solve/],
    [{ agent: "Ana Horvat", does: "reply" }, /posts\.0\.text: must be given with 'reply'/],
    [{ agent: "Ana Horvat", does: "take", text: "Hello" }, /posts\.0\.text: must be given with 'reply', and only/],
    [{ agents: { everybody: "ASLEEP" } }, /posts\.0\.agents\.everybody: must be ACTIVE, BUSY/],
    [{ to: "somewhere", body: {} }, /posts\.0\.to: must be events, handoffs or webhooks/],
    [{ to: "events", body: {}, agnet: "Ana" }, /posts\.0: has no field 'agnet'/],
    [{ push: "text" }, /posts\.0\.push: must be an event or an array/],
    [{ afterSeconds: 0 }, /posts\.0\.afterSeconds/],
  ])("says what is wrong with %j", (turn, said) => {
    expect(errorOf([turn])).toMatch(said);
  });
});
