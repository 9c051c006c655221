import { describe, expect, it } from "vitest";
import { isFlowError } from "../../src/escalation/flow-problems.ts";
import { isZoneOfPlace } from "../../src/escalation/hours.ts";
import { nearestName } from "../../src/escalation/nearest-name.ts";
import { flowWith, valid } from "./given.ts";

function problemsOf(more: object): string[] {
  try {
    flowWith(more);
  } catch (error) {
    if (isFlowError(error)) return error.problems.map(({ text }) => text);
    throw error;
  }
  return [];
}

describe("the mistakes of a flow", () => {
  it.each<[object, string[]]>([
    [{ tag: ["x"] }, ["(the flow): has no field 'tag': do you mean 'tags'?"]],
    [{ xyzzy: 1 }, ["(the flow): has no field 'xyzzy'"]],
    [
      { rules: [{ reason: "r", when: { atribute: { a: 1 }, event: "bot.error" } }] },
      ["rules.0.when.0 (rule 'r'): has no field 'atribute': do you mean 'attributes'?"],
    ],
    [
      { hours: { timezone: "UTC", weekly: { tues: [], mon: ["09:00", "17:00"] } } },
      [
        'hours.weekly.mon.0: must be a pair of times: a day is a list of them, [["09:00", "12:00"], ["13:00", "17:00"]]',
        "hours.weekly: has no field 'tues': do you mean 'tue'?",
        "hours: has no field 'timezone': do you mean 'timeZone'?",
      ],
    ],
    [
      { hours: { timeZone: "UTC", weekly: { mon: [["9:00", "17:00"]] } } },
      ["hours.weekly.mon.0.0: must be a time such as 09:00"],
    ],
    [
      { conversation: { topic: "{{attribute.order}} {{custmer.name}} {{langage}}" } },
      [
        "conversation.topic.0: has the unknown placeholder {{attribute.order}}: do you mean {{attributes.order}}?",
        "conversation.topic.0: has the unknown placeholder {{custmer.name}}: do you mean {{customer.name}}?",
        "conversation.topic.0: has the unknown placeholder {{langage}}: do you mean {{language}}?",
      ],
    ],
    [
      { conversation: { topic: "Hello {{customer.name|there}}" } },
      [
        "conversation.topic.0: has {{customer.name|there}}: there is no fallback inside a placeholder; give several texts, the first whole one is taken",
      ],
    ],
  ])("are each named once, with what was meant: %j", (more, problems) => {
    expect(problemsOf(more)).toEqual(problems);
    expect(problemsOf(valid)).toEqual([]);
  });
});

it.each([
  ["tag", ["tags", "task"], "tags"],
  ["Timezone", ["timeZone"], "timeZone"],
  ["to", ["id", "on"], null],
  ["queue", ["queue"], null],
])("the name nearest to %s among %j is %s", (written, names, nearest) => {
  expect(nearestName(written, names)).toBe(nearest);
});

it.each([
  ["Europe/Zagreb", true],
  ["America/Argentina/Buenos_Aires", true],
  ["UTC", true],
  ["EST", false],
  ["+01:00", false],
  ["Etc/GMT+1", false],
])("the time zone %s is of a place: %s", (zone, isPlace) => {
  expect(isZoneOfPlace(zone)).toBe(isPlace);
});

describe("the steps of waiting", () => {
  const message = "Still looking.";
  it.each<[object, string]>([
    [
      {
        waiting: [
          { afterSeconds: 90, message },
          { afterSeconds: 60, message },
        ],
      },
      "waiting.0: must come before the next one",
    ],
    [
      {
        waiting: [
          { afterSeconds: 60, message, giveBack: true },
          { afterSeconds: 90, message },
        ],
      },
      "waiting.0: must be the last: it gives the customer back",
    ],
  ])("are in their order: %j", (more, problem) => {
    expect(problemsOf(more)).toEqual([problem]);
  });

  it("give no customer back whom Baton did not route", () => {
    const problems = problemsOf({ routedBy: "answers", waiting: [{ afterSeconds: 60, message, giveBack: true }] });
    expect(problems).toEqual([expect.stringMatching(/^waiting: /)]);
  });
});

it("refuses tags of a rule that opens no handoff", () => {
  const rules = [{ reason: "r", do: "suggest", when: { event: "bot.error" }, message: "Shall I?", tags: ["vip"] }];
  expect(problemsOf({ rules })).toEqual([expect.stringContaining("says nothing with 'suggest'")]);
});

it("takes the nearest of several names", () => {
  expect(nearestName("tmezone", ["timeZones", "timeZone"])).toBe("timeZone");
});

it("takes no transcript into the notes of a flow that records no words", () => {
  expect(flowWith({ transcript: "none" }).note.transcript).toBe(false);
  expect(flowWith({}).note.transcript).not.toBe(false);
});

it("is a step of waiting that does nothing but give the customer back", () => {
  expect(problemsOf({ waiting: [{ afterSeconds: 60, giveBack: true }] })).toEqual([]);
});
