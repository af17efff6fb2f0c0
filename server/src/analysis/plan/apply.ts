// Carries plans out: the method with `finalize(o)`, or the finalizers' bodies, called at the placements;
// edges split where nothing else will do; registrations that are elided taken out; and everything
// numbered anew. What it makes says exactly what happens, so that it can be checked by others.
//
// A placement on an edge stands in the block that the edge leaves if that goes nowhere else, at the head
// of the block that it leads to if nothing else leads there, and else in a block of its own: behind the
// block that falls through, before the block that is jumped to, or at the method's end.
// Source: spec early-plan.md §5 (order), §6 (handlers); finalizer-inlining.md §5.5 (what Julia emits).

import { predecessorsOf, successorsOf } from "../../ir/graph.ts";
import { lastOf, lower, type Method } from "../../ir/method.ts";
import { type Provenance, reprint } from "../../ir/reprint.ts";
import { splitSignature } from "../../syntax/header.ts";
import { readMethod } from "../../syntax/read-method.ts";
import { readStatement } from "../../syntax/statement.ts";
import type { BlockHead, Operand, Statement } from "../../syntax/tree.ts";
import { parseType, printType } from "../../syntax/type.ts";
import type { Value } from "../body.ts";
import { widen } from "../type-table.ts";
import { inPlanOrder } from "./order.ts";
import type { Placement, Plan } from "./plan.ts";

/** A call that was put in for a placement. */
export interface AppliedCall {
  readonly plan: Plan;
  readonly placement: Placement;
  /** Its position in the new method. */
  readonly position: number;
  /** Position in the original of the registration whose body is run; 0 for `finalize`. */
  readonly registration: number;
}

export interface AppliedMethod {
  /** The new method, read back from its text. */
  readonly method: Method;
  /** The unit's text with the new method in place of the old one. */
  readonly text: string;
  /** Old position → new position; 0 where the statement was dropped. */
  readonly positions: Int32Array;
  /** Old block → new block. */
  readonly blocks: Int32Array;
  /** Every inserted call, in text order. */
  readonly calls: readonly AppliedCall[];
}

/**
 * The method with its plans carried out; null where no plan says to do anything.
 *
 * @param plans those of `planMethod` for this method
 * @param keepsPlaces whether `nothing` stands for every dropped registration, for those who check
 */
export function applyPlans(
  method: Method,
  plans: readonly Plan[],
  keepsPlaces = false,
): AppliedMethod | null {
  const active = plans.filter(({ verdict }) => verdict !== "none");
  return active.length === 0 ? null : new Applier(method, active, keepsPlaces).run();
}

/** A statement of the method to be. */
interface Item {
  readonly statement: Statement;
  readonly provenance: Provenance;
  readonly call: Omit<AppliedCall, "position"> | null;
}

interface NewBlock {
  readonly label: number;
  readonly items: Item[];
}

/** Where new statements go: beside a statement, or into a block of their own on an edge. */
type Spot =
  | { readonly behind: number }
  | { readonly before: number }
  | { readonly edge: readonly [number, number] };

/** What is to be put in at one spot: text of the statement, and why. */
interface Insertion {
  readonly spot: Spot;
  readonly calls: { readonly text: string; readonly call: Omit<AppliedCall, "position"> }[];
}

class Applier {
  private readonly method: Method;
  private readonly plans: readonly Plan[];
  private readonly keepsPlaces: boolean;
  /** The old text, and the texts of new statements behind it. */
  private text: string;
  private nextId: number;
  private nextLabel: number;
  private readonly insertions = new Map<string, Insertion>();
  private readonly dropped: ReadonlySet<number>;
  /** New labels of jumps and φ edges: `from to` → label of the block in between. */
  private readonly between = new Map<string, number>();

  constructor(method: Method, plans: readonly Plan[], keepsPlaces: boolean) {
    this.method = method;
    this.keepsPlaces = keepsPlaces;
    this.plans = plans;
    this.text = method.text;
    this.nextId = method.statements.reduce((most, { id }) => Math.max(most, id), 0) + 1;
    this.nextLabel = method.syntax.blocks.reduce((most, { label }) => Math.max(most, label), 0) + 1;
    const elided = plans.filter(({ verdict }) => verdict === "elide");
    this.dropped = new Set(elided.flatMap(({ registrations }) => registrations));
  }

