import { STYLE } from "../../assets/style.ts";

/** Looks like the console, with the conversations beside the one that is open. */
export const DESK_STYLE = `${STYLE}
header h1 { margin: 0; font-size: 1.1rem; }
header > div { flex: 1 1 16rem; }
header { align-items: end; }
header .row { margin: 0; }
section > details { margin: .75rem 0; }
.desk { display: grid; grid-template-columns: minmax(15rem, 1fr) minmax(0, 2.2fr); gap: 0 1.25rem; align-items: start; }
.desk nav ul { display: block; }
.desk nav li { margin: 0 0 .15rem; }
.desk nav li a { overflow-wrap: anywhere; }
.desk nav a[aria-current] { background: var(--hover); color: inherit; box-shadow: inset 3px 0 var(--accent); }
.desk nav li b { color: var(--accent); font-weight: 600; }
.desk nav p a { display: inline; padding: 0; color: var(--accent); text-decoration: underline; }
.desk nav h2:not(:first-child) { margin-top: 1.25rem; }
.messages { list-style: none; margin: 0; padding: 0; }
.messages li { max-width: 85%; width: fit-content; margin: .5rem 0; padding: .4rem .75rem; border-radius: .6rem; background: var(--hover); overflow-wrap: anywhere; }
.messages li.out { margin-left: auto; box-shadow: inset -3px 0 var(--accent); }
.messages p, .note { white-space: pre-wrap; }
.messages dl { margin: 0; }
.note { margin: .5rem 0; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; overflow-wrap: anywhere; }
section textarea { min-height: 4.5rem; font: inherit; }
@media (max-width: 48rem) { .desk { grid-template-columns: minmax(0, 1fr); } .desk:has(section h2) nav { order: 1; } }
`;
