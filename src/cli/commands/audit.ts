import { auditViewSchema } from "../../http/views/audit-view.ts";
import { ask, type ServiceOptions } from "../support/operator.ts";
import { faint, printJson, printTable } from "../support/print.ts";

interface ListOptions extends ServiceOptions {
  operator?: string;
  act?: string;
  handoff?: string;
  before?: string;
  limit: string;
}

/** Prints the operators' actions, the newest first. */
export async function listAudit({ operator, act, handoff, before, limit, ...options }: ListOptions): Promise<void> {
  const given = { operator, act, handoff, before, limit };
  const filter: [string, string | undefined][] = Object.entries(given);
  const query = new URLSearchParams(filter.filter((it): it is [string, string] => Boolean(it[1])));
  const body = await ask(`/v1/audit?${query}`, options);
  if (options.json) return printJson(body);
  const { entries, next } = auditViewSchema.parse(body);
  if (entries.length === 0) return console.log("No operator has acted.");
  const rows = entries.map((it) => [
    it.at.slice(0, 19).replace("T", " "),
    it.operator,
    it.act,
    it.handoff ?? it.bot,
    it.outcome ?? "broke off",
    it.requestId,
  ]);
  printTable(["at (UTC)", "operator", "act", "of", "outcome", "request"], rows);
  if (next !== null) console.log(faint(`There are older ones: --before ${next} shows them.`));
}
