// The loop that carries out a method's blocks.

import { at } from "../../ir/graph.ts";
import type { Method } from "../../ir/method.ts";
import type { Placement } from "../../ir/placed.ts";
import type { Block } from "./code.ts";
import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { Stop, Thrown } from "./outcome.ts";
import { carryOut, noteNeed } from "./placing.ts";
import type { Value } from "./value.ts";

/** Where control is: in `block`, come from `from` (0: from the entry or by an exception). */
interface Place {
  block: number;
  from: number;
  result: Value | undefined;
}

/** Runs the frame to its `return`; what it throws is thrown. */
export function evaluate(machine: Machine, frame: Frame): Value | undefined {
  const place: Place = { block: 1, from: 0, result: undefined };
  for (;;) {
    try {
      while (place.block > 0) runBlock(machine, frame, place);
      return place.result;
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      const handler = unwind(frame, error);
      if (handler === 0) throw error;
      place.from = frame.code.method.blockOf[frame.at] ?? 0;
      place.block = handler;
    }
  }
}

/** Opens the innermost region's handler; 0 where the exception leaves the frame. */
function unwind(frame: Frame, { value }: Thrown): number {
  for (;;) {
    const region = frame.regions.at(-1);
    if (region === undefined) return 0;
    if (region.handler > 0 && !region.isHandling) {
      if (frame.code.countsRegions) region.isHandling = true;
      else frame.regions.pop();
      frame.exceptions.length = Math.min(frame.exceptions.length, region.nExceptions);
      frame.exceptions.push(value);
      return region.handler;
    }
    frame.regions.pop();
  }
}

function runBlock(machine: Machine, frame: Frame, place: Place): void {
  const { code, values } = frame;
  const block = code.blocks[place.block];
  if (block === undefined) throw new Stop("unreachable", "control leaves the method");
  enterBlock(machine, frame, place, block);
  for (const step of block.steps) {
    machine.steps++;
    frame.at = step.position;
    if (step.isSafepoint) machine.pointBefore(step.isCounted);
    machine.countReferences();
    if (machine.running === null) machine.time++;
    values[step.position] = step.act(machine, frame);
    if (step.after.length > 0) carryOut(machine, frame, step.after);
  }
  leaveBlock(machine, frame, place, block);
}

function enterBlock(machine: Machine, frame: Frame, place: Place, block: Block): void {
  const { code } = frame;
  machine.step();
  if (block.before.length > 0) carryOut(machine, frame, block.before);
  runPhis(machine, frame, place.from, block);
  if (frame.watched.length > 0 || code.hasPlacements) {
    const before = frame.entered[place.block] ?? -1;
    if (before > frame.cycleSince) frame.cycleSince = before;
    frame.entered[place.block] = machine.steps;
    if (frame.watched.length > 0) noteNeed(machine, frame, firstNonPhi(code.method, place.block));
  }
  if (block.head.length > 0) runHead(machine, frame, block);
}

/** φᶜ nodes are read before what stands at the head of a handler. */
function runHead(machine: Machine, frame: Frame, block: Block): void {
  for (const step of block.steps) {
    if (frame.code.method.statements[step.position - 1]?.kind !== "phic") break;
    frame.values[step.position] = step.act(machine, frame);
  }
  carryOut(machine, frame, block.head);
}

function runPhis(machine: Machine, frame: Frame, from: number, { phis }: Block): void {
  const [first] = phis;
  if (first === undefined) return;
  if (phis.length === 1) {
    frame.values[first.position] = first.from.get(from)?.(frame, machine);
    return;
  }
  const taken = phis.map((phi) => phi.from.get(from)?.(frame, machine));
  phis.forEach((phi, index) => {
    frame.values[phi.position] = taken[index];
  });
}

function leaveBlock(machine: Machine, frame: Frame, place: Place, block: Block): void {
  const { terminator } = block;
  const from = place.block;
  frame.at = (frame.code.method.firstOf[from + 1] ?? 1) - 1;
  machine.countReferences();
  // What is placed behind a terminator stands in a step of its own, which has counted it.
  const isCounted = terminator.kind === "fall" || block.steps.at(-1)?.position === frame.at;
  if (machine.running === null && !isCounted) machine.time++;
  let to = from + 1;
  switch (terminator.kind) {
    case "goto":
      to = terminator.target;
      break;
    case "branch":
      if (terminator.condition(frame, machine) === false) to = terminator.target;
      break;
    case "return": {
      place.result = terminator.value(frame, machine);
      // The caller of the whole run may look at what it gets.
      const isWhole = machine.frames.length === 1 && machine.running === null;
      if (isWhole) machine.useDeeply(place.result);
      place.block = 0;
      return;
    }
    case "unreachable":
      throw new Stop("unreachable", `block ${from}`);
    case "enter":
      frame.values[terminator.position] = null;
      frame.regions.push({
        enter: terminator.position,
        handler: terminator.handler,
        isHandling: false,
        nExceptions: frame.exceptions.length,
      });
  }
  const onEdge = edgeOf(frame, from, to);
  if (onEdge !== undefined) carryOut(machine, frame, onEdge);
  place.from = from;
  place.block = to;
}

function edgeOf(frame: Frame, from: number, to: number): readonly Placement[] | undefined {
  const { edges, method } = frame.code;
  return edges.size === 0 ? undefined : edges.get(from * (method.nBlocks + 1) + to);
}

/** The first position of a block that is no φ node. */
function firstNonPhi(method: Method, block: number): number {
  let position = at(method.firstOf, block);
  while (method.statements[position - 1]?.kind === "phi") position++;
  return position;
}
