import { agent, Case, clerk, dispatcher, person, shiftLeader } from '../../../../test/support/rule-book.js';
import type { Order } from '../order.js';

const answer = { name: 'answerDirectly', answer: '答复' } as const;
const accept = { name: 'accept', catalogueKnows: true } as const;

describe('answering directly', () => {
  const village = person('village_worker', 'north');

  it('[T2] closes a consultation that names its ground', () => {
    const asked = Case.registered({ kind: 'consultation' });
    expect(asked.refuses(agent, answer)).toMatchObject({ code: 'answer_without_ground', field: 'knowledgeRef' });
    expect(asked.does(agent, { ...answer, knowledgeRef: 'K-12' }).stands.state).toBe('answered');
  });

  it('[T2] closes no other kind, unless it was solved on the spot, with evidence', () => {
    const asked = Case.registered({ kind: 'resolution' });
    expect(asked.refuses(agent, { ...answer, knowledgeRef: 'K-12' }).code).toBe('answer_without_ground');
    expect(asked.refuses(agent, { ...answer, solvedOnTheSpot: true, evidence: ' ' }).field).toBe('evidence');
    expect(asked.does(agent, { ...answer, solvedOnTheSpot: true, evidence: '照片' }).last.facts).toEqual({
      ground: 'on_the_spot',
      knowledgeRef: null,
    });
  });

  it('[T2][KB5] keeps the article that it cites, at its version, and whether it still held', () => {
    const article = { articleId: 'kb-article', version: 3, expired: true };
    const asked = Case.registered({ kind: 'consultation' });
    const { last, stands } = asked.does(agent, { ...answer, knowledgeRef: 'kb-article', article });
    expect(last.facts).toEqual({ ground: 'knowledge', knowledgeRef: 'kb-article@3', article });
    expect(stands).toMatchObject({ state: 'answered', citedArticle: article });
    const other = Case.registered({ kind: 'consultation' }).does(agent, { ...answer, knowledgeRef: 'K-12' });
    expect(other.last.facts).toEqual({ ground: 'knowledge', knowledgeRef: 'K-12' });
    expect(other.stands).not.toHaveProperty('citedArticle');
  });

  it('[KB5] names no version of what is no article', () => {
    const asked = Case.registered({ kind: 'consultation' });
    expect(asked.refuses(agent, { ...answer, knowledgeRef: 'kb-article@3' })).toMatchObject({
      code: 'article_not_found',
      field: 'knowledgeRef',
      clause: 'KB5',
    });
  });

  it.each(['kb-bcdfghjkmnpqrstv', 'kb-bcdfghjkmnpqrstv@2'])(
    '[KB5] cites no article that there is not (%s)',
    (cited) => {
      const asked = Case.registered({ kind: 'consultation' });
      expect(asked.refuses(agent, { ...answer, knowledgeRef: cited })).toMatchObject({
        code: 'article_not_found',
        field: 'knowledgeRef',
        clause: 'KB5',
      });
      const article = { articleId: 'kb-bcdfghjkmnpqrstv', version: 2, expired: false };
      expect(asked.does(agent, { ...answer, knowledgeRef: cited, article }).stands.state).toBe('answered');
    },
  );

  it('[T2] lets a village solve on the spot what arose in its own area, and only that', () => {
    const onTheSpot = { ...answer, solvedOnTheSpot: true, evidence: '照片' } as const;
    expect(Case.registered().does(village, onTheSpot).stands.state).toBe('answered');
    expect(Case.registered({ kind: 'consultation' }).refuses(village, { ...answer, knowledgeRef: 'K-1' }).field).toBe(
      'solvedOnTheSpot',
    );
    expect(Case.registered({ areaCode: 'A12' }).refuses(village, onTheSpot).code).toBe('order_not_found');
    expect(Case.registered({ visibility: 'confidential' }).refuses(village, onTheSpot).code).toBe('order_not_found');
  });
});

describe('refusing', () => {
  it('[T3] names a reason and another channel', () => {
    const refuse = (reasonCode: string, alternativeChannel: string) =>
      Case.registered().refuses(agent, { name: 'refuse', reasonCode, alternativeChannel }).field;
    expect(refuse(' ', '12348')).toBe('reasonCode');
    expect(refuse('out_of_scope', '')).toBe('alternativeChannel');
  });

  it('[T3] is proposed by one and confirmed by a shift leader who is another', () => {
    const refuse = { name: 'refuse', reasonCode: 'out_of_scope', alternativeChannel: '12348' } as const;
    const confirm = { name: 'confirmRefusal' } as const;
    expect(Case.registered().refuses(shiftLeader, confirm).code).toBe('nothing_to_confirm');
    const byLeader = Case.registered().does(shiftLeader, refuse);
    expect(byLeader.refuses(shiftLeader, confirm).code).toBe('second_person_required');
    expect(byLeader.refuses(agent, refuse).code).toBe('confirmation_pending');
    const proposed = Case.registered().does(agent, refuse);
    expect(proposed.stands).toMatchObject({ state: 'registered', version: 2, proposal: { awaits: 'refusal' } });
    expect(proposed.does(shiftLeader, confirm).stands).toMatchObject({ state: 'refused', version: 3, proposal: null });
    expect(proposed.last.facts).toEqual({ reasonCode: 'out_of_scope', proposedBy: agent.userId });
  });

  it('[T3] ends when the agent accepts after all', () => {
    const refuse = { name: 'refuse', reasonCode: 'out_of_scope', alternativeChannel: '12348' } as const;
    const accepted = Case.registered().does(agent, refuse).does(agent, accept);
    expect(accepted.stands).toMatchObject({ state: 'pending_dispatch', proposal: null });
  });
});

