import { z } from 'zod';
import { flag, roleValues, safeUrl, secret, wholeNumber } from './fields.ts';

const claim = (fallback: string) => z.string().min(1).max(256).default(fallback);

/** The administrator’s password, accounts, logins and the OpenID provider; part of `Settings`. */
export const AccountSettings = z.object({
  ADMIN_USER: z
    .string()
    .regex(/^[^:\p{Cc}]{1,128}$/u, 'must have no colon')
    .default('admin')
    .describe('User of the admin page and the API beside `ADMIN_PASSWORD`.'),
  ADMIN_PASSWORD: secret(12)
    .optional()
    .describe(
      'Password of `/admin` and the API (HTTP Basic), 12 characters or more. Empty: tokens alone.',
    ),
  LOGIN_IDLE_MINUTES: wholeNumber(1, 43_200, 480).describe(
    'A login ends after so long without a request; an open page makes some.',
  ),
  LOGIN_HOURS: wholeNumber(1, 8_760, 168).describe('A login ends after so long at the latest.'),
  BASIC_ACCOUNTS: flag()
    .default(false)
    .describe('The API takes name and password of accounts by HTTP Basic too, for programs.'),
  OIDC_ISSUER: safeUrl()
    .optional()
    .describe(
      'Issuer of OpenID access tokens, as their `iss` has it: https, or http on this machine. Its keys come by discovery.',
    ),
  OIDC_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('`aud` that its tokens must have; needed beside `OIDC_ISSUER`.'),
  OIDC_NAME_CLAIM: claim('sub').describe(
    'Claim with the name of a person; one that people choose themselves lets them take each other’s place.',
  ),
  OIDC_ROLE_CLAIM: claim('roles').describe(
    'Claim with roles or groups, a word or a list; `realm_access.roles` is `roles` in `realm_access`.',
  ),
  OIDC_ROLES: roleValues()
    .default([])
    .describe(
      'What stands for a role there: `admin=cast-admins,operator=it,viewer=*`; the highest counts, `*` is everybody. Empty: the roles’ own names.',
    ),
  OIDC_ROOMS_CLAIM: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Claim with the rooms of a person, or `*`. Empty: all rooms for everybody.'),
});
export type AccountSettings = z.infer<typeof AccountSettings>;

/** What of these settings does not go together. */
export function accountProblems({
  OIDC_ISSUER: issuer,
  OIDC_AUDIENCE: audience,
}: AccountSettings): string[] {
  return (issuer === undefined) === (audience === undefined)
    ? []
    : ['OIDC_ISSUER: goes together with OIDC_AUDIENCE'];
}
