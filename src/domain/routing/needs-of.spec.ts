import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { needsOf, type SkillPlan } from './needs-of.js';

const plan: SkillPlan = new Map([
  ['emergency', { level: 3, queues: ['register', 'dispatch'] as QueueId[] }],
  ['dialect:kejia', { level: 4, queues: ['register', 'callback'] as QueueId[] }],
  ['field:01', { level: 2, queues: ['dispatch'] as QueueId[] }],
]);
const asks = (work: Partial<Parameters<typeof needsOf>[0]>) =>
  needsOf({ queueId: 'register', critical: false, ...work }, plan)
    .map(({ skill, level }) => `${skill}=${level}`)
    .join(' ');

describe('what work asks for', () => {
  it('[RT1] follows from its field, the dialect that is spoken and whether it is an emergency', () => {
    expect(asks({})).toBe('');
    expect(asks({ dialect: 'kejia' })).toBe('dialect:kejia=4');
    expect(asks({ critical: true })).toBe('emergency=3');
    expect(asks({ emergency: true, critical: true, dialect: 'kejia' })).toBe('emergency=3 dialect:kejia=4');
    expect(asks({ queueId: 'dispatch', field: '01', emergency: true })).toBe('emergency=3 field:01=2');
  });

  it('[RT1] asks only in the queues, and only for what the plan names', () => {
    expect(asks({ queueId: 'dispatch', dialect: 'kejia' })).toBe('');
    expect(asks({ field: '01' })).toBe('');
    expect(asks({ queueId: 'dispatch', field: '99', dialect: 'yue' })).toBe('');
    expect(asks({ queueId: 'arbitration', critical: true })).toBe('');
  });
});
