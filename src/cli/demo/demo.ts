import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authenticate, createAuthenticate } from "../../auth/authenticate.ts";
import { hmacSettingsSchema } from "../../auth/hmac-header.ts";
import { parseConfig } from "../../config.ts";
import { defineFlow, type Flow } from "../../escalation/flow.ts";
import { startService } from "../../node.ts";
import { err } from "../../result.ts";
import { projectFlows } from "../support/project-flows.ts";
import type { StopSignal } from "../support/stop-signal.ts";
import { type CallbackReceiver, startCallbackReceiver } from "./callback-receiver.ts";
import { BOT, connectBot, createStory, short } from "./demo-story.ts";

/** Takes the project's own flow of the bot, with callbacks about agents to the demo's URL. */
async function flowsTelling(url: string): Promise<Flow[]> {
  const flows = await projectFlows();
  const callbacks = { url, events: ["agent.joined" as const, "agent.message" as const, "handoff.returned" as const] };
  return flows.map((flow) => (flow.bots.includes(BOT) ? defineFlow({ ...flow, callbacks }) : flow));
}

interface Telling {
  stop: StopSignal;
  receiver: CallbackReceiver;
  trust: (verify: Authenticate) => void;
  once: boolean;
}

async function tell({ stop, receiver, trust, once }: Telling): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-demo-"));
  const config = parseConfig({
    DATABASE_PATH: join(folder, "baton.db"),
    PORT: once ? "0" : process.env.PORT,
    LOG_LEVEL: "error",
    CALLBACK_ALLOWED_HOSTS: new URL(receiver.url).host,
  });
  if (!config.ok) throw new Error(config.error.join("; "));
  const service = await startService(config.value, await flowsTelling(receiver.url));
  try {
    const { emulator, development } = service;
    const secret = development?.botSecrets.get(BOT)?.[0];
    if (emulator === null || secret === undefined) throw new Error("the demo needs no account and no secrets");
    const secrets = new Map([[BOT, [secret]]]);
    trust(createAuthenticate({ secrets, hmac: hmacSettingsSchema.parse({}), now: Date.now }));
    // Pushes agents' messages too: the portal's subscriptions have them, the API's do not.
    emulator.settings.pushTypes = "all";
    const started = performance.now();
    await connectBot(emulator);
    emulator.onCall(({ operation, method, path, status }) => {
      // Skips the bot's own messages: Baton posts none, since this flow returns its texts to the bot.
      if (operation === "createMessage") return;
      const at = `${Math.round(performance.now() - started)} ms`.padStart(8);
      console.log(`      ${at}   Baton → Infobip   ${method} ${short(path)}  ${status}`);
    });
    console.log(`\nBaton is at ${service.url}, with an emulator of Infobip Conversations inside.\n`);
    await Promise.race([createStory({ service, emulator, receiver, secret })(), stop.given]);
    if (once || stop.isGiven()) return;
    console.log(`\nBaton goes on serving; end it with Ctrl-C. An agent's desk is at ${service.url}/emulator/desk.
The console is at ${service.url}/console; sign in with ${development?.operatorToken}.
Try it yourself, and then see what became of it:\n
  curl ${service.url}/v1/bots/${BOT}/handoffs -H 'Authorization: Bearer ${secret}' \\
    -H 'Content-Type: application/json' -d '{"session":"mine","reason":"I want to see it"}'
  OPERATOR_TOKEN=${development?.operatorToken} npx baton handoffs list
  npx baton conversations list\n`);
    await stop.given;
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shows a chat that goes from a bot to an agent and back: the real service over HTTP, the emulator as the platform. */
export async function demoCommand(stop: StopSignal, { once = false }: { once?: boolean }): Promise<void> {
  let verify: Authenticate = () => err({ reason: "no-credentials" });
  const receiver = await startCallbackReceiver(BOT, () => verify);
  try {
    const trust = (known: Authenticate): void => {
      verify = known;
    };
    await tell({ stop, receiver, trust, once });
  } finally {
    await receiver.stop();
  }
}