  run(): AppliedMethod {
    for (const plan of inPlanOrder(this.plans)) {
      for (const placement of plan.placements) this.insert(plan, placement);
    }
    const blocks = this.layOut();
    const items = blocks.flatMap((block) => block.items);
    const changed = this.lowerAgain(blocks, items);
    const provenance = [none, ...items.map((item) => item.provenance)];
    const text = reprint(this.method, changed, provenance, "final");
    const syntax = readMethod(text);
    return {
      method: syntax === null ? changed : lower(syntax, text),
      text,
      positions: this.newPositions(items),
      blocks: this.newBlocks(blocks),
      calls: items.flatMap(({ call }, index) =>
        call === null ? [] : [{ ...call, position: index + 1 }],
      ),
    };
  }

  private insert(plan: Plan, placement: Placement): void {
    const spot = this.spotOf(placement);
    const key = JSON.stringify(spot);
    const known = this.insertions.get(key) ?? { spot, calls: [] };
    this.insertions.set(key, known);
    const { value } = placement;
    if (plan.verdict === "finalize") {
      const text = `invoke Base.finalize(${this.printed(value)}::Any)::Nothing`;
      known.calls.push({ text, call: { plan, placement, registration: 0 } });
      return;
    }
    for (const registration of [...plan.registrations].reverse()) {
      const text = this.bodyCall(registration, value);
      if (text !== null) known.calls.push({ text, call: { plan, placement, registration } });
    }
  }

  /** The call of the registration's finalizer; null where its body is nothing at all. */
  private bodyCall(registration: number, value: Value): string | null {
    const [made, , extra, code] = this.method.statements[registration - 1]?.operands ?? [];
    if (made === undefined || extra?.text === "nothing") return null;
    const called = this.method.text.slice(made.start, made.end);
    const type = this.objectType(code, value);
    const annotation = type === null ? "" : `::${type}`;
    return `invoke ${called}(${this.printed(value)}${annotation})::Nothing`;
  }

  /** The object's type in the signature of the finalizer's body, else as printed where it is made. */
  private objectType(code: Operand | undefined, value: Value): string | null {
    if (code?.kind === "code") {
      const signature = code.text.replace(/^(?:CodeInstance for )?MethodInstance for /, "");
      const argument = splitSignature(signature)?.arguments[0];
      if (argument?.startsWith("::") === true) return argument.slice(2);
    }
    const type = value > 0 ? this.method.statements[value - 1]?.type : null;
    if (type === null || type === undefined) return null;
    const text = this.method.text.slice(type.start, type.end).trim();
    return text.startsWith("Core.") ? printType(widen(parseType(text))) : text;
  }

  private printed(value: Value): string {
    const { statements, header, syntax } = this.method;
    if (value > 0) return `%${statements[value - 1]?.id ?? value}`;
    const slot = header.slots.find(({ number }) => number === -value);
    return slot === undefined || syntax.frame === "ircode" ? `_${-value}` : slot.name;
  }

  private spotOf({ point }: Placement): Spot {
    if ("after" in point) return this.spotBehind(point.after);
    if ("block" in point) return this.spotAtHandler(point.block);
    return this.spotOn(point.edge[0], point.edge[1]);
  }

  private spotBehind(position: number): Spot {
    const { method } = this;
    const block = method.blockOf[position] ?? 0;
    const isLast = position === lastOf(method, block);
    const kind = method.statements[position - 1]?.kind ?? "opaque";
    // A block ends with its `leave`: what is behind it stands outside of the region.
    if (isLast && (kind === "leave" || endsBlock(kind))) return this.spotOn(block, block + 1);
    return { behind: position };
  }

  /** Behind the φᶜ nodes, and up to 1.10 behind the `leave` with which a handler begins. */
  private spotAtHandler(block: number): Spot {
    const at = this.behindJoins(block);
    const statement = this.method.statements[at - 1];
    const isOld = statement?.kind === "leave" && statement.operands[0]?.kind === "number";
    return isOld ? this.spotBehind(at) : this.spotBefore(at, block);
  }

