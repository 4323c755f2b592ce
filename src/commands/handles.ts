import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';

export const HANDLES = Symbol('handles');

/** Names the command that a `CommandHandler` carries out. */
export const Handles = (name: string) => applyDecorators(Injectable(), SetMetadata(HANDLES, name));
