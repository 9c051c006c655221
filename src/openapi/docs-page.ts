/** The page that shows the document to people: Swagger UI, from files at hand. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ReadPageFile } from "../http/description.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Baton: HTTP interface</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="interface"><noscript>The interface is described at <a href="/openapi.json">/openapi.json</a>.</noscript></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#interface",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const encoder = new TextEncoder();
const ofUs = (text: string) => async () => encoder.encode(text);
const ofPackage = (url: string) => async () => new Uint8Array(await readFile(fileURLToPath(url)));

const JAVASCRIPT = "text/javascript; charset=utf-8";
const files = new Map([
  ["index.html", { type: "text/html; charset=utf-8", read: ofUs(PAGE) }],
  ["start.js", { type: JAVASCRIPT, read: ofUs(START) }],
  [
    "swagger-ui.css",
    { type: "text/css; charset=utf-8", read: ofPackage(import.meta.resolve("swagger-ui-dist/swagger-ui.css")) },
  ],
  [
    "swagger-ui-bundle.js",
    { type: JAVASCRIPT, read: ofPackage(import.meta.resolve("swagger-ui-dist/swagger-ui-bundle.js")) },
  ],
]);

export const readDocsFile: ReadPageFile = async (name) => {
  const file = files.get(name);
  return file === undefined ? null : { type: file.type, bytes: await file.read() };
};
