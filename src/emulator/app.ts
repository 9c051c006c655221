import { Hono } from "hono";
import type { z } from "zod";
import { accountHandlers } from "./account.ts";
import { agentHandlers } from "./agents.ts";
import { createBotSessions } from "./bot-sessions.ts";
import { botHandlers } from "./bots.ts";
import { createCallLog, type RecordedCall } from "./calls.ts";
import type { Change } from "./changes.ts";
import { controlRoutes } from "./control-routes.ts";
import { conversationHandlers } from "./conversations.ts";
import { createDesk, type Desk } from "./desk.ts";
import { deskPageRoutes } from "./desk-page-routes.ts";
import { deskRoutes } from "./desk-routes.ts";
import { refuse } from "./errors.ts";
import { createExchange } from "./exchange.ts";
import { createFaults, type Faults } from "./faults.ts";
import type { Handlers } from "./handler.ts";
import { messageHandlers } from "./messages.ts";
import { metadataHandlers } from "./metadata.ts";
import { noteHandlers } from "./notes.ts";
import { APIS, isOperationName } from "./operations.ts";
import { refuseOtherSites } from "./other-sites.ts";
import { profileHandlers } from "./profiles.ts";
import { createPushes, type Pushes } from "./pushes.ts";
import { queueHandlers } from "./queues.ts";
import { routeHandlers } from "./route.ts";
import { routingRuleHandlers } from "./routing-rules.ts";
import { securityHandlers } from "./securities.ts";
import { defaultSeed, type Seed } from "./seed.ts";
import { type EmulatorSettings, settingsSchema } from "./settings.ts";
import type { State } from "./state.ts";
import { createStore } from "./store.ts";
import { subscriptionHandlers } from "./subscriptions.ts";
import { tagHandlers } from "./tags.ts";
import { workingHoursHandlers } from "./working-hours.ts";

export interface EmulatorDeps {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** 32 upper-case hexadecimal digits. */
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
  /** For faults with a rate and for latency between two bounds; without it, such faults never strike. */
  random?: () => number;
  /** Where pushes go; without it, nothing is pushed. A time limit is its own. */
  deliver?: (request: Request) => Promise<Response>;
}

export interface EmulatorOptions {
  settings?: z.input<typeof settingsSchema>;
  /** Replaces parts of the default seed. */
  seed?: Partial<Seed>;
}

/** Infobip Conversations as documented (OpenAPI 3.210.0), in memory. */
export interface Emulator {
  /** Takes and gives what the platform's host does, and rejects as `fetch` does where a connection fails. */
  fetch: (request: Request) => Promise<Response>;
  state: State;
  calls: readonly RecordedCall[];
  /** Every call as it takes effect. What is returned stops it. */
  onCall: (listener: (call: RecordedCall) => void) => () => void;
  onChange: (listener: (change: Change) => void) => () => void;
  faults: Faults;
  settings: EmulatorSettings;
  desk: Desk;
  pushes: Pushes;
  /** Closes what is due by now; every request does so, too. */
  closeSilent: () => void;
}

const ALMOST_ONE = 1 - Number.EPSILON;

export function createEmulator(deps: EmulatorDeps, options: EmulatorOptions = {}): Emulator {
  const { now, newId, sleep, random = () => ALMOST_ONE } = deps;
  const settings = settingsSchema.parse(options.settings ?? {});
  const store = createStore({ now, newId, settings, seed: { ...defaultSeed(), ...options.seed } });
  const faults = createFaults(random);
  const calls = createCallLog(settings);
  const exchange = createExchange({ now, sleep, random, store, settings, faults, calls });
  const platform = { store, settings };
  const desk = createDesk(platform);
  const { closeSilent } = createBotSessions(platform);
  const pushes = createPushes({ now, sleep, random, deliver: deps.deliver, store, settings });

  const handlers: Handlers = {
    ...conversationHandlers(platform),
    ...routeHandlers(platform),
    ...tagHandlers(platform),
    ...messageHandlers(platform),
    ...noteHandlers(platform),
    ...metadataHandlers(platform),
    ...queueHandlers(platform),
    ...routingRuleHandlers(platform),
    ...agentHandlers(platform),
    ...botHandlers(platform),
    ...workingHoursHandlers(platform),
    ...accountHandlers(platform),
    ...subscriptionHandlers(platform),
    ...profileHandlers(platform),
    ...securityHandlers(platform),
  };

  const app = new Hono();
  const unknownPath = () => refuse({ reason: "unknown-path" });
  for (const api of APIS) {
    for (const [operation, [method, path, success]] of Object.entries(api.operations)) {
      if (!isOperationName(operation)) continue;
      app.on(method, api.root + path, (c) =>
        exchange({
          request: c.req.raw,
          api,
          operation,
          handler: handlers[operation],
          success,
          param: (name) => c.req.param(name) ?? "",
        }),
      );
    }
    // In any version.
    app.all(api.root.replace(/\d+$/, "*"), (c) =>
      exchange({ request: c.req.raw, api, operation: null, handler: unknownPath, param: () => "" }),
    );
  }
  app.use("/emulator/*", refuseOtherSites);
  app.route("/emulator/desk", deskPageRoutes(desk, platform));
  app.route("/emulator/desk", deskRoutes(desk));
  app.route("/emulator", controlRoutes({ ...platform, calls, faults, pushes, conversations: desk.all }));
  // A broken connection must reach the caller, not become a 500.
  app.onError((error) => {
    throw error;
  });

  return {
    async fetch(request) {
      request.signal.throwIfAborted();
      closeSilent();
      return app.fetch(request);
    },
    state: store.state,
    calls: calls.calls,
    onCall: calls.onCall,
    onChange: store.onChange,
    faults: { add: faults.add, clear: faults.clear, pending: faults.pending },
    settings,
    desk,
    pushes,
    closeSilent,
  };
}
