import { randomUUID } from 'node:crypto';
import { type Answer, type Command, CommandBus } from '../../../src/commands/command-bus.js';
import type { CommandContext } from '../../../src/commands/command-handler.js';
import { ok, type Result } from '../../../src/domain/result.js';
import { type Actor, SYSTEM } from '../../../src/identity/actor.js';
import { ReturnItem, type ReturnItemPayload } from '../../../src/queues/commands/return-item.js';
import { plantIn } from '../plant.js';

type Execute = (actor: Actor, command: Command, more?: { causationId?: string }) => Promise<Answer>;

const execute = (wrong: (right: Execute, actor: Actor, command: Command) => Promise<Answer>): void =>
  plantIn<CommandBus, [Actor, Command, { causationId?: string }?], Promise<Answer>>(
    CommandBus,
    'execute',
    (right, _self, actor, command, more) =>
      actor === SYSTEM ? right(actor, command, more) : wrong(right, actor, command),
  );

const keyOf = ({ userId }: Actor, { commandId }: Command): string => `${userId} ${commandId}`;

export const COMMAND_BUGS = {
  'retry-without-dedupe': () => {
    execute((right, actor, command) => right(actor, { ...command, commandId: randomUUID() }));
  },
  'id-without-payload': () => {
    const known = new Map<string, Answer>();
    execute(async (right, actor, command) => {
      const key = keyOf(actor, command);
      const answer = known.get(key) ?? (await right(actor, command));
      if (answer.ok) known.set(key, answer);
      return answer;
    });
  },
  'form-answer-stored': () => {
    const known = new Map<string, Answer>();
    execute(async (right, actor, command) => {
      const key = keyOf(actor, command);
      const answer = known.get(key) ?? (await right(actor, command));
      if (!answer.ok && answer.error.code === 'payload_invalid') known.set(key, answer);
      return answer;
    });
  },
  'source-without-dedupe': () => {
    execute((right, actor, command) => {
      const payload = command.payload as { sourceId?: string };
      if (typeof payload.sourceId !== 'string') return right(actor, command);
      return right(actor, { ...command, payload: { ...payload, sourceId: randomUUID() } });
    });
  },
  'return-without-effect': () => {
    plantIn<ReturnItem, [ReturnItemPayload, CommandContext], Promise<Result<{ itemId: string }>>>(
      ReturnItem,
      'handle',
      (_right, _self, { itemId }) => Promise.resolve(ok({ itemId })),
    );
  },
};
