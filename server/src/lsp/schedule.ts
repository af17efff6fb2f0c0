// When diagnostics are published. There is no delay: a changed document is published in the first turn
// of the event loop that comes after a turn without a change, so that edits which already wait in the
// queue are answered once. Documents that may only have been touched through others come after it, one
// a turn, and are sent only if they differ from what the client has. When all is said, the client is
// asked to fetch hints anew if a document that it did not edit was analysed anew.

import type { Connection, Diagnostic } from "vscode-languageserver/node";
import type { PlacedFinding, RelatedLocation } from "../features/diagnostics.ts";
import type { Range } from "../text/line-index.ts";
import { toDiagnostic } from "./convert.ts";
import type { Log } from "./log.ts";
import type { Session } from "./session.ts";

/** After so many turns in a row with a change, a document is published in spite of it. */
const patience = 20;

/** What the client was told last about a document. */
interface Published {
  readonly findings: readonly PlacedFinding[];
  /** The reports behind its hints; null after the client's own edit, for then it fetches them. */
  readonly reports: readonly unknown[] | null;
}

export class Schedule {
  private readonly connection: Connection;
  private readonly log: Log;
  private readonly session: Session;
  private readonly published = new Map<string, Published>();
  private readonly changed = new Set<string>();
  private readonly touched = new Set<string>();
  private hasStaleHints = false;
  private isWaiting = false;
  private isFresh = false;
  private postponed = 0;

  constructor(connection: Connection, log: Log, session: Session) {
    this.connection = connection;
    this.log = log;
    this.session = session;
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

  private wake(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    setImmediate(() => {
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
      this.refreshHints();
      return;
    }
    this.changed.delete(path);
    this.touched.delete(path);
    this.wake();
    this.publish(path, isOwnChange);
  }

  private publish(path: string, isOwnChange: boolean): void {
    const document = this.session.documentOf(path);
    const isConfig = path === this.session.configAtHand().path;
    if (document === null && !isConfig) return;
    const last = this.published.get(path);
    const findings = this.findingsOf(path);
    const reports = isOwnChange ? null : this.reportsOf(path);
    this.published.set(path, { findings, reports });
    if (!isOwnChange) {
      if (!isSameList(last?.reports, reports, Object.is)) this.hasStaleHints = true;
      if (isSameList(last?.findings, findings, isSameFinding)) return;
    }
    const uriOf = (other: string): string => this.session.uriOf(other);
    const { support } = this.session;
    const diagnostics = findings.map((finding) => toDiagnostic(finding, support, uriOf));
    this.send({ ...(document ?? { uri: uriOf(path) }), diagnostics });
  }

  /** What is to be said about a file; where that fails, that it failed. */
  private findingsOf(path: string): readonly PlacedFinding[] {
    try {
      return this.session.diagnose(path);
    } catch (error) {
      this.log.failure(path, error);
      return [failed];
    }
  }

  /** The same objects as before where nothing was analysed anew. */
  private reportsOf(path: string): readonly unknown[] {
    const { workspace } = this.session;
    try {
      const units = workspace.document(path)?.units ?? [];
      return units.map((unit) => workspace.report(unit));
    } catch {
      // Told by the diagnostics already.
      return [];
    }
  }

  private send(params: { uri: string; version?: number; diagnostics: Diagnostic[] }): void {
    this.connection
      .sendDiagnostics(params)
      .catch((error: unknown) => this.log.failure("publishDiagnostics", error));
  }

  private refreshHints(): void {
    const isWanted = this.hasStaleHints && this.session.support.inlayHintRefresh;
    this.hasStaleHints = false;
    if (!isWanted) return;
    this.connection.languages.inlayHint
      .refresh()
      .catch((error: unknown) => this.log.failure("inlayHint/refresh", error));
  }
}

const top: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Stands for all that could not be said. */
const failed: PlacedFinding = {
  code: "internal/bug",
  severity: "error",
  message: "Finalens failed on this file; the log says where",
  range: top,
  related: [],
};

function isSameList<T>(
  one: readonly T[] | null | undefined,
  other: readonly T[] | null,
  isSame: (one: T, other: T) => boolean,
): boolean {
  if (!one || one.length !== other?.length) return false;
  return one.every((item, index) => {
    const opposite = other[index];
    return opposite !== undefined && isSame(item, opposite);
  });
}

function isSameFinding(one: PlacedFinding, other: PlacedFinding): boolean {
  return (
    one.code === other.code &&
    one.severity === other.severity &&
    one.message === other.message &&
    isSameRange(one.range, other.range) &&
    isSameList(one.related, other.related, isSameLocation)
  );
}

function isSameLocation(one: RelatedLocation, other: RelatedLocation): boolean {
  return (
    one.path === other.path && one.message === other.message && isSameRange(one.range, other.range)
  );
}

function isSameRange({ start, end }: Range, other: Range): boolean {
  return (
    start.line === other.start.line &&
    start.character === other.start.character &&
    end.line === other.end.line &&
    end.character === other.end.character
  );
}
