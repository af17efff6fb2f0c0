// Holds our own escape analysis against Julia's when that may look into every callee: what Julia proves
// not to escape must not escape for us either, and where we prove more, the cause must be one of those
// that docs/fidelity.md explains and a fixture shows to be right.
//
// `node out/test/accept/ours.js [--shared DIR] [--groups LIST] [--show N]`. Prints what differs; the last
// line is the figure. Exits 1 if we are less precise on a method whose callees are all known, or more
// precise without a known cause.

import { parseArgs } from "node:util";
import type { MethodJson } from "../../server/src/features/check-report.ts";
import { ask, type RecordedEscape } from "./recorded.ts";

const { values } = parseArgs({
  options: {
    shared: { type: "string", default: "../shared" },
    groups: { type: "string", default: "seed,shapes,random,callees" },
    show: { type: "string", default: "20" },
  },
});

const answered = ask({
  shared: values.shared,
  release: "1.13-dev",
  groups: values.groups.split(","),
  form: "interprocedural",
  annotate: false,
  profile: "1.13+interprocedural",
});

const counts = { compared: 0, both: 0, neither: 0, unseen: 0, worse: 0, unexplained: 0 };
const causes = new Map<string, number>();
const lines: string[] = [];
for (const { path, recorded, method, missing } of answered) {
  const julia = recorded.escapes_interprocedural;
  if (julia === undefined || julia.error !== undefined) continue;
  julia.ssa.forEach((one, index) => {
    const ours = method.values?.[index]?.ours ?? null;
    if (!one.analyzed || ours === null) return;
    counts.compared++;
    const isOurs = ours.length === 0;
    if (one.noescape === isOurs) counts[isOurs ? "both" : "neither"]++;
    else if (!isOurs) {
      // Julia has seen the callee, and the corpus has not its text.
      if (missing.length > 0) counts.unseen++;
      else {
        counts.worse++;
        lines.push(`${path} %${index + 1}: Julia says no escape, ours ${ours.join(" ")}`);
      }
    } else explain(path, index, one, julia.ssa, method);
  });
}

function explain(
  path: string,
  index: number,
  one: RecordedEscape,
  all: readonly RecordedEscape[],
  method: MethodJson,
): void {
  const cause = causeOf(one, all, method);
  if (cause === null) {
    counts.unexplained++;
    lines.push(`${path} %${index + 1}: Julia ${JSON.stringify(one)}, ours no escape`);
  } else causes.set(cause, (causes.get(cause) ?? 0) + 1);
}

/**
 * Why Julia says more: plain bits of an argument fall into the object's alias class once its fields have
 * been forgotten at a call, or a φ puts two objects into one class of which one escapes.
 */
function causeOf(
  one: RecordedEscape,
  all: readonly RecordedEscape[],
  method: MethodJson,
): string | null {
  if (!one.return && one.thrown.length === 0 && !one.allescape && one.liveness.includes(0)) {
    return "bits of an argument in the alias class";
  }
  const isMerged = all.some(
    (other, at) => other.allescape && (method.values?.[at]?.ours ?? []).length > 0,
  );
  return one.allescape && isMerged ? "merged alias classes" : null;
}

for (const line of lines.slice(0, Number(values.show))) console.log(`   ${line}`);
const { compared, both, neither, unseen, worse, unexplained } = counts;
const more = [...causes].map(([cause, count]) => `${count} ${cause}`).join(", ");
console.log(
  `ours: ${compared} values: equal ${both + neither}, more precise (${more || "0"}), callee unseen ${unseen}, less precise ${worse}, unexplained ${unexplained}`,
);
process.exitCode = compared > 0 && worse === 0 && unexplained === 0 ? 0 : 1;
