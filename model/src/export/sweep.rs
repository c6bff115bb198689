//! A sweep as CSV: a row for each platform at each point, in the order of points.
//!
//! The same point gives the same bytes, whoever plans it. No cell has a line break, so that a row is a line.

use super::csv::text;
use crate::bill::Component;
use crate::brief::{Brief, Flaw, NoPlan, Outcome};
use crate::scenario::{Scale, Scenario};
use crate::sweep::{Grid, Point, Sweep};

/// Columns after those of the values.
const COLUMNS: [&str; 5] = ["platform", "status", "machine", "brokers", "monthly_cost_usd"];

/// Columns after those of components.
const LAST: [&str; 4] = ["first_broken", "first_broken_of", "first_broken_h", "reason"];

/// The head of the table: the number of the point from 1, each value as written and as a number on its scale, what comes
/// of it. Costs are contracted ones of a month on average.
pub fn head(grid: &Grid) -> String {
    let mut cells = vec!["point".to_owned()];
    for variable in grid.variables() {
        let path = variable.path();
        let unit = match variable.scale().map(Scale::unit).unwrap_or_default() {
            unit if unit.is_empty() => "number".to_owned(),
            unit => unit,
        };
        cells.extend([path.to_owned(), format!("{path} ({unit})")]);
    }
    cells.extend(COLUMNS.map(str::to_owned));
    let column = |component: &Component| format!("{}_usd", component.name().replace(' ', "_"));
    cells.extend(Component::ALL.iter().map(column));
    cells.extend(LAST.map(str::to_owned));
    let mut line = String::new();
    push(&mut line, cells.iter().map(String::as_str));
    line
}

/// The rows of a point, by its index from 0, added to a text.
pub fn rows(sweep: &Sweep, scenario: &Scenario, index: u64, point: &Point, out: &mut String) {
    let mut first = (index + 1).to_string();
    for entry in &point.entries {
        first.push(',');
        cell(&mut first, &entry.written);
        first.push(',');
        if let Some(number) = entry.number {
            first.push_str(&number.to_string());
        }
    }
    for (place, platform) in sweep.platforms.iter().enumerate() {
        out.push_str(&first);
        out.push(',');
        cell(out, scenario.platforms.get(*platform).map_or("", |design| &design.name));
        match &point.outcome {
            Err(none) => without(out, "not-a-scenario", none),
            Ok(outcomes) => match outcomes.get(place) {
                Some(outcome) => with(out, outcome),
                None => {
                    without(out, "no-plan", &NoPlan { reason: String::new(), hint: String::new() })
                }
            },
        }
        out.push('\n');
    }
}

fn with(out: &mut String, outcome: &Outcome) {
    let brief = match outcome {
        Ok(brief) => brief,
        Err(none) => return without(out, "no-plan", none),
    };
    out.push_str(match &brief.flaw {
        None => ",planned,",
        Some(Flaw::Incomplete(_)) => ",incomplete,",
        Some(Flaw::TooFewBrokers(_)) => ",too-few-brokers,",
    });
    cell(out, &brief.machines());
    out.push(',');
    out.push_str(&brief.brokers().to_string());
    for cents in adding_up(brief) {
        out.push(',');
        out.push_str(&dollars(cents));
    }
    match &brief.broken {
        None => out.push_str(",,,"),
        Some(broken) => {
            out.push(',');
            cell(out, broken.matter);
            out.push(',');
            cell(out, &broken.subject);
            out.push(',');
            out.push_str(&broken.from.as_hours().to_string());
        }
    }
    out.push(',');
    cell(out, brief.flaw.as_ref().map_or("", Flaw::why));
}

/// A row without figures.
fn without(out: &mut String, status: &str, none: &NoPlan) {
    out.push(',');
    out.push_str(status);
    let empty = COLUMNS.len() - 2 + Component::ALL.len() + LAST.len();
    out.extend(std::iter::repeat_n(',', empty));
    cell(out, &none.reason);
}

/// The cost and its components in cents, which add up to it: each is rounded down, and what is missing goes to the largest
/// remainders.
fn adding_up(brief: &Brief) -> [i64; Component::ALL.len() + 1] {
    const COUNT: usize = Component::ALL.len();
    let total = (brief.cost * 100.0).round() as i64;
    let exact: [f64; COUNT] = brief.components.map(|cost| cost * 100.0);
    let mut cents = exact.map(|cents| libm::floor(cents) as i64);
    let mut missing = total - cents.iter().sum::<i64>();
    let mut given = [false; COUNT];
    while missing > 0 {
        let rest = |index: usize| exact[index] - libm::floor(exact[index]);
        let next = (0..COUNT)
            .filter(|index| !given[*index] && exact[*index] != 0.0)
            .max_by(|one, other| rest(*one).total_cmp(&rest(*other)).then(other.cmp(one)));
        // Only absurd sums lack more cents than there are components.
        let Some(next) = next else { break };
        cents[next] += 1;
        given[next] = true;
        missing -= 1;
    }
    let mut all = [total; COUNT + 1];
    all[1..].copy_from_slice(&cents);
    all
}

fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// A cell after what is there, quoted where that is needed.
fn cell(out: &mut String, words: &str) {
    let words = text(words);
    if !words.contains([',', '"', '\n', '\r']) {
        out.push_str(&words);
        return;
    }
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' => out.push_str("\"\""),
            '\n' | '\r' => out.push(' '),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

fn push<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, words) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        cell(out, words);
    }
    out.push('\n');
}
