import { NOTE_MAX, SUMMARY_MAX, TOPIC_MAX } from "../conversations/schema.ts";
import { metadataOf, notesOf, summaryOf, topicOf } from "../escalation/context.ts";
import type { Escalation, Subject } from "../escalation/decide.ts";
import type { Flow } from "../escalation/flow.ts";
import { mergeTranscript } from "../escalation/transcript.ts";
import type { Event, HandoffRequested, Utterance } from "../events/event.ts";
import type { Ledger, Step, StepArguments } from "../sessions/ledger.ts";

/** Left free in a summary for the conversations that a new one takes the place of. */
const LINK_ROOM = 200;

export interface Planned {
  id: string;
  flow: Flow;
  subject: Subject & { id: number; epoch: number };
  escalation: Escalation;
  event: Event;
  /** What was said before, oldest first. */
  recorded: readonly Utterance[];
  now: number;
}

/** The decision as a ledger: every effect on the platform, in the order in which they depend on each other. */
export function plan({ id, flow, subject, escalation, event, recorded, now }: Planned): Ledger {
  const token = `ho-${id}`;
  const view = { ...subject, reason: escalation.reason };
  const request: Partial<HandoffRequested> = event.type === "handoff.requested" ? event : {};
  const transcript = mergeTranscript(recorded, request.transcript ?? []);
  const notes = notesOf(flow, view, { request, transcript }, token, NOTE_MAX);
  const adopt = subject.conversationId;
  const { priority, queue } = escalation;

  const effects: [string, StepArguments][] = [
    [
      "conversation",
      {
        kind: "conversation",
        adopt,
        topic: topicOf(flow, view, TOPIC_MAX),
        summary: summaryOf(flow, view, token, SUMMARY_MAX - LINK_ROOM),
        priority,
        queue,
      },
    ],
    ...escalation.tags.map((tag): [string, StepArguments] => [`tag:${tag}`, { kind: "tag", tag }]),
    ...notes.map((content, index): [string, StepArguments] => [
      index === 0 ? "note" : `note:${index + 1}`,
      { kind: "note", content, part: index + 1 },
    ]),
    ["metadata", { kind: "metadata", data: metadataOf(view, token, []) }],
  ];
  if (flow.routedBy === "baton") {
    // Not with the update: a queue must not change under a person who already has the conversation.
    if (queue !== null && adopt !== null) effects.push(["queue", { kind: "queue", queue, moment: "before-route" }]);
    effects.push(["route", { kind: "route" }]);
    if (queue !== null) effects.push(["queue:after", { kind: "queue", queue, moment: "after-route" }]);
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
      state: "pending",
      rule: escalation.rule,
      reason: escalation.reason,
      message: escalation.message,
      decision: { tags: escalation.tags, priority, queue, leftOut: escalation.leftOut },
      routedBy: flow.routedBy,
      keepQueue: flow.conversation.keepQueue,
      conversationId: adopt,
      agentId: null,
      replaces: [],
      replacements: 0,
      parkedBecause: null,
      parkedFor: null,
      dueAt: now,
      createdAt: now,
      updatedAt: now,
      routedAt: null,
    },
    steps: effects.map(
      ([name, args], position): Step => ({
        position,
        name,
        arguments: args,
        state: "ready",
        sends: 0,
        fence: 0,
        firstSentAt: null,
        tries: 0,
        triesSince: null,
        sentAt: null,
        nextAt: now,
        leaseUntil: null,
        result: null,
      }),
    ),
  };
}
