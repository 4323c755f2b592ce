/** As much of JSON Schema as this API's description needs. */
export interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  const?: string | number | boolean | null;
  enum?: readonly (string | number)[];
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  not?: Schema;
  allOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  description?: string;
  example?: unknown;
}
