//! Plan and bill side by side.

use rust_decimal::Decimal;

use super::Cost;
use super::row::Instant;
use super::tally::{Counted, Sum, Tally, Treated, Unknown};
use crate::bill::{Component, Gap};
use crate::calendar::Date;
use crate::finance::{Currency, Finance};
use crate::ledger::{charges, component_name};
use crate::map::Map;
use crate::money::Usd;
use crate::order;
use crate::plan::Plan;
use crate::scenario::{Horizon, Scenario};

/// Which months of the plan are compared, by their places in the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first; 0 is the horizon's.
    pub from: u32,
    /// The last.
    pub to: u32,
}

/// Why a plan cannot be set beside a bill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoReport {
    /// Nobody knows which months the plan is of.
    #[error("a bill has dates, and the horizon has no first day")]
    NoFirstDay,
    /// There is nothing in it.
    #[error("the bill has no rows")]
    NoRows,
    /// The plan is in another currency.
    #[error("the bill is in {bill}, and the plan in {plan}")]
    OtherCurrency {
        /// That of the bill.
        bill: &'static str,
        /// Those that the plan can be told in.
        plan: String,
    },
    /// The bill is of another time.
    #[error("the bill is of {bill}, and the plan of {plan}")]
    OtherMonths {
        /// Months of the bill.
        bill: String,
        /// Months of the plan.
        plan: String,
    },
}

impl NoReport {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoFirstDay => {
                "add `start`, such as `start = \"2027-01-01\"`, to `[horizon]`".to_owned()
            }
            Self::NoRows => "export it again, with rows".to_owned(),
            Self::OtherCurrency { bill, .. } if *bill == Currency::USD.code => {
                "export the bill in the plan's currency".to_owned()
            }
            Self::OtherCurrency { bill, .. } => format!(
                "add `exchange = \"0.92 {bill}/USD\"` with its source and date to `[finance]`: nothing is converted silently"
            ),
            Self::OtherMonths { .. } => {
                "let `start` in `[horizon]` be the first month of the plan that was made".to_owned()
            }
        }
    }
}

/// Plan and bill of one thing in one month, in the currency of the bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// What was planned.
    pub plan: Decimal,
    /// What was billed.
    pub actual: Decimal,
}

impl Pair {
    /// What was billed beyond the plan.
    pub fn variance(self) -> Decimal {
        self.actual.saturating_sub(self.plan)
    }

    fn extend(&mut self, other: Self) {
        self.plan = self.plan.saturating_add(other.plan);
        self.actual = self.actual.saturating_add(other.actual);
    }
}

/// A thing on the bill through the months that are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which; `None` for credits.
    pub component: Option<Component>,
    /// In the order of the report's months.
    pub months: Vec<Pair>,
}

impl Line {
    /// As people read it.
    pub fn name(&self) -> &'static str {
        component_name(self.component)
    }

    /// All months.
    pub fn total(&self) -> Pair {
        total(self.months.iter().copied())
    }
}

fn total(pairs: impl Iterator<Item = Pair>) -> Pair {
    let mut sum = Pair::default();
    pairs.for_each(|pair| sum.extend(pair));
    sum
}

/// A month that is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// Its place in the horizon; 0 is the first.
    pub index: u32,
    /// Its first day.
    pub first: Date,
    /// The day after its last.
    pub next: Date,
    /// When the first charge begins that is compared, and when the last one ends; `None` where there is none.
    pub covered: Option<(Instant, Instant)>,
    /// Tax.
    pub tax: Sum,
    /// What no rule takes.
    pub not_mapped: Sum,
    /// What a rule leaves out.
    pub ignored: Sum,
    /// What no rule takes, the largest first.
    pub unknown: Vec<(Unknown, Sum)>,
}

impl Month {
    /// Days of the month that the bill covers, and days that it has.
    pub fn days(&self) -> (f64, f64) {
        let (first, next) = (Instant::start_of(self.first), Instant::start_of(self.next));
        let covered = self
            .covered
            .map_or(0.0, |(from, to)| from.max(first).days_until(to.min(next)).max(0.0));
        (covered, first.days_until(next))
    }

    /// Whether the bill covers only part of it.
    pub fn is_partial(&self) -> bool {
        let (covered, all) = self.days();
        covered < all
    }
}

