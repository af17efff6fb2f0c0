// The session: the workspace with all texts, which of them are open in the editor and at which version,
// and the settings. An open document's text is the editor's; the disk never overwrites it. It sends
// nothing and reads nothing; `schedule` and `files` do.

import { isDeepStrictEqual } from "node:util";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver/node";
import type { LensOptions } from "../features/code-lens.ts";
import type { HintOptions } from "../features/inlay-hint.ts";
import { chosenProfile } from "../features/profile.ts";
import { Workspace } from "../workspace/workspace.ts";
import { type ClientSupport, noSupport } from "./client-support.ts";
import { defaultSettings, type Settings } from "./config.ts";
import { pathOfUri, uriOfPath } from "./convert.ts";
import { Publications } from "./publication.ts";

export interface OpenDocument {
  /** As the client spells it. */
  readonly uri: string;
  readonly version: number;
}

export class Session {
  private abilities: ClientSupport = noSupport;
  private texts: Publications | null = null;
  private current: Workspace = new Workspace(chosenProfile(defaultSettings.profile));
  private settings: Settings = defaultSettings;
  private readonly documents = new Map<string, OpenDocument>();

  /** What the client can do. */
  get support(): ClientSupport {
    return this.abilities;
  }

  set support(support: ClientSupport) {
    this.abilities = support;
    this.texts = null;
  }

  /** What is published about files. */
  get publications(): Publications {
    this.texts ??= new Publications(this.current, this.abilities, (path) => this.uriOf(path));
    return this.texts;
  }

  get workspace(): Workspace {
    return this.current;
  }

  get hints(): HintOptions {
    return this.settings.hints;
  }

  get lenses(): LensOptions {
    return this.settings.codeLens;
  }

  /** Paths of the open documents. */
  openPaths(): Iterable<string> {
    return this.documents.keys();
  }

  /** The open document of that path; null where it is not open. */
  documentOf(path: string): OpenDocument | null {
    return this.documents.get(path) ?? null;
  }

  /** The URI under which the client knows the path. */
  uriOf(path: string): string {
    return this.documents.get(path)?.uri ?? uriOfPath(path);
  }

  /** Takes over a document's text from the editor; opening it again replaces the text. */
  open(uri: string, version: number, text: string): string {
    const path = pathOfUri(uri);
    this.documents.set(path, { uri, version });
    this.current.set(path, text);
    return path;
  }

  /** Applies edits in their order; null where the document is not open. */
  change(
    uri: string,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ): string | null {
    const path = pathOfUri(uri);
    if (!this.documents.has(path)) return null;
    this.documents.set(path, { uri, version });
    for (const change of changes) {
      if ("range" in change) this.current.edit(path, change.range, change.text);
      else this.current.set(path, change.text);
    }
    return path;
  }

  /** Gives a document back; its text stays until the disk's takes its place. Null where not open. */
  close(uri: string): string | null {
    const path = pathOfUri(uri);
    return this.documents.delete(path) ? path : null;
  }

  /** Takes over a file's text from the disk, null where there is none. Whether it was wanted. */
  setFromDisk(path: string, text: string | null): boolean {
    if (this.documents.has(path)) return false;
    if (text !== null) this.current.set(path, text);
    else if (this.current.document(path) === null) return false;
    else this.current.remove(path);
    return true;
  }

  /**
   * Takes over settings. Another profile is another workspace with the same texts.
   *
   * @returns whether they differ from those before
   */
  configure(settings: Settings): boolean {
    if (isDeepStrictEqual(settings, this.settings)) return false;
    const before = this.settings.profile;
    this.settings = settings;
    if (settings.profile === before) return true;
    const next = new Workspace(chosenProfile(settings.profile));
    for (const path of this.current.paths()) {
      next.set(path, this.current.document(path)?.text() ?? "");
    }
    this.current = next;
    this.texts = null;
    return true;
  }
}
