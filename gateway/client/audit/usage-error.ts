/** What was typed asks for nothing that can be done; its message says what to type. */
export class UsageError extends Error {}
