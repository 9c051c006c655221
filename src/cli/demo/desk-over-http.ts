/** An agent's desk of the emulator inside a running service. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { REFUSALS } from "../../emulator/desk/routes.ts";
import type { Action } from "../../replay/sample-step.ts";
import { Failure } from "../support/print.ts";

const stateSchema = z.object({
  agents: z.array(z.object({ id: z.string(), displayName: z.string() })),
  bots: z.array(z.object({ id: z.string() })),
});
const refusedSchema = z.object({ title: z.string() });
/** The push of an agent's action arrives and takes effect within this time. */
const PUSHED_WITHIN_MS = 500;

type Work = Extract<Action, { kind: "desk" | "written" }>;

/** Returns the path below a conversation, and the body to post there. */
function requestOf(deed: Work, agentId: string, botId: string): [path: string, body: object] {
  if (deed.kind === "written") return ["write", { text: deed.customerWrites }];
  switch (deed.does) {
    case "take":
      return ["take", { agentId }];
    case "reply":
      return ["reply", { agentId, text: deed.text }];
    case "solve":
      return ["status", { agentId, status: "SOLVED" }];
    case "close":
      return ["status", { agentId, status: "CLOSED" }];
    case "reopen":
      return ["status", { agentId, status: "OPEN" }];
    case "give-to-bot":
      return ["assign", { agentId, to: botId }];
  }
}

/** Null: no emulator's desk is at `url`. */
export async function deskOverHttp(url: string) {
  const answer = await fetch(new URL("/emulator/state", url)).catch(() => null);
  const state = answer?.ok === true ? stateSchema.parse(await answer.json()) : null;
  if (state === null) return null;

  return async (deed: Work, conversationId: string): Promise<object> => {
    const agent = deed.kind === "desk" ? state.agents.find((it) => it.displayName === deed.agent) : undefined;
    const [path, body] = requestOf(deed, agent?.id ?? "", state.bots[0]?.id ?? "");
    const done = await fetch(
      new URL(`/emulator/desk/conversations/${encodeURIComponent(conversationId)}/${path}`, url),
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      },
    );
    await sleep(PUSHED_WITHIN_MS);
    if (done.ok) return {};
    const refused = refusedSchema.safeParse(await done.json().catch(() => null));
    const [reason] = Object.entries(REFUSALS).find(([, [, title]]) => title === refused.data?.title) ?? [];
    if (reason === undefined) throw new Failure(`The desk answered ${done.status} to '${path}'.`);
    return { refused: reason };
  };
}
