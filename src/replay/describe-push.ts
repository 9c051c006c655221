import { z } from "zod";
import type { RecordedEvent } from "../store/tables/events.ts";

const bodySchema = z.object({
  wireType: z.string(),
  conversationId: z.string().optional(),
  status: z.string().optional(),
  assignee: z.object({ kind: z.string(), name: z.string().nullable() }).optional(),
  text: z.string().optional(),
});

/** Describes a recorded push or look in one line. */
export function describePush({ outcome, body }: RecordedEvent): string {
  const { wireType, conversationId, status, assignee, text } = bodySchema.parse(body);
  const who = assignee === undefined ? undefined : [assignee.kind, assignee.name].filter(Boolean).join(" ");
  const said = [status, who, text === undefined ? undefined : `“${text}”`, outcome === "ignored" ? outcome : undefined];
  const about = conversationId === undefined ? "" : ` of ${conversationId}`;
  return [`${wireType}${about}`, said.filter(Boolean).join(", ")].filter(Boolean).join(": ");
}
