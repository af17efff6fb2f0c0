// What every view of a method starts from: the method at the cursor as blocks with the lines of their
// statements, its loops, and where all of that stands in the file. Or why there is none, with the next step.
//
// Statements and blocks are named by 1-based positions, which pictures draw by, and carry their printed
// names, which readers know.

import type { RegistrationReport } from "../analysis/method-report.ts";
import { blockExtent, methodExtent, statementExtent } from "../ir/extent.ts";
import { loopDepth, loopForest } from "../ir/loop-forest.ts";
import { idOf, labelOf, lastOf, type Method } from "../ir/method.ts";
import type { Position, Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type Cursor, cursorAt, rangeOfSpan } from "./cursor.ts";
import { nothingHere } from "./nothing-here.ts";
import { objectWords } from "./words.ts";

export interface ViewStatement {
  readonly position: number;
  /** `%4`, also where the text prints no number. */
  readonly name: string;
  /** In one line, cut where it is long. */
  readonly text: string;
  readonly range: Range;
}

export interface ViewBlock {
  /** `#3` */
  readonly name: string;
  /** From its head to its last statement. */
  readonly range: Range;
  readonly statements: readonly ViewStatement[];
  /** Id of the smallest loop around it, 0 for none. */
  readonly loop: number;
  readonly depth: number;
  readonly isHandler: boolean;
}

export interface ViewLoop {
  readonly id: number;
  /** Id of the loop around it, 0 for none. */
  readonly parent: number;
  readonly depth: number;
  readonly header: number;
  /** Those of inner loops included. */
  readonly blocks: readonly number[];
  readonly irreducible: boolean;
}

/** A method as views draw it. Block b stands at place b - 1. */
export interface ViewMethod {
  /** Signature or name. */
  readonly method: string;
  /** The rules by which Julia's part is predicted. */
  readonly profile: string;
  readonly range: Range;
  readonly blocks: readonly ViewBlock[];
  readonly loops: readonly ViewLoop[];
}

/** Why there is nothing to draw. */
export interface NothingToView {
  readonly nothing: string;
  /** The next step, as a sentence. */
  readonly next: string;
}

/** Longer statements are cut: a picture is no place to read them. */
const textLimit = 160;

/** The method at the cursor; where there is none, why. */
export function methodForView(
  workspace: Workspace,
  path: string,
  position: Position,
): Cursor | NothingToView {
  const cursor = cursorAt(workspace, path, position);
  if (cursor !== null && cursor.method.nBlocks > 0) return cursor;
  const document = workspace.document(path);
  const hasMethod = document?.units.some((unit) => unit.facts() !== null) === true;
  const [reason] = hasMethod || document === null ? [] : nothingHere(workspace, path);
  return reason === undefined
    ? {
        nothing: hasMethod ? "no method stands at the cursor" : "this file holds no text yet",
        next: hasMethod
          ? "Put the cursor into a method, from its header to its last line."
          : "Paste the output of `code_typed` or `Base.code_ircode`.",
      }
    : { nothing: reason.label, next: reason.advice };
}

export function isNothing(one: object): one is NothingToView {
  return "nothing" in one;
}

/** The method as views draw it. */
export function viewOf(workspace: Workspace, { method, placed }: Cursor): ViewMethod {
  const forest = loopForest(method.graph);
  const facts = placed.unit.facts();
  return {
    method: facts?.signature ?? facts?.name ?? "method without a header",
    profile: workspace.profile.name,
    range: rangeOfSpan(placed, methodExtent(method)),
    blocks: method.syntax.blocks.map((_, index) => {
      const block = index + 1;
      const first = method.firstOf[block] ?? 0;
      const statements = method.statements.slice(first - 1, lastOf(method, block));
      return {
        name: `#${labelOf(method, block)}`,
        range: rangeOfSpan(placed, blockExtent(method, index)),
        statements: statements.map((statement, at) => {
          const extent = statementExtent(statement);
          return {
            position: first + at,
            name: `%${statement.id}`,
            text: inOneLine(method.text.slice(extent.start, extent.end)),
            range: rangeOfSpan(placed, extent),
          };
        }),
        loop: forest.innermost[block] ?? 0,
        depth: loopDepth(forest, block),
        isHandler: method.handlers.has(block),
      };
    }),
    loops: forest.loops.map(({ id, parent, depth, header, blocks, irreducible }) => ({
      id,
      parent,
      depth,
      header,
      blocks: [...blocks],
      irreducible,
    })),
  };
}

function inOneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > textLimit ? `${line.slice(0, textLimit - 1)}…` : line;
}

/** `%4::ForeignBuffer{Float64}`: a registered object with the type that the text prints for it. */
export function objectTitle(method: Method, report: RegistrationReport): string {
  const { object } = report.registration;
  const type = object > 0 ? method.statements[object - 1]?.type : null;
  const words = objectWords(method, report);
  return type ? `${words}::${inOneLine(method.text.slice(type.start, type.end))}` : words;
}

/** `%5` for the statement that registers. */
export function registrationName(method: Method, { registration }: RegistrationReport): string {
  return `%${idOf(method, registration.position)}`;
}
