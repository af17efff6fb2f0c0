// What the server needs of whatever it runs in. `node` and `browser` are the two that there are.

import type { Log } from "./log.ts";
import type { Schedule } from "./schedule.ts";
import type { Session } from "./session.ts";

/** Files of a workspace folder have this extension; a document that is opened may have any. */
export const extension = ".jlir";

export interface Host {
  /** Runs something after what the event loop has waiting, messages of the client included. */
  nextTurn(run: () => void): void;
  /** JSON text as a value in a message, in the way that costs this host's connection least. */
  jsonText(text: string): unknown;
  /** The files outside of the editor, which go into the session when they are read. */
  files(log: Log, session: Session, schedule: Schedule): Files;
}

/** What the server knows of texts that are not open in the editor. Paths are those of `paths.ts`. */
export interface Files {
  /** Takes in the folder's files, now and whenever they change. */
  addFolder(folder: string): void;
  /** Takes away the folder's files that no other folder holds. */
  removeFolder(folder: string): void;
  /** A document was opened: without a folder, the configuration beside it counts. */
  documentOpened(path: string): void;
  /** Reads everything anew: another limit may let through what was passed over, or the reverse. */
  readAgain(): void;
  /** Paths of the folders. */
  folderPaths(): readonly string[];
  /** A file came, changed or went, on disk or by being closed in the editor. */
  fileChanged(path: string): void;
  /** Whether a file is known to be there. */
  exists(path: string): boolean;
}
