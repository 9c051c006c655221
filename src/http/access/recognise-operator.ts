import { timingSafeEqual } from "node:crypto";
import { headerBytes } from "../../auth/check.ts";
import type { Operator } from "../../config/operators.ts";
import { sha256 } from "../../sha256.ts";

/** Finds the operator of an `Authorization` header; null: none. Compares every token, whichever fits. */
export function createRecogniseOperator(operators: readonly Operator[]) {
  const known = operators.map((operator) => ({ operator, digest: sha256(operator.token) }));
  return (authorization: string | undefined): Operator | null => {
    const [, token = ""] = /^bearer +(.+)$/i.exec(authorization ?? "") ?? [];
    const given = sha256(headerBytes(token));
    const fitting = known.filter((it) => timingSafeEqual(given, it.digest));
    return token === "" ? null : (fitting[0]?.operator ?? null);
  };
}
