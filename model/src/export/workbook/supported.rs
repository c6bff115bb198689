//! The support plan where something is committed to: it is a share of the bill at list prices, and hours that are committed to
//! have another list price than those on demand.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::book::{Book, PriceRow};
use crate::bill::{Component, CostLine, Part};
use crate::plan::Plan;

/// The support plan of a part whose brokers are committed to.
#[derive(Clone, Debug)]
pub(super) struct Supported {
    /// Which part of the platform.
    pub part: Part,
    /// Steps of the rate: the dollars from which one counts, and its price, by its place among the prices.
    pub steps: Vec<(Decimal, usize)>,
    /// The price of a dollar that is missing to the least, by its place among the prices.
    pub least: usize,
    /// What it counts, month by month.
    pub months: Vec<Counted>,
}

/// What a support plan counts in a month, in each case.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    /// Dollars at list prices, hours of brokers aside.
    pub others: Vec<Decimal>,
    /// The least that the plan costs.
    pub least: Vec<Decimal>,
}

/// What the engine calls the lines of a support plan.
const RATE: &str = "support:rate";
const MINIMUM: &str = "support:minimum";

impl Book<'_> {
    /// Reads the support plans of parts with commitments.
    pub(super) fn read_support(&mut self) {
        let mut parts: Vec<Part> = Vec::new();
        for group in &self.groups {
            if !parts.contains(&group.part) {
                parts.push(group.part.clone());
            }
        }
        for part in parts {
            let own = self.plan;
            let Some(plan) = own.each().find(|one| one.part == part) else { continue };
            let Some(basis) = plan.basis.as_ref() else { continue };
            let quotes = &basis.lines.own;
            let (Some(rate), Some(minimum)) = (
                quotes.iter().find(|price| price.sku == RATE),
                quotes.iter().find(|price| price.sku == MINIMUM),
            ) else {
                continue;
            };
            let row = |price: &crate::prices::Price, list| PriceRow {
                place: format!("{} {}", plan.provider, plan.region),
                sku: price.sku.clone(),
                unit: price.unit,
                list,
                discount: None,
                share: Decimal::ZERO,
                is_labour: false,
                basis: price.basis.clone(),
                as_of: price.as_of.clone(),
                source: price.source.clone(),
            };
            let steps: Vec<(Decimal, PriceRow)> =
                rate.tiers.iter().map(|tier| (tier.from, row(rate, tier.usd))).collect();
            let least = row(minimum, crate::money::Usd::new(Decimal::ONE));
            let steps = steps.into_iter().map(|(from, row)| (from, self.price(row))).collect();
            let least = self.price(least);
            let months = (0..self.months.len()).map(|month| self.counted(&part, month)).collect();
            self.supported.push(Supported { part, steps, least, months });
        }
    }

    /// What it counts in a month.
    fn counted(&self, part: &Part, month: usize) -> Counted {
        let mut counted = Counted::default();
        for case in &self.cases {
            let plan = case.plan().each().find(|one| one.part == *part);
            let billed = plan.and_then(|plan| plan.months.get(month));
            let lines = billed.map_or(&[][..], |billed| &billed.bill.lines);
            let all: Decimal = rate_lines(lines, part).map(|line| line.quantity).sum();
            let brokers: Decimal =
                broker_lines(self, lines, part).map(|line| line.list_cost.dollars()).sum();
            counted.others.push(all - brokers);
            counted.least.push(plan.map_or(Decimal::ZERO, |plan| least(plan, month)));
        }
        counted
    }

    /// The support plan of a part, by its place.
    pub(super) fn support_of(&self, part: &Part) -> Option<usize> {
        self.supported.iter().position(|one| one.part == *part)
    }

    /// What a step of a support plan comes to in a month as planned, in dollars that it counts; without a step, what is
    /// missing to its least.
    pub(super) fn planned_support(&self, of: usize, step: Option<usize>, month: usize) -> Decimal {
        let supported = &self.supported[of];
        let plan = self.plan.each().find(|one| one.part == supported.part);
        let billed = plan.and_then(|plan| plan.months.get(month));
        let lines = billed.map_or(&[][..], |billed| &billed.bill.lines);
        match step {
            Some(step) => {
                let list = self.prices[supported.steps[step].1].list;
                let all = rate_lines(lines, &supported.part);
                all.filter(|line| line.list_unit_price == list).map(|line| line.quantity).sum()
            }
            None => {
                let all = lines.iter().filter(|line| line.part == supported.part);
                all.filter(|line| line.sku == MINIMUM).map(|line| line.quantity).sum()
            }
        }
    }
}

fn rate_lines<'a>(lines: &'a [CostLine], part: &'a Part) -> impl Iterator<Item = &'a CostLine> {
    lines.iter().filter(move |line| {
        line.component == Component::Support && line.sku == RATE && line.part == *part
    })
}

/// Hours of brokers of which some are committed to.
fn broker_lines<'a>(
    book: &'a Book,
    lines: &'a [CostLine],
    part: &'a Part,
) -> impl Iterator<Item = &'a CostLine> {
    lines.iter().filter(move |line| {
        line.component == Component::Brokers
            && line.part == *part
            && (book.group_of(&line.sku, part).is_some() || book.is_contract(&line.sku, part))
    })
}

/// The least that a support plan costs in a month.
fn least(plan: &Plan, month: usize) -> Decimal {
    let minimum = plan.design.lines.settings.support_minimum.0;
    let used = plan.months.get(month).and_then(|billed| billed.used.as_ref());
    let alive = used.map_or(0.0, |used| used.alive / used.hours);
    let alive = Decimal::from_f64(alive).unwrap_or_default();
    minimum.dollars() * alive
}
