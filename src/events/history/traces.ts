/** Traces and requests of Voiceflow, which name no author: their form tells who speaks. */
import { isRecord } from "../reading/scalars.ts";

interface TraceLine {
  author: "customer" | "bot";
  content: unknown;
}

/** Types of traces that carry no words of anybody. */
const SILENT = new Set([
  ...["launch", "choice", "debug", "block", "flow", "path", "visual", "end", "event", "typing", "trace", "invoke"],
  ...["conversationupdate", "endofconversation", "messagereaction", "no-reply", "log", "goto", "set"],
]);

/** Tells whether a line of this type is no line at all. */
export const isSilentType = (type: unknown): boolean => typeof type === "string" && SILENT.has(type.toLowerCase());

/** Undefined: it is no trace with words. */
export function readTrace({ type, payload }: Record<string, unknown>): TraceLine | undefined {
  if (typeof type !== "string") return undefined;
  if (type === "request" && isRecord(payload)) return readTrace(payload);
  if (type === "intent" && isRecord(payload)) return { author: "customer", content: payload.query };
  if (type === "text" && typeof payload === "string") return { author: "customer", content: payload };
  if (!["text", "speak", "cardV2", "carousel"].includes(type) || !isRecord(payload)) return undefined;
  return { author: "bot", content: payload.message ?? payload.title };
}
