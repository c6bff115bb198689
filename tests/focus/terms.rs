//! Commitments over their terms: what is invoiced for one is what its hours bear, however it is paid and wherever the
//! horizon ends.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{Row, beside, case, decimal, rows};
use model::export::focus::Version;

/// A cluster of three brokers through some months, with a commitment.
fn scenario(months: u32, commitment: &str) -> String {
    format!(
        r#"
schema = 1
title  = "Terms"

[horizon]
start  = 2027-01-31
months = {months}

[prices]
provider = "aws"
region   = "us-east-1"

[[stream]]
name       = "orders"
records    = "1000 /s"
record     = "1 KiB"
partitions = 12
retention  = "1 d"
[[stream.reader]]
group = "fulfilment"

[[platform]]
preset = "kafka-gp3"

[[commitment]]
name     = "base"
platform = "kafka-gp3"
discount = "30 %"
source   = "contract 4711"
as_of    = 2026-11-01
{commitment}
"#
    )
}

/// The rows of a commitment, and what the metadata says of it.
struct Term {
    rows: Vec<Row>,
    told: Value,
}

impl Term {
    fn sum(&self, category: &str, cost: &str) -> Decimal {
        let rows = self.rows.iter().filter(|row| row["ChargeCategory"] == category);
        rows.map(|row| decimal(row, cost)).sum()
    }

    fn told(&self, key: &str) -> Decimal {
        self.told[key].as_str().expect(key).parse().expect(key)
    }

    /// Months in which it has rows of a category.
    fn months(&self, category: &str) -> BTreeSet<&str> {
        let rows = self.rows.iter().filter(|row| row["ChargeCategory"] == category);
        rows.map(|row| &row["BillingPeriodStart"][..7]).collect()
    }
}

/// Every term of the commitment, in order.
fn terms(months: u32, commitment: &str) -> Vec<Term> {
    let (scenario, comparison) = case(&scenario(months, commitment));
    let all = rows(&super::all(&scenario, &comparison, Version::default()));
    let metadata = beside(&scenario, &comparison);
    let told = metadata["x_Plans"][0]["x_Commitments"].as_array().expect("commitments").clone();
    let in_file: BTreeSet<&str> =
        all.iter().map(|row| &*row["CommitmentDiscountId"]).filter(|id| !id.is_empty()).collect();
    let named: BTreeSet<&str> =
        told.iter().filter_map(|one| one["CommitmentDiscountId"].as_str()).collect();
    assert_eq!(in_file, named);
    let term = |told: Value| {
        let mine =
            |row: &&Row| told["CommitmentDiscountId"] == row["CommitmentDiscountId"].as_str();
        Term { rows: all.iter().filter(mine).cloned().collect(), told }
    };
    told.into_iter().map(term).collect()
}

/// By payment, years and months of the horizon: months with fees and with hours, and what is paid ahead of the rest.
#[test]
fn fees_are_hours_over_the_whole_term() {
    // The term is the horizon, longer, or shorter.
    check("none", 1, 12, (12, 12), Beyond::Nothing);
    check("partial", 1, 12, (12, 12), Beyond::Nothing);
    check("all", 1, 12, (1, 12), Beyond::Nothing);
    check("none", 1, 5, (5, 5), Beyond::Fees);
    check("partial", 1, 5, (5, 5), Beyond::FeesAndHours);
    check("all", 1, 5, (1, 5), Beyond::Hours);
    check("none", 1, 14, (12, 12), Beyond::Nothing);
    check("partial", 1, 14, (12, 12), Beyond::Nothing);
    check("all", 1, 14, (1, 12), Beyond::Nothing);
    check("none", 3, 36, (36, 36), Beyond::Nothing);
    check("partial", 3, 36, (36, 36), Beyond::Nothing);
    check("all", 3, 36, (1, 36), Beyond::Nothing);
    check("all", 3, 24, (1, 24), Beyond::Hours);
}

/// What of a term lies beyond the file.
#[derive(Debug, PartialEq)]
enum Beyond {
    /// It ends within the horizon.
    Nothing,
    /// Every month is paid when it comes.
    Fees,
    /// Hours that were partly paid.
    FeesAndHours,
    /// Hours that were paid.
    Hours,
}

