// What a finalizer's body does to the world, as far as the texts of it and of its callees show: which C
// functions it calls, with which of its object's fields, and whether it takes a lock.
// Source: spec early-plan.md §3, §9.

import { operandValue } from "../../ir/method.ts";
import { actsOf } from "../effects/acts.ts";
import { foreignName } from "../effects/foreigncall.ts";
import type { Environment } from "../environment.ts";
import type { Registration } from "../finalizer/registration.ts";
import { keyOfInvoke, keyOfSignature } from "../summary.ts";

export interface BodyFacts {
  /** Key of the body; null where its function is not known. */
  readonly key: string | null;
  /** Names of the C functions that it calls, its callees included. */
  readonly foreign: ReadonlySet<string>;
  /** Names of the object's fields that it passes to C functions by itself. */
  readonly released: ReadonlySet<string>;
  /** Whether every run of it frees something, by a C function or a method that is known to. */
  readonly releases: boolean;
  readonly locks: boolean;
  /** Whether it asks before it releases, or marks what it released: running twice may be harmless. */
  readonly isGuarded: boolean;
}

/** So many methods are looked into at most. */
const methodLimit = 32;

export function bodyFacts(environment: Environment, { bodySignature }: Registration): BodyFacts {
  const key = bodySignature === null ? null : keyOfSignature(bodySignature);
  const foreign = new Set<string>();
  const released = new Set<string>();
  let locks = false;
  let isGuarded = true;
  let releases = false;
  const queue = key === null ? [] : [key];
  for (const [index, next] of queue.entries()) {
    const opened = index < methodLimit ? environment.open(next) : null;
    if (opened === null) continue;
    const { method } = opened;
    if (index === 0) {
      const acts = actsOf(opened, environment);
      locks = acts.locks.holds === "yes";
      releases = method.nBlocks === 1 && acts.releases.holds === "yes";
    }
    if (index === 0) {
      isGuarded =
        method.nBlocks > 1 || opened.body.statements.some(({ name }) => name === "setfield!");
    }
    const loads = new Map<number, string>();
    method.statements.forEach((statement, at) => {
      const made = opened.body.statements[at];
      const first = statement.operands[0];
      if (made?.name === "getfield" && first !== undefined && operandValue(method, first) === -2) {
        loads.set(at + 1, statement.operands[1]?.text ?? "");
      }
      const from = made?.args.map((arg) => loads.get(arg)).find((field) => field !== undefined);
      if (from !== undefined && /^(?:bitcast|add_ptr|sub_ptr)$/.test(made?.name ?? "")) {
        loads.set(at + 1, from);
      }
      if (statement.kind === "foreigncall") {
        foreign.add(foreignName(first));
        if (index === 0) {
          for (const arg of made?.args ?? []) {
            const field = loads.get(arg);
            if (field === undefined) continue;
            released.add(field);
          }
        }
      }
      const callee = statement.kind === "invoke" ? keyOfInvoke(method, statement) : null;
      if (callee !== null && !queue.includes(callee)) queue.push(callee);
    });
  }
  return { key, foreign, released, releases, locks, isGuarded };
}
