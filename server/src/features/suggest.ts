// Plans of early finalization as edits of the Julia source: which call goes where, on which branch, and
// what that rests on. Only what the text proves is said: where it has no source lines, statements of
// the IR are named instead, and variables have no names in optimised IR.
// Source: design §4 (`suggest`), spec early-plan.md §1, §5.

import type { EarlyReport } from "../analysis/method-report.ts";
import type { Placement, PlacementPoint, Plan, PlanAssumption } from "../analysis/plan/plan.ts";
import { type DominatorTree, dominates, dominatorTree } from "../ir/dominator-tree.ts";
import { predecessorsOf, successorsOf } from "../ir/graph.ts";
import { type LoopForest, loopForest } from "../ir/loop-forest.ts";
import { idOf, labelOf, lastOf, type Method } from "../ir/method.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { lineWords, type SourceLine, SourceLines } from "./source-lines.ts";

/** One call to put into the source. */
export interface SuggestedEdit {
  /** `finalize(a)`. */
  readonly insert: string;
  /** The line behind which, or at which, it goes; null where the text does not tell. */
  readonly line: SourceLine | null;
  /** `after`, or what begins, goes round or ends there. */
  readonly where: "after" | "branch" | "loop-entry" | "loop-round" | "loop-exit" | "try" | "catch";
  /** Which way a condition went; null where none decides. */
  readonly branch: {
    readonly taken: "then" | "else";
    readonly condition: SourceLine | null;
  } | null;
  /** Line of the innermost loop in which the call stands; null outside of loops. */
  readonly loop: { readonly header: number; readonly line: SourceLine | null } | null;
  /** The place in words: `after mwe.jl:14, then-branch of the condition at mwe.jl:12`. */
  readonly words: string;
  /** The same place in the IR: `after %4`, `#3→#5`, `at #7`. */
  readonly ir: string;
}

type Place = Omit<SuggestedEdit, "insert" | "ir">;

/** What one plan asks of the source. */
export interface Suggestion {
  readonly path: string;
  readonly method: string | null;
  readonly registrations: readonly {
    readonly statement: number;
    readonly line: SourceLine | null;
  }[];
  readonly verdict: "elide" | "finalize";
  readonly tier: "proven" | "assumed";
  /** The name that the edits use, and what stands behind it. */
  readonly object: { readonly name: string; readonly words: string };
  readonly edits: readonly SuggestedEdit[];
  /** What the plan rests on, and what it costs, as sentences. */
  readonly notes: readonly string[];
  /** Whether the text has no source lines where they are needed. */
  readonly linesUnknown: boolean;
}

/** The suggestions for all methods of a file, in text order. */
export function suggestionsOf(workspace: Workspace, path: string): Suggestion[] {
  const found: Suggestion[] = [];
  for (const unit of workspace.document(path)?.units ?? []) {
    const { registrations } = workspace.report(unit);
    const opened = registrations.length > 0 ? workspace.openUnit(unit) : null;
    if (opened === null) continue;
    const seen = new Set<Plan>();
    const context = new Context(opened.method);
    for (const { early } of registrations) {
      if (early === null || early.plan.verdict === "none" || seen.has(early.plan)) continue;
      seen.add(early.plan);
      const signature = unit.facts()?.signature ?? null;
      found.push(context.suggestion(path, signature, early, seen.size - 1));
    }
  }
  return found;
}

/** What all suggestions for one method share. */
class Context {
  private readonly method: Method;
  private readonly lines: SourceLines;
  private readonly dominators: DominatorTree;
  private readonly loops: LoopForest;

  constructor(method: Method) {
    this.method = method;
    this.lines = new SourceLines(method);
    this.dominators = dominatorTree(method.graph);
    this.loops = loopForest(method.graph);
  }

  suggestion(path: string, method: string | null, early: EarlyReport, index: number): Suggestion {
    const { plan } = early;
    const name = nameOf(index);
    const edits = plan.placements.map((one) => this.edit(one, name));
    const linesUnknown = edits.some(({ line }) => line === null);
    return {
      path,
      method,
      registrations: plan.registrations.map((position) => ({
        statement: idOf(this.method, position),
        line: this.lines.at(position),
      })),
      verdict: plan.verdict === "elide" ? "elide" : "finalize",
      tier: plan.tier,
      object: { name, words: this.objectWords(plan) },
      edits,
      notes: this.notes(early, edits, linesUnknown),
      linesUnknown,
    };
  }

