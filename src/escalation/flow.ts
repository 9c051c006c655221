import { z } from "zod";
import { callbackTypes } from "../events/callback-types.ts";
import { type EventType, eventTypes, idSchema, prioritySchema } from "../events/event.ts";
import { durationSchema } from "./duration.ts";
import { hoursSchema } from "./hours.ts";
import { phraseProblem } from "./phrases/pattern.ts";
import { phonesOfSchema, redactionKinds, redactSchema } from "./redaction/redactions.ts";
import { flowTagSchema } from "./tag.ts";
import { isAlwaysWhole } from "./template.ts";
import { laterMessageSchema, listOf, messageSchema, NEVER_WHOLE, templates } from "./text-schema.ts";

const words = listOf(z.string().min(1));
const phraseSchema = z.string().superRefine((phrase, context) => {
  const message = phraseProblem(phrase);
  if (message !== null) context.addIssue({ code: "custom", message });
});
const attributeValue = z.union([z.string(), z.number(), z.boolean()]);
const atLeast = z.strictObject({ atLeast: z.number().int().min(1) });

const SPOKEN = ["customer.message", "handoff.requested"] as const satisfies readonly EventType[];
/** Keys that look at what was said, and the events that say it: with others they never hold. */
const OF_WORDS = {
  text: [...SPOKEN, "bot.fallback"],
  intent: SPOKEN,
  confidence: SPOKEN,
  sentiment: SPOKEN,
  contentType: SPOKEN,
} satisfies Record<string, readonly EventType[]>;

/** All given keys must hold. */
const conditionSchema = z
  .strictObject({
    event: listOf(z.enum(eventTypes)),
    text: z.strictObject({
      contains: z.array(phraseSchema).min(1),
    }),
    intent: words,
    confidence: z.strictObject({ below: z.number().min(0).max(1) }),
    sentiment: z.strictObject({ below: z.number().min(-1).max(1) }),
    fallbacks: atLeast,
    errors: atLeast,
    /** Content type of a message that is not text. */
    contentType: words,
    channel: words,
    language: words,
    attributes: z
      .record(z.string(), listOf(attributeValue))
      .refine((attributes) => Object.keys(attributes).length > 0, "must name at least one attribute"),
    hours: z.enum(["inside", "outside"]),
  })
  .partial()
  .refine((condition) => Object.values(condition).some((value) => value !== undefined), "must have at least one key")
  .superRefine((condition, context) => {
    const { event } = condition;
    if (event === undefined) return;
    for (const key of ["text", "intent", "confidence", "sentiment", "contentType"] as const) {
      const types: readonly EventType[] = OF_WORDS[key];
      if (condition[key] === undefined || event.some((type) => types.includes(type))) continue;
      const message = `never holds, since 'event' leaves out ${types.join(", ")}`;
      context.addIssue({ code: "custom", path: [key], message });
    }
  });
export type Condition = z.infer<typeof conditionSchema>;

/** The name of the rule for requests that no rule of the flow covers. */
export const REQUESTED = "requested";

const writtenRuleSchema = z.strictObject({
  /** As shown in a handoff; the reason where it has none. */
  name: z.string().min(1).optional(),
  reason: z.string().min(1).max(200),
  /** One condition, or several of which any suffices. */
  when: listOf(conditionSchema),
  tags: z.array(flowTagSchema).default([]),
  priority: prioritySchema.optional(),
  /** By id or by name. */
  queue: z.string().min(1).max(255).optional(),
  message: templates.optional(),
});
const namedRuleSchema = writtenRuleSchema.required({ name: true });
const ruleSchema = writtenRuleSchema
  .transform((rule): z.input<typeof namedRuleSchema> => ({ ...rule, name: rule.name ?? rule.reason }))
  .pipe(namedRuleSchema);
export type Rule = z.infer<typeof ruleSchema>;

/** Course of a handoff outside the flow's hours: routed all the same, routed at opening, or not opened. */
const outsideHoursSchema = z
  .strictObject({
    do: z.enum(["queue", "defer", "decline"]),
    /** Instead of the rule's own message, which speaks of a transfer now. */
    message: messageSchema.optional(),
  })
  .refine(({ do: what, message }) => what === "queue" || message !== undefined, {
    path: ["message"],
    message: "must be given with 'defer' and 'decline': the customer is told that nobody is there now",
  });

