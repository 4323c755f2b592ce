/** The pace of faults or of work. Never a wait for something to become true: that is `until`. */
export const pace = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
