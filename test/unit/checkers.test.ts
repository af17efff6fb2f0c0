// The checkers checked: plans that are broken by hand must be caught, by a path always and by a run where one
// comes by; programs without a plan must differ from themselves under no collector.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Comparison, defaultCompare } from "../../server/src/check/compare.ts";
import { Interpreter } from "../../server/src/check/interpreter/interpreter.ts";
import { plainName } from "../../server/src/check/literal.ts";
import { type Program, readProgram } from "../../server/src/check/program.ts";
import type { PropertyKind } from "../../server/src/check/validate/counterexample.ts";
import { Validator } from "../../server/src/check/validate/validate.ts";
import { dominatorTree } from "../../server/src/ir/dominator-tree.ts";
import { successorsOf } from "../../server/src/ir/graph.ts";
import { lastOf, type Method, operandValue } from "../../server/src/ir/method.ts";
import type { PlacedMethod, Placement } from "../../server/src/ir/placed.ts";
import { verify } from "../../server/src/ir/verify.ts";
import { callees } from "../fuzz/plans/callees.ts";
import { generate } from "../fuzz/plans/generate.ts";
import { straightLinePlans as plansOf } from "../fuzz/plans/straight-line.ts";
import { Random } from "../fuzz/random.ts";

const many = Array.from({ length: 1600 }, (_, number) => {
  const random = new Random(number + 17);
  return generate(random, 6 + random.below(20));
});
const texts = many.slice(0, 300);

function firstOf(program: Program): Method {
  const [method] = program.methods;
  assert.ok(method !== undefined);
  return method;
}

test("generated methods are well formed", () => {
  for (const text of texts) {
    const method = firstOf(readProgram(text));
    assert.deepEqual(method.syntax.problems, [], text);
    assert.deepEqual(verify(method, dominatorTree(method.graph)), [], text);
  }
});

test("without a plan a program differs from itself under no collector", () => {
  const options = { ...defaultCompare, runs: 12, fuel: 2000 };
  for (const text of texts) {
    const program = readProgram(text);
    const method = firstOf(program);
    const comparison = new Comparison(new Interpreter(program), method, options);
    const found = comparison.checkPlaced({ method, placements: [], dropped: [] });
    assert.deepEqual(found, [], text);
  }
});

test("equal seeds give equal runs", () => {
  for (const text of texts.slice(0, 50)) {
    const program = readProgram(text);
    const code = new Interpreter(program).prepare({
      method: firstOf(program),
      placements: [],
      dropped: [],
    });
    const options = { seed: 5, gc: "random", fuel: 2000, watchesLifetimes: false } as const;
    const [one, other] = [0, 0].map(() => new Interpreter(program).run(code, options));
    assert.deepEqual(other?.trace, one?.trace);
    assert.deepEqual(other?.runs, one?.runs);
    assert.deepEqual(other?.ending, one?.ending);
  }
});

/** A way to break a right placement; null where it does not apply, or might be right still. */
interface Mutation {
  readonly name: string;
  /** One of these must be found on a path. */
  readonly kinds: readonly PropertyKind[];
  /** Whether some run must show harm too. */
  readonly harms: boolean;
  apply(method: Method, placement: Placement): PlacedMethod | null;
}

function inline(
  method: Method,
  placement: Placement,
  ...points: Placement["point"][]
): PlacedMethod {
  const placements = points.map(
    (point): Placement => ({ ...placement, point, mode: "inline-body" }),
  );
  return { method, placements, dropped: [...placement.registrations] };
}

/** Statements that look at the object, in the order of the text. */
function looks(method: Method, value: number): number[] {
  return method.statements.flatMap((one, index) => {
    const isUse = one.operands.some((operand) => operandValue(method, operand) === value);
    return isUse && plainName(one.callee?.text ?? "") !== "finalizer" ? [index + 1] : [];
  });
}

