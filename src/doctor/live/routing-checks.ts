import type { Flow } from "../../escalation/flow.ts";
import { hasPlaceholder } from "../../escalation/tag.ts";
import {
  activeRules,
  findShadowed,
  nameOf,
  predictRoute,
  type RoutingRule,
} from "../../infobip/routing/predict-route.ts";
import { type Check, checksOf, list } from "../check.ts";
import type { Queues } from "./queues.ts";

/** A setting of the account decides about a chat that no rule matches. */
const NO_RULE = "then it is in no queue, or in the account's default queue";

/** A handoff as its flow opens it. */
interface Chat {
  flow: Flow;
  rule: string;
  tags: string[];
  /** Queue that the flow wants; null: none. */
  queue: string | null;
}

const handingOver = ({ rules }: Flow): Flow["rules"] => rules.filter((rule) => rule.do === "hand-over");

/** Data of a chat gives further tags, which nobody knows yet. */
const knownTags = (...tags: string[]): string[] => [...new Set(tags.filter((tag) => !hasPlaceholder(tag)))];

/** One chat for each rule, and one for a bot's own request that no rule covers. */
const chatsOf = (flows: readonly Flow[]): Chat[] =>
  flows.flatMap((flow) => [
    ...handingOver(flow).map(({ name, tags, queue }) => ({
      flow,
      rule: name,
      tags: knownTags(...flow.tags, ...tags),
      queue: queue ?? flow.conversation.queue ?? null,
    })),
    ...(flow.rules.some(({ when }) => when.some(takesEveryRequest))
      ? []
      : [{ flow, rule: "requested", tags: knownTags(...flow.tags), queue: flow.conversation.queue ?? null }]),
  ]);

const takesEveryRequest = ({ event, ...others }: Flow["rules"][number]["when"][number]): boolean =>
  event?.includes("handoff.requested") === true && Object.values(others).every((value) => value === undefined);

function leadsTo(rule: RoutingRule, queues: Queues): string {
  const queue = rule.queueId ? (queues.find(rule.queueId)?.name ?? `${rule.queueId}, which is gone`) : "no queue";
  return `${nameOf(rule)} → ${queue}`;
}

/** Predicts how the rules treat a flow that names a queue. */
function againstQueue({ queue, flow }: Chat, led: string | null | undefined, queues: Queues): string | null {
  const wanted = queue === null ? undefined : queues.find(queue);
  if (wanted === undefined || wanted.id === led) return null;
  if (flow.conversation.keepQueue === "enforce") return null;
  return `the flow asks for ${wanted.name}, and whether a route keeps a queue is not documented: keepQueue 'enforce' puts it back`;
}

function chatCheck(area: string, chat: Chat, rules: readonly RoutingRule[], queues: Queues): Check {
  const checks = checksOf(area);
  const name = `routing of ${chat.flow.name}/${chat.rule}`;
  const { possible, certain } = predictRoute(rules, chat.tags);
  const ways = possible.map(({ rule, on }) => `${leadsTo(rule, queues)} depending on ${on}`);
  const tags = `[${chat.tags.join(", ")}]`;
  const router = chat.flow.routedBy === "answers" ? "; the chatbot's To agent element routes it" : "";
  const wanted = chat.queue === null ? undefined : queues.find(chat.queue);
  const isKept = wanted !== undefined && chat.flow.conversation.keepQueue === "enforce";

  if (certain === null) {
    const matches = ways.length > 0 ? `${ways.join("; or ")}; else no rule matches` : "no routing rule matches";
    if (isKept) return checks.ok(name, `${tags} ${matches}, and Baton puts it into ${wanted.name}${router}`);
    const asked = wanted === undefined ? "" : `, unless the route keeps ${wanted.name}, for which the flow asks`;
    return checks.warning(name, `${tags} ${matches}: ${NO_RULE}${asked}${router}`);
  }
  const says = `${tags} ${[...ways, leadsTo(certain, queues)].join("; else ")}`;
  const enforced = isKept && certain.queueId !== wanted.id ? `, and Baton puts it into ${wanted.name}` : "";
  const isGone = !certain.queueId || queues.find(certain.queueId) === undefined;
  if (isGone && !isKept) return checks.warning(name, `${says}: correct that routing rule${router}`);
  const against = againstQueue(chat, certain.queueId, queues);
  if (against !== null) return checks.warning(name, `${says}; ${against}${router}`);
  return checks.ok(name, `${says}${enforced}${router}`);
}

/** Predicts by tags where the routing rules send each handoff of the flows, and collects those queues. */
export function routingChecks(
  area: string,
  flows: readonly Flow[],
  all: readonly RoutingRule[],
  queues: Queues,
): { checks: Check[]; queueIds: string[] } {
  const checks = checksOf(area);
  const rules = activeRules(all);
  const off = all.length - rules.length;
  const chats = chatsOf(flows);
  const taken = findShadowed(
    rules,
    chats.map(({ tags }) => tags),
  );
  const count = `${rules.length} in force${off > 0 ? `, ${off} switched off` : ""}`;
  return {
    checks: [
      rules.length === 0
        ? checks.warning("routing rules", `there are none (${count}): a chat goes to no queue, or to the default queue`)
        : checks.ok("routing rules", `${count}: ${list(rules.map(nameOf))}`),
      ...taken.map(({ rule, by }) =>
        checks.warning(
          `routing rule ${nameOf(rule)}`,
          `gets no chat of these flows: ${list(by.map(nameOf))} ${by.length > 1 ? "take" : "takes"} them before; put it further up`,
        ),
      ),
      ...chats.map((chat) => chatCheck(area, chat, rules, queues)),
    ],
    queueIds: chats.flatMap(({ tags }) => {
      const { possible, certain } = predictRoute(rules, tags);
      return [...possible.map(({ rule }) => rule), ...(certain === null ? [] : [certain])].flatMap(
        ({ queueId }) => queueId ?? [],
      );
    }),
  };
}
