//! The largest reasons for a difference, each in a sentence.

use rust_decimal::Decimal;

use super::{Change, Effect, Variance};
use crate::bill::{Cause, Component};
use crate::export::figures::{against, percent, quantity, unit_price};
use crate::map::Map;
use crate::money::Usd;
use crate::order;

/// Why a difference is what it is: one step of one thing on the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Which step.
    pub effect: Effect,
    /// Which thing on the bill; `None` where it is all of them.
    pub component: Option<Component>,
    /// What made it necessary; `None` where it is all of the component.
    pub cause: Option<Cause>,
    /// What it comes to, in the currency of the whole.
    pub amount: Usd,
    /// What is different, in words.
    pub why: String,
}

impl Reason {
    /// What it is about: `zone crossing, replicate`.
    pub fn what(&self) -> String {
        match (self.component, self.cause) {
            (Some(component), Some(cause)) => format!("{}, {}", component.name(), cause.name()),
            (Some(component), None) => component.name().to_owned(),
            (None, _) => self.effect.name().to_owned(),
        }
    }
}

/// Reasons of a difference, the largest first; those that come to nothing are left out.
pub fn reasons(variance: &Variance) -> Vec<Reason> {
    let mut groups: Map<(Effect, Option<Component>, Option<Cause>), Vec<&Change>> = Map::new();
    for change in &variance.changes {
        for effect in Effect::ALL {
            if change.effects.of(effect) == Usd::ZERO {
                continue;
            }
            let (component, cause) = match effect {
                Effect::Volume | Effect::Price => (change.component, change.cause),
                Effect::Mix | Effect::Architecture | Effect::Commitment => (change.component, None),
                Effect::Horizon | Effect::Credits | Effect::Exchange => (None, None),
            };
            groups.or_insert_with((effect, component, cause), Vec::new).push(change);
        }
    }
    let reason = |((effect, component, cause), changes): ((Effect, _, _), Vec<&Change>)| Reason {
        effect,
        component,
        cause,
        amount: changes.iter().map(|change| change.effects.of(effect)).sum(),
        why: why(effect, &changes, variance),
    };
    let mut found: Vec<Reason> = groups.into_iter().map(reason).collect();
    found.retain(|reason| reason.amount != Usd::ZERO);
    order::sort_by_key(&mut found, |reason| std::cmp::Reverse(reason.amount.dollars().abs()));
    found
}

fn why(effect: Effect, changes: &[&Change], variance: &Variance) -> String {
    match effect {
        Effect::Horizon => {
            let (a, b) = (variance.a.months, variance.b.months);
            match a.cmp(&b) {
                std::cmp::Ordering::Equal => "other months are planned".to_owned(),
                _ => format!("{b} months are planned instead of {a}"),
            }
        }
        Effect::Volume => volume(changes),
        Effect::Mix => {
            let (new, old) = (skus(changes, |one| one.b.cost), skus(changes, |one| one.a.cost));
            format!("{new} instead of {old}")
        }
        Effect::Architecture => architecture(changes),
        Effect::Price => price(changes),
        Effect::Commitment => "commitments save another part of it".to_owned(),
        Effect::Credits => "credits differ".to_owned(),
        Effect::Exchange => {
            let rates = &variance.rates;
            let (a, b) = (rates.a.normalize(), rates.b.normalize());
            format!("a dollar is {b} {} instead of {a}", rates.currency.code)
        }
    }
}

/// How much more or less is bought.
fn volume(changes: &[&Change]) -> String {
    let Some(unit) = common(changes.iter().map(|change| change.unit)) else {
        return "other quantities".to_owned();
    };
    let total = |side: fn(&Change) -> Decimal| changes.iter().map(|one| side(one)).sum::<Decimal>();
    let (a, b) = (total(|change| change.a.quantity), total(|change| change.b.quantity));
    let amounts = format!("{} → {} {}", quantity(a), quantity(b), unit.name());
    if a.is_zero() || b.is_zero() || a == b {
        return amounts;
    }
    format!("{} ({amounts})", more_or_less(a, b))
}

/// `40 % more`, `12 % less`, `2.4 times as much`.
fn more_or_less(a: Decimal, b: Decimal) -> String {
    let text = against(Usd::new(b), Usd::new(a));
    match (text.strip_prefix('+'), text.strip_prefix('−'), text.strip_prefix("× ")) {
        (Some(more), _, _) => format!("{more} more"),
        (_, Some(less), _) => format!("{less} less"),
        (_, _, Some("2.0")) => "twice as much".to_owned(),
        (_, _, Some(times)) => format!("{} times as much", times.trim_end_matches(".0")),
        _ => "hardly changed".to_owned(),
    }
}

/// What a unit costs now, and what it would have cost.
fn price(changes: &[&Change]) -> String {
    let now: Usd = changes.iter().map(|change| change.b.contracted).sum();
    let quantity: Decimal = changes.iter().map(|change| change.b.quantity).sum();
    let before: Decimal = changes.iter().map(|change| change.repriced.dollars()).sum();
    match (common(changes.iter().map(|change| (change.unit, &change.sku))), before.is_zero()) {
        (Some((unit, _)), _) if !quantity.is_zero() => {
            let each =
                |cost: Decimal| unit_price(Usd::new((cost / quantity).round_dp(PRICE_DECIMALS)));
            let (new, old) = (each(now.dollars()), each(before));
            format!("{new} instead of {old} a {}", unit.name())
        }
        (_, false) => {
            let share = (now.dollars() / before - Decimal::ONE).round_dp(4);
            let share = Usd::new(share).as_f64();
            let higher = if share < 0.0 { "lower" } else { "higher" };
            format!("prices are {} {higher} on average", percent(share.abs()))
        }
        _ => "other prices".to_owned(),
    }
}

/// Decimals of a unit price in words: enough for a request.
const PRICE_DECIMALS: u32 = 8;

/// Lines that one plan has and the other has not.
fn architecture(changes: &[&Change]) -> String {
    let (new, old) = (skus(changes, |one| one.b.cost), skus(changes, |one| one.a.cost));
    match (new.is_empty(), old.is_empty()) {
        (false, false) => format!("{new} in B, {old} in A only"),
        (false, true) => format!("{new} in B only"),
        _ => format!("{old} in A only"),
    }
}

/// SKUs that a sentence names.
const NAMED: usize = 2;

/// The SKUs that cost most on one side.
fn skus(changes: &[&Change], cost: fn(&Change) -> Usd) -> String {
    let mut costs: Map<&str, Usd> = Map::new();
    for change in changes.iter().filter(|change| cost(change) != Usd::ZERO) {
        *costs.or_insert_with(&change.sku, || Usd::ZERO) += cost(change);
    }
    let mut sorted: Vec<(&str, Usd)> = costs.into_iter().collect();
    order::sort_by_key(&mut sorted, |(_, cost)| std::cmp::Reverse(*cost));
    let more = sorted.len().saturating_sub(NAMED);
    let named: Vec<&str> = sorted.iter().take(NAMED).map(|(sku, _)| *sku).collect();
    match more {
        0 => named.join(" and "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// What all have, where they have the same.
fn common<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_compared_in_words() {
        let words = |a: i64, b: i64| more_or_less(a.into(), b.into());
        assert_eq!(words(100, 140), "40 % more");
        assert_eq!(words(100, 88), "12 % less");
        assert_eq!(words(100, 240), "2.4 times as much");
        assert_eq!(words(100, 200), "twice as much");
        assert_eq!(words(100, 300), "3 times as much");
        assert_eq!(words(1_000_000, 1_000_001), "hardly changed");
    }
}