const mutations: readonly Mutation[] = [
  {
    name: "before the last use",
    kinds: ["use-after-run"],
    harms: true,
    apply(method, placement) {
      const last = looks(method, placement.value).at(-1) ?? 0;
      const registered = Math.max(...placement.registrations);
      return last > registered
        ? { method, placements: [{ ...placement, point: { after: registered } }], dropped: [] }
        : null;
    },
  },
  {
    name: "twice at one point",
    kinds: ["double-run"],
    harms: true,
    apply: (method, placement) => inline(method, placement, placement.point, placement.point),
  },
  {
    name: "again at the end of the block",
    kinds: ["double-run"],
    harms: true,
    apply(method, placement) {
      const at = "after" in placement.point ? placement.point.after : 0;
      const last = lastOf(method, method.blockOf[at] ?? 0) - 1;
      const isReached = !method.statements.slice(at, last).some((one) => endsPath(method, one));
      return last > at && isReached
        ? inline(method, placement, placement.point, { after: last })
        : null;
    },
  },
  {
    name: "before it is registered",
    kinds: ["not-registered", "undefined-operand"],
    harms: true,
    apply: (method, placement) => inline(method, placement, { after: placement.value }),
  },
  {
    name: "before it is allocated",
    kinds: ["undefined-operand", "no-such-point"],
    harms: true,
    apply: (method, placement) =>
      placement.value > 1 ? inline(method, placement, { after: placement.value - 1 }) : null,
  },
  {
    name: "dropped and never run",
    kinds: ["leak", "exceptional-leak", "lost-instance"],
    harms: true,
    apply: (method, placement) => (canLeave(method) ? inline(method, placement) : null),
  },
  {
    name: "at the head of the entry",
    kinds: ["undefined-operand", "not-registered"],
    harms: true,
    apply: (method, placement) => inline(method, placement, { block: 1 }),
  },
  {
    name: "behind a terminator",
    kinds: ["no-such-point"],
    harms: false,
    apply(method, placement) {
      const last = lastOf(method, method.blockOf[placement.value] ?? 0);
      const { kind } = method.statements[last - 1] ?? {};
      return kind === "goto" || kind === "gotoifnot"
        ? inline(method, placement, { after: last })
        : null;
    },
  },
  {
    name: "before a φ node",
    kinds: ["before-phi"],
    harms: false,
    apply(method, placement) {
      const block =
        method.syntax.blocks.findIndex((head) => method.statements[head.first]?.kind === "phi") + 1;
      return block > 0 ? inline(method, placement, { block, beforePhi: true }) : null;
    },
  },
  {
    name: "on an edge into a handler",
    kinds: ["no-such-point"],
    harms: false,
    apply(method, placement) {
      const enter = method.statements.findIndex((one) => one.kind === "enter");
      const [label] = method.statements[enter]?.blocks ?? [];
      if (label === undefined) return null;
      return inline(method, placement, { edge: [method.blockOf[enter + 1] ?? 0, label.label] });
    },
  },
  {
    name: "on an edge that is not there",
    kinds: ["no-such-point"],
    harms: false,
    apply: (method, placement) => inline(method, placement, { edge: [method.nBlocks, 1] }),
  },
  {
    name: "one registration forgotten",
    kinds: ["incomplete"],
    harms: false,
    apply(method, placement) {
      const [first, second] = placement.registrations;
      if (first === undefined || second === undefined) return null;
      return {
        method,
        placements: [{ ...placement, registrations: [first], mode: "inline-body" }],
        dropped: [first],
      };
    },
  },
  {
    name: "on another object",
    kinds: ["not-registered", "undefined-operand"],
    harms: true,
    apply(method, placement) {
      const at = "after" in placement.point ? placement.point.after : 0;
      const other = method.statements.findIndex(
        (one, index) =>
          one.kind === "new" &&
          index + 1 !== placement.value &&
          index + 1 < at &&
          method.blockOf[index + 1] === method.blockOf[at],
      );
      return other < 0 ? null : inline(method, { ...placement, value: other + 1 }, placement.point);
    },
  },
];

/** Whether a statement never comes back. */
function endsPath(method: Method, { type }: Method["statements"][number]): boolean {
  return type !== null && method.text.slice(type.start, type.end) === "Union{}";
}

/** Whether some block that the entry reaches is left by a `return`. */
function canLeave(method: Method): boolean {
  return !method.statements.some(
    ({ kind, operands }) => kind === "gotoifnot" && operands[0]?.text === "true",
  );
}

