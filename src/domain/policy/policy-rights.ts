import type { Role } from '../../../client-sdk/src/protocol/index.js';

/** Who sets a policy. [PC1] */
export const POLICY_SETTERS: readonly Role[] = ['policy_admin'];

/** Who reads who set what, and why. [PC5] */
export const POLICY_HISTORY_READERS: readonly Role[] = ['policy_admin', 'auditor', 'supervisor'];
