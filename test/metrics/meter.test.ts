import { describe, expect, it } from "vitest";
import { createMeter, OTHER } from "../../src/metrics/meter.ts";

const values = (meter: ReturnType<typeof createMeter>, name: Parameters<typeof meter.counted>[0]) =>
  [...meter.counted(name)].map(({ labels, cell }) => ({ ...labels, value: cell.value }));

describe("a meter", () => {
  it("counts each set of labels for itself", () => {
    const meter = createMeter();
    meter.count("duplicates", { of: "event" });
    meter.count("duplicates", { of: "event" });
    meter.count("duplicates", { of: "push" });
    meter.count("commits", {}, 7);
    expect(values(meter, "duplicates")).toEqual([
      { of: "event", value: 2 },
      { of: "push", value: 1 },
    ]);
    expect(values(meter, "commits")).toEqual([{ value: 7 }]);
  });

  it("puts a value that lies on a bound below it", () => {
    const meter = createMeter();
    for (const seconds of [5, 5.001, 4_000]) meter.observe("timeToAgent", { bot: "b" }, seconds);
    const [one] = meter.observed("timeToAgent");
    expect(one?.cell).toEqual({ counts: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1], sum: 4_010.001 });
  });

  it("folds the values of a label beyond a limit into one", () => {
    const meter = createMeter();
    for (let n = 0; n < 1_000; n += 1) meter.count("quotaRefusals", { bot: `bot-${n}` });
    const found = values(meter, "quotaRefusals");
    expect(found).toHaveLength(201);
    expect(found.at(-1)).toEqual({ bot: OTHER, value: 800 });
    meter.count("quotaRefusals", { bot: "bot-7" });
    expect(values(meter, "quotaRefusals")[7]).toEqual({ bot: "bot-7", value: 2 });
  });

  it("keeps a bounded number of label sets, and loses no count", () => {
    const meter = createMeter();
    for (let n = 0; n < 10_000; n += 1) {
      meter.count("events", { bot: `b${n % 100}`, source: `s${Math.floor(n / 100)}`, outcome: "accepted" });
    }
    const found = values(meter, "events");
    expect(found).toHaveLength(2_001);
    expect(found.at(-1)).toMatchObject({ bot: OTHER, source: OTHER, outcome: OTHER });
    expect(found.reduce((sum, { value }) => sum + Number(value), 0)).toBe(10_000);
  });
});
