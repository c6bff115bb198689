//! What months and fiscal years cost, and what did not hold on the way.

use rust_decimal::Decimal;

use super::Counted;
use super::markup::{self, Cell, Table};
use super::summary::{counted_so, figure};
use crate::export::csv::calendar_month;
use crate::export::incidents;
use crate::export::timeline::{self, Extent, Picture};
use crate::finance::{FiscalYear, YEAR, fiscal_year};
use crate::plan::Plan;

/// Beyond so many months a table has years only; every month stands in the tables for spreadsheets.
const MONTHS_MAX: usize = 36;

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let plans: Vec<&Plan> = report.plans().collect();
    let Some(first) = plans.first() else { return String::new() };
    let mut html = String::new();
    if first.months.len() > 1 {
        let extent = Extent::whole(report.platform, &report.scenario.horizon);
        html += &(figure(|paper| {
            timeline::svg(report.comparison, report.scenario, extent, &[Picture::Cost], paper)
        }) + &counted_so(report));
        let columns = |cost: usize| -> Vec<Vec<Decimal>> {
            let of = |plan: &&Plan| {
                let cents = report.cents(plan);
                cents.months().iter().map(|month| month[cost]).collect()
            };
            plans.iter().map(of).collect()
        };
        let (billed, effective) = (columns(2), columns(3));
        let differ = billed != effective;
        let what = if differ { "Effective cost (accrual)" } else { "Cost, billed and effective" };
        html += &table(report, &plans, what, &effective);
        if differ {
            html += &table(report, &plans, "Billed cost (cash)", &billed);
        }
    }
    html += &incidents(report, &plans);
    if html.is_empty() { html } else { markup::chapter("Through time", true, &html) }
}

/// A year of the horizon: fiscal where dates are known.
fn year(report: &Counted<'_>, month: u32) -> String {
    let scenario = report.scenario;
    let fiscal = |month| -> Option<FiscalYear> {
        let (start, _) = scenario.horizon.billing_period(month)?;
        Some(fiscal_year(start, scenario.finance.fiscal_year_start))
    };
    fiscal(month).map_or_else(|| format!("Year {}", month / YEAR + 1), |year| year.to_string())
}

fn table(report: &Counted<'_>, plans: &[&Plan], what: &str, amounts: &[Vec<Decimal>]) -> String {
    let months: Vec<u32> = plans[0].months.iter().map(|billed| billed.month.index).collect();
    let short = months.len() > MONTHS_MAX;
    let per = if short { "year" } else { "month" };
    let mut table = Table::new(&format!("{what} by {per}, in {}", report.code())).short("Month");
    for plan in plans {
        table = table.numbers(&plan.design.name);
    }
    let sum = |from: usize, to: usize| {
        amounts.iter().map(move |column| column[from..to].iter().sum::<Decimal>().into())
    };
    let mut start = 0;
    for (index, &month) in months.iter().enumerate() {
        if !short {
            let name = calendar_month(report.scenario, month);
            let name = name.unwrap_or_else(|| format!("Month {}", month + 1));
            table.row([Cell::from(name)].into_iter().chain(sum(index, index + 1)));
        }
        let this = year(report, month);
        let last = months.get(index + 1).is_none_or(|next| year(report, *next) != this);
        if last {
            let whole = start == 0 && index + 1 == months.len();
            if !whole {
                table.total([Cell::from(this)].into_iter().chain(sum(start, index + 1)));
            }
            start = index + 1;
        }
    }
    table.total([Cell::from("Horizon")].into_iter().chain(sum(0, months.len())));
    table.note(match report.scenario.horizon.start {
        Some(_) => "A fiscal year is named by the calendar year in which it ends.",
        None => "The scenario has no first day, so months and years count from its start.",
    });
    table.render()
}

/// The most entries of one platform; `simulate` tells all.
const TOLD_MAX: usize = 6;

fn incidents(report: &Counted<'_>, plans: &[&Plan]) -> String {
    let horizon = &report.scenario.horizon;
    let mut html = String::new();
    for plan in plans {
        let mut told = Vec::new();
        for part in plan.each() {
            let Some(run) = &part.simulation else { continue };
            for one in incidents::grouped(run, horizon, Extent::whole(None, horizon)) {
                let place = match part.part.name() {
                    none if none.is_empty() => String::new(),
                    name => format!("{name}: "),
                };
                let why = if one.why.is_empty() { String::new() } else { format!(": {}", one.why) };
                told.push((!one.serious, format!("{place}{}{why}", one.heading)));
            }
        }
        crate::order::sort_by_key(&mut told, |(minor, _)| *minor);
        if told.is_empty() {
            continue;
        }
        html += &format!("<h3>{}: what does not hold</h3>\n", markup::escape(&plan.design.name));
        html += &markup::list(told.iter().take(TOLD_MAX).map(|(_, words)| words.as_str()));
        if told.len() > TOLD_MAX {
            let more = told.len() - TOLD_MAX;
            html += &format!(
                "<p class=\"note\">And {more} more, which `highwater simulate` tells.</p>\n"
            );
        }
    }
    html
}
