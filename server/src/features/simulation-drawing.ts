// A simulation as a picture, in shapes: one strip for each policy, one below the other on the same scales, since
// curves of policies often coincide. Each shows as a step curve what is held over executed statements, and
// behind the method's end what its exit releases; grey behind it what is held if nothing is collected.
// How shapes look is the business of whoever draws them, by their classes.

import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import type { PolicyRun, Simulation } from "./simulate.ts";
import { policyWords, quantity } from "./simulation-words.ts";

const width = 900;
const left = 236;
const right = 876;
const top = 76;
const strip = 58;
const gap = 20;
/** How wide the part behind the method's end is, in which exit happens. */
const exitWidth = 48;

/** One element of SVG. */
export interface Shape {
  readonly tag: "rect" | "path" | "text";
  /** `class` and geometry; in the order in which they are written. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** What a `text` says; empty else. */
  readonly words: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The picture in words, for who cannot see it. */
  readonly description: string;
  readonly shapes: readonly Shape[];
}

type Scale = (value: number) => number;
type Point = [x: number, y: number];

/** The picture in shapes, those behind first. */
export function drawingOf(simulation: Simulation): Drawing {
  const { policies, unit } = simulation;
  const steps = Math.max(1, ...policies.map((one) => one.steps));
  const peak = Math.max(1, ...policies.map((one) => one.peak));
  const x = scaleLinear([0, steps], [left, right - exitWidth]);
  const bottom = top + policies.length * (strip + gap) - gap;
  const height = bottom + 64;
  const end = x(steps);
  const ticks = x.ticks(8).filter((tick) => Number.isInteger(tick) && x(tick) < end - 24);
  const reference = policies.find(({ policy }) => policy === "gc-never");
  const title = titleOf(simulation);
  const shapes = [
    shape("rect", { class: "ground", width, height }),
    text(24, 30, title, { class: "title" }),
    text(24, 50, subtitleOf(simulation), { class: "quiet" }),
    ...policies.flatMap((run, index) => {
      const base = top + index * (strip + gap) + strip;
      const y = scaleLinear([0, peak], [base, base - strip]);
      return stripOf(run, reference, unit, x, y, peak);
    }),
    ...[...ticks, steps].map((tick) =>
      text(x(tick), bottom + 18, `${tick}`, { class: "quiet", "text-anchor": "middle" }),
    ),
    shape("path", {
      class: "axis",
      "stroke-dasharray": "3 3",
      d: `M${round(end)} ${top - 6}V${bottom}`,
    }),
    text(end + exitWidth / 2, top - 10, "exit", { class: "quiet", "text-anchor": "middle" }),
    text((left + end) / 2, bottom + 42, "executed statements", { "text-anchor": "middle" }),
  ];
  return { width, height, title, description: descriptionOf(simulation), shapes };
}

function shape(tag: Shape["tag"], attributes: Shape["attributes"]): Shape {
  return { tag, attributes, words: "" };
}

/** One policy: its name with its numbers, its scale, what is held without a collector, and its curve. */
function stripOf(
  run: PolicyRun,
  reference: PolicyRun | undefined,
  unit: Simulation["unit"],
  x: Scale,
  y: Scale,
  peak: number,
): Shape[] {
  const { policy, average } = run;
  const [zero, full] = [round(y(0)), round(y(peak))];
  const numbers = `peak ${short(run.peak, unit)}, average ${short(average, unit)}`;
  const filled = area<Point>()
    .x(([at]) => at)
    .y0(zero)
    .y1(([, level]) => level)
    .curve(curveStepAfter)
    .digits(1);
  const points = pointsOf(run, x, y);
  const behind = reference === undefined ? [] : pointsOf(reference, x, y);
  // A curve that falls early because the run goes wrong must not look like a good one.
  const [fault = ""] = run.faults[0]?.split(/[ :]/) ?? [];
  return [
    shape("rect", { class: `key ${policy}`, x: 24, y: full + 7, width: 12, height: 12, rx: 2 }),
    text(44, full + 18, policyWords[policy], { class: "name" }),
    text(44, full + 36, numbers, { class: "quiet" }),
    ...(fault === "" ? [] : [text(44, full + 53, `wrong: ${fault}`, { class: "fault" })]),
    text(left - 8, zero + 4, "0", { class: "quiet", "text-anchor": "end" }),
    text(left - 8, full + 4, short(peak, unit), { class: "quiet", "text-anchor": "end" }),
    shape("path", { class: "grid", d: `M${left} ${full}H${right}` }),
    shape("path", { class: "reference", d: filled(behind) ?? "" }),
    shape("path", { class: `held ${policy}`, d: filled(points) ?? "" }),
    shape("path", { class: "axis", d: `M${left} ${zero}H${right}` }),
    shape("path", {
      class: `curve ${policy}`,
      d: line().curve(curveStepAfter).digits(1)(points) ?? "",
    }),
  ];
}

