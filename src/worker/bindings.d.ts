import type { Env as Bindings } from "./environment.ts";

declare global {
  namespace Cloudflare {
    interface Env extends Bindings {}
    interface GlobalProps {
      mainModule: typeof import("./dev.ts");
    }
  }
}