#[track_caller]
fn check(payment: &str, years: u32, horizon: u32, months: (usize, usize), beyond: Beyond) {
    let unit = if years == 1 { "year" } else { "years" };
    // More brokers than run, so that some hours are used and some are not.
    let text = format!("term = \"{years} {unit}\"\npayment = \"{payment}\"\nbrokers = 5\n");
    let found = terms(horizon, &text);
    let [term] = &found[..] else { panic!("{} terms", found.len()) };
    let billed = term.sum("Purchase", "BilledCost");
    let effective = term.sum("Usage", "EffectiveCost");
    assert_eq!((term.months("Purchase").len(), term.months("Usage").len()), months);
    for status in ["Used", "Unused"] {
        let rows = term.rows.iter().filter(|row| row["CommitmentDiscountStatus"] == status);
        assert_eq!(rows.count(), months.1, "{status}");
    }

    // Twelve months of five brokers at 70 % of the list price, to the last digit.
    let list = term.rows.iter().find(|row| row["CommitmentDiscountStatus"] == "Used");
    let hour = decimal(list.expect("hours that ran"), "ListUnitPrice") * Decimal::new(7, 1);
    let hours: Decimal = (term.rows.iter())
        .filter(|row| row["ChargeCategory"] == "Usage")
        .map(|row| decimal(row, "CommitmentDiscountQuantity"))
        .sum();
    assert_eq!(effective, hour * hours);

    assert_eq!(term.told("BilledCost"), billed);
    assert_eq!(term.told("EffectiveCost"), effective);
    let later = (term.told("x_BilledCostBeyond"), term.told("x_EffectiveCostBeyond"));
    assert_eq!(billed + later.0, term.told("x_TermCost"));
    assert_eq!(effective + later.1, term.told("x_TermCost"));
    assert_eq!(term.told("x_PaidAheadBeyond"), billed - effective);
    let found = match (later.0.is_zero(), later.1.is_zero()) {
        (true, true) => Beyond::Nothing,
        (true, false) => Beyond::Hours,
        (false, _) if later.0 == later.1 => Beyond::Fees,
        (false, _) => Beyond::FeesAndHours,
    };
    assert_eq!(found, beyond);

    let once = term.rows.iter().filter(|row| row["ChargeFrequency"] == "One-Time").count();
    assert_eq!(once, usize::from(payment != "none"), "{payment}");
}

/// The month after its last is on demand again.
#[test]
fn a_term_ends_with_a_cliff() {
    let (scenario, comparison) = case(&scenario(14, "term = \"1 year\"\npayment = \"all\"\n"));
    let all = rows(&super::all(&scenario, &comparison, Version::default()));
    let month = |start: &str, cost: &str| {
        let of = |row: &&Row| {
            row["x_Component"] == "brokers" && row["BillingPeriodStart"].starts_with(start)
        };
        all.iter().filter(of).map(|row| decimal(row, cost)).sum::<Decimal>()
    };
    // January and its successors are as long as those of the next year.
    let (committed, on_demand) =
        (month("2027-01", "EffectiveCost"), month("2028-01", "EffectiveCost"));
    assert_eq!(committed, on_demand * Decimal::new(7, 1));
    assert_eq!(month("2027-02", "BilledCost"), Decimal::ZERO, "it is paid");
    assert_eq!(month("2028-01", "BilledCost"), on_demand);
    let metadata = beside(&scenario, &comparison);
    let told = &metadata["x_Plans"][0]["x_Commitments"][0];
    assert_eq!(told["x_TermStart"], "2027-01-01T00:00:00Z");
    assert_eq!(told["x_TermEnd"], "2028-01-01T00:00:00Z", "the first moment on demand");
}

/// Each term is a commitment of its own.
#[test]
fn a_commitment_is_bought_again() {
    let text = "term = \"1 year\"\npayment = \"all\"\nbrokers = 2\nmonth = 4\nrenew = true\n";
    let found = terms(30, text);
    let ids: Vec<&str> =
        found.iter().filter_map(|term| term.told["CommitmentDiscountId"].as_str()).collect();
    let id = "plan:Terms/kafka-gp3/base";
    assert_eq!(ids, [id.to_owned(), format!("{id}, term 2"), format!("{id}, term 3")]);
    let fees: Vec<Vec<&str>> =
        found.iter().map(|term| term.months("Purchase").into_iter().collect()).collect();
    assert_eq!(fees, [["2027-04"], ["2028-04"], ["2029-04"]]);
    let hours: Vec<usize> = found.iter().map(|term| term.months("Usage").len()).collect();
    assert_eq!(hours, [12, 12, 3]);
    for term in &found[..2] {
        assert_eq!(term.sum("Purchase", "BilledCost"), term.sum("Usage", "EffectiveCost"));
    }
    assert!(found[2].told("x_PaidAheadBeyond") > Decimal::ZERO);
    let names: BTreeSet<&str> = found
        .iter()
        .flat_map(|term| &term.rows)
        .map(|row| &*row["CommitmentDiscountName"])
        .collect();
    assert_eq!(names, ["base"].into(), "they are the same purchase");
}

/// Two of them on one machine keep their rows apart.
#[test]
fn commitments_beside_each_other_are_two() {
    let text = "term = \"1 year\"\npayment = \"none\"\nbrokers = 2\n
[[commitment]]\nname = \"more\"\nplatform = \"kafka-gp3\"\nterm = \"3 years\"\npayment = \"all\"\nbrokers = 2\ndiscount = \"50 %\"\nsource = \"contract 4712\"\nas_of = 2026-11-01\n";
    let found = terms(12, text);
    let [one, other] = &found[..] else { panic!("{} terms", found.len()) };
    assert_eq!(one.sum("Purchase", "BilledCost"), one.sum("Usage", "EffectiveCost"));
    let whole = other.sum("Usage", "EffectiveCost") + other.told("x_EffectiveCostBeyond");
    assert_eq!(other.sum("Purchase", "BilledCost"), whole);
    // Three brokers run: all of the first two, and one of the second two.
    let unused = |term: &Term| {
        term.rows.iter().filter(|row| row["CommitmentDiscountStatus"] == "Unused").count()
    };
    assert_eq!((unused(one), unused(other)), (0, 12));
}
