//! Barriers in the page that axe finds, for people who cannot see it or use a mouse.

use std::env;
use std::fmt;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::driver::text;
use super::page::Page;

/// Where `cargo xtask tools` puts it, below the target folder.
const AXE: &str = "npm/axe-core/node_modules/axe-core/axe.min.js";

/// A rule that the page breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Such as `color-contrast`.
    pub rule: String,
    /// How much it hinders: `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What the rule asks for.
    pub help: String,
    /// Selector and reason, for each element.
    pub places: Vec<String>,
}

impl Page {
    /// What axe finds in the page as it is now, by all rules of WCAG that it knows and its best practices.
    ///
    /// Nothing, loudly, without axe; where `CI` is set its absence is a failure.
    #[track_caller]
    pub fn axe(&self) -> Vec<Violation> {
        if self.eval("typeof axe") == json!("undefined") {
            let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder above");
            let Ok(source) = fs::read_to_string(target.join(AXE)) else {
                assert!(env::var_os("CI").is_none(), "there is no axe: run `cargo xtask tools`");
                eprintln!("*** SKIPPED: there is no axe: run `cargo xtask tools`");
                return Vec::new();
            };
            self.run(&source, &[]);
        }
        // Preloading would ask for the page's files again.
        let run = "
            const done = arguments[0];
            axe.run(document, { preload: false, resultTypes: ['violations'] })
                .then(result => done(result.violations), error => done(String(error)));";
        let found = self.run_async(run, &[]);
        let found = found.as_array().unwrap_or_else(|| panic!("axe fails: {found}"));
        found.iter().map(Violation::read).collect()
    }
}

impl Violation {
    fn read(found: &Value) -> Self {
        let places = found["nodes"].as_array().into_iter().flatten();
        Self {
            rule: text(&found["id"]),
            impact: text(&found["impact"]),
            help: text(&found["help"]),
            places: places
                .map(|place| format!("{}: {}", place["target"], text(&place["failureSummary"])))
                .collect(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({}): {}", self.rule, self.impact, self.help)?;
        self.places.iter().try_for_each(|place| write!(f, "\n    {place}"))
    }
}
