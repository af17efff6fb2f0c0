// When diagnostics are published. There is no delay: a changed document is published in the first turn
// of the event loop that comes after a turn without a change, so that edits which already wait in the
// queue are answered once. Long work is cut into steps of one method; after a few milliseconds of them
// the event loop runs, so that requests are answered and a newer edit takes the place of what it made
// void. What was analysed until then is not lost: it is remembered. Documents that may only have been
// touched through others come last, and are sent only if they differ from what the client has. When all
// is said, the client is asked to fetch hints and lenses anew if a document that it did not edit was analysed
// anew.

import {
  CodeLensRefreshRequest,
  type Connection,
  InlayHintRefreshRequest,
} from "vscode-languageserver";
import { noSupport } from "./client-support.ts";
import { toDiagnostic } from "./convert.ts";
import type { Host } from "./host.ts";
import type { Log } from "./log.ts";
import { Progress } from "./progress.ts";
import { isConfigPath, type Session } from "./session.ts";

/** After so many turns in a row with a change, a document is published in spite of it. */
const patience = 20;

/** So many milliseconds of steps are done before the event loop runs. */
const slice = 8;

/** Tells a client that asked for it that all is said that there was to say. */
export const analysedMethod = "finalens/analysed";

export interface AnalysedParams {
  /** How many documents the work was about, and how long it took from the first change on. */
  readonly documents: number;
  readonly milliseconds: number;
}

/** What the client was told last about a document. */
interface Published {
  /** The diagnostics as they were sent. */
  readonly text: string;
  /** The reports behind its hints; null after the client's own edit, for then it fetches them. */
  readonly reports: readonly unknown[] | null;
}

export class Schedule {
  private readonly connection: Connection;
  private readonly host: Host;
  private readonly log: Log;
  private readonly session: Session;
  private readonly published = new Map<string, Published>();
  private readonly changed = new Set<string>();
  private readonly touched = new Set<string>();
  private hasStaleHints = false;
  private isWaiting = false;
  private isFresh = false;
  private postponed = 0;
  /** When the work that is going on began; null while there is none. */
  private since: number | null = null;
  private nDone = 0;
  /** Units that were analysed for the publication that is being prepared. */
  private readonly tried = new Set<unknown>();
  private readonly progress: Progress;

  constructor(connection: Connection, host: Host, log: Log, session: Session) {
    this.connection = connection;
    this.host = host;
    this.log = log;
    this.session = session;
    this.progress = new Progress(connection, log, () => this.cancel());
  }

  /** A document was opened or edited: it will be published with its version. */
  documentChanged(path: string): void {
    this.changed.add(path);
    this.isFresh = true;
    this.inputsChanged();
  }

  /** Something changed that any open document may hang on. */
  inputsChanged(): void {
    for (const path of this.session.openPaths()) this.touched.add(path);
    const { path: config } = this.session.configAtHand();
    if (config !== null) this.touched.add(config);
    this.wake();
  }

  /** Hints changed although no text did. */
  hintsChanged(): void {
    this.hasStaleHints = true;
    this.wake();
  }

  /** A document was closed: what was said about it is taken back. */
  documentClosed(path: string, uri: string): void {
    this.changed.delete(path);
    this.published.delete(path);
    this.send({ uri, diagnostics: [] });
  }

  /** Gives up what is not yet done; the next change takes it up again. */
  private cancel(): void {
    this.changed.clear();
    this.touched.clear();
    this.progress.end();
  }

  private wake(): void {
    this.since ??= performance.now();
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.host.nextTurn(() => {
      this.isWaiting = false;
      try {
        this.turn();
      } catch (error) {
        this.log.failure("publishDiagnostics", error);
      }
    });
  }

  private turn(): void {
    if (this.isFresh && this.postponed < patience) {
      this.isFresh = false;
      this.postponed++;
      this.wake();
      return;
    }
    this.postponed = 0;
    const isOwnChange = this.changed.size > 0;
    const [path] = isOwnChange ? this.changed : this.touched;
    if (path === undefined) {
      this.progress.end();
      this.refreshHints();
      this.tellAnalysed();
      return;
    }
    this.wake();
    if (!this.prepare(path)) return;
    this.changed.delete(path);
    this.touched.delete(path);
    this.nDone++;
    this.publish(path, isOwnChange);
  }

