// Hover: on a registration the whole ladder; on `%n` what it is, its type, its uses and its escape
// state; on a call what is known of the callee; on a block its neighbours and loop depth; on a header
// what the text tells of itself; on everything else what the form means.

import { functionOfKey } from "../analysis/assumption.ts";
import type { CalleeFacts, OpenedMethod } from "../analysis/environment.ts";
import { aliasesOf, analyseEscapes, escapeOf } from "../analysis/escape/analyse.ts";
import { type EscapeInfo, hasAllEscape, hasNoEscape } from "../analysis/escape/lattice.ts";
import { dominatorTree } from "../ir/dominator-tree.ts";
import { predecessorsOf, successorsOf } from "../ir/graph.ts";
import { loopDepth, loopForest } from "../ir/loop-forest.ts";
import {
  blockWithLabel,
  eachOperand,
  idOf,
  labelOf,
  type Method,
  operandValue,
  positionOf,
  usersOf,
  usesOfMethod,
} from "../ir/method.ts";
import type { Operand, SlotDeclaration, Statement } from "../syntax/tree.ts";
import type { Position, Range } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";
import type { Unit, UnitFacts } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { builtinWords } from "./builtin-words.ts";
import { foreigncallMarkdown } from "./foreigncall-words.ts";
import { headForm, labelForm, statementForm } from "./forms.ts";
import { headerMarkdown } from "./header-words.ts";
import { ladderMarkdown } from "./ladder.ts";
import { lifetimeMarkdown } from "./lifetime-words.ts";
import { offsetOf, type PlacedUnit, placedUnit, rangeOf } from "./place.ts";
import { blockedMarkdown } from "./ranking.ts";
import { type Found, type TokenAt, tokenAt, tokenHover } from "./token-hover.ts";

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

/** What is to be said about the place; null where there is nothing. */
export function hover(workspace: Workspace, path: string, position: Position): Hover | null {
  const document = workspace.document(path);
  if (document === null) return null;
  const placed = placedUnit(document, document.unitAt(position.line));
  const offset = placed === null ? null : offsetOf(placed, position);
  if (placed === null || offset === null || isBehindLine(placed, position)) return null;
  const opened = workspace.openUnit(placed.unit);
  const found = hoverAt(workspace, placed, opened, offset);
  return found === null ? null : { range: rangeOf(placed, found.span), markdown: found.markdown };
}

function isBehindLine({ unit, lineStarts, startLine }: PlacedUnit, position: Position): boolean {
  const line = position.line - startLine;
  const start = lineStarts[line] ?? 0;
  return position.character >= (lineStarts[line + 1] ?? unit.text.length) - start;
}

const covers = (span: Span, offset: number): boolean => offset >= span.start && offset < span.end;

/** Values and blocks first, then registrations, then what the token means, then the statement. */
function hoverAt(
  workspace: Workspace,
  placed: PlacedUnit,
  opened: OpenedMethod | null,
  offset: number,
): Found | null {
  const text = opened?.method.text ?? placed.unit.cleaned().text;
  const known = opened === null ? null : knownHover(workspace, placed, opened, offset);
  if (known !== null) return known;
  const at = tokenAt(text, opened?.method.syntax ?? null, offset);
  if (at === null || at.token.kind === "space") return null;
  const position = opened === null ? 0 : statementAtOffset(opened.method, offset);
  const statement = opened?.method.statements[position - 1] ?? null;
  const found =
    (opened === null ? null : referenceHover(workspace, placed.unit, opened, at)) ??
    tokenHover(workspace, opened, statement, at);
  if (opened === null) return found;
  const { header } = opened.method;
  if (header.span !== null && covers(header.span, offset) && at.token.kind !== "type") {
    const facts = placed.unit.facts();
    if (facts !== null)
      return { span: header.span, markdown: headerWithBlocked(workspace, opened.method, facts) };
  }
  if (found !== null || statement === null || !covers(statement, offset)) return found;
  const markdown = statementMarkdown(opened, position, statement);
  if (markdown === null) return null;
  // A label speaks for its whole call, and says besides what it means itself.
  const form = at.token.kind === "call-label" ? labelForm(statement.label) : null;
  const isSaid = form === null || markdown.includes(form);
  return { span: statement, markdown: isSaid ? markdown : `${markdown}\n\n${form}` };
}

