import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { demoSiteText, type StandInAddresses } from '../../scripts/demo/demo-site.ts';

/** A site file as a person keeps it, its secrets in files beside it: for the command line, which has no environment. */
export async function writeSiteFile(
  folder: string,
  name: string,
  addresses: StandInAddresses,
): Promise<{ readonly file: string; readonly secrets: readonly string[] }> {
  const { text, variables } = demoSiteText(addresses, {});
  for (const [variable, secret] of Object.entries(variables)) await writeFile(join(folder, variable), secret);
  const file = join(folder, `${name}.yaml`);
  await writeFile(
    file,
    text.replaceAll(/env:(\w+)/g, (_whole, variable: string) => `file:${join(folder, variable)}`),
  );
  return { file, secrets: Object.values(variables) };
}
