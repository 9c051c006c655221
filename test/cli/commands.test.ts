import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import type { Flow } from "../../src/escalation/flow.ts";
import { type EmulatorServer, type NodeService, startEmulator, startService } from "../../src/node.ts";
import { BOT_SECRETS, run } from "../support/command-line.ts";
import { until } from "../support/process.ts";

const SAMPLES = resolve(import.meta.dirname, "../../flows");

function copyOfSample(): string {
  const path = join(mkdtempSync(join(tmpdir(), "baton-samples-")), "unhappy.json");
  copyFileSync(join(SAMPLES, "retail-support/samples/unhappy.json"), path);
  return path;
}

describe("baton replay", () => {
  it("ends with 1 and shows the difference where a sample leads to something else, and writes it when asked to", async () => {
    const path = copyOfSample();
    const original = readFileSync(path, "utf8");
    writeFileSync(path, original.replaceAll('"URGENT"', '"LOW"'));
    const changed = await run(["replay", path]);
    expect(changed.code).toBe(1);
    expect(changed.output).toMatch(/-\s+"priority": "LOW"\n\+\s+"priority": "URGENT"/);

    expect((await run(["replay", path, "--update", "--dry-run"])).code).toBe(1);
    expect(readFileSync(path, "utf8")).not.toBe(original);
    expect((await run(["replay", path, "--update"])).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(original);
    expect((await run(["replay", path])).code).toBe(0);
  });

  it.each([
    ["a path that is not there", ["nowhere"], /does not exist/],
    ["a file that is no sample", [resolve(SAMPLES, "../package.json")], /is not a sample/],
    ["an option that does not exist", ["--against-all", "x"], /unknown option/],
  ])("ends with 2 for %s", async (_, args, said) => {
    const refused = await run(["replay", ...args]);
    expect(refused).toEqual({ code: 2, output: expect.stringMatching(said) });
  });
});

describe("flows", () => {
  it("are right", async () => {
    const checked = await run(["flows", "check"]);
    expect(checked.code, checked.output).toBe(0);
    expect(checked.output).toMatch(/retail-support\s+6\s+\d+\s+\d+\s+ok/);
  });

  it("explain why a payload escalates", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "baton-")), "payload.json");
    writeFileSync(path, '{"id":"e1","type":"customer.message","session":"s1","text":"an agent"}');
    const explained = await run(["flows", "explain", "shop-assistant", path]);
    expect(explained.code).toBe(0);
    expect(explained.output).toMatch(
      /→ customer-asked[\s\S]*yes text .*saw "agent"[\s\S]*handoff, tags bot_handoff, customer_asked\n +priority HIGH, queue by the account's rules/,
    );
  });

  it.each<[string, object, string[], RegExp]>([
    [
      "the third of three fallbacks",
      ["a", "b", "c"].map((id) => ({ id, type: "bot.fallback", session: "s1" })),
      [],
      /saw 1[\s\S]*no handoff[\s\S]*saw 2[\s\S]*no handoff[\s\S]*saw 3[\s\S]*handoff, tags bot_handoff, bot_lost/,
    ],
    [
      "what an earlier event told",
      [
        { id: "a", type: "session.started", session: "s1", attributes: { plan: "gold" } },
        { id: "b", type: "customer.message", session: "s1", text: "hm", intent: { name: "x", confidence: 0.2 } },
      ],
      [],
      /→ vip-unsure[\s\S]*attributes.plan \["gold"\], saw "gold"/,
    ],
    [
      "a request",
      { session: "s1", reason: "please" },
      ["--source", "handoffs"],
      /handoff.requested\n[\s\S]* → customer-asked\n +yes event/,
    ],
  ])("explain %s", async (_, payload, options, output) => {
    const path = join(mkdtempSync(join(tmpdir(), "baton-")), "payload.json");
    writeFileSync(path, JSON.stringify(payload));
    const explained = await run(["flows", "explain", "shop-assistant", path, ...options]);
    expect(explained.output).toMatch(output);
    expect(explained.code).toBe(0);
  });

  it("explain a payload as of a time", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "baton-")), "payload.json");
    writeFileSync(path, '{"session":"s1"}');
    const at = (time: string) =>
      run(["flows", "explain", "delivery-journey", path, "--source", "handoffs", "--at", time]);
    expect((await at("2026-11-28T03:00:00+01:00")).output).toMatch(/put off until people are there/);
    expect((await at("2026-11-27T12:00:00+01:00")).output).toMatch(/handoff, tags/);
    expect(await at("tomorrow")).toMatchObject({ code: 2, output: expect.stringMatching(/--at tomorrow is no time/) });
  });
});

