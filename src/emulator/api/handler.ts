import type { Result } from "../../result.ts";
import type { OperationName } from "../settings/operations.ts";
import type { Refusal } from "../state/errors.ts";

/** A request as an operation sees it. */
interface Call {
  /** A path parameter, decoded. */
  param: (name: string) => string;
  query: URLSearchParams;
  header: (name: string) => string | null;
  /** Parsed JSON; undefined: there is no body, or it is not JSON. */
  body: unknown;
}

/** Synchronous, so that an operation happens as a whole. The value is the body of the answer; undefined: an empty body. */
export type Handler = (call: Call) => Result<unknown, Refusal>;
export type Handlers = Record<OperationName, Handler>;
