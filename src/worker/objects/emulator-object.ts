import { DurableObject, exports } from "cloudflare:workers";
import { randomBytes } from "node:crypto";
import { createEmulator, type Emulator } from "../../emulator/app.ts";
import { type Env, emulatorSecret } from "../environment.ts";

/** The runtime puts an object away after ten seconds without a request, and this one is all in memory. */
const STAY_MS = 4_000;

/** The emulator, for your own machine: in memory, like the one beside Baton on Node. */
export class EmulatorObject extends DurableObject<Env> {
  readonly #emulator: Emulator;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#emulator = createEmulator({
      now: Date.now,
      newId: () => randomBytes(16).toString("hex").toUpperCase(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: Math.random,
      deliver: (request) => exports.default.fetch(request),
    });
    this.#emulator.pushes.subscribe({
      id: "baton-default",
      url: "http://127.0.0.1/v1/infobip/default/events",
      secret: emulatorSecret,
    });
    void ctx.storage.setAlarm(Date.now() + STAY_MS);
  }

  override fetch(request: Request): Promise<Response> {
    return this.#emulator.fetch(request);
  }

  override async alarm(): Promise<void> {
    this.#emulator.closeSilent();
    await this.ctx.storage.setAlarm(Date.now() + STAY_MS);
  }
}
