import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createDurableObjectRecord, type ObjectStorage } from "../../src/store/durable-object-store.ts";
import { migrations } from "../../src/worker/migrations.ts";
import { describeCallbacks } from "../store/callback-contract.ts";
import { describeRecord } from "../store/store-contract.ts";

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
