/** One attempt of one step at the platform. After an unknown outcome it looks before it repeats anything. */
import type { Call, Outcome } from "../../infobip/outcome.ts";
import type { Conversation } from "../../infobip/schema.ts";
import { conversationOf, isTagMissing } from "../ledger/next-steps.ts";
import type { StepOutcome } from "../ledger/transitions/apply-outcome.ts";
import { askForAgents } from "./availability.ts";
import { chosenOf, closeOthers, openOf } from "./duplicates.ts";
import { release } from "./release.ts";
import { type Arguments, after, type Context, done, LOST, notSeenYet, PLAIN, seen } from "./step-context.ts";
import { sendText } from "./text.ts";

/** The conversation is there. Whatever else goes wrong, it must be found again and not made again. */
async function made(context: Context, conversation: Conversation, call: Call, seenAt: number): Promise<StepOutcome> {
  const outcome = await seen(context, conversation, call, seenAt);
  return outcome.kind === "refused" ? { kind: "unknown", why: "assignee-unread", call: outcome.call } : outcome;
}

/** The id of the queue that a flow or a bot named. A name nobody knows must not keep anybody waiting: it is left out. */
async function queueOf({ account, ledger, log }: Context, queue: string): Promise<Outcome<string | null>> {
  const outcome = await account.directory.queueId(queue);
  if (outcome.kind === "ok" && outcome.value === null) {
    log.warn(
      { handoff: ledger.handoff.id, account: ledger.handoff.account },
      "the account has no such queue; left out",
    );
  }
  return outcome;
}

/** One of several goes on. What cannot be closed now is closed by the later sweep. */
async function alone(
  context: Context,
  open: readonly Conversation[],
  chosen: Conversation,
  call: Call,
  seenAt: number,
): Promise<StepOutcome> {
  if (!context.isHeld()) return LOST;
  await closeOthers(context.account.client, open, chosen.id);
  return made(context, chosen, call, seenAt);
}

/** A create that was not the only one succeeded: one of the others may have, too. */
async function swept(context: Context, created: Conversation, call: Call): Promise<StepOutcome> {
  const seenAt = context.now();
  const found = await openOf(context.account.client, context.ledger, context.settings);
  if (found.kind !== "ok") return { kind: "unknown", why: "duplicates-unread", call: found.call };
  const open = found.value.some((it) => it.id === created.id) ? found.value : [...found.value, created];
  return alone(context, open, chosenOf(open) ?? created, call, seenAt);
}

/** Once the last late effect has come: whatever bears our token and is not the handoff's own is closed. */
async function sweep({ account, ledger, settings, isHeld }: Context): Promise<StepOutcome> {
  const found = await openOf(account.client, ledger, settings);
  if (found.kind !== "ok") return found;
  if (!isHeld()) return LOST;
  const keep = ledger.handoff.conversationId ?? chosenOf(found.value)?.id;
  for (const closed of await closeOthers(account.client, found.value, keep)) {
    const isGone =
      closed.kind === "refused" && (closed.refusal.reason === "closed" || closed.refusal.reason === "unknown-id");
    if (closed.kind !== "ok" && !isGone) return closed;
  }
  return done(PLAIN, found.call);
}

async function create(context: Context, args: Arguments<"conversation">): Promise<StepOutcome> {
  const { account, run, ledger, settings } = context;
  if (run.mayHaveHappened) {
    const found = await openOf(account.client, ledger, settings);
    if (found.kind !== "ok") return found;
    const chosen = chosenOf(found.value);
    if (chosen !== undefined) return alone(context, found.value, chosen, found.call, context.now());
    if (run.isLook) return notSeenYet(found.call);
    if (!context.isHeld()) return LOST;
  }
  const { topic, summary, priority } = args;
  const post = (fields: { queueId?: string }): Promise<StepOutcome> =>
    after(account.client.create({ topic, summary, priority, ...fields }), (it, call) =>
      // By the count in the record: a crash leaves no error to remember.
      run.step.sends > 1 ? swept(context, it, call) : made(context, it, call, context.now()),
    );
  if (args.queue === null) return post({});
  return after(queueOf(context, args.queue), async (queueId) =>
    queueId === null ? withoutQueue(await post({})) : post({ queueId }),
  );
}

/** A conversation that was made without its queue, since the account has none of that name. */
const withoutQueue = (outcome: StepOutcome): StepOutcome =>
  outcome.kind === "done" && outcome.result.kind === "conversation"
    ? { ...outcome, result: { ...outcome.result, isQueueUnknown: true } }
    : outcome;

const open = (context: Context, args: Arguments<"conversation">): Promise<StepOutcome> => {
  const { adopt, reopen, topic, summary, priority } = args;
  if (adopt === null) return create(context, args);
  const fields = { topic, summary, priority, ...(reopen && { status: "OPEN" as const }) };
  return after(context.account.client.update(adopt, fields), (it, call) => seen(context, it, call, context.now()));
};

async function addTag({ account, run, isHeld }: Context, id: string, tag: string): Promise<StepOutcome> {
  if (run.mayHaveHappened) {
    const tags = await account.client.tagsOf(id);
    if (tags.kind !== "ok") return tags;
    if (tags.value.some(({ name }) => name === tag)) return done(PLAIN, tags.call);
    if (run.isLook) return notSeenYet(tags.call);
    if (!isHeld()) return LOST;
  }
  if (isTagMissing(run.step)) {
    const created = await account.client.createTag(tag);
    // Another handoff may have made it a moment ago.
    const exists = created.kind === "ok" || (created.kind === "refused" && created.refusal.reason === "tag-exists");
    if (!exists) return created;
    if (!isHeld()) return LOST;
  }
  return after(account.client.addTag(id, tag), (_, call) => done(PLAIN, call));
}

