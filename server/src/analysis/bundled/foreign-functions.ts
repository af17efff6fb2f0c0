// Facts about C functions that typed IR calls again and again. Julia's compiler does not know them (an
// unmarked C call is taken to do anything), so the profiles must not either; our own analysis may.
// Whatever rests on them has the origin *bundled*.
// Source: C standard and POSIX for libc; Julia's src/julia.h, src/gc-interface.h, src/builtins.c,
// src/genericmemory.c, src/task.c, src/threading.c (facts: what the function raises, allocates, frees).

import type { Act } from "./acts.ts";

/** What a C function does and does not. An effect that is not listed is not known. */
export interface ForeignFacts {
  /** It raises no Julia exception. */
  readonly nothrow: boolean;
  /** Neither reads nor changes anything of the running task. False: it does. */
  readonly notaskstate: boolean;
  /** Nothing that the program can see changes. */
  readonly effectFree: boolean;
  readonly terminates: boolean;
  /** It touches no memory but what it makes itself. */
  readonly inaccessiblememonly: boolean;
  /** 1-based number of the C argument whose foreign memory it frees; 0 for none. */
  readonly releases: number;
  /** Its result is foreign memory that somebody has to free. */
  readonly allocates: boolean;
  /** Its result is a new Julia object that nothing else holds. */
  readonly makesObject: boolean;
  /** C argument that the result points into; 0 for none. No function here keeps an argument. */
  readonly pointsInto: number;
  readonly acts: readonly Act[];
}

const base: ForeignFacts = {
  nothrow: true,
  notaskstate: true,
  effectFree: false,
  terminates: true,
  inaccessiblememonly: false,
  releases: 0,
  allocates: false,
  makesObject: false,
  pointsInto: 0,
  acts: [],
};

function list(names: string, facts: Partial<ForeignFacts>): [string, ForeignFacts][] {
  return names.split(" ").map((name) => [name, { ...base, ...facts }]);
}

const table: ReadonlyMap<string, ForeignFacts> = new Map([
  // libc. None of them unwinds into Julia, blocks, or keeps a pointer.
  ...list("malloc calloc aligned_alloc", { allocates: true, acts: ["allocates"] }),
  ...list("realloc", { allocates: true, releases: 1, acts: ["allocates", "releases"] }),
  ...list("free", { releases: 1, acts: ["releases"] }),
  ...list("memset memcpy memmove", { pointsInto: 1 }),
  ...list("memcmp strlen strcmp strncmp wcslen", { effectFree: true }),
  ...list("memchr strchr", { effectFree: true, pointsInto: 1 }),
  // Julia's runtime: questions about a value, pointers into it.
  ...list("jl_value_ptr jl_string_ptr jl_array_ptr jl_symbol_name", {
    effectFree: true,
    inaccessiblememonly: true,
    pointsInto: 1,
  }),
  ...list("jl_object_id", { effectFree: true, inaccessiblememonly: true }),
  ...list("jl_cpu_pause", { effectFree: true, inaccessiblememonly: true }),
  ...list("jl_hrtime jl_get_world_counter jl_is_assertsbuild", { effectFree: true }),
  // New objects. A length that is out of range raises an exception.
  ...list("jl_alloc_genericmemory jl_alloc_string jl_alloc_array_1d jl_alloc_array_2d", {
    nothrow: false,
    effectFree: true,
    inaccessiblememonly: true,
    makesObject: true,
  }),
  ...list("jl_alloc_array_3d jl_new_array", {
    nothrow: false,
    effectFree: true,
    inaccessiblememonly: true,
    makesObject: true,
  }),
  ...list("jl_cstr_to_string jl_pchar_to_string", {
    nothrow: false,
    effectFree: true,
    makesObject: true,
  }),
  // The running task.
  ...list("jl_get_current_task jl_threadid jl_get_ptls_states", {
    effectFree: true,
    notaskstate: false,
  }),
  // Inhibiting finalizers is what taking a lock starts with, and ending it runs pending ones.
  ...list("jl_gc_disable_finalizers_internal", { notaskstate: false, acts: ["locks"] }),
  ...list("jl_gc_enable_finalizers jl_gc_enable_finalizers_internal jl_gc_run_pending_finalizers", {
    notaskstate: false,
    terminates: false,
    acts: ["locks"],
  }),
  ...list("uv_mutex_lock uv_mutex_trylock uv_mutex_unlock jl_iolock_begin jl_iolock_end", {
    notaskstate: false,
    terminates: false,
    acts: ["locks"],
  }),
  // Registrations.
  ...list("jl_gc_add_ptr_finalizer jl_gc_add_quiescent jl_gc_add_finalizer_th", {
    notaskstate: false,
    acts: ["registers"],
  }),
  ...list("jl_gc_add_finalizer", { nothrow: false, notaskstate: false, acts: ["registers"] }),
  // Control goes elsewhere.
  ...list("jl_switch jl_task_wait jl_process_events uv_run jl_task_get_next jl_run_event_loop", {
    nothrow: false,
    notaskstate: false,
    terminates: false,
    acts: ["waits"],
  }),
  ...list("usleep nanosleep sleep uv_sleep", { terminates: true, acts: ["waits"] }),
  // Input and output. Julia's own takes a lock; what the kernel does has no task.
  ...list("jl_uv_puts jl_uv_putb jl_uv_putc jl_safe_printf jl_static_show printf puts putchar", {
    notaskstate: false,
    terminates: false,
    acts: ["io"],
  }),
  ...list("write read open fopen fread fwrite fflush", { terminates: false, acts: ["io"] }),
  ...list("close fclose", { acts: ["io", "releases"] }),
]);

/** Facts about the C function of that bare name; null where the table has none. */
export function foreignFacts(name: string): ForeignFacts | null {
  return table.get(name) ?? null;
}

/** Names in the table, for tests. */
export function foreignNames(): string[] {
  return [...table.keys()];
}
