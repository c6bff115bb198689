//! What B's quantities would have cost at A's prices.

use rust_decimal::Decimal;

use super::item::{Item, Kind};
use super::{Key, key};
use crate::bill::Part;
use crate::map::Map;
use crate::money::Usd;
use crate::order;
use crate::plan::Plan;

/// Steps of a price: where each starts, and what one unit costs on it. The last goes on.
type Ladder = Vec<(Decimal, Usd)>;

/// Lines that share a ladder: a SKU in a part of a platform.
type Shelf = (Part, String, &'static str);

fn shelf(item: &Item) -> Shelf {
    (item.part.clone(), item.sku.clone(), item.unit.name())
}

/// Usage of a month on both sides, with the price lists behind it.
pub(super) struct Ladders<'a> {
    a: (&'a Plan, &'a [Item]),
    b: (&'a Plan, &'a [Item]),
}

impl<'a> Ladders<'a> {
    pub(super) fn new(a: (&'a Plan, &'a [Item]), b: (&'a Plan, &'a [Item])) -> Self {
        Self { a, b }
    }

    /// What each line of B would have cost at A's prices, with what A bought and B no longer buys at nothing: lines of SKUs
    /// that both buy, and no others.
    pub(super) fn repriced(&self) -> Map<Key, Usd> {
        let (shelves_a, shelves_b) = (shelves(self.a.1), shelves(self.b.1));
        let mut found = Map::new();
        for (shelf, items_a) in shelves_a.iter() {
            let Some(items_b) = shelves_b.get(shelf) else { continue };
            match listed(self.a.0, items_a) {
                Some(old) => {
                    for item in items_a.iter().chain(items_b) {
                        found.or_insert_with(key(item), || Usd::ZERO);
                    }
                    let new = listed(self.b.0, items_b);
                    for (item, start) in placed(items_b, new.as_deref()) {
                        let cost = found.or_insert_with(key(item), || Usd::ZERO);
                        *cost += charged(&old, start, item.quantity);
                    }
                }
                None => one_by_one(items_a, items_b, &mut found),
            }
        }
        found
    }
}

/// Items by what they share a ladder with; credits and what is bought by no quantity have none.
fn shelves(items: &[Item]) -> Map<Shelf, Vec<&Item>> {
    let mut found: Map<Shelf, Vec<&Item>> = Map::new();
    for item in items.iter().filter(|item| item.kind == Kind::Charge) {
        found.or_insert_with(shelf(item), Vec::new).push(item);
    }
    found
}

/// The ladder of the price list, where it is the one that these items were priced by.
fn listed(plan: &Plan, items: &[&Item]) -> Option<Ladder> {
    let first = items.first()?;
    let part = plan.each().find(|one| one.part == first.part);
    let near = || plan.each().find(|one| one.part.region == first.part.region);
    let basis = part.or_else(near)?.basis.as_ref()?;
    let known = basis.prices.values().filter(|price| price.sku == first.sku);
    let ladder = |price: &crate::prices::Price| -> Ladder {
        let kept = Decimal::ONE - price.discount;
        price.tiers.iter().map(|tier| (tier.from, tier.usd * kept)).collect()
    };
    let fits = |ladder: &Ladder| {
        items.iter().all(|item| {
            item.contracted == Usd::ZERO || ladder.iter().any(|(_, usd)| *usd == item.unit_price)
        })
    };
    known.map(ladder).find(fits)
}

/// Where on their own ladder items stand: those of one step behind each other, in the order of the bill.
fn placed<'a>(items: &[&'a Item], ladder: Option<&[(Decimal, Usd)]>) -> Vec<(&'a Item, Decimal)> {
    let step = |item: &Item| {
        let steps = ladder.unwrap_or_default();
        steps.iter().position(|(_, usd)| *usd == item.unit_price).unwrap_or(0)
    };
    let mut sorted: Vec<&Item> = items.to_vec();
    order::sort_by_key(&mut sorted, |item| step(item));
    let mut start = Decimal::ZERO;
    let mut found = Vec::with_capacity(sorted.len());
    for item in sorted {
        found.push((item, start));
        start += item.quantity;
    }
    found
}

/// What a ladder asks for a quantity that starts somewhere on it.
fn charged(ladder: &[(Decimal, Usd)], start: Decimal, quantity: Decimal) -> Usd {
    let end = start + quantity;
    let step = |(index, (from, usd)): (usize, &(Decimal, Usd))| {
        let upper = ladder.get(index + 1).map_or(end, |(next, _)| end.min(*next));
        let held = upper - start.max(*from);
        if held > Decimal::ZERO { *usd * held } else { Usd::ZERO }
    };
    ladder.iter().enumerate().map(step).sum()
}

/// Lines without a list: each by its own steps.
fn one_by_one(items_a: &[&Item], items_b: &[&Item], found: &mut Map<Key, Usd>) {
    for item in items_b {
        let key = key(item);
        if found.contains_key(&key) {
            continue;
        }
        let same = |items: &[&'_ Item]| -> Vec<(Decimal, Usd)> {
            let own = items.iter().filter(|one| super::key(one) == key);
            own.map(|one| (one.quantity, one.unit_price)).collect()
        };
        let (steps_a, steps_b) = (same(items_a), same(items_b));
        if steps_a.is_empty() {
            continue;
        }
        let mut ladder: Ladder = Vec::with_capacity(steps_a.len());
        let mut start = Decimal::ZERO;
        for (quantity, usd) in steps_a {
            ladder.push((start, usd));
            start += quantity;
        }
        let quantity = steps_b.iter().map(|(quantity, _)| *quantity).sum();
        found.insert(key, charged(&ladder, Decimal::ZERO, quantity));
    }
}
