//! CSV: tables that a spreadsheet can sum, one thing in each.
//!
//! ```text
//! Comparison, Scenario ──ledger──▶ charges ──cents──▶ charges.csv   a row for each charge of each month
//!                                                   ▶ wide-….csv    a column for each month
//!                                                   ▶ totals.csv    a row for each month and fiscal year
//!                                                   ▶ prices.csv    a row for each price, with all that is taken off
//! settings, Scenario ─────────────────────────────▶ assumptions.csv
//! Audit ──────────────────────────────────────────▶ audit.csv
//! ```
//!
//! They add up, each and with each other: amounts are rounded to the minor unit of the currency once (`cents`), and every
//! table adds up the same units. Exact amounts stand beside them in dollars. Text that a spreadsheet would take for a
//! formula gets an apostrophe in front; numbers never do.
//!
//! Rows go to a sink as they come: no table is ever in memory.

mod assumptions;
mod cells;
mod charges;
mod folder;
mod prices;
mod totals;
mod wide;

use std::fmt;

use crate::comparison::Comparison;
use crate::export::audit::Audit;
use crate::finance::{Exchange, FiscalYear, fiscal_year};
use crate::map::Map;
use crate::money::Usd;
use crate::plan::{Plan, Rejection};
use crate::scenario::Scenario;

pub use cells::{Cell, Profile, ProfileError, Writer};
pub(crate) use cells::{END, is_formula, record, text};
pub use charges::NOT_PUBLIC;
pub use folder::{Entry, MANIFEST, manifest};

/// Everything that tables are made of.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// The plans.
    pub comparison: &'a Comparison,
    /// What they are for.
    pub scenario: &'a Scenario,
    /// One platform by its name; all without it.
    pub platform: Option<&'a str>,
    /// How cells are written.
    pub profile: Profile,
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Every charge of every month.
    Charges,
    /// What is invoiced, a column for each month.
    WideBilled,
    /// What each month bears, a column for each month.
    WideEffective,
    /// Months, fiscal years and the horizon.
    Totals,
    /// Every setting and its origin.
    Assumptions,
    /// Every price in use, and what is taken off it.
    Prices,
    /// What the tables were made from, and whether they add up.
    Audit,
}

impl Table {
    /// Every table, in the order in which people read them.
    pub const ALL: [Self; 7] = [
        Self::Totals,
        Self::WideBilled,
        Self::WideEffective,
        Self::Charges,
        Self::Prices,
        Self::Assumptions,
        Self::Audit,
    ];

    /// What its file is called in a folder.
    pub fn file(self) -> &'static str {
        match self {
            Self::Charges => "charges.csv",
            Self::WideBilled => "wide-billed.csv",
            Self::WideEffective => "wide-effective.csv",
            Self::Totals => "totals.csv",
            Self::Assumptions => "assumptions.csv",
            Self::Prices => "prices.csv",
            Self::Audit => "audit.csv",
        }
    }

    /// What is in it, in a sentence.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Charges => {
                "Every charge of every month: platform, component, SKU, quantity, price, four costs."
            }
            Self::WideBilled => {
                "What is invoiced (cash): a row for each SKU, a column for each month."
            }
            Self::WideEffective => {
                "What each month bears (accrual): a row for each SKU, a column for each month."
            }
            Self::Totals => {
                "Four costs of each platform by month, by fiscal year and in all; filter on `per` before adding up."
            }
            Self::Assumptions => {
                "Every setting with its value, who gave it, its range, source and confidence."
            }
            Self::Prices => {
                "Every price in use, and what is taken off it: negotiated, committed, credited."
            }
            Self::Audit => "What the files were made from, and whether they add up.",
        }
    }

    /// Writes it, and counts its rows without the head. `source` is the scenario's text.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn write(
        self,
        tables: &Tables<'_>,
        (text, audit): (&str, &Audit),
        sink: &mut dyn fmt::Write,
    ) -> Result<u64, fmt::Error> {
        match self {
            Self::Charges => charges::write(tables, sink),
            Self::WideBilled => wide::write(tables, wide::BILLED, sink),
            Self::WideEffective => wide::write(tables, wide::EFFECTIVE, sink),
            Self::Totals => totals::write(tables, sink),
            Self::Assumptions => assumptions::write(tables, text, sink),
            Self::Prices => prices::write(tables, sink),
            Self::Audit => folder::audit(tables.profile, audit, sink),
        }
    }
}

