import { err, ok, type Result } from "../../result.ts";
import { contentIdWithoutTimes } from "../content-id.ts";
import { type Customer, eventTypes, isId } from "../event.ts";
import { isAbsentLabel } from "../reading/absent.ts";
import type { Reader } from "../reading/fields.ts";
import { plainName } from "../reading/named-values.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, looksLikePhone } from "../reading/scalars.ts";
import { readSession, sessionOfContact } from "../reading/session-name.ts";
import type { ParsedEvent, PayloadProblem, Source } from "../source.ts";
import { readCustomer } from "./customer.ts";
import type { Names } from "./names.ts";
import { createBody, plainNames, readEvent, readEventType, readOwnId } from "./read-body.ts";

interface FreeForm {
  name: string;
  names: Names;
  /** Fields that name the session when none of its own names does. */
  sessionOf: readonly (keyof Customer)[];
  /** Brings a body into the form in which its values are found by name. */
  prepare?: (body: Record<string, unknown>) => Record<string, unknown>;
}

const noType: PayloadProblem = {
  issues: [{ field: "type", message: `must be absent, for a handoff, or one of ${eventTypes.join(", ")}` }],
};
const readTypeName: Reader<unknown> = (value) => (isAbsentLabel(value) ? null : value);

/**
 * A source whose body is written by the author of a flow, not by a program. Values are found by many names, may all be
 * strings, and may be missing. Without a `type` the body asks for a handoff. What has no place of its own, or cannot be
 * read there, becomes an attribute.
 */
export function createFreeFormSource({ name, names: namesAsSent, sessionOf, prepare = (it) => it }: FreeForm): Source {
  const names = plainNames(namesAsSent);
  const isTime = (field: string): boolean => names.at.includes(plainName(field));
  const sessionNames = [...namesAsSent.session, ...sessionOf.flatMap((field) => namesAsSent[field])].join(", ");
  const noSession: PayloadProblem = {
    issues: [{ field: "session", message: `none of ${sessionNames} names one` }],
  };

  function toReported(payload: Record<string, unknown>, now: number): Result<ParsedEvent, PayloadProblem> {
    const sent = prepare(payload);
    const body = createBody(sent);
    const { values, lost } = body;
    const customer = readCustomer(values, names, lost);
    const named = values.take(trustedNames(sent, names), readSession);
    const session = named ?? sessionOfContacts(sessionOf.map((field) => customer[field] ?? ""));
    if (session === undefined) return err(noSession);
    values.take(names.session, () => null);
    const typeName = values.take(names.type, readTypeName);
    const type = typeName === undefined ? "handoff.requested" : readEventType(typeName);
    if (type === undefined) return err(noType);
    const givenId = values.take(names.id, readOwnId);
    // It tells none of the session's events from the others.
    const ownId = givenId === session ? undefined : givenId;
    const known = {
      type,
      id: ownId ?? contentIdWithoutTimes(sent, isTime),
      session,
      hasSenderId: ownId !== undefined,
      customer,
    };
    return ok(readEvent(body, known, now, { names, isOpen: true }));
  }

  return {
    name,
    isPasted: true,
    partsOf: (payload) => (Array.isArray(payload) ? payload : undefined),
    toEvents(payload, { now }) {
      if (!isRecord(payload)) return err(notAnObject);
      const reported = toReported(payload, now);
      return reported.ok ? ok([reported.value]) : reported;
    },
  };
}

/** The first contact that can name a session as it is, or else the first. */
function sessionOfContacts(contacts: readonly string[]): string | undefined {
  const plain = contacts.find((contact) => looksLikePhone(contact) || isId(contact));
  return [plain ?? "", ...contacts].map(sessionOfContact).find((session) => session !== undefined);
}

/**
 * The names by which a body says its session, the preferred one first. A customer whose words are pasted in unescaped can
 * write further members behind them, so that a name that stands before the customer's words is believed first, and behind
 * them the last, which is the author's.
 */
function trustedNames(sent: Record<string, unknown>, names: Names): readonly string[] {
  const given = Object.keys(sent).map(plainName);
  const sessions = names.session.filter((it) => given.includes(it));
  const words = sessions.length < 2 ? -1 : given.findIndex((it) => names.lastWords.includes(it));
  if (words === -1) return sessions;
  const isBefore = (it: string): boolean => given.indexOf(it) < words;
  const [before, behind] = [sessions.filter(isBefore), sessions.filter((it) => !isBefore(it))];
  return [...before, ...behind.sort((a, b) => given.lastIndexOf(b) - given.lastIndexOf(a))];
}
