/** Builds what the engine needs of one account: its client, its gate, its lists, and how it is. */
import { createConversationsClient } from "../../infobip/client.ts";
import { reasonOf } from "../../infobip/outcome.ts";
import type { ClientDeps } from "../../infobip/request.ts";
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { HandoffSettings } from "../settings.ts";
import { createAccountHealth } from "./account-health.ts";
import { createDirectory } from "./directory.ts";
import { createGate } from "./gate.ts";
import { createLeasedGate } from "./remote-gate.ts";
import type { SharedAccount } from "./shared-account.ts";

/** Connection to an account. */
export interface Connection extends Pick<ClientDeps, "baseUrl" | "apiKey" | "fetch" | "transport"> {
  /** Milliseconds between polls for what pushes did not tell; 0: Baton does not poll. */
  pollEveryMs?: number;
  /** The account is set up to push to us: it is an alert if nothing comes. */
  expectsPushes?: boolean;
  /** The port to an account that others use too; it knows all of their requests. */
  shared?: SharedAccount;
}

type LeasedGateDeps = Parameters<typeof createLeasedGate>[0];

interface OpenAccountDeps extends Pick<LeasedGateDeps, "now" | "steady" | "setTimer" | "onRefused" | "onAccepted"> {
  settings: HandoffSettings;
  spans: ClientDeps["spans"];
  meter: Meter;
  log: Log;
}

/** Gentle on an account's limits, and soon enough for a bot that is to stay silent. */
const POLL_EVERY_MS = 30_000;

export function openAccount(name: string, connection: Connection, deps: OpenAccountDeps) {
  const { now, steady, setTimer, settings, spans, meter, log, onRefused, onAccepted } = deps;
  const { shared, pollEveryMs = POLL_EVERY_MS, expectsPushes = false } = connection;
  const onOpen = (): void => {
    log.error(
      { alert: "account-failing", account: name },
      "the platform fails: this account is left alone for a while",
    );
    meter.count("breakerOpened", { account: name });
    health.noteCircuitOpen();
  };
  const gate =
    shared === undefined
      ? createGate({ now, steady, settings, onOpen, onRefused, onAccepted })
      : createLeasedGate({ shared, now, steady, setTimer, settings, onRefused, onAccepted, log });
  const health = createAccountHealth(name, () => gate, now, expectsPushes);
  const onCall: ClientDeps["onCall"] = (operation, outcome) => {
    meter.count("calls", { account: name, operation, outcome: reasonOf(outcome) });
    meter.observe("callSeconds", { account: name }, outcome.call.ms / 1_000);
    health.noteOutcome(operation, outcome);
    gate.recordResponse(outcome);
  };
  const client = createConversationsClient({ ...connection, spans, now, onCall });
  if (shared === undefined) return { client, directory: createDirectory(client, steady), gate, health, pollEveryMs };
  const { check, workingHoursStatus } = shared;
  return { client: { ...client, check, workingHoursStatus }, directory: shared, gate, health, pollEveryMs };
}
