// Mocha's usual report, and its counts as one line of JSON in the file that CI_COUNTS names.
import { appendFileSync } from "node:fs";
import process from "node:process";
import Mocha from "mocha";

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      if (process.env.CI_COUNTS) {
        appendFileSync(process.env.CI_COUNTS, `${JSON.stringify(counts)}\n`);
      }
    });
  }
}