function headerWithBlocked(workspace: Workspace, method: Method, facts: UnitFacts): string {
  const own = headerMarkdown(method, facts);
  const blocked = facts.key === null ? "" : blockedMarkdown(workspace, functionOfKey(facts.key));
  return blocked === "" ? own : `${own}\n\n${blocked}`;
}

/** Blocks, values, arguments and registrations: what the analyses know something about. */
function knownHover(
  workspace: Workspace,
  placed: PlacedUnit,
  opened: OpenedMethod,
  offset: number,
): Found | null {
  const { method } = opened;
  const head = method.syntax.blocks.findIndex((one) => covers(one, offset));
  const block = method.syntax.blocks[head];
  if (block !== undefined) return { span: block, markdown: blockMarkdown(method, head + 1) };
  const position = statementAtOffset(method, offset);
  const statement = method.statements[position - 1];
  if (statement === undefined) return null;
  if (statement.definition !== null && covers(statement.definition, offset)) {
    return {
      span: statement.definition,
      markdown: valueMarkdown(workspace, placed.unit, opened, position),
    };
  }
  const target = statement.blocks.find((one) => covers(one, offset));
  if (target !== undefined) {
    const at = blockWithLabel(method, target.label);
    return at === 0 ? null : { span: target, markdown: blockMarkdown(method, at) };
  }
  const operand = operandAt(statement, offset);
  const value = operand === null ? 0 : operandValue(method, operand);
  if (operand !== null && value > 0)
    return { span: operand, markdown: valueMarkdown(workspace, placed.unit, opened, value) };
  if (covers(statement, offset)) {
    const { registrations, hazards = [] } = workspace.report(placed.unit);
    const report = registrations.find((one) => one.registration.position === position);
    if (report !== undefined)
      return { span: statement, markdown: ladderMarkdown(method, report, hazards) };
  }
  return operand !== null && value < 0
    ? { span: operand, markdown: argumentMarkdown(opened, -value) }
    : null;
}

/** Values, blocks and names where the tree has none: in comments, headers and expectations. */
function referenceHover(
  workspace: Workspace,
  unit: Unit,
  opened: OpenedMethod,
  { text, token }: TokenAt,
): Found | null {
  const { method } = opened;
  const word = text.slice(token.start, token.end);
  switch (token.kind) {
    case "ssa": {
      const at = positionOf(method, Number(/\d+/.exec(word)?.[0]));
      return at === 0
        ? null
        : { span: token, markdown: valueMarkdown(workspace, unit, opened, at) };
    }
    case "block-label": {
      const at = blockWithLabel(method, Number(word.slice(1)));
      return at === 0 ? null : { span: token, markdown: blockMarkdown(method, at) };
    }
    case "argument":
    case "slot": {
      const slot = method.header.slots.find(({ name }) => name === word);
      if (slot === undefined) return null;
      return slot.number <= method.nArguments
        ? { span: token, markdown: argumentMarkdown(opened, slot.number) }
        : { span: token, markdown: slotMarkdown(slot) };
    }
    default:
      return null;
  }
}

function slotMarkdown({ name, number, type }: SlotDeclaration): string {
  return `local variable \`${name}${type === "" ? "" : `::${type}`}\`, slot ${number}`;
}

