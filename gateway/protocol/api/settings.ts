import { z } from 'zod';
import { operation } from './operation.ts';
import { items } from './page.ts';

/** A setting of the gateway as it is in force. */
export const SettingView = z
  .object({
    name: z.string(),
    /** As it was written; the default where it was not; null: there is none. `***` is a secret. */
    value: z.string().nullable(),
    /** It was set, and is not the default. */
    given: z.boolean(),
    description: z.string(),
  })
  .meta({ id: 'Setting' });
export type SettingView = z.infer<typeof SettingView>;

export const listSettings = operation({
  id: 'listSettings',
  method: 'GET',
  path: '/api/v1/settings',
  tag: 'Settings',
  summary: 'The settings in force',
  description: 'Secrets are `***`, and so is what addresses have before `@` and after `?`.',
  access: 'global-admin',
  reply: items(SettingView),
});
