import { describe, expect, it } from "vitest";
import { createDoor, type Door } from "../support/door.ts";

type Say = (door: Door, turn: number, text: string, known: string | undefined) => ReturnType<Door["post"]>;

const CX: Say = (door, turn, text, known) =>
  door.webhook("dialogflow-cx", {
    detectIntentResponseId: `turn-${turn}`,
    fulfillmentInfo: { tag: text.includes("person") ? "handoff" : "turn" },
    text,
    sessionInfo: {
      session: "projects/p/locations/l/agents/a/sessions/s-1",
      parameters: known === undefined ? {} : { baton_control: known },
    },
  });
const ES: Say = (door, turn, text, known) => {
  const session = "projects/p/agent/sessions/s-1";
  const outputContexts = known === undefined ? [] : [{ name: `${session}/contexts/baton`, lifespanCount: 40 }];
  const action = text.includes("person") ? "handoff" : "";
  return door.webhook("dialogflow-es", {
    responseId: `turn-${turn}`,
    session,
    queryResult: { queryText: text, action, outputContexts, intent: { displayName: "any" } },
  });
};
const RASA: Say = (door, turn, text, known) =>
  door.webhook("rasa", {
    next_action: text.includes("person") ? "action_human_handoff" : "action_pass_on",
    sender_id: "s-1",
    tracker: { slots: { baton_control: known ?? null }, latest_message: { text, message_id: `m-${turn}` }, events: [] },
  });
const BOT_FRAMEWORK: Say = (door, turn, text) => {
  const about = { id: `a-${turn}`, conversation: { id: "s-1" }, from: { id: "u", role: "user" } };
  return text.includes("person")
    ? door.webhook("bot-framework", {
        ...about,
        type: "event",
        name: "handoff.initiate",
        value: { va_LastPhrase: text },
      })
    : door.webhook("bot-framework", { ...about, type: "message", text });
};
const HTTP: Say = (door, turn, text) =>
  door.webhook("http", {
    ...(!text.includes("person") && { type: "customer.message" }),
    session: "s-1",
    id: `m-${turn}`,
    text,
  });

/** Returns the place of `control` in an answer; undefined: the answer changes nothing. */
const FRAMEWORKS: [name: string, say: Say, control: (answer: Record<string, unknown>) => unknown][] = [
  ["dialogflow-cx", CX, ({ sessionInfo }) => (sessionInfo as { parameters: object } | undefined)?.parameters],
  ["dialogflow-es", ES, ({ outputContexts }) => (outputContexts as { parameters: object }[] | undefined)?.[0]],
  ["rasa", RASA, ({ events }) => (events as { value: string }[])[0]],
  ["bot-framework", BOT_FRAMEWORK, (answer) => answer],
  ["http", HTTP, (answer) => answer],
];
const WHERE: Record<string, (control: string) => object> = {
  "dialogflow-cx": (control) => ({ baton_control: control }),
  "dialogflow-es": (control) => ({ lifespanCount: control === "bot" ? 0 : 50, parameters: { control } }),
  rasa: (control) => ({ name: "baton_control", value: control }),
  "bot-framework": (control) => ({ control }),
  http: (control) => ({ control }),
};

describe.each(FRAMEWORKS)("a chat of %s", (name, say, controlIn) => {
  it("is handed over with what was said, stays silent, and goes on when the agent is done", async () => {
    const door = createDoor();
    const where = WHERE[name] ?? ((control) => ({ control }));
    let turn = 0;
    const said = async (text: string, known?: string) => {
      turn += 1;
      const { status, text: answer } = await say(door, turn, text, known);
      await door.later(3_000);
      expect(status, answer).toBe(200);
      return controlIn(JSON.parse(answer) as Record<string, unknown>);
    };
    await said("my kettle leaks");
    expect(await said("a person, please")).toMatchObject(where("queue"));
    await said("hello?", "queue");
    await door.take();
    expect(await said("thank you", "queue")).toMatchObject(where("agent"));
    await door.finish();
    await door.later(5_000);
    expect(await said("and now?", "agent")).toMatchObject(where("bot"));

    const note = door.note();
    const places = ["my kettle leaks", "a person, please", "hello?", "thank you"].map((words) => note.indexOf(words));
    expect(places, note).toEqual(places.toSorted((a, b) => a - b));
    expect(places, note).not.toContain(-1);
    expect(note).not.toContain("and now?");
  });
});
