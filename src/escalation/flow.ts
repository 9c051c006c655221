import { z } from "zod";
import { callbackTypes } from "../events/callback-types.ts";
import { idSchema, prioritySchema } from "../events/event.ts";
import { err, ok, type Result } from "../result.ts";
import { atMostSchema, TOO_MANY } from "./at-most.ts";
import { type Condition, conditionSchema } from "./conditions/schema.ts";
import { durationSchema } from "./duration.ts";
import { type FlowError, flowError } from "./flow-problems.ts";
import { hoursSchema, timeZoneSchema, writtenHoursSchema } from "./hours.ts";
import { phonesOfSchema, redactionKinds, redactSchema } from "./redaction/redactions.ts";
import { noAgentSchema, outsideHoursSchema, queueSchema, REQUESTED, ruleSchema } from "./rule.ts";
import { flowTagSchema, tagTemplateSchema } from "./tag.ts";
import {
  ANY_LANGUAGE,
  isWholeForAll,
  laterMessageSchema,
  listOf,
  messageSchema,
  NEVER_WHOLE,
  type Texts,
  templates,
  textsFor,
} from "./text/text-schema.ts";

/** An action after a time in the queue. */
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

/** Names of rules that every flow has. */
const OWN_RULES: Partial<Record<string, string>> = {
  [REQUESTED]: "requests that no other covers",
  [TOO_MANY]: "handoffs beyond 'atMost'",
};

const NEEDS_ROUTE = "needs Baton to route: Answers takes no chat back";

type Path = (string | number)[];
interface Worded {
  conversation: { topic: Texts; summary?: Texts | undefined };
  message?: Texts | undefined;
  rules: readonly (Absent & { message?: Texts | undefined })[];
  waiting: readonly { message?: Texts | undefined }[];
  atMost: { message: Texts };
  handBack: { message?: Texts | undefined };
}
interface Absent {
  outsideHours?: { message?: Texts | undefined } | undefined;
  noAgent?: { message?: Texts | undefined } | undefined;
}

