// Imported by the program before anything else registers. The Pulumi SDK tells the engine three times
// of each resource how far it is, each message after the answer to the one before, whoever may read
// them: a sixth of the program's processor time. PE_DEBUG=1 brings them back.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- `import *` gives a copy.
import log = require("@pulumi/pulumi/log");

if (!process.env.PE_DEBUG) Object.assign(log, { debug: () => Promise.resolve() });
