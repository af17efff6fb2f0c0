// README's five steps to the ladder of one's own method, as they are written there: who renames a command
// without them fails here. The first two, packing and installing, are what every test here begins with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { useWindow } from "./use-window.ts";

const open = useWindow();

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The numbered lines below the sentence that promises them. */
function steps(): string[] {
  const readme = readFileSync(`${root}README.md`, "utf8");
  const [, below = ""] = readme.split("To see the ladder of your own method in VS Code:");
  return [...below.matchAll(/^\d\. (.*)$/gm)].map(([, step = ""]) => step);
}

/** What Julia 1.13 answers to the call of the third step, for a method whose finalizer cannot be seen into. */
const printed = `julia> Base.code_ircode(seed_noinline_use, (Int,); optimize_until = "compact 2")
1-element Vector{Any}:
29 1 ─ %1 = intrinsic Base.mul_int(_2, 8)::Int64
   │   %2 = intrinsic Base.bitcast(UInt64, %1)::UInt64
   │   %3 = $(Expr(:foreigncall, :(:malloc), Ptr{Float64}, svec(UInt64), 0, :(:ccall), :(%2), :(%2)))::Ptr{Float64}
   │   %4 = %new(ForeignBuffer{Float64}, %3)::ForeignBuffer{Float64}
   │          builtin (Core.finalizer)(var"#quiet_alloc##0#quiet_alloc##1"(), %4)::Nothing
30 │           invoke Main.use(%4::ForeignBuffer{Float64})::Core.Const(nothing)
   └──      return nothing
    => Nothing
`;

test("README's five steps lead to the ladder", async (context) => {
  const { workbench } = await open(context);
  const [pack, install, print, analyse, next, ...others] = steps();
  assert.deepEqual(others, []);
  assert.match(pack ?? "", /`npm run package`/);
  assert.match(install ?? "", /`code --install-extension dist\/finalens\.vsix`/);
  const call = /`Base\.code_ircode\(f, \(Int,\); (.*)\)`/.exec(print ?? "")?.[1] ?? "nothing";
  assert.ok(printed.includes(call), print);
  await workbench.copy(printed);
  for (const step of [analyse, next]) {
    const [, command = ""] = /\*(Finalens: [^*]+)\*/.exec(step ?? "") ?? [];
    await workbench.command(command);
    await workbench.lineShows(7, "Core.finalizer");
  }
  const hover = workbench.page.locator(".monaco-resizable-hover .monaco-hover");
  await hover.filter({ hasText: "Finalizer of %4" }).waitFor();
  await hover.filter({ hasText: "✓ object allocated here" }).waitFor();
  await workbench.page.getByText(/^Ln 7, Col/).waitFor();
});
