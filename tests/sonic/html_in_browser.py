# SPDX-License-Identifier: Apache-2.0
"""`sonic run --html` and `sonic compare --html` in headless Chromium: no network, no error on the console, every chart drawn, and nothing wider
than the screen at 1280 and 400 pixels. Exits with 77, which means skipped, where there is no Chromium.

usage: html_in_browser.py SONIC
"""
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (1280, 400)
CHARTS = 6
COMPARISON_CHARTS = 2
SMALLEST_PX = 12

PAGE = """<!doctype html><body style="margin:0">{frames}<script>
addEventListener('load', () => {{
  for (const f of document.querySelectorAll('iframe')) {{
    const body = f.contentDocument.body;
    const inside = [...body.querySelectorAll('h1, h2, p, canvas, .figures div')];
    const report = document.createElement('pre');
    report.textContent = 'REPORT ' + JSON.stringify({{...body.dataset, screen: f.contentWindow.innerWidth,
      wider: inside.filter(e => e.getBoundingClientRect().right > f.contentWindow.innerWidth + 1).length,
      smallest: Math.min(...inside.map(e => parseFloat(f.contentWindow.getComputedStyle(e).fontSize))),
      empty: [...body.querySelectorAll('canvas')].filter(c => c.clientWidth < 200 || c.clientHeight < 100).length,
      requests: f.contentWindow.performance.getEntriesByType('resource').length}});
    document.body.append(report);
  }}
}});
</script></body>"""


def complaints(browser: str, folder: Path, report: str, charts: int = CHARTS) -> list:
    """What is wrong with a report in the browser."""
    content = html.escape(report, quote=True)
    frames = "".join(f'<iframe style="border:0" width="{w}" height="900" srcdoc="{content}"></iframe>' for w in WIDTHS)
    (folder / "both.html").write_text(PAGE.format(frames=frames))
    ran = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                          f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000",
                          "--virtual-time-budget=10000", "--dump-dom", (folder / "both.html").as_uri()],
                         capture_output=True, text=True, timeout=120, check=False)
    found = [json.loads(text) for text in re.findall(r"REPORT (\{.*?\})</pre>", html.unescape(ran.stdout))]
    wrong = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    if [each["screen"] for each in found] != list(WIDTHS):
        wrong.append(f"no page at {WIDTHS}: {ran.stderr[-1000:]}")
    for each in found:
        right = {"charts": str(charts), "problems": "", "wider": 0, "empty": 0, "requests": 0}
        wrong += [f"{each['screen']}: {key} is {each.get(key)!r}" for key, value in right.items() if each.get(key) != value]
        if each["smallest"] < SMALLEST_PX:
            wrong.append(f"{each['screen']}: text of {each['smallest']} px")
    return wrong


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("skipped: no Chromium")
        return 77
    workloads = ROOT / "configs" / "workloads"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([sys.argv[1], "run", workloads / "mnist.onnx", "--input", workloads / "digits-images-idx3-ubyte.gz",
                        "--labels", workloads / "digits-labels-idx1-ubyte.gz", "--count", "2", "--accounting", "full",
                        "--html", folder / "report.html"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        report = (folder / "report.html").read_text()
        wrong = complaints(browser, folder, report)
        print(f"the report: {wrong or 'as it should be'}")
        subprocess.run([sys.argv[1], "compare", ROOT / "configs" / "compare" / "paper.yaml", "--html",
                        folder / "compare.html"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        comparison = complaints(browser, folder, (folder / "compare.html").read_text(), COMPARISON_CHARTS)
        print(f"the comparison: {comparison or 'as it should be'}")
        wrong += comparison
        planted = {
            "an error in a script": report.replace("</body>", "<script>missing();</script></body>"),
            "a request": report.replace("</body>", '<img src="https://example.org/x.png"></body>'),
            "something wide": report.replace("</body>", '<p style="width:1500px">wide</p></body>'),
            "a chart that is missing": report.replace("draw('energy'", "(() => 0)('energy'"),
        }
        missed = [what for what, damaged in planted.items() if not complaints(browser, folder, damaged)]
        print(f"planted {len(planted)} faults, missed: {missed or 'none'}")
    return 1 if wrong or missed else 0


if __name__ == "__main__":
    sys.exit(main())
