/** The report's style: light and dark by the reader's preference, from a phone's width up, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2430;--soft:#5b6675;--line:#dce1e8;--card:#f7f8fa;--committed:#2a6f97;--unsaved:#8ecae6;
--loss:#c1121f;--kill:#c1121f;--notice:#b26a00;--fault:#6d3fc0;--pass:#1a7f37;--fail:#c1121f;--unknown:#8a6100;--band0:#eef2f6;--band1:#e3e9f0;--boot:#0000000d}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--fg:#e4e8ee;--soft:#98a3b3;--line:#2c3440;--card:#1a2029;--committed:#4ba3d3;--unsaved:#2c5f7c;
--loss:#ff6b6b;--kill:#ff6b6b;--notice:#f0a63c;--fault:#b794f6;--pass:#4cc26b;--fail:#ff6b6b;--unknown:#d9a93d;--band0:#1c232d;--band1:#232c38;--boot:#ffffff0f}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:24px 20px 64px;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:0;overflow-wrap:anywhere}h3{font-size:14px;margin:14px 0 4px}
p{margin:4px 0 10px}a{color:inherit}.soft{color:var(--soft)}.nowrap{white-space:nowrap}
code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}code.whole{overflow-wrap:normal}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-weight:600;font-size:13px}
td.n,th.n{text-align:right}
.status{font-weight:650}.status.passed,.status.pass{color:var(--pass)}.status.failed,.status.fail,.status.error{color:var(--fail)}.status.unknown,.status.unsupported{color:var(--unknown)}
article{margin-top:28px;padding:18px;background:var(--card);border:1px solid var(--line);border-radius:10px}
article header{display:flex;gap:12px;align-items:baseline;justify-content:space-between;flex-wrap:wrap}
.body{display:grid;grid-template-columns:minmax(0,1fr) 250px;gap:22px}
dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:3px 12px;align-content:start;font-variant-numeric:tabular-nums}dt{color:var(--soft)}dd{margin:0;text-align:right}
svg{max-width:100%;height:auto;display:block}svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--soft)}svg.key{flex:none}
.narrow{display:none}
.band{fill:var(--band0)}.a1 .band{fill:var(--band1)}.boot{fill:var(--boot)}.grid{stroke:var(--line)}.tick-line{stroke:var(--soft)}
.committed{fill:var(--committed)}.unsaved{fill:var(--unsaved)}.total{fill:none;stroke:var(--committed);stroke-width:1.5}
.loss{fill:var(--loss);fill-opacity:.22;stroke:var(--loss);stroke-dasharray:3 3}
.mark{fill:none;stroke-width:1.6}.mark.checkpoint{fill:var(--bg);stroke:var(--committed);stroke-width:2}.mark.kill{stroke:var(--kill)}.mark.notice{stroke:var(--notice)}
.mark.fault{stroke:var(--fault)}.mark.end{stroke:var(--soft);stroke-dasharray:2 3}.sign.notice{fill:var(--notice)}.sign.fault{fill:var(--fault)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;color:var(--soft);font-size:13px;margin:8px 0}.legend span{display:inline-flex;gap:6px;align-items:center}
summary{cursor:pointer;margin:10px 0 4px}
.reason{white-space:pre-line;border-left:3px solid var(--fail);padding:2px 0 2px 10px;margin:10px 0;overflow-wrap:anywhere}
td.detail{overflow-wrap:anywhere;white-space:pre-line}
@media(max-width:760px){body{padding:16px 12px 48px}article{padding:14px 12px}.body{grid-template-columns:minmax(0,1fr)}.wide{display:none}.narrow{display:block}}
@media print{article{break-inside:avoid}}
`;
