// What a printed foreigncall says of itself: the C function's name and the effects that its calling
// convention carries.
// Source: spec effects.md §6.2, ir-text.md §4.1.

import type { Operand } from "../../syntax/tree.ts";

/** The mask in `(:ccall, 0x0024, false)`, spec effects.md §6.2; 0 where there is none. */
export function effectMask(convention: Operand | undefined): number {
  const mask = /\(:\w+, 0x([0-9a-f]+)/.exec(convention?.text ?? "");
  return mask === null ? 0 : Number.parseInt(mask[1] ?? "0", 16);
}

/** The C function's name in a foreigncall's first operand; empty for a computed pointer. */
export function foreignName(operand: Operand | undefined): string {
  if (operand === undefined) return "";
  if (operand.kind === "symbol") return operand.text;
  return /:(\w+)|"(\w+)"/.exec(operand.text)?.slice(1).find(Boolean) ?? "";
}
