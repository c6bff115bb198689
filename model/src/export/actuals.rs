//! A plan beside a bill: as JSON, and as CSV with a row for each thing and month. Amounts have all their digits; the actual
//! amounts of all rows add up to the bill.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::csv::{END, record, text};
use super::json::{SCHEMA_VERSION, pretty};
use crate::actuals::beside::{Line, Month, Pair, Report};
use crate::actuals::row::Instant;
use crate::actuals::tally::{Sum, Treated, Unknown};

/// Everything that a report knows. `bills` are what the bill was read from.
pub fn json(report: &Report, title: &str, bills: &[String]) -> String {
    let line = |line: &Line| {
        let months = report.months.iter().zip(&line.months).map(|(month, one)| {
            let mut value = pair(*one);
            value["month"] = json!(month.index + 1);
            value
        });
        let mut value = pair(line.total());
        value["component"] = json!(line.name());
        value["months"] = months.collect();
        value
    };
    let names = |lines: Vec<&Line>| lines.iter().map(|line| line.name()).collect::<Vec<_>>();
    let treated = |(kind, sum): &(Treated, Sum)| json!({ "charges": kind.name(), "rows": sum.rows, "cost": plain(sum.cost), "treated": kind.how() });
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "actuals",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": title,
        "platform": report.platform,
        "bills": bills,
        "cost": report.cost.name(),
        "currency": report.currency.code,
        "exchange": plain(report.rate),
        "total": pair(report.total()),
        "lines": report.lines.iter().map(line).collect::<Vec<_>>(),
        "months": report.months.iter().enumerate().map(|(place, one)| month(report, place, one)).collect::<Vec<_>>(),
        "not_planned": names(report.unplanned().collect()),
        "not_billed": names(report.unbilled().collect()),
        "months_without_bill": report.not_billed.iter().map(|index| index + 1).collect::<Vec<_>>(),
        "not_mapped": report.unknown.iter().map(unknown).collect::<Vec<_>>(),
        "charges": report.treated.iter().map(treated).collect::<Vec<_>>(),
        "other_months": sum(report.outside),
        "bill": sum(report.bill),
        "labour_left_out": plain(report.labour),
        "without_price": report.gaps,
    }))
}

fn month(report: &Report, place: usize, month: &Month) -> Value {
    let (covered, days) = month.days();
    let instant = |at: Instant| {
        let (hours, minutes) = (at.second / 3600, at.second / 60 % 60);
        format!("{}T{hours:02}:{minutes:02}:{:02}Z", at.day, at.second % 60)
    };
    let mut value = json!({
        "month": month.index + 1,
        "first_day": month.first.to_string(),
        "days": days,
        "days_billed": covered,
        "complete": !month.is_partial(),
        "billed_from": month.covered.map(|(from, _)| instant(from)),
        "billed_to": month.covered.map(|(_, to)| instant(to)),
        "tax": sum(month.tax),
        "not_mapped": sum(month.not_mapped),
        "left_out": sum(month.ignored),
    });
    let total = pair(report.month(place));
    for key in ["plan", "actual", "variance"] {
        value[key] = total[key].clone();
    }
    value
}

fn pair(pair: Pair) -> Value {
    json!({ "plan": plain(pair.plan), "actual": plain(pair.actual), "variance": plain(pair.variance()) })
}

fn sum(sum: Sum) -> Value {
    json!({ "rows": sum.rows, "cost": plain(sum.cost) })
}

fn unknown((what, sum): &(Unknown, Sum)) -> Value {
    json!({
        "service": what.service,
        "category": what.category,
        "charge": what.charge.name(),
        "rows": sum.rows,
        "cost": plain(sum.cost),
    })
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The columns, in order.
const COLUMNS: [&str; 12] = [
    "platform",
    "month",
    "first_day",
    "complete",
    "kind",
    "component",
    "service",
    "plan",
    "actual",
    "variance",
    "currency",
    "cost",
];

/// A row for each thing and month. `kind` is `compared`, `tax`, `not mapped`, `left out` or `other months`; only what is
/// compared has a plan and a variance.
pub fn csv(report: &Report) -> String {
    let mut rows = String::new();
    record(&mut rows, COLUMNS.into_iter(), END);
    let mut row =
        |month: Option<&Month>, kind: &str, component: &str, service: &str, pair: [String; 3]| {
            let [plan, actual, variance] = pair;
            let cells = [
                text(&report.platform).into_owned(),
                month.map_or_else(String::new, |month| (month.index + 1).to_string()),
                month.map_or_else(String::new, |month| month.first.to_string()),
                month.map_or_else(String::new, |month| (!month.is_partial()).to_string()),
                kind.to_owned(),
                component.to_owned(),
                text(service).into_owned(),
                plan,
                actual,
                variance,
                report.currency.code.to_owned(),
                report.cost.name().to_owned(),
            ];
            record(&mut rows, cells.iter().map(String::as_str), END);
        };
    let billed = |sum: Sum| [String::new(), plain(sum.cost), String::new()];
    for (place, month) in report.months.iter().enumerate() {
        for line in &report.lines {
            let pair = line.months[place];
            let amounts = [pair.plan, pair.actual, pair.variance()].map(plain);
            row(Some(month), "compared", line.name(), "", amounts);
        }
        if month.tax.rows > 0 {
            row(Some(month), "tax", "", "", billed(month.tax));
        }
        for (what, sum) in &month.unknown {
            row(Some(month), "not mapped", "", &what.service, billed(*sum));
        }
        if month.ignored.rows > 0 {
            row(Some(month), "left out", "", "", billed(month.ignored));
        }
    }
    if report.outside.rows > 0 {
        row(None, "other months", "", "", billed(report.outside));
    }
    rows
}
