//! The wide table: a row for each SKU of each component of a platform, a column for each month, and their sum.
//!
//! A file is of one cost, so that every column can be added up.

use std::fmt;

use rust_decimal::Decimal;

use super::charges::NOT_PUBLIC;
use super::{Cell, Tables, Writer, why_not};
use crate::export::cents::{self, COSTS, Cents};
use crate::map::Map;
use crate::plan::Plan;

/// What is invoiced, of [`COSTS`].
pub(super) const BILLED: usize = 2;
/// What each month bears.
pub(super) const EFFECTIVE: usize = 3;

/// What stands before the months.
const HEAD: [&str; 7] =
    ["platform", "part", "component", "charge_kind", "sku", "commitment", "currency"];

/// What tells a row from another: part, component, kind, SKU, commitment.
type Key = [String; 5];

/// Writes the table of one cost.
pub(super) fn write(
    tables: &Tables<'_>,
    cost: usize,
    sink: &mut dyn fmt::Write,
) -> Result<u64, fmt::Error> {
    let months = months(tables);
    let names: Vec<String> = months
        .iter()
        .map(|month| match tables.calendar_month(*month) {
            none if none.is_empty() => format!("month {}", month + 1),
            name => name,
        })
        .collect();
    let head = HEAD.into_iter().chain(names.iter().map(String::as_str));
    let total = format!("total_{}", COSTS[cost]);
    let mut writer = Writer::new(tables.profile, sink, head.chain([total.as_str(), "note"]))?;
    let exchange = tables.exchange();
    let (code, places) = (exchange.currency.code, exchange.currency.decimals);
    for outcome in tables.outcomes() {
        let name = match outcome {
            Ok(plan) => &plan.design.name,
            Err(rejection) => &rejection.design.name,
        };
        let empty = |component: &'static str, note: String| {
            let before = [name.as_str().into(), Cell::Empty, component.into()];
            let gap = HEAD.len() - before.len() + months.len() + 1;
            let between = std::iter::repeat_n(Cell::Empty, gap);
            before.into_iter().chain(between).chain([note.into()])
        };
        let plan = match outcome {
            Ok(plan) => plan,
            Err(rejection) => {
                writer.row(empty("", why_not(rejection)))?;
                continue;
            }
        };
        for (key, amounts) in rows(plan, tables, cost, &months) {
            let sum: Decimal = amounts.iter().sum();
            let amounts = amounts.iter().map(|amount| {
                let mut shown = *amount;
                shown.rescale(places);
                Cell::Number(shown)
            });
            let before = [name.as_str().into()]
                .into_iter()
                .chain(key.iter().map(|cell| cell.as_str().into()));
            let row = before.chain([code.into()]).chain(amounts);
            writer.row(row.chain([Cell::Number(sum), Cell::Empty]))?;
        }
        for gap in &plan.bill.gaps {
            let note = format!("{NOT_PUBLIC}; {}; {}", gap.what, gap.hint);
            writer.row(empty(gap.component.name(), note))?;
        }
    }
    Ok(writer.rows())
}

/// The months that any plan has a bill of; all plans have the same.
fn months(tables: &Tables<'_>) -> Vec<u32> {
    let first = tables.comparison.plans().next();
    first.map_or_else(Vec::new, |plan| plan.months.iter().map(|one| one.month.index).collect())
}

/// The rows of a platform that are not nothing in every month, in the order in which its bill names them.
fn rows(plan: &Plan, tables: &Tables<'_>, cost: usize, months: &[u32]) -> Vec<(Key, Vec<Decimal>)> {
    let finance = &tables.scenario.finance;
    let mut places: Map<Key, usize> = Map::new();
    let mut rows: Vec<(Key, Vec<Decimal>)> = Vec::new();
    let _ = cents::each::<()>(plan, finance, &Cents::of(plan, finance), |row| {
        let charge = row.charge;
        let key = [
            charge.part.name(),
            charge.component_name().to_owned(),
            charge.kind_name().to_owned(),
            charge.sku.clone(),
            charge.contract.clone().unwrap_or_default(),
        ];
        let place = match places.get(&key) {
            Some(place) => *place,
            None => {
                rows.push((key.clone(), vec![Decimal::ZERO; months.len()]));
                places.insert(key, rows.len() - 1);
                rows.len() - 1
            }
        };
        if let Some(column) = months.iter().position(|month| *month == charge.month) {
            rows[place].1[column] += row.shown[cost];
        }
        Ok(())
    });
    rows.retain(|(_, amounts)| amounts.iter().any(|amount| !amount.is_zero()));
    rows
}
