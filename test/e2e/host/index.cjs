// Runs inside VS Code's extension host, beside the installed extension, and writes what the editor's own
// commands answer to the file that FINALENS_E2E_ANSWERS names. It judges nothing.
const { writeFileSync } = require("node:fs");
const vscode = require("vscode");

exports.run = async () => {
  const folder = vscode.workspace.workspaceFolders[0].uri;
  const ask = (command, ...given) => vscode.commands.executeCommand(command, ...given);
  const everywhere = new vscode.Range(0, 0, 9999, 0);

  const activated = performance.now();
  await vscode.extensions.getExtension("finalens.finalens").activate();
  const activation = performance.now() - activated;

  const main = vscode.Uri.joinPath(folder, "seed/seed_main.jlir");
  const document = await vscode.workspace.openTextDocument(main);
  await vscode.window.showTextDocument(document);
  // Published once more when the callees on disk are read.
  const [diagnostic] = await diagnosed(main, ({ message }) => message.startsWith("Julia keeps"));
  const hovers = await ask("vscode.executeHoverProvider", main, new vscode.Position(43, 30));
  const hints = await ask("vscode.executeInlayHintProvider", main, everywhere);

  const copies = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const uri = vscode.Uri.joinPath(folder, `many-${index}.jlir`);
      await vscode.workspace.fs.copy(main, uri);
      await vscode.workspace.openTextDocument(uri);
      return (await diagnosed(uri, () => true)).length;
    }),
  );

  const answers = {
    activation,
    language: document.languageId,
    diagnostic: {
      code: diagnostic.code,
      range: places(diagnostic.range),
      related: diagnostic.relatedInformation.map(({ location, message }) => ({
        file: location.uri.path.slice(folder.path.length + 1),
        line: location.range.start.line,
        message,
      })),
    },
    hover: hovers.flatMap(({ contents }) => contents.map(({ value }) => value)).join("\n"),
    hints: hints.map(({ position, label }) => ({ line: position.line, label })),
    copies,
  };
  writeFileSync(process.env.FINALENS_E2E_ANSWERS, JSON.stringify(answers));
};

const places = ({ start, end }) => [start.line, start.character, end.line, end.character];

/** The diagnostics of a document once one of them fits. */
function diagnosed(uri, fits) {
  return new Promise((resolve) => {
    const look = () => {
      const found = vscode.languages.getDiagnostics(uri);
      if (!found.some(fits)) return;
      subscription.dispose();
      resolve(found);
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}
