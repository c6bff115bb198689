//! A plan in the shape of FOCUS, the FinOps Open Cost and Usage Specification: what finance loads beside its invoices.
//!
//! ```text
//! ledger ──▶ charges ──rows──▶ rows ──columns──▶ cells ──▶ a line of text each
//! ```
//!
//! A row is a charge of a month. FOCUS describes charges that were made, and has no data set for planned ones: the file has
//! its columns, units and arithmetic, every row says `Plan` in `x_CostBasis`, and nobody should call it conformant.
//!
//! - **It adds up.** The four costs have all digits: ListCost and ContractedCost are unit price × quantity, exactly; the sum
//!   of EffectiveCost and labour, which nobody invoices and has no row, is the plan's total.
//! - **Commitments.** What is invoiced for one is a row of Purchase, whose EffectiveCost is nothing; the hours that it
//!   covers are rows of Usage, Used or Unused, whose BilledCost is nothing. Over its whole term both add up to the same.
//!   ListCost and ContractedCost are added without rows of Purchase, or fees would count twice.
//! - **Currency.** Costs and unit prices are in the plan's currency, dollars × its rate, exactly; those of the catalogue
//!   stand in the PricingCurrency columns.
//! - **Platforms are alternatives.** Each is a SubAccountId and an `x_PlanId`; whoever adds up a file of several adds up what
//!   will never be paid together. [`default_platform`] is the one to take where nobody names one.
//! - **Months are calendar months in UTC,** from that of the horizon's first day on, as providers bill: the Nth month of the
//!   plan stands in the Nth of them, whatever its length in hours, the day of that month on which the horizon starts, and
//!   its clock's distance from UTC.
//! - **What has no price has no row.** [`File::metadata`] names it, with what else the file leaves out.
//! - **Nothing is prefixed.** Text that a spreadsheet would take for a formula, or that has characters nobody sees, is
//!   refused: a bill's key must be what it is.
//! - **One row at a time.** [`File::lines`] makes each as it is asked for, so that a file takes no more memory than a month.
//!
//! Format: UTF-8 without a byte order mark, comma, CRLF, quotation marks where needed; numbers always have a decimal point,
//! and what is not known is empty. Source: the columns, attributes and data sets of FOCUS 1.2, 1.3 and 1.4.

mod columns;
mod metadata;
mod rows;
mod services;

use self::columns::{Column, Kind};
use self::rows::Row;
use super::audit::Audit;
use super::csv::{is_formula, record};
use crate::calendar::Date;
use crate::comparison::Comparison;
use crate::finance::{Contract, Exchange};
use crate::letters::is_hidden;
use crate::plan::{Billed, Plan};
use crate::scenario::Scenario;

/// A version of FOCUS. They differ in who is named: 1.3 tells the seller of a service from its host, and 1.4 has no longer
/// the columns that did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Of May 2025: what most loaders take.
    V1_2,
    /// Of December 2025: has every mandatory column of 1.2 as well.
    #[default]
    V1_3,
    /// Of June 2026.
    V1_4,
}

impl Version {
    /// Every version, the oldest first.
    pub const ALL: [Self; 3] = [Self::V1_2, Self::V1_3, Self::V1_4];

    /// As FOCUS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
        }
    }
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Every row has dates.
    #[error("FOCUS has dates on every row, and the horizon has no first day")]
    NoFirstDay,
    /// A spreadsheet would calculate it.
    #[error("`{text}`, which {column} would say, is a formula to a spreadsheet")]
    Formula {
        /// Where it would stand first.
        column: &'static str,
        /// What it says.
        text: String,
    },
    /// It has characters that nobody sees, and says something else than it seems to.
    #[error("`{text}`, which {column} would say, has characters that nobody sees")]
    Hidden {
        /// Where it would stand first.
        column: &'static str,
        /// What it says, those characters as their numbers: `\u{202e}`.
        text: String,
    },
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoFirstDay => "add `start`, such as `start = \"2027-01-01\"`, to `[horizon]`",
            Self::Formula { .. } => "let it begin with a letter or a digit",
            Self::Hidden { .. } => {
                "leave out line breaks, tabs and marks that turn the direction of writing"
            }
        }
    }
}

/// The platform that a file is about where nobody names one: the cheapest whose bill is complete, or the only one that can
/// be planned. A file of one platform can be added up.
pub fn default_platform(comparison: &Comparison) -> Option<&str> {
    let only = || {
        let mut plans = comparison.plans();
        plans.next().filter(|_| plans.next().is_none()).map(|plan| plan.design.name.as_str())
    };
    comparison.verdict.cheapest().or_else(only)
}