describe('accepting', () => {
  it.each([
    [{ hasContact: false }, 'requester'],
    [{ hasText: false }, 'text'],
    [{ hasPlace: false, areaCode: null }, 'areaCode'],
    [{ kind: null }, 'kind'],
  ])('[T4] misses %j', (facts, field) => {
    expect(Case.registered(facts).refuses(agent, accept)).toMatchObject({
      code: 'minimum_fields_missing',
      clause: 'T4',
      field,
    });
  });

  it('[T4] takes what was missing with the acceptance itself', () => {
    const bare = () => Case.registered({ kind: null, hasPlace: false, areaCode: null });
    const { stands } = bare().does(agent, { ...accept, kind: 'complaint', areaCode: 'A12' });
    expect(stands).toMatchObject({ state: 'pending_dispatch', kind: 'complaint', areaCode: 'A12', noPlace: false });
    expect(bare().does(agent, { ...accept, kind: 'complaint', noPlace: true }).stands.noPlace).toBe(true);
  });

  it('[T4] classes anew only what it names', () => {
    const labels = { complex: true, crossArea: false, pressing: true, stability: 'group' } as const;
    const { stands } = Case.registered({ labels }).does(agent, {
      ...accept,
      grade: 'fast',
      labels: { complex: false },
    });
    expect(stands).toMatchObject({
      grade: 'fast',
      responseLevel: 'routine',
      labels: { ...labels, complex: false },
      dispatchDueAt: stands.acceptedAt! + 2 * 3_600_000,
      dispatchRound: 1,
    });
  });

  it('[LI1] [IN17] knows only codes of the lists', () => {
    const given = { ...accept, catalogCode: 'x', catalogueKnows: false } as const;
    expect(Case.registered().refuses(agent, given)).toMatchObject({
      code: 'catalogue_code_unknown',
      field: 'catalogCode',
    });
    expect(Case.registered().refuses(agent, { ...accept, areaCode: 'B1' })).toMatchObject({
      code: 'area_unknown',
      field: 'areaCode',
    });
  });
});

describe('merging', () => {
  const other = (facts: Partial<Order> = {}): Order => ({ ...Case.handled().stands, orderNo: 'GD2', ...facts });
  const into = (primary: Order | null) => ({ name: 'merge', primaryOrderNo: 'GD2', primary }) as const;

  it('[T5] joins an active primary, which tells it too', () => {
    const { stands } = Case.dispatched().does(dispatcher, into(other()));
    expect(stands).toMatchObject({ state: 'merged', mergedInto: 'GD2' });
    expect(stands.assignments.every(({ endedAt }) => endedAt !== null)).toBe(true);
    const primary = Case.handled().does(dispatcher, { name: 'receiveMerge', mergedOrderNo: 'GD2' });
    expect(primary.stands).toMatchObject({ state: 'handling', mergedFrom: 1 });
  });

  it.each(['closed', 'answered', 'merged', 'archived'] as const)('[T5] joins no primary that is %s', (state) => {
    expect(Case.accepted().refuses(dispatcher, into(other({ state }))).code).toBe('primary_not_active');
  });

  it('[T5] joins neither nothing nor itself', () => {
    expect(Case.accepted().refuses(dispatcher, into(null)).code).toBe('primary_not_active');
    const self = Case.accepted();
    expect(self.refuses(dispatcher, into(self.stands)).code).toBe('primary_not_active');
  });

  it('[T5] takes two different codes for two different matters', () => {
    expect(Case.accepted().refuses(dispatcher, into(other({ catalogCode: 'noise' }))).code).toBe('matter_differs');
    expect(Case.accepted().asks(dispatcher, into(other({ catalogCode: null }))).ok).toBe(true);
  });

  it('[T5] makes no chains', () => {
    const primary = Case.accepted().does(dispatcher, { name: 'receiveMerge', mergedOrderNo: 'GD3' });
    expect(primary.refuses(dispatcher, into(other())).code).toBe('already_primary');
  });

  it('[T5][DU1] tells both when the same person has said it again', () => {
    const again = Case.dispatched().does(dispatcher, { ...into(other()), samePerson: true });
    expect(again.last.facts).toEqual({ primaryOrderNo: 'GD2', saidAgain: true });
    const primary = Case.handled().does(dispatcher, { name: 'receiveMerge', mergedOrderNo: 'GD2', saidAgain: true });
    expect(primary.last.facts).toEqual({ mergedOrderNo: 'GD2', saidAgain: true });
    const others = Case.dispatched().does(dispatcher, { ...into(other()), samePerson: false });
    expect(others.last.facts).toEqual({ primaryOrderNo: 'GD2' });
  });

  it('[T5] is over once a unit has taken the order on', () => {
    expect(Case.handled().refuses(dispatcher, into(other())).code).toBe('transition_not_allowed');
    expect(Case.handled().refuses(clerk('housing'), into(other())).code).toBe('forbidden');
  });
});
