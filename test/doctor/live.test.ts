import { describe, expect, it } from "vitest";
import { flows as ours } from "../../flows/index.ts";
import { callbackChecks } from "../../src/doctor/live/callbacks.ts";
import { liveChecks } from "../../src/doctor/live/live.ts";
import { createEmulator, type EmulatorOptions } from "../../src/emulator/app.ts";
import type { FaultInput } from "../../src/emulator/faults/faults.ts";
import { defaultSeed } from "../../src/emulator/state/seed.ts";
import { defineFlow, type Flow, type FlowInput } from "../../src/escalation/flow.ts";
import { defineSeed } from "./seed.ts";

const NOW = Date.parse("2026-12-01T10:00:00Z");

function create(options: EmulatorOptions = {}, skewMs = 0) {
  const emulator = createEmulator(
    { now: () => NOW, newId: () => "A".repeat(32), sleep: async () => undefined },
    options,
  );
  const fetch = async (request: Request): Promise<Response> => {
    const response = await emulator.fetch(request);
    const dated = new Response(response.body, response);
    dated.headers.set("date", new Date(NOW - skewMs).toUTCString());
    return dated;
  };
  const look = (flows: readonly Flow[] = ours, apiKey = "key") =>
    liveChecks({
      account: "default",
      connection: { baseUrl: "https://account.api.infobip.test", apiKey },
      flows,
      fetch,
      now: () => NOW,
    });
  return { emulator, look };
}

const flowWith = (given: Partial<FlowInput>): Flow =>
  defineFlow({
    name: "one",
    bots: ["ana"],
    conversation: { topic: "Chat" },
    tags: ["bot_handoff"],
    rules: [{ reason: "asked", when: { event: "handoff.requested" }, tags: ["customer_asked"] }],
    ...given,
  });

/** Returns the findings under a name, with their verdicts. */
async function said(found: ReturnType<ReturnType<typeof create>["look"]>, name: string): Promise<string> {
  const checks = (await found).filter((check) => check.name === name);
  return checks.map(({ verdict, says }) => `${verdict}: ${says}`).join("\n");
}

