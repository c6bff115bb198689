//! Money through time: discount rate, fiscal years, currency; what is committed to, and what is granted.

use rust_decimal::Decimal;

use super::Horizon;
use super::fields::{self, Section};
use super::form::{Checked, missing};
use super::moment::outside;
use super::names::{Names, known, unique};
use super::problem::{Problem, Problems};
use crate::finance::{
    Coverage, Credit, Exchange, FISCAL_STARTS, Finance, OwnDiscount, Purchase, TERMS,
};

/// Everything that a scenario says about money through time.
pub(super) fn finance(
    root: &Checked,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Finance> {
    let names = Names::of(root);
    unique(root.tables("commitment"), "commitments", "name", problems);
    unique(root.tables("credit"), "credits", "name", problems);
    let purchases = root.tables("commitment").iter();
    let purchases: Vec<_> =
        purchases.map(|table| purchase(table, &names, horizon, problems)).collect();
    let credits = root.tables("credit").iter();
    let credits: Vec<_> = credits.map(|table| credit(table, &names, horizon, problems)).collect();
    let mut finance = Finance::default();
    if let Some(table) = root.table("finance") {
        finance.discount_per_month = discount_rate(table, problems);
        let start = table.text("fiscal_year_start");
        let month = |start: String| FISCAL_STARTS.iter().position(|name| *name == start);
        finance.fiscal_year_start = start.and_then(month).map_or(1, |index| index as u32 + 1);
        finance.exchange = exchange(table, problems);
    }
    Some(Finance {
        purchases: purchases.into_iter().collect::<Option<_>>()?,
        credits: credits.into_iter().collect::<Option<_>>()?,
        ..finance
    })
}

fn discount_rate(table: &Checked, problems: &mut Problems) -> Option<f64> {
    let growth = table.growth("discount_rate")?;
    if growth.linear != 0.0 || growth.compound < 0.0 {
        let problem = Problem::OutOfRange {
            key: "discount_rate".to_owned(),
            found: "linear or below nothing".to_owned(),
            allowed: "a compound rate from `0 %/year`".to_owned(),
        };
        problems.report(problem, table.span_of("discount_rate"));
        return None;
    }
    Some(growth.compound)
}

/// A rate without a source and a date is nobody's.
fn exchange(table: &Checked, problems: &mut Problems) -> Option<Exchange> {
    let beside = ["exchange_source", "exchange_as_of"];
    if !table.has("exchange") {
        no_effect(table, &beside, "`exchange`", problems);
        return None;
    }
    needed(Section::Finance, table, &beside, problems);
    let quote = table.exchange("exchange")?;
    Some(Exchange {
        currency: quote.currency,
        rate: quote.rate,
        source: table.text("exchange_source")?,
        as_of: table.date("exchange_as_of")?.to_string(),
    })
}

/// Reports keys that have to be there with another.
fn needed(section: Section, table: &Checked, keys: &[&str], problems: &mut Problems) {
    for key in keys.iter().filter(|key| !table.has(key) && !table.misspells(key)) {
        if let Some(field) = fields::find(section, key) {
            problems.report(missing(&field), table.span.clone());
        }
    }
}

/// Reports keys that mean nothing without another.
fn no_effect(table: &Checked, keys: &[&str], without: &'static str, problems: &mut Problems) {
    for key in keys.iter().filter(|key| table.has(key)) {
        problems.report(Problem::Alone { key: (*key).to_owned(), without }, table.key_span(key));
    }
}

fn purchase(
    table: &Checked,
    names: &Names,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Purchase> {
    known("platform", names.platforms.as_ref(), table, "platform", problems);
    let quoted = ["source", "as_of"];
    match table.has("discount") {
        true => needed(Section::Commitment, table, &quoted, problems),
        false => no_effect(table, &quoted, "`discount`", problems),
    }
    let payment = table.text("payment");
    if payment.as_deref().is_some_and(|payment| payment != "partial") {
        no_effect(table, &["upfront"], "`payment = \"partial\"`", problems);
    }
    if table.has("brokers") && table.has("coverage") {
        let problem = Problem::Both { key: "coverage", other: "brokers" };
        problems.report(problem, table.key_span("coverage"));
    }
    let month = month(table, horizon, problems);
    let brokers = table.count("brokers").and_then(|brokers| u32::try_from(brokers).ok());
    let upfront = match payment?.as_str() {
        "none" => Decimal::ZERO,
        "all" => Decimal::ONE,
        _ => share(table.number("upfront").unwrap_or(HALF)),
    };
    Some(Purchase {
        name: table.text("name")?,
        platform: table.text("platform"),
        years: if table.text("term")? == TERMS[0] { 1 } else { 3 },
        upfront,
        size: match brokers {
            Some(brokers) => Coverage::Brokers(brokers),
            None => Coverage::Share(table.number("coverage").unwrap_or(1.0)),
        },
        month,
        renew: table.flag("renew").unwrap_or(false),
        quote: match table.has("discount") {
            true => Some(OwnDiscount {
                discount: table.discount("discount")?,
                source: table.text("source")?,
                as_of: table.date("as_of")?.to_string(),
            }),
            false => None,
        },
    })
}

/// What is paid upfront of a partial payment that does not say: AWS asks for half.
const HALF: f64 = 0.5;

/// A share as it was written: floats of a few digits are decimals of a few.
fn share(share: f64) -> Decimal {
    use rust_decimal::prelude::FromPrimitive;
    Decimal::from_f64(share).unwrap_or(Decimal::ONE).round_dp(6).normalize()
}

fn credit(
    table: &Checked,
    names: &Names,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Credit> {
    known("platform", names.platforms.as_ref(), table, "platform", problems);
    Some(Credit {
        month: month(table, horizon, problems),
        name: table.text("name")?,
        platform: table.text("platform"),
        amount: table.budget("amount")?,
        months: table.count("months").and_then(|months| u32::try_from(months).ok()),
        source: table.text("source")?,
    })
}

/// The month that something begins in; 0 is the first.
fn month(table: &Checked, horizon: Option<&Horizon>, problems: &mut Problems) -> u32 {
    let month = table.count("month").and_then(|month| u32::try_from(month).ok()).unwrap_or(1);
    if let Some(horizon) = horizon.filter(|horizon| month > horizon.months) {
        let problem = outside("month", month.to_string(), horizon);
        problems.report(problem, table.span_of("month"));
    }
    month.saturating_sub(1)
}