  private spotOn(from: number, to: number): Spot {
    const { method } = this;
    const successors = new Set(successorsOf(method.graph, from));
    const last = lastOf(method, from);
    const kind = method.statements[last - 1]?.kind ?? "opaque";
    if (successors.size === 1 && kind !== "leave" && kind !== "enter") {
      return endsBlock(kind) ? this.spotBefore(last, from) : { behind: last };
    }
    const isOnly = new Set(predecessorsOf(method.graph, to)).size === 1;
    const isEntry = to === 1 || method.handlers.has(to);
    return isOnly && !isEntry ? this.spotBefore(this.behindJoins(to), to) : { edge: [from, to] };
  }

  /** One name for a spot that has two: behind a statement rather than before the next one. */
  private spotBefore(position: number, block: number): Spot {
    return position > (this.method.firstOf[block] ?? 0)
      ? { behind: position - 1 }
      : { before: position };
  }

  /** The first statement of the block that is no φ; the place behind the block where all are. */
  private behindJoins(block: number): number {
    const { method } = this;
    let at = method.firstOf[block] ?? 0;
    const last = lastOf(method, block);
    while (at <= last && isJoin(method.statements[at - 1])) at++;
    return at;
  }

  /** All blocks of the method to be, in their order. */
  private layOut(): NewBlock[] {
    const { method } = this;
    const edges = [...this.insertions.values()].flatMap(({ spot, calls }) =>
      "edge" in spot
        ? [{ from: spot.edge[0], to: spot.edge[1], calls, label: this.nextLabel++ }]
        : [],
    );
    for (const { from, to, label } of edges) this.between.set(`${from} ${to}`, label);
    const blocks: NewBlock[] = [];
    const atEnd: NewBlock[] = [];
    for (let block = 1; block <= method.nBlocks; block++) {
      const first = method.firstOf[block] ?? 0;
      const before = { anchor: first, isSame: false };
      const falling = edges.filter(({ from, to }) => to === block && this.fallsInto(from, to));
      const jumping = edges.filter((edge) => edge.to === block && !falling.includes(edge));
      const isFree = falling.length > 0 || !this.fallsInto(block - 1, block);
      const placed = isFree ? [...falling, ...jumping] : [];
      for (const [index, { from, calls, label }] of placed.entries()) {
        const provenance = { ...before, source: lastOf(method, from) };
        const isLast = index === placed.length - 1;
        blocks.push(this.ownBlock(label, calls, provenance, isLast ? 0 : block));
      }
      for (const { from, calls, label } of isFree ? [] : jumping) {
        const provenance = {
          anchor: method.nStatements,
          isSame: false,
          source: lastOf(method, from),
        };
        atEnd.push(this.ownBlock(label, calls, provenance, block));
      }
      blocks.push(this.oldBlock(block));
    }
    return [...blocks, ...atEnd];
  }

  /** Whether control can reach block `to` from `from`, which stands before it, without a jump. */
  private fallsInto(from: number, to: number): boolean {
    if (from < 1 || from + 1 !== to) return false;
    const kind = this.method.statements[lastOf(this.method, from) - 1]?.kind;
    return kind !== "goto" && kind !== "return" && kind !== "unreachable";
  }

  /** A block on an edge; it jumps to the block `to`, or falls into the next one where that is 0. */
  private ownBlock(
    label: number,
    calls: Insertion["calls"],
    provenance: Provenance,
    to: number,
  ): NewBlock {
    const items = calls.map(({ text, call }) => this.item(text, provenance, call));
    if (to > 0) items.push(this.item(`goto #${this.labelOf(to)}`, provenance, null));
    return { label, items };
  }

  private labelOf(block: number): number {
    return this.method.syntax.blocks[block - 1]?.label ?? block;
  }

