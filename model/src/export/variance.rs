//! Why plans cost something else than others: as JSON, and as CSV with a row for each line of either bill. Amounts have all
//! their digits; those of a row's steps add up to its difference, and rows to the whole.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::csv::{END, record, text};
use super::json::{SCHEMA_VERSION, pretty};
use crate::bill::{Cause, Component};
use crate::ledger::component_name;
use crate::money::Usd;
use crate::variance::{Change, Effect, Effects, Reason, Side, Variance, reasons};

/// What is compared, in the words of whoever asked: usually names of files.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What it was.
    pub a: &'a str,
    /// What it is.
    pub b: &'a str,
}

/// Every pair in full, with the order of the steps.
pub fn json(sides: Sides, pairs: &[Variance]) -> String {
    let order: Vec<Value> = Effect::ALL
        .iter()
        .map(|effect| json!({ "effect": effect, "what": effect.doc() }))
        .collect();
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "diff",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "a": sides.a,
        "b": sides.b,
        "order": order,
        "pairs": pairs.iter().map(pair).collect::<Vec<_>>(),
    }))
}

fn pair(variance: &Variance) -> Value {
    let component = |(component, costs, steps): (Option<Component>, [Usd; 2], Effects)| {
        json!({
            "component": component_name(component),
            "a": costs[0],
            "b": costs[1],
            "difference": costs[1] - costs[0],
            "effects": effects(&steps),
        })
    };
    let reason = |reason: Reason| {
        json!({
            "effect": reason.effect,
            "component": reason.component,
            "cause": reason.cause.map(Cause::name),
            "amount": reason.amount,
            "what": reason.what(),
            "why": reason.why,
        })
    };
    let (a, b) = (variance.total_a(), variance.total_b());
    json!({
        "platform_a": variance.a.platform,
        "platform_b": variance.b.platform,
        "months_a": variance.a.months,
        "months_b": variance.b.months,
        "currency": variance.rates.currency.code,
        "complete": variance.is_complete(),
        "gaps_a": variance.a.gaps,
        "gaps_b": variance.b.gaps,
        "a": a,
        "b": b,
        "difference": b - a,
        "effects": effects(&variance.effects()),
        "components": variance.components().into_iter().map(component).collect::<Vec<_>>(),
        "reasons": reasons(variance).into_iter().map(reason).collect::<Vec<_>>(),
        "lines": variance.changes.iter().map(line).collect::<Vec<_>>(),
    })
}

fn effects(effects: &Effects) -> Value {
    let all =
        Effect::ALL.iter().map(|effect| (effect.name().to_owned(), json!(effects.of(*effect))));
    Value::Object(all.collect())
}

fn line(change: &Change) -> Value {
    let side = |side: &Side| json!({ "cost": side.cost, "quantity": plain(side.quantity) });
    json!({
        "part": change.part,
        "component": component_name(change.component),
        "cause": change.cause.map(Cause::name),
        "sku": change.sku,
        "unit": change.unit,
        "a": side(&change.a),
        "b": side(&change.b),
        "difference": change.b.cost - change.a.cost,
        "effects": effects(&change.effects),
    })
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Columns before the steps.
const FIRST: [&str; 13] = [
    "platform_a",
    "platform_b",
    "part",
    "component",
    "cause",
    "sku",
    "unit",
    "quantity_a",
    "quantity_b",
    "cost_a",
    "cost_b",
    "difference",
    "currency",
];

/// A row for each line of either bill; the columns of the steps add up to `difference`.
pub fn csv(pairs: &[Variance]) -> String {
    let mut rows = String::new();
    let head = FIRST.into_iter().chain(Effect::ALL.iter().map(|effect| effect.name()));
    record(&mut rows, head, END);
    for variance in pairs {
        for change in &variance.changes {
            let amount = |amount: Usd| plain(amount.dollars());
            let words = |cell: &str| text(cell).into_owned();
            let mut cells = vec![
                words(&variance.a.platform),
                words(&variance.b.platform),
                words(&change.part.name()),
                component_name(change.component).to_owned(),
                change.cause.map_or("", Cause::name).to_owned(),
                words(&change.sku),
                change.unit.name().to_owned(),
                plain(change.a.quantity),
                plain(change.b.quantity),
                amount(change.a.cost),
                amount(change.b.cost),
                amount(change.b.cost - change.a.cost),
                variance.rates.currency.code.to_owned(),
            ];
            cells.extend(Effect::ALL.iter().map(|effect| amount(change.effects.of(*effect))));
            record(&mut rows, cells.iter().map(String::as_str), END);
        }
    }
    rows
}
