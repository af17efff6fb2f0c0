// Holds the built product against a real Julia's answers and prints one line a bar.
//
// `npm run accept -- [--shared DIR] [--only TEXT] [--verbose]`: DIR (default `../shared`) holds
// `accept/` (the programs that compare, in Python) and `corpus/`. Fails if a bar is missed; lines
// without a bar are information. `--verbose` shows what each program says.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    only: { type: "string", default: "" },
    verbose: { type: "boolean", default: false },
  },
});

const shared = resolve(values.shared);
process.chdir(fileURLToPath(new URL("../", import.meta.url)));
if (!existsSync(`${shared}/accept/agree.py`)) {
  console.error(`No acceptance programs in ${shared}; say where they are with --shared DIR.`);
  process.exit(2);
}

const programs = "seed,callees,shapes,random";
const decided = "shapes,random";

const rows = [
  ...["typed", "typed_source", "inlined", "sroa", "final", "unoptimized", "warntype"].map((form) =>
    agree("read", form, { groups: programs, min: 100 }),
  ),
  reads("julia-1.13-dev/base"),
  reads("julia-1.11/base"),
  reads("julia-1.10/base"),
  forms("1.13-dev"),
  forms("1.11"),
  forms("1.10"),
  forms("1.5.3"),
  {
    name: "round trip",
    bar: "all",
    program: process.execPath,
    args: ["out/test/fuzz/roundtrip.js", "--shared", shared],
  },
  {
    name: "types",
    bar: "≥ 99.9 %",
    program: process.execPath,
    args: ["out/test/fuzz/types.js", "--shared", shared],
  },
  agree("verdict", "inlined", { annotate: true, min: 100 }),
  agree("verdict", "inlined", { min: 100 }),
  // Final text without a `stage final` line: the prediction replays the rules on it (contract.md), and
  // what the pass saw may be gone from it; shown, not required.
  agree("verdict", "final", { annotate: true }),
  agree("verdict", "final", {}),
  agree("placement", "inlined", { annotate: true, min: 100 }),
  agree("placement", "inlined", { min: 100 }),
  agree("escapes", "inlined", { annotate: true, min: 99.9 }),
  agree("escapes", "inlined", { min: 99.9 }),
  agree("escapes", "final", { annotate: true, min: 99.9 }),
  agree("early", "inlined", { annotate: true }),
].filter(({ name }) => name.includes(values.only));

const width = Math.max(...rows.map(({ name }) => name.length));
const results = new Map();
const queue = [...rows];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      results.set(row, await run(row.program ?? "python3", row.args));
    }
  }),
);

let missed = 0;
console.log();
for (const row of rows) {
  const { code, output } = results.get(row);
  const isMissed = row.bar !== "" && code !== 0;
  if (isMissed) missed++;
  if (values.verbose || isMissed) console.log(`\n${row.name}\n${output.replace(/^/gm, "    ")}`);
}
for (const row of rows) {
  const { code, output } = results.get(row);
  const mark = row.bar === "" ? "·" : code === 0 ? "✓" : "✗";
  console.log(`${mark} ${row.name.padEnd(width)}  ${row.bar.padEnd(7)}  ${figure(output)}`);
}
const bars = rows.filter(({ bar }) => bar !== "").length;
console.log(`\n${bars - missed} passed, ${missed} failed`);
process.exit(missed === 0 ? 0 : 1);

/** One figure of `agree.py`. A row with `min`, even 0, also asks that nothing unsafe was said. */
function agree(what, form, { groups = decided, annotate = false, min }) {
  return {
    name: `${what} ${form}${annotate ? " annotated" : ""}`,
    bar: min === undefined ? "" : min === 0 ? "safe" : `≥ ${min} %`,
    args: [
      `${shared}/accept/agree.py`,
      `${shared}/corpus/julia-1.13-dev`,
      ...["--what", what, "--form", form, "--groups", groups],
      ...["--callees", `${shared}/corpus/julia-1.13-dev/callees`],
      ...["--min", String(min ?? 0), "--unsafe-max", "0"],
      ...(annotate ? ["--annotate"] : []),
    ],
  };
}

function reads(folder) {
  return {
    name: `read ${folder}`,
    bar: "all",
    args: [`${shared}/accept/reads.py`, `${shared}/corpus/${folder}`],
  };
}

function forms(release) {
  return {
    name: `read forms/${release}`,
    bar: "all",
    args: [`${shared}/accept/reads.py`, "--forms", `${shared}/corpus/forms/${release}`],
  };
}

/** The last line is the figure; what stands before its colon is the row's own name again. */
function figure(output) {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  return last.slice(last.indexOf(": ") < 0 ? 0 : last.indexOf(": ") + 2);
}

function run(program, args) {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (error) => done({ code: 2, output: `${program}: ${error.message}` }));
    child.on("close", (code) => done({ code, output }));
  });
}
