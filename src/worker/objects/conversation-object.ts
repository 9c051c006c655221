import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { flowsByBot } from "../../escalation/flow.ts";
import { withoutWords } from "../../events/platform-event.ts";
import type { Pushed } from "../../events/sources/conversations.ts";
import { isSharedWith } from "../../handoff/use-cases/conversation-owner.ts";
import type { PushOutcome } from "../../handoff/use-cases/receive-push.ts";
import type { Observation } from "../../model/conversation-state.ts";
import { type Env, projectOf } from "../environment.ts";
import { type Claimed, type ClaimedBy, type Entered, enteredAmong } from "../session/conversation-claims.ts";
import { sharingBots } from "../session/sharing-bots.ts";
import { createObjectAlarm } from "./object-alarm.ts";
import { createObjectExpiry, KEEP_MS } from "./object-expiry.ts";
import { runAlarm } from "./run-alarm.ts";

/** Newest state of a conversation that no session has. */
const KEPT_PUSHES = 200;

const TABLES = `
  CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY CHECK (id = 1), object TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS owners (seq INTEGER PRIMARY KEY, object TEXT NOT NULL UNIQUE, bot TEXT NOT NULL DEFAULT '') STRICT;
  INSERT OR IGNORE INTO owners (object) SELECT object FROM owner;
  DELETE FROM owner;
  CREATE TABLE IF NOT EXISTS pushes (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS hosts (bot TEXT PRIMARY KEY, object TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;
const ownerRow = z.object({ object: z.string(), bot: z.string() });
/** A session's object that gets the pushes of the conversation; `bot` is empty in rows of an earlier version. */
export type Owner = z.infer<typeof ownerRow>;
/** Pushes kept by an earlier release count from the time at which this release opens them. */
const HEARD_AT = "ALTER TABLE pushes ADD COLUMN heard_at INTEGER NOT NULL DEFAULT";
const HAS_HEARD_AT = "SELECT 1 FROM sqlite_schema WHERE name = 'pushes' AND sql LIKE '%heard_at%'";
const hostRows = z.array(z.object({ bot: z.string(), object: z.string() }));
const ownerRows = z.array(z.object({ seq: z.number().int(), object: z.string() }));
/** Most sessions that get the pushes of a conversation, the newest of them. */
const MOST_OWNERS = 20;
const timeRow = z.tuple([z.object({ at: z.number().nullable() })]);
/** The alarm fires no more often, however many pushes are kept. */
const LOOK_EVERY_MS = 24 * 3_600_000;
const pushRows = z.array(z.object({ seq: z.number().int(), body: z.string() }));

/** Removes the words from a push of a conversation that no session has. */
const keptOf = (pushed: Pushed): Pushed =>
  pushed.event === null ? pushed : { ...pushed, event: withoutWords(pushed.event) };

/**
 * The Durable Object of one of the platform's conversations: it knows which sessions have it. A push may arrive before the
 * session knows its own conversation, so earlier pushes are kept for it.
 */
export class ConversationObject extends DurableObject<Env> {
  #isReady = false;
  /** Runs one claim or entry at a time: the next waits for the answer to the one before. */
  #claiming: Promise<unknown> = Promise.resolve();

  #sql() {
    const { sql } = this.ctx.storage;
    if (!this.#isReady) {
      sql.exec(TABLES);
      if (sql.exec(HAS_HEARD_AT).toArray().length === 0) sql.exec(`${HEARD_AT} ${Date.now()}`);
    }
    this.#isReady = true;
    return sql;
  }

  async #keep(): Promise<void> {
    const { storage } = this.ctx;
    const alarm = createObjectAlarm(storage, await storage.getAlarm(), Date.now);
    alarm.at(Date.now() + KEEP_MS);
  }

  /** Reading never writes. */
  #isBlank(): boolean {
    const found = "SELECT 1 FROM sqlite_schema WHERE name = 'pushes'";
    return !this.#isReady && this.ctx.storage.sql.exec(found).toArray().length === 0;
  }

  /** Objects of sessions that have it, the newest first. */
  owners(): Owner[] {
    if (this.#isBlank()) return [];
    const rows = this.#sql().exec("SELECT object, bot FROM owners ORDER BY seq DESC LIMIT ?", MOST_OWNERS).toArray();
    return rows.map((row) => ownerRow.parse(row));
  }

  #session(object: string) {
    return this.env.SESSIONS.get(this.env.SESSIONS.idFromString(object));
  }

  #owners() {
    return this.owners().map(({ object }) => this.#session(object));
  }

  async receivePushes(account: string, pushes: readonly Pushed[]): Promise<PushOutcome[]> {
    const owners = this.#owners();
    if (owners.length > 0) {
      const [outcomes] = await Promise.all(owners.map((owner) => owner.receivePushes(account, pushes)));
      return outcomes ?? [];
    }
    await this.#keep();
    const sql = this.#sql();
    const outcomes = pushes.map((pushed): PushOutcome => {
      const insert = "INSERT INTO pushes (id, body, heard_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING seq";
      const isNew = sql.exec(insert, pushed.id, JSON.stringify(keptOf(pushed)), Date.now()).toArray().length > 0;
      return isNew ? "accepted" : "duplicate";
    });
    sql.exec("DELETE FROM pushes WHERE seq <= (SELECT max(seq) FROM pushes) - ?", KEPT_PUSHES);
    return outcomes;
  }

  /** Passes on what a look at the platform showed. */
  async receiveState(account: string, id: string, word: Observation): Promise<void> {
    await Promise.all(this.#owners().map((owner) => owner.receiveState(account, id, word)));
  }

  /**
   * Records that a session's object is in the conversation, unless another bot has it. Returns the kept pushes, which stay until
   * they are released.
   */
  claim(account: string, id: string, owner: Owner, by: ClaimedBy): Promise<Claimed> {
    return this.#inTurn(() => this.#claim(account, id, owner, by));
  }

  /**
   * Chooses the object in which a session goes on, before anything of it is committed. One object at a time has the sessions of a
   * bot here, and of the bots that share conversations with it: the last that was let in, as long as it takes an event or has an
   * open handoff. Of two sessions that come at the same moment, the second goes to the first's object, where one commit decides
   * which of them routes. A session that came to nothing leaves nothing to undo.
   */
  enter(account: string, id: string, who: Owner): Promise<Entered> {
    return this.#inTurn(() => this.#enter(account, id, who));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#claiming.then(work);
    this.#claiming = done.catch(() => undefined);
    return done;
  }

  async #enter(account: string, id: string, { object, bot }: Owner): Promise<Entered> {
    const byBot = flowsByBot(projectOf(this.env).flows);
    const group = sharingBots(byBot, bot);
    const hosts = this.#hostsOf(group);
    const others = new Set([...hosts, ...this.owners()].map((it) => it.object).filter((it) => it !== object));
    const standings = await Promise.all(
      [...others].map(async (other) => ({
        object: other,
        isHost: hosts.some((host) => host.object === other),
        standing: await this.#session(other).standingIn(account, id),
      })),
    );
    const entered = enteredAmong(standings, bot, byBot);
    if (entered.kind === "taken") return entered;
    await this.#let({ object: entered.kind === "line" ? entered.object : object, bot }, group);
    return entered;
  }

  /**
   * Objects that have these bots' sessions in the conversation: one, except for leftovers of an earlier release or other flows.
   */
  #hostsOf(group: ReadonlySet<string>): Owner[] {
    if (this.#isBlank()) return [];
    return hostRows
      .parse(this.#sql().exec("SELECT bot, object FROM hosts").toArray())
      .filter(({ bot }) => group.has(bot));
  }

  /** Gives the sessions of all these bots in the conversation to this object. */
  async #let({ object, bot }: Owner, group: ReadonlySet<string>): Promise<void> {
    const hosts = this.#hostsOf(group);
    if (hosts.length === 1 && hosts[0]?.object === object) return;
    const sql = this.#sql();
    for (const host of hosts) sql.exec("DELETE FROM hosts WHERE bot = ?", host.bot);
    sql.exec("INSERT INTO hosts (bot, object, at) VALUES (?, ?, ?)", bot, object, Date.now());
    await this.#keep();
  }

  async #claim(account: string, id: string, owner: Owner, by: ClaimedBy): Promise<Claimed> {
    const { flows } = projectOf(this.env);
    const byBot = flowsByBot(flows);
    const leaving: Owner[] = [];
    for (const other of this.owners()) {
      if (other.object === owner.object || other.bot === owner.bot) continue;
      const standing = await this.#session(other.object).standingIn(account, id);
      const its = standing?.by === "handoff" ? standing.open : [standing?.bot ?? other.bot];
      if (its.every((bot) => isSharedWith(byBot, bot, owner.bot))) continue;
      const has = standing?.by === "handoff" || standing?.by === "person";
      if (has && by !== "made") return { kind: "refused" };
      if (by === "named" && standing?.by === "former-handoff") return { kind: "overlooked" };
      if (has) await this.#session(other.object).leaveConversation(account, id);
      leaving.push(other);
    }
    const sql = this.#sql();
    for (const { object } of leaving) sql.exec("DELETE FROM owners WHERE object = ?", object);
    sql.exec("INSERT OR REPLACE INTO owners (object, bot) VALUES (?, ?)", owner.object, owner.bot);
    const rows = pushRows.parse(sql.exec("SELECT seq, body FROM pushes ORDER BY seq").toArray());
    await this.#keep();
    const pushes = rows.map(({ body }) => JSON.parse(body) as Pushed);
    return { kind: "granted", pushes, upTo: rows.at(-1)?.seq ?? 0 };
  }

  release(upTo: number): void {
    this.#sql().exec("DELETE FROM pushes WHERE seq <= ?", upTo);
  }

  /** Forgets a session that was forgotten or erased; rows of other sessions stay. */
  async forget(object: string): Promise<void> {
    if (this.#isBlank()) return;
    const sql = this.#sql();
    for (const table of ["owners", "hosts"]) sql.exec(`DELETE FROM ${table} WHERE object = ?`, object);
    if (this.owners().length === 0) sql.exec("DELETE FROM pushes");
    await this.#expiry().deleteIfExpired();
  }

  /** A session that has the conversation ends it alone; otherwise the last push does. */
  #keptUntil(): number {
    if (this.#isBlank()) return 0;
    if (this.owners().length > 0) return Number.POSITIVE_INFINITY;
    const last =
      "SELECT max(at) AS at FROM (SELECT max(heard_at) AS at FROM pushes UNION ALL SELECT max(at) FROM hosts)";
    const [{ at }] = timeRow.parse(this.#sql().exec(last).toArray());
    return at === null ? 0 : at + KEEP_MS;
  }

  #expiry() {
    const deleted = () => {
      this.#isReady = false;
    };
    return createObjectExpiry({
      storage: this.ctx.storage,
      now: Date.now,
      keptUntil: () => this.#keptUntil(),
      deleted,
    });
  }

  /** Finds sessions that an earlier release forgot without a message. A claim in between has another `seq`. */
  async #forgetGoneOwners(): Promise<void> {
    const sql = this.#sql();
    const owners = ownerRows.parse(sql.exec("SELECT seq, object FROM owners").toArray());
    await Promise.all(
      owners.map(async ({ seq, object }) => {
        if (await this.#session(object).isForgotten()) sql.exec("DELETE FROM owners WHERE seq = ?", seq);
      }),
    );
  }

  override alarm(): Promise<void> {
    const { storage } = this.ctx;
    const { log } = projectOf(this.env);
    return runAlarm({ storage, now: Date.now, log, keptUntil: () => this.#keptUntil() }, async () => {
      await this.#forgetGoneOwners();
      this.#sql().exec("DELETE FROM pushes WHERE heard_at <= ?", Date.now() - KEEP_MS);
      if (await this.#expiry().deleteIfExpired()) return;
      const [{ at }] = timeRow.parse(this.#sql().exec("SELECT min(heard_at) AS at FROM pushes").toArray());
      await storage.setAlarm(Math.max((at ?? Date.now()) + KEEP_MS, Date.now() + LOOK_EVERY_MS));
    });
  }
}
