import { applyDecorators } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';

type BodyClass = new () => object;

const found = new Map<string, BodyClass>();

/** Where the API's description keeps the fields of a class. */
export const schemaRef = (type: BodyClass): string => `#/components/schemas/${type.name}`;

/** Every class that a route takes as its body, by name. */
export const bodyClasses = (): ReadonlyMap<string, BodyClass> => found;

export interface BodyForm {
  /** Fields that this route asks for, though others that take the same class do not. */
  required?: readonly string[];
  /** A list of them may be sent as well, this long at most. */
  orList?: number;
  description?: string;
}

/** Describes a route's JSON body: fields and rules are those of the class that checks it. */
export function TakesBody(type: BodyClass, { required, orList, description }: BodyForm = {}): MethodDecorator {
  found.set(type.name, type);
  const one = { $ref: schemaRef(type) };
  const asked = required ? { allOf: [one, { type: 'object', required: [...required] }] } : one;
  const schema = orList ? { oneOf: [asked, { type: 'array', items: asked, maxItems: orList }] } : asked;
  return applyDecorators(ApiBody({ schema, required: true, ...(description !== undefined && { description }) }));
}