/// Every charge of every platform's bill, in the order of the scenario. Months count from 1.
pub fn compare(comparison: &Comparison, scenario: &Scenario) -> String {
    long(comparison, scenario, None)
}

/// Every charge of one platform's bill, in the same columns.
pub fn plan(comparison: &Comparison, scenario: &Scenario, platform: &str) -> String {
    long(comparison, scenario, Some(platform))
}

fn long(comparison: &Comparison, scenario: &Scenario, platform: Option<&str>) -> String {
    let tables = Tables { comparison, scenario, platform, profile: Profile::default() };
    let mut text = String::new();
    // Memory refuses nothing.
    let _ = charges::write(&tables, &mut text);
    text
}

impl<'a> Tables<'a> {
    /// What became of each platform that is asked for.
    fn outcomes(&self) -> impl Iterator<Item = Result<&'a Plan, &'a Rejection>> + use<'a> {
        let (wanted, comparison) = (self.platform, self.comparison);
        let asked = move |name: &str| wanted.is_none_or(|wanted| wanted == name);
        comparison.outcomes.iter().filter_map(move |outcome| match outcome {
            Ok(plan) => asked(&plan.design.name).then_some(Ok(plan)),
            Err(rejection) => asked(&rejection.design.name).then_some(Err(&**rejection)),
        })
    }

    fn exchange(&self) -> Exchange {
        self.scenario.finance.own_exchange()
    }

    /// The calendar month of a month of the plan, as `2027-01`; nothing where no date is known.
    fn calendar_month(&self, month: u32) -> String {
        calendar_month(self.scenario, month).unwrap_or_default()
    }

    fn fiscal_year(&self, month: u32) -> Option<FiscalYear> {
        let (start, _) = self.scenario.horizon.billing_period(month)?;
        Some(fiscal_year(start, self.scenario.finance.fiscal_year_start))
    }
}

/// The calendar month that a month of the plan stands in, as `2027-01`; `None` where no date is known.
pub(crate) fn calendar_month(scenario: &Scenario, month: u32) -> Option<String> {
    let (start, _) = scenario.horizon.billing_period(month)?;
    Some(format!("{:04}-{:02}", start.year(), start.month()))
}

/// Why a platform has no plan, for a note.
fn why_not(rejection: &Rejection) -> String {
    let reasons: Vec<String> = rejection.reasons.iter().map(ToString::to_string).collect();
    format!("cannot be planned: {}", reasons.join("; "))
}

/// List and contracted cost of each platform, added up from a table of charges as a spreadsheet would: without the exact
/// columns.
///
/// # Errors
///
/// When the text is not such a table.
pub fn totals(text: &str) -> Result<Map<String, (Usd, Usd)>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or(format!("no column `{name}`"))
    };
    let (platform, list, contracted) =
        (column("platform")?, column("list_cost")?, column("contracted_cost")?);
    let mut totals: Map<String, (Usd, Usd)> = Map::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let amount = |column: usize| match &record[column] {
            "" => Ok(Usd::ZERO),
            text => text.parse().map_err(|_| format!("`{text}` is not an amount")),
        };
        let total = totals.or_default(record[platform].to_owned());
        total.0 += amount(list)?;
        total.1 += amount(contracted)?;
    }
    Ok(totals)
}

/// Rows of as many cells each, the head first.
#[cfg(feature = "optimize")]
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory takes every row of the same length");
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("rows are made of text")
}
