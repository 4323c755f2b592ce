/** [T18] For what an order may be put aside. */
export const SUSPENSION_REASONS = [
  /** A court, an arbitration or a review has to decide first. */
  'legal_proceedings',
  /** A project or its money has to be approved first. */
  'project_approval',
  /** Season, weather or another force that nobody commands. */
  'season_or_weather',
  /** Somebody outside of the units has to act first: an owner, a company, another government. */
  'third_party',
  /** The requester is away, or has asked to wait. */
  'requester_absent',
  /** A rule that the matter hangs on is being made or changed. */
  'policy_pending',
] as const;

export type SuspensionReason = (typeof SUSPENSION_REASONS)[number];
