//! Files of a catalogue.

use std::sync::OnceLock;

use model::Month;
use model::design::Design;
use model::plan::plan;
use model::presets::PRESETS;
use model::scenario::{PriceChoice, Scenario};
use model::units::Hours;
use pricing::{Catalog, CatalogError, Severity};

use super::{embedded, told, vocabulary};

/// A line that begins so names the file that follows.
const FILE: &str = "@@";

/// What is planned with the prices.
const SCENARIO: &str = r#"
schema = 1
title = "Orders"
[prices]
provider = "aws"
region = "us-east-1"
[[stream]]
name = "orders"
produce = "20 MiB/s"
retention = "3 d"
[[stream.reader]]
group = "fulfilment"
[[platform]]
preset = "kafka-gp3"
"#;

fn scenario() -> &'static Scenario {
    static SCENARIOS: OnceLock<Scenario> = OnceLock::new();
    SCENARIOS.get_or_init(|| model::scenario::parse(SCENARIO, vocabulary()).expect("a scenario"))
}

const MONTH: Month = Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };

/// Price lists that are planned with, and presets of each: all would take long.
const LISTS: usize = 2;

/// Reads bytes as the files of a catalogue, each below a line with `@@` and its path.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let catalog = Catalog::from_files(files(text));
    for finding in catalog.check() {
        told(&finding.to_string(), &finding.fix());
        assert!(!finding.file.is_empty() || finding.severity() == Severity::Gap, "{finding}");
        if let Some(line) = finding.line {
            let text = catalog.files().find(|(path, _)| *path == finding.file);
            let lines = text.map_or(0, |(_, text)| text.lines().count() as u64 + 1);
            assert!((1..=lines).contains(&line), "{finding}, of {lines} lines");
        }
    }
    let words = catalog.vocabulary();
    let _ = model::scenario::parse(SCENARIO, &words);
    errors(catalog.vendor_rows().err());
    errors(catalog.capacity_units().err());
    let mut planned = 0;
    for (provider, regions) in &words.regions {
        for region in regions.iter() {
            errors(catalog.rows(provider, region).err());
            let choice = PriceChoice {
                provider: provider.clone(),
                region: region.clone(),
                overrides: Vec::new(),
                discounts: Default::default(),
            };
            match catalog.price_list(&choice) {
                Err(found) => errors(Some(found)),
                Ok(prices) => {
                    planned += 1;
                    if planned <= LISTS {
                        plan_all(&prices, data.len());
                    }
                }
            }
        }
    }
}

/// Every few presets with prices that nobody has looked at.
fn plan_all(prices: &model::prices::PriceList, seed: usize) {
    for turn in 0..LISTS {
        let preset = &PRESETS[(seed / 3 + turn * 7) % PRESETS.len()];
        let design = Design::of(preset);
        match plan(&design, &scenario().workload, MONTH, prices) {
            Ok(plan) => {
                super::finite("a plan", &format!("{plan:?}"));
            }
            Err(rejection) => {
                assert!(!rejection.reasons.is_empty(), "rejected without a reason");
                for reason in &rejection.reasons {
                    super::finite("a reason", &reason.to_string());
                }
            }
        }
    }
}

#[track_caller]
fn errors(found: Option<Vec<CatalogError>>) {
    let Some(found) = found else { return };
    assert!(!found.is_empty(), "nothing is wrong, and there is no answer");
    for error in found {
        told(&error.to_string(), &error.hint());
    }
}

fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix(FILE), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    // Names of files that stand for their real texts: whoever changes one price need not carry all machines.
    for (path, text) in &mut files {
        if text.is_empty() {
            let real = embedded().files().find(|(known, _)| known == path);
            *text = real.map(|(_, text)| few(text)).unwrap_or_default();
        }
    }
    files
}

/// The head and the first rows of a file.
fn few(text: &str) -> String {
    text.split_inclusive('\n').take(40).collect()
}