describe("with a running service", () => {
  let platform: EmulatorServer;
  let service: NodeService;
  let env: Record<string, string>;
  beforeAll(async () => {
    platform = await startEmulator(0);
    env = {
      INFOBIP_BASE_URL: platform.url,
      INFOBIP_API_KEY: "k",
      BOT_SECRETS,
      OPERATOR_TOKEN: "a token of the tests",
      DATABASE_PATH: ":memory:",
      LOG_LEVEL: "error",
    };
    const config = parseConfig({ ...env, PORT: "0" });
    if (!config.ok) throw new Error(config.error.join());
    service = await startService(config.value, flows);
    env.PORT = new URL(service.url).port;
    return async () => {
      await service.stop();
      await platform.stop();
    };
  });

  it("lists its handoffs and shows one with every attempt", async () => {
    await run(["replay", join(SAMPLES, "retail-support/samples/vip-unsure.json"), "--against", service.url], env);
    const listed = await run(["handoffs", "list", "--bot", "shop-assistant", "--limit", "1", "--json"], env);
    const [{ id }] = JSON.parse(listed.output).handoffs;
    expect((await run(["handoffs", "list"], env)).output).toMatch(
      new RegExp(`${id}\\s+routed\\s+shop-assistant\\s+vip-unsure`),
    );
    const shown = await run(["handoffs", "show", id], env);
    expect(shown.output).toMatch(/tag:vip\s+done .*(ok|unknown-tag)[\s\S]*route\s+done .*ok\s+200/);
    expect(await run(["handoffs", "show", "nothing"], env)).toEqual({
      code: 1,
      output: expect.stringMatching(/no such thing.*404/),
    });
    expect((await run(["handoffs", "list"], { ...env, OPERATOR_TOKEN: "wrong" })).code).toBe(1);
    expect((await run(["handoffs", "list"], { ...env, PORT: "1" })).output).toMatch(/No Baton answers/);
  });

  it("shows who has the customer of a session", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "baton-")), "asks.json");
    const body = { session: "shown" };
    writeFileSync(path, JSON.stringify({ title: "Asks", bot: "shop-assistant", script: [{ to: "handoffs", body }] }));
    const replayed = await run(["replay", path, "--against", service.url, "--json"], env);
    const [{ outcome }] = JSON.parse(replayed.output.slice(0, replayed.output.lastIndexOf("]") + 1));
    expect(outcome.sessions).toMatchObject([{ session: "shown", control: "queue" }]);
    await fetch(`${service.url}/v1/bots/shop-assistant/handoffs`, {
      method: "POST",
      headers: { authorization: "Bearer a secret of the tests" },
      body: JSON.stringify(body),
    });
    const shown = await run(["sessions", "show", "shop-assistant", "shown"], env);
    expect(shown.output).toMatch(/control\s+queue\nconversation\s+\w+\nhandoff\s+\w+, routed, because customer-asked/);
    expect(shown.code).toBe(0);
    const json = await run(["sessions", "show", "shop-assistant", "shown", "--json"], env);
    expect(JSON.parse(json.output)).toMatchObject({ bot: "shop-assistant", session: "shown", control: "queue" });
  });

  it.each([
    [["shop-assistant", "never-seen"], {}, { code: 1, output: /has no session 'never-seen'/ }],
    [["nobody", "s1"], {}, { code: 2, output: /no secret of bot 'nobody'/ }],
    [["shop-assistant", "s1"], { BOT_SECRETS: "" }, { code: 2, output: /BOT_SECRETS is not set/ }],
    [["shop-assistant", "s1"], { BOT_SECRETS: '{"shop-assistant":["x"]}' }, { code: 1, output: /refuses the secret/ }],
    [["shop-assistant", "s1"], { PORT: "1" }, { code: 1, output: /No Baton answers/ }],
  ])("says why it shows no session: %j %j", async (args, more, { code, output }) => {
    expect(await run(["sessions", "show", ...args], { ...env, ...more })).toEqual({
      code,
      output: expect.stringMatching(output),
    });
  });

  it("skips what needs a desk, and says so", async () => {
    const path = join(SAMPLES, "retail-support/samples/given-to-the-bot.json");
    const replayed = await run(["replay", path, "--against", service.url], env);
    expect(replayed).toEqual({ code: 0, output: expect.stringMatching(/skip.*it needs the desk of an emulator/) });
  });

  it("exports a session and erases it, once nothing of it is open", async () => {
    const post = (to: string, body: object) =>
      fetch(`${service.url}/v1/bots/shop-assistant/${to}`, {
        method: "POST",
        headers: { authorization: "Bearer a secret of the tests" },
        body: JSON.stringify(body),
      });
    const said = {
      id: "erased-1",
      type: "customer.message",
      session: "erased/1",
      text: "hello",
      conversationId: "C-1",
    };
    await post("events", said);
    const args = ["shop-assistant", "erased/1"];
    const exported = await run(["sessions", "export", ...args], env);
    expect(JSON.parse(exported.output)).toMatchObject({
      session: { session: "erased/1" },
      events: [{ body: { text: "hello" } }],
    });
    const erased = await run(["sessions", "erase", ...args], env);
    expect(erased.output).toMatch(/^Erased\.[\s\S]*events\s+1[\s\S]*at the platform\s+C-1[\s\S]*delete them there/);
    expect(erased.code).toBe(0);
    expect(await (await post("events", said)).json()).toMatchObject({ outcome: "duplicate" });
    for (const act of ["export", "erase"]) {
      expect(await run(["sessions", act, ...args], env)).toEqual({ code: 1, output: expect.stringMatching(/404/) });
    }
    await post("handoffs", { session: "erased/2" });
    const refused = await run(["sessions", "erase", "shop-assistant", "erased/2"], env);
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(/409[\s\S]*is routed: end it, or wait until/) });
  });

  it("cancels a parked handoff, and retries none that is not parked", async () => {
    platform.emulator.faults.add({ operation: "createConversation", kind: "status", status: 400 });
    await run(["replay", join(SAMPLES, "retail-support/samples/bot-error.json"), "--against", service.url], env);
    const listed = await run(["handoffs", "list", "--state", "parked", "--json"], env);
    const [{ id }] = JSON.parse(listed.output).handoffs;
    expect((await run(["handoffs", "show", id], env)).output).toMatch(/state\s+parked\nbecause\s+the platform refused/);
    expect((await run(["handoffs", "cancel", id], env)).output).toMatch(/state\s+cancelled/);
    expect(await run(["handoffs", "retry", id], env)).toEqual({ code: 1, output: expect.stringMatching(/409/) });
    expect(await run(["handoffs", "retry"], env)).toEqual({ code: 2, output: expect.stringContaining("--all") });
    expect(await run(["handoffs", "retry", "--all", "--bot", "shop-assistant"], env)).toEqual({
      code: 0,
      output: expect.stringContaining("No parked handoff is like that."),
    });
  });

  it("makes the platform's calls by hand", async () => {
    const created = await run(["conversations", "create", "--topic", "By hand", "--queue", "VIP", "--json"], env);
    const { id } = JSON.parse(created.output);
    expect((await run(["conversations", "update", id, "--priority", "low"], env)).output).toMatch(/priority\s+LOW/);
    expect((await run(["conversations", "tag", id, "unhappy", "bot_lost"], env)).output).toMatch(/unhappy/);
    expect((await run(["conversations", "untag", id, "unhappy"], env)).output).not.toMatch(/unhappy/);
    expect(await run(["conversations", "tag", id, "nobody"], env)).toEqual({
      code: 1,
      output: expect.stringMatching(/no such tag/),
    });
    expect((await run(["conversations", "list", "--queue", "VIP"], env)).output).toMatch(
      new RegExp(`${id}\\s+OPEN\\s+LOW.*By hand`),
    );
    expect((await run(["conversations", "show", id], env)).output).toMatch(/tags\s+bot_lost/);
    expect((await run(["conversations", "route", id], env)).code).toBe(0);
  });

  it("takes no conversation from a person unless that is wanted", async () => {
    const { state } = platform.emulator;
    const [agent] = state.agents.keys();
    const created = await run(["conversations", "create", "--topic", "Taken", "--json"], env);
    const { id } = JSON.parse(created.output);
    platform.emulator.desk.take(id, agent ?? "");
    expect(await run(["conversations", "route", id], env)).toEqual({
      code: 1,
      output: expect.stringMatching(/--force/),
    });
    expect(state.conversations.get(id)?.agentId).toBe(agent);
    expect((await run(["conversations", "route", id, "--force"], env)).code).toBe(0);
    expect(state.conversations.get(id)?.agentId).toBeNull();
  });
});

