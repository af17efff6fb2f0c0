// What every handler gets, and the wrapper that keeps a handler's failure from being more than a line
// in the log: the request is answered with nothing, and the server goes on.

import type { Connection } from "vscode-languageserver";
import type { Files } from "./host.ts";
import type { Log } from "./log.ts";
import type { Schedule } from "./schedule.ts";
import type { Session } from "./session.ts";

export interface Server {
  readonly connection: Connection;
  readonly log: Log;
  readonly session: Session;
  readonly schedule: Schedule;
  readonly files: Files;
}

/** The handler, but a failure is logged under the method's name and answered with `fallback`. */
export function guarded<Params, Result>(
  { log }: Server,
  method: string,
  fallback: Result,
  handler: (params: Params) => Result,
): (params: Params) => Result {
  return (params) => {
    try {
      return handler(params);
    } catch (error) {
      log.failure(method, error);
      return fallback;
    }
  };
}
