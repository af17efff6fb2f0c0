// Names by which hazards know what functions do: foreign libraries, the wrappers around them, and the parts
// of Base that wait. Knowledge about names only; a name that is not here is a function of which nothing is
// known.
// Source (facts: names, order of arguments, what is documented): CUDA driver and runtime API, HIP runtime API,
// MPI 4.1 §11 (start and end) and the chapters on non-blocking calls, HDF5 reference (H5close), SQLite C
// interface, GLFW and SDL reference, netCDF C API, Python C API (initialisation), OpenSHMEM, FFTW manual §4.2,
// PETSc manual pages, RMM, DPDK and GLib allocators; CUDA.jl, AMDGPU.jl, oneAPI.jl, Metal.jl (their stream
// types and wrappers); base/task.jl, base/lock.jl, base/channels.jl, base/stream.jl, src/threading.c.

/** Julia functions that free what they are handed. */
export const freeing: RegExp =
  /^(?:finalize|unsafe_free!|unsafe_finalize!|free!?|destroy!?|dealloc!?|release!?)$/;

/** Functions that only ask. */
export const asking: RegExp =
  /^(?:isopen|isvalid|show|print|println|string|objectid|hash|isequal)$/;

/** C functions that go on using their arguments behind the call. */
export const asynchronous: RegExp =
  /^(?:MPI_I(?:send|recv|bcast|allreduce|reduce|gather|scatter)\w*|(?!\w*(?:Free|[Aa]lloc))(?:cu|cuda|hip)\w*Async\w*|aio_(?:read|write)|uv_(?:fs_)?(?:read|write)\w*|io_uring_prep\w*)$/;

/** C functions that all processes must call together. */
export const collective: RegExp =
  /^(?:MPI_(?:Comm|Win|File|Group|Datatype)_(?:free|close|disconnect)|ncclComm\w*Destroy|n?v?shmem_free|H5Fclose|H5Dclose)$/;

/** C functions that belong to one thread or context. */
export const bound: RegExp =
  /^(?:(?:gl|egl|wgl)[A-Z]\w*|glX\w*|gtk_\w*|SDL_\w*|glfw\w*|cuCtxDestroy\w*|Py_DecRef)$/;

/** Whether a function of that name waits for work that others have started. */
export function isWaiting(name: string): boolean {
  // `…Async` has the letters of `sync`, and is the opposite.
  return /wait|sync|_test|join|fence|finish/i.test(name.replace(/async/gi, ""));
}

// Streams and queues.

/** Types whose values are streams or queues on which a device works in order. */
export const streamTypes: ReadonlySet<string> = new Set(
  "CuStream HIPStream ROCQueue ZeCommandQueue MTLCommandQueue syclQueue".split(" "),
);

/** Functions that answer with the stream of the running task. */
export const taskStream: RegExp =
  /^(?:stream|task_stream|current_stream|active_stream|global_queue)$/;

/** Functions whose result is a new stream. */
export const streamMaker: RegExp =
  /^(?:CuStream|HIPStream|ROCQueue|ZeCommandQueue|MTLCommandQueue)$/;

/**
 * Where a C function takes the stream on which it enqueues: 0-based number of the argument, −1 for the last
 * one; null where it takes none, or is not known.
 */
export function enqueuedOn(name: string): number | null {
  if (
    /^(?:cuLaunch(?:Cooperative)?Kernel|hipModuleLaunch(?:Cooperative)?Kernel)(?:_ptsz)?$/.test(
      name,
    )
  )
    return 8;
  if (/^(?:cudaLaunch|hipLaunch)(?:Cooperative)?Kernel(?:_ptsz)?$/.test(name)) return -1;
  return /^(?:cuMem(?:cpy|set|Prefetch)|cudaMem(?:cpy|set|Prefetch)|hipMem(?:cpy|set|Prefetch))\w*Async(?:_v2)?(?:_ptsz)?$/.test(
    name,
  )
    ? -1
    : null;
}

/** Wrappers that enqueue on the stream that they are handed. */
export const launching: RegExp = /^(?:launch|cudacall|execute!|append_launch!)$/;

/** Wrappers that do so only where they are told not to wait. */
export const copying: RegExp =
  /^(?:unsafe_copyto!|unsafe_copy2d!|unsafe_copy3d!|unsafe_fill!|unsafe_memset!|copyto!|memcpy!?)$/;

/** C functions that free when the stream, their last argument, gets there; the memory goes to a pool. */
export const freedInOrder: RegExp = /^(?:cuMemFreeAsync|cudaFreeAsync|hipFreeAsync)(?:_ptsz)?$/;

/** Wrappers that do so on the stream that they are handed. */
export const freedInOrderBy: RegExp =
  /^(?:free|unsafe_free!|pool_free|free_async|unsafe_free_async)$/;

/** C functions that wait for the whole device before they free. */
export const freedWhenIdle: RegExp = /^(?:cuMemFree(?:_v2)?|cudaFree|hipFree)$/;

// Pools.

/** C functions and wrappers that give memory back to a pool. */
export const toPool: RegExp =
  /^(?:(?:cuMemFreeAsync|cudaFreeAsync|hipFreeAsync)(?:_ptsz)?|(?:\w+_)?(?:mem)?pool_(?:free|put|release|return|give)\w*!?|(?:free|put|release|return|give)_?(?:back_)?to_pool!?|g_slice_free1|rmm(?:Free|_dealloc\w*))$/;

