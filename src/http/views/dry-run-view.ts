/** Shows operators the effect that a payload would have. */
import { z } from "zod";
import type { Escalation } from "../../escalation/decide.ts";
import { eventTypes, prioritySchema } from "../../events/event.ts";
import type { PayloadProblem } from "../../events/source.ts";
import type { RouteForecast } from "../../handoff/account/forecast-route.ts";
import type { Step } from "../../model/handoff.ts";
import type { Result } from "../../result.ts";
import { plannedCallOf } from "../dry-run/planned-call.ts";
import type { Tried } from "../dry-run/try-payload.ts";
import { handoffViewSchema } from "./handoff-view.ts";

const conditionViewSchema = z.object({
  key: z.string(),
  expected: z.unknown(),
  saw: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  held: z.boolean(),
});

const ruleViewSchema = z.object({
  rule: z.string(),
  reason: z.string(),
  when: z.array(z.array(conditionViewSchema)).describe("The alternatives, each with its conditions."),
  unless: z.array(z.array(conditionViewSchema)).describe("If all conditions of one hold, the rule does not."),
  held: z.boolean(),
  fired: z.boolean().describe("The first rule that holds."),
});

const decisionViewSchema = z.object({
  rule: z.string(),
  reason: z.string(),
  course: z
    .enum(["now", "defer", "decline", "limit", "suggest"])
    .describe("`now` and `defer` open a handoff; the others answer with the message alone."),
  message: z.string().nullable().describe("The flow's text for the customer."),
  tags: z.array(z.string()),
  priority: prioritySchema,
  queue: z.string().nullable().describe("Null: the account's rules choose."),
  leftOut: handoffViewSchema.shape.leftOut,
});

const callViewSchema = z.object({
  step: z.string().describe("As in the ledger of a handoff."),
  requests: z.array(z.string()).describe("Methods and paths at the platform."),
  text: z.string().nullable().describe("The conversation's topic, or the text for the customer."),
  only: z.enum(["no-agent-available", "answer-lost"]).nullable().describe("Null: the call is made in any case."),
});

const failedSchema = z.object({ failed: z.string().describe("Why the account did not say.") });
const matchSchema = z.object({ rule: z.string(), queue: z.string().nullable() });
const routeViewSchema = z.union([
  z.object({
    asked: z.literal(true),
    simulated: z
      .union([z.object({ queue: z.string().nullable(), priority: z.string().nullable() }), failedSchema])
      .nullable()
      .describe("The platform's own `simulate-routing`; null: there is no conversation to simulate."),
    rules: z
      .union([
        z.object({
          possible: z.array(matchSchema.extend({ on: z.string() })),
          certain: matchSchema.nullable(),
        }),
        failedSchema,
      ])
      .describe("The account's routing rules: those that may match, and the first that does in any case."),
    wanted: z
      .union([z.object({ queue: z.string().nullable() }), failedSchema])
      .nullable()
      .describe("The queue that the flow names, as the account has it; null: the flow names none."),
    agents: z
      .union([z.object({ queue: z.string(), available: z.boolean() }), failedSchema.extend({ queue: z.string() })])
      .nullable()
      .describe("Whether an agent of that queue is available now; null: the queue is not known."),
  }),
  z.object({ asked: z.literal(false), because: z.enum(["held", "refused", "not-configured"]) }),
]);

export const dryRunViewSchema = z.object({
  flow: z.string(),
  bot: z.string(),
  source: z.string(),
  events: z.array(
    z.object({
      type: z.enum(eventTypes),
      session: z.string(),
      leftOut: z.array(z.string()).describe("Fields that are not used as they were sent."),
      decision: decisionViewSchema.nullable().describe("Null: no rule holds."),
      joins: z.boolean().describe("An event before it opened a handoff, which this one joins."),
      rules: z.array(ruleViewSchema),
      calls: z.array(callViewSchema),
      route: routeViewSchema.nullable().describe("Null: the account is not asked, or no handoff is opened."),
    }),
  ),
  refused: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .describe("Events among others that would be refused."),
});
type DryRunView = z.infer<typeof dryRunViewSchema>;

const showDecision = ({ why: _, ...decision }: Escalation): z.infer<typeof decisionViewSchema> => decision;

function showCall(step: Step): z.infer<typeof callViewSchema> {
  const { requests, text, only } = plannedCallOf(step);
  return { step: step.name, requests: [...requests], text, only };
}

const shown = <A, B>(result: Result<A, string>, show: (value: A) => B): B | { failed: string } =>
  result.ok ? show(result.value) : { failed: result.error };

function showRoute(forecast: RouteForecast): z.infer<typeof routeViewSchema> {
  if (forecast.kind === "not-asked") return { asked: false, because: forecast.because };
  const { simulated, rules, wanted, agents } = forecast;
  return {
    asked: true,
    simulated: simulated && shown(simulated, (it) => it),
    rules: shown(rules, (it) => it),
    wanted: wanted && shown(wanted, (queue) => ({ queue })),
    agents: agents && {
      queue: agents.queue,
      ...shown(agents.isAnybody, (available) => ({ available })),
    },
  };
}

export function showDryRun({
  tried,
  problems,
  routes,
  ...about
}: Pick<DryRunView, "flow" | "bot" | "source"> & {
  tried: readonly Tried[];
  problems: PayloadProblem["issues"];
  routes: ReadonlyMap<Tried, RouteForecast>;
}): DryRunView {
  const events = tried.map((one) => {
    const { event, leftOut, rules, escalation, isJoined, steps } = one;
    const route = routes.get(one);
    return {
      type: event.type,
      session: event.session,
      leftOut: [...leftOut],
      decision: escalation && showDecision(escalation),
      joins: isJoined,
      rules: [...rules],
      calls: steps.map(showCall),
      route: route === undefined ? null : showRoute(route),
    };
  });
  return { ...about, events, refused: [...problems] };
}
