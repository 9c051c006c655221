/** The stylesheet and the script of our pages, under names that change with what they hold. */
import { createHash } from "node:crypto";
import { SCRIPT } from "./script.ts";

/** Pages have nothing from elsewhere, no inline script and no inline style. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** `folder`: path at which they are served. */
export function createPageFiles(folder: string, style: string) {
  const [styleName, scriptName] = [`style-${hashOf(style)}.css`, `script-${hashOf(SCRIPT)}.js`];
  const files = new Map([
    [styleName, { text: style, type: "text/css; charset=utf-8" }],
    [scriptName, { text: SCRIPT, type: "text/javascript; charset=utf-8" }],
  ]);
  return {
    stylePath: `${folder}/${styleName}`,
    scriptPath: `${folder}/${scriptName}`,
    /** Null: there is no such file. */
    read(name: string): Response | null {
      const file = files.get(name);
      if (file === undefined) return null;
      const headers = {
        "content-type": file.type,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
      };
      return new Response(file.text, { headers });
    },
  };
}
