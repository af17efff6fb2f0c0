// The session: the workspace with all texts, which of them are open in the editor and at which version,
// and the settings. An open document's text is the editor's; the disk never overwrites it. It sends
// nothing and reads nothing; `schedule` and `files` do.

import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import type { LensOptions } from "../features/code-lens.ts";
import {
  type Config,
  configFindings,
  configName,
  noConfig,
  readConfig,
} from "../features/config-findings.ts";
import type { PlacedFinding, Severities } from "../features/diagnostics.ts";
import type { HintOptions } from "../features/inlay-hint.ts";
import { chosenProfile } from "../features/profile.ts";
import { UnitFindings } from "../features/unit-findings.ts";
import { Document } from "../workspace/document.ts";
import { Workspace } from "../workspace/workspace.ts";
import { type ClientSupport, noSupport } from "./client-support.ts";
import { defaultSettings, type Limits, type Settings } from "./config.ts";
import { pathOfUri, uriOfPath } from "./paths.ts";
import { Publications } from "./publication.ts";

export interface OpenDocument {
  /** As the client spells it. */
  readonly uri: string;
  readonly version: number;
}

/** Whether the path is that of a configuration, which is no IR. */
export function isConfigPath(path: string): boolean {
  return /(?:^|[\\/])Finalens\.toml$/.test(path) && path.endsWith(configName);
}

export class Session {
  private abilities: ClientSupport = noSupport;
  private findings: UnitFindings | null = null;
  private texts: Publications | null = null;
  private current: Workspace = new Workspace(chosenProfile(defaultSettings.profile));
  private settings: Settings = defaultSettings;
  private readonly documents = new Map<string, OpenDocument>();
  private readonly configs = new Map<string, Document>();
  private config: Config = noConfig;

  /** What the client can do. */
  get support(): ClientSupport {
    return this.abilities;
  }

  set support(support: ClientSupport) {
    this.abilities = support;
    this.texts = null;
  }

  /** What is published about files of IR. */
  get publications(): Publications {
    const { current: workspace, abilities: support } = this;
    this.findings ??= new UnitFindings(workspace);
    this.texts ??= new Publications({
      workspace,
      findings: this.findings,
      support,
      severities: this.severities,
      formFindings: this.limits.formFindings,
      uriOf: (path) => this.uriOf(path),
    });
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

  get limits(): Limits {
    return this.settings.limits;
  }

  /** What the settings say of a code goes before what `Finalens.toml` says of it. */
  private get severities(): Severities {
    return new Map([...this.config.severities, ...Object.entries(this.settings.severities)]);
  }

  /** Who chose the profile; null where the texts are to decide. */
  get profileChosenBy(): "setting" | "file" | null {
    if (this.settings.profile !== defaultSettings.profile) return "setting";
    return this.config.profile === null ? null : "file";
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

  /**
   * The `Finalens.toml` that counts: of several the one with the shortest path. Where there is none, null
   * for the path.
   */
  configAtHand(): {
    readonly path: string | null;
    readonly text: string;
    readonly config: Config;
  } {
    const [path = null] = [...this.configs.keys()].sort(
      (a, b) => a.length - b.length || (a < b ? -1 : 1),
    );
    const text = path === null ? "" : (this.configs.get(path)?.text() ?? "");
    return { path, text, config: this.config };
  }

  /** What is to be said about the configuration. */
  diagnoseConfig(path: string): readonly PlacedFinding[] {
    const own = this.configAtHand();
    if (own.path !== path) return [];
    const config = { ...own.config, severities: this.severities };
    return configFindings(this.current, path, own.text, config);
  }

  private configChanged(): void {
    const { text } = this.configAtHand();
    const before = this.profileName();
    this.config = readConfig(text);
    this.texts = null;
    if (this.profileName() === before) this.current.setAssumptions(this.config.assumptions);
    else this.rebuild();
  }

  private profileName(): string | undefined {
    const { profile } = this.settings;
    return profile === defaultSettings.profile ? (this.config.profile ?? undefined) : profile;
  }

  /** Another profile is another workspace with the same texts. */
  private rebuild(): void {
    const next = new Workspace(chosenProfile(this.profileName()));
    for (const path of this.current.paths()) {
      next.set(path, this.current.document(path)?.text() ?? "");
    }
    next.setAssumptions(this.config.assumptions);
    this.current = next;
    this.findings = null;
    this.texts = null;
  }

  private setText(path: string, text: string): void {
    if (isConfigPath(path)) {
      this.configs.set(path, new Document(text));
      this.configChanged();
    } else this.current.set(path, text);
  }

  /** Takes over a document's text from the editor; opening it again replaces the text. */
  open(uri: string, version: number, text: string): string {
    const path = pathOfUri(uri);
    this.documents.set(path, { uri, version });
    this.setText(path, text);
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
      if (!("range" in change)) this.setText(path, change.text);
      else if (isConfigPath(path)) this.configs.get(path)?.edit(change.range, change.text);
      else this.current.edit(path, change.range, change.text);
    }
    if (isConfigPath(path)) this.configChanged();
    return path;
  }

  /** Gives a document back; its text stays until the disk's takes its place. Null where not open. */
  close(uri: string): string | null {
    const path = pathOfUri(uri);
    if (!this.documents.delete(path)) return null;
    // Read again from the disk, if it is one that counts there.
    if (this.configs.delete(path)) this.configChanged();
    return path;
  }

  /** Takes over a file's text from the disk, null where there is none. Whether it was wanted. */
  setFromDisk(path: string, text: string | null): boolean {
    if (this.documents.has(path)) return false;
    if (isConfigPath(path)) {
      if (text === null) this.configs.delete(path);
      else this.configs.set(path, new Document(text));
      this.configChanged();
      return true;
    }
    if (text !== null) this.current.set(path, text);
    else if (this.current.document(path) === null) return false;
    else this.current.remove(path);
    return true;
  }

  /**
   * Takes over settings.
   *
   * @returns whether they differ from those before
   */
  configure(settings: Settings): boolean {
    // Both are plain data, made with the same order of members.
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return false;
    const before = this.profileName();
    this.settings = settings;
    this.texts = null;
    if (this.profileName() !== before) this.rebuild();
    return true;
  }
}
