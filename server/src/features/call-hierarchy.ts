// Call hierarchy across the files of the workspace: which methods a method calls, as far as their bodies
// are at hand, and which call it. An `invoke` names its target exactly; other calls count where name and
// number of arguments fit.

import { splitSignature } from "../syntax/header.ts";
import type { Position, Range } from "../text/line-index.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type CallSite, invokesOf, namedCallsOf } from "./call-sites.ts";
import { cursorAt, rangeOfSpan } from "./cursor.ts";
import { calledAt } from "./definition.ts";
import { headerTarget, type MethodPlace, type Target, targetsOf } from "./method-index.ts";
import { placedUnit } from "./place.ts";

/** A method of the hierarchy; `selection.start` leads back to it. */
export interface CallItem extends Target {
  /** The signature. */
  readonly name: string;
  /** The method as its `from` line has it. */
  readonly detail: string;
}

export interface Call {
  /** The other method: the caller of an incoming call, the callee of an outgoing one. */
  readonly item: CallItem;
  /** Where it calls; in the caller's file. */
  readonly ranges: readonly Range[];
}

/** The methods that the header or the call under the cursor means; empty where no body is known. */
export function prepareCallHierarchy(
  workspace: Workspace,
  path: string,
  position: Position,
): CallItem[] {
  const cursor = cursorAt(workspace, path, position);
  const called = cursor === null ? null : calledAt(workspace, cursor);
  return (called?.methods ?? []).flatMap((place) => itemOf(place) ?? []);
}

function itemOf(place: MethodPlace): CallItem | null {
  const target = headerTarget(place);
  if (target === null) return null;
  const facts = place.unit.facts();
  const from = place.unit.read()?.header.from ?? "";
  return { ...target, name: facts?.signature || "method without a name", detail: from };
}

/** The method in whose unit the position stands. */
function methodAt(workspace: Workspace, path: string, { line }: Position): MethodPlace | null {
  const document = workspace.document(path);
  const index = document?.unitAt(line) ?? 0;
  const unit = document?.units[index];
  if (document === null || unit === undefined || unit.facts() === null) return null;
  return { path, document, index, unit };
}

/** Who calls the method at the position. */
export function incomingCalls(workspace: Workspace, path: string, position: Position): Call[] {
  const target = methodAt(workspace, path, position);
  const facts = target?.unit.facts();
  if (!facts?.key || facts.signature === null) return [];
  const { key } = facts;
  const nArguments = splitSignature(facts.signature)?.arguments.length ?? 0;
  const sites = [
    ...invokesOf(workspace, key).filter(({ operand }) => operand.kind !== "code"),
    ...namedCallsOf(workspace, facts.name ?? "", nArguments),
  ];
  return grouped(sites.map((site) => ({ site, item: site.place })));
}

/** Which methods the method at the position calls. */
export function outgoingCalls(workspace: Workspace, path: string, position: Position): Call[] {
  const place = methodAt(workspace, path, position);
  const method = place?.unit.read() ?? null;
  if (place === null || method === null) return [];
  const calls: { site: CallSite; item: MethodPlace }[] = [];
  method.statements.forEach((statement, index) => {
    const { callee } = statement;
    if (callee === null) return;
    for (const item of targetsOf(workspace, method, statement)) {
      calls.push({ site: { place, method, position: index + 1, operand: callee }, item });
    }
  });
  return grouped(calls);
}

/** One entry per method, with the places of its calls. */
function grouped(calls: readonly { site: CallSite; item: MethodPlace }[]): Call[] {
  const byUnit = new Map<MethodPlace["unit"], { item: MethodPlace; sites: CallSite[] }>();
  for (const { site, item } of calls) {
    const group = byUnit.get(item.unit);
    if (group === undefined) byUnit.set(item.unit, { item, sites: [site] });
    else group.sites.push(site);
  }
  return [...byUnit.values()].flatMap(({ item, sites }) => {
    const made = itemOf(item);
    return made === null ? [] : [{ item: made, ranges: rangesOf(sites) }];
  });
}

function rangesOf(sites: readonly CallSite[]): Range[] {
  const [first] = sites;
  if (first === undefined) return [];
  const { document, index } = first.place;
  const placed = placedUnit(document, index);
  return placed === null ? [] : sites.map(({ operand }) => rangeOfSpan(placed, operand));
}