/** All texts of a flow, with their places. */
function textsOf({
  conversation,
  message,
  rules,
  waiting,
  atMost,
  handBack,
  ...absent
}: Worded & Absent): [Path, Texts][] {
  const ofAbsence = (path: Path, { outsideHours, noAgent }: Absent): [Path, Texts | undefined][] => [
    [[...path, "outsideHours", "message"], outsideHours?.message],
    [[...path, "noAgent", "message"], noAgent?.message],
  ];
  const all: [Path, Texts | undefined][] = [
    [["conversation", "topic"], conversation.topic],
    [["conversation", "summary"], conversation.summary],
    [["message"], message],
    ...ofAbsence([], absent),
    ...rules.flatMap((rule, index): [Path, Texts | undefined][] => [
      [["rules", index, "message"], rule.message],
      ...ofAbsence(["rules", index], rule),
    ]),
    ...waiting.map((one, index): [Path, Texts | undefined] => [["waiting", index, "message"], one.message]),
    [["atMost", "message"], atMost.message],
    [["handBack", "message"], handBack.message],
  ];
  return all.filter((one): one is [Path, Texts] => one[1] !== undefined);
}

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
      queue: queueSchema.optional(),
      /** Puts a conversation that the route moved out of the named queue back, or leaves it there. */
      keepQueue: z.enum(["leave", "enforce"]).default("enforce"),
    }),
    /** Every handoff gets these. */
    tags: z.array(tagTemplateSchema).default([]),
    rules: z.array(ruleSchema).min(1),
    /** The first entry whose condition matches gives the queue for a rule without one. Default: `conversation.queue`. */
    queues: z.array(z.strictObject({ when: listOf(conditionSchema), queue: queueSchema })).default([]),
    /** Language of the texts for customers whose own language is unknown or missing in a text. */
    language: z.string().min(2).max(35).optional(),
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
        /** Time zone of the times in the note. Default: that of the flow's schedule, or else UTC. */
        timeZone: timeZoneSchema.optional(),
        /** Countries whose bare national numbers count as phones: elsewhere they may be an order's. */
        phonesOf: phonesOfSchema.default([]),
      })
      .prefault({}),
    hours: hoursSchema.optional(),
    outsideHours: outsideHoursSchema.optional(),
    noAgent: noAgentSchema.optional(),
    /** Sorted by time. */
    waiting: z.array(waitingSchema).max(10).default([]),
    /** A session that had so many handoffs gets no further one, and its customer the text. */
    atMost: atMostSchema,
    /** Seconds after the request. A handoff that has reached no agent by then is an alert. */
    alertAfterSeconds: z.number().int().min(30).default(300),
    /** Way of texts to the customer: in the answer to the bot, or posted by Baton into the conversation. */
    texts: z.enum(["return", "send"]).default("return"),
    /** Conditions and effects of the hand-back. */
    handBack: z
      .strictObject({
        /** `solved`: the bot gets the customer back when the conversation is solved or closed. `closed`: only when it is closed. */
        when: z.enum(["solved", "closed"]).default("solved"),
        /** Tags to remove from the conversation, if the handoff added them. */
        removeTags: z.array(flowTagSchema).default([]),
        message: laterMessageSchema.optional(),
        /** A customer who needs a person again within this time goes back to the same conversation, unless it is closed. */
        graceSeconds: z.number().int().min(0).default(0),
      })
      .prefault({}),
    /** Course of a conversation whose customer left the queue. A note tells its agents in either case. */
    whenCustomerLeaves: z.enum(["keep", "close"]).default("keep"),
    callbacks: callbacksSchema.optional(),
    /**
     * Words of a chat that are recorded. `none`: the agent gets none either, except a request's reason and summary. `handoff`: they
     * go once no agent needs them. `session`: they stay as long as their session does.
     */
    transcript: z.enum(["none", "handoff", "session"]).default("session"),
    /** A session that was silent for longer begins a new round. */
    newRoundAfter: durationSchema.default(86_400),
    /** An intent with this confidence shows success: it resets the counters of fallbacks and errors. */
    confidentFrom: z.number().min(0).max(1).default(0.5),
  })
  .superRefine((flow, context) => {
    for (const [path, { outsideHours, noAgent }] of [
      [[], flow] as const,
      ...flow.rules.map((rule, index) => [["rules", index], rule] as const),
    ]) {
      if (outsideHours !== undefined && flow.hours === undefined) {
        const message = "needs the hours that the flow lacks";
        context.addIssue({ code: "custom", path: [...path, "outsideHours"], message });
      }
      if (noAgent !== undefined && flow.routedBy === "answers") {
        context.addIssue({ code: "custom", path: [...path, "noAgent"], message: NEEDS_ROUTE });
      }
    }
    for (const [path, texts] of textsOf(flow)) {
      if (Object.hasOwn(texts, ANY_LANGUAGE) || textsFor(texts, null, flow.language).length > 0) continue;
      const lacks = flow.language === undefined ? "needs 'language' in the flow" : `needs a text in '${flow.language}'`;
      context.addIssue({ code: "custom", path, message: `${lacks}, for customers of other languages` });
    }
    for (const [index, { afterSeconds, giveBack }] of flow.waiting.entries()) {
      const next = flow.waiting[index + 1];
      if (next !== undefined && (giveBack || next.afterSeconds <= afterSeconds)) {
        const message = giveBack ? "must be the last: it gives the customer back" : "must come before the next one";
        context.addIssue({ code: "custom", path: ["waiting", index], message });
      }
    }
    if (flow.routedBy === "answers" && flow.waiting.some((it) => it.giveBack)) {
      context.addIssue({ code: "custom", path: ["waiting"], message: NEEDS_ROUTE });
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
      const own = OWN_RULES[rule.name];
      if (own !== undefined) {
        const message = `must not be '${rule.name}', the name of the rule for ${own}`;
        context.addIssue({ code: "custom", path: ["rules", index, "name"], message });
      }
      if (flow.message === undefined && rule.message !== undefined && !isWholeForAll(rule.message)) {
        context.addIssue({ code: "custom", path: ["rules", index, "message"], message: NEVER_WHOLE });
      }
    }
    const asked: [path: (string | number)[], conditions: readonly Condition[]][] = [
      ...flow.rules.flatMap(({ when, unless = [] }, index): [(string | number)[], readonly Condition[]][] => [
        [["rules", index, "when"], when],
        [["rules", index, "unless"], unless],
      ]),
      ...flow.queues.map(({ when }, index): [(string | number)[], readonly Condition[]] => [
        ["queues", index, "when"],
        when,
      ]),
    ];
    for (const [path, conditions] of flow.hours === undefined ? asked : []) {
      if (conditions.every(({ hours }) => hours === undefined)) continue;
      context.addIssue({ code: "custom", path, message: "asks for hours the flow lacks" });
    }
  });
export type Flow = z.infer<typeof flowSchema>;
export type FlowInput = z.input<typeof flowSchema>;

/** Reads a flow. Its error names all of its mistakes. */
export function readFlow(input: unknown): Result<Flow, FlowError> {
  const parsed = flowSchema.safeParse(input);
  if (!parsed.success)
    return err(flowError(input, parsed.error.issues, [flowSchema, z.object({ hours: writtenHoursSchema })]));
  const { data } = parsed;
  // A note has no words that are not recorded.
  return ok(data.transcript === "none" ? { ...data, note: { ...data.note, transcript: false } } : data);
}

/** Checks a flow. Throws an error that lists all of its mistakes, since flows are defined when the process starts. */
export function defineFlow(input: FlowInput): Flow {
  const read = readFlow(input);
  if (read.ok) return read.value;
  throw read.error;
}

export type Flows = ReadonlyMap<string, Flow>;

/** Maps bots to flows. Throws if two flows share a name or claim the same bot. */
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

/** Lists bots that flows share conversations with and cannot: a conversation belongs to one account. */
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
