// What a change of the dumps did to their registrations: two workspaces are held side by side, method by
// method and registration by registration. Methods are the same where their signatures are, wherever the
// files stand; registrations where they attach the same finalizer to an object of the same type,
// else any to one of the same type.
// Source: contract.md "Commands", design §4.

import type { RegistrationReport } from "../analysis/method-report.ts";
import { idOf, type Method } from "../ir/method.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { eachMethod, type MethodPlace } from "./method-index.ts";
import { placedUnit, rangeOf } from "./place.ts";
import { planWords, verdictWords } from "./words.ts";

/**
 * `lost`: Julia no longer elides it, or the early plan does less. `gained`: the other way round. `moved`: as
 * much is done, for another reason or at another number of points. `gone` and `new`: it stands on one side
 * only; a final text no longer has what Julia resolved.
 */
export type Change = "lost" | "gained" | "moved" | "same" | "gone" | "new";

/** One side of a registration. */
export interface DiffSide {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly statement: number;
  readonly julia: {
    readonly verdict: "elided" | "kept";
    /** Where the ladder stopped; null if elided. */
    readonly code: string | null;
    readonly words: string;
  };
  readonly early: {
    readonly verdict: "elide" | "finalize" | "none";
    /** Why there is no plan; null with one. */
    readonly code: string | null;
    readonly placements: number;
    readonly words: string;
  };
}

export interface DiffRow {
  readonly method: string;
  readonly change: Change;
  readonly before: DiffSide | null;
  readonly after: DiffSide | null;
}

interface Known {
  readonly side: DiffSide;
  /** The finalizer and the object's type, which tell it from the method's other registrations. */
  readonly body: string;
  readonly type: string;
}

interface KnownMethod {
  readonly name: string;
  readonly registrations: readonly Known[];
}

/** All registrations of both, in the order of `before`, then what is new. */
export function diff(before: Workspace, after: Workspace): DiffRow[] {
  const old = methodsByKey(before);
  const now = methodsByKey(after);
  const rows: DiffRow[] = [];
  for (const [key, method] of old) {
    rows.push(...rowsOf(method.name, method.registrations, now.get(key)?.registrations ?? []));
  }
  for (const [key, { name, registrations }] of now) {
    if (!old.has(key)) rows.push(...rowsOf(name, [], registrations));
  }
  return rows;
}

/** How many rows there are of each kind. */
export function countChanges(rows: readonly DiffRow[]): Readonly<Record<Change, number>> {
  const counts = { lost: 0, gained: 0, moved: 0, same: 0, gone: 0, new: 0 };
  for (const { change } of rows) counts[change]++;
  return counts;
}

function rowsOf(method: string, old: readonly Known[], now: readonly Known[]): DiffRow[] {
  const left = [...now];
  const matches = new Map<Known, Known>();
  // The closest first, so that one that has come does not take the place of one that was there.
  for (const isSame of closeness) {
    for (const one of old) {
      const at = matches.has(one) ? -1 : left.findIndex((other) => isSame(one, other));
      const [match] = at < 0 ? [] : left.splice(at, 1);
      if (match !== undefined) matches.set(one, match);
    }
  }
  const rows = old.map((one): DiffRow => {
    const after = matches.get(one)?.side ?? null;
    return { method, change: changeOf(one.side, after), before: one.side, after };
  });
  for (const { side } of left) rows.push({ method, change: "new", before: null, after: side });
  return rows;
}

const closeness: readonly ((one: Known, other: Known) => boolean)[] = [
  (one, other) => one.body === other.body && one.type === other.type,
  (one, other) => one.type === other.type,
];

/** Without the numbers that Julia gives to closures, which another run of it counts otherwise. */
function withoutCounters(text: string): string {
  return text.replace(/var"[^"]*"/g, (name) => name.replace(/[#\d]+/g, "#"));
}

const ranks = { none: 0, finalize: 1, elide: 2, kept: 0, elided: 1 } as const;

function changeOf(before: DiffSide, after: DiffSide | null): Change {
  if (after === null) return "gone";
  const julia = ranks[after.julia.verdict] - ranks[before.julia.verdict];
  const early = ranks[after.early.verdict] - ranks[before.early.verdict];
  if (julia < 0 || early < 0) return "lost";
  if (julia > 0 || early > 0) return "gained";
  // Numbers of statements shift with every line that is put in, and are no change.
  const isSame =
    before.julia.code === after.julia.code &&
    before.early.code === after.early.code &&
    before.early.placements === after.early.placements;
  return isSame ? "same" : "moved";
}

/** Methods that register, by key and by how many of that key came before; those without a header by file. */
function methodsByKey(workspace: Workspace): Map<string, KnownMethod> {
  const methods = new Map<string, KnownMethod>();
  const seen = new Map<string, number>();
  for (const place of eachMethod(workspace)) {
    const { registrations } = workspace.report(place.unit);
    const method = registrations.length === 0 ? undefined : workspace.openUnit(place.unit)?.method;
    if (method === undefined) continue;
    const facts = place.unit.facts();
    const key = facts?.key
      ? withoutCounters(facts.key)
      : `in ${place.path.slice(place.path.lastIndexOf("/") + 1)}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    methods.set(`${key} ${count}`, {
      name: facts?.signature ?? "a method without a header",
      registrations: registrations.flatMap((report) => knownOf(place, method, report) ?? []),
    });
  }
  return methods;
}

function knownOf(place: MethodPlace, method: Method, report: RegistrationReport): Known | null {
  const { position, object, bodySignature, functionOperand } = report.registration;
  const placed = placedUnit(place.document, place.index);
  const statement = method.statements[position - 1];
  if (placed === null || statement === undefined) return null;
  const type = object > 0 ? method.statements[object - 1]?.type : null;
  return {
    body: withoutCounters(bodySignature ?? functionOperand?.text ?? ""),
    type: type ? method.text.slice(type.start, type.end) : "",
    side: {
      path: place.path,
      line: rangeOf(placed, statement).start.line + 1,
      statement: idOf(method, position),
      julia: {
        verdict: report.elided && !report.isStillPrinted ? "elided" : "kept",
        code: report.code,
        words: verdictWords(method, report),
      },
      early: {
        verdict: report.early?.plan.verdict ?? "none",
        code: report.early?.blockers[0]?.code ?? null,
        placements: report.early?.plan.placements.length ?? 0,
        words: planWords(method, report),
      },
    },
  };
}
