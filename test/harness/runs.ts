// How often and from which seed properties are tried. A test must not fail by chance, so the seed is
// fixed; `FINALENS_SEED=N` takes another one, and `FINALENS_RUNS=N` tries N times as often.

const seed = Number(process.env["FINALENS_SEED"] ?? 20261125);
const times = Number(process.env["FINALENS_RUNS"] ?? 1);

/** Parameters of `fc.assert` for a property that is tried `numRuns` times in a usual run. */
export function runs(numRuns: number): { readonly seed: number; readonly numRuns: number } {
  return { seed, numRuns: numRuns * times };
}
