// Other editors against the built server, each where it is installed: its set-up is taken from
// docs/editors.md as it stands there, `finalens-lsp` is on the path, and a script of the editor's own asks
// what a person would. `npm run test:editors`; fails where a claim fails, or no editor is there at all.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/editors.md"), "utf8");

/** The first fence of the page in that language. */
function setUp(language) {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(page)?.[1];
  if (fence === undefined) throw new Error(`docs/editors.md has no ${language}`);
  return fence;
}

const editors = [
  {
    name: "Neovim",
    program: "nvim",
    config: ["config.lua", setUp("lua")],
    arguments: (config) => [
      ...["--clean", "--headless", "-c", `luafile ${config}`],
      ...["-c", `luafile ${join(root, "test/editors/nvim.lua")}`],
    ],
  },
  {
    name: "Emacs",
    program: "emacs",
    config: ["config.el", setUp("elisp")],
    arguments: (config) => [
      ...["--batch", "--eval", "(package-initialize)", "-l", config],
      ...["-l", join(root, "test/editors/eglot.el")],
    ],
  },
];

const folder = mkdtempSync(join(tmpdir(), "finalens-editors-"));
let nRun = 0;
let nFailed = 0;
try {
  mkdirSync(join(folder, "bin"));
  symlinkSync(join(root, "dist/server.cjs"), join(folder, "bin/finalens-lsp"));
  for (const { name, program, config, arguments: argumentsFor } of editors) {
    const { stdout, error } = spawnSync(program, ["--version"], { encoding: "utf8" });
    if (error) {
      console.log(`${name}: not installed, skipped`);
      continue;
    }
    console.log(`${name}: ${stdout.split("\n")[0]}`);
    const [file, text] = config;
    writeFileSync(join(folder, file), text);
    copyFileSync(join(root, "test/lsp/data/register.jlir"), join(folder, "program.jlir"));
    const { status } = spawnSync(program, argumentsFor(join(folder, file)), {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      timeout: 180_000,
      env: {
        ...process.env,
        HOME: folder,
        LSP_FILE: join(folder, "program.jlir"),
        PATH: join(folder, "bin") + delimiter + process.env["PATH"],
      },
    });
    nRun++;
    if (status !== 0) nFailed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (nRun === 0) console.error("No editor is installed: nothing was tried.");
process.exit(nFailed === 0 && nRun > 0 ? 0 : 1);
