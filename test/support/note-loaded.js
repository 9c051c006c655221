// Writes the address of each module that a process loads to the file that LOADED names.
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, load) {
    appendFileSync(process.env.LOADED, `${url}\n`);
    return load(url, context);
  },
});
