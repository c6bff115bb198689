//! What was billed beside what was planned.
//!
//! ```text
//! a bill in FOCUS columns ──row──▶ Row ──rules──▶ Tally ──beside──▶ Report ◀── ledger ── Plan
//! ```
//!
//! - **Rows** are read one at a time by the names of their columns (`row`); whoever opens the file hands them over.
//! - **Rules** of the scenario say which thing on the bill a row is; the first that fits wins (`rules`). A row of a plan's
//!   own export says it itself (`x_Component`). What no rule takes is added up as not mapped, by service.
//! - **A tally** has a sum for each month and thing, so it does not grow with the bill (`tally`).
//! - **Months** are those of the charge period for effective cost, and those of the billing period for billed cost, in UTC.
//! - **Charges:** usage, purchases, adjustments and corrections are taken by rules alike. Credits that a rule takes stand
//!   beside the plan's credits. Tax is added up by itself: a plan has none.
//! - **Currency:** that of the bill. The plan is converted by the scenario's exchange rate, or there is no answer.
//!
//! Source: FOCUS 1.0 to 1.4, columns of Cost and Usage.

pub mod beside;
pub mod row;
pub mod rules;
pub mod tally;

pub use rules::{Rule, Target};

/// Which cost is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    /// Accrual: what a month bears, commitments spread over their term.
    #[default]
    Effective,
    /// Cash: what is invoiced.
    Billed,
}

impl Cost {
    /// Every one, the usual first.
    pub const ALL: [Self; 2] = [Self::Effective, Self::Billed];

    /// Their names, as a scenario writes them.
    pub const NAMES: &'static [&'static str] = &["effective", "billed"];

    /// As a scenario writes it.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a scenario says about bills.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actuals {
    /// The platform that runs.
    pub platform: Option<String>,
    /// Which cost is compared.
    pub cost: Cost,
    /// Which rows are which thing on the bill, in the order of the file.
    pub rules: Vec<Rule>,
}
