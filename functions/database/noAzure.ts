// Stands in for Azure's sign-in libraries, which tedious loads for authentications we never use:
// without them the bundle is a third of its size.
export {};
