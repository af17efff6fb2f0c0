// The translation validator: holds a placed method against what must be true on every path, and answers
// with paths on which it is not.
// Source: design §5, spec early-plan.md.

import { predecessorsOf } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import type { PlacedMethod } from "../../ir/placed.ts";
import type { Statement } from "../../syntax/tree.ts";
import type { Layouts } from "../layout.ts";
import { plainName } from "../literal.ts";
import { Liveness, usesOfPlacements } from "../liveness.ts";
import { nameOfMethod, type Program, type Testimony, type Throwing } from "../program.ts";
import { builtinName } from "./alias.ts";
import { typeOfStatement } from "./bits.ts";
import { CaptureTable, type OpaqueCapture } from "./capture.ts";
import type { Counterexample } from "./counterexample.ts";
import { Flow } from "./flow.ts";
import { blockOfPoint, newTree, problemsOf } from "./points.ts";
import { type Origin, originsOf, type RegistrationSite, registrationsOf } from "./registrations.ts";
import { isUnknownCall } from "./shape.ts";
import { ThrowTable } from "./throws.ts";
import { readPlan } from "./transformed.ts";
import { Walk } from "./walk.ts";

export interface Validation {
  /** Nothing was found, and every path was walked. */
  readonly ok: boolean;
  readonly counterexamples: readonly Counterexample[];
  /** Whether some method was too large to walk all of it. */
  readonly isCut: boolean;
}

/** A walk is given up behind so many states for each block, on average; those of real programs have up to 4. */
const statesPerBlock = 64;

/** Validates plans against one program; what is learnt of its methods is kept. */
export class Validator {
  private readonly program: Program;
  private readonly throws: ThrowTable;
  private readonly captures: CaptureTable;

  constructor(program: Program, opaque: OpaqueCapture = () => null) {
    this.program = program;
    this.throws = new ThrowTable(program);
    this.captures = new CaptureTable(program, opaque);
  }

  validate(placed: PlacedMethod): Validation {
    return this.check(placed, registrationsOf(placed), new Set());
  }

  /**
   * The same for IR into which a plan was written.
   *
   * @param dropped registrations that are gone: `position` is where a placeholder stands for one, `object`
   *   the value that it was on, both in the transformed method
   */
  validateTransformed(transformed: Method, dropped: readonly RegistrationSite[]): Validation {
    const { placed, sites, written } = readPlan(transformed, dropped);
    return this.check(placed, sites, written);
  }

  /**
   * Whether it is known of every call of a method what it keeps. Then what is not certain comes from
   * containers, and from what may throw.
   */
  knowsCallsOf(method: Method): boolean {
    const { captures } = this;
    return method.statements.every((statement) => {
      const { kind, operands } = statement;
      const isCall =
        kind === "invoke" || (kind === "call" && isUnknownCall(builtinName(statement)));
      const isKnown = (index: number): boolean =>
        captures.ofCall(method, statement, index).keeps !== "perhaps";
      return !isCall || operands.every((_, index) => isKnown(index));
    });
  }

  private check(
    placed: PlacedMethod,
    sites: readonly RegistrationSite[],
    written: ReadonlySet<number>,
  ): Validation {
    const { method } = placed;
    const found = checkPoints(placed);
    const flow = new Flow(method, this.program.layouts, this.captures);
    const liveness = new Liveness(method, usesOf(placed, sites));
    const { regionAtHead } = liveness;
    const throwing: Throwing[] = [];
    const bodies = new Map<RegistrationSite, Pick<Testimony, "throws" | "locks">>();
    const bodyOf = (site: RegistrationSite): Pick<Testimony, "throws" | "locks"> => {
      const known = bodies.get(site) ?? this.aboutBody(method, site);
      bodies.set(site, known);
      return known;
    };
    const input = {
      placed,
      flow,
      throws: (statement: Statement, position: number): Throwing => {
        throwing[position] ??= this.throws.of(method, statement);
        return throwing[position];
      },
      sites,
      regionAtHead,
      liveness,
      takesLock: (site: RegistrationSite): boolean => bodyOf(site).locks,
      bodyThrows: (site: RegistrationSite): Throwing => bodyOf(site).throws,
      stateLimit: statesPerBlock * (method.nBlocks + 8),
      written,
    };
    let isCut = false;
    for (const origin of followed(placed, sites, this.captures, this.program.layouts)) {
      const walk = new Walk(input, origin);
      found.push(...walk.run());
      if (walk.isCut) isCut = true;
    }
    // A path on which there is no object at all says it already.
    const undefinedAt = new Set(
      found.filter((one) => one.kind === "undefined-operand").map((one) => one.registration),
    );
    const counterexamples = merge(found).filter(
      ({ kind, registration }) => kind !== "not-registered" || !undefinedAt.has(registration),
    );
    return { ok: counterexamples.length === 0 && !isCut, counterexamples, isCut };
  }

