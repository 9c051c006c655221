/** Passes an operator's acts to the operators' interface, which checks the right to act, and audits. */
import { problemViewSchema } from "../http/problem.ts";
import type { ConsoleContext, ConsoleDeps } from "./environment.ts";

const problemSchema = problemViewSchema.pick({ title: true, detail: true });

export type ActResult = { ok: true; response: Response } | { ok: false; status: number; why: string };

/** `path`: of the operators' interface, each part of it encoded. */
export async function performAct(
  { ask }: Pick<ConsoleDeps, "ask">,
  c: ConsoleContext,
  method: "GET" | "POST" | "DELETE",
  path: string,
): Promise<ActResult> {
  const headers = { authorization: `Bearer ${c.get("operator").token}`, "x-request-id": c.env.outer.get("requestId") };
  const response = await ask(new Request(new URL(`/v1${path}`, c.req.url), { method, headers }));
  if (response.ok) return { ok: true, response };
  const problem = problemSchema.safeParse(await response.json().catch(() => null));
  const { title, detail } = problem.data ?? { title: `The answer was ${response.status}` };
  return { ok: false, status: response.status, why: detail === undefined ? `${title}.` : `${title}. ${detail}` };
}
