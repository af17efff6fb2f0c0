// Where there is no disk to read: what is not open in the editor is not there. The folders still say where
// a new `Finalens.toml` would belong.

import type { Files } from "../lsp/host.ts";
import type { Schedule } from "../lsp/schedule.ts";
import type { Session } from "../lsp/session.ts";

export class OpenFiles implements Files {
  private readonly session: Session;
  private readonly schedule: Schedule;
  private readonly folders = new Set<string>();

  constructor(session: Session, schedule: Schedule) {
    this.session = session;
    this.schedule = schedule;
  }

  addFolder(folder: string): void {
    this.folders.add(folder);
  }

  removeFolder(folder: string): void {
    this.folders.delete(folder);
  }

  /** Nothing is read here. */
  documentOpened(): void {}

  readAgain(): void {}

  folderPaths(): readonly string[] {
    return [...this.folders];
  }

  /** Only the text of a document that was closed is here to be taken away. */
  fileChanged(path: string): void {
    if (this.session.setFromDisk(path, null)) this.schedule.inputsChanged();
  }

  exists(): boolean {
    return false;
  }
}
