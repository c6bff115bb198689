//! Settings of platforms, events, the scorecard and a bill's further lines: what is written over a table's defaults.

use super::problem::Problem;
use crate::parameters::{Kind, Parameter};

/// Changes a setting with a table's own `set`, unless its value would divide by nothing.
pub(super) fn change(
    row: &Parameter,
    text: &str,
    set: impl FnOnce(&str, &str) -> Result<(), String>,
) -> Result<(), Problem> {
    let too_small =
        row.kind.number(text).zip(least(row)).is_some_and(|(value, least)| value < least);
    if too_small {
        return Err(Problem::OutOfRange {
            key: row.key.to_owned(),
            found: text.to_owned(),
            allowed: format!("at least {}", least_shown(row.kind)),
        });
    }
    set(row.key, text).map_err(|expected| Problem::Setting {
        key: row.key.to_owned(),
        found: text.to_owned(),
        expected,
    })
}

/// The smallest value of a setting that is divided by; a setting whose plausible range has zero is not.
fn least(row: &Parameter) -> Option<f64> {
    let low = row.range.split("..").next().unwrap_or("").trim();
    if low == "0" || low.starts_with("0 ") || low.starts_with("$0/") {
        return None;
    }
    match row.kind {
        Kind::Count | Kind::Size | Kind::Rate => Some(1.0),
        Kind::Duration => Some(1.0 / 3_600_000.0),
        Kind::Factor | Kind::Share => Some(0.001),
        Kind::Flag
        | Kind::Price
        | Kind::Dollars(_)
        | Kind::Rates
        | Kind::Name
        | Kind::Shares
        | Kind::Choice(_) => None,
    }
}

fn least_shown(kind: Kind) -> &'static str {
    match kind {
        Kind::Size => "`1 B`",
        Kind::Rate => "`1 B/s`",
        Kind::Duration => "`1 ms`",
        Kind::Factor => "0.001",
        Kind::Share => "`0.1 %`",
        Kind::Count
        | Kind::Flag
        | Kind::Price
        | Kind::Dollars(_)
        | Kind::Rates
        | Kind::Name
        | Kind::Shares
        | Kind::Choice(_) => "1",
    }
}
