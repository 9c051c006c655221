import { DurableObject } from "cloudflare:workers";
import { createKeyedRequests, type KeyedRequests } from "../../handoff/use-cases/repeats/idempotency.ts";
import { createObjectDatabase } from "../../store/durable-object-store.ts";
import { createIdempotencyTable } from "../../store/tables/idempotency-keys.ts";
import { type Env, projectOf } from "../environment.ts";
import { createObjectExpiry } from "./object-expiry.ts";
import { runAlarm } from "./run-alarm.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS idempotency (
  bot TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  handoff_id TEXT,
  answer TEXT,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (bot, key)
) STRICT, WITHOUT ROWID`;

/** The Durable Object of one `Idempotency-Key` of one bot, whatever sessions use the key. */
export class KeyObject extends DurableObject<Env> {
  readonly #requests: KeyedRequests;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { storage } = ctx;
    const tables = { idempotency: createIdempotencyTable(createObjectDatabase(storage)) };
    this.#requests = createKeyedRequests({
      record: {
        commit: async (work) => storage.transactionSync(() => work(tables)),
        read: (work) => work(tables),
      },
      now: Date.now,
    });
  }

  async claim(...args: Parameters<KeyedRequests["claim"]>) {
    this.#createTable();
    const claim = this.#requests.claim(...args);
    if (claim.kind === "first") await this.ctx.storage.setAlarm(this.#keptUntil());
    return claim;
  }

  end(...args: Parameters<KeyedRequests["end"]>) {
    this.#createTable();
    return this.#requests.end(...args);
  }

  /** Forgets the key, since its session is erased. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** Runs at each use: forgetting drops the table, and the instance may live on. */
  #createTable(): void {
    this.ctx.storage.sql.exec(TABLE);
  }

  #keptUntil(): number {
    this.#createTable();
    const [row] = this.ctx.storage.sql.exec("SELECT max(expires_at) AS at FROM idempotency").toArray();
    return typeof row?.at === "number" ? row.at : 0;
  }

  override alarm(): Promise<void> {
    const { storage } = this.ctx;
    const common = { storage, now: Date.now, keptUntil: () => this.#keptUntil() };
    return runAlarm({ ...common, log: projectOf(this.env).log }, async () => {
      // The key may have been used again since the alarm was set.
      if (!(await createObjectExpiry(common).deleteIfExpired())) await storage.setAlarm(this.#keptUntil());
    });
  }
}
