import type { ConsolePageName } from './console-route.ts';

/** What stands in the navigation. */
export interface Section {
  readonly title: string;
  /** Path of a 24 × 24 sign, drawn as lines. */
  readonly sign: string;
}

export const SECTIONS: Record<ConsolePageName, Section> = {
  overview: { title: 'Overview', sign: 'M4 13h6V4H4zM14 20h6V11h-6zM4 20h6v-3H4zM14 7h6V4h-6z' },
  rooms: { title: 'Rooms', sign: 'M4 5h16v11H4zM9 20h6M12 16v4' },
  sessions: {
    title: 'Sessions',
    sign: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-5 6-5s6 1.7 6 5M16 4.5a3.5 3.5 0 0 1 0 6M17 15.4c2.4.5 4 2 4 4.6',
  },
  hosts: { title: 'Hosts', sign: 'M4 6h16v9H4zM2 19h20M9 10l2 2 4-4' },
  nodes: {
    title: 'Media servers',
    sign: 'M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01M12 7h4M12 17h4',
  },
  containers: { title: 'Containers', sign: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8' },
  ice: {
    title: 'STUN and TURN',
    sign: 'M3 12h5M16 12h5M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2',
  },
  recordings: {
    title: 'Recordings',
    sign: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  },
  tokens: {
    title: 'Links and tokens',
    sign: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17',
  },
  invitations: { title: 'Invitations', sign: 'M3 6h18v12H3zM3 7l9 7 9-7' },
  users: { title: 'Users', sign: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6' },
  webhooks: { title: 'Webhooks', sign: 'M13 3 5 14h6l-1 7 8-11h-6z' },
  audit: { title: 'Audit log', sign: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7M9 7h3' },
  settings: { title: 'Settings', sign: 'M4 7h8M18 7h2M15 4.5v5M4 17h2M12 17h8M9 14.5v5' },
};

/** The navigation, in groups. */
export const GROUPS: readonly {
  readonly name: string;
  readonly pages: readonly ConsolePageName[];
}[] = [
  { name: 'Now', pages: ['overview', 'rooms', 'sessions', 'hosts'] },
  { name: 'Media', pages: ['nodes', 'containers', 'ice', 'recordings'] },
  { name: 'Access', pages: ['tokens', 'invitations', 'users'] },
  { name: 'System', pages: ['webhooks', 'audit', 'settings'] },
];
