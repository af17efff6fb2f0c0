// A unit: one piece of a file's text that holds at most one method, and what was learnt from that text
// alone. A unit never changes; an edit makes a new one. Its place in the file is not part of it, so
// that text typed above moves a unit without touching anything that is known about it.

import { calledNames, findInvokes, mayRegister } from "../analysis/calls.ts";
import { keyOfSignature } from "../analysis/summary.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { type DominatorTree, dominatorTree } from "../ir/dominator-tree.ts";
import { graphFromEdges } from "../ir/graph.ts";
import { lower, type Method } from "../ir/method.ts";
import { verify } from "../ir/verify.ts";
import { asciiHead, type Cleaned, clean, drawGutter, uncomment } from "../syntax/clean.ts";
import { splitSignature } from "../syntax/header.ts";
import { readMethod } from "../syntax/read-method.ts";
import type { Expectation, MethodSyntax, Problem, TypeLine } from "../syntax/tree.ts";
import { type Releases, versionOf } from "../syntax/version.ts";
import { lineAt, lineStartsOf } from "../text/line-index.ts";
import type { Span } from "../text/span.ts";

export type Stage = "lowered" | "typed" | "optimized" | "unknown";

/** What the text of a unit says by itself. */
export interface UnitFacts {
  /** Under which calls find the method; made when first asked for. */
  readonly key: string | null;
  readonly name: string | null;
  readonly signature: string | null;
  /** 0-based line within the unit of the header, or of the first block where there is none. */
  readonly headLine: number;
  /** 0-based line of the first statement within the unit. */
  readonly firstLine: number;
  readonly stage: Stage;
  /** Whether a `stage final` line says that Julia has decided already. */
  readonly isFinal: boolean;
  /** The releases of Julia that can have printed the text. */
  readonly version: Releases;
  readonly nStatements: number;
  readonly nBlocks: number;
  readonly unreadable: number;
  /** Keys of the methods that it calls by `invoke`; made when first asked for, by reading again. */
  readonly calls: readonly string[];
  /** Bare names of the functions that it calls by `invoke` or dynamically; `""` for values that are called. */
  readonly calledNames: readonly string[];
  readonly types: readonly TypeLine[];
  readonly expectations: readonly Expectation[];
  /** Findings about form: syntax and verifier. */
  readonly findings: readonly Finding[];
  /** Lines with findings about form beyond those that `findings` has. */
  readonly nHiddenLines: number;
  /** Whether the method's own text may register a finalizer. */
  readonly mayRegister: boolean;
  /** Whether a verifier error forbids any placement. */
  readonly isMalformed: boolean;
  /** What the verifier says first against a malformed method, as a sentence without its end; else empty. */
  readonly malformation: string;
}

/** One unit. Facts are read when first asked for and kept; the IR is made anew and given away. */
export class Unit {
  readonly text: string;
  readonly lineCount: number;
  private known: UnitFacts | null | undefined;
  private lines: readonly number[] | null = null;
  private plain: Cleaned | null = null;

  constructor(text: string) {
    this.text = text;
    this.lineCount = countLineBreaks(text);
  }

  /** What the text says; null where the unit holds no method. */
  facts(): UnitFacts | null {
    if (this.known === undefined) this.read();
    return this.known ?? null;
  }

  /** Offsets in `text` at which its lines start. */
  lineStarts(): readonly number[] {
    this.lines ??= lineStartsOf(this.text);
    return this.lines;
  }

  /** The text without escape sequences and marks: what all offsets of the method refer to. */
  cleaned(): Cleaned {
    this.plain ??= cleanUnit(this.text);
    return this.plain;
  }

  /** Reads the unit and gives its IR; null where it holds no method. */
  read(): Method | null {
    const { text } = this.cleaned();
    const syntax = readMethod(text);
    if (syntax === null) {
      this.known = null;
      return null;
    }
    const method = lower(syntax, text);
    this.known ??= new TextFacts(method, this);
    return method;
  }
}

