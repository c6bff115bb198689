//! What is paid for in a month, whatever it was put together from.

use rust_decimal::Decimal;

use crate::bill::{Cause, Component, Part};
use crate::money::Usd;
use crate::plan::Plan;
use crate::prices::PriceUnit;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something that is used, or committed to.
    Charge,
    /// Something that is taken off.
    Credit,
}

/// Something that is paid for in one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its place in the horizon; 0 is the first.
    pub month: u32,
    /// What it is.
    pub kind: Kind,
    /// Which part of the platform.
    pub part: Part,
    /// Which thing on the bill; `None` for credits.
    pub component: Option<Component>,
    /// What made it necessary.
    pub cause: Option<Cause>,
    /// The catalogue's identifier, or the credit's name.
    pub sku: String,
    /// What one price buys.
    pub unit: PriceUnit,
    /// How many of it; nothing where it is no usage.
    pub quantity: Decimal,
    /// Price of one after the negotiated discount, before commitments.
    pub unit_price: Usd,
    /// That price times the quantity.
    pub contracted: Usd,
    /// The same with commitments.
    pub effective: Usd,
}

/// Lines of a plan's bills; nothing is committed to, and nothing credited.
pub fn items(plan: &Plan) -> Vec<Item> {
    let month = |billed: &crate::plan::Billed| -> Vec<Item> {
        let item = |line: &crate::bill::CostLine| Item {
            month: billed.month.index,
            kind: Kind::Charge,
            part: line.part.clone(),
            component: Some(line.component),
            cause: Some(line.cause),
            sku: line.sku.clone(),
            unit: line.unit,
            quantity: line.quantity,
            unit_price: line.contracted_unit_price,
            contracted: line.contracted_cost,
            effective: line.contracted_cost,
        };
        billed.bill.lines.iter().map(item).collect()
    };
    plan.months.iter().flat_map(month).collect()
}
