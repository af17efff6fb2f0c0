// Finds the statements that attach a finalizer to an object, and decides whether the inliner let the
// finalizer through (stages A and B of the ladder): from the extra arguments that it prints, and
// else from the effects of the finalizer's body.
// Source: spec finalizer-inlining.md §2 and §3, ir-text.md §5.6; design §2.

import type { FinalizerCode } from "../../diagnostics/codes.ts";
import type { Method } from "../../ir/method.ts";
import { operandValue } from "../../ir/method.ts";
import type { Operand, Statement } from "../../syntax/tree.ts";
import { type JuliaType, printType } from "../../syntax/type.ts";
import type { Value } from "../body.ts";
import type { Effects } from "../effects/effects.ts";
import { foreignName } from "../effects/foreigncall.ts";
import type { CalleeFacts, Environment } from "../environment.ts";
import type { Profile } from "../profile.ts";
import { widen } from "../type-table.ts";
import { ValueTypes } from "../value-types.ts";

/** How the inliner left the call: what it appended. */
export type ExtraArgument = "absent" | "constant" | "inline" | "invoke";

export interface Registration {
  /** Position of the registering statement. */
  readonly position: number;
  readonly via: "call" | "foreigncall" | "callee";
  /** The object as a value; 0 for a constant. */
  readonly object: Value;
  readonly objectOperand: Operand | null;
  readonly functionOperand: Operand | null;
  readonly extra: ExtraArgument;
  /** The finalizer's call as a signature, `(::var"#f#1")(::T)`; null where the function is unknown. */
  readonly bodySignature: string | null;
  readonly body: CalleeFacts | null;
  /** Of a callee's registration: whether the object always has it. */
  readonly always?: boolean;
  /** Why the finalizer is no candidate, the pass's first reason first; empty where it is one. */
  readonly gates: readonly FinalizerCode[];
}

/** All registrations of a method, in text order. */
export function findRegistrations(method: Method, environment: Environment): Registration[] {
  const types = new ValueTypes(method, environment);
  const found: Registration[] = [];
  method.statements.forEach((statement, index) => {
    const made = registrationAt(method, statement, index + 1, types, environment);
    if (made !== null) found.push(made);
    else found.push(...byCallee(method, statement, index + 1, environment));
  });
  return found;
}

/** A call whose callee returns a new object with registrations on it. */
function byCallee(
  method: Method,
  statement: Statement,
  position: number,
  environment: Environment,
): Registration[] {
  if (statement.kind !== "invoke" && statement.kind !== "call") return [];
  const result = environment.summary(method, statement)?.result;
  if (result?.fresh !== true) return [];
  return result.registrations.map(({ bodySignature, always }) => ({
    position,
    via: "callee",
    object: position,
    objectOperand: null,
    functionOperand: null,
    extra: "absent",
    bodySignature,
    body: bodySignature === null ? null : environment.finalizerBody(bodySignature),
    gates: [],
    always,
  }));
}

const foreignRegistrations = new Set(["jl_gc_add_ptr_finalizer", "jl_gc_add_finalizer_th"]);

function registrationAt(
  method: Method,
  statement: Statement,
  position: number,
  types: ValueTypes,
  environment: Environment,
): Registration | null {
  if (statement.kind === "foreigncall") {
    if (!foreignRegistrations.has(foreignName(statement.operands[0]))) return null;
    // Operands: name, type, svec, nreq, convention, ptls, object, function.
    const object = statement.operands[6] ?? null;
    return {
      position,
      via: "foreigncall",
      object: object === null ? 0 : operandValue(method, object),
      objectOperand: object,
      functionOperand: statement.operands[7] ?? null,
      extra: "absent",
      bodySignature: null,
      body: null,
      gates: ["finalizer/not-core-call"],
    };
  }
  const { callee } = statement;
  const isCall = statement.kind === "call" || statement.kind === "invoke";
  if (!isCall || callee === null || callee.text !== "finalizer") return null;
  const isCore =
    statement.kind === "call" &&
    callee.kind === "global" &&
    (callee.module === "Core" || statement.label === "builtin");
  if (!isCore && callee.kind !== "global" && callee.kind !== "name") return null;
  if (callee.kind === "name" && operandValue(method, callee) !== 0) return null;
  const [functionOperand = null, object = null] = statement.operands;
  const extra = extraArgument(statement);
  const bodySignature =
    functionOperand === null || object === null
      ? null
      : signatureOfBody(
          statement,
          functionOperand,
          types.operand(object),
          types.operand(functionOperand),
        );
  const body = bodySignature === null ? null : environment.finalizerBody(bodySignature);
  return {
    position,
    via: "call",
    object: object === null ? 0 : operandValue(method, object),
    objectOperand: object,
    functionOperand,
    extra,
    bodySignature,
    body,
    gates: isCore
      ? gatesOf(statement, extra, body, environment.profile)
      : ["finalizer/not-core-call"],
  };
}

