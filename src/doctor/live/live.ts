/** Checks with an account everything that flows name. Every call reads. */

import type { Flow } from "../../escalation/flow.ts";
import { isSchedule } from "../../escalation/hours.ts";
import { type ConversationsClient, createConversationsClient } from "../../infobip/client.ts";
import { HEADER_VALUE } from "../../infobip/request.ts";
import { unanswered } from "../../infobip/unanswered.ts";
import { type Check, type Checks, checksOf, list } from "../check.ts";
import { count } from "../figures.ts";
import { accountChecks } from "./account.ts";
import { agentChecks, queueChecks, queueIdsOf, queuesOf } from "./queues.ts";
import { routingChecks } from "./routing-checks.ts";
import { tagChecks } from "./tags.ts";

export interface LiveDeps {
  account: string;
  connection: { baseUrl: string; apiKey: string };
  /** All flows; those of other accounts are skipped. */
  flows: readonly Flow[];
  fetch: (request: Request) => Promise<Response>;
  now: () => number;
}

async function hoursChecks(client: ConversationsClient, flows: readonly Flow[], checks: Checks): Promise<Check[]> {
  const asked = flows.flatMap(({ name, hours }) =>
    hours === undefined || isSchedule(hours) ? [] : [{ flow: name, id: hours.workingHoursId }],
  );
  return Promise.all(
    asked.map(async ({ flow, id }) => {
      const name = `working hours of ${flow}`;
      const outcome = await client.workingHoursStatus(id);
      if (outcome.kind === "ok") return checks.ok(name, `${id} says ${outcome.value.status} now`);
      const isUnknown = outcome.kind === "refused" && outcome.refusal.reason === "unknown-id";
      if (!isUnknown) return checks.warning(name, `${id} could not be read: ${unanswered(outcome)}`);
      return checks.failure(name, `the account has no working hours ${id}: the flow counts as open at all times`);
    }),
  );
}

async function botsCheck(client: ConversationsClient, checks: Checks): Promise<Check> {
  const outcome = await client.bots();
  if (outcome.kind !== "ok") {
    return checks.warning(
      "bots",
      `they could not be read: ${unanswered(outcome)}; without them Baton routes no conversation with an assignee`,
    );
  }
  if (outcome.value.length > 0) {
    return checks.ok(
      "bots",
      `${count(outcome.value.length, "bot")} in the account; any other assignee counts as a person`,
    );
  }
  return checks.warning(
    "bots",
    "the account lists none: a conversation that a bot has counts as a person's, and is not routed away from it",
  );
}

export async function liveChecks({ account, connection, flows: all, fetch, now }: LiveDeps): Promise<Check[]> {
  const area = `account ${account}`;
  const checks = checksOf(area);
  const flows = all.filter((flow) => flow.account === account);
  if (!HEADER_VALUE.test(connection.apiKey)) {
    return [
      checks.failure("credentials", "the API key cannot be sent: it has a line break, a space at an end, or the like"),
    ];
  }
  let date: string | null = null;
  const client = createConversationsClient({
    ...connection,
    now,
    fetch: async (request) => {
      const response = await fetch(request);
      date = response.headers.get("date");
      return response;
    },
  });
  const { found, isOpen } = await accountChecks({ area, account, client, now, date: () => date });
  if (!isOpen)
    return [...found, checks.skipped("flows", "what they name is not looked for: the account does not answer")];
  if (flows.length === 0) return [...found, checks.ok("flows", "none is for this account")];

  const [tags, queueList, rules, bots, hours] = await Promise.all([
    tagChecks(area, client, flows),
    client.queues(),
    client.routingRules(),
    botsCheck(client, checks),
    hoursChecks(client, flows, checks),
  ]);
  const about = [...found, checks.ok("flows", list(flows.map(({ name }) => name))), bots, ...hours, ...tags];
  if (queueList.kind !== "ok") {
    return [...about, checks.warning("queues", `they could not be read: ${unanswered(queueList)}`)];
  }
  const queues = queuesOf(queueList.value);
  const routing =
    rules.kind === "ok"
      ? routingChecks(area, flows, rules.value, queues)
      : {
          checks: [checks.warning("routing rules", `they could not be read: ${unanswered(rules)}`)],
          queueIds: [],
        };
  const agents = await agentChecks(area, client, [...queueIdsOf(flows, queues), ...routing.queueIds], queues);
  return [...about, ...queueChecks(area, flows, queues), ...routing.checks, ...agents];
}
