// Checks that a method's IR is well formed, as Julia's own verifier does: every used value is
// defined, jumps and edges name blocks, φ edges come from predecessors, φ nodes stand first, nothing
// follows a terminator, and definitions dominate uses. A method with findings of severity error
// gets no placement. Slots of lowered code are no SSA values and are not checked.
// Source: Compiler/src/ssair/verify.jl, spec ir-text.md §2.

import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Operand, Statement } from "../syntax/tree.ts";
import type { Span } from "../text/span.ts";
import { type DominatorTree, dominates } from "./dominator-tree.ts";
import { isEdge } from "./graph.ts";
import { blockWithLabel, eachOperand, labelOf, lastOf, type Method, positionOf } from "./method.ts";

/**
 * All findings about the method's form, in text order.
 *
 * @param dominators the dominator tree of `method.graph`
 */
export function verify(method: Method, dominators: DominatorTree): Finding[] {
  const findings: Finding[] = [];
  const report = (code: DiagnosticCode, span: Span, message: string): void => {
    findings.push({ code, span, message, related: [] });
  };
  checkBlockOrder(method, report);
  let seenOther = false;
  let block = 0;
  method.statements.forEach((statement, index) => {
    const position = index + 1;
    const own = method.blockOf[position] ?? 0;
    if (own !== block) seenOther = false;
    block = own;
    checkTargets(method, statement, report);
    checkOperands(method, statement, position, dominators, report);
    if (statement.kind === "phi") {
      checkEdges(method, statement, own, report);
      if (seenOther) {
        report(
          "verify/phi-position",
          statement,
          `φ \`%${statement.id}\` does not stand at the start of its block`,
        );
      }
    } else if (!isPassive(statement)) seenOther = true;
    if (endsBlock(statement) && position !== lastOf(method, own)) {
      report(
        "verify/terminator",
        statement,
        `block #${labelOf(method, own)} goes on behind its terminator`,
      );
    }
  });
  return findings;
}

type Report = (code: DiagnosticCode, span: Span, message: string) => void;

/** Placeholders may stand between φ nodes. */
function isPassive(statement: Statement): boolean {
  return statement.kind === "value" && statement.operands[0]?.text === "nothing";
}

function endsBlock({ kind }: Statement): boolean {
  return (
    kind === "goto" ||
    kind === "gotoifnot" ||
    kind === "return" ||
    kind === "unreachable" ||
    kind === "enter"
  );
}

function checkBlockOrder(method: Method, report: Report): void {
  method.syntax.blocks.forEach((head, index) => {
    if (head.label === index + 1) return;
    const previous = method.syntax.blocks[index - 1]?.label ?? 0;
    if (head.label === previous + 1) return;
    report(
      "verify/block-order",
      head,
      `block #${head.label} stands where #${previous + 1} is expected`,
    );
  });
}

function checkTargets(method: Method, statement: Statement, report: Report): void {
  for (const target of statement.blocks) {
    // `enter #0` has no handler.
    if (statement.kind === "enter" && target.label === 0) continue;
    if (blockWithLabel(method, target.label) === 0) {
      report("verify/missing-block", target, `there is no block #${target.label}`);
    }
  }
}

function checkEdges(method: Method, statement: Statement, block: number, report: Report): void {
  for (const edge of statement.blocks) {
    const from = blockWithLabel(method, edge.label);
    if (from === 0) continue;
    if (!isEdge(method.graph, from, block)) {
      report(
        "verify/phi-edge",
        edge,
        `#${edge.label} is no predecessor of block #${labelOf(method, block)}`,
      );
    }
  }
}

function checkOperands(
  method: Method,
  statement: Statement,
  position: number,
  dominators: DominatorTree,
  report: Report,
): void {
  if (statement.kind === "phi") {
    statement.operands.forEach((operand, index) => {
      const from = blockWithLabel(method, statement.blocks[index]?.label ?? 0);
      checkDefined(method, operand, report);
      const value = operand.kind === "ssa" ? positionOf(method, operand.number) : 0;
      if (value === 0 || from === 0) return;
      const definedIn = method.blockOf[value] ?? 0;
      if (!reaches(dominators, definedIn, from)) reportDominance(operand, report);
    });
    return;
  }
  // φᶜ reads whichever ϒ ran last; those need not dominate it.
  const anyOrder = statement.kind === "phic";
  const own = method.blockOf[position] ?? 0;
  eachOperand(statement, (operand) => {
    checkDefined(method, operand, report);
    if (operand.kind !== "ssa" || anyOrder) return;
    const value = positionOf(method, operand.number);
    if (value === 0) return;
    const definedIn = method.blockOf[value] ?? 0;
    const before = definedIn === own ? value < position : reaches(dominators, definedIn, own);
    if (!before) reportDominance(operand, report);
  });
}

/** Dominance, which holds for every use in a block that the entry never reaches. */
function reaches(dominators: DominatorTree, definedIn: number, use: number): boolean {
  const isReachable = use === 1 || (dominators.immediateDominator[use] ?? 0) !== 0;
  return !isReachable || dominates(dominators, definedIn, use);
}

function checkDefined(method: Method, operand: Operand, report: Report): void {
  if (operand.kind !== "ssa" || positionOf(method, operand.number) > 0) return;
  report("verify/undefined-value", operand, `\`%${operand.number}\` is not defined in this method`);
}

function reportDominance(operand: Operand, report: Report): void {
  report(
    "verify/dominance",
    operand,
    `the definition of \`%${operand.number}\` does not dominate this use`,
  );
}
