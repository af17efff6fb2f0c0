// Rename: an SSA value or a block to another number, an argument or a slot to another name, with all
// uses in the method and the lines of its header. A number or name that is taken is refused, and the
// answer says who has it. A statement without a printed number counts on from the one before it, so
// uses of such numbers follow when that one changes.

import { blockWithLabel, eachOperand, type Method } from "../ir/method.ts";
import { findOccurrences, isSameEntity, type Occurrence, occurrenceAt } from "../ir/occurrence.ts";
import { isDigit, isIdentifierPart } from "../syntax/scan.ts";
import type { Statement } from "../syntax/tree.ts";
import type { Position, Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Cursor, cursorAt, rangeOfSpan } from "./cursor.ts";
import {
  columnsOf,
  type Refusal,
  replaceDefinition,
  replaceHead,
  replaceToken,
  type TextEdit,
} from "./text-edit.ts";

export interface Renamable {
  readonly range: Range;
  /** The token as it stands: `%4`, `#3`, `x`. */
  readonly placeholder: string;
}

export interface Edits {
  readonly edits: readonly TextEdit[];
}

/** What would be renamed; a refusal where it cannot be, null where there is nothing. */
export function prepareRename(
  workspace: Workspace,
  path: string,
  position: Position,
): Renamable | Refusal | null {
  const cursor = cursorAt(workspace, path, position);
  const occurrence = cursor === null ? null : occurrenceAt(cursor.method, cursor.offset);
  if (cursor === null || occurrence === null) return null;
  const refused = whyNot(cursor.method, occurrence);
  if (refused !== null) return { refused };
  return {
    range: rangeOfSpan(cursor.placed, occurrence),
    placeholder: cursor.method.text.slice(occurrence.start, occurrence.end),
  };
}

/** The edits that give what is under the cursor another number or name. */
export function rename(
  workspace: Workspace,
  path: string,
  position: Position,
  newName: string,
): Edits | Refusal {
  const cursor = cursorAt(workspace, path, position);
  const occurrence = cursor === null ? null : occurrenceAt(cursor.method, cursor.offset);
  if (cursor === null || occurrence === null) {
    return { refused: "there is no value, block, argument or slot here" };
  }
  const refused = whyNot(cursor.method, occurrence);
  if (refused !== null) return { refused };
  switch (occurrence.entity.kind) {
    case "value":
      return renameValue(cursor, occurrence.entity.number, newName.trim());
    case "block":
      return renameBlock(cursor, occurrence.entity.number, newName.trim());
    case "slot":
      return renameSlot(cursor, occurrence, newName.trim());
  }
}

/** Why the thing cannot be renamed, whatever the new name; null where it can. */
function whyNot(method: Method, occurrence: Occurrence): string | null {
  const { entity } = occurrence;
  switch (entity.kind) {
    case "value": {
      const { number } = entity;
      const owners = method.statements.filter((one) => one.id === number);
      if (owners.length === 0) return `no statement of this method is \`%${number}\``;
      if (owners.length > 1) {
        return `two statements have the number \`%${number}\`; which one is meant is not clear`;
      }
      if (owners[0]?.definition == null) {
        return `the statement of \`%${number}\` is printed without its number`;
      }
      return null;
    }
    case "block": {
      const { number } = entity;
      const heads = method.syntax.blocks.filter((one) => one.label === number);
      if (heads.length === 0) return `this method has no block \`#${number}\``;
      if (heads.length > 1) return `there are two blocks \`#${number}\``;
      return number === 1 ? "block `#1` is how a method's body is recognised" : null;
    }
    case "slot":
      return whyNotSlot(method, occurrence);
  }
}

function whyNotSlot(method: Method, occurrence: Occurrence): string | null {
  const { entity } = occurrence;
  if (entity.kind !== "slot") return null;
  const token = method.text.slice(occurrence.start, occurrence.end);
  if (token !== entity.name || /^@?_\d+$/.test(token)) {
    const isNamed = entity.name !== "" && !/^@?_\d+$/.test(entity.name);
    const named = isNamed ? `; its name is \`${entity.name}\`` : "";
    return `\`${token}\` is a number that goes by the place of the argument or slot${named}`;
  }
  if (!method.slotNumbers.has(token)) return null;
  const isDeclared = findOccurrences(method).some(
    ({ entity: other, role }) => role === "definition" && isSameEntity(entity, other),
  );
  if (isDeclared) return null;
  return entity.number === 1
    ? `\`${token}\` is the function itself; no line of the header gives it a name`
    : `the header does not say in a readable way where \`${token}\` comes from`;
}

const numberLimit = 1_000_000_000;

/** `%7` or `7` as 7; null where it is no number that a value or block can have. */
function readNumber(text: string, sigil: "%" | "#"): number | null {
  const digits = text.startsWith(sigil) ? text.slice(1) : text;
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
  return number >= 1 && number < numberLimit ? number : null;
}

