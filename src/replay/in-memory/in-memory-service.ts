/** The real service in this process, for rehearsals and tests: a record, a network, a clock and ids are given. */
import { createAuthenticate } from "../../auth/authenticate.ts";
import { hmacSettingsSchema } from "../../auth/hmac-header.ts";
import type { Log } from "../../log.ts";
import { createService, type ServiceDeps } from "../../service.ts";

type Given = Omit<ServiceDeps, "authenticate" | "authenticatePlatform">;
type Defaults = Pick<Given, "operators" | "random" | "log">;

interface InMemoryServiceDeps extends Omit<Given, keyof Defaults>, Partial<Defaults> {
  /** Secret of each bot, and of the platform's pushes. */
  secret: string;
  /** Default: those of the flows. */
  bots?: readonly string[];
}

const silent = (): void => undefined;
const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

export function createInMemoryService({ secret, bots, ...deps }: InMemoryServiceDeps) {
  const hmac = hmacSettingsSchema.parse({});
  const trust = (names: Iterable<string>) =>
    createAuthenticate({ secrets: new Map(Array.from(names, (name) => [name, [secret]])), hmac, now: deps.now });
  return createService({
    operators: [],
    // Gives the longest of every random wait.
    random: () => 1,
    log: silentLog,
    ...deps,
    authenticate: trust(bots ?? deps.flows.flatMap((flow) => flow.bots)),
    authenticatePlatform: trust(deps.accounts.keys()),
  });
}
