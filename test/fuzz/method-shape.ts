// What two methods must have in common to be equal: everything that their text says but where it
// stands. Plain data, to be compared by `deepStrictEqual`.

import type { Method } from "../../server/src/ir/method.ts";
import type { Operand } from "../../server/src/syntax/tree.ts";
import type { Span } from "../../server/src/text/span.ts";

/** The method without offsets, lines, comments and source rails. */
export function methodShape(method: Method): unknown {
  const { blocks, statements } = method.syntax;
  return {
    content: methodContent(method),
    merges: blocks.map(({ merge }) => merge),
    definitions: statements.map(({ definition }) => definition !== null),
  };
}

/** Where a terminal broke a line is no part of what it says. */
function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]+/g, "");
}

/**
 * The same without what follows from the rest, and may be wrong in a text that no Julia printed: which
 * blocks have the mark `┄`, and which values have a number before `=`.
 */
export function methodContent(method: Method): unknown {
  const { syntax, header, text } = method;
  const textOf = (span: Span | null): string | null =>
    span === null ? null : withoutBreaks(text.slice(span.start, span.end).trimEnd());
  const operandShape = (operand: Operand): unknown => ({
    kind: operand.kind,
    number: operand.number,
    text: operand.text,
    module: operand.module,
    printed: textOf(operand),
    annotation: textOf(operand.annotation),
    children: operand.children.map(operandShape),
  });
  return {
    frame: syntax.frame,
    returnType: textOf(syntax.returnType),
    unreadable: syntax.unreadable,
    problems: syntax.problems.map(({ code }) => code),
    header: {
      ...header,
      span: null,
      types: header.types.map((type) => ({ ...type, start: 0, end: 0 })),
      slots: header.slots.map((slot) => ({ ...slot, start: 0, end: 0 })),
    },
    blocks: syntax.blocks.map(({ label, first }) => ({ label, first })),
    statements: syntax.statements.map((statement) => ({
      id: statement.id,
      kind: statement.kind,
      label: statement.label,
      name: statement.name,
      printed: textOf(statement),
      callee: statement.callee === null ? null : operandShape(statement.callee),
      operands: statement.operands.map(operandShape),
      blocks: statement.blocks.map(({ label }) => label),
      slot: statement.slot === null ? null : operandShape(statement.slot),
      type: textOf(statement.type),
      facts: statement.facts === null ? null : [...statement.facts],
    })),
  };
}
