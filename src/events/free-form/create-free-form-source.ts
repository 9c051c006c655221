import { err, ok, type Result } from "../../result.ts";
import { contentId } from "../content-id.ts";
import { type Customer, type EventType, eventTypes } from "../event.ts";
import { createNamedValues, type NamedValues, plainName } from "../reading/named-values.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, readId, readRecord, readText } from "../reading/scalars.ts";
import { readTimestamp } from "../reading/timestamp.ts";
import { toUsableEvent } from "../reading/usable-event.ts";
import type { PayloadProblem, Reported, Source } from "../source.ts";
import { readCustomer } from "./customer.ts";
import type { Names } from "./names.ts";
import { readOwnFields } from "./own-fields.ts";

interface FreeForm {
  name: string;
  names: Names;
  /** What names the session when none of its names does. */
  sessionOf: readonly (keyof Customer)[];
}

/**
 * A source whose body is written by the author of a flow, not by a program. Values are found by many names, may all be
 * strings, and may be missing. Without a `type` of ours the body asks for a handoff. A scalar that has no place of its
 * own, or cannot be read there, becomes an attribute. What cannot be used is left out; only a body without a session,
 * or with a conversation id that cannot be one, is refused.
 */
export function createFreeFormSource({ name, names: namesAsSent, sessionOf }: FreeForm): Source {
  const plainNames = Object.entries(namesAsSent).map(([field, aliases]) => [field, aliases.map(plainName)]);
  const names: Names = Object.fromEntries(plainNames);
  const sessionNames = [...namesAsSent.session, ...sessionOf.flatMap((field) => namesAsSent[field])].join(", ");
  const noSession: PayloadProblem = {
    issues: [{ field: "session", message: `none of ${sessionNames} is 1 to 200 printable ASCII characters` }],
  };

  function toReported(body: Record<string, unknown>, now: number): Result<Reported, PayloadProblem> {
    const values = createNamedValues(body);
    const customer = readCustomer(values, names);
    const session = values.take(names.session, readId) ?? firstId(sessionOf.map((field) => customer[field]));
    if (session === undefined) return err(noSession);
    const ownId = values.take(names.id, readId);
    const type = values.take(names.type, readEventType) ?? "handoff.requested";
    const event = toUsableEvent({
      id: ownId ?? contentId(body),
      type,
      session,
      at: values.take(names.at, readTimestamp) ?? new Date(now).toISOString(),
      conversationId: values.take(names.conversationId, readConversationId),
      channel: values.take(names.channel, readText),
      language: values.take(names.language, readText),
      customer: Object.keys(customer).length > 0 ? customer : undefined,
      ...readOwnFields(type, values, names),
      // Last: what nobody above took.
      attributes: readAttributes(values, names),
    });
    return event.ok ? ok({ event: event.value, hasOwnId: ownId !== undefined }) : event;
  }

  return {
    name,
    toEvents(payload, { now }) {
      if (!isRecord(payload)) return err(notAnObject);
      const reported = toReported(payload, now);
      return reported.ok ? ok([reported.value]) : reported;
    },
  };
}

function readAttributes(values: NamedValues, names: Names): Record<string, unknown> | undefined {
  const nested = values.take(names.attributes, readRecord) ?? {};
  const attributes = [...createNamedValues(nested).rest(), ...values.rest()];
  return attributes.length > 0 ? Object.fromEntries(attributes) : undefined;
}

const typesByName: ReadonlyMap<string, EventType> = new Map(eventTypes.map((type) => [type, type]));

/** `HANDOFF_REQUESTED` and `handoff-requested` are `handoff.requested`. */
function readEventType(value: unknown): EventType | undefined {
  const name = readText(value)?.trim().toLowerCase() ?? "";
  return typesByName.get(name.replace(/[\s_-]/g, "."));
}

/** As sent where it is no id at all, so that it is refused rather than lost. */
const readConversationId = (value: unknown): unknown => readId(value) ?? value;

/** A phone number may be written with spaces, an id may not. */
function firstId(candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.map((text) => readId(text?.replace(/\s/g, ""))).find((id) => id !== undefined);
}
