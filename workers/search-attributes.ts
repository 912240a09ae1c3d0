import type { Connection } from '@temporalio/client';
import type { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';

import { attributes } from '../workflows/search-attributes.ts';

type AttributeKey = ReturnType<typeof defineSearchAttributeKey<SearchAttributeType>>;

const TYPES = proto.temporal.api.enums.v1.IndexedValueType;
const WIRE: Record<SearchAttributeType, proto.temporal.api.enums.v1.IndexedValueType> = {
  TEXT: TYPES.INDEXED_VALUE_TYPE_TEXT,
  KEYWORD: TYPES.INDEXED_VALUE_TYPE_KEYWORD,
  INT: TYPES.INDEXED_VALUE_TYPE_INT,
  DOUBLE: TYPES.INDEXED_VALUE_TYPE_DOUBLE,
  BOOL: TYPES.INDEXED_VALUE_TYPE_BOOL,
  DATETIME: TYPES.INDEXED_VALUE_TYPE_DATETIME,
  KEYWORD_LIST: TYPES.INDEXED_VALUE_TYPE_KEYWORD_LIST,
};

/**
 * Adds the search attributes that are missing; answers their names. Throws when one exists with another type: the
 * server would keep that without a word, and every order would fail on it.
 */
export async function applySearchAttributes(connection: Connection, namespace: string): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const keys: readonly AttributeKey[] = Object.values(attributes);
  const wrong = keys.filter(({ name, type }) => name in customAttributes && customAttributes[name] !== WIRE[type]);
  if (wrong.length > 0) {
    const names = wrong.map(({ name, type }) => `${name} (should be ${type})`).join(', ');
    throw new Error(
      `Search attributes of another type exist in namespace ${namespace}: ${names}. Remove or rename them there.`,
    );
  }
  const missing = keys.filter(({ name }) => !(name in customAttributes));
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, WIRE[type]])),
    });
  }
  return missing.map(({ name }) => name);
}
