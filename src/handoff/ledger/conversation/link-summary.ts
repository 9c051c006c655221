/** Returns a summary that names the conversation before it, and still ends with the token. */
export function linkSummary(summary: string, token: string, previous: string | null | undefined): string {
  if (previous == null) return summary;
  const end = ` [${token}]`;
  return `${summary.slice(0, -end.length)} · continues ${previous}${end}`;
}
