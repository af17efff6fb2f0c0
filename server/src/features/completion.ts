// Completion: behind `%` the values that are certainly computed before the place is reached, nearest
// first; behind `#` the blocks; names of builtins and intrinsics; words of header lines; effects in an
// `effects` line and in a statement's facts; expectations as they hold right now. A value that does not
// dominate the place is never offered.

import { builtinNames, intrinsicNames } from "../analysis/effects/builtins.ts";
import { dominatorTree } from "../ir/dominator-tree.ts";
import { predecessorsOf, successorsOf } from "../ir/graph.ts";
import { blockWithLabel, idOf, labelOf, lastOf, type Method, positionOf } from "../ir/method.ts";
import { startsComment } from "../syntax/lex.ts";
import { lineAt, type Position, type Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { builtinWords } from "./builtin-words.ts";
import { effectLetters, effectWords } from "./effect-words.ts";
import { offsetOf, type PlacedUnit, placedUnit, rangeOf } from "./place.ts";
import { placeWords } from "./words.ts";

export type CompletionKind =
  | "value"
  | "block"
  | "builtin"
  | "intrinsic"
  | "word"
  | "effect"
  | "expectation";

export interface Completion {
  readonly kind: CompletionKind;
  readonly label: string;
  /** A few words beside the label: a type, the neighbours of a block. */
  readonly detail: string;
  /** Markdown; empty where the label says all. */
  readonly documentation: string;
  /** What is put in the place of `range`. */
  readonly text: string;
  readonly range: Range;
}

/** What can stand at the place, the best first. */
export function complete(workspace: Workspace, path: string, position: Position): Completion[] {
  const document = workspace.document(path);
  const placed = document === null ? null : placedUnit(document, document.unitAt(position.line));
  const offset = placed === null ? null : offsetOf(placed, position);
  if (placed === null || offset === null) return [];
  const { text } = placed.unit.cleaned();
  const lineStart =
    Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  const before = text.slice(lineStart, offset);
  const place: Place = { workspace, placed, text, offset, before, position };
  const comment = commentBefore(text, lineStart, offset);
  if (comment < offset) return inComment(place, text.slice(comment, offset));
  return inHeader(place) ?? inStatement(place);
}

interface Place {
  readonly workspace: Workspace;
  readonly placed: PlacedUnit;
  /** The unit's text as it was read. */
  readonly text: string;
  readonly offset: number;
  /** The line up to the cursor. */
  readonly before: string;
  /** The cursor in the document. */
  readonly position: Position;
}

type Item = Omit<Completion, "range" | "text" | "documentation"> & {
  readonly text?: string;
  readonly documentation?: string;
};

/** Items that replace the last `typed` characters before the cursor. */
function items(
  { placed, offset, position }: Place,
  typed: number,
  list: readonly Item[],
): Completion[] {
  const start =
    typed === 0 ? position : rangeOf(placed, { start: offset - typed, end: offset }).start;
  const range = { start, end: position };
  return list.map((item) => ({ text: item.label, documentation: "", ...item, range }));
}

/** Where a comment starts before the cursor; `offset` where there is none. */
function commentBefore(text: string, lineStart: number, offset: number): number {
  let isString = false;
  // A `#` right before the cursor may become a block's label.
  for (let i = lineStart; i < offset - 1; i++) {
    const code = text.charCodeAt(i);
    if (code === 34 && text.charCodeAt(i - 1) !== 92) isString = !isString;
    if (!isString && startsComment(text, i, lineStart, offset)) return i;
  }
  return offset;
}

// ── Header lines ──

const headerWords: readonly Item[] = [
  word("from", "where the method is defined: `from f(x) @ Main file.jl:3`"),
  word("effects", "the effects of the method as Julia prints them: `effects (+c,!e,…)`"),
  word("stage inlined", "the text from before the pass that resolves finalizers"),
  word("stage final", "the text from after all passes: what is registered here, Julia has kept"),
  word("type", "a struct's layout: `type Counted mutable (x::Int64, n::Int64 const)`"),
];

function word(label: string, documentation: string): Item {
  const text = label.startsWith("stage ") ? label : `${label} `;
  return { kind: "word", label, detail: "header line", documentation, text };
}

/** Null where the cursor is in no header. */
function inHeader(place: Place): Completion[] | null {
  const { text, offset, before } = place;
  const effects = /^\s+effects \((.*)$/.exec(before);
  if (effects !== null) return effectItems(place, effects[1] ?? "");
  const stage = /^\s+stage (\w*)$/.exec(before);
  if (stage !== null) {
    const stages = headerWords.filter(({ label }) => label.startsWith("stage "));
    return items(
      place,
      stage[1]?.length ?? 0,
      stages.map(({ label, text: _, ...rest }) => ({ ...rest, label: label.slice(6) })),
    );
  }
  const typed = /^\s+([a-z]*)$/.exec(before);
  if (typed === null || !/^MethodInstance for /m.test(text.slice(0, offset))) return null;
  // Behind the first block there is no header any more.
  const first = place.placed.unit.facts()?.firstLine;
  const line = lineAt(place.placed.lineStarts, offset);
  if (first !== undefined && line > first) return null;
  return items(place, typed[1]?.length ?? 0, headerWords);
}

/** Effects that are not there yet; `typed` is what stands behind the bracket. */
function effectItems(place: Place, typed: string): Completion[] {
  const parts = typed.split(",");
  const last = parts.pop() ?? "";
  if (!/^\s*[+!?]?[a-z]?$/.test(last) || typed.includes(")")) return [];
  const known = new Set(parts.map((part) => part.trim().charAt(1)));
  const list = effectLetters
    .filter((letter) => !known.has(letter))
    .flatMap((letter) =>
      ["+", "!", "?"].flatMap((sigil): Item[] => {
        const words = effectWords(sigil, letter);
        if (words === null) return [];
        return [
          { kind: "effect", label: sigil + letter, detail: words.name, documentation: words.means },
        ];
      }),
    );
  return items(place, last.trimStart().length, list);
}

// ── Comments ──

function inComment(place: Place, comment: string): Completion[] {
  const facts = /^#\s+\(([^)]*)$/.exec(comment);
  if (facts !== null) return effectItems(place, facts[1] ?? "");
  const expected = /# expect:\s*([^#]*)$/.exec(comment);
  if (expected !== null) return expectations(place, expected[1] ?? "");
  const typed = /^#(?: .*#)? (\(?[a-z]*:?)$/.exec(comment);
  if (typed === null) return [];
  return items(place, typed[1]?.length ?? 0, [
    {
      kind: "expectation",
      label: "expect:",
      detail: "a verdict that is checked",
      documentation: "`# expect: %4 elided after %9`, `# expect: %4 kept finalizer/aliased`",
      text: "expect: ",
    },
    {
      kind: "effect",
      label: "(…)",
      detail: "facts of this statement",
      documentation: "Effects that the text does not print, say `# (+n,+e)`.",
      text: "(",
    },
  ]);
}

/** What may be expected of the method's registrations: that which holds now. */
function expectations(place: Place, typed: string): Completion[] {
  const { workspace, placed } = place;
  const opened = workspace.openUnit(placed.unit);
  if (opened === null) return [];
  const { method } = opened;
  const list = workspace.report(placed.unit).registrations.flatMap((report): Item[] => {
    const value = `%${idOf(method, report.registration.position)}`;
    const where = placeWords(method, report).replace("at the head of", "at");
    const verdict = report.elided
      ? `elided ${where}`.trimEnd()
      : `kept ${report.code ?? ""}`.trimEnd();
    return [
      {
        kind: "expectation",
        label: `${value} ${verdict}`,
        detail: "holds now",
        documentation: "",
      },
    ];
  });
  return items(place, typed.length, list);
}

// ── Statements ──

function inStatement(place: Place): Completion[] {
  const { workspace, placed, before } = place;
  const value = /%(\d*)$/.exec(before);
  const block = /(?:^|[^\p{L}\p{N}_"#])#(\d*)$/u.exec(before);
  if (value === null && block === null) return names(place);
  const method = workspace.openUnit(placed.unit)?.method;
  if (method === undefined) return [];
  if (value !== null) return values(place, method, value[0].length);
  return items(place, (block?.[1]?.length ?? 0) + 1, blocks(method));
}

function blocks(method: Method): Item[] {
  const { graph } = method;
  const labels = (list: Int32Array): string =>
    [...list].map((one) => `#${labelOf(method, one)}`).join(" ") || "none";
  return method.syntax.blocks.map(({ label }, index) => ({
    kind: "block",
    label: `#${label}`,
    detail: `from ${labels(predecessorsOf(graph, index + 1))}, to ${labels(successorsOf(graph, index + 1))}`,
  }));
}

function values(place: Place, method: Method, typed: number): Completion[] {
  const found = dominating(method, place);
  const list = found.map((position): Item => {
    const { start, end, type } = method.statements[position - 1] ?? {
      start: 0,
      end: 0,
      type: null,
    };
    const text = method.text.slice(start, Math.min(end, start + 400));
    return {
      kind: "value",
      label: `%${idOf(method, position)}`,
      detail: type === null ? "" : `::${method.text.slice(type.start, type.end)}`,
      documentation: `\`\`\`julia-ir\n${text}\n\`\`\``,
    };
  });
  return items(place, typed, list);
}

/** Positions of the values that dominate the place, nearest first. */
function dominating(method: Method, { text, offset, before }: Place): number[] {
  const { statements, blockOf, firstOf, graph } = method;
  const line = lineAt(method.syntax.lineStarts, offset);
  // The statement being written does not dominate itself.
  let position = statements.findLastIndex((one) => one.line <= line) + 1;
  const isOnIt =
    statements[position - 1]?.line === line || isOpenStatement(method, position, offset);
  let block = blockOf[position] ?? 0;
  let last = isOnIt ? position - 1 : position;
  const edge = edgeBefore(text, offset, before);
  if (edge > 0) {
    // A φ takes its operand at the end of the predecessor that it names.
    block = blockWithLabel(method, edge);
    if (block === 0) return [];
    last = lastOf(method, block);
    position = last + 1;
  }
  const found: number[] = [];
  const { immediateDominator } = dominatorTree(graph);
  while (block > 0) {
    for (let at = last; at >= (firstOf[block] ?? 0); at--) {
      const { definition, id } = statements[at - 1] ?? { definition: null, id: 0 };
      if (definition !== null && positionOf(method, id) === at) found.push(at);
    }
    block = immediateDominator[block] ?? 0;
    last = lastOf(method, block);
  }
  return found;
}

/** Whether the statement at `position` runs over its line up to the cursor. */
function isOpenStatement(method: Method, position: number, offset: number): boolean {
  const statement = method.statements[position - 1];
  return statement !== undefined && (statement.type?.end ?? statement.end) > offset;
}

/** `n` where the cursor stands behind `#n =>` in a φ; else 0. */
function edgeBefore(text: string, offset: number, before: string): number {
  if (!/φ \(|phi \(/.test(before)) return 0;
  const edge = /#(\d+) => [^,]*$/.exec(text.slice(offset - before.length, offset));
  return edge === null ? 0 : Number(edge[1]);
}

// ── Names ──

/** Builtins and intrinsics, where a callee can stand or behind their modules. */
function names(place: Place): Completion[] {
  const { before } = place;
  const found = /((?:(?:Core|Base|Intrinsics)\.)*)([\p{L}_][\p{L}\p{N}_!]*)?$/u.exec(before);
  const [typed = "", module = "", name = ""] = found ?? [];
  const head = before.slice(0, before.length - typed.length);
  const isCallee = /(?:=|[│┄─]|\bbuiltin|\bintrinsic|\bdynamic|^) *\(?$/.test(head);
  if (!/[─│┄]/.test(head) || /[\p{L}\p{N}_.]$/u.test(head)) return [];
  if (module === "" && (name.length === 0 || !isCallee)) return [];
  const list = (of: Iterable<string>, kind: "builtin" | "intrinsic"): Item[] =>
    [...of]
      .filter((one) => /^[a-z_]/.test(one) && one.startsWith(name))
      .map((one) => ({
        kind,
        label: one,
        detail: kind,
        documentation: builtinWords(one) ?? "",
        text: module === "" ? `${kind === "builtin" ? "Core" : "Base"}.${one}` : one,
      }));
  return items(place, name.length, [
    ...list(builtinNames, "builtin"),
    ...list(intrinsicNames, "intrinsic"),
  ]);
}
