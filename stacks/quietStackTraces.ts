// Imported before everything else by whatever runs the program. The Pulumi SDK reads
// `new Error().stack` about 80 times per resource, and under ts-node each frame is mapped to its
// source line: two thirds of the program's time. PE_DEBUG=1 brings the traces back.
Error.stackTraceLimit = process.env.PE_DEBUG ? 50 : 0;
