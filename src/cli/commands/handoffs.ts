import {
  handoffListViewSchema,
  type LedgerView,
  ledgerViewSchema,
  rebuiltViewSchema,
  retriedViewSchema,
} from "../../http/views/handoff-view.ts";
import { ask, type ServiceOptions } from "../support/operator.ts";
import { bad, Failure, faint, printFields, printJson, printTable } from "../support/print.ts";

interface FilterOptions extends ServiceOptions {
  bot?: string;
  flow?: string;
  reason?: string;
  tag?: string;
}
interface ListOptions extends FilterOptions {
  state?: string;
  late?: boolean;
  limit: string;
}

const queryOf = (given: Readonly<Record<string, string | undefined>>): URLSearchParams =>
  new URLSearchParams(Object.entries(given).filter((it): it is [string, string] => Boolean(it[1])));

const short = (time: string): string => time.slice(0, 19).replace("T", " ");

export async function listHandoffs(given: ListOptions): Promise<void> {
  const { state, bot, flow, reason, tag, late, limit, ...options } = given;
  const query = queryOf({ state, bot, flow, reason, tag, limit, late: late ? "true" : undefined });
  const body = await ask(`/v1/handoffs?${query}`, options);
  if (options.json) return printJson(body);
  const { handoffs, next } = handoffListViewSchema.parse(body);
  if (handoffs.length === 0) return console.log("No handoff.");
  const shownState = ({ state: is, lateSince }: (typeof handoffs)[number]): string =>
    lateSince !== null && (is === "pending" || is === "routed") ? `${is}, late` : is;
  const rows = handoffs.map((it) => [it.id, shownState(it), it.bot, it.reason, it.conversationId, short(it.createdAt)]);
  printTable(["id", "state", "bot", "reason", "conversation", "since (UTC)"], rows);
  if (next !== null) console.log(faint("There are older ones: --limit shows more."));
}

function print(handoff: LedgerView): void {
  printFields({
    id: handoff.id,
    state: handoff.state === "parked" ? bad(handoff.state) : handoff.state,
    because: handoff.parkedBecause ?? handoff.returnedBecause,
    until: handoff.state !== "deferred" || handoff.deferredUntil === null ? null : short(handoff.deferredUntil),
    "late since": handoff.lateSince === null ? null : short(handoff.lateSince),
    control: handoff.control,
    bot: handoff.bot,
    session: handoff.session,
    reason: handoff.rule === handoff.reason ? handoff.reason : `${handoff.reason} (rule ${handoff.rule})`,
    conversation: handoff.conversationId,
    "instead of": handoff.replaces.join(", "),
    continues: handoff.continues,
    agent: handoff.agentId,
    tags: handoff.tags.join(", "),
    priority: handoff.priority,
    queue: handoff.queue,
    since: short(handoff.createdAt),
    routed: handoff.routedAt === null ? null : short(handoff.routedAt),
    next: handoff.nextAttemptAt === null ? null : short(handoff.nextAttemptAt),
  });
  console.log();
  const rows = handoff.steps.flatMap(({ name, state, attempts }) => {
    const tries = attempts.map(({ at, ms, outcome, status, reason, requestId }) => [
      short(at),
      ms === null ? null : `${ms} ms`,
      [outcome ?? "on its way", reason].filter(Boolean).join(", "),
      status === null ? null : String(status),
      requestId,
    ]);
    return (tries.length === 0 ? [[]] : tries).map((it, index) => [
      index === 0 ? name : "",
      index === 0 ? state : "",
      ...it,
    ]);
  });
  printTable(["step", "state", "attempt (UTC)", "took", "outcome", "status", "request"], rows);
  const setAside = handoff.steps.filter((step) => "callback" in step).filter(({ state }) => state === "refused");
  if (setAside.length === 0) return;
  console.log(
    `\nSet aside, so the bot was not told. To send them again: npx baton handoffs resend ${handoff.id} [callback]`,
  );
  printTable(
    ["callback", "id", "because"],
    setAside.map(({ name, callback, setAsideBecause }) => [name, callback, setAsideBecause]),
  );
}

