/** The invariants of docs/architecture.md, by number, over what the platform was sent and holds, and over the record. */
import type { Ledger, Step } from "../../src/sessions/ledger.ts";
import type { Exchange } from "./network.ts";

export interface Violation {
  invariant: number;
  what: string;
}

const TOKEN = /\[(ho-[^\]]+)\]/;
export const tokenIn = (text: unknown): string | null =>
  typeof text === "string" ? (TOKEN.exec(text)?.[1] ?? null) : null;

/** Statuses that say that surely nothing was done. */
const SURE = new Set([400, 401, 403, 404, 413, 429]);
/** Whether nobody can be in doubt that a request had no effect. */
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
  | "createNote"
  | "patchMetadata"
  | "route";

/** What a request writes; null: it reads. `forbidden`: nothing that Baton has a reason to send. */
export function writeOf({ method, path, body }: Exchange): Write | "forbidden" | null {
  if (method === "GET") return null;
  const [room, , part] = path;
  if (method === "PATCH" && room === "conversations" && part === "metadata") return "patchMetadata";
  if (method === "PATCH" && room === "conversations" && part === undefined) {
    if (body.status !== undefined) return body.status === "CLOSED" ? "close" : "forbidden";
    return Object.keys(body).join() === "queueId" ? "queue" : "update";
  }
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
    case "route":
      return "route";
    default:
      return "forbidden";
  }
}

function isOf({ arguments: args }: Step, write: Write, body: Exchange["body"]): boolean {
  switch (write) {
    case "create":
    case "update":
      return args.kind === "conversation";
    case "close":
      return args.kind === "conversation" || args.kind === "sweep";
    case "queue":
      return args.kind === "queue";
    case "addTag":
      return args.kind === "tag" && args.tag === body.tagName;
    case "createTag":
      return args.kind === "tag" && args.tag === body.name;
    case "createNote":
      return args.kind === "note" && args.content === body.content;
    case "patchMetadata":
      return args.kind === "metadata";
    case "route":
      return args.kind === "route";
  }
}

/** The steps of a ledger that a request can be of. */
export const stepsOf = ({ steps }: Ledger, write: Write, { body }: Exchange): Step[] =>
  steps.filter((step) => isOf(step, write, body));
