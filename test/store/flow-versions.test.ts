import { expect, it } from "vitest";
import { noteFlowVersions } from "../../src/store/flow-versions.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";

const [sales, support] = [
  { name: "sales", message: "One moment." },
  { name: "support", message: "One moment." },
];

it("tells since when each flow is as it is, and writes only what a start changes", async () => {
  const record = createSqliteRecord(":memory:");
  let commits = 0;
  const counting = {
    ...record,
    commit<T>(work: Parameters<typeof record.commit<T>>[0]) {
      commits += 1;
      return record.commit(work);
    },
  };
  const sinceOf = () =>
    new Map(record.read(({ flowVersions }) => flowVersions.all()).map(({ flow, since }) => [flow, since]));
  await noteFlowVersions(counting, [sales, support], 1_000);
  expect(sinceOf()).toEqual(
    new Map([
      ["sales", 1_000],
      ["support", 1_000],
    ]),
  );
  await noteFlowVersions(counting, [sales, support], 2_000);
  expect(commits).toBe(1);
  await noteFlowVersions(counting, [sales, { ...support, message: "Wait." }], 3_000);
  expect(sinceOf()).toEqual(
    new Map([
      ["sales", 1_000],
      ["support", 3_000],
    ]),
  );
  // A version that comes back is a change too.
  await noteFlowVersions(counting, [sales, support], 4_000);
  expect(sinceOf().get("support")).toBe(4_000);
  await noteFlowVersions(counting, [support], 5_000);
  expect([...sinceOf().keys()]).toEqual(["support"]);
  await record.close();
});
