// `read`: what the reader makes of the text, statement by statement. All keys are open, but for the
// list of methods; problems are claimed by carets, in every fixture (see verify.ts).

import type { Method } from "../../../server/src/ir/method.ts";
import type { Operand, Statement } from "../../../server/src/syntax/tree.ts";
import type { Span } from "../../../server/src/text/span.ts";
import { type Answer, type Command, type KeyRule, labels, type Session, words } from "../session.ts";

const ofStatement: KeyRule = { about: "statement", closed: "never" };
const ofMethod: KeyRule = { about: "method", closed: "never" };

export const read: Command = {
  name: "read",
  keys: {
    kind: ofStatement,
    label: ofStatement,
    callee: ofStatement,
    operands: ofStatement,
    type: ofStatement,
    slot: ofStatement,
    targets: ofStatement,
    annotation: ofStatement,
    statements: ofMethod,
    blocks: ofMethod,
    unreadable: ofMethod,
    stage: ofMethod,
    frame: ofMethod,
    returns: ofMethod,
    signature: ofMethod,
    arguments: ofMethod,
    slots: ofMethod,
    effects: ofMethod,
    layouts: ofMethod,
    methods: { about: "workspace", closed: "always" },
  },
  answers(session) {
    const names = session.methods().map((one) => one.name);
    const methods: Answer = {
      of: null,
      key: "methods",
      subject: "",
      text: words(names),
      isPlain: names.length === 1,
    };
    return [methods, ...methodAnswers(session)];
  },
};

function methodAnswers(session: Session): Answer[] {
  return session.methods().flatMap((of) => {
    const { method, unit } = of;
    const { header, frame, returnType, unreadable } = method.syntax;
    const say = (key: string, text: string, subject = ""): Answer => ({ of, key, subject, text });
    const whole = [
      say("statements", String(method.nStatements)),
      say("blocks", String(method.nBlocks)),
      say("unreadable", String(unreadable)),
      say("stage", unit.facts()?.stage ?? "none"),
      say("frame", frame),
      say("returns", spanText(method, returnType)),
      say("signature", header.signature ?? "none"),
      say("arguments", header.argumentTypes.join(", ") || "none"),
      say("slots", header.slots.map((slot) => slot.name).join(", ") || "none"),
      say("effects", header.effects ?? "none"),
      say("layouts", words(header.types.map((type) => type.name))),
    ];
    const each = method.statements.flatMap((statement) =>
      Object.entries(describe(method, statement)).map(([key, text]) =>
        say(key, text, `%${statement.id}`),
      ),
    );
    return [...whole, ...each];
  });
}

function describe(method: Method, statement: Statement): Record<string, string> {
  const { kind, name, label, callee, operands, type, slot, blocks, facts } = statement;
  return {
    kind: name === "" || kind === name ? kind : `${kind} ${name}`,
    label: label || "none",
    callee: callee === null ? "none" : operandText(callee),
    operands: operands.map(operandText).join(", ") || "none",
    type: spanText(method, type),
    slot: slot === null ? "none" : operandText(slot),
    targets: labels(method, blocks.map((block) => block.label)),
    annotation: [...(facts ?? [])].map(([letter, sigil]) => sigil + letter).join(",") || "none",
  };
}

/** `%7`, `_2`, and for the rest the kind with what was read: `global Base.f`, `svec[Any, Int64]`. */
function operandText({ kind, number, text, module, children }: Operand): string {
  const inside = children.length > 0 ? `[${children.map(operandText).join(", ")}]` : "";
  switch (kind) {
    case "ssa":
      return `%${number}`;
    case "argument":
      return `_${number}`;
    case "global":
      return `global ${module}.${text}`;
    default:
      return `${kind} ${text}`.trim() + inside;
  }
}

function spanText(method: Method, span: Span | null): string {
  return span === null ? "none" : method.text.slice(span.start, span.end).trim();
}
