//! The verdict in words, what each platform costs and takes, and a picture of it.

use super::Report;
use super::markup::{self, Cell, Table, escape, list, paragraph};
use crate::chart::Paper;
use crate::export::bars;
use crate::export::cents::Cents;
use crate::export::figures::{against, bottleneck, counted, fleet, produce_p50, redundant};
use crate::plan::Plan;

pub(super) fn chapter(report: &Report<'_>) -> String {
    let mut html = String::new();
    let sentences = &report.comparison.verdict.sentences;
    if report.platform.is_none()
        && let [first, rest @ ..] = &sentences[..]
    {
        html += &format!("<p class=\"lead\">{}</p>\n", escape(first));
        html += &list(rest.iter().map(String::as_str));
    }
    html += &costs(report);
    html += &takes(report);
    for rejection in report.rejections() {
        let reasons: Vec<String> =
            rejection.reasons.iter().map(|reason| format!("{reason}; {}", reason.hint())).collect();
        let words = format!("{} cannot be planned: {}.", rejection.design.name, reasons.join(". "));
        html += &paragraph(&words);
    }
    html += &picture(report);
    markup::chapter("Verdict", false, &html)
}

fn costs(report: &Report<'_>) -> String {
    let Some(months) = report.plans().next().map(|plan| plan.months.len()) else {
        return String::new();
    };
    let code = report.code();
    let mut table =
        Table::new(&format!("What each platform costs in {}", counted(months, "month")))
            .words("Platform")
            .numbers(&format!("Bill a month, {code}"))
            .numbers("Against least")
            .numbers(&format!("List, {code}"))
            .numbers(&format!("Contracted, {code}"))
            .numbers(&format!("Billed (cash), {code}"))
            .numbers(&format!("Effective (accrual), {code}"));
    let least = report.comparison.verdict.cheapest.as_deref();
    let least = report.comparison.plans().find(|plan| least == Some(&*plan.design.name));
    let exchange = report.exchange();
    for plan in report.plans() {
        let cents = Cents::of(plan, &report.scenario.finance);
        let month = exchange.convert(plan.monthly_cost()).round();
        let month = format!("{}{}", plan.bill.bound(), markup::amount(month));
        let mut row = vec![name(plan), month.into(), compared(plan, least)];
        row.extend(cents.total().map(Cell::from));
        table.row(row);
    }
    let marked = report.plans().any(|plan| !plan.bill.bound().is_empty());
    if marked {
        table.note(
            "≥: a price is missing, so it is more. ≤ and ≈: only a range of prices is public.",
        );
    }
    table.note(
        "List: before discounts. Contracted: after negotiated discounts, on demand. Billed: what is invoiced, fees of \
         commitments when they are due. Effective: with fees of commitments spread over their hours, less credits.",
    );
    table.render()
}

fn name(plan: &Plan) -> Cell {
    plan.design.name.as_str().into()
}

fn compared(plan: &Plan, least: Option<&Plan>) -> Cell {
    match least {
        Some(least) if least.design.name == plan.design.name => Cell::toned("least", "good"),
        _ if plan.fleet.short => Cell::toned("too few brokers", "bad"),
        Some(least) if plan.is_complete() => {
            against(plan.monthly_cost(), least.monthly_cost()).into()
        }
        _ => Cell::toned("not ranked", "soft"),
    }
}

fn takes(report: &Report<'_>) -> String {
    let mut table = Table::new("What each platform takes")
        .words("Platform")
        .words("Fleet of the busiest month")
        .words("What binds")
        .numbers("Produce p50")
        .numbers("Redundant after a loss");
    for plan in report.plans() {
        table.row([
            name(plan),
            fleet(plan).into(),
            bottleneck(plan).into(),
            produce_p50(plan).into(),
            redundant(plan.recovery).into(),
        ]);
        for part in &plan.parts {
            table.row([
                Cell::toned(&format!("· {}", part.part.name()), "soft"),
                fleet(part).into(),
                bottleneck(part).into(),
                produce_p50(part).into(),
                redundant(part.recovery).into(),
            ]);
        }
    }
    if table.is_empty() { String::new() } else { table.render() }
}

/// Widths of pictures on a page and on a phone, in pixels.
pub(super) const WIDE: f64 = 960.0;
/// On a phone.
pub(super) const NARROW: f64 = 344.0;

/// A picture at both widths.
pub(super) fn figure(draw: impl Fn(Paper) -> String) -> String {
    let at = |width: f64, class: &str| {
        format!("<figure class=\"{class}\">\n{}</figure>\n", draw(Paper::inline(width)))
    };
    at(WIDE, "wide") + &at(NARROW, "narrow")
}

fn picture(report: &Report<'_>) -> String {
    if report.platform.is_some() || report.plans().next().is_none() {
        return String::new();
    }
    figure(|paper| bars::svg(report.comparison, paper))
}
