/** Shows which recorded chats a changed flow would handle differently. */
import { html } from "hono/html";
import { type ChangeKind, describeOutcome } from "../../../escalation/backtest.ts";
import type { Backtest } from "../../../handoff/backtest.ts";
import { counted, dayTime, number } from "../../format.ts";
import type { Html } from "../../page.ts";
import { addressOf, badge, notice, type Tone, table } from "../../parts.ts";

const SHOWN = 50;
const KINDS: Record<ChangeKind, readonly [says: string, tone: Tone]> = {
  "handed over": ["would be handed over, and are not today", "warn"],
  "not handed over": ["would stay with the bot, and are handed over today", "warn"],
  "handed over otherwise": ["would be handed over otherwise", ""],
  "asked or refused otherwise": ["would be asked or refused otherwise", ""],
};

function verdict({ rounds, chats, events, changes }: Backtest): Html {
  const changed = changes.reduce((sum, [, count]) => sum + count, 0);
  const over = `${counted(events, "event")} in ${counted(rounds, "round")} of ${counted(chats, "chat")}`;
  if (rounds === 0) return notice("No bot of this flow reported anything in that time.");
  if (changed === 0) return notice(`Nothing would change, over ${over}.`, "good");
  const share = ((changed / rounds) * 100).toFixed(1);
  return notice(
    html`<b>${counted(changed, "round")} would come out differently</b>, ${share} % of all, over ${over}.`,
    "warn",
  );
}

export function backtestResult(result: Backtest): Html {
  const { changes, differences, unlike, cutAt } = result;
  const changed = changes.reduce((sum, [, count]) => sum + count, 0);
  const rows = differences.slice(0, SHOWN).map((it) => ({
    cells: [
      html`<a href="${addressOf("/console/sessions", { bot: it.bot, session: it.session })}" class="id">${it.session}</a><br><span class="faint small">${it.bot}</span>`,
      dayTime((it.before ?? it.after)?.at ?? 0),
      html`<span class="small">${describeOutcome(it.before, it.fields)}</span>`,
      html`<span class="small">${describeOutcome(it.after, it.fields)}</span>`,
    ],
  }));
  return html`<section aria-labelledby="result"><h2 id="result">Result</h2><div role="status">${verdict(result)}</div>
${cutAt === null ? "" : notice(html`The comparison ended at its limit: it has the chats with an event after ${dayTime(cutAt)}, not the older ones. <code>npx baton flows backtest</code> has no limit.`)}
${changes.length === 0 ? "" : html`<ul>${changes.map(([kind, count]) => html`<li>${badge(number(count), KINDS[kind][1])} ${KINDS[kind][0]}</li>`)}</ul>`}
${rows.length === 0 ? "" : table(changed > rows.length ? `The newest ${SHOWN} of them` : "The rounds", ["Session", "When", "As it is", "With the change"], rows)}
${unlike === 0 ? "" : html`<p class="faint small">In ${counted(unlike, "round")} the flow decides otherwise today than was recorded. It has changed since, or the record lacks what a rule looked at.</p>`}
<p class="faint small">The record holds what redaction left of each event, for as long as it is kept. Working hours at Infobip count as open. A round ends where a handoff was opened: nobody knows what the customer would have said without it.</p></section>`;
}
