// Imported before everything else by whatever runs the program. The Pulumi SDK reads
// `new Error().stack` about 80 times per resource, and under ts-node each frame is mapped to its
// source line: with full traces that is half of the program's time. PE_DEBUG=1 keeps them whole.
Error.stackTraceLimit = process.env.PE_DEBUG ? 50 : Math.min(Error.stackTraceLimit, 2);
