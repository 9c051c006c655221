/** Guards the operators' routes, and audits every action there. */
import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Operator } from "../../config/operators.ts";
import { firstFound, sessionNamesOf } from "../../events/reading/session-name.ts";
import type { Act } from "../../store/audit-log.ts";
import type { Env } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { ANY, isActOnMany } from "../methods.ts";
import { type Problem, problem } from "../problem.ts";
import { createAudited } from "./audited.ts";
import { hintOf } from "./credentials-hint.ts";
import { createRecogniseOperator } from "./recognise-operator.ts";
import { peerOf } from "./refusals.ts";

type OperatorAccessDeps = Pick<AppDeps, "core" | "flows" | "operators" | "audit" | "now" | "log" | "refusals">;

const LOOKS = new Set(["GET", "HEAD"]);
/** Reading what a person said counts as an action, though it changes nothing. */
const READS_OF_A_PERSON = new Set(["export", "history"]);
/** A dry run takes a payload and changes nothing. */
const DRY_RUN = "explain";
/** Our own ids have this form; anything else in a path may be somebody's phone number. */
const OWN_ID = /^0[0-9A-Z-]{3,60}$/;

/** Names the action of a request: `retry`, `resend`; `erase` for a DELETE. Null: it only reads, or there is no such action. */
function actOf(method: string, route: string, path: string): string | null {
  const { act } = partsOf(route, path);
  if (act !== undefined) return isActOnMany(act) ? act : null;
  const last = route.split("/").findLast((segment) => !segment.startsWith(":")) ?? "";
  if (last === DRY_RUN) return null;
  if (LOOKS.has(method)) return READS_OF_A_PERSON.has(last) ? last : null;
  return method === "DELETE" ? "erase" : last;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Returns the parts of a path by their names in the route. */
function partsOf(route: string, path: string): Readonly<Record<string, string>> {
  const given = path.split("/");
  return Object.fromEntries(
    route
      .split("/")
      .flatMap((segment, at) => (segment.startsWith(":") ? [[segment.slice(1), decoded(given[at] ?? "")]] : [])),
  );
}

const ownId = (id: string | undefined): string | null => (id !== undefined && OWN_ID.test(id) ? id : null);

export function createOperatorAccess(deps: OperatorAccessDeps): MiddlewareHandler<Env> {
  const { core } = deps;
  const audited = createAudited(deps);
  const recognise = createRecogniseOperator(deps.operators);

  /** A session's id may be personal, and must be gone after an erasure: its bot and its last handoff stand for it. */
  async function subjectOf(route: string, path: string): Promise<Pick<Act, "bot" | "handoffId" | "callbackId">> {
    const { bot, session, id, callback } = partsOf(route, path);
    if (bot === undefined || session === undefined) {
      return { bot: null, handoffId: ownId(id), callbackId: ownId(callback) };
    }
    const view = await firstFound(sessionNamesOf(session), (name) => core.session(bot, name));
    return { bot: deps.flows.has(bot) ? bot : null, handoffId: view?.lastHandoff?.id ?? null, callbackId: null };
  }

  function refuse(c: Context<Env>): Problem {
    const reason = c.req.header("authorization") === undefined ? "no-credentials" : "wrong-credentials";
    const about = { name: null, peer: peerOf(c), reason, requestId: c.get("requestId") };
    const wait = deps.refusals.refuse({ surface: "operator", ...about });
    return wait === null
      ? { kind: "unauthenticated", hint: hintOf(c.req.raw) }
      : { kind: "too-many-refusals", retryAfterSeconds: wait };
  }

  async function perform(c: Context<Env>, operator: Operator, act: string, route: string, next: () => Promise<void>) {
    let refused: Response | undefined;
    const subject = await subjectOf(route, c.req.path);
    await audited(c, { operator: operator.name, act, ...subject }, async () => {
      if (operator.mayAct) await next();
      else refused = problem(c, { kind: "read-only" });
      const kind = c.get("problemKind");
      return kind === undefined ? null : { kind };
    });
    return refused;
  }

  return async (c, next) => {
    const route = matchedRoutes(c).findLast(({ method }) => method !== ANY)?.path;
    // No such route exists, so nothing needs a guard.
    if (route === undefined) return next();
    const operator = recognise(c.req.header("authorization"));
    if (operator === null) return problem(c, refuse(c));
    c.set("operator", operator);
    const act = actOf(c.req.method, route, c.req.path);
    return act === null ? next() : perform(c, operator, act, route, next);
  };
}
