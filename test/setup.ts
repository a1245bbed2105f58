// Loaded before every spec. Short stacks first: the Pulumi SDK reads `new Error().stack` about 80
// times per resource, which under ts-node is most of a test run's time.
Error.stackTraceLimit = process.env.PE_DEBUG ? 50 : 4;
