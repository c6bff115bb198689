//! A bill added up: a sum for each month and thing, however many rows there are.

use rust_decimal::Decimal;

use super::row::{BadCell, Charge, Columns, Instant, Row, bad};
use super::rules::{Rule, Target, tags};
use super::{Actuals, Cost};
use crate::bill::Component;
use crate::calendar::Date;
use crate::finance::Currency;
use crate::ledger::CREDITS;
use crate::map::Map;

/// What a row counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// A thing on the bill.
    Component(Component),
    /// Something that is taken off.
    Credits,
    /// Tax.
    Tax,
    /// No rule takes it.
    NotMapped,
    /// A rule leaves it out.
    Ignored,
}

/// How a kind of charge is treated, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treated {
    /// By rules.
    Usage,
    /// By rules; part of a commitment that nobody used.
    Unused,
    /// By rules.
    Purchase,
    /// By rules.
    Adjustment,
    /// By rules, in the month that it is about, or that it is billed in.
    Correction,
    /// Beside the plan's.
    Credit,
    /// By itself.
    Tax,
}

impl Treated {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Unused => "unused commitments",
            Self::Purchase => "purchases",
            Self::Adjustment => "adjustments",
            Self::Correction => "corrections",
            Self::Credit => "credits",
            Self::Tax => "tax",
        }
    }

    /// How it is treated, in words.
    pub fn how(self) -> &'static str {
        match self {
            Self::Usage => "by the rules",
            Self::Unused => "by the rules, as the usage that it was bought for",
            Self::Purchase => {
                "by the rules: fees in billed cost, and nothing in effective cost where usage carries them"
            }
            Self::Adjustment => "by the rules",
            Self::Correction => {
                "by the rules, in the month of their charge period, or of their invoice in billed cost"
            }
            Self::Credit => "those that a rule takes stand beside the plan's credits",
            Self::Tax => "by itself: a plan has none",
        }
    }

    fn of(row: &Row) -> Self {
        match row.charge {
            Charge::Tax => Self::Tax,
            Charge::Credit => Self::Credit,
            _ if row.correction => Self::Correction,
            Charge::Adjustment => Self::Adjustment,
            Charge::Purchase => Self::Purchase,
            Charge::Usage if row.unused => Self::Unused,
            Charge::Usage => Self::Usage,
        }
    }
}

/// Rows and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub rows: u64,
    /// Their cost.
    pub cost: Decimal,
}

impl Sum {
    fn add(&mut self, cost: Decimal) {
        self.rows += 1;
        self.cost = self.cost.saturating_add(cost);
    }

    /// With another one.
    pub fn extend(&mut self, other: Self) {
        self.rows += other.rows;
        self.cost = self.cost.saturating_add(other.cost);
    }
}

/// What stands in a month of a bill.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthSum {
    /// What rows count as.
    pub counted: Map<Counted, Sum>,
    /// When the first charge begins that is compared, and when the last one ends; of charges that a rule takes.
    pub covered: Option<(Instant, Instant)>,
    /// What no rule takes.
    pub unknown: Map<Unknown, Sum>,
    /// Kinds of charges.
    pub treated: Map<Treated, Sum>,
}

impl MonthSum {
    fn empty() -> Self {
        Self { counted: Map::new(), covered: None, unknown: Map::new(), treated: Map::new() }
    }
}

/// Something that no rule takes, in the bill's own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// ServiceName.
    pub service: String,
    /// ServiceCategory.
    pub category: String,
    /// ChargeCategory.
    pub charge: Charge,
}

/// Services of a month that are told apart where no rule takes them: bills have some hundred, and what else there is counts
/// as one.
const UNKNOWN_MAX: usize = 1000;

/// Months that are told apart: twenty years of them, more than any bill has.
const MONTHS_MAX: usize = 240;

/// Why a row cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadRow {
    /// A cell cannot be read.
    #[error(transparent)]
    Cell(#[from] BadCell),
    /// A bill in two currencies has no sum.
    #[error("BillingCurrency is {}, and {} in the rows before", found.code, before.code)]
    OtherCurrency {
        /// Its currency.
        found: Currency,
        /// That of the rows before.
        before: Currency,
    },
    /// More months than a bill can have.
    #[error("the bill has more than {MONTHS_MAX} months")]
    TooManyMonths,
}

