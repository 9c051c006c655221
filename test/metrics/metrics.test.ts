import { describe, expect, it } from "vitest";
import { counters, gauges, histograms } from "../../src/metrics/catalogue.ts";
import { createDoor } from "../support/door.ts";
import { createWorld } from "../support/world.ts";
import { scrape, typesOf } from "./scrape.ts";

const BOT = "shop-assistant";
const PHONE = "+385915550147";
const WORDS = "my card was stolen in Dubrovnik";

describe("the metrics", () => {
  it("are for operators, those who may only look among them", async () => {
    const world = createWorld(undefined, {
      operators: [
        { name: "ana", token: "ana's token", mayAct: true },
        { name: "grafana:read", token: "grafana's token", mayAct: false },
      ],
    });
    const statusWith = async (authorization?: string) =>
      (await world.request("/metrics", authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await statusWith()).toBe(401);
    expect(await statusWith("Bearer guessed")).toBe(401);
    expect(await statusWith("Bearer grafana's token")).toBe(200);
    expect(await statusWith("Bearer ana's token")).toBe(200);
  });

  it("tell of a chat on its way to an agent and back", async () => {
    const door = createDoor();
    const event = { id: "m1", type: "customer.message", session: PHONE, text: WORDS, sentiment: -0.9 };
    await door.events(event);
    await door.events(event);
    expect((await scrape(door)).value("baton_handoffs", { state: "routed" })).toBe(1);
    await door.later(20_000);
    expect((await scrape(door)).value("baton_oldest_wait_seconds")).toBe(20);
    await door.take();
    await door.finish();
    await door.send("/events", { method: "POST", body: "{" });
    const { value, answer } = await scrape(door);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(value("baton_events_total", { bot: BOT, source: "baton", outcome: "accepted" })).toBe(1);
    expect(value("baton_events_total", { bot: BOT, outcome: "duplicate" })).toBe(1);
    expect(value("baton_duplicates_suppressed_total", { of: "event" })).toBe(1);
    expect(value("baton_decisions_total", { reason: "unhappy", course: "opened" })).toBe(1);
    for (const state of ["routed", "assigned", "returned"]) {
      expect([state, value("baton_handoff_changes_total", { bot: BOT, state })]).toEqual([state, 1]);
    }
    expect(value("baton_steps_total", { kind: "route", outcome: "ok" })).toBe(1);
    expect(value("baton_platform_calls_total", { operation: "route", outcome: "ok" })).toBe(1);
    expect(value("baton_platform_call_seconds_count", { account: "default" })).toBeGreaterThan(3);
    expect(value("baton_pushes_total", { account: "default", outcome: "accepted" })).toBeGreaterThan(0);
    expect(value("baton_last_push_timestamp_seconds", { account: "default" })).toBeGreaterThan(1.7e9);
    expect(value("baton_time_to_route_seconds_bucket", { bot: BOT, le: "0.05" })).toBe(1);
    expect(value("baton_time_to_agent_seconds_bucket", { bot: BOT, le: "15" })).toBe(0);
    expect(value("baton_time_to_agent_seconds_bucket", { bot: BOT, le: "30" })).toBe(1);
    expect(value("baton_time_to_agent_seconds_bucket", { bot: BOT, le: "+Inf" })).toBe(1);
    expect(value("baton_time_to_agent_seconds_sum", { bot: BOT })).toBe(21);
    expect(value("baton_problems_total", { kind: "unreadable-body" })).toBe(1);
    expect(value("baton_handoffs", { state: "routed" })).toBe(0);
    expect(value("baton_oldest_wait_seconds")).toBe(0);
    expect(value("baton_account_state", { account: "default", state: "open" })).toBe(1);
  });

  it("measure a second wait from the time at which the agent gave the chat back", async () => {
    const door = createDoor();
    await door.ask({ session: "s1" });
    await door.take();
    await door.later(600_000);
    door.emulator.desk.assign(door.last().id, door.agent, null);
    await door.rest();
    await door.later(9_000);
    await door.take();
    const { value } = await scrape(door);
    expect(value("baton_time_to_agent_seconds_count", { bot: BOT })).toBe(2);
    expect(value("baton_time_to_agent_seconds_sum", { bot: BOT })).toBe(11);
    expect(value("baton_time_to_route_seconds_count", { bot: BOT })).toBe(1);
  });

  it("tell of a platform that fails, and of handoffs that are parked", async () => {
    const door = createDoor({
      platform: () => async () => Response.json({ requestError: { serviceException: {} } }, { status: 401 }),
    });
    await door.ask({ session: "s1" });
    await door.ask({ session: "s2" });
    await door.rest();
    const { value } = await scrape(door);
    expect(value("baton_handoffs", { state: "parked" })).toBe(2);
    expect(value("baton_handoff_changes_total", { state: "parked" })).toBe(2);
    expect(value("baton_account_state", { account: "default", state: "refused" })).toBe(1);
    expect(value("baton_steps_total", { kind: "conversation", outcome: "refused" })).toBe(1);
    expect(value("baton_held_turns_total", { account: "default", because: "refused" })).toBeGreaterThan(0);
    expect(value("baton_platform_calls_total", { operation: "create", outcome: "unauthorized" })).toBe(1);
  });

  it("tell of a breaker, of looks before a repetition, and of an operator's act", async () => {
    const door = createDoor({ platform: () => async () => new Response("no", { status: 500 }) });
    const { body } = await door.post("/handoffs", { session: "s1" }, { prefer: "respond-async" });
    for (const session of ["s2", "s3", "s4", "s5"])
      await door.post("/handoffs", { session }, { prefer: "respond-async" });
    await door.later(120_000);
    await door.operate(`/handoffs/${body.handoffId}/cancel`);
    const { value } = await scrape(door);
    expect(value("baton_steps_total", { kind: "conversation", outcome: "unknown" })).toBeGreaterThan(1);
    expect(value("baton_reconciliations_total", { kind: "conversation", outcome: "unknown" })).toBeGreaterThan(0);
    expect(value("baton_breaker_opened_total", { account: "default" })).toBeGreaterThan(0);
    expect(value("baton_handoff_changes_total", { state: "cancelled" })).toBe(1);
  });

  it("hold no session, no words and no name of a customer, whatever happens", async () => {
    const door = createDoor();
    await door.events({ type: "customer.message", session: PHONE, text: WORDS, sentiment: -0.9 });
    await door.ask({ session: PHONE, customer: { name: "Marija Kovač" }, reason: WORDS });
    await door.take();
    const { text } = await scrape(door);
    expect(text).not.toContain(PHONE.slice(1));
    expect(text).not.toMatch(/Dubrovnik|Marija|01H0/);
  });

  it("have the names and labels of the catalogue, and those of the process", async () => {
    const door = createDoor();
    await door.ask({ session: "s1" });
    await door.take();
    const { text, samples } = await scrape(door);
    const all = [...Object.values(counters), ...Object.values(histograms), ...Object.values(gauges)];
    const types = typesOf(text);
    expect([...types.keys()].filter((name) => !name.startsWith("baton_"))).toEqual([]);
    expect(types.get("baton_nodejs_eventloop_lag_p99_seconds")).toBe("gauge");
    for (const { name, labels } of all) {
      expect(types.has(name), name).toBe(true);
      const own = samples.filter((it) => it.name.replace(/_(bucket|sum|count)$/, "") === name || it.name === name);
      for (const it of own) {
        expect(
          Object.keys(it.labels)
            .filter((label) => label !== "le")
            .sort(),
        ).toEqual([...labels].sort());
      }
    }
  });
});
