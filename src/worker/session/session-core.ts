/** The running core of a session's object, over the object's own record. */

import { createEngine } from "../../engine.ts";
import { flowsByBot } from "../../escalation/flow.ts";
import { flowWants } from "../../escalation/flow-wants.ts";
import type { Log } from "../../log.ts";
import { createDurableObjectRecord, createObjectDatabase } from "../../store/durable-object-store.ts";
import { createHandoffIds } from "../../store/handoff-ids.ts";
import { connectionOf, type During, senderOf, sharedAccountOf } from "../connections.ts";
import { type Env, type Project, projectOf } from "../environment.ts";
import { objectMigrations } from "../migrations.ts";
import { conversationName, keyNameOfEvent } from "../objects/object-names.ts";
import objectSchema from "../objects/object-schema.sql";
import type { RestingTimers } from "../objects/resting-timers.ts";
import { passOn } from "../pass-on.ts";
import { createReadModel } from "../read-model/read-model.ts";
import { type Claimed, claimedBy, standingIn } from "./conversation-claims.ts";
import { createOutbox } from "./outbox.ts";
import type { SessionStorage } from "./session-storage.ts";
import { sharingFlows } from "./sharing-bots.ts";

interface SessionCoreDeps {
  ctx: DurableObjectState;
  env: Env;
  /** Bots of the object's sessions, present or to come. */
  bots: readonly string[];
  stored: Pick<SessionStorage, "accounts">;
  during: During;
  setTimer: RestingTimers["setTimer"];
  /** Called after each commit, with nothing awaited in between. */
  committed: () => void;
  /** True while others forget this session. */
  isHeld: () => boolean;
  /** Makes others forget what they know. */
  takeBack: (tellOthers: () => Promise<void>) => Promise<void>;
  now: () => number;
}

type Fields = Parameters<Log["error"]>[0];

const random = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

/** The log of a session. An alert in it wakes the account, which posts to the webhook, if there is one. */
function alerting({ log, config }: Project, wake: (fields: Fields) => void): Log {
  if (config.alertWebhook === null) return log;
  return {
    ...log,
    error(fields, message) {
      log.error(fields, message);
      if (fields.alert !== undefined) wake(fields);
    },
  };
}

export function createSessionCore({ ctx, env, bots, during, setTimer, committed, ...deps }: SessionCoreDeps) {
  const { isHeld, takeBack, now } = deps;
  const { storage } = ctx;
  const project = projectOf(env);
  // A bot that is not configured any more has no flow: its handoffs go on, and operators end them.
  const flows = sharingFlows(flowsByBot(project.flows), bots);
  const byBot = flowsByBot(flows);
  const names = new Set([...flows.map((flow) => flow.account), ...deps.stored.accounts()]);
  const configured = [...names].filter((name) => project.accounts.has(name));
  const account = flows[0]?.account ?? configured[0] ?? null;
  const log = alerting(project, (fields) => {
    const name = fields.account ?? account;
    if (name === null || !project.accounts.has(name)) return;
    void during(async () => env.ACCOUNTS.getByName(name).lookForAlerts(name)).catch((err: unknown) =>
      project.log.warn({ account: name, err }, "the account could not be told of an alert"),
    );
  });
  const place = { account, bots: [...new Set([...bots, ...byBot.keys()])] };
  const record = createDurableObjectRecord(storage, { migrations: objectMigrations, schema: objectSchema, committed });
  const readModel = createReadModel(env.READ_MODEL);
  const objectId = ctx.id.toString();
  const conversation = (id: string) =>
    account === null ? null : env.CONVERSATIONS.getByName(conversationName(account, id));
  const running = createEngine({
    record,
    flows,
    accounts: new Map(
      configured.map((name) => [
        name,
        {
          ...connectionOf(env, project, name, during),
          shared: sharedAccountOf(env, name, during),
          // The account's object polls for all sessions.
          pollEveryMs: 0,
        },
      ]),
    ),
    now,
    newHandoffId: createHandoffIds({
      now,
      random,
      newest: () => record.read((tables) => tables.handoffs.newestId()),
    }),
    random: Math.random,
    setTimer,
    rests: true,
    log,
    retentionMs: project.config.retentionMs,
    // The object forgets itself, and makes others forget it.
    keepsSessions: true,
    callbacks: senderOf(project, during),
    moved: (handoff) => {
      const isAgents = handoff.state === "assigned" || handoff.state === "returned";
      const flow = byBot.get(handoff.bot);
      if (!isAgents || flow === undefined || !flowWants(flow, "agent.message")) return;
      void during(async () => env.ACCOUNTS.getByName(flow.account).agentHas(flow.account, handoff)).catch(
        (err: unknown) =>
          log.warn({ handoff: handoff.id, err }, "an agent's chat could not be reported to the account"),
      );
    },
    beforeAdopting: (id) => outbox.claimed(id),
    eraseElsewhere: ({ bot, conversations, keyedEvents }) =>
      takeBack(async () => {
        await Promise.all([
          ...conversations.map((id) => conversation(id)?.forget(objectId)),
          ...keyedEvents.map((id) => env.KEYS.getByName(keyNameOfEvent(bot, id)).forget()),
          readModel.forget(objectId),
        ]);
      }),
  });
  const outbox = createOutbox({
    db: createObjectDatabase(storage),
    handoff: (id) => record.read((tables) => tables.handoffs.byId(id)),
    objectId,
    account: account ?? "",
    readModel,
    claim: async (id) => {
      const its = conversation(id);
      if (account === null || its === null) return;
      const standing = record.read((tables) => standingIn(tables, place, account, id));
      const owner = { object: objectId, bot: standing?.bot ?? bots[0] ?? "" };
      const claimed = await passOn(its.claim(account, id, owner, claimedBy(standing)) as Promise<Claimed>);
      if (claimed.kind === "refused") return running.leaveConversation(account, id);
      if (claimed.kind === "overlooked" || claimed.pushes.length === 0) return;
      await running.core.receivePushes(account, claimed.pushes);
      await its.release(claimed.upTo);
    },
    isHeld,
    now,
    random: Math.random,
    log,
  });
  return { place, running, record, outbox, hasFlow: (bot: string): boolean => byBot.has(bot) };
}
export type SessionCore = ReturnType<typeof createSessionCore>;
