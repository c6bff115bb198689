//! The table of assumptions.

use std::fmt;

use super::{Cell, Tables, Writer};
use crate::export::assumptions::assumptions;
use crate::parameters::Confidence;

/// The columns, in order.
const COLUMNS: [&str; 11] = [
    "section",
    "subject",
    "key",
    "value",
    "given_by",
    "unit",
    "range",
    "default",
    "meaning",
    "source",
    "confidence",
];

/// Writes the table; the text is the scenario's.
pub(super) fn write(
    tables: &Tables<'_>,
    text: &str,
    sink: &mut dyn fmt::Write,
) -> Result<u64, fmt::Error> {
    let mut writer = Writer::new(tables.profile, sink, COLUMNS.into_iter())?;
    for one in assumptions(tables.scenario, text, tables.platform) {
        let row: [Cell; COLUMNS.len()] = [
            one.section.into(),
            one.subject.into(),
            one.key.into(),
            // A name that looks like a number is a name.
            if one.unit == "text" { one.value.into() } else { Cell::value(&one.value) },
            one.given_by.name().into(),
            one.unit.into(),
            one.range.into(),
            Cell::value(&one.default),
            one.meaning.into(),
            one.source.into(),
            one.confidence.map_or("", Confidence::name).into(),
        ];
        writer.row(row)?;
    }
    Ok(writer.rows())
}