it("shows a callback that is set aside, and sends it again when asked to", async () => {
  const answers = [410];
  const ids: string[] = [];
  const receiver = createServer((request, response) => {
    const id = String(request.headers["webhook-id"]);
    request.resume().once("end", () => {
      ids.push(id);
      response.writeHead(answers.shift() ?? 204).end();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const retail = flows.filter(({ bots }) => bots.includes("shop-assistant"));
  const callbacks: Flow["callbacks"] = { url: `http://${host}/told`, events: ["handoff.routed"] };
  const told = retail.map((flow) => ({ ...flow, callbacks }));
  const config = parseConfig({
    BOT_SECRETS,
    CALLBACK_ALLOWED_HOSTS: host,
    OPERATOR_TOKEN: "a token of the tests",
    DATABASE_PATH: ":memory:",
    LOG_LEVEL: "error",
    PORT: "0",
  });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, told);
  const env = { OPERATOR_TOKEN: "a token of the tests", PORT: new URL(service.url).port };
  try {
    const asked = await fetch(`${service.url}/v1/bots/shop-assistant/handoffs`, {
      method: "POST",
      headers: { authorization: "Bearer a secret of the tests" },
      body: JSON.stringify({ session: "s1" }),
    });
    const { handoffId } = (await asked.json()) as { handoffId: string };
    const shown = await until(async () => {
      const { output } = await run(["handoffs", "show", handoffId], env);
      return output.includes("Set aside") ? output : undefined;
    });
    expect(shown).toContain(`npx baton handoffs resend ${handoffId} [callback]`);
    const [first = ""] = ids;
    expect(shown).toMatch(new RegExp(`${first}\\s+gone`));
    const resent = await run(["handoffs", "resend", handoffId], env);
    expect(resent.code, resent.output).toBe(0);
    await until(() => (ids.length === 2 ? true : undefined));
    expect(ids).toEqual([first, first]);
    const again = await run(["handoffs", "resend", handoffId, first], env);
    expect(again).toEqual({ code: 1, output: expect.stringMatching(/409/) });
  } finally {
    await service.stop();
    receiver.close();
  }
});
