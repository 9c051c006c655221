/** Rewrites the client's types: `npm run client:types`. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createWorld } from "../support/world.ts";
import { makeTypes } from "./make-types.ts";

const file = fileURLToPath(new URL("../../src/client/api.ts", import.meta.url));
const document: unknown = await (await createWorld().request("/openapi.json")).json();
writeFileSync(file, makeTypes(document));
execFileSync("npx", ["biome", "format", "--write", file], { stdio: "inherit" });
