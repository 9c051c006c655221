import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createDoor, expectHandedOver } from "../support/door.ts";

const SATURDAY = Date.parse("2026-11-28T10:00:00Z");
const PROMISE = "I am passing you to a colleague.";
const hours: FlowInput["hours"] = { timeZone: "Europe/Zagreb", weekly: { mon: [["09:00", "17:00"]] } };

const flowWith = (more: Partial<FlowInput>) =>
  defineFlow({
    name: "shop",
    bots: ["shop-assistant"],
    conversation: { topic: "Chat" },
    message: PROMISE,
    rules: [
      { reason: "urgent", when: { event: "customer.message", text: { contains: ["fire"] } }, priority: "URGENT" },
      { reason: "customer-asked", when: [{ event: "handoff.requested" }, { text: { contains: ["agent"] } }] },
    ],
    ...more,
  });
const say = (id: string, text: string, more: object = {}) => ({
  id,
  type: "customer.message",
  session: "s",
  text,
  ...more,
});

/** The platform; the test releases its answers to one kind of call. */
function held(isHeld: (request: Request) => boolean) {
  const waiting: (() => void)[] = [];
  const platform =
    (fetch: (request: Request) => Promise<Response>) =>
    async (request: Request): Promise<Response> => {
      if (isHeld(request)) await new Promise<void>((resolve) => waiting.push(resolve));
      return fetch(request);
    };
  const letGo = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  return { platform, waiting, letGo };
}

describe("a transfer that is proved after the answer", () => {
  it.each(["/route", "/conversations"])("is told once, with the next answer, where %s was slow", async (path) => {
    const slow = held((request) => request.method === "POST" && new URL(request.url).pathname.endsWith(path));
    const door = createDoor({ platform: slow.platform });
    const answer = door.events(say("1", "agent"));
    await expect.poll(() => slow.waiting.length).toBe(1);
    await door.tick(3_500);
    expect((await answer).body).toMatchObject({ control: "queue", handoffState: "pending", message: null });
    slow.letGo();
    await door.later(2_000);
    expect((await door.events(say("2", "hello? anybody?"))).body.message).toContain("passing you to a colleague");
    expect((await door.events(say("3", "hello?"))).body.message).toBeNull();
  });

  it("is told once after an operator let a parked handoff go on", async () => {
    const door = createDoor();
    door.emulator.faults.add({ operation: "createConversation", kind: "status", status: 401, times: 3 });
    const asked = await door.post("/events", say("1", "agent"), { prefer: "respond-async" });
    await door.rest();
    const during = await door.events(say("2", "hello?"));
    expect(during.body.message).toBeNull();
    door.emulator.faults.clear();
    await door.operate(`/handoffs/${asked.body.handoffId}/retry`);
    await door.later(5_000);
    expect((await door.events(say("3", "hello?"))).body.message).toContain("passing you to a colleague");
    expect((await door.events(say("4", "hello?"))).body.message).toBeNull();
  });

  it("is not told twice where the answer already had it", async () => {
    const door = createDoor();
    expect((await door.events(say("1", "agent"))).body.message).toContain("passing you to a colleague");
    expect((await door.events(say("2", "hello?"))).body.message).toBeNull();
  });

  it("is not told any more once the agent has given the customer back", async () => {
    const door = createDoor();
    await door.post("/events", say("1", "agent"), { prefer: "respond-async" });
    await door.later(1_000);
    await door.take();
    await door.finish();
    const next = await door.events(say("2", "thanks"));
    expect(next.body.control).toBe("bot");
    expect(next.body.message ?? "").not.toContain("passing you to a colleague");
  });
});

describe("a text that declines or defers", () => {
  it.each(["decline", "defer"] as const)("never falls back to a promise: %s", async (what) => {
    const outsideHours = { do: what, message: ["Sorry {{customer.name}}, nobody is here.", "Nobody is here now."] };
    const flow = flowWith({ hours, outsideHours: outsideHours as unknown as NonNullable<FlowInput["outsideHours"]> });
    const door = createDoor({ flows: [flow], startAt: SATURDAY });
    const { body } = await door.events(say("1", "agent"));
    expect(body.message).toBe("Nobody is here now.");
    const named = createDoor({ flows: [flow], startAt: SATURDAY });
    const other = await named.events(say("1", "agent", { customer: { name: "Ana" } }));
    expect(other.body.message).toBe("Sorry Ana, nobody is here.");
  });

  it("promises nothing where the flow has no text that is whole", async () => {
    for (const outsideHours of [
      { do: "decline", message: "Sorry {{customer.name}}, nobody is here now." },
      { do: "defer", message: "Sorry {{customer.name}}, nobody is here now." },
      { do: "defer" },
    ]) {
      let flow: ReturnType<typeof flowWith>;
      try {
        flow = flowWith({ hours, outsideHours: outsideHours as unknown as NonNullable<FlowInput["outsideHours"]> });
      } catch {
        // The flow is refused where it is defined, so no customer reads a wrong text.
        continue;
      }
      const door = createDoor({ flows: [flow], startAt: SATURDAY });
      const { body } = await door.events(say("1", "agent"));
      expect(body.message ?? "").not.toContain("passing you");
      expect((await door.events(say("2", "hello?"))).body.message ?? "").not.toContain("passing you");
    }
  });

  it("has no gaps where all are busy", async () => {
    const message = ["Sorry {{customer.name}}, all are busy.", "Sorry, all are busy."];
    const noAgent = { do: "decline", message } as unknown as NonNullable<FlowInput["noAgent"]>;
    const door = createDoor({ flows: [flowWith({ noAgent })] });
    for (const { id } of door.emulator.state.agents.values()) door.emulator.desk.setAvailability(id, "AWAY");
    const { body } = await door.events(say("1", "agent"));
    expect(body).toMatchObject({ control: "bot", message: "Sorry, all are busy." });
  });

  it("has no gaps while the customer waits and when they come back", async () => {
    const waiting = [{ afterSeconds: 60, message: ["{{customer.name}}, one moment.", "One moment."] }];
    const handBack = { message: ["Welcome back, {{customer.name}}.", "Welcome back."] };
    const flow = flowWith({ waiting, handBack } as unknown as Partial<FlowInput>);
    const door = createDoor({ flows: [flow] });
    await door.events(say("1", "agent"));
    await door.later(65_000);
    expect((await door.events(say("2", "hello?"))).body.message).toBe("One moment.");
    await door.take();
    await door.finish();
    expect((await door.events(say("3", "hello?"))).body.message).toBe("Welcome back.");
  });
});

