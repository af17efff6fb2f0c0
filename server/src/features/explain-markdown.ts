// Registrations' stories as Markdown: for the clipboard, for a page beside the text, and for a report of a
// problem, which holds the method's text too, so that somebody else can see the same.

import type { Workspace } from "../workspace/workspace.ts";
import { type Chosen, explainRegistration, registrationsAtLine } from "./explain.ts";
import { type MethodPlace, methodAtLine } from "./method-index.ts";
import { statusAt } from "./status.ts";

/** The stories of the registrations, each under a heading with its line. */
export function storiesMarkdown(workspace: Workspace, chosen: readonly Chosen[]): string {
  return chosen
    .map((one) =>
      explainRegistration(workspace, one)
        .map(({ mark, depth, text }) => {
          if (mark === "title") return `### ${text.slice(one.place.path.length + 1)}\n`;
          const indent = "  ".repeat(Math.max(0, depth - 1));
          return `${indent}- ${mark === "" ? "" : `${mark} `}${text}`;
        })
        .join("\n"),
    )
    .join("\n\n");
}

/**
 * A page about the registrations at a line (0-based): those on it, else those that it blocks, else all of
 * the method there.
 *
 * @returns null where no method stands there
 */
export function explainMarkdown(workspace: Workspace, path: string, line: number): string | null {
  const place = methodAtLine(workspace, path, line);
  if (place === null) return null;
  const chosen = registrationsAtLine(workspace, path, line + 1);
  const signature = place.unit.facts()?.signature ?? "a method without a header";
  const stories =
    chosen.length === 0
      ? "This method registers no finalizer."
      : storiesMarkdown(workspace, chosen);
  return `## Finalizers of \`${signature}\`\n\n${contextWords(workspace, path, line)}\n\n${stories}\n`;
}

/** What somebody else needs to see what is seen at a line; paths are left out. */
export function problemMarkdown(
  workspace: Workspace,
  path: string,
  line: number,
  config: { readonly text: string },
): string {
  const parts = [contextWords(workspace, path, line)];
  if (config.text.trim() !== "") {
    parts.push(`\`Finalens.toml\`:\n\n${fenced("toml", config.text)}`);
  }
  const place = methodAtLine(workspace, path, line);
  if (place === null) parts.push("No method stands at the cursor.");
  else {
    parts.push(`The method at the cursor:\n\n${fenced("julia-ir", place.unit.cleaned().text)}`);
    const all = registrationsOf(workspace, place);
    if (all.length > 0) parts.push(`What Finalens says:\n\n${storiesMarkdown(workspace, all)}`);
    else parts.push("Finalens sees no registration in it.");
  }
  return parts.join("\n\n");
}

function contextWords(workspace: Workspace, path: string, line: number): string {
  const { profile, profileBy, assumptions, method } = statusAt(workspace, path, line);
  const why = { choice: "chosen", text: "by the text", newest: "the newest" }[profileBy];
  const parts = [`Profile ${profile} (${why})`, `assumptions ${assumptions}`];
  if (method !== null) parts.push(`stage ${method.stage}`);
  return parts.join(" · ");
}

function registrationsOf(workspace: Workspace, place: MethodPlace): Chosen[] {
  return workspace.report(place.unit).registrations.map((_, index) => ({ place, index }));
}

/** The text in a fence that nothing in it can close. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/^\s*\n|\s+$/g, "")}\n${fence}`;
}
