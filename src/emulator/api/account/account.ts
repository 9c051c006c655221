import { z } from "zod";
import { badBody, success } from "../../state/errors.ts";
import type { Handlers } from "../handler.ts";
import type { Platform } from "../platform.ts";

const configurationSchema = z.object({ webhookUrl: z.string().max(255).nullable().default(null) });

/** Deprecated by the platform, which removes it at the end of 2026. Kept, and not used. */
export function accountHandlers({ store }: Platform) {
  return {
    updateAccountConfiguration({ body }) {
      const configuration = configurationSchema.safeParse(body);
      if (!configuration.success) return badBody;
      store.setAccountWebhookUrl(configuration.data.webhookUrl);
      return success("Account configuration successfully updated.");
    },
  } satisfies Partial<Handlers>;
}
