// Links from printed places to the Julia source: `@ file:line within …` of debug lines, `from … @ Main
// file:line` of headers. A file's name is looked for beside the document and in the given folders; who
// asks says which files exist, nothing is read here.

import { readDebugLine, readMethodPlace, type SourceLocation } from "../syntax/debuginfo.ts";
import { lineEnd, lineStartsOf, type Range } from "../text/line-index.ts";
import type { Unit } from "../workspace/unit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type PlacedUnit, placedUnit, rangeOf } from "./place.ts";

export interface DocumentLink {
  readonly range: Range;
  readonly target: {
    readonly path: string;
    /** 1-based; 0 where none is printed. */
    readonly line: number;
  };
}

export interface SourceFiles {
  /** Whether there is a file of that path. */
  readonly exists: (path: string) => boolean;
  /** Folders in which relative names are looked up after the document's own. */
  readonly folders: readonly string[];
}

/** The links of a file, in text order; a place whose file is not there is none. */
export function documentLinks(
  workspace: Workspace,
  path: string,
  files: SourceFiles,
): DocumentLink[] {
  const document = workspace.document(path);
  if (document === null) return [];
  const links: DocumentLink[] = [];
  // The same few files occur again and again.
  const known = new Map<string, string | null>();
  const find = (file: string): string | null => {
    let found = known.get(file);
    if (found === undefined) {
      found = candidates(file, path, files.folders).find(files.exists) ?? null;
      known.set(file, found);
    }
    return found;
  };
  document.units.forEach((unit, index) => {
    if (!mayHavePlaces(unit)) return;
    const placed = placedUnit(document, index);
    for (const location of placed === null ? [] : locationsOf(placed)) {
      const target = find(location.file);
      if (placed === null || target === null) continue;
      links.push({
        range: rangeOf(placed, location),
        target: { path: target, line: location.line },
      });
    }
  });
  return links;
}

function mayHavePlaces({ text }: Unit): boolean {
  return text.includes("@ ") || text.includes(" at ");
}

/** Every printed `file:line` of a unit. */
export function locationsOf({ unit }: PlacedUnit): SourceLocation[] {
  const { text } = unit.cleaned();
  const lineStarts = lineStartsOf(text);
  const found: SourceLocation[] = [];
  lineStarts.forEach((start, line) => {
    found.push(...locationsOn(text, start, lineEnd(text, lineStarts, line)));
  });
  return found;
}

const from = /^\s+from /;
const ofEscapes = /^[^\s]*\(.*\) in \S+ at /;

/** The places that the line `[start, end)` names. */
export function locationsOn(text: string, start: number, end: number): readonly SourceLocation[] {
  const debug = readDebugLine(text, start, end);
  if (debug !== null) return debug.locations;
  const head = from.exec(text.slice(start, Math.min(end, start + 16)));
  if (head === null && !ofEscapes.test(text.slice(start, end))) return [];
  const place = readMethodPlace(text, start + (head?.[0].length ?? 0), end);
  return place === null ? [] : [place.location];
}

const absolute = /^(?:[/\\~]|[A-Za-z]:[/\\])/;

/** Paths that a printed file name may stand for, the likeliest first. */
function candidates(file: string, document: string, folders: readonly string[]): string[] {
  // `REPL[3]`, `none` and `In[5]` are no files.
  if (/^(?:none|string|<.*>|(?:REPL|In)\[.*)$/.test(file)) return [];
  if (absolute.test(file)) return [file];
  const name = file.replace(/^\.[/\\]/, "");
  const slash = Math.max(document.lastIndexOf("/"), document.lastIndexOf("\\"));
  const own = slash < 0 ? "" : document.slice(0, slash + 1);
  return [own + name, ...folders.map((folder) => `${folder.replace(/[/\\]$/, "")}/${name}`)];
}