for (const { name, kinds, harms, apply } of mutations) {
  test(`a placement ${name} is caught`, () => {
    let tried = 0;
    let shown = 0;
    for (const text of many) {
      const [plan] = plansOf(text);
      if (plan === undefined || tried >= 60) continue;
      const program = readProgram(text);
      for (const placement of plan.placements.slice(0, 2)) {
        const broken = apply(plan.method, placement);
        if (broken === null || !isReachable(plan.method, placement)) continue;
        tried++;
        const { counterexamples } = new Validator(program).validate(broken);
        const found = counterexamples.map((one) => one.kind);
        const { point, registrations } = placement;
        const words = `${name}: ${JSON.stringify({ point, registrations, found })}\n${text.slice(0, text.indexOf("\n) =>"))}`;
        assert.ok(
          found.some((one) => kinds.includes(one)),
          words,
        );
        const options = { ...defaultCompare, runs: 12, fuel: 2000 };
        const comparison = new Comparison(new Interpreter(program), plan.method, options);
        if (harms && comparison.checkPlaced(broken).length > 0) shown++;
      }
    }
    assert.ok(tried >= 8, `only ${tried} methods to break`);
    if (harms) assert.ok(shown * 2 >= tried, `${shown} of ${tried} are shown by a run`);
  });
}

const original = `MethodInstance for main(::Int64, ::Bool)
  type Counted mutable (x::Int64)
1 ─ %1 = %new(Main.Counted, _2)::Counted
│        (Core.finalizer)(Main.fin_bump, %1)::Nothing
└──      goto #3 if not _3
2 ─ %4 = Base.getfield(%1, :x)::Int64
└──      return %4
3 ─      return 0
`;

/** The plan carried out: the registration is gone, its body is called on both ways. */
const carriedOut = `MethodInstance for main(::Int64, ::Bool)
  type Counted mutable (x::Int64)
1 ─ %1 = %new(Main.Counted, _2)::Counted
│        nothing::Nothing
└──      goto #3 if not _3
2 ─ %4 = Base.getfield(%1, :x)::Int64
│        invoke Main.fin_bump(%1::Counted)::Nothing
└──      return %4
3 ─      invoke Main.fin_bump(%1::Counted)::Nothing
└──      return 0
`;

function checkCarriedOut(text: string): readonly string[] {
  const [before, after] = [original, text].map((one) => readProgram(`${one}\n${callees}`));
  assert.ok(before !== undefined && after !== undefined);
  const dropped = [{ position: 2, object: 1, body: 0, bodyName: "fin_bump" }];
  const { counterexamples } = new Validator(before).validateTransformed(firstOf(after), dropped);
  const comparison = new Comparison(new Interpreter(before), firstOf(before));
  const violations = comparison.checkTransformed(firstOf(after));
  return [...counterexamples, ...violations].map((one) => one.kind).sort();
}

test("a plan that is carried out in the text is right", () => {
  assert.deepEqual(checkCarriedOut(carriedOut), []);
});

test("a plan that is carried out on one way only leaks", () => {
  const broken = carriedOut.replace(
    "3 ─      invoke Main.fin_bump(%1::Counted)",
    "3 ─      nothing",
  );
  assert.deepEqual(checkCarriedOut(broken), ["leak", "run-count"]);
});

test("a plan that is carried out too early is a use behind the finalizer", () => {
  const broken = carriedOut
    .replace(
      "│        nothing::Nothing",
      "│        nothing::Nothing\n│        invoke Main.fin_bump(%1::Counted)::Nothing",
    )
    .replaceAll("%4", "%5");
  const found = checkCarriedOut(broken);
  for (const kind of ["use-after-run", "double-run", "run-count", "use-after-finalize"]) {
    assert.ok(found.includes(kind as never), `${kind} in ${found}`);
  }
});

/** Whether the entry reaches the block of the object without an exception, which may never come. */
function isReachable(method: Method, { value }: Placement): boolean {
  const seen = new Set<number>([1]);
  const work = [1];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    const isEnter = method.statements[lastOf(method, block) - 1]?.kind === "enter";
    for (const to of successorsOf(method.graph, block)) {
      if (seen.has(to) || (isEnter && to !== block + 1)) continue;
      seen.add(to);
      work.push(to);
    }
  }
  return seen.has(method.blockOf[value] ?? 0);
}
