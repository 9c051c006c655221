/** Schemas of a flow's rules, and of the course of a handoff when no agent is available. */
import { z } from "zod";
import { prioritySchema } from "../events/event.ts";
import { conditionSchema } from "./conditions/schema.ts";
import { tagTemplateSchema } from "./tag.ts";
import { laterMessageSchema, listOf, messageSchema, templates } from "./text/text-schema.ts";

/** A queue's id or name. */
export const queueSchema = z.string().min(1).max(255);

/** Course of a handoff outside the flow's hours: routed anyway, routed at opening, or not opened. */
export const outsideHoursSchema = z
  .strictObject({
    do: z.enum(["queue", "defer", "decline"]),
    /** Replaces the rule's own message, which speaks of a transfer now. */
    message: messageSchema.optional(),
  })
  .refine(({ do: what, message }) => what === "queue" || message !== undefined, {
    path: ["message"],
    message: "must be given with 'defer' and 'decline': the customer has to read that no agent is available",
  });

/** Baton reads one page of the conversations that wait. */
const WAITING_MAX = 99;

/** Course when no agent of the queue is available: routed anyway, to another queue, or not at all. */
export const noAgentSchema = z
  .strictObject({
    do: z.enum(["queue", "other-queue", "decline"]),
    /** The other queue. */
    queue: queueSchema.optional(),
    /** The flow counts this many waiting conversations in the queue as no agent. */
    orWaiting: z.number().int().min(1).max(WAITING_MAX).optional(),
    /** Replaces the rule's own message. */
    message: laterMessageSchema.optional(),
  })
  .refine(({ do: what, queue }) => (what === "other-queue") === (queue !== undefined), {
    path: ["queue"],
    message: "must be given with 'other-queue', and only with it",
  })
  .refine(({ do: what, message }) => what !== "decline" || message !== undefined, "must have a message to decline with")
  .refine(({ do: what, message, orWaiting }) => orWaiting === undefined || what !== "queue" || message !== undefined, {
    path: ["orWaiting"],
    message: "says nothing with 'queue' and no message: the conversation would wait all the same",
  });

/** Name of the rule for requests that no rule of the flow covers. */
export const REQUESTED = "requested";

/** Fields of the handoff's course; a suggestion opens none. */
const OF_HANDOFFS = ["priority", "queue", "outsideHours", "noAgent"] as const;

const writtenRuleSchema = z
  .strictObject({
    /** Shown in a handoff. Default: the reason. */
    name: z.string().min(1).optional(),
    reason: z.string().min(1).max(200),
    /** `suggest`: the bot asks its customer first. */
    do: z.enum(["hand-over", "suggest"]).default("hand-over"),
    /** One condition, or several; one match is enough. */
    when: listOf(conditionSchema),
    /** One condition, or several; the rule does not apply while one matches. */
    unless: listOf(conditionSchema).optional(),
    tags: z.array(tagTemplateSchema).default([]),
    priority: prioritySchema.optional(),
    queue: queueSchema.optional(),
    message: templates.optional(),
    /** Replaces the flow's. */
    outsideHours: outsideHoursSchema.optional(),
    noAgent: noAgentSchema.optional(),
  })
  .superRefine((rule, context) => {
    if (rule.do !== "suggest") return;
    const issue = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    if (rule.message === undefined) issue("message", "must be given with 'suggest': it asks the customer");
    for (const key of OF_HANDOFFS)
      if (rule[key] !== undefined) issue(key, "says nothing with 'suggest': no handoff is opened");
    if (rule.tags.length > 0) issue("tags", "says nothing with 'suggest': no handoff is opened");
    if (rule.when.every(({ event }) => event?.every((type) => type === "handoff.requested") === true)) {
      issue("when", "never holds with 'suggest': a request for a handoff is not asked again");
    }
  });
const namedRuleSchema = writtenRuleSchema.safeExtend({ name: z.string().min(1) });
export const ruleSchema = writtenRuleSchema
  .transform((rule): z.input<typeof namedRuleSchema> => ({ ...rule, name: rule.name ?? rule.reason }))
  .pipe(namedRuleSchema);
export type Rule = z.infer<typeof ruleSchema>;

/** Course when no agent is available, in a flow or in a rule. */
export interface Absence {
  outsideHours?: z.infer<typeof outsideHoursSchema> | undefined;
  noAgent?: z.infer<typeof noAgentSchema> | undefined;
}

/** Course of a rule's handoffs when no agent is available: its own, or the flow's. */
export function absenceOf(flow: Absence & { rules: readonly (Absence & { name: string })[] }, rule: string): Absence {
  const own = flow.rules.find(({ name }) => name === rule);
  return { outsideHours: own?.outsideHours ?? flow.outsideHours, noAgent: own?.noAgent ?? flow.noAgent };
}
