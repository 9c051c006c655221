/** The entry on Cloudflare Workers: the same HTTP interface over objects, one for each session. */
import { waitUntil } from "cloudflare:workers";
import { randomBytes } from "node:crypto";
import { ulid } from "ulid";
import { createAuthenticate } from "./auth/authenticate.ts";
import { flowsByBot } from "./escalation/flow.ts";
import type { Pushed } from "./events/sources/conversations.ts";
import { nameOfPeer } from "./http/access/peer.ts";
import { createReadBody } from "./http/access/read-body.ts";
import { createRefusals } from "./http/access/refusals.ts";
import { createApp } from "./http/app.ts";
import { createQuota } from "./http/quota.ts";
import type { Log } from "./log.ts";
import { silentMeter } from "./metrics/meter.ts";
import { BOT_EVENTS_PER_SECOND, describe, openConsole, serveMcp } from "./service.ts";
import { createConsoleLog } from "./worker/console-log.ts";
import { type Env, readProject, webhookSecretsOf } from "./worker/environment.ts";
import { createD1AuditLog } from "./worker/read-model/d1-audit-log.ts";
import { noteFlowVersions } from "./worker/read-model/flow-versions.ts";
import { createReadModel } from "./worker/read-model/read-model.ts";
import { createRemoteApi } from "./worker/remote-api.ts";

export { AccountObject } from "./worker/objects/account-object.ts";
export { ConversationObject } from "./worker/objects/conversation-object.ts";
export { KeyObject } from "./worker/objects/key-object.ts";
export { SessionObject } from "./worker/objects/session-object.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

const PUSHED_EVERY_MS = 60_000;

/** An account hears that its pushes come, and that agents' messages are among them, though not of each. */
function createPushed(env: Env, log: Log): (account: string, pushes: readonly Pushed[]) => void {
  const toldAt = new Map<string, number>();
  return (account, pushes) => {
    const bringMessages = pushes.some(({ event }) => event?.type === "agent.wrote");
    const what = `${account} ${bringMessages}`;
    if (Date.now() - (toldAt.get(what) ?? 0) < PUSHED_EVERY_MS) return;
    toldAt.set(what, Date.now());
    waitUntil(
      Promise.resolve(env.ACCOUNTS.getByName(account).pushed(account, bringMessages)).catch((err: unknown) =>
        log.warn({ account, err }, "the arrival of pushes could not be reported to the account"),
      ),
    );
  };
}

function createFetch(env: Env): Fetch {
  const found = readProject(env);
  if (!found.ok) {
    createConsoleLog("error").error({}, `Baton is not configured: ${found.error.join("; ")}`);
    return () => new Response("Baton is not configured; its log says what is missing.\n", { status: 503 });
  }
  const project = found.value;
  const { flows, config, log, accounts } = project;
  const now = Date.now;
  const core = createRemoteApi({ env, readModel: createReadModel(env.READ_MODEL), accounts, log });
  const app = createApp({
    core,
    flows: flowsByBot(flows),
    describe,
    serveMcp,
    openConsole,
    authenticate: createAuthenticate({ secrets: config.botSecrets ?? new Map(), hmac: config.hmac, now }),
    authenticatePlatform: createAuthenticate({ secrets: webhookSecretsOf(project), hmac: config.hmac, now }),
    accounts,
    pushed: createPushed(env, log),
    operators: config.operators,
    audit: createD1AuditLog(env.READ_MODEL),
    now,
    newId: () => ulid(),
    refusals: createRefusals({ now, log }),
    readBody: createReadBody(),
    quota: createQuota({ now, perSecond: config.botEventsPerSecond ?? BOT_EVENTS_PER_SECOND }),
    isWithinQuota: async (bot) => (await env.BOT_QUOTA.limit({ key: bot })).success,
    log,
    meter: silentMeter,
    isReady: () => true,
    isWritable: async () => {
      // A session that is nobody's: it is read, so nothing is written.
      await core.session("", "");
      return true;
    },
  });
  waitUntil(
    noteFlowVersions(env.READ_MODEL, flows, now()).catch((err: unknown) =>
      log.warn({ err }, "the versions of the flows are not noted"),
    ),
  );
  const key = randomBytes(32);
  return (request) =>
    app.fetch(request, { peer: () => nameOfPeer(key, request.headers.get("cf-connecting-ip") ?? "") });
}

const fetches = new WeakMap<Env, Fetch>();

export default {
  fetch(request, env) {
    const known = fetches.get(env) ?? createFetch(env);
    fetches.set(env, known);
    return known(request);
  },
} satisfies ExportedHandler<Env>;
