/** Asks an account where it would route a chat. Every request reads: nothing changes at the platform. */
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import { activeRules, nameOf, predictRoute, type RoutingRule } from "../../infobip/routing/predict-route.ts";
import { unanswered } from "../../infobip/unanswered.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Gate } from "./gate.ts";

export interface RouteQuestion {
  /** A conversation for the platform's own simulation; null: there is none, and the rules are gone through by the tags. */
  conversationId: string | null;
  tags: readonly string[];
  /** Queue that the flow names, by id or name; null: the account's rules choose. */
  queue: string | null;
}

interface RuleMatch {
  rule: string;
  /** Name of the queue; null: it leads to none that exists. */
  queue: string | null;
}

/** Each part is what the account said, or why it said nothing. */
interface AskedRoute {
  kind: "asked";
  /** The platform's own simulation; null: no conversation was named. */
  simulated: Result<{ queue: string | null; priority: string | null }, string> | null;
  /** Rules whose match depends on the chat, and the first one that matches whatever it is; null: none. */
  rules: Result<{ possible: (RuleMatch & { on: string })[]; certain: RuleMatch | null }, string>;
  /** The flow's queue, by its name; `null` inside: the account has none of this id or name. Null: the flow names none. */
  wanted: Result<string | null, string> | null;
  /** Tells whether an agent of the queue to come is available now; null: the queue is not known. */
  agents: { queue: string; isAnybody: Result<boolean, string> } | null;
}

export type RouteForecast =
  | AskedRoute
  /** `held`: the account is left alone for now; `refused`: it refuses our credentials. */
  | { kind: "not-asked"; because: "held" | "refused" | "not-configured" };

type RouteAsked = Pick<ConversationsClient, "simulateRouting" | "routingRules" | "queues" | "isAnybody">;

const toResult = <T>(outcome: Outcome<T>): Result<T, string> =>
  outcome.kind === "ok" ? ok(outcome.value) : err(unanswered(outcome));
const mapResult = <A, B>(result: Result<A, string>, convert: (value: A) => B): Result<B, string> =>
  result.ok ? ok(convert(result.value)) : result;

async function forecastRoute(client: RouteAsked, question: RouteQuestion): Promise<AskedRoute> {
  const { conversationId, tags, queue } = question;
  const [simulation, ruleList, queueList] = await Promise.all([
    conversationId === null ? null : client.simulateRouting(conversationId).then(toResult),
    client.routingRules().then(toResult),
    client.queues().then(toResult),
  ]);
  const live = queueList.ok ? queueList.value.filter(({ deletedAt }) => !deletedAt) : [];
  const find = (idOrName: string) =>
    live.find(({ id }) => id === idOrName) ?? live.findLast(({ name }) => name === idOrName);
  /** Without the list of queues an id is the best name. */
  const queueName = (id: string | null | undefined): string | null =>
    id ? (find(id)?.name ?? (queueList.ok ? null : id)) : null;
  const matchOf = (rule: RoutingRule): RuleMatch => ({ rule: nameOf(rule), queue: queueName(rule.queueId) });

  const routed = mapResult(ruleList, (rules) => predictRoute(activeRules(rules), tags));
  const isCertain = routed.ok && routed.value.possible.length === 0;
  const toCome =
    (queue === null ? null : find(queue)?.id) ??
    (simulation?.ok ? simulation.value?.queueId : null) ??
    (isCertain && simulation === null ? routed.value.certain?.queueId : null) ??
    null;
  const isAnybody = toCome === null ? null : toResult(await client.isAnybody(toCome));
  return {
    kind: "asked",
    simulated:
      simulation && mapResult(simulation, (it) => ({ queue: queueName(it.queueId), priority: it.priority ?? null })),
    rules: mapResult(routed, ({ possible, certain }) => ({
      possible: possible.map(({ rule, on }) => ({ ...matchOf(rule), on })),
      certain: certain && matchOf(certain),
    })),
    wanted: queue === null ? null : mapResult(queueList, () => find(queue)?.name ?? null),
    agents: isAnybody && { queue: queueName(toCome) ?? toCome ?? "", isAnybody },
  };
}

/** Asks the account if requests may be sent to it now. `account`: undefined if it is not configured. */
export async function askForRoute(
  account: { client: RouteAsked; gate: Pick<Gate, "heldUntil" | "isRefused"> } | undefined,
  question: RouteQuestion,
): Promise<RouteForecast> {
  if (account === undefined) return { kind: "not-asked", because: "not-configured" };
  if (account.gate.isRefused()) return { kind: "not-asked", because: "refused" };
  if (account.gate.heldUntil() !== null) return { kind: "not-asked", because: "held" };
  return forecastRoute(account.client, question);
}
