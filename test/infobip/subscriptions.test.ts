import { expect, it } from "vitest";
import {
  createSubscriptionsClient,
  profileWrites,
  type SubscriptionsClient,
  securityWrites,
  subscriptionWrites,
} from "../../src/infobip/subscriptions.ts";

const ROOT = "https://x.api.infobip.com/subscriptions/1";
const HMAC = { type: "HMAC" as const, credentials: { secretKey: "s", algorithm: "HMAC_SHA_256" as const } };
const PROFILE = { webhook: { notifyUrl: "https://baton.example/events" }, security: { authId: "n" } };
const EVENTS = [
  "CONVERSATION_ASSIGNMENT_UPDATED",
  "CONVERSATION_CREATED",
  "CONVERSATION_MESSAGE_DELETED",
  "CONVERSATION_MESSAGE_RECEIVED",
  "CONVERSATION_MESSAGE_UPDATED",
  "CONVERSATION_STATUS_UPDATED",
];
const SUBSCRIPTION = { name: "Name", events: EVENTS, profile: { profileId: "p" } };

function createClient(answer: (url: string) => unknown) {
  const seen: { line: string; body: unknown }[] = [];
  const client = createSubscriptionsClient({
    baseUrl: "https://x.api.infobip.com",
    apiKey: "key",
    now: () => 0,
    fetch: async (request) => {
      const text = await request.text();
      seen.push({ line: `${request.method} ${request.url}`, body: text === "" ? undefined : JSON.parse(text) });
      return Response.json(answer(request.url));
    },
  });
  return { client, seen };
}

type Case = [string, (client: SubscriptionsClient) => Promise<{ kind: string }>, string, unknown?];

it.each<Case>([
  [
    "a new security",
    (c) => c.write(securityWrites("n", HMAC).create),
    `POST ${ROOT}/security`,
    { authId: "n", ...HMAC },
  ],
  ["a changed security", (c) => c.write(securityWrites("n", HMAC).update), `PUT ${ROOT}/security/n`, HMAC],
  [
    "a new profile",
    (c) => c.write(profileWrites("p", PROFILE).create),
    `POST ${ROOT}/profiles`,
    { profileId: "p", ...PROFILE },
  ],
  ["a changed profile", (c) => c.write(profileWrites("p", PROFILE).update), `PUT ${ROOT}/profiles/p`, PROFILE],
  [
    "a new subscription",
    (c) => c.write(subscriptionWrites("s", "Name", "p").create),
    `POST ${ROOT}/subscription/CUSTOMER_ENGAGEMENT`,
    { subscriptionId: "s", ...SUBSCRIPTION },
  ],
  [
    "a changed subscription",
    (c) => c.write(subscriptionWrites("s", "Name", "p").update),
    `PUT ${ROOT}/subscription/CUSTOMER_ENGAGEMENT/s`,
    SUBSCRIPTION,
  ],
  ["a security", (c) => c.security("n"), `GET ${ROOT}/security/n`],
  ["a profile", (c) => c.profile("p"), `GET ${ROOT}/profiles/p`],
  ["a subscription", (c) => c.subscription("s"), `GET ${ROOT}/subscription/CUSTOMER_ENGAGEMENT/s`],
  ["no subscription", (c) => c.removeSubscription("s"), `DELETE ${ROOT}/subscription/CUSTOMER_ENGAGEMENT/s`],
  ["no profile", (c) => c.removeProfile("p"), `DELETE ${ROOT}/profiles/p`],
  ["no security", (c) => c.removeSecurity("n"), `DELETE ${ROOT}/security/n`],
])("asks for %s as documented", async (_, run, line, body) => {
  const { client, seen } = createClient(() => ({ subscriptionId: "s", profile: { profileId: "p" } }));
  expect((await run(client)).kind).toBe("ok");
  expect(seen).toEqual([{ line, body }]);
});

it("lists subscriptions to the last page", async () => {
  const page = (n: number) => ({
    results: Array.from({ length: n === 0 ? 100 : 3 }, (_, i) => ({ subscriptionId: `${n}-${i}`, events: EVENTS })),
    paging: { page: n, size: 100, totalPages: 2, totalResults: 103 },
  });
  const { client, seen } = createClient((url) => page(Number(new URL(url).searchParams.get("page"))));
  const listed = await client.subscriptions();
  expect(listed.kind === "ok" && listed.value).toHaveLength(103);
  expect(seen.map(({ line }) => new URL(line.slice(4)).search)).toEqual(["?size=100&page=0", "?size=100&page=1"]);
});
