/** Parses a curl command of a guide. */
export interface CurlCall {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Splits a shell line into words: quotes hold them together, a backslash at the end continues on the next line. */
function wordsOf(line: string): string[] {
  const words = line.replaceAll("\\\n", " ").match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single?: string, double?: string) =>
      single !== undefined ? single : (double ?? "").replace(/\\(["\\$`])/g, "$1"),
    ),
  );
}

export function readCurl(text: string): CurlCall {
  const [, ...words] = wordsOf(text.trim());
  const call: CurlCall = { url: "", method: "", headers: {}, body: undefined };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const next = (): string => {
      index += 1;
      return words[index] ?? "";
    };
    if (word === "-H") {
      const [name = "", ...value] = next().split(":");
      call.headers[name.trim().toLowerCase()] = value.join(":").trim();
    } else if (word === "-d" || word === "--data" || word === "--data-raw") {
      call.body = next();
    } else if (word === "-X") {
      call.method = next();
    } else if (word === "-u") {
      call.headers.authorization = `Basic ${Buffer.from(next()).toString("base64")}`;
    } else if (!word.startsWith("-")) {
      call.url = word;
    }
  }
  if (call.method === "") call.method = call.body === undefined ? "GET" : "POST";
  // curl sets this for all data.
  if (call.body !== undefined) call.headers["content-type"] ??= "application/x-www-form-urlencoded";
  return call;
}
