import { z } from "zod";
import { err, ok, type Result } from "../result.ts";

/** A person or a program that reads handoffs, and may act on them. */
export interface Operator {
  name: string;
  token: string;
  /** False: it may only read. */
  mayAct: boolean;
}

/** Name of the operator with OPERATOR_TOKEN. */
export const UNNAMED_OPERATOR = "operator";
const READ = ":read";
const NAME = /^[\w.@+-]{1,100}$/;
const tokensSchema = z.record(z.string(), z.string().min(1));

/** Parses OPERATOR_TOKENS, name to token, and OPERATOR_TOKEN beside it. The error names the mistake, and holds no token. */
export function parseOperators(tokens: string | undefined, token: string | undefined): Result<Operator[], string> {
  const unnamed = token === undefined ? [] : [{ name: UNNAMED_OPERATOR, token, mayAct: true }];
  const named = tokens === undefined ? ok([]) : parseNamed(tokens);
  if (!named.ok) return named;
  const operators = [...unnamed, ...named.value];
  const isTwice = (it: Operator, at: number) => operators.findIndex((other) => other.token === it.token) !== at;
  const twice = operators.find(isTwice);
  if (twice === undefined) return ok(operators);
  return err(
    `OPERATOR_TOKENS: '${twice.name}' has the token of another operator: the audit trail could not tell them apart`,
  );
}

function parseNamed(text: string): Result<Operator[], string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err('OPERATOR_TOKENS is not JSON; it looks like {"ana":"a token","grafana:read":"another"}');
  }
  const parsed = tokensSchema.safeParse(json);
  if (!parsed.success) return err('OPERATOR_TOKENS must give each name a token, as {"ana":"a token"}');
  const operators = Object.entries(parsed.data).map(([given, token]): Operator => {
    const mayAct = !given.endsWith(READ);
    return { name: mayAct ? given : given.slice(0, -READ.length), token, mayAct };
  });
  if (operators.every(({ name }) => NAME.test(name))) return ok(operators);
  return err("OPERATOR_TOKENS: a name has letters, digits and . _ @ + -, and :read at its end where it may only look");
}
