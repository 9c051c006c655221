/** Puts a tag on the conversation, and creates it first if the account does not have it yet. */
import { isTagMissing } from "../../ledger/queries.ts";
import { andThen, done, NO_RESULT, notSeenYet, STEP_LOST } from "../step-context.ts";
import { CONVERSATION, defineStep } from "../step-kind.ts";

export const tag = defineStep("tag", {
  isContext: true,
  isAlwaysBeforeRoute: true,
  isBeforeRelease: true,
  requests: () => [`POST ${CONVERSATION}/tags`],
  isReady: (_args, _step, { handoff }) => handoff.conversationId !== null,
  canBeFound: () => true,
  canWait: () => true,
  restart: (fresh, step) => ({ ...fresh, result: isTagMissing(step) ? { kind: "tag-missing" } : null }),

  async run({ account, run, isHeld }, { tag: name }, id) {
    if (run.mayHaveHappened) {
      const tags = await account.client.tagsOf(id);
      if (tags.kind !== "ok") return tags;
      if (tags.value.some((it) => it.name === name)) return done(NO_RESULT, tags.call);
      if (run.isLookupOnly) return notSeenYet(tags.call);
      if (!isHeld()) return STEP_LOST;
    }
    if (isTagMissing(run.step)) {
      const created = await account.client.createTag(name);
      // Another handoff may have created it a moment ago.
      const exists = created.kind === "ok" || (created.kind === "refused" && created.refusal.reason === "tag-exists");
      if (!exists) return created;
      if (!isHeld()) return STEP_LOST;
    }
    return andThen(account.client.addTag(id, name), (_, call) => done(NO_RESULT, call));
  },
});
