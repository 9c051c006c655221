import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createDurableObjectRecord, type ObjectStorage } from "../../src/sessions/durable-object-record.ts";
import { migrations } from "../../src/worker/migrations.ts";
import { describeCallbacks } from "../sessions/callback-contract.ts";
import { describeRecord } from "../sessions/record-contract.ts";

/** The storage of the object that a test runs in. */
let storage: ObjectStorage;
const open = () => createDurableObjectRecord(storage, { migrations });

async function inside(body: () => Promise<void>): Promise<void> {
  const stub = env.SESSIONS.get(env.SESSIONS.newUniqueId());
  await runInDurableObject(stub, async (_, state) => {
    storage = state.storage;
    await body();
  });
}

describeRecord("the record of a Durable Object", open, inside);
describeCallbacks("callbacks in the record of a Durable Object", open, inside);
