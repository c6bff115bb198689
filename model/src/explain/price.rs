//! The price row of a line, and the way from its quantity to its cost.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use super::Explanation;
use super::sheet::figure;
use crate::basis::Basis;
use crate::bill::CostLine;
use crate::money::Usd;

/// What one unit costs, who says so, and when.
#[derive(Clone, Debug, Serialize)]
pub struct PriceRow {
    /// The catalogue's identifier.
    pub sku: String,
    /// What one price buys.
    pub unit: &'static str,
    /// List price of one; of a ladder, the first that was paid.
    pub list: String,
    /// The same after the negotiated discount.
    pub contracted: String,
    /// The negotiated discount; empty where there is none.
    pub discount: String,
    /// Who says so.
    pub source: String,
    /// The date of the price.
    pub as_of: String,
    /// `listed`, `derived`, `range`, or `scenario` for the user's own.
    pub basis: String,
    /// Steps of its ladder; empty where it has one price.
    pub tiers: Vec<Step>,
    /// What was paid at which price: one for each step of a ladder that was reached.
    pub charges: Vec<Charge>,
}

/// A step of a price ladder.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Monthly quantity at which it starts.
    pub from: String,
    /// List price of one.
    pub list: String,
    /// The same after the negotiated discount.
    pub contracted: String,
}

/// So much at a price.
#[derive(Clone, Debug, Serialize)]
pub struct Charge {
    /// How much.
    pub quantity: String,
    /// The same as a number.
    pub amount: f64,
    /// List price of one.
    pub list: String,
    /// Contracted price of one.
    pub contracted: String,
    /// What it comes to.
    pub cost: String,
    /// The same exactly.
    pub usd: Usd,
}

/// The price of lines that differ in their price only.
pub(super) fn row(basis: Option<&Basis>, lines: &[&CostLine]) -> PriceRow {
    let first = lines[0];
    let prices = basis.into_iter().flat_map(|basis| basis.prices.values());
    let price = prices.into_iter().find(|price| price.sku == first.sku);
    let discount = price.map_or(Decimal::ZERO, |price| price.discount);
    let tiers = price.map_or(&[][..], |price| &price.tiers);
    let steps = tiers.iter().filter(|_| tiers.len() > 1).map(|tier| Step {
        from: figure(tier.from.to_f64().unwrap_or(f64::MAX)),
        list: dollars(tier.usd),
        contracted: dollars(tier.usd * (Decimal::ONE - discount)),
    });
    let charge = |line: &&CostLine| {
        let amount = line.quantity.to_f64().unwrap_or(f64::MAX);
        Charge {
            quantity: figure(amount),
            amount,
            list: dollars(line.list_unit_price),
            contracted: dollars(line.contracted_unit_price),
            cost: line.contracted_cost.to_string(),
            usd: line.contracted_cost,
        }
    };
    let percent = || format!("{} %", (discount * Decimal::ONE_HUNDRED).normalize());
    PriceRow {
        sku: first.sku.clone(),
        unit: first.unit.name(),
        list: dollars(first.list_unit_price),
        contracted: dollars(first.contracted_unit_price),
        discount: if discount.is_zero() { String::new() } else { percent() },
        source: first.price_source.clone(),
        as_of: first.price_as_of.clone(),
        basis: first.price_basis.clone(),
        tiers: steps.collect(),
        charges: lines.iter().map(charge).collect(),
    }
}

/// A price with all its digits.
fn dollars(usd: Usd) -> String {
    format!("${}", usd.dollars().normalize())
}

/// From the quantity to the cost, and to a month's on average.
pub(super) fn steps(row: &PriceRow, one: &Explanation, months: usize) -> Vec<String> {
    let mut steps = Vec::new();
    if row.tiers.len() > 1 {
        steps.push("its price is a ladder that starts anew each month, and lines of the same price climb it together".to_owned());
    }
    for charge in &row.charges {
        let less = match row.discount.is_empty() {
            true => String::new(),
            false => format!(" ({} list, less {})", charge.list, row.discount),
        };
        steps.push(format!(
            "{} {} × {}{less} = {}",
            charge.quantity, row.unit, charge.contracted, charge.cost
        ));
    }
    if row.charges.len() > 1 {
        steps.push(format!("together {}", one.cost));
    }
    if months > 1 {
        steps.push(format!("{} ÷ {months} months = {} a month", one.cost, one.monthly_cost));
    }
    steps
}