  /** `the Counted made at mwe.jl:12 (%1)`; several where a φ merges them. */
  private objectWords({ sites }: Plan): string {
    const { method } = this;
    const words = sites.map((site) => {
      const statement = method.statements[site - 1];
      const type = statement?.type ?? null;
      const what =
        type === null ? "object" : `\`${method.text.slice(type.start, type.end).trim()}\``;
      const line = this.lines.at(site);
      const at = line === null ? "" : ` at ${lineWords(line)}`;
      return `the ${what} made${at} by %${idOf(method, site)}`;
    });
    return words.join(" or ");
  }

  private edit({ point }: Placement, name: string): SuggestedEdit {
    const place = this.placeOf(point);
    const { line, branch, loop } = place;
    return {
      insert: `finalize(${name})`,
      line,
      where: place.where,
      branch,
      loop,
      words: place.words,
      ir: this.irWords(point),
    };
  }

  private irWords(point: PlacementPoint): string {
    const { method } = this;
    if ("after" in point) return `after %${idOf(method, point.after)}`;
    if ("block" in point) return `at #${labelOf(method, point.block)}`;
    return `on #${labelOf(method, point.edge[0])}→#${labelOf(method, point.edge[1])}`;
  }

  private placeOf(point: PlacementPoint): Place {
    if ("after" in point) return this.behind(point.after);
    if ("block" in point) return this.inHandler(point.block);
    return this.onEdge(point.edge[0], point.edge[1]);
  }

  private behind(position: number): Place {
    const block = this.method.blockOf[position] ?? 0;
    const line = this.lines.at(position);
    const branch = this.branchOf(block);
    const words = `after ${this.placeWords(line, position)}${this.branchWords(branch)}`;
    return { where: "after", line, branch, loop: this.loopOf(block), words };
  }

  private inHandler(block: number): Place {
    const { method } = this;
    const enter = method.statements.findIndex(
      (one) => one.kind === "enter" && one.blocks[0]?.label === labelOf(method, block),
    );
    const line = this.lines.at(enter + 1) ?? this.lines.at(method.firstOf[block] ?? 0);
    const words = `at the start of the catch of the try at ${this.placeWords(line, enter + 1)}`;
    return { where: "catch", line, branch: null, loop: this.loopOf(block), words };
  }

  private onEdge(from: number, to: number): Place {
    const { method } = this;
    const last = lastOf(method, from);
    const kind = method.statements[last - 1]?.kind;
    const line = this.lines.at(last);
    const at = this.placeWords(line, last);
    const left = this.loopLeft(from, to);
    const loop = this.loopOf(left === null ? from : to);
    const branch = this.takenAt(from, to);
    if (left !== null) {
      const head = this.loopLine(left);
      const loopAt = this.placeWords(head, method.firstOf[left] ?? 0);
      const way = left === from && branch !== null ? "" : `, where it is left at ${at}`;
      return {
        where: "loop-exit",
        line,
        branch,
        loop,
        words: `behind the loop at ${loopAt}${way}`,
      };
    }
    if (branch !== null) {
      const words = `at the start of the ${branch.taken}-branch of the condition at ${at}`;
      return { where: "branch", line, branch, loop: this.loopOf(to), words };
    }
    if (kind === "enter") {
      return { where: "try", line, branch, loop, words: `at the start of the try at ${at}` };
    }
    const entered = this.loops.loops.find(({ header }) => header === to);
    if (entered !== undefined) {
      const isRound = entered.blocks.includes(from);
      const head = this.placeWords(this.loopLine(to), method.firstOf[to] ?? 0);
      const words = isRound
        ? `at the end of each round of the loop at ${head}`
        : `before the loop at ${head}`;
      return {
        where: isRound ? "loop-round" : "loop-entry",
        line,
        branch: this.branchOf(from),
        loop,
        words,
      };
    }
    const outer = this.branchOf(from);
    const words = `after ${at}${this.branchWords(outer)}`;
    return { where: "after", line, branch: outer, loop, words };
  }

  /** Header of the outermost loop that the edge leaves; null where it leaves none. */
  private loopLeft(from: number, to: number): number | null {
    let left: number | null = null;
    for (let id = this.loops.innermost[from] ?? 0; id > 0; ) {
      const loop = this.loops.loops[id - 1];
      if (loop === undefined) break;
      if (!loop.blocks.includes(to)) left = loop.header;
      id = loop.parent;
    }
    return left;
  }

