import { raw } from "hono/html";

/** Style of the desk: system fonts and colours, light or dark, one column on narrow screens. */
export const DESK_STYLE = raw(`
:root { color-scheme: light dark; --line: light-dark(#d5d8de, #3b4048); --faint: light-dark(#555b66, #a5acb8);
  --accent: light-dark(#0b57d0, #8ab4f8); --panel: light-dark(#f5f6f8, #202329); --alert: light-dark(#fdecea, #4a1f1c); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 75rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: end; padding-block: 1rem; border-bottom: 1px solid var(--line); }
header > div { flex: 1 1 16rem; }
header .row { margin: 0; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0; }
main { display: grid; grid-template-columns: minmax(15rem, 1fr) minmax(0, 2.2fr); gap: 2rem; padding-block: 1rem 3rem; }
nav h3:first-child { margin-top: 0; }
nav ul, .messages { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .4rem .6rem; border-radius: .4rem; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav li a:hover { background: var(--panel); }
nav li a[aria-current] { background: var(--panel); box-shadow: inset 3px 0 var(--accent); }
nav li a b { color: var(--accent); font-weight: 600; }
a { color: var(--accent); }
.faint, dt { color: var(--faint); font-size: .875rem; }
.alert { background: var(--alert); padding: .5rem .75rem; border-radius: .4rem; margin-bottom: 1rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1rem; margin: .75rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.tag { display: inline-block; padding: 0 .5rem; margin: 0 .25rem .25rem 0; border: 1px solid var(--line); border-radius: 1rem; font-size: .875rem; }
form { margin: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .75rem 0; }
label { display: block; font-size: .875rem; color: var(--faint); }
button, select, textarea, input { font: inherit; padding: .35rem .75rem; border: 1px solid var(--line); border-radius: .4rem; background: Field; color: FieldText; }
textarea { width: 100%; }
.row > div { min-width: 0; }
input { max-width: 100%; }
details { margin: .5rem 0 1rem; }
summary { cursor: pointer; color: var(--faint); font-size: .875rem; }
.messages dl { margin: 0; }
button { cursor: pointer; background: var(--panel); }
button.first { background: var(--accent); border-color: var(--accent); color: Canvas; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.messages li { max-width: 85%; margin: .5rem 0; padding: .4rem .75rem; border-radius: .6rem; background: var(--panel); overflow-wrap: anywhere; }
.messages li.out { margin-left: auto; box-shadow: inset -3px 0 var(--accent); }
.messages p, .note { white-space: pre-wrap; }
.note { margin: .5rem 0; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; overflow-wrap: anywhere; }
@media (max-width: 48rem) { main { grid-template-columns: minmax(0, 1fr); } }
`);
