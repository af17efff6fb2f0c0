// The IR of one method: statements, blocks and the control-flow graph, made from what the reader
// read. Statements and blocks are addressed by 1-based *positions*; in a whole method they equal
// the printed numbers. Where labels and positions disagree, `positionOf` and `idOf` translate.
// Damage in the text never throws: a jump to nowhere has no edge, and the verifier says so.
// Source: Julia's Compiler/src/ssair/ir.jl (`compute_basic_blocks`), spec ir-text.md §2.1 and §14.

import type { Header, MethodSyntax, Operand, Statement } from "../syntax/tree.ts";
import { type Graph, graphFromEdges } from "./graph.ts";

/** What an operand refers to: an SSA position, an argument, or neither. */
export interface Method {
  /** The unit's text, which all offsets refer to. */
  readonly text: string;
  readonly syntax: MethodSyntax;
  readonly header: Header;
  readonly statements: readonly Statement[];
  readonly nStatements: number;
  readonly nBlocks: number;
  /** Number of arguments, the function itself included. */
  readonly nArguments: number;
  /** Statement position → block. */
  readonly blockOf: Int32Array;
  /** Block → position of its first statement; place nBlocks + 1 is nStatements + 1. */
  readonly firstOf: Int32Array;
  readonly graph: Graph;
  /** Blocks at which an exception handler starts. */
  readonly handlers: ReadonlySet<number>;
  /** Printed SSA number → position; null where the two are equal throughout. */
  readonly positions: ReadonlyMap<number, number> | null;
  /** Printed block label → block; null where they are equal throughout. */
  readonly labels: ReadonlyMap<number, number> | null;
  /** Argument or slot name → slot number. */
  readonly slotNumbers: ReadonlyMap<string, number>;
}

/** Makes the IR of a method from its tree and the unit's text that the tree was read from. */
export function lower(syntax: MethodSyntax, text: string): Method {
  const { statements, blocks } = syntax;
  const nStatements = statements.length;
  const nBlocks = blocks.length;
  const blockOf = new Int32Array(nStatements + 1);
  const firstOf = new Int32Array(nBlocks + 2);
  blocks.forEach((head, index) => {
    firstOf[index + 1] = head.first + 1;
  });
  firstOf[nBlocks + 1] = nStatements + 1;
  for (let block = 1; block <= nBlocks; block++) {
    const end = firstOf[block + 1] ?? 0;
    for (let position = firstOf[block] ?? 0; position < end; position++) blockOf[position] = block;
  }
  const labels = labelMap(syntax);
  const { graph, handlers } = edges(syntax, firstOf, labels);
  const slotNumbers = slotNumberMap(syntax);
  return {
    text,
    syntax,
    header: syntax.header,
    statements,
    nStatements,
    nBlocks,
    nArguments: countArguments(syntax),
    blockOf,
    firstOf,
    graph,
    handlers,
    positions: positionMap(statements),
    labels,
    slotNumbers,
  };
}

function positionMap(statements: readonly Statement[]): Map<number, number> | null {
  if (statements.every((statement, index) => statement.id === index + 1)) return null;
  const positions = new Map<number, number>();
  statements.forEach((statement, index) => {
    if (!positions.has(statement.id)) positions.set(statement.id, index + 1);
  });
  return positions;
}

function labelMap({ blocks }: MethodSyntax): Map<number, number> | null {
  if (blocks.every((head, index) => head.label === index + 1)) return null;
  const labels = new Map<number, number>();
  blocks.forEach((head, index) => {
    if (!labels.has(head.label)) labels.set(head.label, index + 1);
  });
  return labels;
}

function edges(
  syntax: MethodSyntax,
  firstOf: Int32Array,
  labels: ReadonlyMap<number, number> | null,
): { graph: Graph; handlers: Set<number> } {
  const nBlocks = syntax.blocks.length;
  const from: number[] = [];
  const to: number[] = [];
  const handlers = new Set<number>();
  const add = (source: number, target: number): void => {
    if (target < 1 || target > nBlocks) return;
    from.push(source);
    to.push(target);
  };
  for (let block = 1; block <= nBlocks; block++) {
    const last = syntax.statements[(firstOf[block + 1] ?? 0) - 2];
    const label = last?.blocks[0]?.label ?? 0;
    const target = labels === null ? label : (labels.get(label) ?? 0);
    switch (last?.kind) {
      case "goto":
        add(block, target);
        break;
      case "gotoifnot":
        add(block, block + 1);
        add(block, target);
        break;
      case "enter":
        add(block, block + 1);
        add(block, target);
        if (target > 0) handlers.add(target);
        break;
      case "return":
      case "unreachable":
        break;
      default:
        add(block, block + 1);
    }
  }
  return { graph: graphFromEdges(nBlocks, from, to), handlers };
}

