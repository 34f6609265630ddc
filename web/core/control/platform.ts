/** Where the keyboards of a system behave in their own way. */
export type Platform = 'mac' | 'windows' | 'other';

/** Of the machine that this page runs on. */
export function platformOf({
  platform,
  userAgent,
}: {
  readonly platform: string;
  readonly userAgent: string;
}): Platform {
  if (/^(Mac|iP)/.test(platform)) return 'mac';
  return platform.startsWith('Win') || userAgent.includes('Windows') ? 'windows' : 'other';
}
