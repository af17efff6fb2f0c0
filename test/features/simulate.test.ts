// `finalens simulate` from outside: what the picture holds, exit statuses with their one line, and that the
// seed's examples behave as the thread says. Tables of single programs are in test/fixtures/simulate.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type PolicyName, type Simulation, simulate } from "../../server/src/features/simulate.ts";
import { chartOf } from "../../server/src/features/simulation-chart.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { examples, path, root, workspaceOf } from "./examples.ts";

const cli = fileURLToPath(new URL("dist/cli.cjs", root));
const folder = fileURLToPath(new URL("examples", root));

function finalens(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "simulate", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

const request = { method: null, args: null, seed: null, steps: 100_000 };

function simulated(workspace: Workspace, method: string, ...args: string[]): Simulation {
  const given = args.length === 0 ? null : args;
  const made = simulate(workspace, workspace.paths(), { ...request, method, args: given });
  assert.ok(!("failure" in made), "failure" in made ? made.failure : "");
  return made;
}

function workspaceOfExamples(): Workspace {
  const workspace = new Workspace();
  for (const [file, text] of examples) workspace.set(file, text);
  return workspace;
}

/** What is held when the method returns, by policy. */
function atReturn({ policies }: Simulation): Record<PolicyName, number> {
  return Object.fromEntries(policies.map((one) => [one.policy, one.atReturn])) as Record<
    PolicyName,
    number
  >;
}

/** Names of elements in the order in which they begin; throws where the text is no well-formed XML. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  for (const [tag, name = "", rest = ""] of xml.matchAll(/<\/?([a-z]+)((?:[^<>"]|"[^<>"]*")*)>/g)) {
    if (tag.startsWith("</")) assert.equal(open.pop(), name);
    else {
      found.push(name);
      if (!rest.endsWith("/")) open.push(name);
      assert.match(rest, /^(?: [a-zA-Z-]+="[^"&<]*")*\/?$/, `attributes of ${tag}`);
    }
  }
  assert.deepEqual(open, []);
  const text = xml.replace(/<[^>]*>/g, "");
  assert.doesNotMatch(text, /[<>]|&(?!amp;|lt;|gt;|quot;)/, "text holds no markup");
  return found;
}

test("memory of the branch example is held to the end by no policy that frees", () => {
  const held = atReturn(simulated(workspaceOfExamples(), "seed_branch_loop", "10,true"));
  assert.deepEqual(held, { "gc-never": 80, gc: 0, julia: 80, early: 0, rc: 0 });
});

test("the tracked heap of the thread gives back what its finalizers free", () => {
  const { policies, unknown } = simulated(workspaceOfExamples(), "seed_tracker_main", "1000,3");
  const of = (name: PolicyName): string => {
    const run = policies.find(({ policy }) => policy === name);
    return `${run?.peak} ${run?.releases} ${run?.finalizersAtExit}`;
  };
  assert.deepEqual([of("gc-never"), of("gc"), of("rc")], ["24000 3 3", "8000 3 0", "8000 3 0"]);
  assert.deepEqual(
    unknown.filter(({ kind }) => kind === "callee"),
    [],
  );
});

test("every example runs to one result under all policies, or says why not", () => {
  const workspace = workspaceOfExamples();
  for (const [file, text] of examples) {
    if (file.startsWith("callees/")) continue;
    const [, method = ""] = /MethodInstance for (.*)/.exec(text) ?? [];
    const { policies } = simulated(workspace, method);
    assert.equal(new Set(policies.map(({ result }) => result)).size, 1, file);
    const early = policies.find(({ policy }) => policy === "early");
    assert.deepEqual(early?.faults, [], file);
  }
});

test("the picture is well-formed XML with five curves, a title and a description", () => {
  const svg = chartOf(simulated(workspaceOfExamples(), "seed_main", "1000,3"));
  const elements = elementsOf(svg);
  assert.equal(elements[0], "svg");
  assert.deepEqual([elements[1], elements[2]], ["title", "desc"]);
  assert.equal(svg.match(/class="curve /g)?.length, 5);
  assert.match(svg, /<desc[^>]*>.*early plan: at most 8000 B, /);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});

test("the picture of a method with odd names is well-formed", () => {
  const made = simulated(
    workspaceOf(`MethodInstance for (::var"#<&>#1")(::String)
  from (::var"#<&>#1")(x) @ Main a.jl:1
CodeInfo(
1 ─     return x
) => String
`),
    '(::var"#<&>#1")(::String)',
    '"<a&b>\\u0001"',
  );
  elementsOf(chartOf(made));
});

test("the picture of a run that goes wrong says so", () => {
  const text = readFileSync(
    new URL("test/fixtures/simulate/placement-of-julia-runs-in-each-round-as-it-did.jlir", root),
    "utf8",
  );
  const svg = chartOf(simulated(workspaceOf(text), "wr_goto_loop", "3"));
  assert.equal(svg.match(/class="fault">wrong: /g)?.length, 1);
});

test("the picture in the documentation is what the command draws", () => {
  const made = simulated(workspaceOfExamples(), "seed_branch_loop", "1000,true");
  const drawn = readFileSync(new URL("docs/images/simulate.svg", root), "utf8");
  assert.equal(
    chartOf(made),
    drawn,
    "finalens simulate --method seed_branch_loop --args 1000,true --svg docs/images/simulate.svg examples",
  );
});

test("the page shows what the command prints", () => {
  const page = readFileSync(new URL("docs/simulate.md", root), "utf8");
  const [, call = "", output] = /^```\n\$ finalens simulate (.*)\n(.*?)^```/ms.exec(page) ?? [];
  const words = call.split(" ");
  const { stdout } = spawnSync(process.execPath, [cli, "simulate", ...words], {
    encoding: "utf8",
    cwd: fileURLToPath(root),
    env: { ...process.env, NO_COLOR: "1" },
  });
  assert.equal(stdout, output);
});

test("simulate prints the table, and writes the picture where it is told to", () => {
  const place = mkdtempSync(join(tmpdir(), "finalens-"));
  try {
    const svg = join(place, "heap.svg");
    const args = ["--method", "seed_main", "--args", "10", "--args", "3", "--svg", svg, folder];
    const { status, stdout, stderr } = finalens(...args);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^ {2}N = 10, iterations = 3$/m);
    assert.match(stdout, /^early plan +3 \(240 B\) /m);
    assert.equal(readFileSync(svg, "utf8").match(/class="curve /g)?.length, 5);
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("JSON has the curves and what they rest on", () => {
  const args = ["--format", "json", "--method", "seed_branch_loop", "--args", "10,_", folder];
  const { status, stdout } = finalens(...args, "--seed", "1");
  assert.equal(status, 0);
  const made = JSON.parse(stdout) as Simulation & { schema: number };
  assert.equal(made.schema, 1);
  assert.deepEqual(
    made.policies.map(({ policy }) => policy),
    ["gc-never", "gc", "julia", "early", "rc"],
  );
  assert.deepEqual(
    made.arguments.map(({ name, given }) => [name, given]),
    [
      ["N", true],
      ["c", false],
    ],
  );
  assert.deepEqual(made.policies[0]?.curve, [
    [0, 0],
    [3, 80],
  ]);
});

test("one call gives one output, whatever is drawn", () => {
  const once = finalens("--method", "seed_device_chain", "--format", "json", folder).stdout;
  assert.equal(finalens("--method", "seed_device_chain", "--format", "json", folder).stdout, once);
  assert.notEqual(once, "");
});

test("simulate calls that cannot be answered have status 2 and one line", () => {
  const place = mkdtempSync(join(tmpdir(), "finalens-"));
  try {
    const broken = join(place, "broken.jlir");
    writeFileSync(broken, "MethodInstance for f()\n1 ─     return %7\n");
    const calls: [string[], RegExp][] = [
      [["--method", "nobody", folder], /has no method `nobody`/],
      [["--method", "use", folder], /ambiguous.*use\(::Counted\)/],
      [[folder], /holds \d+ methods/],
      [["--method", "seed_main", "--args", "1", folder], /takes 2 arguments, 1 given/],
      [["--method", "seed_main", "--args", "1,x", folder], /iterations cannot be x/],
      [["--method", "seed_main", "--args", "1,99999999999999999999", folder], /no Int64/],
      [["--method", "seed_main", "--args", "1,9", "--steps", "50", folder], /50 statements/],
      [["--seed", "-1", folder], /whole number/],
      [[broken], /%7/],
      [[join(place, "gone.jlir")], /no such file/],
      [["--method", "seed_main", "--svg", join(place, "a", "b.svg"), folder], /no such file/],
      [["--profile", "0.6", folder], /0\.6/],
      [[], /missing/],
    ];
    for (const [call, wanted] of calls) {
      const { status, stdout, stderr } = finalens(...call);
      assert.equal(status, 2, call.join(" "));
      assert.equal(stdout, "");
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
      assert.match(stderr, wanted);
    }
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("a promise about a callee holds in the run", () => {
  const text = `MethodInstance for main()
  type C mutable (x::Int64)
CodeInfo(
1 ─ %1 = %new(Main.C, 1)::C
│        Core.finalizer(Main.fin, %1, true, CodeInstance for MethodInstance for fin(::C))::Nothing
│        invoke Main.far(%1::C)::Any
│        nothing::Nothing
└──      return nothing
) => Nothing
MethodInstance for fin(::C)
CodeInfo(
1 ─      return nothing
) => Nothing
`;
  const actsWith = (
    assumptions: ReadonlyMap<string, { captures: false; nothrow: true }>,
  ): string[] =>
    Array.from({ length: 40 }, (_, seed) => {
      const workspace = workspaceOf(text);
      workspace.setAssumptions(assumptions);
      const made = simulate(workspace, [path], { ...request, method: "main", seed });
      return "failure" in made ? [made.failure] : made.unknown.flatMap(({ acts }) => acts);
    }).flat();
  assert.ok(actsWith(new Map()).includes("kept its argument"));
  assert.deepEqual(actsWith(new Map([["far", { captures: false, nothrow: true }]])), []);
});
