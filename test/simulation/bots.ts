/** The bots: they send each event as often as their scenario says, and until it is accepted, as a good sender does. */
import type { State } from "../../src/emulator/state/state.ts";
import type { Handoff } from "../../src/model/handoff.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import type { Clock } from "./clock.ts";
import { OPERATOR_TOKEN, SECRET } from "./flows.ts";
import type { ForgettingWatch } from "./forgetting.ts";
import { EVERY, type History } from "./history.ts";
import type { Instance } from "./instance.ts";
import type { Instances } from "./instances.ts";
import { tokenIn, type Violation } from "./invariants.ts";
import { mayShare } from "./owners.ts";
import type { Random } from "./random.ts";
import { type Delivery, PLANTED, WORDS } from "./scenario.ts";
import type { Trace } from "./trace.ts";

interface BotsDeps {
  clock: Clock;
  deliveries: readonly Delivery[];
  instances: Instances;
  random: Random;
  record: Pick<SessionRecord, "read">;
  state: State;
  history: History;
  forgetting: ForgettingWatch;
  violate: (violation: Violation) => void;
  tell: Trace;
}

interface Answered {
  sentAt: number;
  status: number;
  text: string;
  answer: Partial<Record<"outcome" | "control" | "handoffId" | "conversationId" | "message", string | null>>;
}

const MAX_TRIES = 200;
const COMES_BACK = 0.2;

/** Baton recognises a payload without an id by its content, and only until something has come of it. */
const hasId = ({ path }: Delivery): boolean => path !== "webhooks/answers";

const OVER = ["returned", "cancelled"];

