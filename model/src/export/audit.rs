//! What an export was made from, and whether it adds up: the block at its end that an auditor reads first.
//!
//! - **Scenario:** SHA-256 of its text with line feeds for line ends: what `sha256sum` prints for such a file.
//! - **Catalogue:** SHA-256 of the list that `sha256sum` prints for its files, in the order of their names.
//! - **Checks:** two ways to the same amount, computed anew from what is exported. One that does not hold is a fault of
//!   ours, and is said in every export instead of hidden.
//!
//! The moment comes from outside, and is left out where the same input is to give the same bytes.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::cents::{COSTS, Cents, added, each};
use super::json::pretty;

use crate::calendar::Date;
use crate::comparison::Comparison;
use crate::finance::Finance;
use crate::ledger::{self, Charge, ChargeKind};
use crate::money::Usd;
use crate::order;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::staleness;

/// What an export is made from: all that the model cannot know by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// SHA-256 of the scenario's text: [`of_scenario`].
    pub scenario_sha256: String,
    /// SHA-256 of the catalogue: [`of_catalog`].
    pub catalog_sha256: String,
    /// The command as it was given, without folders; empty where there was none.
    pub command: String,
    /// When it was made, in UTC: `2026-11-22T02:10:00Z`. `None` leaves it out.
    pub created: Option<String>,
    /// The day on which to judge what is old. `None` judges nothing, so that the same input gives the same bytes.
    pub today: Option<Date>,
}

/// The block of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Version of the program.
    pub engine_version: String,
    /// SHA-256 of the scenario's text.
    pub scenario_sha256: String,
    /// SHA-256 of the catalogue.
    pub catalog_sha256: String,
    /// Date of the oldest price in use: a year, a month or a day; empty where no price has one.
    pub oldest_price: String,
    /// Date of the newest price in use.
    pub newest_price: String,
    /// The command as it was given, without folders.
    pub command: String,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// What is older than it should be; `None` where nothing is, or nobody said on which day to judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<OutOfDate>,
    /// What adds up, and whether it does.
    pub checks: Vec<Check>,
}

/// What is older than it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutOfDate {
    /// The day on which it is.
    pub today: String,
    /// Prices and presets, a sentence each.
    pub sentences: Vec<String>,
}

/// Two ways to the same amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The platform.
    pub platform: String,
    /// What is held against what.
    pub name: String,
    /// The one way, in dollars with all digits, or in the currency where the name says so.
    pub left: String,
    /// The other way.
    pub right: String,
    /// Whether both come to the same, to the last digit.
    pub holds: bool,
}

impl Audit {
    /// The block of an export of all platforms, or of one.
    pub fn new(
        comparison: &Comparison,
        scenario: &Scenario,
        platform: Option<&str>,
        origin: &Origin,
    ) -> Self {
        let wanted = |plan: &&Plan| platform.is_none_or(|name| name == plan.design.name);
        let plans = comparison.plans().filter(wanted);
        let (oldest_price, newest_price) = price_dates(plans.clone());
        let stale = origin.today.map(|today| staleness::of_plans(plans.clone(), today));
        let stale = stale.filter(|stale| !stale.is_empty()).map(|stale| OutOfDate {
            today: stale.today.to_string(),
            sentences: stale.sentences(),
        });
        Self {
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario_sha256: origin.scenario_sha256.clone(),
            catalog_sha256: origin.catalog_sha256.clone(),
            oldest_price,
            newest_price,
            command: origin.command.clone(),
            created: origin.created.clone(),
            stale,
            checks: plans.flat_map(|plan| checks(plan, &scenario.finance)).collect(),
        }
    }

    /// Whether everything adds up.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.holds)
    }

    /// The block as a JSON document of its own.
    pub fn document(&self) -> String {
        pretty(json!(self))
    }

    /// What it was made from as names and values, for tables; checks are [`Self::checks`].
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let or_none = |text: &str, none: &str| match text {
            "" => none.to_owned(),
            text => text.to_owned(),
        };
        let created = self.created.as_deref().unwrap_or_default();
        let stale = self.stale.iter().map(|stale| {
            let sentences = stale.sentences.join("; ");
            ("Out of date", format!("on {}, {sentences}", stale.today))
        });
        let facts = [
            ("Engine", format!("highwater {}", self.engine_version)),
            ("Scenario, SHA-256", self.scenario_sha256.clone()),
            ("Price catalogue, SHA-256", self.catalog_sha256.clone()),
            ("Oldest price in use", or_none(&self.oldest_price, "none has a date")),
            ("Newest price in use", or_none(&self.newest_price, "none has a date")),
            ("Command", or_none(&self.command, "none: made in the browser")),
            ("Made at", or_none(created, "left out, so that the same input gives the same bytes")),
            ("Checks", self.verdict()),
        ];
        facts.into_iter().chain(stale).collect()
    }

    /// Whether everything adds up, in words.
    pub fn verdict(&self) -> String {
        let (all, failed) =
            (self.checks.len(), self.checks.iter().filter(|check| !check.holds).count());
        match failed {
            0 => format!("all {all} hold"),
            _ => format!("{failed} of {all} do NOT hold: do not use this file, and report it"),
        }
    }
}

/// SHA-256 of a scenario's text, whatever its line ends.
///
/// ```
/// use model::export::audit::of_scenario;
/// assert_eq!(of_scenario("schema = 1\r\n"), of_scenario("schema = 1\n"));
/// assert!(of_scenario("").starts_with("e3b0c442"));
/// ```
pub fn of_scenario(text: &str) -> String {
    sha256(text.replace("\r\n", "\n").replace('\r', "\n").as_bytes())
}

