// The bar that a client shows while a long first analysis runs. It appears only where the work has
// lasted a while, and the user can end it there: what is not analysed then waits for the next change.

import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver";
import type { Log } from "./log.ts";

/** Work that is done within so many milliseconds shows no bar. */
const delay = 300;

/** Reports come no more often than this, in milliseconds. */
const interval = 100;

export class Progress {
  private readonly connection: Connection;
  private readonly log: Log;
  private readonly onCancel: () => void;
  private started = 0;
  private reported = 0;
  private isAsked = false;
  private bar: WorkDoneProgressServerReporter | null = null;

  constructor(connection: Connection, log: Log, onCancel: () => void) {
    this.connection = connection;
    this.log = log;
    this.onCancel = onCancel;
  }

  /** Work goes on; `done` of `all` units are behind us. */
  step(isSupported: boolean, done: number, all: number): void {
    const now = performance.now();
    if (this.started === 0) this.started = now;
    if (!isSupported || now - this.started < delay) return;
    if (!this.isAsked) this.ask();
    if (this.bar === null || now - this.reported < interval) return;
    this.reported = now;
    this.bar.report(Math.floor((100 * done) / Math.max(1, all)), `${done} of ${all} methods`);
  }

  /** All work is done, or given up. */
  end(): void {
    this.started = 0;
    this.isAsked = false;
    this.bar?.done();
    this.bar = null;
  }

  private ask(): void {
    this.isAsked = true;
    this.connection.window
      .createWorkDoneProgress()
      .then((bar) => {
        bar.begin("Finalens: analysing", 0, undefined, true);
        if (!this.isAsked) {
          bar.done();
          return;
        }
        this.bar = bar;
        bar.token.onCancellationRequested(() => this.onCancel());
      })
      .catch((error: unknown) => this.log.failure("window/workDoneProgress/create", error));
  }
}