/// A plan and a bill side by side, in the currency of the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The platform.
    pub platform: String,
    /// Which cost.
    pub cost: Cost,
    /// That of all amounts.
    pub currency: Currency,
    /// What a dollar of the plan was converted by; 1 where it is in dollars.
    pub rate: Decimal,
    /// Months that are compared, in order.
    pub months: Vec<Month>,
    /// Things that are planned or billed, in the order of a bill, credits last.
    pub lines: Vec<Line>,
    /// Months of the plan, by their places, that the bill has no row of.
    pub not_billed: Vec<u32>,
    /// Rows of months that are not compared.
    pub outside: Sum,
    /// What no rule takes, the largest first.
    pub unknown: Vec<(Unknown, Sum)>,
    /// Kinds of charges.
    pub treated: Vec<(Treated, Sum)>,
    /// The whole bill.
    pub bill: Sum,
    /// What is planned and has no price.
    pub gaps: Vec<Gap>,
    /// Labour of the months that are compared, which nobody invoices: it is in no line.
    pub labour: Decimal,
}

impl Report {
    /// All lines.
    pub fn total(&self) -> Pair {
        total(self.lines.iter().map(Line::total))
    }

    /// All lines of one month, by its place in the report.
    pub fn month(&self, place: usize) -> Pair {
        total(self.lines.iter().filter_map(|line| line.months.get(place).copied()))
    }

    /// Lines that are billed and were not planned.
    pub fn unplanned(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| {
            line.months.iter().all(|pair| pair.plan.is_zero())
                && line.months.iter().any(|pair| !pair.actual.is_zero())
        })
    }

    /// Lines that were planned and are not billed.
    pub fn unbilled(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| {
            line.months.iter().all(|pair| pair.actual.is_zero())
                && line.months.iter().any(|pair| !pair.plan.is_zero())
        })
    }
}

/// Sets a plan beside a bill, in all months that both have, or in some.
///
/// # Errors
///
/// When they have no months or no currency in common.
pub fn beside(
    plan: &Plan,
    scenario: &Scenario,
    tally: &Tally,
    span: Option<Span>,
    cost: Cost,
) -> Result<Report, NoReport> {
    let (currency, rate) = money(tally, &scenario.finance)?;
    let months = months(plan, &scenario.horizon, tally, span)?;
    let places: Map<u32, usize> =
        months.iter().enumerate().map(|(place, month)| (month.index, place)).collect();
    let mut planned: Map<Option<Component>, Vec<Pair>> = Map::new();
    let mut labour = Usd::ZERO;
    for charge in charges(plan, &scenario.finance) {
        let Some(place) = places.get(&charge.month) else { continue };
        let amount = match cost {
            Cost::Effective => charge.effective_cost,
            Cost::Billed => charge.billed_cost,
        };
        if !charge.is_invoiced() {
            labour += amount;
            continue;
        }
        let line = planned.or_insert_with(charge.component, || vec![Pair::default(); months.len()]);
        line[*place].plan = line[*place].plan.saturating_add(converted(amount, rate));
    }
    for (place, month) in months.iter().enumerate() {
        let Some(sum) = tally.months.get(&month.first) else { continue };
        for (counted, sum) in sum.counted.iter() {
            let component = match counted {
                Counted::Component(component) => Some(*component),
                Counted::Credits => None,
                Counted::Tax | Counted::NotMapped | Counted::Ignored => continue,
            };
            let line = planned.or_insert_with(component, || vec![Pair::default(); months.len()]);
            line[place].actual = line[place].actual.saturating_add(sum.cost);
        }
    }
    let mut lines: Vec<Line> =
        planned.into_iter().map(|(component, months)| Line { component, months }).collect();
    lines.retain(|line| line.months.iter().any(|pair| *pair != Pair::default()));
    order::sort_by_key(&mut lines, |line| (line.component.is_none(), line.component));
    let known = |first: &Date| months.iter().any(|month| month.first == *first);
    let mut outside = Sum::default();
    for (_, month) in tally.months.iter().filter(|(first, _)| !known(first)) {
        month.counted.values().for_each(|sum| outside.extend(*sum));
    }
    let compared = || months.iter().filter_map(|month| tally.months.get(&month.first));
    let mut treated: Map<Treated, Sum> = Map::new();
    let mut unknown: Map<Unknown, Sum> = Map::new();
    for month in compared() {
        for (kind, sum) in month.treated.iter() {
            treated.or_insert_with(*kind, Sum::default).extend(*sum);
        }
        for (what, sum) in month.unknown.iter() {
            unknown.or_insert_with(what.clone(), Sum::default).extend(*sum);
        }
    }
    let in_bill = |index: &u32| {
        let first = scenario.horizon.billing_period(*index).map(|(first, _)| first);
        first.is_some_and(|first| tally.months.contains_key(&first))
    };
    let asked = plan.months.iter().map(|billed| billed.month.index);
    let asked = asked.filter(|index| span.is_none_or(|span| (span.from..=span.to).contains(index)));
    Ok(Report {
        platform: plan.design.name.clone(),
        cost,
        currency,
        rate,
        not_billed: asked.filter(|index| !in_bill(index)).collect(),
        lines,
        outside,
        unknown: largest(&unknown),
        treated: treated.into_iter().collect(),
        bill: tally.all,
        gaps: plan.bill.gaps.iter().filter(|gap| gap.component.is_invoiced()).cloned().collect(),
        labour: converted(labour, rate),
        months,
    })
}

