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
const decided = "seed,shapes,random";
const everything = "seed,shapes,random,callees,wrong";
const older = ["1.11", "1.10"];
const forms = ["inlined", "final"];
const interprocedural = { mode: "interprocedural", profile: "1.13+interprocedural" };

const rows = [
  ...["typed", "typed_source", "inlined", "sroa", "final", "unoptimized", "warntype"].map((form) =>
    agree("read", form, { groups: programs, min: 100 }),
  ),
  reads("julia-1.13-dev/base", true),
  reads("julia-1.11/base", false),
  reads("julia-1.10/base", false),
  ...["1.13-dev", "1.11", "1.10", "1.5.3"].map(printedForms),
  {
    name: "round trip",
    bar: "all",
    program: process.execPath,
    args: ["out/test/fuzz/roundtrip.js", "--shared", shared],
  },
  // Profile 1.13: verdict, reason and insertion point of every registration; escape facts of every value.
  agree("verdict", "inlined", { annotate: true, min: 100 }),
  agree("verdict", "inlined", { min: 100 }),
  agree("placement", "inlined", { annotate: true, min: 100 }),
  agree("placement", "inlined", { min: 100 }),
  julia("decisions", { annotate: true, min: 100 }),
  julia("decisions", { min: 100 }),
  ...forms.flatMap((form) => [
    agree("escapes", form, { annotate: true, min: 99.9 }),
    agree("escapes", form, { min: 99.9 }),
    julia("escapes", { form, groups: everything, annotate: true, min: 99.9 }),
  ]),
  // Final text without a `stage final` line: the prediction replays the rules on it (contract.md), and
  // what the pass saw may be gone from it; shown, not required. docs/fidelity.md has the causes.
  agree("verdict", "final", { annotate: true }),
  agree("verdict", "final", {}),
  // Escape analysis that looks into every callee. Of some methods the corpus lacks a callee's text.
  julia("decisions", { ...interprocedural, annotate: true, complete: true, min: 100 }),
  julia("decisions", { ...interprocedural, complete: true, min: 99.5 }),
  julia("verdicts", { ...interprocedural, annotate: true, min: 99.5 }),
  julia("verdicts", { ...interprocedural, min: 99.5 }),
  julia("escapes", {
    ...interprocedural,
    form: "interprocedural",
    groups: everything,
    complete: true,
    min: 99.9,
  }),
  // The older releases, by their own answers.
  ...older.flatMap((release) => [
    agree("verdict", "inlined", { release, annotate: true, min: 99 }),
    agree("verdict", "inlined", { release, min: 99 }),
    ...forms.flatMap((form) => [
      agree("escapes", form, { release, min: 99 }),
      julia("escapes", { release, form, groups: `${decided},callees`, annotate: true, min: 99 }),
    ]),
    agree("verdict", "final", { release }),
  ]),
  {
    name: "ours against interprocedural",
    bar: "safe",
    program: process.execPath,
    args: ["out/test/accept/ours.js", "--shared", shared],
  },
  agree("early", "inlined", { groups: "shapes", annotate: true, min: 62 }),
  agree("early", "inlined", { groups: "shapes", min: 62 }),
  agree("early", "inlined", { groups: "random", annotate: true, min: 84 }),
  agree("early", "inlined", { groups: "random", min: 84 }),
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
function agree(what, form, { release = "1.13-dev", groups = decided, annotate = false, min }) {
  const corpus = `${shared}/corpus/julia-${release}`;
  return {
    name: rowName(what, form, release, annotate),
    bar: barOf(min),
    args: [
      `${shared}/accept/agree.py`,
      corpus,
      ...["--what", what, "--form", form, "--groups", groups],
      ...["--callees", `${corpus}/callees`, "--profile", profileOf(release)],
      ...["--min", String(min ?? 0), "--unsafe-max", "0"],
      ...(annotate ? ["--annotate"] : []),
    ],
  };
}

/** One figure of our own `test/accept/julia.ts`, which compares what `agree.py` cannot. */
function julia(what, options) {
  const { release = "1.13-dev", form = "inlined", groups = decided, annotate, complete } = options;
  const { mode = "native", profile = profileOf(release), min } = options;
  const of = mode === "native" ? "" : ` ${mode}${complete ? ", callees known" : ""}`;
  return {
    name: `${rowName(`${what} in full`, form === "interprocedural" ? "" : form, release, annotate)}${of}`,
    bar: barOf(min),
    program: process.execPath,
    args: [
      ...["out/test/accept/julia.js", what, "--shared", shared, "--release", release],
      ...["--form", form, "--groups", groups, "--mode", mode, "--profile", profile],
      ...["--min", String(min)],
      ...(annotate ? ["--annotate"] : []),
      ...(complete ? ["--complete"] : []),
    ],
  };
}

function rowName(what, form, release, annotate) {
  const of = release === "1.13-dev" ? "" : `${release} `;
  return `${of}${what} ${form}${annotate ? " annotated" : ""}`.trimEnd();
}

function barOf(min) {
  if (min === undefined) return "";
  return min === 0 ? "safe" : `≥ ${min} %`;
}

/** The profile of the corpus of a release. */
function profileOf(release) {
  return release === "1.13-dev" ? "1.13" : release;
}

function reads(folder, isBar) {
  return {
    name: `read ${folder}`,
    bar: isBar ? "all" : "",
    args: [`${shared}/accept/reads.py`, `${shared}/corpus/${folder}`],
  };
}

function printedForms(release) {
  return {
    name: `read forms/${release}`,
    bar: "",
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
