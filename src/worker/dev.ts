/** The entry for your own machine: the emulator stands in for the platform beside the product. */
import { serveHere } from "../emulator/control/own-machine.ts";
import { isLoopback } from "../loopback.ts";
import worker from "../worker.ts";
import type { Env } from "./environment.ts";
import { prepareReadModel } from "./read-model/read-model.ts";

export { AccountObject, ConversationObject, KeyObject, SessionObject } from "../worker.ts";
export { EmulatorObject } from "./objects/emulator-object.ts";

/** Paths of the emulator: the platform's own and its controls. */
const EMULATORS = /^\/(ccaas|subscriptions|emulator)(\/|$)/;

let prepared: Promise<void> | undefined;

export default {
  async fetch(request, env) {
    const { pathname, hostname } = new URL(request.url);
    // Everybody knows its secrets.
    if (!isLoopback(hostname)) return new Response("This is for a machine of one's own.", { status: 421 });
    const emulator = env.EMULATOR?.getByName("default");
    if (emulator !== undefined && EMULATORS.test(pathname)) return serveHere((it) => emulator.fetch(it))(request);
    prepared ??= prepareReadModel(env.READ_MODEL);
    await prepared;
    return worker.fetch(request, env);
  },
} satisfies ExportedHandler<Env>;
