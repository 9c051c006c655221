import { expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor, type Door, leftOutOf } from "../support/door.ts";

/** A value of each field that can be recognised anywhere. */
const VALUES = {
  reason: "mark-reason",
  summary: "mark-summary",
  channel: "MARKCHANNEL",
  language: "xx-MARK",
  "customer.name": "mark-name",
  "customer.phone": "+385912345678",
  "customer.email": "mark@mail.example",
  "customer.externalId": "mark-external",
  "attributes.orderId": "mark-order",
  "attributes.nested": "mark-nested",
  "tags.0": "mark_tag",
  "transcript.0": "mark-line-one",
  "transcript.1": "mark-line-two",
  queue: "Complaints",
  priority: "URGENT",
} as const;
type Field = keyof typeof VALUES;
const FIELDS = Object.keys(VALUES) as Field[];

/** Fields that need not be found, with the reason. */
const EXCEPTIONS: Record<string, string> = {
  id: "tells a request from another; nobody else needs it",
  at: "is the time of the words, which the note shows with them",
  session: "is the bot's; it is in the metadata, which another test holds",
};

const given = (fields: readonly Field[], field: Field) => (fields.includes(field) ? VALUES[field] : undefined);

/** Returns the body of a request that has these fields and no others. */
function requestOf(fields: readonly Field[]): Record<string, unknown> {
  const value = (field: Field) => given(fields, field);
  const lines = (["transcript.0", "transcript.1"] as const).flatMap((field, index) => {
    const text = value(field);
    return text === undefined ? [] : [{ author: index === 0 ? "customer" : "bot", text }];
  });
  return {
    id: "mark-id",
    at: "2026-11-23T09:00:00Z",
    session: "s",
    ...Object.fromEntries(
      (["reason", "summary", "channel", "language", "queue", "priority"] as const).map((field) => [
        field,
        value(field),
      ]),
    ),
    customer: {
      name: value("customer.name"),
      phone: value("customer.phone"),
      email: value("customer.email"),
      externalId: value("customer.externalId"),
    },
    attributes: { orderId: value("attributes.orderId"), deep: { nested: value("attributes.nested") } },
    tags: [value("tags.0")].filter((tag) => tag !== undefined),
    transcript: lines,
  };
}

/** Returns everything that reached the platform, with names of queues instead of ids. */
function sentTo(door: Door): string {
  const sent = JSON.stringify(door.emulator.calls.map(({ path, body }) => [path, body]));
  return [...door.emulator.state.queues.values()].reduce((text, { id, name }) => text.replaceAll(id, name), sent);
}

const SOURCES: ((door: Door, body: Record<string, unknown>, bot: string) => ReturnType<Door["ask"]>)[] = [
  (door, body, bot) => door.ask(body, bot),
  (door, body, bot) => door.events({ ...body, type: "handoff.requested" }, bot),
  (door, body, bot) => door.webhook("answers", { ...body, uniqueSessionId: "s" }, bot),
  (door, body, bot) => door.webhook("flow", body, bot),
];

it("brings each field of a request to the platform, or names it in the answer", async () => {
  expect(Object.keys(EXCEPTIONS)).toEqual(["id", "at", "session"]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...flows.flatMap(({ bots }) => bots)),
      fc.nat(SOURCES.length - 1),
      fc.subarray(FIELDS),
      async (bot, source, fields) => {
        const door = createDoor();
        const reply = await SOURCES[source]?.(door, requestOf(fields), bot);
        await door.later(60_000, 20_000);
        if (reply === undefined) throw new Error("there is no such source");
        expect(reply.status, reply.text).toBeLessThan(300);
        const sent = sentTo(door);
        const isNamed = (field: Field) =>
          leftOutOf(reply).some(
            (name) =>
              name === field || field.startsWith(`${name}.`) || (field.startsWith("tags") && name.startsWith("tags")),
          );
        const lost = fields.filter((field) => !sent.includes(VALUES[field]) && !isNamed(field));
        expect(lost, `${bot} ${source} ${reply.text}`).toEqual([]);
      },
    ),
    runs(30),
  );
});
