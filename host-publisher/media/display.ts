/** In place of an X11 display: what the portal of a Wayland desktop shares. */
export const PORTAL = 'portal';
