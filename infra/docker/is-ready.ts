/**
 * Health check of a container: `node is-ready.js <port>` ends with 0 where the role at that port says that it is ready,
 * with 1 where it says that it is not or says nothing.
 */
const [port = ''] = process.argv.slice(2);
const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`);
process.exitCode = ok ? 0 : 1;

export {};
