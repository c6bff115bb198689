//! Names that mean harm: refused, or harmless in every cell.

use super::{COMMITTED, all, case, file, rows};
use crate::catalog;
use model::export::focus::{Refusal, Version};
use model::letters::is_hidden;
use model::scenario;

/// Where a scenario has a text that reaches the file, as it stands in the fixture with more of them.
const FIELDS: &[&str] = &[
    "Orders, committed to",
    "eu one",
    "eu two",
    "second platform",
    "base",
    "contract 4711",
    "migration credit",
    "letter of 2026-11-02",
    "own price",
    "a central bank's reference rate",
    "metering team",
];

/// What a spreadsheet would calculate, or an eye would miss.
const REFUSED: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "a\u{202e}b",
    "\u{2066}a\u{2069}",
    "a\u{200b}b",
    "\u{feff}a",
    "a\u{2028}b",
];

/// What the parser refuses already, whatever becomes of it.
const NO_NAMES: &[&str] = &["a\\tb", "a\\nb", "a\\r\\nb", "a\\u0000b", "a\\u007fb", "\\u0085"];

/// What is unusual, and keeps what it says.
const HARMLESS: &[&str] = &[
    "O'Brien, \\\"the\\\" Orders; a|b",
    "Überwachung – 電力計",
    "a=1+1",
    "</script><b>&amp;",
    "{\\\"platform\\\": 1}",
    "''",
    "4711",
    "1.5e3",
    "#REF!",
];

/// Two regions, two platforms, and a text in each of the fields.
fn text() -> String {
    let text = COMMITTED
        .replace("name   = \"partial\"", "name   = \"second platform\"")
        .replace("\"partial\"\nterm", "\"second platform\"\nterm")
        .replace(
            "name       = \"orders\"",
            "name       = \"orders\"\nowner      = \"metering team\"",
        );
    let regions = "\n[[region]]\nname   = \"eu one\"\nregion = \"eu-central-1\"\nshare  = \"60 %\"\n
[[region]]\nname   = \"eu two\"\nregion = \"eu-west-1\"\nshare  = \"40 %\"\n
[[prices.override]]\nsku    = \"data_transfer:inter_az:out\"\nprice  = \"$0.02/GiB\"\nsource = \"own price\"\nas_of  = 2026-11-01\n";
    let short = text.replace("months = 14", "months = 2").replace("month    = 3", "month    = 2");
    // The catalogue has no price for it in every region.
    let own =
        "brokers  = 1\ndiscount = \"20 %\"\nsource   = \"contract 4710\"\nas_of    = 2026-11-01";
    let short = short.replace("coverage = \"50 %\"", own);
    short.replace("region   = \"us-east-1\"\n", "") + regions
}

fn renamed(field: &str, name: &str) -> String {
    let (old, new) = (format!("\"{field}\""), format!("\"{name}\""));
    let text = text();
    assert!(text.contains(&old), "{field}");
    text.replace(&old, &new)
}

#[test]
fn every_field_reaches_the_file_or_its_metadata() {
    let (scenario, comparison) = case(&text());
    let written = all(&scenario, &comparison, Version::default())
        + &file(&scenario, &comparison, Version::default(), None).metadata();
    for field in FIELDS {
        // Nobody pays for a stream alone: its owner has no row.
        assert_eq!(written.contains(field), *field != "metering team", "{field}");
    }
}

#[test]
fn what_would_be_calculated_or_missed_is_refused() {
    let vocabulary = catalog().vocabulary();
    // A formula and a mark in every field, and everything in one of them.
    for (field_index, field) in FIELDS.iter().enumerate() {
        for name in REFUSED {
            if field_index > 0 && !["=1+1", "a\u{202e}b"].contains(name) {
                continue;
            }
            let text = renamed(field, name);
            if scenario::parse(&text, &vocabulary).is_err() {
                assert!(name.contains(is_hidden), "{field}: {name}");
                continue;
            }
            let (scenario, comparison) = case(&text);
            match file(&scenario, &comparison, Version::default(), None).csv() {
                Err(refusals) => {
                    assert!(!refusals.is_empty());
                    for refusal in refusals {
                        let told = refusal.to_string();
                        assert!(!told.contains(is_hidden), "{field}: {told}");
                        assert!(!refusal.hint().is_empty());
                        assert_ne!(refusal, Refusal::NoFirstDay);
                    }
                }
                // It stands within other texts there, or nowhere.
                Ok(text) => rows(&text).iter().flatten().for_each(|(column, cell)| {
                    let number =
                        cell.trim_start_matches('-').starts_with(|one: char| one.is_ascii_digit());
                    assert!(number || !cell.starts_with(['=', '+', '-', '@']), "{column}: {cell}");
                    assert!(!cell.contains(is_hidden), "{field}: {column}: {cell:?}");
                }),
            }
        }
    }
}

/// One refusal for each text that has to change; catalogues have texts that no scenario's reader has seen.
#[test]
fn refusals_name_each_text_once() {
    let (scenario, mut comparison) = case(&renamed("base", "@base"));
    comparison.title = "a\u{202e}b".to_owned();
    let refused = file(&scenario, &comparison, Version::default(), None).csv().expect_err("two");
    let told: Vec<String> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "`@base`, which CommitmentDiscountName would say, is a formula to a spreadsheet",
            "`a\\u{202e}b`, which BillingAccountName would say, has characters that nobody sees",
        ]
    );
    assert!(refused.iter().all(|refusal| !refusal.hint().is_empty()));
}

#[test]
fn what_is_no_name_is_refused_at_once() {
    let vocabulary = catalog().vocabulary();
    let long = "x".repeat(300);
    for field in FIELDS {
        for name in NO_NAMES.iter().copied().chain([long.as_str()]) {
            let read = scenario::parse(&renamed(field, name), &vocabulary);
            assert!(read.is_err(), "{field}: {name}");
        }
    }
}

/// They are in the file as they are written, and nothing beside them changes.
#[test]
fn unusual_names_keep_what_they_say() {
    let (scenario, comparison) = case(&text());
    let usual = rows(&all(&scenario, &comparison, Version::default()));
    for name in HARMLESS {
        let (scenario, comparison) = case(&renamed("base", name));
        let found = rows(&all(&scenario, &comparison, Version::default()));
        let meant = name.replace("\\\"", "\"");
        assert!(found.iter().any(|row| row["CommitmentDiscountName"] == meant), "{meant}");
        assert_eq!(found.len(), usual.len());
        for (row, before) in found.iter().zip(&usual) {
            for column in ["BilledCost", "EffectiveCost", "ListCost", "Tags", "SubAccountName"] {
                assert_eq!(row[column], before[column], "{meant}: {column}");
            }
        }
    }
    let credits = usual.iter().filter(|row| row["ChargeCategory"] == "Credit");
    let credits: Vec<&str> = credits.map(|row| row["BilledCost"].as_str()).collect();
    assert!(!credits.is_empty() && credits.iter().all(|cost| cost.starts_with('-')), "{credits:?}");
}
