//! The table of prices: every price in use, and what is taken off it, step by step (`stack`). Unit prices are in dollars,
//! amounts in the currency.

use std::fmt;

use rust_decimal::Decimal;

use super::charges::NOT_PUBLIC;
use super::{Cell, Tables, Writer, why_not};
use crate::export::cents::Cents;
use crate::export::stack::{Used, net, used};
use crate::finance::Currency;
use crate::plan::Plan;

/// The columns, in order.
const COLUMNS: [&str; 26] = [
    "platform",
    "part",
    "components",
    "sku",
    "tier_from",
    "unit",
    "list_unit_price",
    "negotiated_discount",
    "contracted_unit_price",
    "commitment",
    "commitment_terms",
    "commitment_unit_price",
    "pricing_currency",
    "quantity",
    "list_cost",
    "negotiated_saving",
    "commitment_saving",
    "unused_commitment",
    "credits",
    "net_cost",
    "currency",
    "price_group",
    "price_source",
    "price_as_of",
    "price_basis",
    "note",
];

/// Writes the table.
pub(super) fn write(tables: &Tables<'_>, sink: &mut dyn fmt::Write) -> Result<u64, fmt::Error> {
    let mut writer = Writer::new(tables.profile, sink, COLUMNS.into_iter())?;
    let code = tables.exchange().currency.code;
    for outcome in tables.outcomes() {
        let without = |name: &str, component: &'static str, note: String| {
            let before = [name.to_owned().into(), Cell::Empty, component.into()];
            let between = std::iter::repeat_n(Cell::Empty, COLUMNS.len() - before.len() - 1);
            before.into_iter().chain(between).chain([note.into()])
        };
        let plan = match outcome {
            Ok(plan) => plan,
            Err(rejection) => {
                writer.row(without(&rejection.design.name, "", why_not(rejection)))?;
                continue;
            }
        };
        let finance = &tables.scenario.finance;
        for used in used(plan, finance, &Cents::of(plan, finance)) {
            writer.row(row(plan, &used, code))?;
        }
        for gap in &plan.bill.gaps {
            let note = format!("{NOT_PUBLIC}; {}; {}", gap.what, gap.hint);
            writer.row(without(&plan.design.name, gap.component.name(), note))?;
        }
    }
    Ok(writer.rows())
}

fn row<'a>(plan: &'a Plan, used: &'a Used<'a>, code: &'static str) -> [Cell<'a>; COLUMNS.len()] {
    let charge = &used.first;
    let price = used.price;
    let contract = used.contract;
    let [list, negotiated, committed, unused, credits] = used.shown.map(Cell::Number);
    let or_empty = |value: Option<Decimal>| value.map_or(Cell::Empty, Cell::exact);
    // A credit is granted on invoices: it has no price, and nothing is counted.
    let priced = |cell: Cell<'a>| if used.is_credit() { Cell::Empty } else { cell };
    [
        plan.design.name.as_str().into(),
        charge.part.name().into(),
        used.components.join(", ").into(),
        charge.sku.as_str().into(),
        or_empty(used.tier_from()),
        priced(charge.unit.name().into()),
        priced(Cell::exact(charge.list_unit_price.dollars())),
        or_empty(price.map(|price| price.discount)),
        priced(Cell::exact(charge.contracted_unit_price.dollars())),
        contract.map_or(Cell::Empty, |contract| contract.id.as_str().into()),
        contract.map_or(Cell::Empty, |contract| contract.words().into()),
        or_empty(contract.map(|contract| contract.hour.dollars())),
        priced(Currency::USD.code.into()),
        priced(Cell::exact(used.quantity)),
        list,
        negotiated,
        committed,
        unused,
        credits,
        Cell::Number(net(used.shown)),
        code.into(),
        price.map_or(Cell::Empty, |price| price.group.name().into()),
        charge.price_source.as_str().into(),
        charge.price_as_of.as_str().into(),
        charge.price_basis.as_str().into(),
        Cell::Empty,
    ]
}
