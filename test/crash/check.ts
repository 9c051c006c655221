/** Checks the invariants by the platform's log and the record's file alone. */
import type { RecordedCall } from "../../src/emulator/api/call-log.ts";
import type { OperationName } from "../../src/emulator/settings/operations.ts";
import type { Conversation } from "../../src/emulator/state/state.ts";
import type { Recorded } from "./recorded.ts";
import { type Delivery, isAnswered } from "./sender.ts";

export interface Evidence {
  deliveries: readonly Delivery[];
  calls: readonly RecordedCall[];
  conversations: readonly Conversation[];
  recorded: Recorded;
}

type Handoff = Recorded["handoffs"][number];

/** Operations of one step: each call needs an intent of its own. */
const OWN_OPERATION: Record<string, OperationName> = {
  conversation: "createConversation",
  tag: "addTag",
  note: "createNote",
  metadata: "patchMetadata",
  route: "route",
};

const repeated = <T>(items: readonly T[]): T[] => items.filter((item, index) => items.indexOf(item) !== index);
const idIn = (path: string): string | undefined => /\/conversations\/([^/?]+)/.exec(path)?.[1];

function* deliveryViolations({ deliveries, recorded }: Evidence): Generator<string> {
  const events = new Map(recorded.events.map((event) => [event.eventId, event]));
  const handoffs = new Set(recorded.handoffs.map(({ id }) => id));
  for (const delivery of deliveries) {
    const { eventId, answers, refusals, asksForPerson } = delivery;
    const event = events.get(eventId);
    if (!isAnswered(delivery)) yield `${eventId} was never answered 2xx: ${refusals.join("; ") || "no answer"}`;
    else if (event === undefined) yield `${eventId} was answered 2xx and is not in the record`;
    if (new Set(answers.map(({ handoffId }) => handoffId)).size > 1) yield `${eventId} got several answers`;
    for (const { handoffId } of answers) {
      if (asksForPerson && handoffId === null) yield `${eventId} asked for a person and got no handoff`;
      if (handoffId !== null && !handoffs.has(handoffId)) yield `${eventId} was told of a handoff that is not recorded`;
    }
  }
  for (const id of repeated(recorded.events.map(({ eventId }) => eventId))) yield `${id} is recorded twice`;
}

function* platformViolations(evidence: Evidence, handoff: Handoff): Generator<string> {
  const { calls, conversations, recorded } = evidence;
  const name = `${handoff.session} (${handoff.token}, ${handoff.state})`;
  const steps = recorded.steps.filter(({ handoffId }) => handoffId === handoff.id);
  const theirs = conversations.filter(({ summary }) => summary?.includes(`[${handoff.token}]`));
  const open = theirs.filter(({ status }) => status !== "CLOSED");
  if (open.length > 1) yield `${name} has ${open.length} open conversations`;

  const isDone = handoff.state === "routed" || handoff.state === "assigned";
  if (!isDone && handoff.state !== "parked") yield `${name} is at rest and neither routed nor parked`;
  const unsettled = steps.filter(({ state }) => !["done", "skipped", "refused"].includes(state));
  if (isDone && unsettled.length > 0) yield `${name} has unsettled steps: ${unsettled.map((it) => it.name).join()}`;

  const routes = calls.filter(({ operation, effect, path }) => {
    return operation === "route" && effect && theirs.some(({ id }) => id === idIn(path));
  });
  if (handoff.state === "routed" && routes.length === 0) yield `${name} was never routed`;
  if (routes.length > 1) yield `${name} was routed ${routes.length} times`;

  for (const { id, tags, notes, metadata } of open) {
    const surplus = tags.filter((tag) => !handoff.decision.tags.includes(tag));
    const missing = handoff.decision.tags.filter((tag) => !tags.includes(tag));
    if (surplus.length > 0) yield `${name}: ${id} has undeclared tags ${surplus.join()}`;
    if (isDone && missing.length > 0) yield `${name}: ${id} lacks tags ${missing.join()}`;
    const wanted = steps.filter(({ kind }) => kind === "note").length;
    if (isDone && notes.length !== wanted) yield `${name}: ${id} has ${notes.length} notes instead of ${wanted}`;
    if (isDone && metadata?.baton_session !== handoff.session) yield `${name}: ${id} has not its metadata`;
  }

  for (const [kind, operation] of Object.entries(OWN_OPERATION)) {
    const ofKind = new Set(steps.filter((step) => step.kind === kind).map(({ position }) => position));
    const intents = recorded.attempts
      .filter(({ handoffId, position }) => handoffId === handoff.id && ofKind.has(position))
      .map(({ sentAt }) => sentAt);
    const sent = calls
      .filter((call) => call.operation === operation && isOf(call, handoff, theirs))
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    for (const [index, at] of sent.entries()) {
      const before = intents.filter((sentAt) => sentAt <= at).length;
      if (before <= index) yield `${name}: ${operation} number ${index + 1} left without an intent`;
    }
  }
}

const isOf = (call: RecordedCall, { token }: Handoff, theirs: readonly Conversation[]): boolean =>
  call.operation === "createConversation"
    ? JSON.stringify(call.body).includes(`[${token}]`)
    : theirs.some(({ id }) => id === idIn(call.path));

/** Lists every broken invariant, one a line. */
export function violationsIn(evidence: Evidence): string[] {
  const { recorded, conversations } = evidence;
  const { handoffs } = recorded;
  const tokens = new Set(handoffs.map(({ token }) => token));
  const invented = conversations.filter(({ summary }) => {
    const token = /\[(ho-[^\]]+)\]$/.exec(summary ?? "")?.[1];
    return token !== undefined && !tokens.has(token);
  });
  return [
    ...deliveryViolations(evidence),
    ...repeated(handoffs.map(({ session, epoch }) => `${session} in epoch ${epoch}`)).map(
      (it) => `two handoffs of ${it}`,
    ),
    ...handoffs.flatMap((handoff) => [...platformViolations(evidence, handoff)]),
    ...invented.map(({ id }) => `conversation ${id} belongs to no handoff in the record`),
    ...(recorded.health === "ok" ? [] : [`the file is damaged: ${recorded.health}`]),
  ];
}