/// A file: of what, in which columns, made from what. The same for the same input, to the byte.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The plans.
    pub comparison: &'a Comparison,
    /// What they are of.
    pub scenario: &'a Scenario,
    /// Whose columns.
    pub version: Version,
    /// One platform, or all of them, which are alternatives.
    pub platform: Option<&'a str>,
    /// What they are made from: hashes of the scenario and the catalogue stand on every row.
    pub audit: &'a Audit,
}

impl<'a> File<'a> {
    /// The head and the rows, one after the other, each with its line end.
    ///
    /// # Errors
    ///
    /// Every reason why there is no such file, before there is a row of it.
    pub fn lines(&self) -> Result<impl Iterator<Item = String> + use<'a>, Vec<Refusal>> {
        let file = *self;
        file.check()?;
        let mut head = String::new();
        record(&mut head, file.version.columns().map(|column| column.name), CRLF);
        let columns: Vec<&Column> = file.version.columns().collect();
        let line = move |row: Row| {
            let cells: Vec<String> = columns.iter().map(|column| (column.value)(&row)).collect();
            let mut line = String::new();
            record(&mut line, cells.iter().map(String::as_str), CRLF);
            line
        };
        Ok(std::iter::once(head).chain(file.rows().map(line)))
    }

    /// All of them as one text.
    ///
    /// # Errors
    ///
    /// As of [`Self::lines`].
    pub fn csv(&self) -> Result<String, Vec<Refusal>> {
        Ok(self.lines()?.collect())
    }

    fn plans(&self) -> impl Iterator<Item = &'a Plan> + use<'a> {
        let platform = self.platform;
        let wanted = move |plan: &&Plan| platform.is_none_or(|name| name == plan.design.name);
        self.comparison.plans().filter(wanted)
    }

    fn rows(self) -> impl Iterator<Item = Row<'a>> {
        let months =
            self.plans().flat_map(|plan| plan.months.iter().map(move |billed| (plan, billed)));
        months.flat_map(move |(plan, billed): (&'a Plan, &'a Billed)| {
            let period = self.scenario.horizon.billing_period(billed.month.index);
            let rows = period.map(|period| rows::of_month(self, plan, billed, period));
            rows.unwrap_or_default()
        })
    }

    /// Whether every row can be written. Texts are looked at where they would stand, so that none is forgotten.
    fn check(&self) -> Result<(), Vec<Refusal>> {
        if self.scenario.horizon.start.is_none() {
            return Err(vec![Refusal::NoFirstDay]);
        }
        let texts: Vec<&Column> =
            self.version.columns().filter(|column| column.kind == Kind::String).collect();
        let mut bad: Vec<(String, &'static str)> = Vec::new();
        for row in self.rows() {
            for column in &texts {
                let text = (column.value)(&row);
                let is_bad = is_formula(&text) || text.contains(is_hidden);
                if is_bad && !bad.iter().any(|(known, _)| is_mended_with(&text, known)) {
                    bad.retain(|(known, _)| !is_mended_with(known, &text));
                    bad.push((text, column.name));
                }
            }
        }
        if bad.is_empty() {
            return Ok(());
        }
        crate::order::sort_by(&mut bad, |one, other| one.cmp(other));
        Err(bad.into_iter().map(|(text, column)| refusal(text, column)).collect())
    }

    /// What a dollar is in the currency of the bill; `None` where that is the dollar.
    fn exchange(&self) -> Option<&'a Exchange> {
        self.scenario.finance.exchange.as_ref()
    }
}

/// Whether a bad text is only so because it contains another.
fn is_mended_with(text: &str, other: &str) -> bool {
    match other.contains(is_hidden) {
        true => text.contains(other),
        false => text.starts_with(other) && !text.contains(is_hidden),
    }
}

/// The refusal of a text.
fn refusal(text: String, column: &'static str) -> Refusal {
    if !text.contains(is_hidden) {
        return Refusal::Formula { column, text };
    }
    let seen = |letter: char| match is_hidden(letter) {
        true => letter.escape_unicode().to_string(),
        false => letter.to_string(),
    };
    Refusal::Hidden { column, text: text.chars().map(seen).collect() }
}

/// What ends a row: FOCUS asks for RFC 4180.
const CRLF: &str = "\r\n";

fn plan_id(title: &str, platform: &str) -> String {
    format!("{title}/{platform}")
}

/// Unique beyond its plan.
fn contract_id(title: &str, platform: &str, contract: &Contract) -> String {
    format!("plan:{}/{}", plan_id(title, platform), contract.id)
}

fn instant(day: Date) -> String {
    format!("{day}T00:00:00Z")
}
