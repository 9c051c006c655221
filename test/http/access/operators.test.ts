import { describe, expect, it } from "vitest";
import type { Operator } from "../../../src/config/operators.ts";
import { sources } from "../../../src/events/sources.ts";
import { createReadBody } from "../../../src/http/access/read-body.ts";
import { createRefusals } from "../../../src/http/access/refusals.ts";
import { operatorRoutes } from "../../../src/http/operators/operator-routes.ts";
import { KEEP_AUDIT_MS } from "../../../src/store/audit-log.ts";
import { createRecordAuditLog } from "../../../src/store/record-audit-log.ts";
import { createWorld, OPERATOR_TOKEN } from "../../support/world.ts";

const operators: Operator[] = [
  { name: "operator", token: OPERATOR_TOKEN, mayAct: true },
  { name: "ana", token: "the-token-of-ana", mayAct: true },
  { name: "grafana", token: "the-token-of-grafana", mayAct: false },
];
const PHONE = "385912345678";

interface Entry {
  id: string;
  operator: string;
  act: string;
  bot: string | null;
  handoff: string | null;
  outcome: string | null;
  requestId: string;
}

async function createOffice() {
  const world = createWorld(undefined, { operators });
  const as =
    (token: string) =>
    (path: string, method = "GET", body?: string) =>
      world.request(`/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "x-request-id": `of-${path}` },
        ...(body !== undefined && { body }),
      });
  const audit = async (query = ""): Promise<Entry[]> => {
    const answer = await as(OPERATOR_TOKEN)(`/audit${query}`);
    return ((await answer.json()) as { entries: Entry[] }).entries;
  };
  await world.deliver({ type: "handoff.requested", session: PHONE });
  return { ...world, ana: as("the-token-of-ana"), grafana: as("the-token-of-grafana"), as, audit };
}

/** Lists every route at which an operator acts, from the routes themselves. */
function actsOf({ service, record, now }: Awaited<ReturnType<typeof createOffice>>): [method: string, path: string][] {
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const { core, byBot: flows } = service;
  const { routes } = operatorRoutes({
    ...{ core, flows, sources, operators, now, log },
    audit: createRecordAuditLog(record),
    refusals: createRefusals({ now, log }),
    readBody: createReadBody(),
  });
  const acts = routes.filter(({ method, path }) =>
    ["ALL", "GET"].includes(method) ? /\/(export|history)$/.test(path) : !path.endsWith("/explain"),
  );
  const named = acts.map(({ method, path }): [string, string] => [
    method,
    path
      .replace(":act", "retry")
      .replace(":bot", "shop-assistant")
      .replace(":session", PHONE)
      .replace(/:\w+/g, "01H0001"),
  ]);
  return [...new Map(named.map((act) => [String(act), act])).values()];
}

describe("operators", () => {
  it("are known by tokens of their own, and nobody else is let in", async () => {
    const { as } = await createOffice();
    for (const { token } of operators) expect((await as(token)("/handoffs")).status).toBe(200);
    for (const token of ["", "the-token-of-an", "undefined", "ana"]) {
      expect((await as(token)("/handoffs")).status, token).toBe(401);
    }
  });

  it("who may look do nothing, at any address, and that they tried is kept", async () => {
    const office = await createOffice();
    const all = actsOf(office);
    expect(all.length).toBeGreaterThanOrEqual(6);
    for (const [method, path] of all) {
      const answer = await office.grafana(path, method, method === "POST" ? "{}" : undefined);
      expect([answer.status, await answer.json()], path).toMatchObject([403, { type: "urn:baton:problem:read-only" }]);
    }
    expect((await office.handoff("01H0001"))?.state).toBe("routed");
    for (const path of ["/handoffs", "/handoffs/01H0001", "/flows", "/audit"]) {
      expect((await office.grafana(path)).status, path).toBe(200);
    }
    const kept = await office.audit();
    expect(kept.map(({ operator, outcome }) => [operator, outcome])).toEqual(all.map(() => ["grafana", "read-only"]));
  });
});

describe("the audit trail", () => {
  it("keeps every act at every address, with its outcome, and nothing that is only looked at", async () => {
    const office = await createOffice();
    for (const path of ["/handoffs", "/handoffs/01H0001", "/flows", "/audit"]) await office.ana(path);
    expect(await office.audit()).toEqual([]);
    for (const [method, path] of actsOf(office)) {
      const before = (await office.audit()).length;
      const answer = await office.ana(path, method, method === "POST" ? "{}" : undefined);
      const [entry, ...others] = await office.audit();
      expect(others, path).toHaveLength(before);
      expect(entry).toMatchObject({ operator: "ana", requestId: `of-${path}` });
      const { type } = answer.ok ? { type: null } : ((await answer.json()) as { type: string });
      expect(entry?.outcome, path).toBe(type === null ? "done" : type.replace("urn:baton:problem:", ""));
    }
  });

  it("says what was done to which handoff, in the log too, and never names a session", async () => {
    const office = await createOffice();
    await office.ana(`/bots/shop-assistant/sessions/${PHONE}/export`);
    await office.ana(`/bots/shop-assistant/sessions/${PHONE}`, "DELETE");
    await office.ana("/handoffs/01H0001/cancel", "POST");
    await office.ana(`/handoffs/${PHONE}/cancel`, "POST");
    await office.ana(`/bots/${PHONE}/sessions/${PHONE}/export`);
    const kept = await office.audit();
    const [bot, handoff] = ["shop-assistant", "01H0001"];
    expect(kept.map(({ act, ...it }) => [act, it.bot, it.handoff, it.outcome])).toEqual([
      ["export", null, null, "not-found"],
      ["cancel", null, null, "not-found"],
      ["cancel", null, handoff, "wrong-state"],
      ["erase", bot, handoff, "handoff-open"],
      ["export", bot, handoff, "done"],
    ]);
    const logged = office.lines.filter(({ message }) => message === "an operator acted");
    expect(logged.map(({ fields }) => fields)).toMatchObject([
      { operator: "ana", act: "export", bot, handoff, outcome: "done" },
      { act: "erase", outcome: "handoff-open" },
      { act: "cancel", handoff, outcome: "wrong-state" },
      { act: "cancel", outcome: "not-found" },
      { act: "export", outcome: "not-found" },
    ]);
    expect(JSON.stringify([kept.map(({ requestId: _, ...it }) => it)])).not.toContain(PHONE);
  });

  it("is listed by operator, act and handoff, page by page", async () => {
    const office = await createOffice();
    await office.deliver({ type: "handoff.requested", session: "s2" });
    for (const id of ["01H0001", "01H0002", "01H0001"]) await office.ana(`/handoffs/${id}/retry`, "POST");
    await office.operate("/handoffs/01H0002/cancel");
    const ofs = async (query: string) => (await office.audit(query)).map(({ act, handoff }) => `${act} ${handoff}`);
    expect(await ofs("?operator=operator")).toEqual(["cancel 01H0002"]);
    expect(await ofs("?act=retry&handoff=01H0001")).toEqual(["retry 01H0001", "retry 01H0001"]);
    const page = async (query: string) =>
      (await (await office.ana(`/audit${query}`)).json()) as { entries: Entry[]; next: string | null };
    const first = await page("?limit=3");
    const second = await page(`?limit=3&before=${first.next}`);
    expect([first.entries.length, second.entries.length, second.next]).toEqual([3, 1, null]);
    expect((await office.ana("/audit?limit=0")).status).toBe(422);
  });

  it("lasts for 400 days", async () => {
    const office = await createOffice();
    await office.ana("/handoffs/01H0001/retry", "POST");
    office.move(KEEP_AUDIT_MS - 1_000);
    await office.service.prune();
    expect(await office.audit()).toHaveLength(1);
    office.move(2_000);
    await office.service.prune();
    expect(await office.audit()).toEqual([]);
  });

  it("is begun before the act: without a trace nothing is done", async () => {
    const office = await createOffice();
    const { record } = office;
    const { commit } = record;
    record.commit = () => Promise.reject(Object.assign(new Error("full"), { code: "SQLITE_FULL" }));
    expect((await office.ana("/handoffs/01H0001/cancel", "POST")).status).toBe(503);
    record.commit = commit;
    expect(await office.audit()).toEqual([]);
  });
});
