import { DurableObject } from "cloudflare:workers";
import { flowsByBot } from "../../escalation/flow.ts";
import { type AccountHome, createAccountHome } from "../../handoff/account/account-coordinator.ts";
import { type AccountHealth, createAccountHealth } from "../../handoff/account/account-health.ts";
import { askForRoute, type RouteQuestion } from "../../handoff/account/forecast-route.ts";
import type { Report } from "../../handoff/account/shared-account.ts";
import { createPoll, progressSchema } from "../../handoff/jobs/poll-conversations.ts";
import { createMessagePoll, type MessagePoll } from "../../handoff/jobs/poll-messages.ts";
import { handoffSettingsSchema } from "../../handoff/settings.ts";
import { createConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import type { Alert } from "../../model/alert.ts";
import type { Handoff } from "../../model/handoff.ts";
import { createSteadyClock } from "../../steady-clock.ts";
import { alertWebhookOf, connectionOf } from "../connections.ts";
import { type Env, projectOf } from "../environment.ts";
import { createReadModel } from "../read-model/read-model.ts";
import { createAccountAlerts } from "./account-alerts.ts";
import { conversationName } from "./object-names.ts";

const POLL_EVERY_MS = 30_000;
/** The read model has a handoff by then. */
const SOON_MS = 3_000;
/** The read model has a session by then after its object lets go. */
const GOES_ON_MS = 5 * 60_000;

interface Opened {
  name: string;
  home: AccountHome;
  poll: ReturnType<typeof createPoll>;
  messages: MessagePoll;
  polled: Parameters<ReturnType<typeof createPoll>["look"]>[1];
  health: ReturnType<typeof createAccountHealth>;
  /** Null: no webhook is to be told. */
  alerts: ReturnType<typeof createAccountAlerts> | null;
}

/** The Durable Object of one account of the platform, which all sessions share. */
export class AccountObject extends DurableObject<Env> {
  #opened: Opened | null = null;
  #enteredAt = 0;
  #alarmAt: number | null | undefined;
  /** Time of the next list of conversations. */
  #pollAt = 0;

  #open(name: string): Opened {
    if (this.#opened !== null) return this.#opened;
    const { env } = this;
    const project = projectOf(env);
    const { log, config } = project;
    const now = Date.now;
    const steady = createSteadyClock(now);
    const connection = connectionOf(env, project, name, (work) => work());
    const recordResponse = (operation: string, outcome: Outcome<unknown>): void => {
      health.noteOutcome(operation, outcome);
      home.recordResponse(outcome);
    };
    const client = createConversationsClient({ ...connection, now, onCall: recordResponse });
    const home = createAccountHome({
      client,
      now,
      settings: handoffSettingsSchema.parse({}),
      perSecond: project.requestsPerSecond,
      onOpen: () => {
        health.noteCircuitOpen();
        log.error(
          { alert: "account-failing", account: name },
          "the platform fails: this account is left alone for a while",
        );
        this.ctx.waitUntil(this.lookForAlerts(name));
      },
    });
    // Sessions hear of routes and pushes by themselves.
    const health = createAccountHealth(name, () => home.gate, now, false);
    const webhook = alertWebhookOf(project);
    const alerts =
      webhook &&
      createAccountAlerts({
        ...{ account: name, storage: this.ctx.storage, d1: env.READ_MODEL, health: health.read },
        ...{ webhook, publicUrl: config.publicUrl, now, steady, log },
      });
    const polled = {
      client,
      directory: home,
      gate: { heldUntil: () => (home.isOpen() ? null : now() + POLL_EVERY_MS), isRefused: () => false },
      pollEveryMs: config.accounts.get(name)?.pollEveryMs ?? POLL_EVERY_MS,
    };
    const atPlatform = createReadModel(env.READ_MODEL);
    const messages = createMessagePoll({
      atPlatform,
      accounts: new Map([[name, polled]]),
      flows: flowsByBot(project.flows),
      receivePush: async (account, pushed) => {
        const id = pushed.event?.conversationId ?? "";
        await env.CONVERSATIONS.getByName(conversationName(account, id)).receivePushes(account, [pushed]);
      },
      now,
      steady,
    });
    const poll = createPoll({
      atPlatform,
      finish: messages.finish,
      // This instance may be gone between two looks.
      progress: {
        load: async () =>
          progressSchema
            .nullable()
            .catch(null)
            .parse((await this.ctx.storage.get("poll")) ?? null),
        save: async (_, progress) => this.ctx.storage.put("poll", progress),
      },
      receiveState: (account, id, word) =>
        env.CONVERSATIONS.getByName(conversationName(account, id)).receiveState(account, id, word),
      now,
      steady,
    });
    this.#opened = { name, home, poll, messages, polled, health, alerts };
    return this.#opened;
  }

  /** Schedules a look at the platform for this time; an earlier one stays. */
  async #lookAt(name: string, at: number): Promise<void> {
    const { storage } = this.ctx;
    if (this.#alarmAt === undefined) this.#alarmAt = await storage.getAlarm();
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    // An alarm knows only its object.
    await storage.put("name", name);
    await storage.setAlarm(at);
  }

  /** Looks at the platform from time to time, while it has conversations of ours. */
  async #watch({ name, poll, polled }: Opened): Promise<void> {
    if (polled.pollEveryMs === 0) return;
    if (this.#alarmAt === undefined) this.#alarmAt = await this.ctx.storage.getAlarm();
    if (this.#alarmAt !== null) return;
    this.#pollAt = Date.now() + poll.waitMs(name, polled);
    await this.#lookAt(name, this.#pollAt);
  }

  async enter(name: string, handoffId: string, requests: number) {
    const opened = this.#open(name);
    this.#enteredAt = Date.now();
    await this.#watch(opened);
    return opened.home.enter(handoffId, requests);
  }
  report(name: string, report: Report) {
    const { home, health } = this.#open(name);
    for (const outcome of report.outcomes) health.noteOutcome("", outcome);
    return home.report(report);
  }
  tryWith(name: string, handoffId: string) {
    return this.#open(name).home.tryWith(handoffId);
  }
  check(name: string) {
    return this.#open(name).home.check();
  }
  workingHoursStatus(name: string, id: string) {
    return this.#open(name).home.workingHoursStatus(id);
  }
  isBot(name: string, agentId: string) {
    return this.#open(name).home.isBot(agentId);
  }
  isAnybody(name: string, queueId: string | null) {
    return this.#open(name).home.isAnybody(queueId);
  }
  waiting(name: string, queueId: string) {
    return this.#open(name).home.waiting(queueId);
  }
  queueId(name: string, idOrName: string) {
    return this.#open(name).home.queueId(idOrName);
  }
  forecastRoute(name: string, question: RouteQuestion) {
    const { home, polled } = this.#open(name);
    return askForRoute({ client: polled.client, gate: home.gate }, question);
  }
  /** Tells how the account is, as far as this instance has seen, and its open alerts; null: nothing keeps them. */
  async condition(name: string): Promise<{ health: AccountHealth; alerts: Alert[] | null }> {
    const { health, alerts } = this.#open(name);
    return { health: health.read(), alerts: (await alerts?.open()) ?? null };
  }
  /** A push arrived, perhaps with an agent's message: polls may be rarer. */
  pushed(name: string, bringsMessages: boolean) {
    const { poll, messages, health } = this.#open(name);
    health.notePush();
    poll.pushed(name);
    if (bringsMessages) messages.pushed(name);
  }
  /** An agent has the chat of a handoff, or had it until now. */
  async agentHas(name: string, handoff: Handoff) {
    const { messages, polled } = this.#open(name);
    messages.watch(handoff);
    if (polled.pollEveryMs > 0) await this.#lookAt(name, Date.now() + SOON_MS);
  }

  /** Something needs a person. The lists have it soon. */
  async lookForAlerts(name: string): Promise<void> {
    const { alerts } = this.#open(name);
    if (alerts === null) return;
    const at = Date.now() + SOON_MS;
    await alerts.wakeAt(at);
    await this.#lookAt(name, at);
  }

  async #poll(opened: Opened, armedFor: number): Promise<void> {
    const { name, poll, messages, polled } = opened;
    const failed = (err: unknown): void =>
      projectOf(this.env).log.error({ account: name, err }, "the platform could not be polled; Baton tries again");
    if (this.#pollAt <= Math.max(Date.now(), armedFor)) {
      const isGoingOn = await poll.look(name, polled).catch((err: unknown) => {
        failed(err);
        return true;
      });
      if (isGoingOn || Date.now() - this.#enteredAt < GOES_ON_MS) await this.#watch(opened);
    } else await this.#lookAt(name, this.#pollAt);
    const waitMs = await messages.look(name, polled).catch((err: unknown) => {
      failed(err);
      return POLL_EVERY_MS;
    });
    if (waitMs !== null) await this.#lookAt(name, Date.now() + waitMs);
  }

  override async alarm(): Promise<void> {
    const armedFor = this.#alarmAt ?? 0;
    this.#alarmAt = null;
    const name = await this.ctx.storage.get<string>("name");
    if (name === undefined) return;
    const opened = this.#open(name);
    const { polled, alerts } = opened;
    if (polled.pollEveryMs > 0) await this.#poll(opened, armedFor);
    const alertsAt = await alerts?.look().catch((err: unknown) => {
      projectOf(this.env).log.error({ account: name, err }, "alerts could not be looked for; Baton tries again");
      return Date.now() + POLL_EVERY_MS;
    });
    if (typeof alertsAt === "number") await this.#lookAt(name, alertsAt);
  }
}
