// The command line: `finalens check`, `explain`, `apply`, `suggest`, `simulate`, and `demo`, which prints annotated IR.
// Arguments are parsed here, everything else is done by the features. Exit status: 0; 1 where something
// reached `--fail-on`; 2 where the call or a file could not be read. Source: contract.md "Commands".

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { profileNames } from "../features/profile.ts";
import { type ApplyOptions, runApply } from "./apply.ts";
import { type CheckOptions, runCheck } from "./check.ts";
import { runDemo } from "./demo.ts";
import { type DiffOptions, runDiff } from "./diff.ts";
import { type ExplainOptions, runExplain } from "./explain.ts";
import { runServe } from "./serve.ts";
import { runSimulate, type SimulateOptions } from "./simulate.ts";
import { runSuggest, type SuggestOptions } from "./suggest.ts";

const severities = ["error", "warning", "information", "hint", "never"];

function program(): Command {
  const command = new Command("finalens")
    .description(
      "Reads the typed IR that Julia prints and shows where finalizers run, and why not earlier.",
    )
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  command
    .command("check")
    .description("analyse files and folders of printed IR")
    .addOption(
      new Option("--format <form>", "text, json or sarif")
        .choices(["text", "json", "sarif"])
        .default("text"),
    )
    .addOption(
      new Option(
        "--profile <release>",
        "the release of Julia, or the open proposal, whose rules apply",
      ).choices(profileNames()),
    )
    .option("--config <file>", "the Finalens.toml to use; else the nearest above the first path")
    .option("--values", "with json: escape facts of every value")
    .addOption(
      new Option(
        "--fail-on <severity>",
        "the least severity that gives exit status 1; else it is error, and julia/… is not counted",
      ).choices(severities),
    )
    .argument("<path...>", "files, or folders of *.jlir")
    .action((paths: string[], options: CheckOptions) => {
      process.exitCode = runCheck(paths, options);
    });
  command
    .command("explain")
    .description("tell the whole story of a registration")
    .addOption(
      new Option("--profile <release>", "the Julia release whose rules apply").choices(
        profileNames(),
      ),
    )
    .option("--config <file>", "the Finalens.toml to use; else the nearest above the file")
    .option("--with <path...>", "files and folders with callees")
    .argument("<place>", "FILE:LINE, or FILE#METHOD%N")
    .action((place: string, options: ExplainOptions) => {
      process.exitCode = runExplain(place, options);
    });
  command
    .command("apply")
    .description("print the IR of a file with the early plans carried out")
    .addOption(
      new Option("--profile <release>", "the Julia release whose rules apply").choices(
        profileNames(),
      ),
    )
    .option("--config <file>", "the Finalens.toml to use; else the nearest above the file")
    .option("--method <name>", "print this method only, by its name or signature")
    .argument("<file>", "a file of printed IR")
    .argument("[callees...]", "files and folders to look into for what it calls")
    .action((file: string, callees: string[], options: ApplyOptions) => {
      process.exitCode = runApply(file, callees, options);
    });
  command
    .command("suggest")
    .description("the early plans of a file as edits of the Julia source")
    .addOption(
      new Option("--format <form>", "text or json").choices(["text", "json"]).default("text"),
    )
    .addOption(
      new Option("--profile <release>", "the Julia release whose rules apply").choices(
        profileNames(),
      ),
    )
    .option("--config <file>", "the Finalens.toml to use; else the nearest above the file")
    .argument("<file>", "a file of printed IR")
    .argument("[callees...]", "files and folders to look into for what it calls")
    .action((file: string, callees: string[], options: SuggestOptions) => {
      process.exitCode = runSuggest(file, callees, options);
    });
  command
    .command("diff")
    .description("what changed between two folders of dumps; status 1 if a free was lost")
    .addOption(
      new Option("--format <form>", "text or json").choices(["text", "json"]).default("text"),
    )
    .addOption(
      new Option("--profile <release>", "the Julia release whose rules apply to both").choices(
        profileNames(),
      ),
    )
    .option("--config <file>", "the Finalens.toml to use for both; else the nearest above each")
    .option("--all", "with text: show what is as before, too")
    .argument("<before>", "a folder of *.jlir, or a file")
    .argument("<after>", "the same, later")
    .action((before: string, after: string, options: DiffOptions) => {
      process.exitCode = runDiff(before, after, options);
    });
  command
    .command("simulate")
    .description("run a method and show what it holds over time under five policies")
    .option("--method <name>", "the method, by its name or signature, where FILE has several")
    .addOption(
      new Option(
        "--args <values>",
        "arguments as Julia literals, `10,true`; `_` draws one",
      ).argParser((text, before: string[] | undefined) => [...(before ?? []), text]),
    )
    .addOption(
      new Option("--seed <n>", "what arguments and callees without text are drawn from").argParser(
        (text) => natural(text, 0),
      ),
    )
    .addOption(
      new Option("--steps <n>", "statements after which a run is given up")
        .argParser((text) => natural(text, 1))
        .default(100_000),
    )
    .option("--svg <file>", "draw the five curves into this file")
    .addOption(
      new Option("--format <form>", "text or json").choices(["text", "json"]).default("text"),
    )
    .addOption(
      new Option("--profile <release>", "the Julia release whose rules apply").choices(
        profileNames(),
      ),
    )
    .option("--config <file>", "the Finalens.toml to use; else the nearest above the file")
    .argument("<file>", "a file of printed IR, or a folder of *.jlir")
    .argument("[callees...]", "files and folders to look into for what it calls")
    .action((file: string, callees: string[], options: SimulateOptions) => {
      process.exitCode = runSimulate(file, callees, options);
    });
  command
    .command("demo", { hidden: true })
    .argument("<folder>")
    .action((folder: string) => {
      process.exitCode = runDemo(folder);
    });
  command
    .command("serve")
    .description("start the language server")
    .option("--stdio", "talk over standard input and output")
    .action(() => {
      runServe();
    });
  return command;
}

function natural(text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidArgumentError(`wanted a whole number from ${least}.`);
}

// A reader that has seen enough (`| head`) closes the pipe; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  program().parse();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
