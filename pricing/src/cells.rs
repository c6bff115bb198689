//! Rows and cells of CSV files, each problem with its place.

use std::borrow::Cow;

use csv::StringRecord;
use model::calendar::Date;
use model::float;
use model::map::Map;
use model::quantity;
use model::units::Dimension;
use rust_decimal::Decimal;

use crate::findings::{Finding, Problem};

/// The rows of a file, with their lines.
pub(crate) type Records = Vec<(u64, StringRecord)>;

/// A row that is being read, and the list that its problems go to.
pub(crate) struct Place<'a> {
    pub file: &'a str,
    pub line: u64,
    pub findings: &'a mut Vec<Finding>,
}

impl Place<'_> {
    /// Keeps a value, or notes why there is none.
    pub fn keep<T>(&mut self, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.note(problem)).ok()
    }

    /// Notes a problem.
    pub fn note(&mut self, problem: Problem) {
        let (file, line) = (self.file.to_owned(), Some(self.line));
        self.findings.push(Finding { file, line, problem });
    }
}

/// The rows below a header, which must be the expected one.
pub(crate) fn records(
    file: &str,
    text: &str,
    header: &[&str],
    findings: &mut Vec<Finding>,
) -> Records {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        // Rows of another length are noted below, with all other problems.
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = reader.records().flatten();
    if !rows.next().is_some_and(|first| first.iter().eq(header.iter().copied())) {
        let problem = Problem::Header { expected: header.join(",") };
        findings.push(Finding { file: file.to_owned(), line: Some(1), problem });
        return Vec::new();
    }
    let mut kept = Vec::with_capacity(text.len() / 64);
    for row in rows {
        let line = row.position().map_or(1, csv::Position::line);
        if row.len() == header.len() {
            kept.push((line, row));
        } else {
            let problem = Problem::CellCount { expected: header.len(), found: row.len() };
            findings.push(Finding { file: file.to_owned(), line: Some(line), problem });
        }
    }
    kept
}

