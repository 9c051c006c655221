import { Hono } from "hono";
import type { z } from "zod";
import { accountHandlers } from "./api/account/account.ts";
import { agentHandlers } from "./api/account/agents.ts";
import { botHandlers } from "./api/account/bots.ts";
import { queueHandlers } from "./api/account/queues.ts";
import { routingRuleHandlers } from "./api/account/routing-rules.ts";
import { workingHoursHandlers } from "./api/account/working-hours.ts";
import { createCallLog, type RecordedCall } from "./api/call-log.ts";
import { createBotSessions } from "./api/conversations/bot-sessions.ts";
import { conversationHandlers } from "./api/conversations/conversations.ts";
import { messageHandlers } from "./api/conversations/messages.ts";
import { metadataHandlers } from "./api/conversations/metadata.ts";
import { noteHandlers } from "./api/conversations/notes.ts";
import { routeHandlers } from "./api/conversations/route.ts";
import { tagHandlers } from "./api/conversations/tags.ts";
import { createExchange } from "./api/handle-request.ts";
import type { Handlers } from "./api/handler.ts";
import { profileHandlers } from "./api/subscriptions/profiles.ts";
import { securityHandlers } from "./api/subscriptions/securities.ts";
import { subscriptionHandlers } from "./api/subscriptions/subscriptions.ts";
import { controlRoutes } from "./control/routes.ts";
import { refuseOtherSites } from "./control/same-origin.ts";
import { createDesk, type Desk } from "./desk/desk.ts";
import { deskPageRoutes } from "./desk/page-routes.ts";
import { deskRoutes } from "./desk/routes.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import { createPushes, type Pushes } from "./pushes/pushes.ts";
import { APIS, isOperationName } from "./settings/operations.ts";
import { type EmulatorSettings, settingsSchema } from "./settings/settings.ts";
import type { Change } from "./state/changes.ts";
import { refuse } from "./state/errors.ts";
import { defaultSeed, type Seed } from "./state/seed.ts";
import type { State } from "./state/state.ts";
import { createStore } from "./state/store.ts";

export interface EmulatorDeps {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** 32 upper-case hexadecimal digits. */
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
  /** Draws for faults with a rate and for latency between two bounds; absent: such faults never strike. */
  random?: () => number;
  /** Sends pushes and has a time limit of its own; absent: nothing is pushed. */
  deliver?: (request: Request) => Promise<Response>;
}

export interface EmulatorOptions {
  settings?: z.input<typeof settingsSchema>;
  /** Replaces parts of the default seed. */
  seed?: Partial<Seed>;
}

/** Infobip Conversations as documented (OpenAPI 3.210.0), in memory. */
export interface Emulator {
  /** Takes requests for the platform's host, and rejects as `fetch` does if a connection fails. */
  fetch: (request: Request) => Promise<Response>;
  state: State;
  calls: readonly RecordedCall[];
  /** Calls `listener` for every call as it takes effect. Returns a function that stops it. */
  onCall: (listener: (call: RecordedCall) => void) => () => void;
  onChange: (listener: (change: Change) => void) => () => void;
  faults: Faults;
  settings: EmulatorSettings;
  desk: Desk;
  pushes: Pushes;
  /** Closes conversations that are due. Every request does so, too. */
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
    // Any version of the API.
    app.all(api.root.replace(/\d+$/, "*"), (c) =>
      exchange({ request: c.req.raw, api, operation: null, handler: unknownPath, param: () => "" }),
    );
  }
  app.use("/emulator/*", refuseOtherSites);
  app.route("/emulator/desk", deskPageRoutes(desk, platform));
  app.route("/emulator/desk", deskRoutes(desk));
  app.route("/emulator", controlRoutes({ ...platform, calls, faults, pushes, conversations: desk.all }));
  // A broken connection must reach the caller and not become a 500.
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