describe("an account", () => {
  it("has what the flows of the project name, and is only read", async () => {
    const { emulator, look } = create();
    const checks = await look();
    expect(checks.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(emulator.calls.length).toBeGreaterThan(5);
    expect(emulator.calls.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it.each([
    [{ missing: [] }, /^failure: the API key is not accepted \(401\): look at INFOBIP_API_KEY/],
    [{ key: [] as [] }, /^failure: the API key is known, and may not read.*\(403\).*conversations:manage/],
    [{ key: ["conversations:read" as const] }, /^ok: .*whether it may write is not tried/],
  ])("says what is wrong with the credentials: %j", async (keys, words) => {
    const { look } = create({ settings: { keys } });
    expect(await said(look(), "credentials")).toMatch(words);
  });

  it("asks nothing more where it does not answer", async () => {
    const { emulator, look } = create({ settings: { keys: {} } });
    expect(await look()).toMatchObject([{ verdict: "failure" }, { name: "clock" }, { verdict: "skipped" }]);
    expect(emulator.calls).toHaveLength(1);
    expect(await said(look(ours, "key\n"), "credentials")).toMatch(/^failure: .*cannot be sent/);
    expect(emulator.calls).toHaveLength(1);
  });

  it.each<[FaultInput, RegExp]>([
    [{ kind: "refuse" }, /^failure: the platform could not be reached \(ECONNREFUSED\): look at INFOBIP_BASE_URL/],
    [{ kind: "status", status: 503 }, /^failure: .*it failed \(503\)/],
    [{ kind: "malformed" }, /^failure: .*not understood/],
    [{ kind: "status", status: 429 }, /^failure: .*asks for a pause/],
  ])("says why it cannot be asked: %j", async (fault, words) => {
    const { emulator, look } = create();
    emulator.faults.add(fault);
    expect(await said(look(), "credentials")).toMatch(words);
  });

  it("goes on where a single list cannot be read", async () => {
    const { emulator, look } = create();
    for (const operation of ["listTags", "getRouting", "listBots", "listAgents"] as const) {
      emulator.faults.add({ kind: "status", status: 403, operation });
    }
    const warnings = (await look()).filter(({ verdict }) => verdict === "warning").map(({ name }) => name);
    expect(warnings).toEqual(["bots", "tags", "routing rules", expect.stringMatching(/^agents of/)]);
    emulator.faults.add({ kind: "status", status: 500, operation: "listQueues", skip: 1 });
    expect(await said(look(), "queues")).toMatch(/^warning: .*\(500\)/);
  });

  it.each([
    [0, "ok"],
    [60_000, "warning"],
    [-600_000, "failure"],
  ])("has a clock, and ours is %d ms ahead of it: %s", async (skew, verdict) => {
    const { look } = create({}, skew);
    expect((await look()).find(({ name }) => name === "clock")?.verdict).toBe(verdict);
  });

  it("lists bots, or would take each for a person", async () => {
    expect(await said(create({ seed: { bots: [] } }).look(), "bots")).toMatch(/^warning: .*counts as a person's/);
  });
});

describe("what flows name", () => {
  it("fails for each queue that is not there, wherever it is named", async () => {
    const { look } = create();
    const flow = flowWith({
      conversation: { topic: "Chat", queue: "Nowhere" },
      rules: [{ reason: "asked", when: { event: "handoff.requested" }, queue: "VIP" }],
      noAgent: { do: "other-queue", queue: "Nobody" },
      accept: { queues: ["Nowhere", "None"] },
    });
    expect(await said(look([flow]), "queue Nowhere")).toMatch(/^failure: .*left out.*flow one, accept of one/);
    expect(await said(look([flow]), "queue Nobody")).toMatch(/^failure: .*noAgent of one/);
    expect(await said(look([flow]), "queue None")).toMatch(/^failure/);
    expect(await said(look([flow]), "queue VIP")).toBe("ok: named by rule asked of one");
  });

  it("warns of a name that two queues have, not of an id", async () => {
    const { queues, id } = defineSeed(["Twin", "Twin"]);
    const { look } = create({ seed: { queues } });
    const named = (queue: string) => flowWith({ conversation: { topic: "Chat", queue } });
    expect(await said(look([named("Twin")]), "queue Twin")).toMatch(/^warning: several have this name/);
    expect(await said(look([named(id(0))]), `queue ${id(0)}`)).toMatch(/^ok/);
  });

  it("tells which tags Baton will create, and warns of those that are there in another spelling", async () => {
    const { look } = create();
    const tags = await said(
      look([flowWith({ tags: ["bot_handoff", "new_one", "Unhappy", "customer.asked"] })]),
      "tags",
    );
    expect(tags.split("\n")).toEqual([
      expect.stringMatching(
        /^ok: new_one, Unhappy, customer\.asked: not there yet.*there are bot_handoff, customer_asked$/,
      ),
      expect.stringMatching(/^warning: 'Unhappy' is 'unhappy' in the account/),
      expect.stringMatching(/^warning: 'customer.asked' is 'customer_asked' in the account: a rule/),
    ]);
  });

  it("reads the state of working hours, and fails for those that are not there", async () => {
    const { emulator, look } = create();
    const [known = ""] = emulator.state.workingHours.keys();
    const hours = (workingHoursId: string) => flowWith({ hours: { workingHoursId } });
    expect(await said(look([hours(known)]), "working hours of one")).toMatch(/^ok: .*INSIDE_OF_WORKING_HOURS/);
    expect(await said(look([hours("gone")]), "working hours of one")).toMatch(/^failure: .*open at all times/);
  });

  it("counts who is there in each queue that chats come to, and warns where nobody is", async () => {
    const seen = (changed: object) => {
      const agents = defaultSeed().agents.map((agent) => ({ ...agent, ...changed }));
      return said(create({ seed: { agents } }).look([flowWith({})]), "agents of Support");
    };
    expect(await seen({})).toBe("ok: 3 of 4 agents available now");
    expect(await seen({ availability: "AWAY" })).toBe("warning: none of 4 is available now");
    expect(await seen({ enabled: false })).toMatch(/^warning: it has no agent/);
  });

  it("is of its own account", async () => {
    const { look } = create();
    expect(await said(look([flowWith({ account: "uk" })]), "flows")).toBe("ok: none is for this account");
  });
});

describe("routing", () => {
  const withRules = (...rules: Parameters<typeof defineSeed>[1][]) => {
    const { queues, rules: seeded } = defineSeed(["Support", "VIP"], ...rules);
    return create({ seed: { queues, rules: seeded } });
  };
  const tag = (name: string) => ({ $eq: { "conversation.tags": name } });
  const asked = "routing of one/asked";

  it("leads each rule's chat to the queue that its tags are for, and a request that no rule covers", async () => {
    const { look } = withRules(["customers", tag("customer_asked"), 1], ["bots", tag("bot_handoff"), 0]);
    const limited = flowWith({
      rules: [
        { reason: "asked", when: { event: "handoff.requested", channel: "SMS" }, tags: ["customer_asked"] },
        { reason: "lost", when: { fallbacks: { atLeast: 3 } }, tags: [] },
      ],
    });
    expect(await said(look([limited]), asked)).toBe("ok: [bot_handoff, customer_asked] 'customers' → VIP");
    expect(await said(look([limited]), "routing of one/lost")).toBe("ok: [bot_handoff] 'bots' → Support");
    expect(await said(look([limited]), "routing of one/requested")).toBe("ok: [bot_handoff] 'bots' → Support");
    expect(await said(look([flowWith({})]), "routing of one/requested")).toBe("");
  });

  it("warns where no rule matches, and says what then happens", async () => {
    const { look } = withRules(["others", tag("other"), 0]);
    expect(await said(look([flowWith({})]), asked)).toMatch(
      /^warning: \[bot_handoff, customer_asked\] no routing rule matches: then it is in no queue, or in .*default queue$/,
    );
    const queued = { topic: "Chat", queue: "VIP", keepQueue: "leave" as const };
    expect(await said(look([flowWith({ conversation: queued })]), asked)).toMatch(/unless the route keeps VIP/);
    const enforced = flowWith({ conversation: { ...queued, keepQueue: "enforce" } });
    expect(await said(look([enforced]), asked)).toMatch(/^ok: .*Baton puts it into VIP/);
  });

  it("says what a match depends on", async () => {
    const bySms = { $eq: { "message.channel": "SMS" } };
    const some = withRules(["sms", bySms, 1], ["bots", tag("bot_handoff"), 0]);
    expect(await said(some.look([flowWith({})]), asked)).toBe(
      "ok: [bot_handoff, customer_asked] 'sms' → VIP depending on message.channel; else 'bots' → Support",
    );
    const only = withRules(["sms", bySms, 1]);
    expect(await said(only.look([flowWith({})]), asked)).toMatch(/^warning: .*'sms' → VIP depending on.*else no rule/);
  });

  it("leaves out rules that are off, and says of those for working hours that they are", async () => {
    const { look } = withRules(
      ["off", tag("bot_handoff"), 1, { enabled: false }],
      ["bots", tag("bot_handoff"), 0, { routeOnlyDuringWorkingHours: true }],
    );
    expect(await said(look([flowWith({})]), "routing rules")).toBe("ok: 1 in force, 1 switched off: 'bots'");
    expect(await said(look([flowWith({})]), asked)).toMatch(/'bots' → Support depending on working hours/);
  });

  it("warns of a rule that an earlier one keeps from every chat", async () => {
    const { look } = withRules(["bots", tag("bot_handoff"), 0], ["customers", tag("customer_asked"), 1]);
    expect(await said(look([flowWith({})]), "routing rule 'customers'")).toMatch(
      /^warning: gets no chat of these flows: 'bots' takes them before/,
    );
  });

  it("warns where the rules lead elsewhere than the flow asks, unless it insists", async () => {
    const { look } = withRules(["bots", tag("bot_handoff"), 0]);
    const conversation = { topic: "Chat", queue: "VIP", keepQueue: "leave" as const };
    expect(await said(look([flowWith({ conversation })]), asked)).toMatch(
      /^warning: .*'bots' → Support; the flow asks for VIP.*not documented/,
    );
    const insisting = flowWith({ conversation: { ...conversation, keepQueue: "enforce" } });
    expect(await said(look([insisting]), asked)).toMatch(/^ok: .*and Baton puts it into VIP$/);
  });

  it("warns of a rule whose queue is gone, and of no rules at all", async () => {
    const { look } = withRules(["bots", tag("bot_handoff"), 9]);
    expect(await said(look([flowWith({})]), asked)).toMatch(/^warning: .*which is gone: correct that routing rule/);
    expect(await said(withRules().look([flowWith({})]), "routing rules")).toMatch(/^warning: there are none/);
  });
});

describe("callbacks", () => {
  const look = (url: string, resolve: (host: string) => Promise<string[]>) =>
    callbackChecks([flowWith({ callbacks: { url } }), flowWith({ name: "without" })], resolve);

  it.each([
    ["https://bot.example/hook", ["8.8.8.8"], "ok", /8\.8\.8\.8, which is public/],
    ["http://bot.example/hook", ["8.8.8.8"], "warning", /unencrypted/],
    ["https://bot.example/hook", ["8.8.8.8", "10.0.0.1"], "warning", /private/],
    // Nothing is sent there either: it is only for documents.
    ["https://bot.example/hook", ["203.0.113.7"], "warning", /private/],
    ["https://[::1]:8080/", ["::1"], "warning", /^::1 is ::1: private/],
  ])("to %s, which is %j: %s", async (url, addresses, verdict, words) => {
    expect(await look(url, async () => addresses)).toMatchObject([{ verdict, says: expect.stringMatching(words) }]);
  });

  it("fail where the host has no address", async () => {
    const found = await look("https://bot.invalid/", () => Promise.reject(new Error("ENOTFOUND")));
    expect(found).toMatchObject([{ verdict: "failure", says: expect.stringMatching(/^bot\.invalid has no address/) }]);
  });
});
