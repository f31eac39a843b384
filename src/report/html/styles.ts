/** The report's style sheet: readable in light and dark, on paper, and without any font or file from elsewhere. */
export const styles = `
:root {
  color-scheme: light dark;
  --ink: #1f2328; --faint: #59636e; --ground: #ffffff; --panel: #f6f8fa; --edge: #d0d7de; --link: #0550ae;
  --note: #0550ae; --warning: #9a4a00; --warning-ground: #fff4e5; --note-ground: #eef5ff;
  --good: #0b6b2d; --good-ground: #e9f7ee; --bad: #a40e26; --bad-ground: #fdecee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --faint: #9da7b3; --ground: #0f141a; --panel: #182029; --edge: #37414d; --link: #79b8ff;
    --note: #79b8ff; --warning: #f0a95b; --warning-ground: #2b2115; --note-ground: #14202f;
    --good: #6fdd8b; --good-ground: #12261a; --bad: #ff9a94; --bad-ground: #2d1719;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.6 Inter, system-ui, -apple-system, "Segoe UI", sans-serif;
}
main, header.top, footer { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
header.top { padding-top: 2.5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.4rem; line-height: 1.3; margin: 3rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--edge); }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .6rem 0; }
a { color: var(--link); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: .5rem 1rem; z-index: 1; }
.asked { color: var(--faint); }
.answer {
  background: var(--panel); border: 1px solid var(--edge); border-radius: 8px; padding: .75rem 1.25rem;
  margin: 1.25rem 0;
}
.answer h2 { border: 0; margin: 0; padding: 0; font-size: 1.1rem; }
.answer ul { margin: .4rem 0; padding-left: 1.2rem; }
nav ol { margin: .4rem 0; padding-left: 1.4rem; }
nav h2 { font-size: 1.1rem; border: 0; margin: 1.5rem 0 0; padding: 0; }
.callout {
  margin: .75rem 0; padding: .5rem .9rem; border-left: 4px solid var(--note); background: var(--note-ground);
  border-radius: 0 6px 6px 0;
}
.callout.warning { border-color: var(--warning); background: var(--warning-ground); }
.callout strong { color: var(--note); }
.callout.warning strong { color: var(--warning); }
figure { margin: 1.75rem 0; }
figure > .picture { background: #ffffff; border: 1px solid var(--edge); border-radius: 8px; padding: .75rem; }
figure > .picture > svg { display: block; width: 100%; height: auto; margin: 0 auto; }
.scene svg:focus-visible { outline: 2px solid #0550ae; outline-offset: 2px; }
figcaption { font-size: .9rem; color: var(--faint); margin-top: .6rem; }
figcaption strong { color: var(--ink); }
.files { white-space: nowrap; }
.hint { font-size: .85rem; color: #59636e; margin: .25rem 0 0; text-align: center; }
.formula { overflow: auto hidden; padding: .25rem 0 .5rem; }
.formula .what { color: var(--faint); font-size: .9rem; margin: 0; }
math { font-size: 1.1rem; } .formula math { padding-block: .3rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; min-width: 50%; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--ink); font-weight: 600; padding-bottom: .35rem; }
th, td { text-align: left; padding: .3rem 1.1rem .3rem 0; border-bottom: 1px solid var(--edge); vertical-align: top; }
thead th { border-bottom: 2px solid var(--edge); }
th.number, td.number { text-align: right; white-space: nowrap; }
td:nth-child(2):not(.number) { min-width: 11rem; } td math { font-size: 1em; }
.unit { color: var(--faint); font-weight: 400; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; }
td code { overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--edge); border-radius: 6px; padding: .75rem; overflow-x: auto; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--link); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; font-size: .9rem; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--faint); font-size: .85rem; }
.claim { border: 1px solid var(--edge); border-left: 4px solid var(--warning); border-radius: 8px; padding: .25rem 1.25rem .75rem; margin: 1.25rem 0; }
.claim.supported { border-left-color: var(--good); }
.claim.refuted { border-left-color: var(--bad); }
.claim h3 { margin: .75rem 0 .25rem; }
.claim .statement { font-size: 1.05rem; }
.claim .about { font-size: .85rem; color: var(--faint); overflow-wrap: anywhere; }
.claim table { width: 100%; }
.claim th[scope="row"] { font-weight: 600; white-space: nowrap; }
.claim td .detail { display: block; color: var(--faint); font-size: .85em; }
.verdict, .says { color: var(--warning); font-weight: 600; white-space: nowrap; }
.verdict { background: var(--warning-ground); border-radius: 1rem; padding: .1rem .7rem; font-size: .85rem; }
.supported .verdict, .verdict.supported { color: var(--good); background: var(--good-ground); }
.refuted .verdict, .verdict.refuted { color: var(--bad); background: var(--bad-ground); }
.says.for { color: var(--good); } .says.against { color: var(--bad); }
.says.undecided, .says.skipped { color: var(--faint); font-weight: 400; }
@media (max-width: 36rem) { .claim { padding: .25rem .75rem .5rem; } .claim th[scope="row"] { white-space: normal; } .claim td, .claim th { padding-right: .6rem; } }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print {
  :root { --ink: #000; --faint: #444; --ground: #fff; --panel: #fff; --edge: #bbb; --link: #000; }
  body { font-size: 10.5pt; }
  main, header.top, footer { max-width: none; padding: 0; }
  figure, table, .callout, .formula, .claim { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .skip, .hint { display: none; }
}
`;
