import { problemViewSchema } from "../../http/problem.ts";
import { Failure } from "./print.ts";
import { trustedUrl } from "./service-url.ts";

export interface ServiceOptions {
  url?: string;
  json?: boolean;
}

const problemSchema = problemViewSchema.pick({ title: true, detail: true, issues: true });

/** Sends a request to the service as its operator. A refusal ends the command. `absent`: says what a 404 means. */
export async function ask(
  path: string,
  { url: given }: ServiceOptions,
  init: RequestInit = {},
  absent?: string,
): Promise<unknown> {
  const url = trustedUrl(given);
  const token = process.env.OPERATOR_TOKEN;
  if (!token) {
    throw new Failure("OPERATOR_TOKEN is not set; in the emulator's mode the service prints one when it starts.", 2);
  }
  let answer: Response;
  try {
    answer = await fetch(new URL(path, url), {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
    });
  } catch {
    throw new Failure(`No Baton answers at ${url}. Start it, or name another with --url.`);
  }
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return body;
  if (answer.status === 404 && absent !== undefined) throw new Failure(absent);
  if (answer.status === 401) throw new Failure("The service refuses OPERATOR_TOKEN.");
  const problem = problemSchema.safeParse(body);
  if (!problem.success) throw new Failure(`The service answered ${answer.status}.`);
  const { title, detail, issues = [] } = problem.data;
  const lines = [detail, ...issues.map(({ field, message }) => `${field}: ${message}`)].filter(Boolean);
  throw new Failure([`${title} (${answer.status}).`, ...lines].join("\n"));
}
