import { HubLogger, type LogOptions } from './hub-logger.js';

const AUDIT_KEY = 'k'.repeat(40);

function logging(options: Partial<LogOptions> = {}) {
  const written: string[] = [];
  const logger = new HubLogger({ level: 'log', json: true, write: (line) => written.push(line), ...options });
  return { logger, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the log', () => {
  it('is one JSON object a line, with level, time, process, node, context and fields', () => {
    const { logger, written, lines } = logging();
    logger.log('begins', 'Boot');
    logger.node = 'node-1';
    logger.warn({ message: 'is slow', commandId: 'c1', ms: 12 }, 'CommandBus');
    expect(written.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(lines()).toEqual([
      expect.objectContaining({ level: 'info', msg: 'begins', context: 'Boot', pid: process.pid }),
      expect.objectContaining({ level: 'warn', msg: 'is slow', node: 'node-1', commandId: 'c1', ms: 12 }),
    ]);
    for (const { time } of lines()) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    ['error', ['failed', 'ready']],
    ['warn', ['failed', 'odd', 'ready']],
    ['log', ['failed', 'odd', 'done', 'ready']],
    ['debug', ['failed', 'odd', 'done', 'detail', 'ready']],
  ] as const)('tells at the level %s no less and no more', (level, told) => {
    const { logger, lines } = logging({ level });
    logger.error('failed');
    logger.warn('odd');
    logger.log('done');
    logger.debug('detail');
    logger.announce('ready');
    expect(lines().map(({ msg }) => msg)).toEqual(told);
  });

  it('tells of an error what it is and where it came from, and nothing that it carries beside', () => {
    const { logger, lines } = logging();
    const cause = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    const fault = Object.assign(new TypeError('no order', { cause }), {
      code: 'ER_ODD',
      sql: "INSERT INTO requester VALUES ('张三')",
      parameters: ['13800138000'],
    });
    logger.error('a command failed', fault, 'CommandBus');
    logger.error('a command failed', 'Error: by its stack\n  at somewhere', 'CommandBus');
    logger.error(fault);
    const [whole, stack, bare] = lines();
    expect(whole).toMatchObject({ msg: 'a command failed', context: 'CommandBus' });
    expect(whole!.err).toEqual({
      type: 'TypeError',
      code: 'ER_ODD',
      stack: expect.stringContaining('TypeError: no order\n'),
      cause: { type: 'Error', code: 'ECONNRESET', stack: expect.stringContaining('lost') },
    });
    expect(stack!.err).toEqual({ stack: expect.stringContaining('by its stack') });
    expect(bare).toMatchObject({ msg: 'no order', err: { type: 'TypeError' } });
    expect(JSON.stringify(lines())).not.toMatch(/张三|13800138000|INSERT/);
  });

  it.each([
    ['connect to redis://:s3cret@127.0.0.1:6379 failed', 's3cret'],
    ['mysql://hub:p@ss@db:3306/hub refused', 'p@ss'],
    ['Authorization: Bearer abc.def-1', 'abc.def-1'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln was used', 'eyJ'],
    [`the key ${AUDIT_KEY} is old`, AUDIT_KEY],
    ["Duplicate entry '张三' for key 'name'", '张三'],
    ['Unexpected token 张, ..."e":"张三丰"... is not valid JSON', '张三丰'],
    ['number 13800138000 is odd', '13800138000'],
    ['number +86 138 0013 8000 is odd', '0013'],
    ['number 010-62345678 is odd', '62345678'],
    ['id 11010519491231002X is odd', '11010519491231002X'],
  ])('[SI1] takes out what nobody may read: %s', (text, secret) => {
    const { logger, written } = logging({ secrets: [AUDIT_KEY] });
    logger.warn(text, 'Anywhere');
    logger.error('failed', new Error(text), 'Anywhere');
    expect(written).toHaveLength(2);
    for (const line of written) expect(line).not.toContain(secret);
    for (const line of written) expect(line).toContain('***');
  });

  it('leaves order numbers, times and ids as they are', () => {
    const { logger, lines } = logging();
    const text = 'GD20261121-000123 at 1795334400000 by 3f2504e0-4f89-41d3-9a0c-13800138000a';
    logger.warn(text);
    expect(lines()[0]!.msg).toBe(text);
  });

  it('has readable lines for who develops', () => {
    const { logger, written } = logging({ json: false });
    logger.node = 'node-1';
    logger.warn({ message: 'refused', command: 'claim', ms: 1.5 }, 'CommandBus');
    logger.error('failed', new Error('why'), 'Tail');
    expect(written[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}WARN \[CommandBus\] refused {2}command=claim ms=1.5\n$/,
    );
    expect(written[1]).toMatch(/ERROR \[Tail\] failed\nError: why\n +at /);
  });
});
