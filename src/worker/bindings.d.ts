import type { AccountObject, ConversationObject, KeyObject, SessionObject } from "../worker.ts";

declare global {
  namespace Cloudflare {
    /** The bindings of `wrangler.toml`. */
    interface Env {
      SESSIONS: DurableObjectNamespace<SessionObject>;
      CONVERSATIONS: DurableObjectNamespace<ConversationObject>;
      ACCOUNTS: DurableObjectNamespace<AccountObject>;
      KEYS: DurableObjectNamespace<KeyObject>;
      READ_MODEL: D1Database;
      BOT_QUOTA: RateLimit;
      /** Only where the emulator runs beside. */
      EMULATOR?: DurableObjectNamespace;
    }
    interface GlobalProps {
      mainModule: typeof import("./dev.ts");
    }
  }
}