/// SHA-256 of a catalogue: of the list that `sha256sum` prints for its files.
///
/// ```
/// use model::export::audit::of_catalog;
/// let (one, other) = (("aws/north.csv", "sku\n"), ("sources.csv", "key\n"));
/// assert_eq!(of_catalog([one, other]), of_catalog([other, one]));
/// assert_ne!(of_catalog([one]), of_catalog([("aws/south.csv", "sku\n")]));
/// ```
pub fn of_catalog<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut lines: Vec<(&str, String)> =
        files.into_iter().map(|(path, text)| (path, of_scenario(text))).collect();
    order::sort_by(&mut lines, |one, other| one.0.cmp(other.0));
    let list: String = lines.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect();
    sha256(list.as_bytes())
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// First and last date of the prices that plans use. Dates are compared as texts: a month stands before its days.
pub fn price_dates<'a>(plans: impl Iterator<Item = &'a Plan>) -> (String, String) {
    let dates = plans.flat_map(|plan| &plan.bill.lines).map(|line| &*line.price_as_of);
    let (mut oldest, mut newest) = ("", "");
    for date in dates.filter(|date| date.starts_with(char::is_numeric)) {
        if oldest.is_empty() || date < oldest {
            oldest = date;
        }
        newest = newest.max(date);
    }
    (oldest.to_owned(), newest.to_owned())
}

/// What of one plan adds up to what.
pub fn checks(plan: &Plan, finance: &Finance) -> Vec<Check> {
    let charges = ledger::charges(plan, finance);
    let credits: Usd = charges
        .iter()
        .filter(|charge| charge.kind == ChargeKind::Credit)
        .map(|charge| charge.effective_cost)
        .sum();
    let effective = ledger::costs(charges.iter()).effective;
    let bill = plan.bill.contracted_cost();
    let months: Usd = plan.months.iter().map(|billed| billed.bill.contracted_cost()).sum();

    let mut checks = vec![
        check(plan, "effective cost of all charges = bill and credits", effective, bill + credits),
        check(plan, "bills of all months = bill of the horizon", months, bill),
    ];
    checks.extend(rounded(plan, finance));
    checks.push(cash(plan, &charges));
    checks
}

/// What is invoiced is what is borne, and what is paid ahead of its month: nothing where every term ends in the horizon.
fn cash(plan: &Plan, charges: &[Charge]) -> Check {
    let costs = ledger::costs(charges.iter());
    let planned = |month: u32| plan.months.iter().any(|billed| billed.month.index == month);
    let ahead: Usd = plan
        .contracts
        .iter()
        .map(|contract| {
            let months = (contract.from..contract.until()).filter(|month| planned(*month));
            let fees: Usd = months.clone().map(|month| contract.fee(month)).sum();
            let hours: Decimal = months.map(|month| contract.paid(month)).sum();
            fees - contract.hour * hours
        })
        .sum();
    let name = if ahead == Usd::ZERO {
        "billed cost = effective cost over whole terms"
    } else {
        "billed cost = effective cost and what is paid ahead beyond the horizon"
    };
    check(plan, name, costs.billed, costs.effective + ahead)
}

/// Rows as they are shown add up to the total as it is shown, billed and effective.
fn rounded(plan: &Plan, finance: &Finance) -> [Check; 2] {
    let cents = Cents::of(plan, finance);
    let exchange = cents.exchange();
    let mut shown = [Decimal::ZERO; COSTS.len()];
    let (mut billed, mut effective) = (Usd::ZERO, Usd::ZERO);
    let _ = each::<()>(plan, finance, &cents, |row| {
        shown = added(shown, row.shown);
        billed += row.charge.billed_cost;
        effective += row.charge.effective_cost;
        Ok(())
    });
    [(BILLED, billed), (BILLED + 1, effective)].map(|(cost, exact)| {
        let total = exchange.to_minor(exchange.convert(exact));
        let what = COSTS[cost].replace('_', " ");
        Check {
            platform: plan.design.name.clone(),
            name: format!("rounded rows = rounded total, {what} in {}", exchange.currency.code),
            left: shown[cost].to_string(),
            right: total.to_string(),
            holds: shown[cost] == total,
        }
    })
}

/// The place of billed cost among the [`COSTS`]; effective cost comes after it.
const BILLED: usize = 2;

fn check(plan: &Plan, name: &str, left: Usd, right: Usd) -> Check {
    Check {
        platform: plan.design.name.clone(),
        name: name.to_owned(),
        left: left.dollars().normalize().to_string(),
        right: right.dollars().normalize().to_string(),
        holds: left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: FIPS 180-4, "abc".
    #[test]
    fn hashes_are_those_of_the_standard() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }

    #[test]
    fn a_check_that_does_not_hold_is_said_loudly() {
        let check = |holds| Check {
            platform: "a".to_owned(),
            name: "rows = total".to_owned(),
            left: "1".to_owned(),
            right: "2".to_owned(),
            holds,
        };
        let audit = |checks| Audit { checks, ..Audit::default() };
        assert_eq!(audit(vec![check(true); 2]).verdict(), "all 2 hold");
        assert!(audit(vec![check(true), check(false)]).verdict().starts_with("1 of 2 do NOT hold"));
    }
}
