// Bad input shows fifty lines of findings about form a method and a hundred a file, and says exactly how
// many more there are. (A fixture would be too long.)

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, type PlacedFinding } from "../../server/src/features/diagnostics.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

/** A method with so many lines that cannot be read. */
function bad(lines: number): string {
  return `CodeInfo(\n1 ─     nothing\n${"│   @@ ?\n".repeat(lines)}└──     return 1\n) => Int64\n\n`;
}

function findings(...lines: number[]): PlacedFinding[] {
  const workspace = new Workspace();
  workspace.set("a.jlir", lines.map(bad).join(""));
  return diagnose(workspace, "a.jlir");
}

const plain = "this line is not a statement";

function messagesWithCounts(found: readonly PlacedFinding[]): string[] {
  return found.map(({ message }) => message).filter((message) => message !== plain);
}

test("fifty lines of a method are shown, and the others counted", () => {
  assert.deepEqual(messagesWithCounts(findings(50)), []);
  assert.equal(findings(51).length, 50);
  assert.deepEqual(messagesWithCounts(findings(51)), [
    `${plain} (and one more problem in this method)`,
  ]);
  assert.deepEqual(messagesWithCounts(findings(70)), [
    `${plain} (and 20 more problems in this method)`,
  ]);
});

test("a hundred lines of a file are shown, and the others counted", () => {
  const full = findings(40, 40, 20);
  assert.equal(full.length, 100);
  assert.deepEqual(messagesWithCounts(full), []);
  const over = findings(40, 40, 21);
  assert.equal(over.length, 100);
  assert.deepEqual(messagesWithCounts(over), [`${plain} (and one more problem in this file)`]);
  assert.deepEqual(messagesWithCounts(findings(40, 40, 40, 1, 2)), [
    `${plain} (and 23 more problems in this file)`,
  ]);
});

test("what a method does not show counts for the file too", () => {
  const found = findings(70, 50, 3);
  assert.equal(found.length, 100);
  assert.deepEqual(messagesWithCounts(found), [
    `${plain} (and 20 more problems in this method)`,
    `${plain} (and 23 more problems in this file)`,
  ]);
  // Nothing of another method is left out here, so the method's own count is enough.
  assert.deepEqual(messagesWithCounts(findings(50, 70)), [
    `${plain} (and 20 more problems in this method)`,
  ]);
  assert.deepEqual(messagesWithCounts(findings(50, 70, 1)), [
    `${plain} (and 21 more problems in this file)`,
  ]);
});
