import type { Flow } from "../../escalation/flow.ts";
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import { unanswered } from "../../infobip/unanswered.ts";
import { type Check, checksOf, list } from "../check.ts";
import { count } from "../figures.ts";

type Listed<T> = T extends Promise<Outcome<(infer Item)[]>> ? Item : never;
type Queue = Listed<ReturnType<ConversationsClient["queues"]>>;

/** The account's live queues, by id and by name. */
export interface Queues {
  find: (idOrName: string) => Queue | undefined;
  /** Returns the queue's name, or the id of a queue without one. */
  nameOf: (id: string) => string;
  /** Number of queues with this name. */
  named: (name: string) => number;
}

export function queuesOf(all: readonly Queue[]): Queues {
  const live = all.filter(({ deletedAt }) => !deletedAt);
  const find = (idOrName: string): Queue | undefined =>
    live.find(({ id }) => id === idOrName) ?? live.findLast(({ name }) => name === idOrName);
  return {
    find,
    nameOf: (id) => live.find((queue) => queue.id === id)?.name ?? id,
    named: (wanted) => live.filter(({ name }) => name === wanted).length,
  };
}

/** Finds the queues that flows name, with the places of the names. */
function mentions(flows: readonly Flow[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (queue: string | undefined, where: string): void => {
    if (queue !== undefined) found.set(queue, [...(found.get(queue) ?? []), where]);
  };
  for (const { name, conversation, rules, queues, noAgent, accept } of flows) {
    add(conversation.queue, `flow ${name}`);
    for (const rule of rules) {
      add(rule.queue, `rule ${rule.name} of ${name}`);
      add(rule.noAgent?.queue, `noAgent of rule ${rule.name} of ${name}`);
    }
    for (const { queue } of queues) add(queue, `queues of ${name}`);
    add(noAgent?.queue, `noAgent of ${name}`);
    for (const queue of accept.queues ?? []) add(queue, `accept of ${name}`);
  }
  return found;
}

export function queueChecks(area: string, flows: readonly Flow[], queues: Queues): Check[] {
  const checks = checksOf(area);
  const named = [...mentions(flows)];
  if (named.length === 0) return [checks.ok("queues", "the flows name none: the routing rules choose")];
  return named.map(([queue, where]) => {
    const found = queues.find(queue);
    const by = `named by ${list(where)}`;
    if (found === undefined) {
      return checks.failure(
        `queue ${queue}`,
        `the account has none of this id or name: it would be left out, and the routing rules alone choose; ${by}`,
      );
    }
    if (found.id !== queue && queues.named(queue) > 1) {
      return checks.warning(`queue ${queue}`, `several have this name; name the one meant by its id; ${by}`);
    }
    return checks.ok(`queue ${queue}`, by);
  });
}

/** Ids of the queues that flows name. */
export const queueIdsOf = (flows: readonly Flow[], queues: Queues): string[] =>
  [...mentions(flows).keys()].flatMap((queue) => queues.find(queue)?.id ?? []);

/** Checks each queue for available agents. */
export async function agentChecks(
  area: string,
  client: Pick<ConversationsClient, "agents">,
  queueIds: Iterable<string>,
  queues: Queues,
): Promise<Check[]> {
  const checks = checksOf(area);
  const known = [...new Set(queueIds)].filter((id) => queues.find(id) !== undefined);
  return Promise.all(
    known.map(async (id) => {
      const name = `agents of ${queues.nameOf(id)}`;
      const outcome = await client.agents({ queueIds: [id] });
      if (outcome.kind !== "ok") return checks.warning(name, `they could not be read: ${unanswered(outcome)}`);
      const enabled = outcome.value.filter((agent) => agent.enabled !== false);
      const available = enabled.filter(({ availability }) => availability === "ACTIVE").length;
      if (enabled.length === 0) return checks.warning(name, "it has no agent, so nobody takes its chats");
      if (available === 0) return checks.warning(name, `none of ${enabled.length} is available now`);
      return checks.ok(name, `${available} of ${count(enabled.length, "agent")} available now`);
    }),
  );
}