  private oldBlock(block: number): NewBlock {
    const { method, dropped } = this;
    const items: Item[] = [];
    const first = method.firstOf[block] ?? 0;
    const last = lastOf(method, block);
    for (let position = first; position <= last; position++) {
      items.push(...this.inserted({ before: position }, position));
      const statement = method.statements[position - 1];
      if (statement === undefined) continue;
      const provenance = { anchor: position, isSame: true, source: position };
      if (!dropped.has(position)) {
        items.push({ statement: this.withNewLabels(statement, block), provenance, call: null });
      } else if (statement.definition !== null || this.keepsPlaces)
        items.push(this.placeholder(statement, provenance));
      items.push(...this.inserted({ behind: position }, position));
    }
    const registration = method.statements[last - 1];
    if (items.length === 0 && registration !== undefined) {
      const provenance = { anchor: last, isSame: true, source: last };
      items.push(this.placeholder(registration, provenance));
    }
    return { label: this.labelOf(block), items };
  }

  private inserted(spot: Spot, anchor: number): Item[] {
    const provenance = { anchor, isSame: false, source: anchor };
    const found = this.insertions.get(JSON.stringify(spot));
    return (found?.calls ?? []).map(({ text, call }) => this.item(text, provenance, call));
  }

  private item(text: string, provenance: Provenance, call: Item["call"]): Item {
    return { statement: this.statement(text, this.nextId++), provenance, call };
  }

  /** What Julia leaves where something was that others name. */
  private placeholder({ id, line }: Statement, provenance: Provenance): Item {
    return {
      statement: { ...this.statement("nothing::Nothing", id), line },
      provenance,
      call: null,
    };
  }

  private statement(text: string, id: number): Statement {
    const start = this.text.length + 1;
    this.text = `${this.text}\n${text}`;
    const read = readStatement(this.text, start, this.text.length, id, 0);
    if (read === null) throw new Error(`cannot be read: ${text}`);
    return read;
  }

  /** Jumps and φ edges through blocks that stand in between now. */
  private withNewLabels(statement: Statement, block: number): Statement {
    const { method, between } = this;
    if (between.size === 0 || statement.blocks.length === 0) return statement;
    const blockOfLabel = (label: number): number =>
      method.labels === null ? label : (method.labels.get(label) ?? 0);
    const blocks = statement.blocks.map((one) => {
      const other = blockOfLabel(one.label);
      const key = statement.kind === "phi" ? `${other} ${block}` : `${block} ${other}`;
      return { ...one, label: between.get(key) ?? one.label };
    });
    return { ...statement, blocks };
  }

  private lowerAgain(blocks: readonly NewBlock[], items: readonly Item[]): Method {
    let first = 0;
    const heads = blocks.map(({ label, items: own }): BlockHead => {
      const head = { label, first, merge: false, line: 0, start: 0, end: 0 };
      first += own.length;
      return head;
    });
    const statements = items.map(({ statement }) => statement);
    return lower({ ...this.method.syntax, statements, blocks: heads }, this.text);
  }

  private newPositions(items: readonly Item[]): Int32Array {
    const positions = new Int32Array(this.method.nStatements + 1);
    items.forEach(({ provenance }, index) => {
      if (provenance.isSame) positions[provenance.anchor] = index + 1;
    });
    return positions;
  }

  private newBlocks(blocks: readonly NewBlock[]): Int32Array {
    const placeOf = new Map(blocks.map(({ label }, index) => [label, index + 1]));
    const found = new Int32Array(this.method.nBlocks + 1);
    for (let block = 1; block < found.length; block++) {
      found[block] = placeOf.get(this.labelOf(block)) ?? 0;
    }
    return found;
  }
}

const none: Provenance = { anchor: 0, isSame: false, source: 0 };

function endsBlock(kind: Statement["kind"]): boolean {
  return (
    kind === "goto" ||
    kind === "gotoifnot" ||
    kind === "return" ||
    kind === "unreachable" ||
    kind === "enter"
  );
}

/** φ and φᶜ, and the placeholders that may stand between them. */
function isJoin(statement: Statement | undefined): boolean {
  if (statement?.kind === "phi" || statement?.kind === "phic") return true;
  return statement?.kind === "value" && statement.operands[0]?.text === "nothing";
}
