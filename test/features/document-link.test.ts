// Links lead from printed places to files that exist, and to nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { documentLinks } from "../../server/src/features/document-link.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

const path = "/work/dumps/test.jlir";

/** `text → path:line` of each link, where the files of the list exist. */
function links(text: string, files: readonly string[], folders: readonly string[] = []): string[] {
  const workspace = new Workspace();
  workspace.set(path, text);
  const exists = (file: string): boolean => files.includes(file);
  return documentLinks(workspace, path, { exists, folders }).map(({ range, target }) => {
    const line = text.split("\n")[range.start.line] ?? "";
    const place = line.slice(range.start.character, range.end.character);
    return `${place} → ${target.path}:${target.line}`;
  });
}

const dump = `MethodInstance for f(::Int64)
  from f(x) @ Main mwe.jl:11
CodeInfo(
   @ mwe.jl:12 within \`f\`
  ┌ @ /usr/a b/int.jl:518 within \`==\` @ promotion.jl:483
1 ─│ %1 = (x === 1)::Bool
│  └
└──     return %1
) => Bool
`;

test("a name is looked for beside the document", () =>
  assert.deepEqual(links(dump, ["/work/dumps/mwe.jl"]), [
    "mwe.jl:11 → /work/dumps/mwe.jl:11",
    "mwe.jl:12 → /work/dumps/mwe.jl:12",
  ]));

test("a name is looked for in the given folders after that", () => {
  const folders = ["/julia/base/"];
  assert.deepEqual(links(dump, ["/julia/base/promotion.jl"], folders), [
    "promotion.jl:483 → /julia/base/promotion.jl:483",
  ]);
  assert.deepEqual(links(dump, ["/julia/base/mwe.jl", "/work/dumps/mwe.jl"], folders), [
    "mwe.jl:11 → /work/dumps/mwe.jl:11",
    "mwe.jl:12 → /work/dumps/mwe.jl:12",
  ]);
});

test("an absolute path may hold blanks", () =>
  assert.deepEqual(links(dump, ["/usr/a b/int.jl"]), [
    "/usr/a b/int.jl:518 → /usr/a b/int.jl:518",
  ]));

test("the older words for a place, and the header of code_escapes, are read too", () => {
  const old = "MethodInstance for f()\n  from f() in Main at mwe.jl:3\n1 ─     return 1\n";
  assert.deepEqual(links(old, ["/work/dumps/mwe.jl"]), ["mwe.jl:3 → /work/dumps/mwe.jl:3"]);
  assert.deepEqual(links("f(✓ x::T) in Main at mwe.jl:4\n", ["/work/dumps/mwe.jl"]), [
    "mwe.jl:4 → /work/dumps/mwe.jl:4",
  ]);
});

test("links stand where the text stands in a coloured dump", () => {
  const coloured = "1 ─ %1 = f()\n\x1b[33m│  ┌ @ mwe.jl:9 within `f`\x1b[39m\n";
  assert.deepEqual(links(coloured, ["/work/dumps/mwe.jl"]), ["mwe.jl:9 → /work/dumps/mwe.jl:9"]);
});

test("without files, and in a REPL, there are no links", () => {
  assert.deepEqual(links(dump, []), []);
  const repl = "MethodInstance for f()\n  from f() @ Main REPL[3]:1\n";
  assert.deepEqual(links(repl, ["/work/dumps/REPL[3]", "/work/dumps/none"]), []);
});

test("prose that names a file is left alone", () =>
  assert.deepEqual(links("It is at mwe.jl:3, see f() in Main at mwe.jl\n", ["mwe.jl"]), []));