/** Course when no agent of the queue is available: routed all the same, to another queue, or not at all. */
const noAgentSchema = z
  .strictObject({
    do: z.enum(["queue", "other-queue", "decline"]),
    /** The other queue, by id or by name. */
    queue: z.string().min(1).max(255).optional(),
    /** Instead of the rule's own message. */
    message: laterMessageSchema.optional(),
  })
  .refine(({ do: what, queue }) => (what === "other-queue") === (queue !== undefined), {
    path: ["queue"],
    message: "must be given with 'other-queue', and only with it",
  })
  .refine(
    ({ do: what, message }) => what !== "decline" || message !== undefined,
    "must have a message to decline with",
  );

/** Action after so many seconds in the queue. */
const waitingSchema = z
  .strictObject({
    afterSeconds: z.number().int().min(1),
    message: laterMessageSchema.optional(),
    priority: prioritySchema.optional(),
    tags: z.array(flowTagSchema).default([]),
    /** The bot gets its customer back. */
    giveBack: z.boolean().default(false),
  })
  .refine(
    ({ message, priority, tags, giveBack }) =>
      message !== undefined || priority !== undefined || tags.length > 0 || giveBack,
    "must do something: a message, a priority, tags or giveBack",
  );

const callbacksSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, message: "must be an http(s) URL" })
    .refine((url) => new URL(url).username === "" && new URL(url).password === "", "must hold no credentials"),
  events: z
    .array(z.enum(callbackTypes))
    .min(1)
    .default(callbackTypes.filter((type) => type !== "agent.message")),
});

export const flowSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "must be lower-case letters, digits and dashes"),
    bots: z
      .array(idSchema)
      .min(1)
      .refine((bots) => new Set(bots).size === bots.length, "must not name a bot twice"),
    account: z.string().min(1).default("default"),
    /** Other bots of the account that may come into a conversation while an open handoff of this flow has it. */
    sharesConversationsWith: z.array(idSchema).default([]),
    /** Caller of route: Baton, or the chatbot's own To agent element. */
    routedBy: z.enum(["baton", "answers"]).default("baton"),
    conversation: z.strictObject({
      topic: templates,
      summary: templates.optional(),
      priority: prioritySchema.default("NORMAL"),
      queue: z.string().min(1).max(255).optional(),
      /** When the route moved the conversation to another queue than the one named: put it back, or leave it there. */
      keepQueue: z.enum(["leave", "enforce"]).default("enforce"),
    }),
    /** On every handoff. */
    tags: z.array(flowTagSchema).default([]),
    rules: z.array(ruleSchema).min(1),
    message: messageSchema.optional(),
    /** Limits of a bot's own request; without them it may bring anything. */
    accept: z
      .strictObject({ tags: z.array(flowTagSchema), queues: z.array(z.string()), priorities: z.array(prioritySchema) })
      .partial()
      .default({}),
    note: z
      .strictObject({
        enabled: z.boolean().default(true),
        transcript: z.boolean().default(true),
        /** Shows the customer's contact in the note and as metadata. */
        contact: z.boolean().default(true),
        maxMessages: z.number().int().min(1).max(500).default(50),
        redact: redactSchema.default([...redactionKinds]),
        /** Countries whose bare national numbers are phones: elsewhere they may be an order's. */
        phonesOf: phonesOfSchema.default([]),
      })
      .prefault({}),
    hours: hoursSchema.optional(),
    outsideHours: outsideHoursSchema.optional(),
    noAgent: noAgentSchema.optional(),
    /** In the order of their time. */
    waiting: z.array(waitingSchema).max(10).default([]),
    /** So long after it was asked for, a handoff that has reached no agent is an alert. */
    alertAfterSeconds: z.number().int().min(30).default(300),
    /** Way of texts to the customer: returned to the bot, or posted by Baton into the conversation. */
    texts: z.enum(["return", "send"]).default("return"),
    /** Conditions and effects of the hand-back. */
    handBack: z
      .strictObject({
        /** Once the conversation is solved or closed, or only once it is closed. */
        when: z.enum(["solved", "closed"]).default("solved"),
        /** Taken off the conversation, where the handoff put them on. */
        removeTags: z.array(flowTagSchema).default([]),
        message: laterMessageSchema.optional(),
        /** A customer who needs a person again so soon goes back to the same conversation, unless it is closed. */
        graceSeconds: z.number().int().min(0).default(0),
      })
      .prefault({}),
    /** Course of a conversation whose customer left the queue. A note tells its agents in either case. */
    whenCustomerLeaves: z.enum(["keep", "close"]).default("keep"),
    callbacks: callbacksSchema.optional(),
    /** A session that was silent for longer begins a new round. */
    newRoundAfter: durationSchema.default(86_400),
    /** An intent as sure as this is a success: it resets the counters of fallbacks and errors. */
    confidentFrom: z.number().min(0).max(1).default(0.5),
  })
  .superRefine((flow, context) => {
    if (flow.outsideHours !== undefined && flow.hours === undefined) {
      context.addIssue({ code: "custom", path: ["outsideHours"], message: "needs the hours that the flow lacks" });
    }
    for (const [index, { afterSeconds, giveBack }] of flow.waiting.entries()) {
      const next = flow.waiting[index + 1];
      if (next !== undefined && (giveBack || next.afterSeconds <= afterSeconds)) {
        const message = giveBack ? "must be the last: it gives the customer back" : "must come before the next one";
        context.addIssue({ code: "custom", path: ["waiting", index], message });
      }
    }
    if (flow.routedBy === "answers" && (flow.noAgent !== undefined || flow.waiting.some((it) => it.giveBack))) {
      const path = flow.noAgent === undefined ? "waiting" : "noAgent";
      context.addIssue({ code: "custom", path: [path], message: "needs Baton to route: Answers takes no chat back" });
    }
    const names = flow.rules.map((rule) => rule.name);
    for (const [index, rule] of flow.rules.entries()) {
      if (names.indexOf(rule.name) !== index) {
        context.addIssue({
          code: "custom",
          path: ["rules", index, "name"],
          message: `is '${rule.name}' a second time: rules that share a reason need a name each`,
        });
      }
      if (rule.name === REQUESTED) {
        context.addIssue({
          code: "custom",
          path: ["rules", index, "name"],
          message: `must not be '${REQUESTED}', the name of the rule for requests that no other covers`,
        });
      }
      if (flow.message === undefined && rule.message?.every((text) => !isAlwaysWhole(text)) === true) {
        context.addIssue({ code: "custom", path: ["rules", index, "message"], message: NEVER_WHOLE });
      }
      if (flow.hours === undefined && rule.when.some((condition) => condition.hours !== undefined)) {
        context.addIssue({ code: "custom", path: ["rules", index, "when"], message: "asks for hours the flow lacks" });
      }
    }
  });
