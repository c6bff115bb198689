//! A row of a bill in FOCUS columns, by their names.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::calendar::Date;
use crate::finance::Currency;

/// A moment of a bill: a day in UTC, and seconds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// The day.
    pub day: Date,
    /// Seconds since it began.
    pub second: u32,
}

/// Seconds of a day.
const DAY: u32 = 86_400;

impl Instant {
    /// When a day begins.
    pub fn start_of(day: Date) -> Self {
        Self { day, second: 0 }
    }

    /// Days between this and a later moment.
    pub fn days_until(self, later: Self) -> f64 {
        let days = self.day.days_until(later.day) as f64;
        days + (f64::from(later.second) - f64::from(self.second)) / f64::from(DAY)
    }
}

/// A text that is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInstant;

impl FromStr for Instant {
    type Err = NotAnInstant;

    /// Reads `2027-01-01T00:00:00Z` and what exports write instead: a space between, no seconds, fractions of them, `UTC` or
    /// nothing behind, or the day alone. FOCUS has no other zone than UTC.
    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let read = || {
            let text = text.trim();
            let day: Date = text.get(..10)?.parse().ok()?;
            let rest = text.get(10..)?;
            let rest =
                rest.trim_end_matches('Z').trim_end_matches("UTC").trim_end_matches("+00:00");
            let clock = match rest.trim_end().strip_prefix(['T', ' ']) {
                Some(clock) => clock.split('.').next()?,
                None if rest.is_empty() => "00:00",
                None => return None,
            };
            let mut parts = clock.split(':');
            let mut number = |least: bool| match parts.next() {
                Some(part) if part.len() == 2 => part.parse::<u32>().ok(),
                None if !least => Some(0),
                _ => None,
            };
            let (hour, minute, second) = (number(true)?, number(true)?, number(false)?);
            let valid = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
            valid.then_some(Self { day, second: (hour * 60 + minute) * 60 + second })
        };
        read().ok_or(NotAnInstant)
    }
}

/// What kind of charge a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Charge {
    /// Something was used.
    Usage,
    /// Something was bought, such as a commitment.
    Purchase,
    /// Tax.
    Tax,
    /// Something is taken off.
    Credit,
    /// Something was put right.
    Adjustment,
}

impl Charge {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Usage, Self::Purchase, Self::Tax, Self::Credit, Self::Adjustment];

    /// As FOCUS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "Usage",
            Self::Purchase => "Purchase",
            Self::Tax => "Tax",
            Self::Credit => "Credit",
            Self::Adjustment => "Adjustment",
        }
    }
}

/// What is needed of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// What kind of charge it is.
    pub charge: Charge,
    /// Whether it corrects an earlier period.
    pub correction: bool,
    /// Whether it is the part of a commitment that nobody used.
    pub unused: bool,
    /// BilledCost.
    pub billed: Decimal,
    /// EffectiveCost.
    pub effective: Decimal,
    /// BillingCurrency.
    pub currency: Currency,
    /// BillingPeriodStart.
    pub billing_start: Instant,
    /// ChargePeriodStart.
    pub start: Instant,
    /// ChargePeriodEnd.
    pub end: Instant,
    /// ServiceName.
    pub service: &'a str,
    /// ServiceCategory.
    pub category: &'a str,
    /// SkuId, SkuPriceId, SkuMeter, ChargeDescription.
    pub skus: [&'a str; 4],
    /// SubAccountId.
    pub account: &'a str,
    /// RegionId.
    pub region: &'a str,
    /// Tags.
    pub tags: &'a str,
    /// What a plan's own export says that it is.
    pub component: &'a str,
}

/// Columns that have to be there.
const NEEDED: [&str; 9] = [
    "BilledCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "EffectiveCost",
    "ServiceCategory",
    "ServiceName",
];

/// Columns that are read where they are there. FOCUS 1.0 has no SkuMeter, and exports leave out what they have nothing for.
const READ: [&str; 10] = [
    "ChargeClass",
    "ChargeDescription",
    "CommitmentDiscountStatus",
    "RegionId",
    "SkuId",
    "SkuMeter",
    "SkuPriceId",
    "SubAccountId",
    "Tags",
    "x_Component",
];

/// Columns of other exports of bills, and what to export instead.
const OTHERS: [(&str, &str); 6] = [
    ("lineItem/UsageAccountId", "a Cost and Usage Report"),
    ("line_item_usage_account_id", "a Cost and Usage Report"),
    ("CostInBillingCurrency", "an export of actual or amortized cost"),
    ("costInBillingCurrency", "an export of actual or amortized cost"),
    ("PreTaxCost", "an export of usage"),
    ("billing_account_id", "an export of usage cost"),
];