/// The largest first, whatever their sign.
fn largest(unknown: &Map<Unknown, Sum>) -> Vec<(Unknown, Sum)> {
    let mut list: Vec<_> = unknown.iter().map(|(what, sum)| (what.clone(), *sum)).collect();
    order::sort_by_key(&mut list, |(_, sum)| std::cmp::Reverse(sum.cost.abs()));
    list
}

/// The currency of the bill, and what a dollar is in it.
fn money(tally: &Tally, finance: &Finance) -> Result<(Currency, Decimal), NoReport> {
    let bill = tally.currency.ok_or(NoReport::NoRows)?;
    if bill == Currency::USD {
        return Ok((bill, Decimal::ONE));
    }
    match &finance.exchange {
        Some(exchange) if exchange.currency == bill => Ok((bill, exchange.rate)),
        other => {
            let own = other.as_ref().map(|one| format!(" or {}", one.currency.code));
            let plan = Currency::USD.code.to_owned() + &own.unwrap_or_default();
            Err(NoReport::OtherCurrency { bill: bill.code, plan })
        }
    }
}

fn converted(amount: Usd, rate: Decimal) -> Decimal {
    if rate == Decimal::ONE { amount.dollars() } else { amount.dollars().saturating_mul(rate) }
}

/// Months that plan and bill have.
fn months(
    plan: &Plan,
    horizon: &Horizon,
    tally: &Tally,
    span: Option<Span>,
) -> Result<Vec<Month>, NoReport> {
    let mut found = Vec::new();
    for billed in &plan.months {
        let index = billed.month.index;
        let (first, next) = horizon.billing_period(index).ok_or(NoReport::NoFirstDay)?;
        let wanted = span.is_none_or(|span| (span.from..=span.to).contains(&index));
        let Some(month) = tally.months.get(&first).filter(|_| wanted) else { continue };
        let of = |counted| month.counted.get(&counted).copied().unwrap_or_default();
        found.push(Month {
            index,
            first,
            next,
            covered: month.covered,
            tax: of(Counted::Tax),
            not_mapped: of(Counted::NotMapped),
            ignored: of(Counted::Ignored),
            unknown: largest(&month.unknown),
        });
    }
    if found.is_empty() {
        let wanted = |index: u32| span.is_none_or(|span| (span.from..=span.to).contains(&index));
        let planned =
            plan.months.iter().map(|billed| billed.month.index).filter(|index| wanted(*index));
        let planned = planned.filter_map(|index| Some(horizon.billing_period(index)?.0));
        return Err(NoReport::OtherMonths {
            bill: range(tally.months.keys().copied()),
            plan: range(planned),
        });
    }
    Ok(found)
}

/// The first and the last of some months.
fn range(firsts: impl Iterator<Item = Date>) -> String {
    let name = |day: Date| format!("{} {}", day.month_name(), day.year());
    let mut all = firsts;
    let Some(first) = all.next() else { return "no month".to_owned() };
    match all.last() {
        Some(last) => format!("{} to {}", name(first), name(last)),
        None => name(first),
    }
}