function slotNumberMap({ header }: MethodSyntax): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const slot of header.slots) if (!numbers.has(slot.name)) numbers.set(slot.name, slot.number);
  return numbers;
}

function countArguments(syntax: MethodSyntax): number {
  const { header, statements } = syntax;
  if (header.signature !== null) return header.argumentTypes.length + 1;
  let count = header.from === null ? 1 : header.slots.length;
  for (const statement of statements) {
    for (const operand of statement.operands)
      count = Math.max(count, operand.kind === "argument" ? operand.number : 0);
  }
  return count;
}

/** The position of printed `%ssa`; 0 where no statement has that number. */
export function positionOf(method: Method, ssa: number): number {
  if (method.positions !== null) return method.positions.get(ssa) ?? 0;
  return ssa >= 1 && ssa <= method.nStatements ? ssa : 0;
}

/** The printed number of the statement at `position`. */
export function idOf(method: Method, position: number): number {
  return method.statements[position - 1]?.id ?? position;
}

/** The printed label of `block`. */
export function labelOf(method: Method, block: number): number {
  return method.syntax.blocks[block - 1]?.label ?? block;
}

/** The block with printed `label`; 0 where there is none. */
export function blockWithLabel(method: Method, label: number): number {
  if (method.labels !== null) return method.labels.get(label) ?? 0;
  return label >= 1 && label <= method.nBlocks ? label : 0;
}

/** The position of a block's last statement. */
export function lastOf(method: Method, block: number): number {
  return (method.firstOf[block + 1] ?? 0) - 1;
}

/**
 * What an operand refers to, as one number: an SSA position n ≥ 1, an argument k as −k, and 0 for
 * everything that carries no value of the method's own (constants, globals, unknown numbers).
 * A bare name that no header declares is taken for an argument when it cannot be a constant.
 */
export function operandValue(method: Method, operand: Operand): number {
  switch (operand.kind) {
    case "ssa":
      return positionOf(method, operand.number);
    case "argument":
      return operand.number >= 1 && operand.number <= method.nArguments ? -operand.number : 0;
    case "name": {
      const slot = method.slotNumbers.get(operand.text) ?? 0;
      return slot >= 1 && slot <= method.nArguments ? -slot : 0;
    }
    default:
      return 0;
  }
}

/** The statement at `position` (1-based). */
export function statementAt(method: Method, position: number): Statement | undefined {
  return method.statements[position - 1];
}

/**
 * Calls `visit` with every operand of a statement that can hold a value, nested ones included
 * (arguments of a nested call, members of an expression operand), the callee first.
 */
export function eachOperand(statement: Statement, visit: (operand: Operand) => void): void {
  const walk = (operand: Operand): void => {
    visit(operand);
    if (operand.kind !== "svec") for (const child of operand.children) walk(child);
  };
  if (statement.callee !== null) walk(statement.callee);
  for (const operand of statement.operands) walk(operand);
}

/** Uses of every SSA value: `usesOf(position)` gives the positions of using statements, ascending. */
export interface Uses {
  readonly start: Int32Array;
  readonly users: Int32Array;
}

/** Def-use lists of a method; an operand that occurs twice in a statement counts twice. */
export function usesOfMethod(method: Method): Uses {
  const { nStatements } = method;
  const start = new Int32Array(nStatements + 2);
  const pairs: number[] = [];
  method.statements.forEach((statement, index) => {
    eachOperand(statement, (operand) => {
      const value = operandValue(method, operand);
      if (value <= 0) return;
      pairs.push(value, index + 1);
      start[value + 1] = (start[value + 1] ?? 0) + 1;
    });
  });
  for (let i = 1; i < start.length; i++) start[i] = (start[i] ?? 0) + (start[i - 1] ?? 0);
  const users = new Int32Array(pairs.length / 2);
  const next = start.slice();
  for (let i = 0; i < pairs.length; i += 2) {
    const value = pairs[i] ?? 0;
    const place = next[value] ?? 0;
    users[place] = pairs[i + 1] ?? 0;
    next[value] = place + 1;
  }
  return { start, users };
}

/** The statements that use the value at `position`, ascending. */
export function usersOf(uses: Uses, position: number): Int32Array {
  return uses.users.subarray(uses.start[position] ?? 0, uses.start[position + 1] ?? 0);
}
