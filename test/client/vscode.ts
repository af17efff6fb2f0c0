// The part of VS Code's API that the client uses, as far as its tests need it: commands are kept and run,
// documents are texts, and what would be shown is remembered. Names and forms are VS Code's. A real editor
// is the business of the end-to-end tests.

type Listener<T> = (event: T) => unknown;

export class Disposable {
  private readonly run: () => unknown;

  constructor(run: () => unknown) {
    this.run = run;
  }

  static from(...all: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const one of all) one.dispose();
    });
  }

  dispose(): void {
    this.run();
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };

  fire(event: T): void {
    for (const listener of this.listeners) listener(event);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class Position {
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: Position, end: Position) {
    this.start = start;
    this.end = end;
  }
}

export class Selection extends Range {
  get active(): Position {
    return this.end;
  }
}

export class Uri {
  readonly scheme: string;
  readonly path: string;

  private constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }

  static parse(text: string): Uri {
    const [, scheme = "file", path = ""] = /^([\w-]+):(?:\/\/)?(.*)$/s.exec(text) ?? [];
    return new Uri(scheme, decodeURIComponent(path));
  }

  static file(path: string): Uri {
    return new Uri("file", path);
  }

  static from({ scheme, path }: { scheme: string; path: string }): Uri {
    return new Uri(scheme, path);
  }

  static joinPath({ scheme, path }: Uri, ...parts: string[]): Uri {
    return new Uri(scheme, [path.replace(/\/$/, ""), ...parts].join("/"));
  }

  toString(): string {
    return `${this.scheme}:${this.scheme === "file" ? "//" : ""}${this.path}`;
  }
}

export class TextDocument {
  readonly uri: Uri;
  languageId: string;
  private readonly content: string;

  constructor(uri: Uri, languageId: string, content: string) {
    this.uri = uri;
    this.languageId = languageId;
    this.content = content;
  }

  getText(): string {
    return this.content;
  }
}

export class TextEditor {
  readonly document: TextDocument;
  readonly viewColumn: number = 1;
  selection: Selection = new Selection(new Position(0, 0), new Position(0, 0));

  constructor(document: TextDocument) {
    this.document = document;
  }

  revealRange(): void {}
}

export const ViewColumn = { One: 1, Beside: -2 };
export const TextEditorRevealType = { InCenterIfOutsideViewport: 2 };
export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 };
export const version = "1.91.0";
export const env = {
  appName: "Test Editor",
  remoteName: undefined,
  clipboard: {
    text: "",
    readText: (): Promise<string> => Promise.resolve(env.clipboard.text),
    writeText(text: string): Promise<void> {
      env.clipboard.text = text;
      return Promise.resolve();
    },
  },
};

/** A panel with a page in it; the page itself is the tests' business. */
export class WebviewPanel {
  readonly viewType: string;
  readonly visible = true;
  readonly posted: Message[] = [];
  /** Resolves what waits for the next message to the page. */
  private waiting: (() => void)[] = [];
  private readonly messages = new EventEmitter<unknown>();
  private readonly disposed = new EventEmitter<void>();
  readonly webview: {
    html: string;
    options: unknown;
    readonly cspSource: string;
    asWebviewUri(uri: Uri): Uri;
    postMessage(message: Message): Promise<boolean>;
    onDidReceiveMessage(listener: Listener<unknown>): Disposable;
  } = {
    html: "",
    options: {},
    cspSource: "https://page.test",
    asWebviewUri: (uri) => uri,
    postMessage: (message) => {
      this.posted.push(message);
      for (const resolve of this.waiting.splice(0)) resolve();
      return Promise.resolve(true);
    },
    onDidReceiveMessage: this.messages.event,
  };

  constructor(viewType: string) {
    this.viewType = viewType;
  }

  onDidDispose(listener: Listener<void>): Disposable {
    return this.disposed.event(listener);
  }

  onDidChangeViewState(): Disposable {
    return new Disposable(() => undefined);
  }

  reveal(): void {}

  /** The page says something. */
  say(message: unknown): void {
    this.messages.fire(message);
  }

