/** Where a service of this environment listens. */
export function serviceUrl(): string {
  const host = process.env.HOST || "127.0.0.1";
  return `http://${host.includes(":") ? `[${host}]` : host}:${process.env.PORT || "8787"}`;
}
