// Loader hooks: the client under test gets the editor's API, and its client library, from this folder.
// Source: Node's documentation of `module.register`.

interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}

const replaced: Readonly<Record<string, string>> = {
  vscode: "./vscode.js",
  "vscode-languageclient": "./languageclient.js",
};

export function resolve(
  specifier: string,
  context: unknown,
  next: (specifier: string, context: unknown) => Promise<Resolved>,
): Promise<Resolved> {
  const own = replaced[specifier];
  if (own === undefined) return next(specifier, context);
  return Promise.resolve({ url: new URL(own, import.meta.url).href, shortCircuit: true });
}