/// The columns of a file and a row of it, from the names of the columns. A row of fewer columns has empty cells at its end.
macro_rules! columns {
    ($(#[$doc:meta])* $names:ident, $row:ident { $($column:ident),+ }) => {
        $(#[$doc])*
        pub(crate) const $names: &[&str] = &[$(stringify!($column)),+];

        /// The cells of a row, as texts.
        #[allow(dead_code, reason = "notes are for those who read the file")]
        struct $row<'a> {
            $($column: &'a str),+
        }

        impl<'a> $row<'a> {
            fn of(record: &'a csv::StringRecord) -> Self {
                let mut cells = record.iter();
                let mut next = || cells.next().unwrap_or_default();
                Self { $($column: next()),+ }
            }
        }
    };
}
pub(crate) use columns;

/// The texts behind source identifiers.
#[derive(Default)]
pub(crate) struct Sources {
    by_id: Map<String, String>,
}

columns!(
    /// Columns of `sources.csv`.
    SOURCE_COLUMNS,
    RawSource { id, source, covers, date, confidence }
);

impl Sources {
    /// Reads `sources.csv`.
    pub fn read(file: &str, text: &str, findings: &mut Vec<Finding>) -> Self {
        let mut by_id = Map::new();
        let mut lines = Map::new();
        for (line, row) in &records(file, text, SOURCE_COLUMNS, findings) {
            let raw = RawSource::of(row);
            let mut place = Place { file, line: *line, findings };
            place.keep(filled("id", raw.id));
            place.keep(filled("source", raw.source));
            place.keep(filled("covers", raw.covers));
            place.keep(filled("confidence", raw.confidence));
            place.keep(date(raw.date));
            if let Some(first) = lines.insert(raw.id.to_owned(), *line) {
                place.note(Problem::Duplicate { what: format!("source `{}`", raw.id), first });
            }
            by_id.insert(raw.id.to_owned(), raw.source.to_owned());
        }
        Self { by_id }
    }

    /// The texts behind one id, or behind several with `; ` between them.
    pub fn text(&self, ids: &str) -> Result<Cow<'_, str>, Problem> {
        filled("source", ids)?;
        let one = |id: &str| {
            let text = self.by_id.get(id).map(String::as_str);
            text.ok_or_else(|| Problem::UnknownSource { id: id.to_owned() })
        };
        if !ids.contains(';') {
            return one(ids).map(Cow::Borrowed);
        }
        let texts: Result<Vec<_>, _> = ids.split(';').map(|id| one(id.trim())).collect();
        Ok(Cow::Owned(texts?.join("; ")))
    }
}

/// A cell that must not be empty.
pub(crate) fn filled<'a>(column: &'static str, cell: &'a str) -> Result<&'a str, Problem> {
    if cell.trim().is_empty() { Err(Problem::Empty { column }) } else { Ok(cell) }
}

/// A decimal that is not negative, and no larger than `max`.
pub(crate) fn decimal(column: &'static str, cell: &str, max: Decimal) -> Result<Decimal, Problem> {
    let value = Decimal::from_str_exact(filled(column, cell)?.trim()).map_err(|_| {
        unreadable(
            column,
            cell,
            "it is no decimal number",
            "write a plain decimal, such as `0.0816`",
        )
    })?;
    if value.is_sign_negative() && !value.is_zero() {
        return Err(Problem::Negative { column, value: cell.to_owned() });
    }
    if value > max {
        return Err(Problem::TooLarge { column, value: cell.to_owned() });
    }
    Ok(value)
}

/// A plain number that is finite and not negative, or `None` for an empty cell.
pub(crate) fn number(column: &'static str, cell: &str) -> Result<Option<f64>, Problem> {
    if cell.is_empty() {
        return Ok(None);
    }
    match float::parse(cell.trim()) {
        Some(value) if value < 0.0 => Err(Problem::Negative { column, value: cell.to_owned() }),
        Some(value) if value.is_finite() => Ok(Some(value)),
        _ => {
            Err(unreadable(column, cell, "it is no number", "write a plain number, such as `3000`"))
        }
    }
}

/// A quantity with its unit, not negative, or `None` for an empty cell.
pub(crate) fn amount<D: Dimension>(column: &'static str, cell: &str) -> Result<Option<D>, Problem> {
    if cell.is_empty() {
        return Ok(None);
    }
    let value = quantity::parse::<D>(cell)
        .map_err(|error| unreadable(column, cell, &error.to_string(), &error.hint()))?;
    if value.base() < 0.0 {
        return Err(Problem::Negative { column, value: cell.to_owned() });
    }
    Ok(Some(value))
}

/// One of the words that a cell can be.
pub(crate) fn one_of<T: Copy>(
    column: &'static str,
    cell: &str,
    allowed: &[(&'static str, T)],
) -> Result<T, Problem> {
    allowed.iter().find(|(name, _)| *name == cell).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = allowed.iter().map(|(name, _)| format!("`{name}`")).collect();
        Problem::NotOneOf { column, value: cell.to_owned(), allowed: names.join(", ") }
    })
}

/// `true` or `false`.
pub(crate) fn flag(column: &'static str, cell: &str) -> Result<bool, Problem> {
    one_of(column, cell, &[("true", true), ("false", false)])
}

/// A year, a month or a day that the calendar has.
pub(crate) fn date(cell: &str) -> Result<&str, Problem> {
    let shape_fits = match cell.len() {
        4 | 7 | 10 => cell.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        }),
        _ => false,
    };
    let whole = format!("{cell}{}", &"0000-01-01"[cell.len().min(10)..]);
    if shape_fits && whole.parse::<Date>().is_ok() {
        Ok(cell)
    } else {
        Err(Problem::Date { value: cell.to_owned() })
    }
}

fn unreadable(column: &'static str, cell: &str, reason: &str, fix: &str) -> Problem {
    Problem::Unreadable {
        column,
        value: cell.to_owned(),
        reason: reason.to_owned(),
        fix: fix.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_may_lack_its_day_or_month() {
        for good in ["2026", "2026-02", "2026-02-28", "2024-02-29"] {
            assert_eq!(date(good), Ok(good));
        }
        for bad in ["", "26", "2026-2", "2026-13", "2026-02-30", "20260228", "2026-02-2x", "é026"]
        {
            assert!(date(bad).is_err(), "{bad}");
        }
    }
}
