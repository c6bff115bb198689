//! A workbook of one platform's plan: a description of sheets and cells, of which [`xlsx`](crate::export::xlsx) makes a file.
//!
//! - **Live** is what finance plays with: growth, discounts, the rate of exchange, the discount rate, the price of labour, brokers
//!   that are committed to, credits. What follows from them is formulas, and each has beside it what the engine says that it comes to.
//! - **Computed** is the size of the platform. A spreadsheet cannot size, so other growth is a choice between runs of the
//!   engine ([`cases`]), and a change of discounts does not choose another machine.
//! - **It adds up** from the lines of each month (`Lines`), in dollars with all digits; the other sheets add them up in the
//!   currency of the scenario, and `Checks` holds the sums against those of the engine.
//! - **Text is text.** A name that begins like a formula stays a name, also when somebody edits its cell.
//!
//! Only functions that Excel 2016, LibreOffice and Google Sheets share; no macro, no link to other files.

mod assumptions;
mod audit;
mod book;
mod cells;
mod checks;
mod commitments;
mod committed;
mod growth;
mod lines;
mod monthly;
mod prices;
mod summary;
mod supported;
mod variance;

pub use cells::{
    Area, At, Cell, Chart, Content, Found, Kind, Name, Role, Rule, Series, Sheet, Source, Style,
    Validation, Workbook,
};
pub use growth::{Case, POINTS, cases};

use self::book::Book;
use crate::comparison::Comparison;
use crate::scenario::Scenario;

/// What a workbook is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The platform that it is of.
    pub platform: &'a str,
    /// Where it comes from: names and values, in the order in which they are shown.
    pub audit: Vec<(String, String)>,
    /// When it is made, in UTC and as ISO 8601 writes it; `None` where the same input is to give the same bytes.
    pub created: Option<String>,
}

/// The names of the sheets, as formulas write them: none needs quotation marks.
pub mod names {
    /// What it comes to.
    pub const SUMMARY: &str = "Summary";
    /// What may be changed, and what was planned.
    pub const ASSUMPTIONS: &str = "Assumptions";
    /// Every price.
    pub const PRICES: &str = "Prices";
    /// Component by component, month by month.
    pub const PLAN: &str = "Plan";
    /// What is committed to.
    pub const COMMITMENTS: &str = "Commitments";
    /// Beside what was billed.
    pub const VARIANCE: &str = "Variance";
    /// Whether it adds up.
    pub const CHECKS: &str = "Checks";
    /// Where it comes from.
    pub const AUDIT: &str = "Audit";
    /// Every line of every month's bill.
    pub const LINES: &str = "Lines";
    /// The quantities of each line, by growth.
    pub const CASES: &str = "Cases";
}

/// Describes the workbook of a platform; `None` where there is no plan for it.
pub fn workbook(
    comparison: &Comparison,
    scenario: &Scenario,
    cases: &[Case],
    asked: &Asked,
) -> Option<Workbook> {
    let book = Book::new(comparison, scenario, cases, asked)?;
    Some(Workbook {
        title: format!("{} · {}", comparison.title, asked.platform),
        created: asked.created.clone(),
        decimals: book.exchange.currency.decimals,
        names: assumptions::names(&book),
        sheets: vec![
            summary::sheet(&book),
            assumptions::sheet(&book),
            prices::sheet(&book),
            monthly::sheet(&book),
            commitments::sheet(&book),
            variance::sheet(&book),
            checks::sheet(&book),
            audit::sheet(&book),
            lines::sheet(&book),
            lines::cases(&book),
        ],
    })
}
