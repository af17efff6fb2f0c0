// The files of the workspace folders on disk, so that a callee is found though nobody opened its file:
// every *.jlir below them, without dot-folders and `node_modules`. One path is looked at a time, a
// folder or a file, and the event loop runs in between; what the client reports as changed goes through
// the same queue. An open document always wins over its file.

import { existsSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { configName } from "../features/config-findings.ts";
import { extension, type Files } from "../lsp/host.ts";
import type { Log } from "../lsp/log.ts";
import type { Schedule } from "../lsp/schedule.ts";
import { isConfigPath, type Session } from "../lsp/session.ts";

export class DiskFiles implements Files {
  private readonly log: Log;
  private readonly session: Session;
  private readonly schedule: Schedule;
  private readonly folders = new Set<string>();
  /** Folders of documents that were opened; they count while there is no workspace folder. */
  private readonly besides = new Set<string>();
  private readonly waiting = new Map<string, "folder" | "file">();
  private isReading = false;

  constructor(log: Log, session: Session, schedule: Schedule) {
    this.log = log;
    this.session = session;
    this.schedule = schedule;
  }

  /** Reads the folder's files, now and whenever they change; not those of a virtual folder. */
  addFolder(folder: string): void {
    if (!isAbsolute(folder)) return;
    if (this.folders.size === 0) this.forgetBesides();
    this.folders.add(folder);
    this.enqueue(folder, "folder");
  }

  /** Takes away the folder's files that no other folder holds. */
  removeFolder(folder: string): void {
    this.folders.delete(folder);
    for (const path of this.session.workspace.paths()) {
      if (!this.holds(path)) this.session.setFromDisk(path, null);
    }
    this.schedule.inputsChanged();
  }

  /** A document was opened: without a folder, the configuration beside it counts. */
  documentOpened(path: string): void {
    if (this.folders.size > 0 || !isAbsolute(path) || isConfigPath(path)) return;
    const folder = dirname(path);
    if (this.besides.has(folder)) return;
    this.besides.add(folder);
    this.enqueue(join(folder, configName), "file");
  }

  /** From now on a configuration counts at the root of a folder only. */
  private forgetBesides(): void {
    for (const one of this.besides) this.session.setFromDisk(join(one, configName), null);
    this.besides.clear();
  }

  /** Reads all of them anew: another limit may let through what was passed over, or the reverse. */
  readAgain(): void {
    for (const folder of this.folders) this.enqueue(folder, "folder");
  }

  /** Paths of the folders. */
  folderPaths(): string[] {
    return [...this.folders];
  }

  /** A file came, changed or went, on disk or by being closed in the editor. */
  fileChanged(path: string): void {
    if (this.holds(path)) this.enqueue(path, "file");
    else if (this.session.setFromDisk(path, null)) this.schedule.inputsChanged();
  }

  exists(path: string): boolean {
    return isAbsolute(path) && existsSync(path);
  }

  /** Whether a path is among the files that are to be read. */
  private holds(path: string): boolean {
    if (!isAbsolute(path)) return false;
    if (isConfigPath(path)) return this.isOwnConfig(path);
    if (!path.endsWith(extension)) return false;
    for (const folder of this.folders) {
      const parts = relative(folder, path).split(sep);
      // A path outside the folder begins with `..`, or with a drive and a colon.
      if (parts.every((part) => isWanted(part) && !part.endsWith(":"))) return true;
    }
    return false;
  }

  private enqueue(path: string, kind: "folder" | "file"): void {
    this.waiting.set(path, kind);
    if (this.isReading) return;
    this.isReading = true;
    void this.readWaiting();
  }

  private async readWaiting(): Promise<void> {
    // A path that is added meanwhile comes last; one that is added again is read again.
    for (const [path, kind] of this.waiting) {
      await nextTurn();
      this.waiting.delete(path);
      try {
        if (kind === "folder") this.list(path);
        else this.session.setFromDisk(path, this.read(path));
      } catch (error) {
        this.log.failure(path, error);
      }
    }
    this.isReading = false;
    this.schedule.inputsChanged();
  }

  private list(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!isWanted(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) this.waiting.set(path, "folder");
      else if (entry.name.endsWith(extension) || this.isOwnConfig(path))
        this.waiting.set(path, "file");
    }
  }

  /** A configuration counts at the root of a folder only, or, where there is none, beside a document. */
  private isOwnConfig(path: string): boolean {
    if (!isConfigPath(path)) return false;
    return (this.folders.size > 0 ? this.folders : this.besides).has(dirname(path));
  }

  /** The file's text; null where it is gone, or is nothing to be read, which is logged. */
  private read(path: string): string | null {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    const obstacle = obstacleOf(stats, this.session.limits.fileSize);
    if (obstacle !== null) return this.skip(path, obstacle);
    const bytes = readFileSync(path);
    if (bytes.includes(0)) return this.skip(path, "is a binary file, not printed IR");
    // Leaves a byte order mark out, as editors do.
    return new TextDecoder().decode(bytes);
  }

  private skip(path: string, reason: string): null {
    this.log.warn(`${path}: ${reason}`);
    return null;
  }
}

/** Dot-folders, `..` and `node_modules` are left out. */
function isWanted(name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules";
}

/** @param fileSize in MiB */
function obstacleOf(stats: Stats, fileSize: number): string | null {
  if (!stats.isFile()) return "is not a file";
  if (stats.size > fileSize * 1024 * 1024) {
    return `is longer than ${fileSize} MiB (finalens.limits.fileSize)`;
  }
  return null;
}
