//! Every price in use with what is taken off it, who says so, and when.

use super::Counted;
use super::markup::{self, Cell, Table, noted};
use crate::export::figures::{percent, quantity, unit_price};
use crate::export::stack::{Used, net, used};

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let code = report.code();
    let mut table = Table::new("Prices in use")
        .words("SKU")
        .numbers("List")
        .numbers("Negotiated")
        .numbers("Contracted")
        .words("Committed")
        .numbers("Quantity")
        .numbers(&format!("Net cost, {code}"))
        .words("Source");
    for plan in report.plans() {
        table.group(&plan.design.name);
        for used in used(plan, &report.scenario.finance, &report.cents(plan)) {
            table.row(row(&used));
        }
    }
    if table.is_empty() {
        return String::new();
    }
    table.note(
        "Unit prices in US dollars. Net cost: list cost less negotiated discount, commitment and credits, with what is unused \
         of commitments; it adds up to the effective cost of the platform.",
    );
    markup::chapter("Prices", true, &table.render())
}

fn row(used: &Used<'_>) -> Vec<Cell> {
    use rust_decimal::prelude::ToPrimitive;
    let charge = &used.first;
    let discount = used.price.map(|price| price.discount).filter(|discount| !discount.is_zero());
    let discount =
        discount.and_then(|discount| discount.to_f64()).map(|share| format!("−{}", percent(share)));
    if used.is_credit() {
        let mut row = vec![Cell::default(); 8];
        row[0] = noted(&charge.sku, "credit");
        row[6] = net(used.shown).into();
        row[7] = charge.price_source.as_str().into();
        return row;
    }
    let committed = used.contract.map_or_else(String::new, |contract| {
        format!("{}: {}", contract.id, unit_price(contract.hour))
    });
    let from = used.tier_from().filter(|from| !from.is_zero());
    let from = from.map_or_else(String::new, |from| format!(" from {}", quantity(from)));
    let part = match charge.part.name() {
        none if none.is_empty() => none,
        name => format!(" · {name}"),
    };
    vec![
        noted(&format!("{}{part}", charge.sku), &format!("per {}{from}", charge.unit.name())),
        unit_price(charge.list_unit_price).into(),
        discount.unwrap_or_default().into(),
        unit_price(charge.contracted_unit_price).into(),
        committed.into(),
        quantity(used.quantity).into(),
        net(used.shown).into(),
        noted(&charge.price_source, &charge.price_as_of),
    ]
}
