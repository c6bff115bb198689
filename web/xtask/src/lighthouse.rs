//! Lighthouse's marks for the built page, on a phone and on a desk. For people: no check depends on them.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use anyhow::Context;
use serde_json::Value;

use crate::serve::Site;
use crate::{answer_all, site, target, tools};

/// The last that runs on the Node of Debian 12.
const LIGHTHOUSE: &str = "lighthouse@12.8.2";

/// Where it starts, in its package.
const COMMAND: &str = "lighthouse/cli/index.js";

/// The screens, and what they add to the command.
const SCREENS: [(&str, &[&str]); 2] = [("phone", &[]), ("desk", &["--preset=desktop"])];

/// What is printed besides the marks.
const AUDITS: [&str; 6] = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "interactive",
    "speed-index",
];

/// Builds and serves the page, measures it and prints what Lighthouse says.
pub fn run() -> anyhow::Result<()> {
    site::build()?;
    tools::ensure_browser()?;
    let browser = tools::browser().context("there is no Chromium on PATH")?;
    let command = tools::npm_modules(LIGHTHOUSE).join(COMMAND);
    if !command.is_file() {
        tools::npm(LIGHTHOUSE)?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    let url = format!("http://{}/", listener.local_addr()?);
    let site = Site { folder: site::dist(), base: String::new() };
    thread::spawn(move || answer_all(&listener, &site));

    let reports = target().join("lighthouse");
    fs::create_dir_all(&reports).context("cannot make a folder for reports")?;
    for (screen, options) in SCREENS {
        let mut node = tools::command("node");
        node.arg(&command).arg(&url).args(options).env("CHROME_PATH", &browser);
        node.args(["--quiet", "--no-enable-error-reporting", "--output=json", "--output=html"]);
        node.arg("--chrome-flags=--headless --no-sandbox");
        node.arg("--output-path").arg(reports.join(screen));
        tools::run(&mut node)?;
        let report = fs::read(reports.join(format!("{screen}.report.json")))
            .context("Lighthouse wrote no report")?;
        let report: Value = serde_json::from_slice(&report).context("the report is no JSON")?;
        print!("\n{screen}\n{}", marks(&report));
    }
    println!("\nreports: {}", reports.display());
    Ok(())
}

/// The mark of each category, out of 100, with what spoils it; then figures.
fn marks(report: &Value) -> String {
    let mut text = String::new();
    for category in report["categories"].as_object().into_iter().flat_map(|all| all.values()) {
        let mark = category["score"].as_f64().map_or("-".to_owned(), |score| {
            let mark = score * 100.0;
            format!("{mark:.0}")
        });
        text += &format!("  {:16} {mark:>4}\n", word(&category["title"]));
        // What performance suggests is in the report; it has its figures below.
        if category["id"] == "performance" {
            continue;
        }
        for part in category["auditRefs"].as_array().into_iter().flatten() {
            let audit = &report["audits"][word(&part["id"])];
            let weighs = part["weight"].as_f64().is_some_and(|weight| weight > 0.0);
            if weighs && audit["score"].as_f64().is_some_and(|score| score < 1.0) {
                text += &format!("    {}\n", word(&audit["title"]));
            }
        }
    }
    for name in AUDITS {
        let audit = &report["audits"][name];
        text += &format!("  {:26} {}\n", word(&audit["title"]), word(&audit["displayValue"]));
    }
    text
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_says_what_spoils_it() {
        let report = serde_json::json!({
            "categories": {
                "performance": { "id": "performance", "title": "Performance", "score": 0.98 },
                "accessibility": {
                    "id": "accessibility", "title": "Accessibility", "score": 0.5, "auditRefs": [
                        { "id": "label", "weight": 7 },
                        { "id": "list", "weight": 7 },
                        { "id": "manual", "weight": 0 },
                    ],
                },
            },
            "audits": {
                "label": { "title": "Fields have no labels", "score": 0 },
                "list": { "title": "Lists are lists", "score": 1 },
                "manual": { "title": "Look yourself", "score": 0 },
                "first-contentful-paint": { "title": "First Paint", "displayValue": "0.9 s" },
            },
        });
        let text = marks(&report);
        let expected =
            "  Performance        98\n  Accessibility      50\n    Fields have no labels\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("  First Paint                0.9 s\n"), "{text}");
    }
}