  /** The first message of that type from number `from` on, once it is there. */
  async message(type: string, from = 0): Promise<Message> {
    for (;;) {
      const found = this.posted.slice(from).find((one) => one.type === type);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}

/** A message to a page. */
export interface Message {
  readonly type: string;
  readonly data?: Record<string, unknown>;
}

interface Serializer {
  deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void>;
}

interface Seen {
  readonly panels: WebviewPanel[];
  readonly serializers: Map<string, Serializer>;
  readonly messages: string[];
  /** Commands of the editor's own that were run, with their arguments. */
  readonly ran: [string, ...unknown[]][];
  readonly contexts: Map<string, unknown>;
  readonly statusItem: { text: string; detail: string; severity: number; busy: boolean };
  readonly opened: TextDocument[];
  picks: string[];
}

/** What was done, for tests to look at. */
export const seen: Seen = {
  panels: [],
  serializers: new Map(),
  messages: [],
  ran: [],
  contexts: new Map(),
  statusItem: { text: "", detail: "", severity: 0, busy: false },
  picks: [],
  opened: [],
};

type Run = (...args: never[]) => unknown;
const registered = new Map<string, Run>();

/** Names of the commands that the extension has registered. */
export const registeredCommands = (): string[] => [...registered.keys()];

export const commands = {
  registerCommand(name: string, run: Run): Disposable {
    registered.set(name, run);
    return new Disposable(() => registered.delete(name));
  },
  registerTextEditorCommand(name: string, run: (editor: TextEditor) => unknown): Disposable {
    return commands.registerCommand(name, () =>
      window.activeTextEditor === undefined ? undefined : run(window.activeTextEditor),
    );
  },
  async executeCommand(name: string, ...args: unknown[]): Promise<unknown> {
    const own = registered.get(name);
    if (own !== undefined) return (own as (...given: unknown[]) => unknown)(...args);
    if (name === "setContext") seen.contexts.set(String(args[0]), args[1]);
    else seen.ran.push([name, ...args]);
    return undefined;
  },
};

interface Provider {
  provideTextDocumentContent(uri: Uri): string;
}

const providers = new Map<string, Provider>();

/** Files, by path, and settings, by name, of the editor under test. */
export const world: { files: Map<string, string>; settings: Map<string, unknown> } = {
  files: new Map(),
  settings: new Map(),
};

export const workspace = {
  onDidChangeTextDocument: (): Disposable => new Disposable(() => undefined),
  get textDocuments(): TextDocument[] {
    return window.visibleTextEditors.map(({ document }) => document);
  },
  registerTextDocumentContentProvider(scheme: string, provider: Provider): Disposable {
    providers.set(scheme, provider);
    return new Disposable(() => providers.delete(scheme));
  },
  openTextDocument(what: Uri | { language: string; content: string }): Promise<TextDocument> {
    const document =
      what instanceof Uri
        ? new TextDocument(
            what,
            what.path.endsWith(".jlir") ? "julia-ir" : "plaintext",
            providers.get(what.scheme)?.provideTextDocumentContent(what) ??
              world.files.get(what.path) ??
              "",
          )
        : new TextDocument(
            Uri.parse(`untitled:Untitled-${seen.opened.length}`),
            what.language,
            what.content,
          );
    seen.opened.push(document);
    return Promise.resolve(document);
  },
  getConfiguration: (): { inspect(name: string): { globalValue: unknown } } => ({
    inspect: (name) => ({ globalValue: world.settings.get(name) }),
  }),
  fs: {
    createDirectory: (): Promise<void> => Promise.resolve(),
    copy(from: Uri, to: Uri): Promise<void> {
      world.files.set(to.path, world.files.get(from.path) ?? "");
      return Promise.resolve();
    },
    delete(folder: Uri): Promise<void> {
      for (const path of world.files.keys()) {
        if (path.startsWith(`${folder.path}/`)) world.files.delete(path);
      }
      return Promise.resolve();
    },
  },
};

const activeEditor: EventEmitter<TextEditor | undefined> = new EventEmitter();
const selections: EventEmitter<unknown> = new EventEmitter();

interface Editors {
  activeTextEditor: TextEditor | undefined;
  visibleTextEditors: TextEditor[];
}

const editors: Editors = { activeTextEditor: undefined, visibleTextEditors: [] };

export const window = {
  get activeTextEditor(): TextEditor | undefined {
    return editors.activeTextEditor;
  },
  set activeTextEditor(editor: TextEditor | undefined) {
    editors.activeTextEditor = editor;
  },
  get visibleTextEditors(): TextEditor[] {
    return editors.visibleTextEditors;
  },
  set visibleTextEditors(all: TextEditor[]) {
    editors.visibleTextEditors = all;
  },
  onDidChangeActiveTextEditor: (listener: Listener<TextEditor | undefined>): Disposable =>
    activeEditor.event(listener),
  onDidChangeTextEditorSelection: (listener: Listener<unknown>): Disposable =>
    selections.event(listener),
  showTextDocument(
    document: TextDocument,
    { preserveFocus = false, selection }: { preserveFocus?: boolean; selection?: Range } = {},
  ): Promise<TextEditor> {
    const known = window.visibleTextEditors.find((one) => one.document === document);
    const editor = known ?? new TextEditor(document);
    if (selection !== undefined) editor.selection = new Selection(selection.start, selection.end);
    if (known === undefined) window.visibleTextEditors.push(editor);
    if (!preserveFocus) {
      window.activeTextEditor = editor;
      activeEditor.fire(editor);
    }
    return Promise.resolve(editor);
  },
  createWebviewPanel(viewType: string): WebviewPanel {
    const panel = new WebviewPanel(viewType);
    seen.panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer(viewType: string, serializer: Serializer): Disposable {
    seen.serializers.set(viewType, serializer);
    return new Disposable(() => seen.serializers.delete(viewType));
  },
  showInformationMessage(message: string): Promise<void> {
    seen.messages.push(message);
    return Promise.resolve();
  },
  showQuickPick<T extends { label: string }>(items: readonly T[]): Promise<T | undefined> {
    seen.picks = items.map(({ label }) => label);
    return Promise.resolve(items[0]);
  },
};

export const languages = {
  onDidChangeDiagnostics: (): Disposable => new Disposable(() => undefined),
  createLanguageStatusItem: (): typeof seen.statusItem & { dispose(): void } =>
    Object.assign(seen.statusItem, { dispose: () => undefined }),
  setTextDocumentLanguage(document: TextDocument, language: string): Promise<TextDocument> {
    document.languageId = language;
    return Promise.resolve(document);
  },
};
