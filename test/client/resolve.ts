// Loader hooks: the client under test gets the editor's API from this folder.
// Source: Node's documentation of `module.register`.

interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}

export function resolve(
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> {
  if (specifier !== "vscode") return next(specifier, context);
  const url = new URL("./vscode.js", import.meta.url).href;
  return Promise.resolve({ url, shortCircuit: true });
}