  private loopOf(block: number): SuggestedEdit["loop"] {
    const id = this.loops.innermost[block] ?? 0;
    const header = this.loops.loops[id - 1]?.header;
    if (header === undefined) return null;
    return { header: labelOf(this.method, header), line: this.loopLine(header) };
  }

  private loopLine(header: number): SourceLine | null {
    return this.lines.at(lastOf(this.method, header));
  }

  /** Which way the condition at the end of `from` goes to `to`; null where there is none. */
  private takenAt(from: number, to: number): SuggestedEdit["branch"] {
    const { method } = this;
    const last = lastOf(method, from);
    if (method.statements[last - 1]?.kind !== "gotoifnot") return null;
    if (new Set(successorsOf(method.graph, from)).size < 2) return null;
    return { taken: to === from + 1 ? "then" : "else", condition: this.lines.at(last) };
  }

  /** The nearest condition that decides whether control comes to the block, loops left out. */
  private branchOf(block: number): SuggestedEdit["branch"] {
    const { method, dominators } = this;
    let below = block;
    let above = dominators.immediateDominator[block] ?? 0;
    while (above > 0) {
      const isArm =
        new Set(predecessorsOf(method.graph, below)).size === 1 &&
        this.loopLeft(above, below) === null &&
        !this.isHeader(above) &&
        dominates(dominators, below, block);
      const branch = isArm ? this.takenAt(above, below) : null;
      if (branch !== null) return branch;
      below = above;
      above = dominators.immediateDominator[above] ?? 0;
    }
    return null;
  }

  private isHeader(block: number): boolean {
    return this.loops.loops.some(({ header }) => header === block);
  }

  private branchWords(branch: SuggestedEdit["branch"]): string {
    if (branch === null) return "";
    const { taken, condition } = branch;
    return `, ${taken}-branch${condition === null ? "" : ` of the condition at ${lineWords(condition)}`}`;
  }

  private placeWords(line: SourceLine | null, position: number): string {
    return line === null ? `%${idOf(this.method, position)}` : lineWords(line);
  }

  private notes(
    { plan, notElided }: EarlyReport,
    edits: readonly SuggestedEdit[],
    linesUnknown: boolean,
  ): string[] {
    const notes: string[] = [];
    if (linesUnknown) {
      const defined = this.lines.definition();
      const where = defined === null ? "" : ` of the method at ${lineWords(defined)}`;
      notes.push(`the text has no source lines${where}: print it with \`debuginfo = :source\``);
    }
    if (plan.verdict === "elide") {
      notes.push(
        "nothing between registration and here throws or waits: the registration may be dropped and its function called here instead, which spares the cost of `finalize`",
      );
    } else {
      const reasons = [...new Set(notElided.map(({ message }) => message))];
      notes.push(
        `the registration stays${reasons.length === 0 ? "" : `: ${reasons.slice(0, 3).join("; ")}`}`,
      );
      if (reasons.length > 3) notes.push(`and ${reasons.length - 3} more reasons for it to stay`);
    }
    if (!plan.everyPath) notes.push("on other paths the object is left to the garbage collector");
    notes.push(...plan.assumptions.map(assumptionWords));
    const loop = edits.find((one) => one.loop !== null)?.loop ?? null;
    notes.push(
      loop === null
        ? "`finalize` takes a global lock and scans the list of all live finalizers"
        : `in the loop at ${loop.line === null ? `#${loop.header}` : lineWords(loop.line)}, so each time: \`finalize\` takes a global lock and scans the list of all live finalizers (0.6 µs with 1,000 of them, 61 µs with 100,000)`,
    );
    return notes;
  }
}

/** `a`, `b`, …, `z`, `a2`: what the edits call an object whose name the text does not tell. */
function nameOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26) + 1}`;
}

function assumptionWords({ kind, subject }: PlanAssumption): string {
  switch (kind) {
    case "body-throws":
      return `\`${subject}\` may throw: \`finalize\` prints that and goes on`;
    case "body-locks":
      return `assumed: nobody holds a lock here that \`${subject}\` takes`;
    case "bundled":
      return `assumed: the C functions that \`${subject}\` calls are those of libc and Julia's runtime`;
    case "declared":
      return `assumed: what is declared of \`${subject}\` is true`;
  }
}
