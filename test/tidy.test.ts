/**
 * The house rules as a test: what no compiler and no linter checks, and what a page says that the
 * tree could stop doing. Each failure says what to change.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { codes } from "../server/src/diagnostics/codes.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Config {
  readonly references?: readonly { readonly path: string }[];
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(root + path, "utf8");
const config = (path: string): Config => JSON.parse(read(path)) as Config;

/** The rooms that the solution file names, in its order: `text` … `cli`. */
const rooms = (config("tsconfig.json").references ?? [])
  .map(({ path }) => path)
  .filter((path) => path.startsWith("server/src/"))
  .map((path) => path.slice("server/src/".length));

function filesBelow(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** The lines of a page's first shell fence, without comments and prompts. */
function firstShellFence(page: string): string[] {
  const fence = /^```(?:sh|shell|bash|console)\n(.*?)^```/ms.exec(page)?.[1] ?? "";
  return fence
    .split("\n")
    .map((line) =>
      line
        .replace(/(?:^|\s)#.*/, "")
        .replace(/^\$ /, "")
        .trim(),
    )
    .filter((line) => line !== "");
}

/** Room → rooms it may import, from the table headed `| room | may import |`. */
function importTable(page: string): Map<string, string[]> {
  const lines = page.split("\n");
  const head = lines.findIndex((line) => /^\|\s*room\s*\|\s*may import\s*\|/.test(line));
  const table = new Map<string, string[]>();
  for (const line of head < 0 ? [] : lines.slice(head + 2)) {
    const [, room = "", imports = ""] = line.split("|");
    if (!line.startsWith("|")) break;
    const words = (cell: string): string[] => cell.match(/[a-z]+/g) ?? [];
    table.set(
      words(room).join(),
      words(imports).filter((word) => rooms.includes(word)),
    );
  }
  return table;
}

test("every source file says first what it is", () => {
  const bare = ["server/src", "client/src"]
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => path.endsWith(".ts") && !/^\/[/*]/.test(read(path)));
  assert.deepEqual(bare, [], "these files do not begin with a comment");
});

test("no source file is longer than 600 lines", () => {
  const long = ["server/src", "client/src", "test"]
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => path.endsWith(".ts") && read(path).trimEnd().split("\n").length > 600);
  assert.deepEqual(long, [], "split these files");
});

test("server/src holds the rooms and nothing else", () => {
  const found = readdirSync(`${root}server/src`).filter((name) => !name.startsWith("."));
  assert.deepEqual(found.sort(), [...rooms].sort(), "tsconfig.json names the rooms");
  const drawers = filesBelow("server/src").filter((path) =>
    /\/(?:utils?|common|helpers?|misc|shared)(?:\/|\.ts$)|\/index\.ts$/.test(path),
  );
  assert.deepEqual(drawers, [], "name these after what is in them");
});

test("the references of each room are the table in ARCHITECTURE.md", (context) => {
  if (!existsSync(`${root}ARCHITECTURE.md`)) return context.skip("no ARCHITECTURE.md yet");
  const table = importTable(read("ARCHITECTURE.md"));
  assert.deepEqual([...table.keys()].sort(), [...rooms].sort(), "rows of | room | may import |");
  for (const room of rooms) {
    const references = (config(`server/src/${room}/tsconfig.json`).references ?? []).map(
      ({ path }) => path.replace("../", ""),
    );
    assert.deepEqual(references.sort(), table.get(room)?.sort(), `${room} may import`);
  }
});

test("every finalizer code has its page", () => {
  const missing = Object.keys(codes)
    .filter((code) => code.startsWith("finalizer/"))
    .map((code) => `docs/diagnostics/${code}.md`)
    .filter((path) => !existsSync(root + path));
  assert.deepEqual(missing, [], "write these pages");
});

test("every page of a code has its code", () => {
  if (!existsSync(`${root}docs/diagnostics`)) return;
  const stages = new Set(Object.keys(codes).map((code) => code.split("/")[0]));
  const stray = filesBelow("docs/diagnostics")
    .map((path) => path.replace(/^docs\/diagnostics\/|\.md$/g, ""))
    .filter((name) => name !== "README" && !Object.hasOwn(codes, name) && !stages.has(name));
  assert.deepEqual(stray, [], "no code has these pages");
});

test("README sets up with exactly two commands", () => {
  assert.deepEqual(firstShellFence(read("README.md")), ["npm start", "npm test"]);
});

test("every npm script that a page or a task names exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as Manifest;
  const pages = readdirSync(root).filter((name) => name.endsWith(".md"));
  const unknown = [...pages, ".ci/run", ".vscode/tasks.json"].flatMap((path) =>
    [...read(path).matchAll(/npm run (?:--silent )?([a-z0-9:]+)|"script": "([a-z0-9:]+)"/g)]
      .map(([, run, script]) => run ?? script ?? "")
      .filter((script) => !Object.hasOwn(scripts, script))
      .map((script) => `${path}: npm run ${script}`),
  );
  assert.deepEqual(unknown, []);
});
