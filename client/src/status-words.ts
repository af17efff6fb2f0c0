// The words of the status item. Nothing of the editor is needed here.
import type { Analysed, ServerStatus } from "./wire.ts";

const reasons: Readonly<Record<ServerStatus["profileBy"], string>> = {
  setting: "by the setting finalens.profile",
  file: "by Finalens.toml",
  text: "by the text",
  newest: "the newest, since the text fits all",
};

const stages: Readonly<Record<NonNullable<ServerStatus["method"]>["stage"], string>> = {
  lowered: "lowered code: finalizers are not decided on it",
  typed: "typed code before optimisation: finalizers are not decided on it",
  optimized: "optimised code",
  final: "final code: Julia has decided",
  unknown: "stage not known",
};

/**
 * @param status null while nothing is known, or no document of the language is at hand
 * @param analysed the last analysis, null before the first
 */
export function statusWords(
  status: ServerStatus | "down" | null,
  analysed: Analysed | null,
): { readonly text: string; readonly detail: string } {
  if (status === "down") return { text: "Finalens", detail: "the server does not run" };
  if (status === null) return { text: "Finalens", detail: "" };
  const { profile, profileBy, assumptions, method } = status;
  const parts = [reasons[profileBy]];
  if (method !== null) parts.push(stages[method.stage]);
  parts.push(assumptions === 1 ? "1 assumption" : `${assumptions} assumptions`);
  if (analysed !== null) parts.push(`analysed in ${analysed.milliseconds} ms`);
  return { text: `Julia rules: ${profile}`, detail: parts.join(" · ") };
}
