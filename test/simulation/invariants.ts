/**
 * The invariants, by number, over what the platform was sent, told and holds, and over the record:
 *  1 a 2xx is in the record, and carried out or parked     2 every effect traces to the record, as one that Baton has
 *  3 one open conversation, one routed in a round          4 tags are those decided
 *  5 everything accepted is routed, parked or over         6 nothing to what was seen closed, with a person, or moved
 *  7 in the order of the ledger                            8 the same again has no second effect
 *  9 the intent first                                      10 who lost a step changes nothing
 * 11 attempts are bounded, what is parked is told of       12 nothing personal is logged
 * 13 whatever crashes, the end is the same                 14 reading writes nothing
 * 15 a push answered 2xx is recorded, once                 16 control agrees with the platform
 * 17 nothing outside hours, nothing where it was declined  18 what comes while waiting comes once, and to who waits
 * 19 who waits too long is told of                         20 the bot has its customer back, and its tags are gone
 * 21 what the customer says in a round reaches the agent, once and in order
 * 22 who asks the bot for a person gets a handoff, or a text of the flow
 * 23 no answer speaks of another session
 * 24 no conversation is of the open handoffs of two bots, unless the flow that has it shares it
 * 25 no callback or note of a bot says what was said in a chat of another's
 * 26 what a person moves into another queue stays there, once ours was set
 * 27 what is over and quiet for long is forgotten, and nothing else
 * 28 a note keeps its words until its handoff is over and it was delivered
 * 29 a ledger in memory is what its rows say
 */
import type { Attempt, Ledger, Step } from "../../src/model/handoff.ts";
import type { Exchange } from "./network.ts";

export interface Violation {
  invariant: number;
  what: string;
}

const TOKEN = /\[(ho-[^\]]+)\]/;
export const tokenIn = (text: unknown): string | null =>
  typeof text === "string" ? (TOKEN.exec(text)?.[1] ?? null) : null;

/** Statuses that prove that nothing was done. */
const SURE = new Set([400, 401, 403, 404, 413, 429]);
/** True if a request certainly had no effect. */
export function isRefused({ deliveredAt, status, error, answer }: Exchange): boolean {
  if (deliveredAt === null) return false;
  if (error !== null) return error === "ECONNREFUSED";
  if (status !== null && SURE.has(status)) return true;
  return typeof answer === "object" && answer !== null && "statusCode" in answer && answer.statusCode === "ERROR";
}
export const isAnswered = ({ deliveredAt, status }: Exchange): boolean => deliveredAt !== null && status === 200;

export type Write =
  | "create"
  | "update"
  | "close"
  | "queue"
  | "addTag"
  | "createTag"
  | "removeTag"
  | "createNote"
  | "patchMetadata"
  | "priority"
  | "message"
  | "assign"
  | "route";

/** A request that writes, with its step and attempt. */
export interface Sent {
  exchange: Exchange;
  write: Write;
  ledger: Ledger;
  step: Step;
  attempt: Attempt;
}

/** Kind of a write; null: the request reads. `forbidden`: Baton has no reason to send it. */
export function writeOf({ method, path, body }: Exchange): Write | "forbidden" | null {
  if (method === "GET") return null;
  const [room, , part] = path;
  if (method === "PATCH" && room === "conversations" && part === "metadata") return "patchMetadata";
  if (method === "PATCH" && room === "conversations" && part === undefined) {
    const fields = Object.keys(body).join();
    if (body.status === "CLOSED") return fields === "status" ? "close" : "forbidden";
    // An update may reopen it with the context of a new round.
    if (body.status !== undefined) return body.status === "OPEN" && body.summary ? "update" : "forbidden";
    if (fields === "priority") return "priority";
    return fields === "queueId" ? "queue" : "update";
  }
  if (method === "DELETE" && room === "conversations" && part === "tags") return "removeTag";
  if (method === "PUT" && room === "conversations" && part === "assignee") return "assign";
  if (method !== "POST") return "forbidden";
  if (room === "tags") return "createTag";
  if (room !== "conversations") return "forbidden";
  switch (part) {
    case undefined:
      return path.length === 1 ? "create" : "forbidden";
    case "tags":
      return "addTag";
    case "notes":
      return "createNote";
    case "messages":
      return "message";
    case "route":
      return "route";
    default:
      return "forbidden";
  }
}

function isOf({ arguments: args }: Step, write: Write, { body, path }: Exchange): boolean {
  switch (write) {
    case "create":
    case "update":
      return args.kind === "conversation";
    case "close":
      return args.kind === "conversation" || args.kind === "sweep" || args.kind === "release";
    case "assign":
      return args.kind === "release";
    case "priority":
      return args.kind === "priority" && args.priority === body.priority;
    case "message":
      return args.kind === "text" && JSON.stringify(body.content) === JSON.stringify({ text: args.text });
    case "removeTag":
      return args.kind === "untag" && args.tag === path[3];
    case "queue":
      return args.kind === "queue";
    case "addTag":
      return args.kind === "tag" && args.tag === body.tagName;
    case "createTag":
      return args.kind === "tag" && args.tag === body.name;
    case "createNote":
      return args.kind === "words"
        ? args.pages[0] === body.content
        : args.kind === "note" && args.content === body.content;
    case "patchMetadata":
      return args.kind === "metadata";
    case "route":
      return args.kind === "route";
  }
}

/** All tags that a handoff may add. */
export const tagsOf = ({ decision }: Ledger["handoff"]): string[] => [
  ...decision.tags,
  ...decision.waiting.flatMap(({ tags }) => tags),
];

/** Steps of a ledger that may have sent a request. */
export const stepsOf = ({ steps }: Ledger, write: Write, exchange: Exchange): Step[] =>
  steps.filter((step) => isOf(step, write, exchange));