/** Facts of a unit; those that few units are ever asked for are made when they are. */
class TextFacts implements UnitFacts {
  readonly signature: string | null;
  readonly headLine: number;
  readonly firstLine: number;
  readonly stage: Stage;
  readonly isFinal: boolean;
  readonly nStatements: number;
  readonly nBlocks: number;
  readonly unreadable: number;
  readonly types: readonly TypeLine[];
  readonly expectations: readonly Expectation[];
  readonly findings: readonly Finding[];
  readonly nHiddenLines: number;
  readonly mayRegister: boolean;
  readonly malformation: string;
  readonly calledNames: readonly string[];
  private readonly oldest: number;
  private readonly newest: number;
  private readonly unit: Unit;
  private knownKey: string | null | undefined = undefined;
  private knownCalls: readonly string[] | null = null;

  constructor(method: Method, unit: Unit) {
    const { syntax, header } = method;
    const { problems, statements } = syntax;
    const verified = verify(method, treeOf(method));
    this.unit = unit;
    this.signature = header.signature;
    this.headLine = lineAt(syntax.lineStarts, (header.span ?? syntax.blocks[0])?.start ?? 0);
    this.firstLine = statements[0]?.line ?? 0;
    this.stage = stageOf(syntax);
    this.isFinal = header.stage === "final";
    const { min, max } = versionOf(syntax, method.text);
    this.oldest = min;
    this.newest = max;
    this.nStatements = method.nStatements;
    this.nBlocks = method.nBlocks;
    this.unreadable = syntax.unreadable;
    this.types = header.types;
    this.expectations = syntax.expectations;
    const { findings, nHiddenLines } =
      problems.length + verified.length === 0
        ? nothingFound
        : capped(method, [...problems.map(toFinding), ...withoutConsequences(method, verified)]);
    this.findings = findings;
    this.nHiddenLines = nHiddenLines;
    this.mayRegister = mayRegister(method);
    this.calledNames = calledNames(method);
    // Julia itself puts a finalizer before a φ, so that alone is no damage to the text.
    this.malformation = verified.find(({ code }) => code !== "verify/phi-position")?.message ?? "";
  }

  get isMalformed(): boolean {
    return this.malformation !== "";
  }

  get version(): Releases {
    return { min: this.oldest, max: this.newest };
  }

  get name(): string | null {
    return this.signature === null ? null : (splitSignature(this.signature)?.name ?? null);
  }

  get key(): string | null {
    if (this.knownKey === undefined) {
      this.knownKey = this.signature === null ? null : keyOfSignature(this.signature);
    }
    return this.knownKey;
  }

  get calls(): readonly string[] {
    if (this.knownCalls === null) {
      const method = this.unit.read();
      this.knownCalls = method === null ? [] : findInvokes(method);
    }
    return this.knownCalls;
  }
}

interface Capped {
  readonly findings: readonly Finding[];
  readonly nHiddenLines: number;
}

const nothingFound: Capped = { findings: [], nHiddenLines: 0 };

function toFinding({ code, start, end, detail }: Problem): Finding {
  return { code, span: { start, end }, message: detail, related: [] };
}

/** In a method of one block nothing is to be decided. */
function treeOf({ graph }: Method): DominatorTree {
  return graph.nBlocks === 1 ? singleBlock : dominatorTree(graph);
}

const singleBlock: DominatorTree = dominatorTree(graphFromEdges(1, [], []));

const findingLimit = 50;

/** The findings of the first `findingLimit` lines, the last one saying how many more lines have some. */
function capped(method: Method, findings: readonly Finding[]): Capped {
  if (findings.length <= findingLimit) return { findings, nHiddenLines: 0 };
  const lines = linesOf(method, findings);
  const more = lines.size - findingLimit;
  if (more <= 0) return { findings, nHiddenLines: 0 };
  const shown = new Set([...lines].slice(0, findingLimit));
  const kept = findings.filter((finding) => shown.has(lineOf(method, finding)));
  const lastLine = [...shown].at(-1);
  const last = kept.findIndex((finding) => lineOf(method, finding) === lastLine);
  return {
    findings: kept.map((finding, index) =>
      index === last ? { ...finding, message: `${finding.message}${moreInMethod(more)}` } : finding,
    ),
    nHiddenLines: more,
  };
}