export function createBots(deps: BotsDeps) {
  const { clock, deliveries, instances, random, record, state, history, forgetting, violate, tell } = deps;
  /** The first answer that arrived, by delivery. */
  const accepted = new Map<Delivery, Answered>();
  /** Deliveries that were answered as new. */
  const taken = new Set<Delivery>();
  let open = 0;

  async function send(instance: Instance | null, delivery: Delivery, body = delivery.body): Promise<Answered | null> {
    const { bot, path, headers } = delivery;
    const sentAt = clock.now();
    const response = await instance?.request(
      new Request(`http://baton.invalid/v1/bots/${bot}/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    );
    if (response == null) return null;
    const text = await response.text();
    return { sentAt, status: response.status, text, answer: JSON.parse(text) as Answered["answer"] };
  }

  const nameOf = ({ body, headers, session }: Delivery): string =>
    `${session}/${body.id ?? headers["idempotency-key"] ?? "no id"}`;

  /** Handoffs in a conversation that a session had or joined. */
  const handoffsIn = ({ bot, session }: Delivery, id: string) =>
    record.read((tables) => {
      const follows = tables.sessions.find(bot, session)?.follows;
      return tables.handoffs
        .list({ bot }, 1_000)
        .filter((handoff) => handoff.session === session || handoff.id === follows)
        .filter(({ conversationId }) => conversationId === id);
    });

  /** True if a session ever named a conversation, or had a handoff in it. */
  const isNamed = (delivery: Delivery, id: string): boolean =>
    deliveries.some(
      ({ bot, session, body }) => bot === delivery.bot && session === delivery.session && body.conversationId === id,
    ) || handoffsIn(delivery, id).length > 0;

  /** Invariant 23: an answer speaks only of the bot's own chat. */
  function checkOwner(delivery: Delivery, { handoffId, conversationId, control }: Answered["answer"]): void {
    const ownerOf = (id: string | null | undefined) =>
      id == null ? null : record.read((tables) => tables.handoffs.byId(id));
    const told = ownerOf(handoffId);
    const isOwn = (handoff: Handoff): boolean => handoff.bot === delivery.bot && handoff.session === delivery.session;
    // An answer, also one about its own session's handoff, may repeat the conversation that the session named before another's
    // handoff got it, and nothing more of it.
    const isEcho =
      (told === null || isOwn(told)) &&
      (control === "bot" || control === "nobody"
        ? isNamed(delivery, conversationId ?? "")
        : handoffsIn(delivery, conversationId ?? "").some(({ state: one }) => !OVER.includes(one)));
    // Other sessions may have had a conversation before or after. The session's own handoff there tells that it had it, also in
    // a repeated answer, after the handoff went on in another conversation.
    const isIts = told !== null && [told.conversationId, ...told.replaces].some((id) => id === conversationId);
    const token = isEcho || isIts ? null : tokenIn(state.conversations.get(conversationId ?? "")?.summary);
    for (const handoff of [told, ownerOf(token?.slice("ho-".length))]) {
      if (handoff === null || isOwn(handoff)) continue;
      // Sessions of one bot that name the same conversation share its handoff.
      const isShared = [handoff.conversationId, ...handoff.replaces].some((id) => id !== null && isNamed(delivery, id));
      const isLetIn = mayShare(handoff.bot, delivery.bot) || mayShare(delivery.bot, handoff.bot);
      if (isLetIn && isShared) continue;
      violate({ invariant: 23, what: `${nameOf(delivery)} is answered with a handoff of ${handoff.session}` });
    }
  }

  /** Invariant 22: a customer who asks the bot for a person is on the way to one, or gets a reason. */
  function checkAsking(delivery: Delivery, { answer, sentAt }: Answered): void {
    const { outcome, control, handoffId, message } = answer;
    if (!delivery.isAsking || control !== "bot" || message != null) return;
    if (outcome === "accepted" && handoffId == null) {
      violate({ invariant: 22, what: `${nameOf(delivery)} asks for a person, and nothing comes of it` });
    }
    const isOver = OVER.includes(history.before(handoffId ?? "", sentAt)?.state ?? "");
    if (outcome === "duplicate" && !hasId(delivery) && isOver) {
      violate({ invariant: 22, what: `${nameOf(delivery)} asks again after ${handoffId} was over, and is not heard` });
    }
  }

  /** Invariant 8: a repetition gets the same answer. */
  function compare(delivery: Delivery, answered: Answered): void {
    const isKeyed = delivery.path === "handoffs";
    checkOwner(delivery, answered.answer);
    if (!isKeyed) checkAsking(delivery, answered);
    if (!hasId(delivery)) return;
    if (!isKeyed && answered.answer.outcome === "accepted") {
      if (taken.has(delivery)) violate({ invariant: 8, what: `${nameOf(delivery)} was taken twice` });
      taken.add(delivery);
    }
    const first = accepted.get(delivery);
    const forgottenAt = forgetting.forgottenAt(delivery.bot, delivery.session);
    // A forgotten event leaves only the fact that it came, and a forgotten handoff takes the answers about it along.
    const isForgotten = forgetting.isForgotten(`ho-${first?.answer.handoffId}`);
    if (first === undefined || isForgotten || (forgottenAt !== undefined && forgottenAt >= first.sentAt)) {
      accepted.set(delivery, answered);
      return;
    }
    if (isKeyed && first.text !== answered.text) violate({ invariant: 8, what: `${nameOf(delivery)}: another answer` });
    if (first.answer.handoffId !== answered.answer.handoffId) {
      violate({ invariant: 8, what: `${nameOf(delivery)} led to two handoffs` });
    }
  }

  async function deliver(delivery: Delivery, triesLeft: number): Promise<void> {
    const answered = await send(instances.current(), delivery);
    tell(
      () => `bot: ${nameOf(delivery)} -> ${answered === null ? "no answer" : `${answered.status} ${answered.text}`}`,
    );
    if (answered !== null && answered.status < 300) {
      compare(delivery, answered);
      return;
    }
    const awayMs = instances.awayMs();
    if (awayMs > 0) {
      await clock.sleep(awayMs + random.int(500, 10_000));
      await deliver(delivery, triesLeft);
    } else if (triesLeft === 0) violate({ invariant: 1, what: `${nameOf(delivery)} was never accepted` });
    else {
      await clock.sleep(random.int(500, 10_000));
      await deliver(delivery, triesLeft - 1);
    }
  }

  function schedule(delivery: Delivery): void {
    for (let copy = 0; copy < delivery.copies; copy += 1) {
      open += 1;
      clock.setTimer(
        () =>
          void deliver(delivery, MAX_TRIES).finally(() => {
            open -= 1;
          }),
        delivery.atMs + copy * delivery.apartMs,
      );
    }
  }
  const all = [...deliveries];
  for (const delivery of deliveries) schedule(delivery);

  /** Other words under a known id are another event. */
  function isRecorded({ bot, session, body }: Delivery): boolean {
    const [words] = String(body.text).match(WORDS) ?? [];
    if (words === undefined) return true;
    return record.read((tables) => {
      const id = tables.sessions.find(bot, session)?.id;
      return id !== undefined && tables.events.page(id, 0, EVERY).events.some((event) => event.body.includes(words));
    });
  }

  /** Invariant 14: a read commits nothing. */
  async function read(instance: Instance): Promise<void> {
    const before = instances.activity();
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
    for (const path of ["/v1/handoffs", "/v1/handoffs/01H0001", "/v1/flows", "/livez"]) {
      await instance.request(new Request(`http://baton.invalid${path}`, { headers }));
    }
    if (instances.activity() !== before) violate({ invariant: 14, what: "reading wrote" });
  }

  return {
    /** Now and then a customer who was given back soon needs a person again. */
    again(bot: string, session: string): void {
      if (!random.chance(COMES_BACK)) return;
      const atMs = random.int(100, 8_000);
      const delivery: Delivery = {
        ...{ atMs, bot, session, path: "events", headers: {}, copies: 1, apartMs: 0, isAsking: true },
        body: { id: `back-${all.length}`, session, type: "handoff.requested", reason: PLANTED },
      };
      all.push(delivery);
      schedule(delivery);
    },
    areDone: (): boolean => open === 0,
    /** Sends every event once more at rest, and every key with another body. */
    async askAgain(): Promise<void> {
      const instance = instances.current();
      if (instance === null) return violate({ invariant: 13, what: "no service is left" });
      await read(instance);
      for (const delivery of all) {
        if (!accepted.has(delivery) || forgetting.forgottenAt(delivery.bot, delivery.session) !== undefined) continue;
        if (!isRecorded(delivery))
          violate({ invariant: 1, what: `${nameOf(delivery)}: its words are not in the record` });
        if (!hasId(delivery)) continue;
        const answered = await send(instance, delivery);
        if (answered === null || answered.status >= 300) {
          violate({ invariant: 1, what: `${nameOf(delivery)} was accepted and is not any more` });
          continue;
        }
        const isKnown = delivery.path === "handoffs" || answered.answer.outcome === "duplicate";
        if (!isKnown) violate({ invariant: 1, what: `${nameOf(delivery)} was accepted and is not in the record` });
        else compare(delivery, answered);
        if (delivery.path !== "handoffs") continue;
        const other = await send(instance, delivery, { ...delivery.body, summary: "another" });
        if (other?.status !== 422) violate({ invariant: 8, what: `a key with another body got ${other?.status}` });
      }
    },
  };
}