/** Of points that share half a pixel column only those that show: the ends, the lowest, the highest. */
function thinned(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  const column = ([at]: Point): number => Math.round(at * 2);
  for (let from = 0; from < points.length; ) {
    let to = from;
    let [low, high] = [from, from];
    const own = column(points[from] ?? [0, 0]);
    for (; to < points.length && column(points[to] ?? [0, 0]) === own; to++) {
      const level = points[to]?.[1] ?? 0;
      if (level < (points[low]?.[1] ?? 0)) low = to;
      if (level > (points[high]?.[1] ?? 0)) high = to;
    }
    const shown = [...new Set([from, low, high, to - 1])].sort((a, b) => a - b);
    for (const index of shown) kept.push(points[index] ?? [0, 0]);
    from = to;
  }
  return kept;
}

/** The curve until the method ends, what is held then until half the exit, and then what never goes. */
function pointsOf(run: PolicyRun, x: Scale, y: Scale): Point[] {
  const end = x(run.steps);
  return [
    ...thinned(run.curve.map(([step, held]): Point => [x(step), y(held)])),
    [end + exitWidth / 2, y(run.leaked)],
    [end + exitWidth, y(run.leaked)],
  ];
}

function titleOf({ method, arguments: args }: Simulation): string {
  const list = args.map(({ name, value }) => `${name} = ${value}`).join(", ");
  return list === "" ? method : `${method}, ${list}`;
}

function unitWords(unit: Simulation["unit"]): string {
  return unit === "bytes" ? "C memory that is held" : "objects whose finalizers have not run";
}

function subtitleOf({ profile, unknown, unit }: Simulation): string {
  const opaque = unknown.filter(({ kind }) => kind === "callee" || kind === "foreign").length;
  const words = `${unitWords(unit)}, by when finalizers run; grey: if no collector runs; Julia ${profile}`;
  return opaque === 0 ? words : `${words}; ${opaque} callee${opaque === 1 ? "" : "s"} without text`;
}

/** The curves in words, for who cannot see them. */
function descriptionOf({ policies, unit }: Simulation): string {
  const rows = policies.map(({ policy, peak, average, atReturn, faults }) => {
    const [most, mean, last] = [peak, average, atReturn].map((one) => quantity(one, unit));
    const wrong = faults.length === 0 ? "" : `, wrong: ${faults.join("; ")}`;
    return `${policyWords[policy]}: at most ${most}, ${mean} on average, ${last} at the return${wrong}`;
  });
  return `${unitWords(unit)} over executed statements. ${rows.join(". ")}.`;
}

/** A quantity in three digits: `7.81 kB`. */
function short(n: number, unit: Simulation["unit"]): string {
  if (unit === "objects" || n < 1000) return quantity(Math.round(n * 10) / 10, unit);
  const power = Math.min(4, Math.floor(Math.log10(n) / 3));
  return `${Number((n / 1000 ** power).toPrecision(3))} ${"kMGT".charAt(power - 1)}B`;
}

function text(x: number, y: number, words: string, attributes: Shape["attributes"]): Shape {
  return { tag: "text", attributes: { x: round(x), y: round(y), ...attributes }, words };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
