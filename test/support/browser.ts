import { existsSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { launch, type Browser } from 'puppeteer-core';

const USUAL_PLACES = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A real browser: the one that `INSTEP_BROWSER` names, an installed Chrome, else on Linux the one of the test packages. */
export async function openBrowser(): Promise<Browser> {
  const installed = process.env['INSTEP_BROWSER'] ?? USUAL_PLACES.find((path) => existsSync(path));
  if (installed !== undefined) return launch({ executablePath: installed, headless: true });
  if (process.platform !== 'linux')
    throw new Error('There is no browser for this test: install Google Chrome, or set INSTEP_BROWSER to one.');
  return launch({ executablePath: await chromium.executablePath(), args: chromium.args, headless: 'shell' });
}
