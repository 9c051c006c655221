/** The stylesheet and the script, under names that change with what they hold. */
import { createHash } from "node:crypto";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

const FOLDER = "/console/files";
const files = new Map([
  [`style-${hashOf(STYLE)}.css`, { text: STYLE, type: "text/css; charset=utf-8" }],
  [`script-${hashOf(SCRIPT)}.js`, { text: SCRIPT, type: "text/javascript; charset=utf-8" }],
]);
const [style = "", script = ""] = files.keys();
export const stylePath = `${FOLDER}/${style}`;
export const scriptPath = `${FOLDER}/${script}`;

export function readConsoleFile(name: string): Response | null {
  const file = files.get(name);
  if (file === undefined) return null;
  const headers = {
    "content-type": file.type,
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  };
  return new Response(file.text, { headers });
}