describe("what comes while a handoff is deferred", () => {
  it("raises its priority where a rule is more urgent", async () => {
    const outsideHours = { do: "defer", message: "We are back on Monday." } as const;
    const door = createDoor({ flows: [flowWith({ hours, outsideHours })], startAt: SATURDAY });
    const { body } = await door.events(say("1", "agent"));
    expect(body.handoffState).toBe("deferred");
    await door.events(say("2", "there is a fire!"));
    const handoff = JSON.parse((await door.send(`/handoffs/${body.handoffId}`)).text) as { priority: string };
    expect(handoff.priority).toBe("URGENT");
  });

  it("raises it in the queue as well", async () => {
    const door = createDoor({ flows: [flowWith({})] });
    await door.ask({ session: "s" });
    await door.ask({ session: "s", priority: "URGENT" });
    await door.later(120_000);
    expect(door.last().priority).toBe("URGENT");
  });

  it("may be asked to a queue of its own", async () => {
    const door = createDoor({ flows: [flowWith({})] });
    await door.ask({ session: "s" });
    const second = await door.ask({ session: "s", queue: "VIP" });
    await door.later(120_000);
    const isThere = door.queueNamed(door.last().queueId) === "VIP";
    const isNamed = JSON.stringify(second.body.leftOut ?? []).includes("queue") || door.note().includes("VIP");
    expect(isThere || isNamed).toBe(true);
    expect(door.last().routes).toBe(1);
  });
});

describe("a text that Baton posts", () => {
  const posted = (door: ReturnType<typeof createDoor>) =>
    door
      .last()
      .messages.flatMap(({ direction, content }) => (direction === "OUTBOUND" ? [JSON.stringify(content)] : []));

  it("is cut to what the platform takes", async () => {
    const message = [`{{attributes.story}} ${PROMISE}`, PROMISE];
    const door = createDoor({ flows: [flowWith({ texts: "send", message })] });
    const conversationId = await door.chatAtPlatform("hello");
    const story = `${"once upon a time ".repeat(230)}`;
    const more = { conversationId, attributes: { story, more: story } };
    await door.events(say("1", "agent", more));
    await door.later(5_000);
    const long = flowWith({ texts: "send", message: ["{{attributes.story}} {{attributes.more}}", PROMISE] });
    const second = createDoor({ flows: [long] });
    const id = await second.chatAtPlatform("hello");
    await second.events(say("1", "agent", { ...more, conversationId: id }));
    await second.later(5_000);
    for (const it of [door, second]) {
      expect(posted(it)).toHaveLength(1);
      expect(posted(it)[0]).toContain("once upon a time");
      const refused = it.emulator.calls.filter(
        ({ operation, status }) => operation === "createMessage" && status !== 200,
      );
      expect(refused).toEqual([]);
    }
  });

  it("comes with this answer where there is nobody to post it to", async () => {
    const door = createDoor({ flows: [flowWith({ texts: "send" })] });
    const { body } = await door.events(say("1", "agent"));
    expect(body).toMatchObject({ handoffState: "routed", message: PROMISE });
    expect((await door.events(say("2", "hello?"))).body.message).toBeNull();
  });

  it("is one line of plain words where it says what the customer gave", async () => {
    const name = `<b>x</b>\nhttp://evil.example click ${"here ".repeat(60)}\u202e`;
    const door = createDoor({ flows: [flowWith({ message: ["Hello {{customer.name}}!", "Hello!"] })] });
    const { body } = await door.ask({ session: "s", customer: { name } });
    expectHandedOver(await door.ask({ session: "t", customer: { name } }));
    expect(body.message).not.toMatch(/[\n\u202a-\u202e\u2066-\u2069]/);
    expect((body.message ?? "").length).toBeLessThan(200);
  });
});
