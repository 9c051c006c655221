/** Plays samples on a running service, over HTTP. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Flow } from "../../escalation/flow.ts";
import { isWorking, nothingKnown } from "../../escalation/hours.ts";
import { runSample, type SampleRun } from "../../replay/run-sample.ts";
import type { Sample } from "../../replay/sample.ts";
import { accountClient } from "../commands/account.ts";
import { deskOverHttp } from "../demo/desk-over-http.ts";
import { secretsOfBots } from "../support/bot-secrets.ts";
import { Failure } from "../support/print.ts";

/** Longest wait for a handoff on a running service. After it the sample is compared as it is. */
const SETTLE_MS = 10_000;
const LOOK_EVERY_MS = 100;
/** Longer pauses are the point of a sample. */
const SKIPPED_PAUSE_S = 30;

/** True if people act in the sample. */
const needsDesk = ({ script }: Sample): boolean => script.some(({ kind }) => kind === "desk" || kind === "written");

/**
 * Reason why a sample cannot be played on a running service: its clock cannot be moved, and not everything can be done at its
 * platform.
 */
function needsMore(sample: Sample, { hours }: Flow, hasDesk: boolean): string | null {
  const { script, given } = sample;
  if (script.some(({ afterSeconds }) => (afterSeconds ?? 0) > SKIPPED_PAUSE_S)) return "it needs time to pass";
  if (script.some(({ kind }) => kind === "push")) return "it has pushes of its own time";
  if (script.some(({ kind }) => kind === "agents") || Object.keys(given.agents).length > 0) {
    return "it says which agents are there";
  }
  if (given.faults.length > 0) return "it needs a platform in trouble";
  if (needsDesk(sample) && !hasDesk) return "it needs the desk of an emulator inside the service";
  const isOpenAt = (at: number): boolean => isWorking(hours, at, nothingKnown);
  const isAsNow = isOpenAt(Date.parse(sample.at)) === isOpenAt(Date.now());
  return isAsNow ? null : "its opening hours are not now's";
}

/** Plays samples on the service at `url`, in sessions of their own. A string is the reason for not playing one. */
export function createLivePlayer(url: string) {
  const secrets = secretsOfBots();
  const run = Date.now().toString(36);
  const clients = new Map<string, ReturnType<typeof accountClient>>();
  const clientOf = (account: string) => {
    const client = clients.get(account) ?? accountClient(account, url);
    clients.set(account, client);
    return client;
  };
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(new URL(path, url), init);
    } catch {
      throw new Failure(`No Baton answers at ${url}.`);
    }
  };
  let played = 0;

  return async (sample: Sample, flow: Flow): Promise<Omit<SampleRun, "named"> | string> => {
    const secret = secrets.get(sample.bot)?.[0];
    if (secret === undefined) return "BOT_SECRETS has no secret of its bot";
    const desk = needsDesk(sample) ? await deskOverHttp(url) : null;
    const reason = needsMore(sample, flow, desk !== null);
    if (reason !== null) return reason;
    played += 1;
    const headers = { authorization: `Bearer ${secret}` };
    const isAtPlatform = desk !== null || Object.keys(sample.given.conversations).length > 0;
    const handoffs = `/v1/bots/${encodeURIComponent(sample.bot)}/handoffs`;
    const { named, ...outcome } = await runSample(sample, {
      request,
      secret,
      begin: async () => undefined,
      act: async (deed, id) => {
        const isWork = deed.kind === "desk" || deed.kind === "written";
        if (desk === null || !isWork) throw new Error("a sample that needs more than a bot was not skipped");
        return desk(deed, id);
      },
      client: isAtPlatform ? await clientOf(flow.account) : null,
      // Only a virtual clock makes these pauses short; their events come in order without them.
      pause: async () => undefined,
      settled: async (ids) => {
        const until = Date.now() + SETTLE_MS;
        for (const id of ids) {
          while (Date.now() < until) {
            const shown = (await (await request(`${handoffs}/${id}`, { headers })).json()) as { state?: string };
            if (shown.state !== "pending") break;
            await sleep(LOOK_EVERY_MS);
          }
        }
      },
      suffix: `${run}-${played}`,
    });
    return outcome;
  };
}