async function addNote({ account, run, isHeld }: Context, id: string, content: string): Promise<StepOutcome> {
  if (run.mayHaveHappened) {
    const notes = await account.client.notesOf(id);
    if (notes.kind !== "ok") return notes;
    const footer = content.slice(content.lastIndexOf("\n") + 1);
    const isThere = notes.value.some(
      (note) => typeof note.content === "string" && note.content.trimEnd().endsWith(footer),
    );
    if (isThere) return done(PLAIN, notes.call);
    if (run.isLook) return notSeenYet(notes.call);
    if (!isHeld()) return LOST;
  }
  return after(account.client.addNote(id, { content, type: "INTERNAL" }), (_, call) => done(PLAIN, call));
}

/** What was said, unless the customer says it into the conversation itself. */
async function addWords(context: Context, id: string, content: string): Promise<StepOutcome> {
  if (context.ledger.handoff.onChannel !== null || context.run.mayHaveHappened) return addNote(context, id, content);
  const last = await context.account.client.lastInbound(id);
  if (last.kind !== "ok") return last;
  if (last.value !== null) return done({ kind: "on-channel" }, last.call);
  return context.isHeld() ? addNote(context, id, content) : LOST;
}

/** What a person has by now, by an answer that shows it, is neither routed nor put into another queue. */
async function unlessHuman(
  context: Context,
  conversation: Conversation,
  call: Call,
  otherwise: () => StepOutcome | Promise<StepOutcome>,
): Promise<StepOutcome> {
  const who = await seen(context, conversation, call, context.now());
  if (who.kind !== "done" || who.result.kind !== "conversation") return who;
  return who.result.assignee === "human" ? { kind: "human", seen: who.result, call } : otherwise();
}

const setQueue = (context: Context, id: string, args: Arguments<"queue">): Promise<StepOutcome> =>
  after(queueOf(context, args.queue), (queueId, asked) => {
    const { client } = context.account;
    if (queueId === null) return { kind: "no-queue", queue: args.queue, call: asked };
    const put = async (): Promise<StepOutcome> => {
      if (!context.isHeld()) return LOST;
      return after(client.update(id, { queueId }), (conversation, call) =>
        unlessHuman(context, conversation, call, () => done({ kind: "queue", queueId }, call)),
      );
    };
    if (args.moment === "before-route") return put();
    // Whether a route keeps the queue is not documented, so it is read.
    return after(client.get(id), (conversation, call) => {
      if (conversation.queueId === queueId) return done(PLAIN, call);
      if (context.ledger.handoff.keepQueue === "enforce") return unlessHuman(context, conversation, call, put);
      return done({ kind: "moved", queueId: conversation.queueId || null }, call);
    });
  });

/** Why a route must not be sent, as the conversation stands; null: it may. */
async function obstacle(context: Context, id: string): Promise<StepOutcome | null> {
  const { account, ledger, run } = context;
  const current = await account.client.get(id);
  if (current.kind !== "ok") return current;
  const { call, value } = current;
  const isRepeat = run.mayHaveHappened;
  if (value.status === "CLOSED")
    return isRepeat ? { kind: "over", call } : { kind: "refused", refusal: { reason: "closed" }, call };
  const who = await seen(context, value, call, context.now());
  if (who.kind !== "done" || who.result.kind !== "conversation") return who;
  if (who.result.assignee === "human") return { kind: "human", seen: who.result, call };
  const before = conversationOf(ledger.steps);
  // Where we put it ourselves, it was not moved by a route.
  const given = ledger.steps.flatMap(({ result }) => (result?.kind === "queue" ? [result.queueId] : []));
  const isMoved = before !== null && ![before.queueId, ...given].includes(who.result.queueId);
  const isUnassigned = before?.assignee === "bot" && who.result.assignee === "none";
  if (isRepeat && (isMoved || isUnassigned)) return done({ kind: "route", queueId: who.result.queueId }, call);
  return run.isLook ? notSeenYet(call) : null;
}

async function route(context: Context, id: string): Promise<StepOutcome> {
  if (context.run.mayHaveHappened || context.run.isStale) {
    const standing = await obstacle(context, id);
    if (standing !== null) return standing;
    if (!context.isHeld()) return LOST;
  }
  return after(context.account.client.route(id), (conversation, call) =>
    done({ kind: "route", queueId: conversation?.queueId ?? null }, call),
  );
}

/** Runs one attempt. Never throws for the platform's sake. */
export function runStep(context: Context): Promise<StepOutcome> {
  const args = context.run.step.arguments;
  const id = context.ledger.handoff.conversationId ?? "";
  switch (args.kind) {
    case "conversation":
      return open(context, args);
    case "tag":
      return addTag(context, id, args.tag);
    case "note":
      return addNote(context, id, args.content ?? "");
    case "words":
      return addWords(context, id, args.pages[0] ?? "");
    case "metadata":
      return after(context.account.client.patchMetadata(id, args.data), (_, call) => done(PLAIN, call));
    case "queue":
      return setQueue(context, id, args);
    case "agents":
      return askForAgents(context, id, args.queue);
    case "route":
      return route(context, id);
    case "text":
      return sendText(context, id, args);
    case "priority":
      return after(context.account.client.update(id, { priority: args.priority }), (_, call) => done(PLAIN, call));
    case "untag":
      return after(context.account.client.removeTag(id, args.tag), (_, call) => done(PLAIN, call));
    case "release":
      return release(context, id);
    case "sweep":
      return sweep(context);
  }
}
