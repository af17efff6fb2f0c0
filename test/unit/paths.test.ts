// URIs as paths: by their form, as the machine's own conversion does it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inFolder, isBelow, pathOfUri, uriOfPath } from "../../server/src/lsp/paths.ts";

test("a path on disk and its URI lead to each other", () => {
  for (const [path, uri] of [
    ["/a/b.jlir", "file:///a/b.jlir"],
    ["/a b/100%/#1?.jlir", "file:///a%20b/100%25/%231%3F.jlir"],
    ["/ä/π\\φ.jlir", "file:///%C3%A4/%CF%80%5C%CF%86.jlir"],
    ["c:\\a b\\c.jlir", "file:///c:/a%20b/c.jlir"],
    ["\\\\host\\share\\c.jlir", "file://host/share/c.jlir"],
  ] as const) {
    assert.equal(uriOfPath(path), uri);
    assert.equal(pathOfUri(uri), path);
    if (path.startsWith("/") && process.platform !== "win32")
      assert.equal(uri, pathToFileURL(path).href);
  }
});

test("a drive's colon may be encoded, as VS Code does it", () => {
  assert.equal(pathOfUri("file:///c%3A/a.jlir"), "c:\\a.jlir");
});

test("what names no path goes by its URI", () => {
  for (const uri of [
    "untitled:Untitled-1",
    "vscode-vfs://github/a/b.jlir",
    "file:///a%2Fb.jlir",
    "file:///a%E0.jlir",
  ]) {
    assert.equal(pathOfUri(uri), uri);
    if (!uri.startsWith("file:")) assert.equal(uriOfPath(uri), uri);
  }
});

test("a folder holds what stands below it, and no sibling with a longer name", () => {
  assert.ok(isBelow("/a/b", "/a/b/c/d.jlir"));
  assert.ok(isBelow("c:\\", "c:\\d.jlir"));
  assert.ok(isBelow("vscode-vfs://github/a/b/", "vscode-vfs://github/a/b/d.jlir"));
  assert.ok(!isBelow("/a/b", "/a/bc/d.jlir"));
});

test("a file at a folder's root has the folder's separator", () => {
  assert.equal(inFolder("/a/b", "F.toml"), "/a/b/F.toml");
  assert.equal(inFolder("c:\\a", "F.toml"), "c:\\a\\F.toml");
  assert.equal(inFolder("vscode-vfs://github/a/", "F.toml"), "vscode-vfs://github/a/F.toml");
});
