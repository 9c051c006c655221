import { isRecordUnusable } from "../../store/sqlite/sqlite-store.ts";

/** Settings by which a person chose where a server listens. */
interface Listening {
  host: string;
  port: number;
  /** `PORT` or `--port`. */
  portName: string;
}

const textOf = (error: object, key: string): string => String(Reflect.get(error, key) ?? "");

/** Explains the error that keeps a server from starting, and says what to do; null: an unexpected error. */
export function startProblem(error: unknown, { host, port, portName }: Listening): string | null {
  if (isRecordUnusable(error)) return error.message;
  if (!(error instanceof Error)) return null;
  const code = textOf(error, "code");
  if (code === "EADDRINUSE") return `${portName} ${port} is in use. Stop the other process or set ${portName}.`;
  if (code === "EACCES" && textOf(error, "syscall") === "listen") {
    return `This user may not listen on ${portName} ${port}. Set ${portName} to one above 1023, with a proxy before it.`;
  }
  if (code === "EADDRNOTAVAIL" || textOf(error, "syscall") === "getaddrinfo") {
    return `HOST ${host} is no address of this machine. Set HOST to one that is.`;
  }
  return null;
}
