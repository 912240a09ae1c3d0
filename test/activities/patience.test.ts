import { expect, test } from 'vitest';

import { createPatience } from '../../activities/patience.ts';
import { SparkLayerError } from '../../connectors/sparklayer/spark-layer-error.ts';

const trouble = (code: string) => new SparkLayerError({ code, fate: 'wait', route: 'GET /x', says: 'no' });

test.each(['REFUSED', 'SERVER_ERROR', 'UNREADABLE_ANSWER', 'TIMEOUT'])(
  'what may ail one purchase alone (%s) is borne ten times in a row, and passed on where nothing was answered',
  (code) => {
    const patience = createPatience();
    const bears = () => patience.bears(trouble(code));
    for (let times = 1; times <= 10; times++) expect(bears()).toBe(true);
    expect(bears()).toBe(false);
    expect(() => patience.end()).toThrow(trouble(code));
    patience.answered();
    expect(bears()).toBe(true);
    expect(() => patience.end()).not.toThrow();
  },
);

test('an answer of another form than agreed is an answer, however many there are', () => {
  const patience = createPatience();
  for (let times = 0; times < 10; times++) expect(patience.bears(trouble('SCHEMA_DRIFT'))).toBe(true);
  expect(() => patience.end()).not.toThrow();
});

test.each(['CREDENTIALS_REFUSED', 'RATE_LIMITED', 'NO_TIME_LEFT', 'CONNECTION_LOST'])(
  'what is the whole site’s (%s) is not borne',
  (code) => {
    expect(createPatience().bears(trouble(code))).toBe(false);
  },
);

test('nor is a bug of ours', () => {
  expect(createPatience().bears(new TypeError('no'))).toBe(false);
});
