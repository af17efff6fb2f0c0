// What the client takes from `vscode-languageclient` besides types.

export const State = { Stopped: 1, Starting: 3, Running: 2, StartFailed: 4 };