/** Functions that put their further arguments into the first one. */
export const putting: RegExp = /^(?:push!|pushfirst!|put!|setindex!|append!)$/;

/**
 * How the type or the name of something is spelled that is a pool: from a list of what is still to be freed
 * nothing is handed out.
 */
export const poolName: RegExp =
  /^(?!.*(?:to_?free|defer|pending)).*(?:pool|free_?list|arena|recycl)/i;

// Tasks.

/** Where a task may be switched: the function, and the type that some argument must have; null: any. */
const switches: readonly (readonly [RegExp, RegExp | null])[] = [
  [/^(?:wait|yield|yieldto|try_yieldto|sleep|timedwait|wait_forever)$/, null],
  [/^(?:lock|slowlock|acquire)$/, /(?:^|\.)(?:ReentrantLock|Semaphore|ReadWriteLock)$/],
  [/^(?:take!|put!)$/, /(?:^|\.)(?:Channel|RemoteChannel)(?:\{|$)/],
  [/^fetch$/, /(?:^|\.)(?:Task|Channel|Future|RemoteChannel)(?:\{|$)/],
  [
    /^(?:print|println|write|unsafe_write|flush|read|eof|readline|close)$/,
    /(?:^|\.)(?:TTY|PipeEndpoint|TCPSocket|LibuvStream|LibuvServer)$/,
  ],
];

/** C functions that do so. */
export const switchingForeign: RegExp = /^(?:jl_switch|jl_task_wait)$/;

/** Whether a call of that function may switch to another task. */
export function maySwitch(name: string, argumentTypes: readonly string[]): boolean {
  return switches.some(
    ([names, types]) =>
      names.test(name) && (types === null || argumentTypes.some((type) => types.test(type))),
  );
}

/** Functions that answer, when asked for nothing, with the number or the storage of the running thread. */
export const ofThread: RegExp = /^(?:threadid|jl_threadid|jl_get_ptls_states)$/;

/** Functions that take or leave a lock under which no task may be switched. */
export const entering: RegExp = /^(?:jl_iolock_begin|iolock_begin)$/;
export const leaving: RegExp = /^(?:jl_iolock_end|iolock_end)$/;

/** Locks that are held by a thread, which spins until they are free. */
export const spinLock: RegExp = /(?:^|\.)(?:Padded)?SpinLock$/;

// Libraries that are shut down.

export interface Library {
  readonly name: string;
  /** What shuts it down; afterwards nothing of `members` may be called. */
  readonly shutdown: RegExp;
  readonly members: RegExp;
  /** Functions that may be called all the same, most of them to ask whether it is there. */
  readonly allowed: RegExp | null;
}

export const libraries: readonly Library[] = [
  {
    name: "MPI",
    shutdown: /^P?MPI_Finalize$/,
    members: /^P?MPI_/,
    allowed: /^P?MPI_(?:Finalized|Initialized|Get_(?:library_)?version)$/,
  },
  {
    name: "HDF5",
    shutdown: /^H5close$/,
    members: /^H5[A-Z]{1,2}(?:close|free)\w*$/,
    allowed: /^H5is_library_terminating$/,
  },
  {
    name: "SQLite",
    shutdown: /^sqlite3_shutdown$/,
    members: /^sqlite3_(?:close|finalize|blob_close|backup_finish)(?:_v2)?$/,
    allowed: null,
  },
  { name: "GLFW", shutdown: /^glfwTerminate$/, members: /^glfwDestroy/, allowed: null },
  { name: "SDL", shutdown: /^SDL_Quit$/, members: /^SDL_(?:Destroy|Close)/, allowed: null },
  {
    name: "CUDA",
    shutdown: /^(?:cuDevicePrimaryCtxReset(?:_v2)?|cudaDeviceReset)$/,
    members: /^(?:cu[A-Z]\w*|cuda\w*)(?:Free|Destroy|Unload)\w*$/,
    allowed: null,
  },
  {
    name: "HIP",
    shutdown: /^hipDeviceReset$/,
    members: /^hip\w*(?:Free|Destroy|Unload)\w*$/,
    allowed: null,
  },
  { name: "netCDF", shutdown: /^nc_finalize$/, members: /^nc_(?:close|abort)$/, allowed: null },
  {
    name: "Python",
    shutdown: /^Py_Finalize(?:Ex)?$/,
    members: /^_?Py[A-Z_]/,
    allowed: /^_?Py_Is(?:Initialized|Finalizing)$/,
  },
  {
    name: "SHMEM",
    shutdown: /^(?:nv)?shmem_finalize$/,
    members: /^(?:nv)?shmem_\w*(?:free|destroy)$/,
    allowed: null,
  },
  { name: "FFTW", shutdown: /^fftwf?_cleanup$/, members: /^fftwf?_destroy_plan$/, allowed: null },
  {
    name: "PETSc",
    shutdown: /^(?:Petsc|Slepc)Finalize$/,
    members: /^(?:Petsc|Mat|Vec|KSP|PC|SNES|TS|DM|IS|EPS|ST)\w*Destroy$/,
    allowed: /^PetscFinalized$/,
  },
];
