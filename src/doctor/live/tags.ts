import type { Flow } from "../../escalation/flow.ts";
import type { ConversationsClient } from "../../infobip/client.ts";
import { unanswered } from "../../infobip/unanswered.ts";
import { type Check, checksOf, list } from "../check.ts";
import { tagsOf } from "../flow-checks.ts";

/** Reduces a tag to letters and digits: people easily confuse tags that differ in the rest, or in case. */
const lettersOf = (tag: string): string => tag.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Checks the tags that flows name. Baton creates missing ones. */
export async function tagChecks(
  area: string,
  client: Pick<ConversationsClient, "tags">,
  flows: readonly Flow[],
): Promise<Check[]> {
  const checks = checksOf(area);
  const outcome = await client.tags();
  if (outcome.kind !== "ok") return [checks.warning("tags", `they could not be read: ${unanswered(outcome)}`)];
  const existing = new Set(outcome.value.map(({ name }) => name));
  const named = [...new Set(flows.flatMap((flow) => [...tagsOf(flow), ...flow.handBack.removeTags]))];
  const missing = named.filter((tag) => !existing.has(tag));
  const twins = missing.flatMap((tag) => {
    const twin = [...existing].find((other) => lettersOf(other) === lettersOf(tag));
    if (twin === undefined) return [];
    const isCase = twin.toLowerCase() === tag.toLowerCase();
    const why = isCase
      ? "the documentation does not say whether case matters"
      : "a rule that routes by it sees no other tag";
    return [`'${tag}' is '${twin}' in the account: ${why}`];
  });
  const says =
    missing.length === 0
      ? `all of the flows are there: ${list(named)}`
      : `${list(missing)}: not there yet, Baton creates them when they are first needed; there are ${list(named.filter((tag) => existing.has(tag))) || "none of the flows"}`;
  return [
    checks.ok("tags", says),
    ...twins.map((twin) => checks.warning("tags", `${twin}; write it as the account does`)),
  ];
}