/// Why a file is no bill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotABill {
    /// It has the columns of something else.
    #[error("it has no FOCUS columns; `{column}` is of {what}")]
    OtherExport {
        /// The column that tells.
        column: String,
        /// What it is of.
        what: &'static str,
    },
    /// It has none of them.
    #[error("it has no FOCUS columns")]
    NoFocus,
    /// Some are missing.
    #[error("it lacks {}", names(columns))]
    Missing {
        /// Which.
        columns: Vec<&'static str>,
    },
    /// One is there twice.
    #[error("it has the column `{column}` twice")]
    Twice {
        /// Which.
        column: &'static str,
    },
}

impl NotABill {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::OtherExport { .. } | Self::NoFocus => {
                "export cost and usage in the FOCUS format, 1.0 or later, as CSV: every large provider offers it"
            }
            Self::Missing { .. } => "export these columns too; any others are ignored",
            Self::Twice { .. } => "leave one of them out",
        }
    }
}

fn names(columns: &[&str]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    quoted.join(", ")
}

/// A cell that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{column} is `{value}`, not {expected}")]
pub struct BadCell {
    /// Its column.
    pub column: &'static str,
    /// What it says, the beginning of it where it is long.
    pub value: String,
    /// What it should be.
    pub expected: &'static str,
}

/// Characters of a cell that an error shows.
const SHOWN: usize = 60;

pub(super) fn bad(column: &'static str, value: &str, expected: &'static str) -> BadCell {
    let short: String = value.chars().take(SHOWN).collect();
    let more = if short.len() < value.len() { "…" } else { "" };
    BadCell { column, value: short + more, expected }
}

/// Where each column stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    needed: [usize; NEEDED.len()],
    read: [Option<usize>; READ.len()],
}

impl Columns {
    /// Finds the columns of a head; case does not matter, nor does a byte order mark before the first.
    ///
    /// # Errors
    ///
    /// When it is no bill, or not all of one.
    pub fn find(head: &[&str]) -> Result<Self, NotABill> {
        let head: Vec<&str> =
            head.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let place = |wanted: &'static str| -> Result<Option<usize>, NotABill> {
            let mut found = (0..head.len()).filter(|&at| head[at].eq_ignore_ascii_case(wanted));
            match (found.next(), found.next()) {
                (_, Some(_)) => Err(NotABill::Twice { column: wanted }),
                (first, None) => Ok(first),
            }
        };
        let mut needed = [0; NEEDED.len()];
        let mut missing = Vec::new();
        for (at, column) in needed.iter_mut().zip(NEEDED) {
            match place(column)? {
                Some(found) => *at = found,
                None => missing.push(column),
            }
        }
        // Other exports have a column or two of the same name.
        if missing.len() * 2 > NEEDED.len() {
            let other = OTHERS.iter().find(|(column, _)| head.contains(column));
            return Err(match other {
                Some((column, what)) => {
                    NotABill::OtherExport { column: (*column).to_owned(), what }
                }
                None => NotABill::NoFocus,
            });
        }
        if !missing.is_empty() {
            return Err(NotABill::Missing { columns: missing });
        }
        let mut read = [None; READ.len()];
        for (at, column) in read.iter_mut().zip(READ) {
            *at = place(column)?;
        }
        Ok(Self { needed, read })
    }

    /// Whether rows have tags.
    pub fn has_tags(&self) -> bool {
        self.place("Tags").is_some()
    }

    fn place(&self, column: &str) -> Option<usize> {
        let needed = NEEDED.iter().position(|one| *one == column).map(|at| self.needed[at]);
        let read = || READ.iter().position(|one| *one == column).and_then(|at| self.read[at]);
        needed.or_else(read)
    }

    /// Reads a row; `cell` has the text at a place.
    ///
    /// # Errors
    ///
    /// The first cell that cannot be read.
    pub fn row<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Result<Row<'a>, BadCell> {
        // "-2" and "Unassigned" stand for nothing in some exports.
        let text = |column: &'static str| {
            let text = self.place(column).map_or("", &cell).trim();
            if matches!(text, "-2" | "Unassigned" | "NULL" | "null") { "" } else { text }
        };
        let instant = |column: &'static str| {
            let text = text(column);
            text.parse::<Instant>().map_err(|_| bad(column, text, INSTANT))
        };
        let charge = text("ChargeCategory");
        let currency = text("BillingCurrency");
        let row = Row {
            charge: Charge::ALL
                .into_iter()
                .find(|one| one.name() == charge)
                .ok_or_else(|| bad("ChargeCategory", charge, CHARGE))?,
            correction: text("ChargeClass") == "Correction",
            unused: text("CommitmentDiscountStatus") == "Unused",
            billed: self.amount("BilledCost", &cell)?,
            effective: self.amount("EffectiveCost", &cell)?,
            currency: Currency::named(currency)
                .ok_or_else(|| bad("BillingCurrency", currency, CURRENCY))?,
            billing_start: instant("BillingPeriodStart")?,
            start: instant("ChargePeriodStart")?,
            end: instant("ChargePeriodEnd")?,
            service: text("ServiceName"),
            category: text("ServiceCategory"),
            skus: ["SkuId", "SkuPriceId", "SkuMeter", "ChargeDescription"].map(text),
            account: text("SubAccountId"),
            region: text("RegionId"),
            tags: text("Tags"),
            component: text("x_Component"),
        };
        if row.end < row.start {
            let end = self.place("ChargePeriodEnd").map_or("", &cell);
            return Err(bad("ChargePeriodEnd", end, "a moment after ChargePeriodStart"));
        }
        Ok(row)
    }

    fn amount<'a>(
        &self,
        column: &'static str,
        cell: impl Fn(usize) -> &'a str,
    ) -> Result<Decimal, BadCell> {
        let text = self.place(column).map_or("", cell).trim();
        amount(text).ok_or_else(|| bad(column, text, AMOUNT))
    }
}

