// Where a value comes from: through copies, conversions and moves of pointers and loads from fields, back to
// an argument, a global or the statement that makes it. Two values of one origin are the same, or lead into
// the same memory, as long as nobody writes to the fields on the way.

import type { Operand } from "../../syntax/tree.ts";
import { globalValue, type Value } from "../body.ts";
import type { OpenedMethod } from "../environment.ts";

export interface Origin {
  /** The value from which it was loaded, or that it is; `globalValue` for a global. */
  readonly root: Value;
  /** Name of the global; empty for other roots. */
  readonly global: string;
  /** Names of the fields, from the root's inwards. */
  readonly path: readonly string[];
  /** 1-based number of the first field; 0 where it is not one known field, or there is none. */
  readonly field: number;
}

/** How far a value is followed back. */
const stepLimit = 64;

/**
 * The origin of a value; null for constants, and for what several statements may have made.
 *
 * @param operand the operand that names the value, which a global's name is taken from
 */
export function originOf(
  { method, body }: OpenedMethod,
  value: Value,
  operand: Operand | undefined,
): Origin | null {
  const path: string[] = [];
  let at = value;
  let printed = operand;
  let field = 0;
  for (let steps = 0; steps < stepLimit; steps++) {
    if (at === globalValue) {
      const global = printed?.kind === "global" || printed?.kind === "name" ? printed : null;
      if (global === null || global.text === "C_NULL") return null;
      return { root: at, global: `${global.module}.${global.text}`, path, field };
    }
    if (at === 0) return null;
    const made = body.statements[at - 1];
    const statement = method.statements[at - 1];
    if (at < 0 || made === undefined || statement === undefined) {
      return { root: at, global: "", path, field };
    }
    let index = 0;
    if (made.kind === "builtin" && made.name === "getfield") {
      const name = statement.operands[1];
      if (name?.kind !== "symbol" && name?.kind !== "number") return null;
      path.unshift(name.text);
      field = made.field;
    } else if (made.kind === "intrinsic" && made.name === "bitcast") index = 1;
    else if (made.kind === "intrinsic" && /^(?:add|sub)_ptr$/.test(made.name)) index = 0;
    else if (made.kind === "global" || (made.kind === "alias" && isPassed.has(made.name))) {
      printed = statement.operands[0];
      at = made.kind === "global" ? globalValue : (made.args[0] ?? 0);
      continue;
    } else if (made.kind === "alias") return null;
    else return { root: at, global: "", path, field };
    printed = statement.operands[index];
    at = made.args[index + 1] ?? 0;
  }
  return null;
}

const isPassed: ReadonlySet<string> = new Set(["pi", "copy"]);
