import { readdirSync, readFileSync } from 'node:fs';

import { Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';

import type { CaseStage } from '../../domain/cases/case-state.ts';
import type { Stage } from '../../domain/order-state.ts';
import * as workflows from '../../workflows/index.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const textOf = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');

/** Stages that people search for. Preparing takes a moment and is shown as received. */
const STAGES: Readonly<Record<Exclude<Stage, 'prepared'>, true>> = {
  received: true,
  submitted: true,
  accepted: true,
  released: true,
  picked: true,
  shipped: true,
  invoiced: true,
  closed: true,
  parked: true,
  cancelled: true,
};
const CASE_STAGES: Readonly<Record<CaseStage, true>> = {
  open: true,
  acknowledged: true,
  snoozed: true,
  resolved: true,
};

// Recorded of a released version by `npm run record`. A difference means that workflows under way would break on
// deploy: tell the rules apart by `patched`, or find out what changed.
test.each(files)('the history recorded in %s still runs the way it did', async (file) => {
  const history = JSON.parse(textOf(file));
  // What it names after itself, such as its children, is named after its own id.
  const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
  const replayed = Worker.runReplayHistories({ workflowBundle: { codePath: inject('temporal').bundle } }, [
    { workflowId, history },
  ]);
  for await (const { error } of replayed) expect(error).toBeUndefined();
});

test('every workflow is there to be replayed, and orders and cases in every stage', () => {
  const all = files.map(textOf).join('\n');
  expect(Object.keys(workflows).filter((type) => !all.includes(`"name": "${type}"`))).toEqual([]);
  const attribute = (stage: string) => Buffer.from(JSON.stringify(stage)).toString('base64');
  const stages = Object.keys({ ...STAGES, ...CASE_STAGES });
  expect(stages.filter((stage) => !all.includes(`"${attribute(stage)}"`))).toEqual([]);
});