export async function showHandoff(id: string, options: ServiceOptions): Promise<void> {
  const body = await ask(`/v1/handoffs/${encodeURIComponent(id)}`, options);
  if (options.json) printJson(body);
  else print(ledgerViewSchema.parse(body));
}

const act = async (id: string, what: "retry" | "cancel", options: ServiceOptions): Promise<void> => {
  const body = await ask(`/v1/handoffs/${encodeURIComponent(id)}/${what}`, options, { method: "POST" });
  if (options.json) printJson(body);
  else print(ledgerViewSchema.parse(body));
};

async function retryAll({ bot, flow, reason, tag, ...options }: FilterOptions): Promise<void> {
  const query = queryOf({ bot, flow, reason, tag });
  const body = await ask(`/v1/handoffs/retry?${query}`, options, { method: "POST" });
  const { retried, failed, more } = retriedViewSchema.parse(body);
  if (options.json) printJson(body);
  else {
    console.log(retried === 0 && failed.length === 0 ? "No parked handoff is like that." : `${retried} go on.`);
    if (failed.length > 0)
      printTable(
        ["not retried", "state", "because"],
        failed.map(({ id, state, detail }) => [id, state, detail]),
      );
    if (more) console.log("There are more: the same command again goes on with them.");
  }
  if (failed.length > 0) process.exitCode = 1;
}

/** Resumes a parked handoff from its first unfinished step, or all that the options match. */
export async function retryHandoff(
  id: string | undefined,
  { all, ...options }: FilterOptions & { all?: boolean },
): Promise<void> {
  const isFiltered = [options.bot, options.flow, options.reason, options.tag].some((it) => it !== undefined);
  if (all === true ? id !== undefined : id === undefined || isFiltered) {
    throw new Failure("Give the id of one handoff, or --all with --bot, --flow, --reason or --tag.", 2);
  }
  if (id === undefined) return retryAll(options);
  return act(id, "retry", options);
}

/** Sends nothing more for a handoff, and gives the bot its customer back. */
export const cancelHandoff = (id: string, options: ServiceOptions): Promise<void> => act(id, "cancel", options);

/** Gives the bot its customer back for good: the agent does not get them again. */
export async function endHandoff(
  id: string,
  { close, ...options }: ServiceOptions & { close?: boolean },
): Promise<void> {
  const path = `/v1/handoffs/${encodeURIComponent(id)}/end${close ? "?close=true" : ""}`;
  const body = await ask(path, options, { method: "POST" });
  if (options.json) printJson(body);
  else print(ledgerViewSchema.parse(body));
}

/** Resends callbacks that were set aside: one, or all of a handoff. */
export async function resendCallbacks(
  id: string,
  callback: string | undefined,
  options: ServiceOptions,
): Promise<void> {
  const path = [id, ...(callback === undefined ? [] : ["callbacks", callback]), "resend"].map(encodeURIComponent);
  const body = await ask(`/v1/handoffs/${path.join("/")}`, options, { method: "POST" });
  if (options.json) printJson(body);
  else print(ledgerViewSchema.parse(body));
}

const OBJECTS_AT_ONCE = 100;

/** Rebuilds the lists on Workers: the sessions' objects with the ids on standard input project everything again. */
export async function rebuildLists(options: ServiceOptions): Promise<void> {
  process.stdin.setEncoding("utf8");
  const input = (await process.stdin.toArray()).join("");
  const objects = input.split(/\s+/).filter((id) => id !== "");
  if (objects.length === 0) throw new Failure("No id came on standard input: give those of the sessions' objects.", 2);
  let told = 0;
  for (let at = 0; at < objects.length; at += OBJECTS_AT_ONCE) {
    const body = JSON.stringify({ objects: objects.slice(at, at + OBJECTS_AT_ONCE) });
    told += rebuiltViewSchema.parse(await ask("/v1/handoffs/rebuild", options, { method: "POST", body })).told;
  }
  if (options.json) return printJson({ objects: objects.length, told });
  console.log(`${told} of ${objects.length} objects told the lists everything again.`);
  if (told < objects.length) throw new Failure("The others did not; the Worker's log says why.");
}