function extraArgument(statement: Statement): ExtraArgument {
  const [, , third, fourth] = statement.operands;
  if (third === undefined) return "absent";
  if (third.text === "nothing") return "constant";
  if (fourth?.kind !== "code") return "absent";
  return third.text === "true" ? "inline" : "invoke";
}

/** Extra arguments prove that the finalizer neither throws nor touches task state. */
function gatesOf(
  statement: Statement,
  extra: ExtraArgument,
  body: CalleeFacts | null,
  profile: Profile,
): readonly FinalizerCode[] {
  const count = statement.operands.length;
  if (count < 2 || count > 4) return ["finalizer/arity"];
  const effects = body?.effects ?? null;
  // A body that was folded to a constant has run to its end.
  if (extra === "constant") return [];
  if (extra !== "absent") return profile.bodyMustEnd ? endGates(effects) : [];
  if (effects === null) return ["finalizer/body-unknown"];
  const gates: FinalizerCode[] = [];
  if (effects.nothrow !== "+") gates.push("finalizer/body-may-throw");
  if (effects.notaskstate !== "+") gates.push("finalizer/body-task-state");
  if (profile.bodyMustEnd) gates.push(...endGates(effects));
  if (gates.length > 0) return gates;
  // Eligible by its effects, and still without arguments: the inliner found no single target. But where
  // the effects are promised, the text is from before the promise and proves nothing.
  return body?.assumed === undefined ? ["finalizer/body-not-single-case"] : [];
}

/** Proposed: the body must end, and have no undefined behaviour; its arguments prove neither. */
function endGates(effects: Effects | null): FinalizerCode[] {
  if (effects === null) return ["finalizer/body-unknown"];
  const gates: FinalizerCode[] = [];
  if (effects.terminates !== "+") gates.push("finalizer/body-may-not-end");
  if (effects.noub !== "+") gates.push("finalizer/body-undefined-behavior");
  return gates;
}

/** `(::F)(::T)` for the call that the finalizer makes. */
function signatureOfBody(
  statement: Statement,
  functionOperand: Operand,
  objectType: JuliaType,
  functionType: JuliaType,
): string | null {
  const code = statement.operands[3];
  if (code?.kind === "code")
    return code.text.replace(/^(?:CodeInstance for )?MethodInstance for /, "");
  const object = objectType.kind === "unknown" ? null : printType(widen(objectType));
  if (object === null) return null;
  const instance = instanceType(functionOperand);
  if (instance !== null) return `(::${instance})(::${object})`;
  if (functionOperand.kind === "global") return `${functionOperand.text}(::${object})`;
  const type = functionType.kind === "const" ? null : widen(functionType);
  if (functionType.kind === "const") {
    const closure = /^(.*)\(\)$/.exec(functionType.text);
    return closure?.[1] !== undefined
      ? `(::${closure[1]})(::${object})`
      : `${functionType.text}(::${object})`;
  }
  if (type?.kind === "data") {
    const of = type.parameters[0];
    if (type.name === "typeof" && of?.kind === "value") return `${of.text}(::${object})`;
    return `(::${printType(type)})(::${object})`;
  }
  if (functionOperand.kind === "name") return `${functionOperand.text}(::${object})`;
  return null;
}

/** The type of a closure printed as an instance: `var"#5#6"()`. */
function instanceType(operand: Operand): string | null {
  if (operand.kind !== "call") return null;
  return operand.text.replace(/^Main\./, "");
}
