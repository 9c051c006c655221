/** Loads at once what a process loads when it is first asked for: for `footprint`, by `--import`. */
import "../src/console/console.ts";
import "../src/mcp/serve-mcp.ts";
import "../src/metrics/exposition.ts";
import "../src/openapi/document.ts";
