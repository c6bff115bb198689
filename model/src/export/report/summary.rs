//! The verdict in words, what each platform costs and takes, and a picture of it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Counted;
use super::markup::{self, Cell, Table, escape, list, paragraph};
use crate::chart::Paper;
use crate::comparison::{TIE, capitalized};
use crate::export::bars;
use crate::export::figures::{
    against, bottleneck, counted, fleet, percent, produce_p50, redundant,
};
use crate::money::Usd;
use crate::order;
use crate::plan::Plan;

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let mut html = String::new();
    let sentences = &report.comparison.verdict.sentences;
    match headline(report) {
        Some(headline) => {
            html += &format!("<p class=\"lead\">{}</p>\n", escape(&headline));
            if report.platform.is_none() && !sentences.is_empty() {
                html += &paragraph(&format!("By the bill of an average month, {}:", terms(report)));
                html += &list(sentences.iter().map(String::as_str));
            }
        }
        None => html += &list(sentences.iter().map(String::as_str)),
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

/// What the engine's sentences and pictures count.
fn terms(report: &Counted<'_>) -> &'static str {
    match report.scenario.finance.credits.is_empty() {
        true => "in US dollars",
        false => "in US dollars, before credits",
    }
}

/// A plan with what it comes to in the end, in the currency: fees of commitments spread over their hours, credits taken off.
fn effective<'a>(report: &Counted<'a>) -> Vec<(&'a Plan, Decimal)> {
    let of = |plan: &'a Plan| {
        let [.., effective] = report.cents(plan).total();
        (plan, effective)
    };
    report.comparison.plans().map(of).collect()
}

/// Those of them that can be ranked, the least first.
fn ranked<'a>(report: &Counted<'a>) -> Vec<(&'a Plan, Decimal)> {
    let mut all = effective(report);
    all.retain(|(plan, _)| report.comparison.verdict.ranks(plan));
    order::sort_by_key(&mut all, |(_, cost)| *cost);
    all
}

/// Which platform comes to least over the horizon, by the same amounts as the tables; of one platform, where it stands.
fn headline(report: &Counted<'_>) -> Option<String> {
    let code = report.code();
    let money = |amount: Decimal| format!("{code} {}", markup::amount(amount.round()));
    let months = report.plans().next()?.months.len();
    let over = format!("over {}", counted(months, "month"));
    let ranked = ranked(report);
    let (first, least) = *ranked.first()?;
    let name = |plan: &Plan| capitalized(plan.design.name.clone());
    if let Some(wanted) = report.platform {
        let (plan, cost) =
            effective(report).into_iter().find(|(plan, _)| plan.design.name == wanted)?;
        let mut words =
            format!("{} comes to {}{} {over}", name(plan), plan.bill.bound(), money(cost));
        if wanted == first.design.name && ranked.len() > 1 {
            words += &format!(", the least of {}", counted(ranked.len(), "platform"));
        } else if ranked.iter().any(|(one, _)| one.design.name == wanted) && ranked.len() > 1 {
            words +=
                &format!(", {} more than {}, the least", money(cost - least), first.design.name);
        }
        return Some(words + ".");
    }
    let (second, next) = *ranked.get(1)?;
    let after = if report.scenario.finance.credits.is_empty() { "" } else { ", credits taken off" };
    let share = (next - least).checked_div(next).and_then(|share| share.to_f64());
    if share.is_none_or(|share| share < TIE) {
        return Some(format!(
            "{} and {} come to about the same {over}{after}: {} and {}.",
            name(first),
            second.design.name,
            money(least),
            money(next)
        ));
    }
    Some(format!(
        "{} comes to least {over}{after}: {}, {} ({}) less than {}, the next.",
        name(first),
        money(least),
        money(next - least),
        percent(share.unwrap_or_default()),
        second.design.name
    ))
}

fn costs(report: &Counted<'_>) -> String {
    let Some(months) = report.plans().next().map(|plan| plan.months.len()) else {
        return String::new();
    };
    let code = report.code();
    let mut table =
        Table::new(&format!("What each platform costs in {}", counted(months, "month")))
            .words("Platform")
            .numbers("Against least")
            .numbers(&format!("List, {code}"))
            .numbers(&format!("Contracted, {code}"))
            .numbers(&format!("Billed (cash), {code}"))
            .numbers(&format!("Effective (accrual), {code}"));
    let least = ranked(report).first().copied();
    for plan in report.plans() {
        let total = report.cents(plan).total();
        let mut row = vec![name(plan), compared(plan, total[3], least)];
        let bound = plan.bill.bound();
        row.extend(total.map(|amount| Cell::from(format!("{bound}{}", markup::amount(amount)))));
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
         commitments when they are due, less credits. Effective: with fees of commitments spread over their hours, less \
         credits. List and contracted are before credits. Against least: by effective cost.",
    );
    table.render()
}

fn name(plan: &Plan) -> Cell {
    plan.design.name.as_str().into()
}

fn compared(plan: &Plan, cost: Decimal, least: Option<(&Plan, Decimal)>) -> Cell {
    match least {
        Some((least, _)) if least.design.name == plan.design.name => Cell::toned("least", "good"),
        _ if plan.fleet.short => Cell::toned("too few brokers", "bad"),
        Some((_, least)) if plan.is_complete() => against(Usd::new(cost), Usd::new(least)).into(),
        _ => Cell::toned("not ranked", "soft"),
    }
}

fn takes(report: &Counted<'_>) -> String {
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

/// What a picture counts, where that is not what tables do.
pub(super) fn counted_so(report: &Counted<'_>) -> String {
    let finance = &report.scenario.finance;
    if finance.exchange.is_none() && finance.credits.is_empty() {
        return String::new();
    }
    format!("<p class=\"note\">The picture is {}.</p>\n", terms(report))
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

fn picture(report: &Counted<'_>) -> String {
    if report.platform.is_some() || report.plans().next().is_none() {
        return String::new();
    }
    figure(|paper| bars::svg(report.comparison, paper)) + &counted_so(report)
}
