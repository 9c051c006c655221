/**
 * Tells whether a form was sent by a page of ours. `SameSite` alone lets the pages of a sibling domain send forms. Browsers
 * send `Origin` with every POST, and no page can change it.
 */
export function isFromOwnPage(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  // The scheme is left out: a proxy in front may have ended TLS.
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return new URL(origin).host === host;
}
