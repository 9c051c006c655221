/** A process that runs schedules and reports each; `main.ts` starts it. */
import { isProfileName } from "./profile.ts";
import { simulate } from "./simulate.ts";

const [profile = "", first = "", last = "", stride = ""] = process.argv.slice(2);
if (!isProfileName(profile)) throw new Error("profile, first and last seed and the stride, as main.ts gives them");

// Nobody reads the rest once main.ts is gone.
process.once("disconnect", () => process.exit());
for (let seed = Number(first); seed <= Number(last); seed += Number(stride)) {
  const { log: _log, trace: _trace, ...told } = await simulate(seed, { profile });
  await new Promise((resolve) => process.send?.(told, resolve));
}
process.disconnect?.();