impl BadRow {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Cell(_) => "export the bill again; nothing of it has been counted",
            Self::OtherCurrency { .. } => "give the rows of one currency at a time",
            Self::TooManyMonths => "is this the right file?",
        }
    }
}

/// A bill so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    cost: Cost,
    rules: Vec<Rule>,
    /// Whether any rule asks for tags.
    tags: bool,
    /// That of all rows; none while there is none.
    pub currency: Option<Currency>,
    /// By the first day of each month.
    pub months: Map<Date, MonthSum>,
    /// All rows.
    pub all: Sum,
}

impl Tally {
    /// Before the first row.
    pub fn new(actuals: &Actuals, cost: Cost) -> Self {
        Self {
            cost,
            rules: actuals.rules.clone(),
            tags: actuals.rules.iter().any(|rule| !rule.tags.is_empty()),
            currency: None,
            months: Map::new(),
            all: Sum::default(),
        }
    }

    /// Adds a row; `cell` has the text at a place.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or has no place in a sum of the others.
    pub fn add<'a>(
        &mut self,
        columns: &Columns,
        cell: impl Fn(usize) -> &'a str,
    ) -> Result<(), BadRow> {
        let row = columns.row(cell)?;
        if let Some(before) = self.currency.filter(|before| *before != row.currency) {
            return Err(BadRow::OtherCurrency { found: row.currency, before });
        }
        let counted = self.counted(&row)?;
        self.currency = Some(row.currency);
        let (cost, start) = match self.cost {
            Cost::Effective => (row.effective, row.start),
            Cost::Billed => (row.billed, row.billing_start),
        };
        let first = start.day.first_of_month();
        if self.months.len() >= MONTHS_MAX && !self.months.contains_key(&first) {
            return Err(BadRow::TooManyMonths);
        }
        let month = self.months.or_insert_with(first, MonthSum::empty);
        month.counted.or_insert_with(counted, Sum::default).add(cost);
        // A correction of some hour says nothing of the month, nor does what only stands there with tax.
        if matches!(counted, Counted::Component(_)) && !row.correction {
            let known = month.covered.unwrap_or((row.start, row.end));
            month.covered = Some((known.0.min(row.start), known.1.max(row.end)));
        }
        if counted == Counted::NotMapped {
            let unknown = Unknown {
                service: row.service.to_owned(),
                category: row.category.to_owned(),
                charge: row.charge,
            };
            let full = month.unknown.len() >= UNKNOWN_MAX && !month.unknown.contains_key(&unknown);
            let unknown = if full { rest() } else { unknown };
            month.unknown.or_insert_with(unknown, Sum::default).add(cost);
        }
        month.treated.or_insert_with(Treated::of(&row), Sum::default).add(cost);
        self.all.add(cost);
        Ok(())
    }

    /// What a row counts as.
    fn counted(&self, row: &Row) -> Result<Counted, BadRow> {
        let own = match self.tags {
            true => tags(row.tags).ok_or_else(|| bad("Tags", row.tags, "a JSON object"))?,
            false => Vec::new(),
        };
        let taken = self.rules.iter().find(|rule| rule.takes(row, &own)).map(|rule| rule.target);
        // A plan's own export says what its rows are.
        let said = || match row.component {
            "" => None,
            name => Target::named(name),
        };
        let target = taken.or_else(said);
        Ok(match (row.charge, target) {
            (_, Some(Target::Ignore)) => Counted::Ignored,
            (Charge::Tax, _) => Counted::Tax,
            (Charge::Credit, Some(_)) => Counted::Credits,
            (Charge::Credit, None) if row.component == CREDITS => Counted::Credits,
            (_, Some(Target::Component(component))) => Counted::Component(component),
            (_, None) => Counted::NotMapped,
        })
    }
}

/// Whatever has no place of its own.
fn rest() -> Unknown {
    Unknown { service: "other services".to_owned(), category: String::new(), charge: Charge::Usage }
}
