import "./support/keptPlans";

// Loaded before every spec. Short stacks first: the Pulumi SDK reads `new Error().stack` about 80
// times per resource, which under ts-node is most of a test run's time.
Error.stackTraceLimit = process.env.PE_DEBUG ? 50 : 4;

// What a test expects of an output has no colours, which CI's environment would turn on. The programs
// that a test starts inherit it; here picocolors, which mocha has loaded, has to decide again.
process.env.NO_COLOR = "1";
delete process.env.FORCE_COLOR;
Reflect.deleteProperty(require.cache, require.resolve("picocolors"));
