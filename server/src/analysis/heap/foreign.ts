// What C functions of Julia's runtime do with the objects that are passed to them.
// Source: julia/src/genericmemory.c, array.c, gc-stock.c, builtins.c (facts: what they return and keep).

import type { ForeignFacts } from "./solve.ts";

const making: ForeignFacts = { makes: true, keepsNothing: true };
const asking: ForeignFacts = { makes: false, keepsNothing: true };

const table: ReadonlyMap<string, ForeignFacts> = new Map([
  ["jl_alloc_genericmemory", making],
  ["jl_alloc_array_1d", making],
  ["jl_alloc_array_2d", making],
  ["jl_alloc_array_3d", making],
  ["jl_alloc_vec_any", making],
  ["jl_new_array", making],
  ["jl_alloc_string", making],
  ["jl_egal", asking],
  ["jl_types_equal", asking],
  ["jl_get_world_counter", asking],
  ["jl_gc_queue_root", asking],
]);

/** Facts about the C function `name`; null where nothing is known. */
export function foreignFacts(name: string): ForeignFacts | null {
  return table.get(name) ?? null;
}
