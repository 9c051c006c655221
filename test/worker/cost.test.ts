import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { eventSchema } from "../../src/events/event.ts";
import { createDurableObjectRecord } from "../../src/store/durable-object-store.ts";
import type { Env } from "../../src/worker/environment.ts";
import { objectMigrations } from "../../src/worker/migrations.ts";
import objectSchema from "../../src/worker/objects/object-schema.sql";
import { createSessionRuntime, type SessionRuntime } from "../../src/worker/session/session-runtime.ts";
import { over } from "./objects.ts";

/** Operations that are paid for. */
interface Cost {
  rowsWritten: number;
  rowsRead: number;
  alarmsSet: number;
  /** Calls of other objects. */
  calls: number;
  d1RowsWritten: number;
}
const nothing = (): Cost => ({ rowsWritten: 0, rowsRead: 0, alarmsSet: 0, calls: 0, d1RowsWritten: 0 });

function counted(ctx: DurableObjectState, cost: Cost): { ctx: DurableObjectState; env: Env } {
  const { storage } = ctx;
  const exec = (query: string, ...bindings: unknown[]) => {
    const cursor = storage.sql.exec(query, ...bindings);
    const rows = cursor.toArray();
    cost.rowsWritten += cursor.rowsWritten;
    cost.rowsRead += cursor.rowsRead;
    return { toArray: () => rows };
  };
  const setAlarm = (at: number) => {
    cost.alarmsSet += 1;
    return storage.setAlarm(at);
  };
  const countedObjects = <T extends Env["CONVERSATIONS"] | Env["ACCOUNTS"]>(real: T): T =>
    over(
      real as object,
      {
        getByName: (name: string) => {
          cost.calls += 1;
          return real.getByName(name);
        },
      } as object,
    ) as T;
  const account = (real: Env["ACCOUNTS"]) =>
    over(
      real as object,
      {
        getByName: (name: string) =>
          new Proxy(real.getByName(name), {
            get(target, method) {
              return (...args: unknown[]) => {
                cost.calls += 1;
                return Reflect.get(target, method)(...args);
              };
            },
          }),
      } as object,
    ) as Env["ACCOUNTS"];
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await env.READ_MODEL.batch(statements);
    for (const { meta } of results) cost.d1RowsWritten += meta.rows_written;
    return results;
  };
  return {
    ctx: over(ctx, { storage: over(storage, { sql: over(storage.sql, { exec }), setAlarm }) }),
    env: {
      ...env,
      CONVERSATIONS: countedObjects(env.CONVERSATIONS),
      ACCOUNTS: account(env.ACCOUNTS),
      READ_MODEL: over(env.READ_MODEL, { batch }),
    },
  };
}

it("costs what docs/scale.md says, and no more", async () => {
  // A push would wake the object's own instance up, beside the measured one.
  const quiet = { method: "PATCH", body: JSON.stringify({ pushDropRate: 1 }) };
  expect((await exports.default.fetch(new Request("http://127.0.0.1/readyz"))).status).toBe(200);
  expect((await exports.default.fetch(new Request("http://127.0.0.1/emulator/settings", quiet))).status).toBe(200);
  const stub = env.SESSIONS.get(env.SESSIONS.newUniqueId());
  const costs = await runInDurableObject(stub, async (_, state) => {
    const cost = nothing();
    const real = counted(state, cost);
    const home: SessionRuntime = createSessionRuntime(real.ctx, real.env);
    let next = 0;
    const measured = async (given: object): Promise<Cost> => {
      Object.assign(cost, nothing());
      next += 1;
      const event = eventSchema.parse({
        id: `e${next}`,
        session: "measured",
        at: new Date().toISOString(),
        type: "customer.message",
        text: "hello",
        ...given,
      });
      await home.take("shop-assistant", "baton", [{ event, hasSenderId: true }], 20_000);
      // Waits until the object rests.
      await new Promise((resolve) => setTimeout(resolve, 800));
      return { ...cost };
    };
    const first = await measured({});
    const event = await measured({});
    const handoff = await measured({ text: "a human, please" });
    const message = await measured({ type: "bot.message", text: "one moment" });
    return { first, event, handoff, message, bytes: state.storage.sql.databaseSize };
  });
  for (const [name, cost] of Object.entries(costs)) process.stdout.write(`      ${name}: ${JSON.stringify(cost)}\n`);
  expect(costs.first.rowsWritten).toBeLessThanOrEqual(12);
  expect(costs.first.rowsRead).toBeLessThanOrEqual(170);
  expect(costs.event.rowsWritten).toBeLessThanOrEqual(4);
  expect(costs.event.rowsRead).toBeLessThanOrEqual(50);
  expect(costs.event).toMatchObject({ alarmsSet: 0, calls: 0, d1RowsWritten: 0 });
  expect(costs.handoff.rowsWritten).toBeLessThanOrEqual(51);
  expect(costs.handoff.calls).toBeLessThanOrEqual(4);
  expect(costs.bytes).toBeLessThanOrEqual(128 * 1_024);
});

it("makes its tables once, a statement at a time", async () => {
  const stub = env.SESSIONS.get(env.SESSIONS.newUniqueId());
  const rows = await runInDurableObject(stub, (_, { storage }) => {
    const statements = objectSchema.split(";\n\n").filter((text) => text.trim() !== "");
    return statements.reduce((sum, statement) => sum + storage.sql.exec(statement).rowsWritten, 0);
  });
  process.stdout.write(`      tables: ${rows} rows written\n`);
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThanOrEqual(52);
});

it("has the tables that its migrations make", async () => {
  const made = (schema: { schema?: string }) =>
    runInDurableObject(env.SESSIONS.get(env.SESSIONS.newUniqueId()), (_, { storage }) => {
      createDurableObjectRecord(storage, { migrations: objectMigrations, ...schema });
      const query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";
      return [storage.sql.exec(query).toArray(), storage.sql.exec("SELECT * FROM schema_versions").toArray()];
    });
  expect(await made({ schema: objectSchema })).toEqual(await made({}));
});