function renameValue(cursor: Cursor, from: number, newName: string): Edits | Refusal {
  const { method, placed } = cursor;
  const to = readNumber(newName, "%");
  if (to === null) {
    return { refused: `\`${newName}\` is no value: a value is a number such as \`%${from}\`` };
  }
  if (to === from) return { edits: [] };
  const owner = method.statements.find((one) => one.id === to);
  if (owner !== undefined) return taken(cursor, to, owner);
  const changes = changedNumbers(method, from, to);
  const kept = new Map(method.statements.map((one) => [one.id, one]));
  for (const [old, number] of changes) {
    const other = changes.has(number) ? undefined : kept.get(number);
    if (old !== from && other !== undefined) return taken(cursor, number, other);
  }
  const columns = columnsOf(method);
  const edits: TextEdit[] = [];
  for (const one of findOccurrences(method)) {
    const number = one.entity.kind === "value" ? changes.get(one.entity.number) : undefined;
    if (number === undefined) continue;
    if (one.role === "definition") {
      edits.push(replaceDefinition(placed, method, columns, one, `%${number}`));
    } else edits.push(replaceToken(placed, one, withSigil(method, one, number)));
  }
  return { edits };
}

/** The number as the token has it: with its `%` or `#`, or bare as in `Core.SSAValue(4)`. */
export function withSigil(method: Method, { start }: Occurrence, number: number): string {
  const first = method.text.charAt(start);
  return isDigit(first.charCodeAt(0)) ? String(number) : first + String(number);
}

function taken({ method, placed }: Cursor, number: number, owner: Statement): Refusal {
  const line = placed.startLine + owner.line + 1;
  const text = method.text.slice(owner.start, owner.end).replace(/\s+/g, " ");
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return { refused: `\`%${number}\` is taken: it is \`${shown}\` on line ${line}` };
}

/** Old to new numbers when `%from` becomes `%to`: unnumbered statements behind it count on from it. */
function changedNumbers({ statements }: Method, from: number, to: number): Map<number, number> {
  const changes = new Map<number, number>();
  let last = 0;
  for (const { id, definition } of statements) {
    const number = definition === null ? last + 1 : id === from ? to : id;
    if (number !== id && !changes.has(id)) changes.set(id, number);
    last = number;
  }
  return changes;
}

function renameBlock(cursor: Cursor, from: number, newName: string): Edits | Refusal {
  const { method, placed } = cursor;
  const to = readNumber(newName, "#");
  if (to === null) {
    return { refused: `\`${newName}\` is no block: a block is a number such as \`#${from}\`` };
  }
  if (to === from) return { edits: [] };
  const owner = method.syntax.blocks[blockWithLabel(method, to) - 1];
  if (owner !== undefined) {
    const line = placed.startLine + owner.line + 1;
    return { refused: `\`#${to}\` is taken: it is the block that begins on line ${line}` };
  }
  if (to === 1) return { refused: "`#1` is how the beginning of a method's body is recognised" };
  const columns = columnsOf(method);
  const edits: TextEdit[] = [];
  for (const one of findOccurrences(method)) {
    if (one.entity.kind !== "block" || one.entity.number !== from) continue;
    if (one.role === "definition") {
      edits.push(replaceHead(placed, method, columns, one, String(to)));
    } else edits.push(replaceToken(placed, one, withSigil(method, one, to)));
  }
  return { edits };
}

function renameSlot(cursor: Cursor, occurrence: Occurrence, newName: string): Edits | Refusal {
  const { method, placed } = cursor;
  const { entity } = occurrence;
  if (entity.kind !== "slot") return { edits: [] };
  if (newName === entity.name) return { edits: [] };
  if (!isSlotName(newName)) return { refused: `\`${newName}\` is no name for an argument or slot` };
  const owner = ownerOf(cursor, newName);
  if (owner !== null) return { refused: `\`${newName}\` is taken: it is ${owner}` };
  const edits: TextEdit[] = [];
  for (const one of findOccurrences(method)) {
    const isNamed = method.text.slice(one.start, one.end) === entity.name;
    if (isNamed && isSameEntity(one.entity, entity)) edits.push(replaceToken(placed, one, newName));
  }
  return { edits };
}

const words = new Set(
  (
    "nothing missing true false isa in goto return unreachable enter invoke builtin dynamic " +
    "intrinsic unknown svec Symbol Core Base Main " +
    "begin break catch const continue do else elseif end export finally for function global if " +
    "import let local macro module quote struct try using while where"
  ).split(" "),
);

/** Whether Julia could print it as a slot's name: `x`, `#self#`, `r#311`, `x@_3`. */
function isSlotName(name: string): boolean {
  if (name === "" || words.has(name) || /^@?_\d+$|^[!\d]|^#undef$/.test(name)) return false;
  for (let i = 0; i < name.length; i++) if (!isIdentifierPart(name.charCodeAt(i))) return false;
  return true;
}

/** Who has that name in the method; null where nobody has. */
function ownerOf({ method, placed }: Cursor, name: string): string | null {
  const number = method.slotNumbers.get(name);
  if (number !== undefined) {
    return number <= method.nArguments ? `argument ${number}` : `slot ${number}`;
  }
  if (method.header.staticParameters.includes(name)) return "a static parameter";
  for (const statement of method.statements) {
    let isUsed = statement.slot?.text === name;
    eachOperand(statement, (operand) => {
      if (operand.kind === "name" && operand.text === name) isUsed = true;
    });
    if (isUsed) return `used on line ${placed.startLine + statement.line + 1}`;
  }
  return null;
}