  /** What the program's first method tells its callers, for `Program`; null where it has no name. */
  testify(): Testimony | null {
    const [method] = this.program.methods;
    const name = method === undefined ? null : nameOfMethod(method);
    if (method === undefined || name === null) return null;
    const { argumentTypes } = method.header;
    return {
      name,
      argumentTypes,
      throws: this.throws.ofMethod(method),
      captures: ["", ...argumentTypes].map((_, index) => this.captures.ofMethod(method, index + 1)),
      locks: this.mayLock(method, new Set([name])),
      types: this.program.methods.flatMap(({ header }) =>
        header.types.map(({ name, mutable, fields }) => ({
          name,
          mutable,
          fields: fields.map((one) => ({ name: one.name, type: one.type })),
        })),
      ),
    };
  }

  /** What is known of the method that runs as the registration's body: one that nobody knows may do anything. */
  private aboutBody(
    method: Method,
    { bodyName, object }: RegistrationSite,
  ): Pick<Testimony, "throws" | "locks"> {
    const made = method.statements[object - 1];
    const types = [made === undefined ? "" : typeOfStatement(method, made)];
    const body = bodyName === "" ? null : this.program.resolve(bodyName, types);
    if (body === null) {
      return this.program.witness(bodyName, types) ?? { throws: "perhaps", locks: true };
    }
    return { throws: this.throws.ofMethod(body), locks: this.mayLock(body, new Set([bodyName])) };
  }

  /** Whether a method, or anything that it calls, may take a lock; what is unknown may. */
  private mayLock(method: Method, open: Set<string>): boolean {
    return method.statements.some(({ kind, callee, operands }) => {
      if (kind !== "invoke" && !(kind === "call" && callee?.kind !== "global")) return false;
      const name = plainName(callee === null ? "" : method.text.slice(callee.start, callee.end));
      if (name === "lock" || name === "trylock") return true;
      const target = this.program.resolve(
        name,
        operands.map(() => ""),
      );
      const said = this.program.witness(
        name,
        operands.map(() => ""),
      );
      if (target === null && said !== null) return said.locks;
      if (target === null)
        return kind === "invoke" && !/^(?:error|println|print)$|^_?throw_/.test(name);
      if (open.has(name)) return false;
      open.add(name);
      return this.mayLock(target, open);
    });
  }
}

/** Placements use their values; so did a dropped registration, where a placeholder stands for it now. */
function usesOf(
  { method, placements }: PlacedMethod,
  sites: readonly RegistrationSite[],
): Map<number, number[]> {
  const uses = usesOfPlacements(method, placements);
  for (const { position, object, body } of sites) {
    const values = [object, body].filter((one) => one !== 0 && one !== position);
    uses.set(position, [...(uses.get(position) ?? []), ...values]);
  }
  return uses;
}

function checkPoints(placed: PlacedMethod): Counterexample[] {
  const { method, placements } = placed;
  const tree = newTree(method);
  return placements.flatMap((placement) =>
    problemsOf(method, placement, tree).map((kind): Counterexample => {
      const block = blockOfPoint(method, placement);
      const registration = placement.registrations[0] ?? 0;
      const position = method.firstOf[block] ?? 0;
      return {
        kind,
        registration,
        position,
        path: pathAvoiding(method, kind === "before-phi" ? 0 : placement.value, block),
        certain: true,
      };
    }),
  );
}

/** A path from the entry to the block that does not pass the definition of a value; 0 avoids nothing. */
function pathAvoiding(method: Method, value: number, block: number): number[] {
  const avoided = method.blockOf[value] ?? 0;
  const next = new Map<number, number>();
  const work = [block];
  for (let one = work.shift(); one !== undefined; one = work.shift()) {
    for (const from of predecessorsOf(method.graph, one)) {
      if (next.has(from) || from === block || from === avoided) continue;
      next.set(from, one);
      work.push(from);
    }
  }
  const path = [1];
  for (
    let one = next.get(1);
    one !== undefined && path.length <= method.nBlocks;
    one = next.get(one)
  ) {
    path.push(one);
  }
  return path.at(-1) === block ? path : [block];
}

/** The objects that placements and dropped registrations are about. */
function followed(
  { method, placements, dropped }: PlacedMethod,
  sites: readonly RegistrationSite[],
  captures: CaptureTable,
  layouts: Layouts,
): Origin[] {
  const values = new Set(placements.map(({ value }) => value));
  for (const site of sites) {
    const isPlaced = placements.some((one) => one.registrations.includes(site.position));
    if (isPlaced || dropped.includes(site.position)) values.add(site.object);
  }
  const origins = new Map<string, Origin>();
  for (const value of values) {
    for (const origin of originsOf(method, value, captures, layouts)) {
      origins.set(`${origin.value} ${origin.phi} ${origin.edge}`, origin);
    }
  }
  return [...origins.values()];
}

/** One of each kind, registration and position; a certain one before others. */
function merge(found: readonly Counterexample[]): Counterexample[] {
  const merged = new Map<string, Counterexample>();
  for (const one of found) {
    const key = `${one.kind} ${one.registration} ${one.position}`;
    if (merged.get(key)?.certain !== true) merged.set(key, one);
  }
  return [...merged.values()];
}