function statementAtOffset(method: Method, offset: number): number {
  const { statements } = method;
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const statement = statements[middle];
    const start = statement?.definition?.start ?? statement?.start ?? 0;
    if (start <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function operandAt(statement: Statement, offset: number): Operand | null {
  let found: Operand | null = null;
  eachOperand(statement, (operand) => {
    if (covers(operand, offset)) found = operand;
  });
  return found;
}

function typeText(method: Method, statement: Statement): string {
  const { type } = statement;
  return type === null ? "" : `::${method.text.slice(type.start, type.end)}`;
}

function valueMarkdown(
  workspace: Workspace,
  unit: Unit,
  opened: OpenedMethod,
  position: number,
): string {
  const { method } = opened;
  const statement = method.statements[position - 1];
  if (statement === undefined) return "";
  const id = idOf(method, position);
  const text = method.text.slice(statement.start, statement.end);
  const users = usersOf(usesOfMethod(method), position);
  const uses = [...new Set(users)].map((user) => `%${idOf(method, user)}`);
  const block = labelOf(method, method.blockOf[position] ?? 0);
  return [
    "```julia-ir",
    `%${id} = ${text}${typeText(method, statement)}`,
    "```",
    `block #${block} · ${uses.length === 0 ? "not used" : `used by ${uses.slice(0, 12).join(", ")}${uses.length > 12 ? " …" : ""}`}`,
    "",
    escapeMarkdownOf(opened, position),
    ...lifetimeOfValue(workspace, unit, method, position),
  ].join("\n");
}

/** Need and hold of a registered object, at the statement that makes it or registers a name of it. */
function lifetimeOfValue(
  workspace: Workspace,
  unit: Unit,
  method: Method,
  position: number,
): string[] {
  const report = workspace
    .report(unit)
    .registrations.find(
      ({ registration, lifetime }) =>
        registration.object === position || lifetime.sites.includes(position),
    );
  const lines = report === undefined ? [] : lifetimeMarkdown(method, report.lifetime);
  return lines.length === 0 ? [] : ["", ...lines];
}

function argumentMarkdown(opened: OpenedMethod, number: number): string {
  const { header } = opened.method;
  const name = header.slots[number - 1]?.name ?? `_${number}`;
  const type = number === 1 ? header.name : header.argumentTypes[number - 2];
  return [
    `argument ${number}: \`${name}${type ? `::${type}` : ""}\``,
    "",
    escapeMarkdownOf(opened, -number),
  ].join("\n");
}

/** The escape state of a value as the profile's analysis has it. */
function escapeMarkdownOf({ method, body }: OpenedMethod, value: number): string {
  const state = analyseEscapes(body);
  const info = escapeOf(state, value);
  if (info === null || !info.analyzed) return "escape: ◌ not reached by the analysis";
  const aliases = (aliasesOf(state, value) ?? []).filter((one) => one !== value);
  const names = aliases.map((one) => (one > 0 ? `%${idOf(method, one)}` : `_${-one}`));
  const aliased =
    names.length > 0 ? `; may be the same object as ${names.slice(0, 8).join(", ")}` : "";
  return `escape: ${escapeWords(method, info)}${aliased}`;
}

function escapeWords(method: Method, info: EscapeInfo): string {
  const at = (set: ReadonlySet<number>): string =>
    [...set]
      .filter((one) => one > 0)
      .map((one) => `%${idOf(method, one)}`)
      .join(", ");
  if (hasAllEscape(info)) return "X may be anywhere";
  if (hasNoEscape(info)) return "✓ does not escape";
  const words: string[] = [];
  if (info.returnEscape) words.push("↑ returned");
  if (info.thrown.size > 0) words.push(`* may be thrown at ${at(info.thrown) || "any statement"}`);
  if (words.length === 0) words.push("visible to the caller only");
  return words.join(", ");
}

function statementMarkdown(
  opened: OpenedMethod,
  position: number,
  statement: Statement,
): string | null {
  const made = opened.body.statements[position - 1];
  if (made === undefined) return null;
  const throws = { yes: "cannot throw", no: "may throw", unknown: "not known whether it throws" }[
    made.nothrow
  ];
  const { kind, slot } = statement;
  const lines = slot === null ? [] : [`Assigns the local variable \`${slot.text}\`.`, ""];
  if (kind === "invoke") lines.push(calleeMarkdown(statement, made.callee));
  else if (kind === "foreigncall") {
    lines.push(foreigncallMarkdown(opened.method, statement));
  } else {
    lines.push(formMarkdown(statement, made.name));
    const isPlain = kind === "goto" || kind === "return" || kind === "unreachable";
    if (!isPlain && kind !== "dead") lines.push("", `- ${throws}`);
  }
  return lines.join("\n");
}

/** What the form of a statement means, with the name of what it does. */
function formMarkdown({ kind, name, label, callee, operands }: Statement, does: string): string {
  if (kind === "expression") return headForm(name) ?? statementForm(kind);
  if (kind === "call") {
    const words = builtinWords(does);
    if (words !== null) return `**\`${does}\`** ${words}.`;
    if (callee?.text === "NewvarNode") return "From here on the variable has no value.";
    return labelForm(label) ?? labelForm("dynamic") ?? statementForm(kind);
  }
  if (kind === "value" && operands[0]?.text === "nothing") {
    return "Nothing is done here: something stood here that was removed.";
  }
  return statementForm(kind);
}

function calleeMarkdown(statement: Statement, callee: CalleeFacts | null): string {
  if (callee === null) {
    return `nothing is known about \`${statement.callee?.text ?? "the callee"}\`: it is taken to throw and to capture its arguments`;
  }
  const escapes =
    callee.escapes === "opaque"
      ? "none, arguments are taken as captured"
      : callee.escapes === "simple"
        ? "arguments do not escape, but may be returned"
        : "summary of its text";
  const blocks = blockedBy(callee);
  return [
    `**${callee.key === null ? `bundled: \`${callee.signature}\`` : `\`${callee.signature}\``}**`,
    "",
    `- effects: ${effectWords(callee)}`,
    `- escapes: ${escapes}`,
    ...(blocks.length === 0 ? [] : [`- stands in the way of: ${blocks.join("; ")}`]),
  ].join("\n");
}

/** What a call of the callee keeps Julia's finalizer pass from doing. */
function blockedBy({ effects, escapes }: CalleeFacts): string[] {
  const blocks: string[] = [];
  if (effects?.nothrow !== "+") {
    const why = effects?.nothrow === "!" ? "it may throw" : "it is not known not to throw";
    blocks.push(`any finalizer that would have to run behind it (${why})`);
  }
  if (escapes === "opaque") blocks.push("finalizers of the objects that are passed to it");
  else if (escapes !== "simple") {
    const taken = escapes.arguments.flatMap(({ all }, index) => (all && index > 0 ? [index] : []));
    if (taken.length > 0) {
      blocks.push(`finalizers of the objects that it captures (argument ${taken.join(", ")})`);
    }
  }
  return blocks;
}

function effectWords({ effects }: CalleeFacts): string {
  if (effects === null) return "unknown (no `effects` line)";
  const sigil = (value: string | null, name: string): string => `${value ?? "·"}${name}`;
  return `\`${[
    sigil(effects.consistent, "c"),
    sigil(effects.effectFree, "e"),
    sigil(effects.nothrow, "n"),
    sigil(effects.terminates, "t"),
    sigil(effects.notaskstate, "s"),
    sigil(effects.inaccessiblememonly, "m"),
  ].join(",")}\``;
}

function blockMarkdown(method: Method, block: number): string {
  const { graph } = method;
  const labels = (blocks: Int32Array): string =>
    blocks.length === 0 ? "none" : [...blocks].map((one) => `#${labelOf(method, one)}`).join(", ");
  const forest = loopForest(graph);
  const dominator = dominatorTree(graph).immediateDominator[block] ?? 0;
  const handler = method.handlers.has(block) ? " · exception handler" : "";
  return [
    `**block #${labelOf(method, block)}**${handler}`,
    "",
    `- predecessors: ${labels(predecessorsOf(graph, block))}`,
    `- successors: ${labels(successorsOf(graph, block))}`,
    `- loop depth: ${loopDepth(forest, block)}`,
    `- immediate dominator: ${dominator === 0 ? "none" : `#${labelOf(method, dominator)}`}`,
  ].join("\n");
}
