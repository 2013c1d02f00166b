/** Who reads the record, and who looks after whoever does. */
export const auditors = { roles: ['auditor', 'admin'] } as const;
