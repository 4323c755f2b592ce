import type { Role } from '@minqing-hub/client-sdk/protocol';

/** Every role once: a new one in the protocol without a line here does not compile. */
const KNOWN: Record<Role, { grantable: boolean }> = {
  agent: { grantable: true },
  shift_leader: { grantable: true },
  dispatcher: { grantable: true },
  arbiter: { grantable: true },
  list_admin: { grantable: true },
  unit_clerk: { grantable: true },
  handler: { grantable: true },
  deputy_leader: { grantable: true },
  principal_leader: { grantable: true },
  street_officer: { grantable: true },
  grid_worker: { grantable: true },
  follow_up_agent: { grantable: true },
  assessor: { grantable: true },
  supervisor: { grantable: true },
  petition_officer: { grantable: true },
  district_leader: { grantable: true },
  auditor: { grantable: true },
  policy_admin: { grantable: true },
  legal_reviewer: { grantable: true },
  political_legal_officer: { grantable: true },
  village_worker: { grantable: true },
  party_member: { grantable: true },
  // A source system is one by its key, the hub by itself: neither is anybody's role.
  channel_adapter: { grantable: false },
  system: { grantable: false },
};

/** Roles that a person may be given. */
export const GRANTABLE_ROLES = (Object.keys(KNOWN) as Role[]).filter((role) => KNOWN[role].grantable);

export const isGrantable = (role: string): role is Role => (GRANTABLE_ROLES as readonly string[]).includes(role);
