/** Every answer that is not a success carries one of these codes. They never change their meaning. */
export type ErrorCode =
  // who and what (never stored as a command's answer)
  | 'unauthenticated'
  | 'credentials_wrong'
  | 'too_many_attempts'
  | 'too_many_requests'
  | 'forbidden'
  | 'payload_malformed'
  | 'payload_invalid'
  | 'payload_too_large'
  | 'unknown_call'
  | 'unknown_command'
  | 'unknown_room'
  | 'command_id_reused'
  | 'not_found'
  | 'unavailable'
  | 'internal'
  // the rule book says no (stored, and answered again to the same command id)
  | 'order_not_found'
  | 'version_conflict'
  | 'transition_not_allowed'
  | 'second_person_required'
  | 'nothing_to_confirm'
  | 'confirmation_pending'
  | 'minimum_fields_missing'
  | 'answer_without_ground'
  | 'primary_not_active'
  | 'already_primary'
  | 'matter_differs'
  | 'no_duty_rule'
  | 'loop_guard'
  | 'unit_unknown'
  | 'unit_closed'
  | 'unit_already_objected'
  | 'objection_barred'
  | 'not_own_sub_unit'
  | 'not_own_unit'
  | 'not_upper_unit'
  | 'same_unit'
  | 'time_in_future'
  | 'time_before_dispatch'
  | 'user_unknown'
  | 'username_taken'
  | 'role_unknown'
  | 'seat_taken'
  | 'last_policy_admin'
  | 'key_unknown'
  | 'password_too_weak'
  | 'catalogue_code_unknown'
  | 'area_unknown'
  | 'source_content_differs'
  | 'item_not_found'
  | 'item_held_by_other'
  | 'offer_expired'
  | 'not_offered_to_seat'
  | 'no_seat'
  | 'seat_holds_items'
  | 'seat_not_ready'
  | 'list_row_invalid'
  | 'list_unknown'
  | 'list_import_running'
  | 'gap_not_found'
  | 'gap_already_settled'
  | 'clock_not_virtual';

/** `message` is Chinese and fit to show; `field` is the payload's path (`requester.phone`); `clause` the rule that forbids it. */
export interface HubError {
  code: ErrorCode;
  message: string;
  field?: string;
  clause?: string;
  /** Names an unexpected failure in the hub's own records. */
  incident?: string;
}
