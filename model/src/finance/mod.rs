//! Money through time: what is committed to and granted, when a fiscal year begins, and what a dollar is elsewhere.
//!
//! A scenario states purchases, credits and an exchange rate; a plan resolves purchases to [`Contract`]s of its own machine
//! (`contracts`), and [`ledger`](crate::ledger) turns its bills into charges. Prices stay in dollars until something is
//! shown.

mod account;
mod contracts;
mod currency;
mod discounts;
mod measured;
mod showback;
mod terms;
mod unit_costs;
mod worth;

pub use account::{Account, Ask, Outcome, Payback, accounts, baseline};
pub use contracts::{Contract, Cover, covered};
pub(crate) use contracts::{Resolved, hours, resolve};
pub use currency::{Currency, Exchange, Quote, parse_quote};
pub use discounts::{Stack, discounts, together};
pub use measured::{Amounts, Measured, PartMonth, measured};
pub use showback::{Key, Payer, Share, Showback, apportion, showback};
pub use terms::{Ending, Term, TermMonth, terms};
pub use unit_costs::{
    Change, Marginal, NO_OWNER, Per, Subject, UnitCost, changes, more, unit_costs,
};
pub use worth::{
    MonthWorth, Worth, YearWorth, convention, discount_factor, payback, rate_per_year, worth,
};

use rust_decimal::Decimal;

use crate::calendar::Date;
use crate::money::Usd;

/// Everything that a scenario says about money through time.
#[derive(Clone, Debug, PartialEq)]
pub struct Finance {
    /// What a present value is discounted at, from month to month: 0.01 is 1 %. `None` where nobody says: then there is
    /// none.
    pub discount_per_month: Option<f64>,
    /// The month in which a fiscal year begins; 1 is January.
    pub fiscal_year_start: u32,
    /// The currency of exports; dollars where nobody says.
    pub exchange: Option<Exchange>,
    /// What is committed to, in the order of the file.
    pub purchases: Vec<Purchase>,
    /// What is granted, in the order of the file.
    pub credits: Vec<Credit>,
}

impl Default for Finance {
    fn default() -> Self {
        Self {
            discount_per_month: None,
            fiscal_year_start: 1,
            exchange: None,
            purchases: Vec::new(),
            credits: Vec::new(),
        }
    }
}

impl Finance {
    /// What exports are in: dollars as dollars where nobody says.
    pub fn own_exchange(&self) -> Exchange {
        self.exchange.clone().unwrap_or_else(Exchange::none)
    }
}

/// Months in which a fiscal year can begin.
pub const FISCAL_STARTS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Terms that commitments are sold for.
pub const TERMS: &[&str] = &["1 year", "3 years"];

/// How they are paid.
pub const PAYMENTS: &[&str] = &["none", "partial", "all"];

/// Months of a year.
pub const YEAR: u32 = 12;

/// A commitment that a scenario buys.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase {
    /// Unique in its scenario.
    pub name: String,
    /// The platform whose brokers it is for; `None` for all on machines that commitments are sold for.
    pub platform: Option<String>,
    /// For how long.
    pub years: u32,
    /// What of it is paid upfront, as a share: 0 is none, 1 is all.
    pub upfront: Decimal,
    /// How many brokers.
    pub size: Coverage,
    /// The month in which the term begins; 0 is the first.
    pub month: u32,
    /// Whether it is bought again when a term ends.
    pub renew: bool,
    /// The scenario's own quote.
    pub quote: Option<OwnDiscount>,
}

impl Purchase {
    /// How it is paid, in words.
    pub fn payment(&self) -> String {
        payment(self.upfront)
    }
}

/// How something is paid of which a share is paid upfront.
pub fn payment(upfront: Decimal) -> String {
    if upfront.is_zero() {
        "no upfront".to_owned()
    } else if upfront == Decimal::ONE {
        "all upfront".to_owned()
    } else {
        format!("{} % upfront", (upfront * Decimal::ONE_HUNDRED).normalize())
    }
}

/// How many brokers a commitment is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coverage {
    /// So many.
    Brokers(u32),
    /// A share of those that run in the first month of its term, rounded down.
    Share(f64),
}

/// What a commitment takes off the list price of an hour on demand, as somebody quoted it.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnDiscount {
    /// As a share.
    pub discount: Decimal,
    /// Who says so.
    pub source: String,
    /// When.
    pub as_of: String,
}

/// What is taken off invoices for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// Unique in its scenario.
    pub name: String,
    /// The platform that it is granted for; `None` for each.
    pub platform: Option<String>,
    /// The most that is taken off in a month; never more than is billed.
    pub amount: Usd,
    /// The first month; 0 is the first of the horizon.
    pub month: u32,
    /// How many months; `None` to the end.
    pub months: Option<u32>,
    /// Who grants it.
    pub source: String,
}

impl Credit {
    /// Whether it is granted to a platform in a month.
    pub fn applies(&self, platform: &str, month: u32) -> bool {
        let end = self.months.map_or(u32::MAX, |months| self.month.saturating_add(months));
        (self.month..end).contains(&month)
            && self.platform.as_ref().is_none_or(|only| only == platform)
    }
}

/// A fiscal year: by the calendar year in which it ends, as is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FiscalYear(pub i64);

impl std::fmt::Display for FiscalYear {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "FY{}", self.0)
    }
}

/// The fiscal year of a day, where years begin with a month (1 is January).
///
/// ```
/// # use model::finance::fiscal_year;
/// let day = |text: &str| text.parse::<model::calendar::Date>().unwrap();
/// assert_eq!(fiscal_year(day("2027-03-31"), 4).to_string(), "FY2027");
/// assert_eq!(fiscal_year(day("2027-04-01"), 4).to_string(), "FY2028");
/// assert_eq!(fiscal_year(day("2027-12-31"), 1).to_string(), "FY2027");
/// ```
pub fn fiscal_year(day: Date, start: u32) -> FiscalYear {
    let later = start > 1 && day.month() >= i64::from(start);
    FiscalYear(day.year() + i64::from(later))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_is_called_after_the_one_it_ends_in() {
        let year = |day: &str, start| fiscal_year(day.parse().expect("a date"), start).to_string();
        for (day, start, expected) in [
            ("2026-01-01", 1, "FY2026"),
            ("2026-12-31", 1, "FY2026"),
            ("2026-03-31", 4, "FY2026"),
            ("2026-04-01", 4, "FY2027"),
            ("2026-12-01", 12, "FY2027"),
        ] {
            assert_eq!(year(day, start), expected, "{day} {start}");
        }
    }

    #[test]
    fn payments_are_named() {
        let named = |upfront: &str| payment(upfront.parse().expect("a literal in a test"));
        assert_eq!(named("0"), "no upfront");
        assert_eq!(named("0.50"), "50 % upfront");
        assert_eq!(named("1.0"), "all upfront");
    }

    #[test]
    fn credits_last_from_their_first_month_to_their_last() {
        let credit = Credit {
            name: "grant".to_owned(),
            platform: Some("kafka".to_owned()),
            amount: Usd::ZERO,
            month: 2,
            months: Some(3),
            source: "a letter".to_owned(),
        };
        let months = |credit: &Credit, platform| -> Vec<u32> {
            (0..8).filter(|&month| credit.applies(platform, month)).collect()
        };
        assert_eq!(months(&credit, "kafka"), [2, 3, 4]);
        assert!(months(&credit, "automq").is_empty());
        let everywhere = Credit { platform: None, months: None, ..credit };
        assert_eq!(months(&everywhere, "automq"), [2, 3, 4, 5, 6, 7]);
    }
}
