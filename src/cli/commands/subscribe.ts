import { parseWebhookSecrets } from "../../config.ts";
import { toBaseUrl } from "../../infobip/base-url.ts";
import {
  type NewProfile,
  profileFieldsSchema,
  type SecurityFields,
  SUBSCRIBABLE_EVENTS,
  subscriptionIdSchema,
} from "../../infobip/subscription-schema.ts";
import {
  profileWrites,
  securityWrites,
  subscriptionWrites,
  type Write,
  type Writes,
} from "../../infobip/subscriptions.ts";
import { Failure, faint, good, printJson } from "../support/print.ts";
import { type Common, expectDone, ifThere, subscriptionsClient } from "./subscriptions.ts";

interface SubscribeOptions extends Common {
  url?: string;
  name?: string;
  auth: string;
  secretFromEnv?: string;
  dryRun?: boolean;
}

type Auth = "hmac" | "basic" | "bearer";
const isAuth = (text: string): text is Auth => ["hmac", "basic", "bearer"].includes(text);

const MASK = "***";
/** Longest secret that Infobip takes. */
const SECRET_MAX = 255;

function firstSecret(variable: string): string {
  const secrets = parseWebhookSecrets(variable, process.env[variable]);
  if (!secrets.ok) throw new Failure(`${secrets.error}.`, 2);
  const [first] = secrets.value;
  if (first === undefined) {
    throw new Failure(
      `${variable} is not set: without a secret anybody could post events to Baton.
Give Baton and this command the same one, as a JSON list: ${variable}='["a long random text"]'
One is made by: openssl rand -base64 24`,
      2,
    );
  }
  if (first.length > SECRET_MAX) throw new Failure(`Infobip takes secrets of at most ${SECRET_MAX} characters.`, 2);
  return first;
}

/** Variable that holds the secrets of an account. */
const variableOf = (account: string): string =>
  account === "default" ? "INFOBIP_WEBHOOK_SECRETS" : `INFOBIP_${account.toUpperCase()}_WEBHOOK_SECRETS`;

function checkedUrl(url: string | undefined): string {
  if (url === undefined) {
    throw new Failure("--url is missing: where Baton takes events, as https://your-host/v1/infobip/default/events.", 2);
  }
  if (!URL.canParse(url)) throw new Failure("--url is not an address.", 2);
  const { origin, username, hash, pathname } = new URL(url);
  const base = toBaseUrl(origin);
  if (!base.ok) throw new Failure(`--url ${base.error}.`, 2);
  if (username !== "" || hash !== "") throw new Failure("--url must not contain a user, a password or a fragment.", 2);
  if (pathname === "/") throw new Failure("--url lacks its path: /v1/infobip/<account>/events.", 2);
  if (!profileFieldsSchema.safeParse({ webhook: { notifyUrl: url } }).success) {
    throw new Failure("--url is longer than the 512 characters that Infobip takes.", 2);
  }
  return url;
}

interface Wanted {
  name: string;
  url: string;
  auth: Auth;
  /** The order matters: each needs the one before. */
  security: Writes | null;
  profile: Writes;
  subscription: Writes;
}

function wantedBy({ account, name = `baton-${account}`, auth, ...options }: SubscribeOptions): Wanted {
  const url = checkedUrl(options.url);
  if (!isAuth(auth)) throw new Failure("--auth must be hmac, basic or bearer.", 2);
  const id = subscriptionIdSchema.safeParse(name);
  if (!id.success) throw new Failure(`--name ${id.error.issues[0]?.message}.`, 2);
  const secret = firstSecret(options.secretFromEnv ?? variableOf(account));

  const securities: Record<Auth, SecurityFields | null> = {
    hmac: { type: "HMAC", credentials: { secretKey: secret, algorithm: "HMAC_SHA_256" } },
    basic: { type: "BASIC", credentials: { username: account, password: secret } },
    // A header of the profile, since the platform has no security for a fixed bearer token.
    bearer: null,
  };
  const fields = securities[auth];
  const profile: NewProfile = {
    webhook: { notifyUrl: url, contentType: "application/json" },
    headers: auth === "bearer" ? { Authorization: `Bearer ${secret}` } : {},
    ...(fields !== null && { security: { authId: name } }),
  };
  return {
    name,
    url,
    auth,
    security: fields === null ? null : securityWrites(name, fields),
    profile: profileWrites(name, profile),
    subscription: subscriptionWrites(name, `Baton, account ${account}`, name),
  };
}

/** Renders a body without its secrets. */
const masked = (body: unknown): string =>
  JSON.stringify(
    body,
    (key, value: unknown) => (["secretKey", "password", "Authorization"].includes(key) ? MASK : value),
    2,
  );

function showRequests(writes: readonly Write[], { json = false }: Common): void {
  const requests = writes.map(({ method, path, body }) => ({ method, path: `/${path.join("/")}`, body }));
  if (json) {
    console.log(masked(requests));
    return;
  }
  console.log("Nothing is sent. These are the requests; an existing one is changed by PUT to its id:\n");
  for (const { method, path, body } of requests) console.log(`${method} ${path}\n${masked(body)}\n`);
}

/** Creates security, profile and subscription, or updates existing ones: the name fixes their ids. */
export async function subscribe(options: SubscribeOptions): Promise<void> {
  const { account, json = false } = options;
  const wanted = wantedBy(options);
  const { name, url, auth, security, profile, subscription } = wanted;
  if (options.dryRun) {
    const all = [security, profile, subscription].filter((it) => it !== null);
    return showRequests(
      all.map(({ create }) => create),
      options,
    );
  }

  const client = await subscriptionsClient(account);
  const [knownProfile, known] = [
    await ifThere(client.profile(name), account),
    await ifThere(client.subscription(name), account),
  ];
  if (security === null && knownProfile?.security?.authId) {
    throw new Failure(
      `'${name}' has a security, and a bearer token takes its place only in a new one: npx baton subscribe remove ${name}`,
    );
  }
  const write = async (isThere: boolean, { create, update }: Writes): Promise<void> => {
    await expectDone(client.write(isThere ? update : create), account);
  };
  if (security !== null) await write((await ifThere(client.security(name), account)) !== null, security);
  await write(knownProfile !== null, profile);
  await write(known !== null, subscription);

  const done = known === null ? "made" : "brought up to date";
  if (json) {
    printJson({ subscriptionId: name, done, url, auth, events: SUBSCRIBABLE_EVENTS });
    return;
  }
  console.log(`${good(`Subscription '${name}' is ${done}.`)} Infobip pushes to ${url}:`);
  for (const event of SUBSCRIBABLE_EVENTS) console.log(`  ${event}`);
  console.log(
    "No event that Infobip offers here brings an agent's message. Where a flow's callbacks ask for agent.message, Baton reads it.",
  );
  const proofs: Record<Auth, string> = {
    hmac: "Each push is signed with HMAC-SHA256. Infobip does not say in which header: if Baton answers 401, set WEBHOOK_HMAC_HEADER and its like.",
    basic: `Each push has HTTP Basic: user ${account}, password the secret.`,
    bearer: "Each push has the secret as a bearer token.",
  };
  console.log(faint(proofs[auth]));
}