const INSTANT: &str = "a moment such as 2027-01-01T00:00:00Z";
const CHARGE: &str = "Usage, Purchase, Tax, Credit or Adjustment";
const CURRENCY: &str = "a code of ISO 4217 such as USD";
const AMOUNT: &str = "a decimal number";

/// A number with a point, or with an exponent as databases write small ones.
fn amount(text: &str) -> Option<Decimal> {
    match text.contains(['e', 'E']) {
        false => text.parse().ok(),
        true => match Decimal::from_scientific(text) {
            Ok(amount) => Some(amount),
            // Less than a decimal can hold is nothing.
            Err(_) => {
                let (digits, exponent) = text.split_once(['e', 'E'])?;
                let small = exponent.parse::<i64>().ok()? < -(i64::from(Decimal::MAX_SCALE) / 2);
                (small && digits.parse::<Decimal>().is_ok()).then_some(Decimal::ZERO)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_exports_write_them() {
        let at =
            |text: &str| text.parse::<Instant>().ok().map(|at| (at.day.to_string(), at.second));
        let noon = Some(("2027-01-31".to_owned(), 43_200));
        for text in [
            "2027-01-31T12:00:00Z",
            "2027-01-31T12:00:00.000Z",
            "2027-01-31T12:00Z",
            "2027-01-31 12:00:00 UTC",
            "2027-01-31 12:00:00",
            "2027-01-31T12:00:00+00:00",
        ] {
            assert_eq!(at(text), noon, "{text}");
        }
        assert_eq!(at("2027-01-31"), Some(("2027-01-31".to_owned(), 0)));
        for wrong in ["", "2027-02-30", "31/01/2027", "2027-01-31T25:00Z", "2027-01-31T12:00+01:00"]
        {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn amounts_are_read_with_all_their_digits() {
        for (text, expected) in [
            ("1.50", Some("1.50")),
            ("-0.0000004", Some("-0.0000004")),
            ("1.2E-05", Some("0.000012")),
            ("3e2", Some("300")),
            ("1e-40", Some("0")),
            ("", None),
            ("1,5", None),
            ("$1", None),
            ("NaN", None),
        ] {
            assert_eq!(amount(text), expected.map(|one| one.parse().expect("a literal")), "{text}");
        }
    }

    #[test]
    fn what_is_no_bill_says_so() {
        let find = |head: &[&str]| Columns::find(head).expect_err("no bill").to_string();
        assert!(find(&["a", "b"]).contains("no FOCUS columns"));
        assert!(find(&["lineItem/UsageAccountId", "x"]).contains("Cost and Usage Report"));
        let mut head = NEEDED.to_vec();
        assert!(Columns::find(&head).is_ok());
        head[0] = "\u{feff}billedcost";
        assert!(Columns::find(&head).is_ok());
        head.push("BilledCost");
        assert!(find(&head).contains("`BilledCost` twice"));
        head.pop();
        head[1] = "Currency";
        assert!(find(&head).contains("lacks `BillingCurrency`"));
    }
}
