/** The look: the system's own font, light or dark as the reader has it, dense on a desk and in one column on a phone. */
export const STYLE = `:root {
  color-scheme: light dark;
  --page: light-dark(#f4f5f7, #121418); --panel: light-dark(#ffffff, #1b1e24); --text: light-dark(#1a1d23, #e6e8ec);
  --faint: light-dark(#545a66, #a8aeba); --line: light-dark(#d9dde3, #343a44); --accent: light-dark(#0b57d0, #8ab4f8);
  --on-accent: light-dark(#ffffff, #10131a); --hover: light-dark(#eceff4, #252a32);
  --good: light-dark(#116329, #7ee2a0); --good-back: light-dark(#e3f4e8, #16321f);
  --warn: light-dark(#7a4b00, #ffcf70); --warn-back: light-dark(#fff1cf, #3a2c0c);
  --bad: light-dark(#a3160e, #ffb4ab); --bad-back: light-dark(#fdecea, #45201d);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
h3 { font-size: .95rem; margin: 1rem 0 .25rem; }
h2 + h3 { margin-top: .5rem; }
p { margin: .25rem 0; }
main > p { margin-bottom: .75rem; }
a { color: var(--accent); text-underline-offset: .15em; }
ul, ol { margin: .25rem 0; padding-left: 1.25rem; }
code, pre, .id { font: .875em/1.45 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding: .5rem .75rem; background: var(--page); border: 1px solid var(--line); border-radius: .4rem; white-space: pre-wrap; max-height: 24rem; overflow: auto; }
time, .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
h2.id { font-size: 1rem; }
.faint { color: var(--faint); }
.small { font-size: .875rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--panel); padding: .5rem; z-index: 9; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main:focus { outline: none; }
header, main, footer { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; padding-block: .6rem; border-bottom: 1px solid var(--line); }
.brand { font-weight: 700; font-size: 1.1rem; margin: 0; }
.brand a { color: inherit; text-decoration: none; }
nav ul { display: flex; flex-wrap: wrap; gap: .15rem; list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .35rem .7rem; border-radius: .4rem; color: inherit; text-decoration: none; }
nav a:hover { background: var(--hover); }
nav a[aria-current] { background: var(--accent); color: var(--on-accent); }
.who { margin-left: auto; display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; font-size: .875rem; }
.who form { display: flex; gap: .5rem; align-items: center; margin-left: auto; }
main { padding-block: 1.25rem 3rem; }
footer { padding-block: .75rem 2rem; border-top: 1px solid var(--line); color: var(--faint); font-size: .875rem; display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
.bare { max-width: 28rem; padding-top: 12vh; }
.stack > * + * { margin-top: .75rem; }
section, .panel { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1.1rem; margin: 0 0 1rem; min-width: 0; }
.verdict { border-left: .4rem solid var(--good); }
.verdict.warn { border-left-color: var(--warn); }
.verdict.bad { border-left-color: var(--bad); }
.verdict h1 { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.tiles a, .tiles .tile { display: block; height: 100%; background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: .75rem .9rem; color: inherit; text-decoration: none; }
.tiles a:hover { border-color: var(--accent); background: var(--hover); }
.tiles b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tiles .bad b { color: var(--bad); }
.tiles .warn b { color: var(--warn); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1rem; align-items: start; }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .8125rem; white-space: nowrap; background: var(--hover); }
.badge.good { background: var(--good-back); color: var(--good); }
.badge.warn { background: var(--warn-back); color: var(--warn); }
.badge.bad { background: var(--bad-back); color: var(--bad); }
.tag { display: inline-block; margin-right: .25rem; padding: 0 .45rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; }
.notice { padding: .6rem .9rem; border-radius: .4rem; background: var(--hover); margin: 0 0 1rem; overflow-wrap: anywhere; }
.notice.good { background: var(--good-back); color: var(--good); }
.notice.warn { background: var(--warn-back); color: var(--warn); }
.notice.bad { background: var(--bad-back); color: var(--bad); }
section > .notice:last-child, section > .row:last-child { margin-bottom: .25rem; }
table { border-collapse: collapse; width: 100%; }
ul + table { margin-top: .75rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th { text-align: left; font-size: .8125rem; font-weight: 600; color: var(--faint); }
th, td { padding: .4rem .75rem .4rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
th { white-space: nowrap; }
td { overflow-wrap: break-word; }
tbody tr:hover { background: var(--hover); }
tbody tr:last-child td { border-bottom: 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: .5rem 0; }
dt { color: var(--faint); font-size: .875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
form.row, .row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: 0 0 .75rem; }
.row > div:has(> button) { display: flex; gap: .4rem; }
form.row select { max-width: 10.5rem; }
label { display: block; margin-bottom: .2rem; font-size: .8125rem; color: var(--faint); }
label.check { display: flex; margin-bottom: 0; gap: .4rem; align-items: center; min-height: 2.25rem; font-size: .875rem; color: inherit; }
button, select, textarea, input, .button { font: inherit; line-height: 1.45; padding: .35rem .75rem; border: 1px solid light-dark(#8b919c, #6b7280); border-radius: .4rem; background: var(--panel); color: inherit; max-width: 100%; }
button, select, input:not([type="checkbox"]), .button { height: 2.25rem; }
input[type="checkbox"] { width: 1.1rem; height: 1.1rem; margin: 0; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.row > div { min-width: 0; max-width: 100%; }
legend { padding: 0; font-size: .8125rem; color: var(--faint); }
input[type="password"], textarea { width: 100%; }
textarea { font-family: ui-monospace, Consolas, monospace; font-size: .875rem; min-height: 12rem; }
button, .button { cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
button:hover, .button:hover { background: var(--hover); }
button.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.danger { background: var(--bad); border-color: var(--bad); color: light-dark(#ffffff, #2b0a07); }
summary { cursor: pointer; }
.act[open] { flex-basis: 100%; background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: .75rem 1rem; }
.act summary.button { list-style: none; }
details details { margin-left: 1rem; }
.story { list-style: none; margin: 0; padding: 0 0 0 .6rem; border-left: 2px solid var(--line); }
.story > li { position: relative; display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); padding: .3rem 0 .3rem 1rem; overflow-wrap: anywhere; }
.story details { margin-left: 0; }
.story > li::before { content: ""; position: absolute; left: -1.02rem; top: .75rem; width: .7rem; height: .7rem; border-radius: 50%; background: var(--line); }
.story > li.good::before { background: var(--good); }
.story > li.warn::before { background: var(--warn); }
.story > li.bad::before { background: var(--bad); }
.story > li.gap { display: block; color: var(--faint); font-size: .8125rem; font-style: italic; }
.story > li.gap::before { display: none; }
.when { display: flex; gap: .75rem; align-self: start; padding-top: .1rem; color: var(--faint); font-size: .8125rem; }
.when .number { min-width: 4.5rem; }
.words { white-space: pre-wrap; margin: .25rem 0; padding-left: .75rem; border-left: 3px solid var(--line); }
.yes { color: var(--good); }
.no { color: var(--faint); }
.chart { width: 100%; height: 3.5rem; display: block; }
.chart rect { fill: var(--accent); }
.chart .base { fill: var(--line); }
.pages { display: flex; gap: 1rem; margin-top: .75rem; }
.pages:not(:has(a)) { display: none; }
.spaced > li + li { margin-top: .5rem; }
.search::first-letter { text-transform: uppercase; }
@media (max-width: 46rem) {
  header, main, footer { padding-inline: .8rem; }
  .who { margin-left: 0; width: 100%; justify-content: space-between; }
  table, tbody, tr, td, caption { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .5rem; border: 0; padding: .15rem 0; }
  td::before { content: attr(data-label); color: var(--faint); font-size: .8125rem; }
  td:has(> div:empty) { display: none; }
  .story > li { display: block; }
}
@media (prefers-reduced-motion: no-preference) { button, a { transition: background-color .1s; } }
`;
