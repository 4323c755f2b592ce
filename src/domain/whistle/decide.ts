import type { Actor, WhistleStage } from '@minqing-hub/client-sdk/protocol';
import { ok, refuse, type Result } from '../result.js';
import { actsAs, mayRead } from './permission.js';
import type { Circumstances, Situation } from './situation.js';
import { STAGE_NAMES } from './stage-names.js';
import { tell, type Told } from './tell.js';
import { rowsOf, type Transition, TRANSITIONS } from './transitions.js';
import { WHISTLE_COMMAND_NAMES, type WhistleCommand } from './whistle-command.js';
import type { WhistleEvent } from './whistle-event.js';
import type { Whistle } from './whistle.js';

/**
 * What a command does to a whistle: exactly one event, or why not. Right comes before existence, then version, then stage,
 * then guards: whoever has no part in a whistle learns neither that it exists nor how it stands.
 */
export function decide(whistle: Whistle | null, command: WhistleCommand, given: Circumstances): Result<WhistleEvent> {
  const { actor, units } = given;
  const rows = rowsOf(command.name).filter((row) => hasOneOf(actor, row));
  if (rows.length === 0) return refuse('forbidden', '您没有办理这件事的权限');
  if (command.name === 'blowWhistle' ? whistle : !whistle) return notThere();
  const within = rows.filter(({ as }) => !whistle || actsAs(as, whistle, actor, units));
  if (whistle && within.length === 0) {
    return mayRead(whistle, actor, units) ? refuse('not_own_unit', '这一步不由本单位办理') : notThere();
  }
  if (whistle && command.expectedVersion !== undefined && command.expectedVersion !== whistle.version) {
    return refuse('version_conflict', '哨单在此期间已有变化，请查看后再办', { field: 'expectedVersion' });
  }

  const row = within.find(({ from }) => from.includes(whistle?.stage ?? null));
  if (!row) return notNow(whistle!.stage, command, actor);
  const situation = { ...given, whistle: whistle!, command } as Situation;
  for (const guard of row.guards) {
    const refusal = guard(situation);
    if (refusal) return { ok: false, error: refusal };
  }
  return ok(asEvent(tell(row.event, situation), whistle, command, given));
}

const hasOneOf = (actor: Actor, { who }: Pick<Transition, 'who'>): boolean =>
  who.some((role) => actor.roles.includes(role));

const notThere = (): Result<never> => refuse('whistle_not_found', '没有这个哨单，或您无权办理', { field: 'whistleNo' });

function notNow(stage: WhistleStage, { name }: WhistleCommand, actor: Actor): Result<never> {
  const now = `哨单现在${STAGE_NAMES[stage]}，不能${WHISTLE_COMMAND_NAMES[name]}`;
  const possible = TRANSITIONS.filter(
    (row) => row.command !== name && row.from.includes(stage) && hasOneOf(actor, row),
  );
  const names = [...new Set(possible.map((row) => WHISTLE_COMMAND_NAMES[row.command]))];
  return refuse('transition_not_allowed', names.length ? `${now}；现在可以：${names.join('、')}` : now);
}

const asEvent = (
  told: Told,
  whistle: Whistle | null,
  { whistleNo }: WhistleCommand,
  given: Circumstances,
): WhistleEvent => ({
  ...told,
  whistleNo,
  version: (whistle?.version ?? 0) + 1,
  at: given.now,
  actorId: given.actor.userId,
});