export type Flow = z.infer<typeof flowSchema>;
export type FlowInput = z.input<typeof flowSchema>;

const problemsOf = (error: z.ZodError): string =>
  error.issues.map((issue) => `  ${issue.path.join(".") || "(the flow)"}: ${issue.message}`).join("\n");

/** Checks a flow. Throws an error that lists everything wrong with it: flows are defined when the process starts. */
export function defineFlow(input: FlowInput): Flow {
  const parsed = flowSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(`Flow '${input.name}' is not valid:\n${problemsOf(parsed.error)}`);
}

export type Flows = ReadonlyMap<string, Flow>;

/** Flows by bot. Throws where two flows share a name or claim the same bot. */
export function flowsByBot(flows: readonly Flow[]): Flows {
  const byBot = new Map<string, Flow>();
  const names = new Set<string>();
  for (const flow of flows) {
    if (names.has(flow.name)) throw new Error(`Two flows are named '${flow.name}'.`);
    names.add(flow.name);
    for (const bot of flow.bots) {
      const other = byBot.get(bot);
      if (other !== undefined) throw new Error(`Bot '${bot}' is in two flows: '${other.name}' and '${flow.name}'.`);
      byBot.set(bot, flow);
    }
  }
  return byBot;
}

/** Lists the bots that flows share conversations with and cannot. A conversation is of one account. */
export function sharingProblems(flows: readonly Flow[]): string[] {
  const byBot = flowsByBot(flows);
  return flows.flatMap(({ name, account, sharesConversationsWith }) =>
    sharesConversationsWith.flatMap((bot) => {
      const other = byBot.get(bot);
      const shares = `Flow '${name}' shares its conversations with bot '${bot}', which`;
      if (other === undefined) return [`${shares} is in no flow.`];
      return other.account === account ? [] : [`${shares} is of another account: '${other.account}'.`];
    }),
  );
}
