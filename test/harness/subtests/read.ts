// `read`: what the reader makes of the text, statement by statement. All keys are open, but for the
// list of methods where there are several; problems are claimed by carets (see verify.ts).

import type { Method } from "../../../server/src/ir/method.ts";
import type { Operand, Statement } from "../../../server/src/syntax/tree.ts";
import type { Span } from "../../../server/src/text/span.ts";
import { type Answer, type Command, keys, labels, words } from "../session.ts";

export const read: Command = {
  name: "read",
  keys: {
    ...keys("workspace", "always", "methods"),
    ...keys("method", "never", "statements, blocks, unreadable, stage, frame, returns"),
    ...keys("method", "never", "signature, arguments, slots, effects, layouts"),
    ...keys("statement", "never", "kind, label, callee, operands, type, slot, targets, annotation"),
  },
  whole(session) {
    const names = session.methods().map((one) => one.name);
    return [["methods", "", words(names), names.length === 1]];
  },
  answers({ method, unit }) {
    const { header, frame, returnType, unreadable } = method.syntax;
    const list = (items: readonly string[]): string => items.join(", ") || "none";
    return [
      ["statements", "", `${method.nStatements}`],
      ["blocks", "", `${method.nBlocks}`],
      ["unreadable", "", `${unreadable}`],
      ["stage", "", unit.facts()?.stage ?? "none"],
      ["frame", "", frame],
      ["returns", "", spanText(method, returnType)],
      ["signature", "", header.signature ?? "none"],
      ["arguments", "", list(header.argumentTypes)],
      ["slots", "", list(header.slots.map((slot) => slot.name))],
      ["effects", "", header.effects ?? "none"],
      ["layouts", "", list(header.types.map((type) => type.name))],
      ...method.statements.flatMap((statement) => describe(method, statement)),
    ];
  },
};

function describe(method: Method, statement: Statement): Answer[] {
  const { kind, name, label, callee, operands, type, slot, blocks, facts } = statement;
  const at = `%${statement.id}`;
  return [
    ["kind", at, name === "" || kind === name ? kind : `${kind} ${name}`],
    ["label", at, label || "none"],
    ["callee", at, callee === null ? "none" : operandText(callee)],
    ["operands", at, operands.map(operandText).join(", ") || "none"],
    ["type", at, spanText(method, type)],
    ["slot", at, slot === null ? "none" : operandText(slot)],
    [
      "targets",
      at,
      labels(
        method,
        blocks.map((block) => block.label),
      ),
    ],
    [
      "annotation",
      at,
      [...(facts ?? [])].map(([letter, sigil]) => sigil + letter).join(",") || "none",
    ],
  ];
}

/** `%7`, `_2`, and for the rest the kind with what was read: `global Base.f`, `svec[name Any]`. */
function operandText({ kind, number, text, module, children }: Operand): string {
  if (kind === "ssa") return `%${number}`;
  if (kind === "argument") return `_${number}`;
  if (kind === "global") return `global ${module}.${text}`;
  const inside = children.length > 0 ? `[${children.map(operandText).join(", ")}]` : "";
  return `${kind} ${text}`.trim() + inside;
}

function spanText(method: Method, span: Span | null): string {
  return span === null ? "none" : method.text.slice(span.start, span.end).trim();
}
