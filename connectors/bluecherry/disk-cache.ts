import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Log } from './log.ts';

/** Raised whenever what is kept changes its shape: older files are then read anew from the ERP. */
const VERSION = 2;

/** Keeps one JSON file per name, of one ERP. Safe to delete at any time; a file that cannot be used is no file. */
export class DiskCache {
  readonly #folder: string | null;
  readonly #origin: string;
  readonly #version: number;
  readonly #log: Log;
  #writes = 0;

  /**
   * `origin` = the address the content was read from: what belongs to another ERP is not used. A `version` of its own is
   * for content that must outlive a change of the reference data's shape.
   */
  constructor(folder: string | null, origin: string, log: Log, version = VERSION) {
    this.#folder = folder;
    this.#origin = origin;
    this.#log = log;
    this.#version = version;
  }

  async load<Content>(name: string, content: z.ZodType<Content>): Promise<Content | null> {
    if (this.#folder === null) return null;
    let written: string;
    try {
      written = await readFile(join(this.#folder, `${name}.json`), 'utf8');
    } catch (error) {
      if (!isMissing(error)) this.#log.warn({ name, error }, 'cached reference data cannot be read; starting afresh');
      return null;
    }
    const file = z.object({ version: z.literal(this.#version), origin: z.literal(this.#origin), content });
    try {
      return file.parse(JSON.parse(written)).content;
    } catch {
      this.#log.warn({ name }, 'cached reference data is of no use; starting afresh');
      return null;
    }
  }

  /** Written beside and renamed, so that a crash leaves the old file whole. A full disk costs only the cache. */
  async save(name: string, content: unknown): Promise<void> {
    if (this.#folder === null) return;
    const path = join(this.#folder, `${name}.json`);
    const draft = `${path}.${process.pid}.${this.#writes++}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(draft, JSON.stringify({ version: this.#version, origin: this.#origin, content }));
      await rename(draft, path);
    } catch (error) {
      this.#log.warn({ name, error }, 'reference data could not be cached');
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
