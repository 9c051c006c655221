import type { Escalation, Subject } from "../../escalation/decide.ts";
import type { Flow } from "../../escalation/flow.ts";
import { type Absence, absenceOf } from "../../escalation/rule.ts";
import { metadataOf, summaryOf, topicOf } from "../../escalation/text/context.ts";
import { beforeConversation, render, type View } from "../../escalation/text/template.ts";
import { type Texts, textsFor } from "../../escalation/text/text-schema.ts";
import { SUMMARY_MAX, TOPIC_MAX } from "../../infobip/schema.ts";
import type { Handoff, Ledger, Step, StepArguments } from "../../model/handoff.ts";
import { linkSummary } from "./conversation/link-summary.ts";
import { newStep } from "./step-edits.ts";
import { deferUntil } from "./transitions/outside-hours.ts";

/** Room in a summary for the ids of conversations that a new one replaces. */
const LINK_ROOM = 200;

/** Written when it is sent. */
const NOTE: [string, StepArguments] = ["note", { kind: "note", content: null, part: 1 }];

export interface Planned {
  id: string;
  flow: Flow;
  subject: Subject & { id: number; epoch: number };
  escalation: Escalation;
  /** The conversation of the session's round before, if this handoff does not use it. */
  continues: string | null;
  /** True: the conversation to use was solved. */
  reopen: boolean;
  /** A conversation that the request named and that belongs to another bot. */
  leftOut?: string | null;
  /** Next opening; not later than `now`: it is open. */
  opensAt: number;
  /** Trace of the request. */
  traceparent?: string | undefined;
  now: number;
}

/** The flow's present policy for everything that may follow. */
function policyOf(
  flow: Flow,
  { outsideHours, noAgent }: Absence,
  view: View,
  isOutside: boolean,
): Pick<Handoff["decision"], "texts" | "noAgent" | "waiting" | "handBack" | "whenCustomerLeaves" | "alertAfterMs"> {
  const text = (texts: Texts | undefined): string | null =>
    texts === undefined
      ? null
      : render(textsFor(texts, view.facts.language, flow.language), beforeConversation(view), flow.note);
  const { handBack } = flow;
  // A text about the hours was said already, so that no agent is available is no news.
  const isSaid =
    isOutside && outsideHours?.do === "queue" && outsideHours.message !== undefined && noAgent?.do !== "decline";
  return {
    texts: flow.texts,
    noAgent:
      noAgent === undefined
        ? null
        : { do: noAgent.do, queue: noAgent.queue ?? null, message: isSaid ? null : text(noAgent.message) },
    waiting: flow.waiting.map(({ afterSeconds, message, priority, tags, giveBack }) => ({
      afterMs: afterSeconds * 1_000,
      message: text(message),
      priority: priority ?? null,
      tags,
      giveBack,
    })),
    handBack: { when: handBack.when, removeTags: handBack.removeTags, message: text(handBack.message) },
    whenCustomerLeaves: flow.whenCustomerLeaves,
    alertAfterMs: flow.alertAfterSeconds * 1_000,
  };
}

const agentsStep = ({ orWaiting }: NonNullable<Absence["noAgent"]>, queue: string | null): StepArguments => ({
  ...{ kind: "agents", queue },
  ...(orWaiting !== undefined && { orWaiting }),
});

/** Queue steps before and after the route; their names distinguish them. */
function queueSteps({ noAgent }: Absence, queue: string | null, adopt: string | null): [string, StepArguments][] {
  const other = noAgent?.queue;
  const before = { kind: "queue", moment: "before-route" } as const;
  // The update does not set the queue: it must not change under a person who already has the conversation.
  const steps: [string, StepArguments][] = [];
  if (queue !== null && adopt !== null) steps.push(["queue", { ...before, queue, instead: false }]);
  if (other !== undefined) steps.push(["queue:other", { ...before, queue: other, instead: true }]);
  return steps;
}
function queueStepsAfter({ noAgent }: Absence, queue: string | null): [string, StepArguments][] {
  const other = noAgent?.queue;
  const after = { kind: "queue", moment: "after-route" } as const;
  const steps: [string, StepArguments][] = [];
  if (queue !== null) steps.push(["queue:after", { ...after, queue, instead: false }]);
  if (other !== undefined) steps.push(["queue:other:after", { ...after, queue: other, instead: true }]);
  return steps;
}

/** A replacement queue is used only if no agent is available. */
function plannedStep(position: number, name: string, args: StepArguments, now: number): Step {
  const step = newStep(position, name, args, now);
  return args.kind === "queue" && args.instead ? { ...step, state: "skipped" } : step;
}

/** Turns the decision into a ledger: every effect on the platform, in the order of their dependencies. */
export function plan(planned: Planned): Ledger {
  const { id, flow, subject, escalation, continues, reopen, leftOut = null, opensAt, traceparent, now } = planned;
  const token = `ho-${id}`;
  const view = { ...subject, reason: escalation.reason };
  const absence = absenceOf(flow, escalation.rule);
  const adopt = subject.conversationId;
  const { priority, queue } = escalation;

  const effects: [string, StepArguments][] = [
    [
      "conversation",
      {
        kind: "conversation",
        adopt,
        reopen,
        topic: topicOf(flow, view, TOPIC_MAX),
        summary: linkSummary(summaryOf(flow, view, token, SUMMARY_MAX - LINK_ROOM), token, continues),
        priority,
        queue,
      },
    ],
    ...escalation.tags.map((tag): [string, StepArguments] => [`tag:${tag}`, { kind: "tag", tag }]),
    ...(flow.note.enabled ? [NOTE] : []),
    ["metadata", { kind: "metadata", data: metadataOf(flow.note, view, token, continues === null ? [] : [continues]) }],
  ];
  if (flow.routedBy === "baton") {
    if (absence.noAgent !== undefined) effects.push(["agents", agentsStep(absence.noAgent, queue)]);
    effects.push(
      ...queueSteps(absence, queue, adopt),
      ["route", { kind: "route" }],
      ...queueStepsAfter(absence, queue),
    );
  }
  effects.push(["sweep", { kind: "sweep" }]);

  return {
    handoff: {
      id,
      sessionId: subject.id,
      bot: subject.bot,
      session: subject.session,
      flow: flow.name,
      account: flow.account,
      epoch: subject.epoch,
      token,
      ...deferUntil(opensAt, escalation, now),
      rule: escalation.rule,
      reason: escalation.reason,
      message: escalation.message,
      decision: {
        tags: escalation.tags,
        priority,
        queue,
        leftOut: { ...escalation.leftOut, ...(leftOut !== null && { conversationId: leftOut }) },
        ...policyOf(flow, absence, view, opensAt > now),
        opensAt: opensAt > now ? opensAt : null,
        ...(traceparent !== undefined && { traceparent }),
      },
      routedBy: flow.routedBy,
      keepQueue: flow.conversation.keepQueue,
      conversationId: adopt,
      agentId: null,
      continues,
      waitingSince: null,
      endedAt: null,
      waited: 0,
      alertedAt: null,
      returnedBecause: null,
      leftAt: null,
      replaces: [],
      replacements: 0,
      failures: 0,
      parkedBecause: null,
      parkedFor: null,
      toldUntil: null,
      wordsAt: null,
      onChannel: null,
      createdAt: now,
      updatedAt: now,
      routedAt: null,
    },
    steps: effects.map(([name, args], position) => plannedStep(position, name, args, now)),
  };
}
