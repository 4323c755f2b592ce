import { Injectable } from '@nestjs/common';
import { CommandBus } from '../../commands/command-bus.js';
import { Meters } from './meters.js';

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

@Injectable()
export class CommandMetrics {
  constructor(meters: Meters, bus: CommandBus) {
    const help = 'Commands answered, by name and outcome: ok, or the code of the error';
    const total = meters.tally('hub_commands_total', help, 'name', 'outcome');
    const seconds = meters.histogram(
      'hub_command_seconds',
      'From a command’s arrival to its answer, by name, seconds',
      SECONDS,
      'name',
    );
    bus.onAnswered(({ name, answer, ms }) => {
      total.inc({ name, outcome: answer.ok ? 'ok' : answer.error.code });
      seconds.observe({ name }, ms / 1_000);
    });
  }
}
