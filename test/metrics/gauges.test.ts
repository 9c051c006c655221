import { expect, it } from "vitest";
import { createReadGauges } from "../../src/handoff/gauges.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createWorld } from "../support/world.ts";

it("reads the record again only after a hundred times as long as it took", async () => {
  const { record } = createWorld();
  let at = 0;
  let reads = 0;
  const slow: Pick<SessionRecord, "read"> = {
    read: (work) => {
      reads += 1;
      at += 20;
      return record.read(work);
    },
  };
  const readGauges = createReadGauges({ record: slow, accountHealth: () => [], now: () => at, steady: () => at });
  readGauges();
  at += 1_999;
  readGauges();
  expect(reads).toBe(1);
  at += 1;
  readGauges();
  expect(reads).toBe(2);
});
