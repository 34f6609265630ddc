/** Of the reference page: light and dark, narrow and wide. */
export const REFERENCE_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a4150); --soft: light-dark(#f3f5f8, #1b2029);
  --ink: light-dark(#1a1f29, #e7eaf0); --link: light-dark(#0b57b7, #8ab8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; color: var(--ink);
  background: light-dark(#fff, #12161d); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0.5rem 0; border-block: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; padding: 0 0.75rem; }
summary { cursor: pointer; padding: 0.6rem 0; overflow-wrap: anywhere; }
summary span { display: block; }
summary b { display: inline-block; min-width: 4.5em; }
h4 { margin: 0.75rem 0 0.25rem; font-weight: 600; }
pre { background: var(--soft); border-radius: 6px; margin: 0.25rem 0; overflow-x: auto; padding: 0.75rem; }
code, pre { font: 0.9em/1.45 ui-monospace, monospace; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3rem 0.75rem 0.3rem 0; text-align: start; vertical-align: top; }
`;
