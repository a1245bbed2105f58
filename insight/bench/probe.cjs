// Required by the processes that the benchmark measures: each leaves a line about itself as it ends.
const { appendFileSync } = require("node:fs");
const { performance } = require("node:perf_hooks");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { ms: performance.now(), cpuMs: (userCPUTime + systemCPUTime) / 1000 };
  const line = { script: process.argv[1] ?? "", ...used, peakMb: maxRSS / 1024 };
  appendFileSync(process.env.PE_BENCH_LOG, `${JSON.stringify(line)}\n`);
});