  /** Reads and analyses for a few milliseconds; whether all that the file needs is done. */
  private prepare(path: string): boolean {
    const { workspace, publications, support } = this.session;
    const until = performance.now() + slice;
    const isOver = (): boolean => performance.now() > until;
    const { nUnread } = workspace;
    if (nUnread > 0) {
      workspace.readFirst(path);
      workspace.readSome(isOver);
      // The open file comes first, but its callees may stand in any.
      const all = workspace.document(path)?.units.length ?? 0;
      if (workspace.nUnread > 0) {
        this.progress.step(support.workDoneProgress, Math.max(0, all - workspace.nUnread), all);
        return false;
      }
    }
    if (!workspace.searchSome(isOver)) return false;
    const units = workspace.speakingUnits(path);
    for (const [done, unit] of units.entries()) {
      if (publications.isReady(unit) || this.tried.has(unit)) continue;
      if (isOver()) {
        this.progress.step(support.workDoneProgress, done, units.length);
        return false;
      }
      // One that fails is not ready ever.
      this.tried.add(unit);
      publications.prepare(unit);
    }
    return true;
  }

  private publish(path: string, isOwnChange: boolean): void {
    const document = this.session.documentOf(path);
    const isConfig = path === this.session.configAtHand().path;
    if (document === null && !isConfig) return;
    this.tried.clear();
    const last = this.published.get(path);
    const text = this.textOf(path);
    const reports = isOwnChange ? null : this.reportsOf(path);
    this.published.set(path, { text, reports });
    if (!isOwnChange) {
      if (!isSameList(last?.reports, reports)) this.hasStaleHints = true;
      if (last?.text === text) return;
    }
    const diagnostics = this.host.jsonText(text);
    this.send({ ...(document ?? { uri: this.session.uriOf(path) }), diagnostics });
  }

  /** What is to be said about a file; where that fails, that it failed. */
  private textOf(path: string): string {
    try {
      const { publications, support } = this.session;
      if (!isConfigPath(path)) return publications.of(path);
      const uriOf = (other: string): string => this.session.uriOf(other);
      const findings = this.session.diagnoseConfig(path);
      return JSON.stringify(findings.map((one) => toDiagnostic(one, support, uriOf)));
    } catch (error) {
      this.log.failure(path, error);
      return failed;
    }
  }

  /** The same objects as before where nothing was analysed anew. */
  private reportsOf(path: string): readonly unknown[] {
    const { workspace } = this.session;
    try {
      return workspace.speakingUnits(path).map((unit) => workspace.report(unit));
    } catch {
      // Told by the diagnostics already.
      return [];
    }
  }

  private send(params: { uri: string; version?: number; diagnostics: unknown }): void {
    this.connection
      .sendNotification("textDocument/publishDiagnostics", params)
      .catch((error: unknown) => this.log.failure("publishDiagnostics", error));
  }

  private tellAnalysed(): void {
    const milliseconds = Math.round(performance.now() - (this.since ?? 0));
    const params: AnalysedParams = { documents: this.nDone, milliseconds };
    this.since = null;
    this.nDone = 0;
    if (params.documents === 0 || !this.session.support.analysed) return;
    this.connection
      .sendNotification(analysedMethod, params)
      .catch((error: unknown) => this.log.failure(analysedMethod, error));
  }

  private refreshHints(): void {
    if (!this.hasStaleHints) return;
    this.hasStaleHints = false;
    const { inlayHintRefresh, codeLensRefresh } = this.session.support;
    if (inlayHintRefresh) this.refresh(InlayHintRefreshRequest.type);
    if (codeLensRefresh) this.refresh(CodeLensRefreshRequest.type);
  }

  private refresh(what: typeof InlayHintRefreshRequest.type): void {
    this.connection
      .sendRequest(what)
      .catch((error: unknown) => this.log.failure(what.method, error));
  }
}

/** Stands for all that could not be said. */
const failed: string = JSON.stringify([
  toDiagnostic(
    {
      code: "internal/bug",
      severity: "error",
      message: "Finalens failed on this file; the log says where",
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      related: [],
    },
    noSupport,
    (path) => path,
  ),
]);

function isSameList(
  one: readonly unknown[] | null | undefined,
  other: readonly unknown[] | null,
): boolean {
  if (!one || one.length !== other?.length) return false;
  return one.every((item, index) => Object.is(item, other[index]));
}
