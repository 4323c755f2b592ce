import { type ChildProcess, fork } from 'node:child_process';
import { Fault } from '../simulation/fault.js';
import type { CrowdOnLine } from './crowd-on-line.js';

const PROGRAM = 'dist/bench/crowd-process.js';
/** Hundreds of consoles in one process get hundreds of stores at once: with the usual few MiB it would mostly tidy up. */
const YOUNG_MIB = 256;

export interface Question {
  id: number;
  name: keyof CrowdOnLine;
  told: unknown;
}

export interface Reply {
  id: number;
  answer?: unknown;
  fault?: string;
}

type Told<N extends keyof CrowdOnLine> = Parameters<CrowdOnLine[N]>;
type Answer<N extends keyof CrowdOnLine> = Awaited<ReturnType<CrowdOnLine[N]>>;

/** Consoles in a process of their own: whoever measures them takes none of their time. */
export class FarCrowd {
  private readonly asked = new Map<number, { answered: (answer: unknown) => void; failed: (fault: Fault) => void }>();
  private questions = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', ({ id, answer, fault }: Reply) => {
      const question = this.asked.get(id)!;
      this.asked.delete(id);
      if (fault === undefined) question.answered(answer);
      else question.failed(new Fault(fault));
    });
    child.on('exit', () => {
      for (const { failed } of this.asked.values()) failed(new Fault('A process of consoles has ended.'));
    });
  }

  static start(): FarCrowd {
    return new FarCrowd(fork(PROGRAM, { execArgv: [`--max-semi-space-size=${YOUNG_MIB}`] }));
  }

  /** @throws {Fault} in the words of the process */
  ask<N extends keyof CrowdOnLine>(name: N, ...[told]: Told<N>): Promise<Answer<N>> {
    const id = (this.questions += 1);
    const answer = new Promise((answered, failed) => this.asked.set(id, { answered, failed }));
    this.child.send({ id, name, told } satisfies Question);
    return answer as Promise<Answer<N>>;
  }

  end(): void {
    this.child.kill();
  }
}
