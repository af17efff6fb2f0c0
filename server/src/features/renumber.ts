// The command *renumber method*: SSA values and blocks of one method become consecutive, as Julia itself
// would print them, and every use follows. Done twice it changes nothing. Refused where a number does
// not say which statement it means.

import type { Method } from "../ir/method.ts";
import { findOccurrences } from "../ir/occurrence.ts";
import type { Position } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { cursorAt } from "./cursor.ts";
import { type Edits, withSigil } from "./rename.ts";
import {
  columnsOf,
  type Refusal,
  replaceDefinition,
  replaceHead,
  replaceToken,
  type TextEdit,
} from "./text-edit.ts";

/** The edits that renumber the method at the position; empty where its numbers are in order. */
export function renumberMethod(
  workspace: Workspace,
  path: string,
  position: Position,
): Edits | Refusal {
  const cursor = cursorAt(workspace, path, position);
  if (cursor === null) return { refused: "there is no method here" };
  const { method, placed } = cursor;
  const numbers = newNumbers(method);
  const refused = whyNot(method, numbers);
  if (refused !== null) return { refused };
  const columns = columnsOf(method);
  const edits: TextEdit[] = [];
  for (const one of findOccurrences(method)) {
    const { kind, number } = one.entity;
    if (kind === "slot") continue;
    const to = (kind === "value" ? numbers.values : numbers.blocks).get(number);
    if (to === undefined || to === number) continue;
    const text = withSigil(method, one, to);
    if (one.role !== "definition") edits.push(replaceToken(placed, one, text));
    else if (kind === "value") edits.push(replaceDefinition(placed, method, columns, one, text));
    else edits.push(replaceHead(placed, method, columns, one, text));
  }
  return { edits };
}

interface Numbers {
  /** Printed number → position. */
  readonly values: ReadonlyMap<number, number>;
  readonly blocks: ReadonlyMap<number, number>;
}

function newNumbers({ statements, syntax }: Method): Numbers {
  const values = new Map<number, number>();
  statements.forEach(({ id }, index) => {
    if (!values.has(id)) values.set(id, index + 1);
  });
  const blocks = new Map<number, number>();
  syntax.blocks.forEach(({ label }, index) => {
    if (!blocks.has(label)) blocks.set(label, index + 1);
  });
  return { values, blocks };
}

/** Why the method cannot be renumbered; null where it can. */
function whyNot(method: Method, { values, blocks }: Numbers): string | null {
  const { statements, syntax } = method;
  const lost = statements.find(({ kind }) => kind === "opaque");
  if (lost !== undefined) {
    const line = method.text.slice(lost.start, lost.end).trim().slice(0, 40);
    return `a statement could not be read, and what it uses is not known: \`${line}\``;
  }
  const first = syntax.blocks[0]?.label ?? 1;
  if (first !== 1) return `the method's beginning is missing: its first block is \`#${first}\``;
  const seen = new Set<number>();
  for (const { id } of statements) {
    if (seen.has(id)) return `two statements have the number \`%${id}\``;
    seen.add(id);
  }
  if (blocks.size < syntax.blocks.length) {
    const labels = syntax.blocks.map(({ label }) => label);
    const twice = labels.find((label, index) => labels.indexOf(label) < index) ?? 0;
    return `two blocks have the number \`#${twice}\``;
  }
  // A use of nothing stays a use of nothing; it must not become one of something.
  for (const { entity } of findOccurrences(method)) {
    const { kind, number } = entity;
    if (kind === "value" && !values.has(number) && number <= statements.length) {
      return `\`%${number}\` is used, but no statement has that number`;
    }
    if (kind === "block" && !blocks.has(number) && number <= syntax.blocks.length) {
      return `\`#${number}\` is named, but there is no such block`;
    }
  }
  return null;
}