function moreInMethod(more: number): string {
  return ` (and ${more === 1 ? "one more problem" : `${more} more problems`} in this method)`;
}

function lineOf({ syntax }: Method, { span }: Finding): number {
  return lineAt(syntax.lineStarts, span.start);
}

/** The lines that have findings, in the order in which the findings name them. */
function linesOf(method: Method, findings: readonly Finding[]): ReadonlySet<number> {
  return new Set(findings.map((finding) => lineOf(method, finding)));
}

/**
 * What the verifier found without that which follows from a cause that is already named: where lines are
 * left out anything may be missing, and behind a text that breaks off so are the blocks and values that
 * would have come. Without any other sign the first jump to such a block tells that it breaks off.
 */
function withoutConsequences(method: Method, verified: readonly Finding[]): readonly Finding[] {
  const { syntax, text } = method;
  if (verified.length === 0) return verified;
  if (syntax.hasGap) return [];
  let isNamed = syntax.problems.some(({ code }) => code === "syntax/truncated-method");
  const lastBlock = syntax.blocks.reduce((most, { label }) => Math.max(most, label), 0);
  const lastValue = syntax.statements.reduce((most, { id }) => Math.max(most, id), 0);
  return verified.filter(({ code, span }) => {
    // The block in which the text breaks off may go on to one that stands before it.
    if (code === "verify/phi-edge") return !isNamed || numberIn(text, span) < lastBlock;
    if (code !== "verify/missing-block" && code !== "verify/undefined-value") return true;
    const isBlock = code === "verify/missing-block";
    const number = numberIn(text, span);
    if (number <= (isBlock ? lastBlock : lastValue)) return true;
    if (isNamed) return false;
    isNamed = isBlock && syntax.returnType === null;
    return true;
  });
}

/** The number in `%3` or `#3`. */
function numberIn(text: string, { start, end }: Span): number {
  return Number(text.slice(start + 1, end));
}

/** The stage of compilation that the text shows. */
function stageOf(syntax: MethodSyntax): Stage {
  const { statements, header } = syntax;
  if (header.stage !== null) return "optimized";
  const typed = statements.some((one) => one.type !== null);
  const hasSlots = statements.some((one) => one.slot !== null || one.callee?.text === "NewvarNode");
  if (hasSlots || syntax.frame === "warntype") return typed ? "typed" : "lowered";
  const isOptimised = statements.some(
    ({ kind, label }) =>
      kind === "invoke" ||
      kind === "phi" ||
      kind === "pi" ||
      label === "intrinsic" ||
      kind === "foreigncall",
  );
  if (isOptimised) return "optimized";
  if (!typed) return statements.length > 1 ? "lowered" : "unknown";
  const calledValues = statements.some(
    ({ callee }) => callee?.kind === "ssa" || callee?.text.startsWith("(") === true,
  );
  return calledValues ? "typed" : "optimized";
}

function countLineBreaks(text: string): number {
  if (text.includes("\r")) return lineStartsOf(text).length - 1;
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function cleanUnit(text: string): Cleaned {
  // A web page or a chat gives blanks that do not break; one for one, so that no offset moves.
  const plain = clean(text.includes("\u00a0") ? text.replaceAll("\u00a0", " ") : text);
  if (plain.text.includes("1 -") && asciiHead.test(plain.text)) {
    return { text: drawGutter(plain.text), origin: plain.origin };
  }
  // Marks over marks are not taken apart: offsets lead back through one layer only.
  return plain.origin === null && isCommentedDump(plain.text) ? uncomment(plain.text) : plain;
}

/** A unit whose only body stands in comments. */
function isCommentedDump(text: string): boolean {
  const head = text.search(/1 [─┄]/);
  if (head < 0) return false;
  // The first one nearly always is the body's own; comments below it do not count then.
  const line = text.slice(text.lastIndexOf("\n", head) + 1, head);
  return /^ *#/.test(line) && !/^[^#\n]*\b1 [─┄]/m.test(text);
}
