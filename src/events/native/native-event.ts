/** Events of a platform that posts its own payloads: what it says by our names, and values that the bot's author named. */
import { contentIdWithoutTimes } from "../content-id.ts";
import type { EventType } from "../event.ts";
import { readCustomer } from "../free-form/customer.ts";
import { commonNames } from "../free-form/names.ts";
import { createBody, plainNames, readEvent } from "../free-form/read-body.ts";
import { plainName } from "../reading/named-values.ts";
import { setMember } from "../reading/scalars.ts";
import { readId } from "../reading/session-name.ts";
import type { ParsedEvent } from "../source.ts";
import type { Members } from "./members.ts";

/** The platform's conversation is its own: Infobip's has a name of its own here. */
const names = plainNames({
  ...commonNames,
  conversationId: ["infobipConversationId"],
  name: [...commonNames.name, "userName", "person"],
  firstName: [...commonNames.firstName, "givenName"],
  lastName: [...commonNames.lastName, "familyName", "surname"],
  phone: [...commonNames.phone, "customerPhone", "mobile", "msisdn", "callerId"],
  email: [...commonNames.email, "customerEmail", "userEmail", "mail"],
  externalId: [...commonNames.externalId, "customerId"],
});
const isTime = (field: string): boolean => names.at.includes(plainName(field));

interface NativeEvent {
  type: EventType;
  session: string;
  /** Tells this event of the session from all others; undefined: the platform says nothing that does. */
  id: string | undefined;
}

/**
 * `own`: what the platform says, by the names of our schema. `named`: values under names that the bot's author chose, the
 * preferred ones first; they fill what the platform does not say, and all others become attributes.
 */
export function toNativeEvent(event: NativeEvent, own: Members, named: readonly Members[], now: number): ParsedEvent {
  const members: Record<string, unknown> = {};
  const taken = new Set<string>();
  for (const name of Object.keys(own)) {
    if (own[name] === undefined) continue;
    taken.add(plainName(name));
    members[name] = own[name];
  }
  for (const values of named) {
    for (const name of Object.keys(values)) {
      const plain = plainName(name);
      if (taken.has(plain) || plain.startsWith("baton")) continue;
      taken.add(plain);
      setMember(members, name, values[name]);
    }
  }
  const { type, session } = event;
  const id = readId(event.id);
  const body = createBody(members);
  const customer = readCustomer(body.values, names, body.lost, () => false);
  const hasSenderId = id !== undefined;
  const known = { type, session, id: id ?? contentIdWithoutTimes(members, isTime), hasSenderId, customer };
  return readEvent(body, known, now, { names, isOpen: true });
}
