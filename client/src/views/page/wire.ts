// What views are made of as it comes over the wire from the server (`finalens/controlFlow` and the others),
// and what the extension and the page of a view say to each other. Lines and characters are 0-based,
// statements and blocks are 1-based positions; block b stands at place b - 1.

export type ViewKind = "controlFlow" | "lifetimes" | "foreignMemory";

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface ViewStatement {
  readonly position: number;
  readonly name: string;
  readonly text: string;
  readonly range: Range;
}

export interface ViewBlock {
  readonly name: string;
  readonly range: Range;
  readonly statements: readonly ViewStatement[];
  readonly loop: number;
  readonly depth: number;
  readonly isHandler: boolean;
}

export interface ViewLoop {
  readonly id: number;
  readonly parent: number;
  readonly depth: number;
  readonly header: number;
  readonly blocks: readonly number[];
  readonly irreducible: boolean;
}

export interface ViewMethod {
  readonly method: string;
  readonly profile: string;
  readonly range: Range;
  readonly blocks: readonly ViewBlock[];
  readonly loops: readonly ViewLoop[];
}

/** Why there is nothing to draw, and the next step. */
export interface NothingToView {
  readonly nothing: string;
  readonly next: string;
}

/** Behind a statement, at the head of a block, or on an edge. */
export type Place =
  | { readonly statement: number }
  | { readonly block: number }
  | { readonly from: number; readonly to: number };

export type MarkKind = "registration" | "julia" | "mistake" | "early" | "blocker";

export interface Mark {
  readonly kind: MarkKind;
  readonly object: string;
  readonly words: string;
  readonly at: Place;
}

export interface ViewEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: "flow" | "back" | "handler";
  readonly condition: "true" | "false" | null;
}

export interface ViewObject {
  readonly object: string;
  readonly title: string;
  readonly words: string;
  readonly blocks: readonly number[];
}

export interface ControlFlowView extends ViewMethod {
  readonly edges: readonly ViewEdge[];
  readonly marks: readonly Mark[];
  readonly objects: readonly ViewObject[];
}

export type Policy = "gc" | "julia" | "early" | "rc";

export type LaneKind = "need" | "resource" | Policy;

/** `from` 0 is the block's head, `to` 0 its end; else behind, and with, that statement. */
export interface Segment {
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  readonly kind: LaneKind;
  readonly segments: readonly Segment[];
  readonly words: string;
  readonly extended: readonly { readonly block: number; readonly words: string }[];
}

export interface LanePoint {
  readonly kind: "made" | "registered" | "julia" | "early" | "leaves";
  readonly at: Place;
  readonly words: string;
}

export interface ObjectLanes {
  readonly object: string;
  readonly title: string;
  readonly verdict: string;
  readonly early: string;
  readonly lanes: readonly Lane[];
  readonly points: readonly LanePoint[];
}

export interface LifetimeView extends ViewMethod {
  readonly objects: readonly ObjectLanes[];
}

export interface Shape {
  readonly tag: "rect" | "path" | "text";
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly words: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly shapes: readonly Shape[];
}

export interface SimulatedRun {
  readonly drawing: Drawing;
  readonly table: readonly (readonly string[])[];
  readonly notes: readonly { readonly kind: "note" | "fault"; readonly text: string }[];
}

export interface MemoryView extends ViewMethod {
  readonly objects: readonly string[];
  readonly uncounted: readonly string[];
  readonly pressure: readonly {
    readonly position: number;
    readonly now: number;
    readonly early: number;
    readonly needed: number;
  }[];
  readonly run: SimulatedRun | { readonly failure: string };
}

export type ViewData = (ControlFlowView | LifetimeView | MemoryView) | NothingToView;

/** Which method a view shows. */
export interface Shown {
  readonly uri: string;
  readonly position: Position;
}

/** Arguments and seed of the simulated run. */
export interface Inputs {
  readonly arguments: string;
  readonly seed: number | null;
}

/** From the extension to the page. */
export type ToPage =
  | { readonly type: "show"; readonly shown: Shown | null; readonly data: ViewData }
  /** The line of the editor's cursor in the shown document. */
  | { readonly type: "cursor"; readonly line: number };

/** From the page to the extension. */
export type FromPage =
  | { readonly type: "ready"; readonly inputs: Inputs }
  | { readonly type: "reveal"; readonly range: Range }
  | { readonly type: "inputs"; readonly inputs: Inputs };

/** What a page keeps over a reload of the window. */
export interface PageState {
  readonly shown?: Shown | null;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}
