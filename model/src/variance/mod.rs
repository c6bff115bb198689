//! Why one plan costs something else than another: parts that add up to the difference, to the last digit.
//!
//! Plan A becomes plan B step by step; what a step changes is its part. Month by month, the first of one with the first of
//! the other, lines of the same part, component, cause and SKU are set side by side:
//!
//! | Step | What it changes | Formula |
//! |---|---|---|
//! | horizon | months that only one plan has | `cost B − cost A` of those months |
//! | volume | quantities of SKUs that both buy, at A's prices | `A(qB) − A(qA)` |
//! | mix | SKUs that are bought instead of others for the same component | `cost B − cost A` of those |
//! | architecture | all other lines that only one plan has | `cost B − cost A` of those |
//! | price | prices of SKUs that both buy, at B's quantities | `B(qB) − A(qB)` |
//! | commitment | what committing saves, less what is not used of it: effective less contracted cost | `(eB − cB) − (eA − cA)` |
//! | credits | credits | `B − A` |
//! | exchange | the exchange rate, on all of B | `rB × B − rA × B` |
//!
//! `A(q)` is what A's price list asks for a quantity, with its discount and all steps of its ladder: a step that is reached
//! because more is bought is volume, a step that costs something else is price. A SKU's ladder is shared by all causes; each
//! stands where B's bill puts it. Where the list is not at hand (a quote, a support plan, another plan's hours), the line's
//! own steps are taken, and the last of them goes on.
//!
//! The order matters where two things change at once: quantities are weighed with old prices and prices with new
//! quantities, so that what both did together is in price. A discount is a price. A support plan's quantity is the rest of
//! the bill in dollars, so that its volume follows from other lines' prices.
//!
//! Costs are contracted ones before commitments, in dollars; all parts but the last are told at A's exchange rate.

mod item;
mod ladder;
mod words;

use rust_decimal::Decimal;
use serde::Serialize;

use item::{Item, Kind, items};
pub use words::{Reason, reasons};

use crate::bill::{Cause, Component, Gap, Part};
use crate::finance::{Currency, Finance};
use crate::map::{Map, Set};
use crate::money::Usd;
use crate::order;
use crate::plan::Plan;
use crate::prices::PriceUnit;
use ladder::Ladders;

/// A step from plan A to plan B, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Months that only one plan has.
    Horizon,
    /// More or less of the same.
    Volume,
    /// One SKU instead of another for the same component.
    Mix,
    /// Lines that only one plan has.
    Architecture,
    /// Other prices and discounts.
    Price,
    /// What committing saves.
    Commitment,
    /// Credits.
    Credits,
    /// The exchange rate.
    Exchange,
}

impl Effect {
    /// Every step, in order.
    pub const ALL: [Self; 8] = [
        Self::Horizon,
        Self::Volume,
        Self::Mix,
        Self::Architecture,
        Self::Price,
        Self::Commitment,
        Self::Credits,
        Self::Exchange,
    ];

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Horizon => "horizon",
            Self::Volume => "volume",
            Self::Mix => "mix",
            Self::Architecture => "architecture",
            Self::Price => "price",
            Self::Commitment => "commitment",
            Self::Credits => "credits",
            Self::Exchange => "exchange",
        }
    }

    /// What it changes, in words.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Horizon => "months that only one plan has",
            Self::Volume => "quantities of SKUs that both buy, at A's prices",
            Self::Mix => "SKUs that B buys instead of A's for the same component",
            Self::Architecture => "other lines that only one plan has",
            Self::Price => "prices and discounts, at B's quantities",
            Self::Commitment => "what committing saves on them",
            Self::Credits => "credits",
            Self::Exchange => "the exchange rate, on all of B",
        }
    }
}

/// What each step comes to, in the currency of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effects([Usd; Effect::ALL.len()]);

impl Effects {
    /// What one step comes to.
    pub fn of(&self, effect: Effect) -> Usd {
        self.0[effect as usize]
    }

    /// All of them: the difference.
    pub fn total(&self) -> Usd {
        self.0.iter().copied().sum()
    }

    fn add(&mut self, effect: Effect, amount: Usd) {
        self.0[effect as usize] += amount;
    }

    fn extend(&mut self, other: &Self) {
        for (sum, amount) in self.0.iter_mut().zip(other.0) {
            *sum += amount;
        }
    }
}

/// What amounts are told in: a currency, and what a dollar was in it in each plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    /// The currency.
    pub currency: Currency,
    /// For one dollar, in A.
    pub a: Decimal,
    /// For one dollar, in B.
    pub b: Decimal,
}

impl Rates {
    /// Dollars.
    pub const DOLLARS: Self = Self { currency: Currency::USD, a: Decimal::ONE, b: Decimal::ONE };

    /// The currency that both scenarios export in; dollars where they differ.
    pub fn of(a: &Finance, b: &Finance) -> Self {
        match (&a.exchange, &b.exchange) {
            (Some(a), Some(b)) if a.currency == b.currency => {
                Self { currency: b.currency, a: a.rate, b: b.rate }
            }
            _ => Self::DOLLARS,
        }
    }
}

/// Decimals of a converted amount, so that sums of them are exact: far below the smallest coin.
const CONVERTED_DECIMALS: u32 = 10;

/// An amount in another currency; dollars stay as they are.
fn converted(amount: Usd, rate: Decimal) -> Usd {
    if rate == Decimal::ONE {
        return amount;
    }
    Usd::new((amount * rate).dollars().round_dp(CONVERTED_DECIMALS))
}

/// One plan's side of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// Effective cost in all its months.
    pub cost: Usd,
    /// Quantity in the months that both plans have.
    pub quantity: Decimal,
    /// Contracted cost in dollars in those months.
    pub contracted: Usd,
}

/// A line of either bill through all months, and what made its cost change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
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
    /// In plan A.
    pub a: Side,
    /// In plan B.
    pub b: Side,
    /// B's quantity at A's prices, in dollars; nothing where they cannot be told.
    pub repriced: Usd,
    /// Its difference, step by step.
    pub effects: Effects,
}

/// One of two plans.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The platform's name.
    pub platform: String,
    /// Months that are planned.
    pub months: usize,
    /// What has no price: it is in no part.
    pub gaps: Vec<Gap>,
}

/// Two plans, and all that is different between their costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Variance {
    /// What it was.
    pub a: Whole,
    /// What it is.
    pub b: Whole,
    /// What amounts are in.
    pub rates: Rates,
    /// Every line of either bill, in the order of a bill.
    pub changes: Vec<Change>,
}

impl Variance {
    /// What A costs over all its months.
    pub fn total_a(&self) -> Usd {
        self.changes.iter().map(|change| change.a.cost).sum()
    }

    /// What B costs over all its months.
    pub fn total_b(&self) -> Usd {
        self.changes.iter().map(|change| change.b.cost).sum()
    }

    /// What each step comes to.
    pub fn effects(&self) -> Effects {
        sum(self.changes.iter())
    }

    /// The components that either plan pays for, in the order of a bill, credits last: cost of A, of B, and the steps.
    pub fn components(&self) -> Vec<(Option<Component>, [Usd; 2], Effects)> {
        let all = Component::ALL.iter().copied().map(Some).chain([None]);
        let row = |component: Option<Component>| {
            let of = || self.changes.iter().filter(move |one| one.component == component);
            let cost = |side: fn(&Change) -> Usd| of().map(side).sum::<Usd>();
            let costs = [cost(|change| change.a.cost), cost(|change| change.b.cost)];
            let nothing = of().all(|one| one.a.cost == Usd::ZERO && one.b.cost == Usd::ZERO);
            (!nothing).then(|| (component, costs, sum(of())))
        };
        all.filter_map(row).collect()
    }

    /// Whether the same things have no price in both plans, so that the difference is all there is.
    pub fn is_complete(&self) -> bool {
        self.a.gaps.iter().all(|gap| self.b.gaps.contains(gap))
            && self.b.gaps.iter().all(|gap| self.a.gaps.contains(gap))
    }
}

fn sum<'a>(changes: impl Iterator<Item = &'a Change>) -> Effects {
    let mut effects = Effects::default();
    changes.for_each(|change| effects.extend(&change.effects));
    effects
}

/// Takes the difference of two plans apart, charge by charge.
pub fn variance(a: (&Plan, &Finance), b: (&Plan, &Finance), rates: &Rates) -> Variance {
    let (items_a, items_b) = (items(a.0, a.1), items(b.0, b.1));
    between((a.0, &items_a), (b.0, &items_b), rates)
}

fn between(a: (&Plan, &[Item]), b: (&Plan, &[Item]), rates: &Rates) -> Variance {
    let mut lines = Lines { rates, changes: Map::new() };
    let months = |items: &[Item]| items.iter().map(|item| item.month).collect::<Set<u32>>();
    let (months_a, months_b) = (months(a.1), months(b.1));
    for month in months_a.iter().chain(months_b.iter().filter(|one| !months_a.contains(*one))) {
        let of = |items: &'_ [Item]| -> Vec<Item> {
            items.iter().filter(|item| item.month == *month).cloned().collect()
        };
        if months_a.contains(month) && months_b.contains(month) {
            lines.month((a.0, &of(a.1)), (b.0, &of(b.1)));
        } else {
            lines.alone(&of(a.1), &of(b.1));
        }
    }
    let mut changes: Vec<Change> = lines.changes.into_values().collect();
    order::sort_by_key(&mut changes, |one| {
        (one.component.is_none(), one.component, one.part.clone(), one.cause, one.sku.clone())
    });
    let whole = |plan: &Plan| Whole {
        platform: plan.design.name.clone(),
        months: plan.months.len(),
        gaps: plan.bill.gaps.clone(),
    };
    Variance { a: whole(a.0), b: whole(b.0), rates: rates.clone(), changes }
}

/// What makes two lines the same.
type Key = (Part, Option<Component>, Option<Cause>, String, &'static str);

fn key(item: &Item) -> Key {
    (item.part.clone(), item.component, item.cause, item.sku.clone(), item.unit.name())
}

/// Lines so far, over months.
struct Lines<'a> {
    rates: &'a Rates,
    changes: Map<Key, Change>,
}

/// What a line costs in one month on one side.
#[derive(Clone, Copy, Default)]
struct Month {
    quantity: Decimal,
    contracted: Usd,
    effective: Usd,
}

/// Items of a month as lines.
fn grouped(items: &[Item]) -> Map<Key, (&Item, Month)> {
    let mut lines: Map<Key, (&Item, Month)> = Map::new();
    for item in items {
        let (_, line) = lines.or_insert_with(key(item), || (item, Month::default()));
        line.quantity += item.quantity;
        line.contracted += item.contracted;
        line.effective += item.effective;
    }
    lines
}

impl Lines<'_> {
    /// A month that both plans have.
    fn month(&mut self, a: (&Plan, &[Item]), b: (&Plan, &[Item])) {
        let (lines_a, lines_b) = (grouped(a.1), grouped(b.1));
        let repriced = Ladders::new(a, b).repriced();
        let both = |key: &Key| repriced.contains_key(key);
        let alone = |lines: &Map<Key, (&Item, Month)>| -> Set<Option<Component>> {
            let left = lines.iter().filter(|(key, (_, month))| {
                !both(key) && (month.contracted != Usd::ZERO || month.effective != Usd::ZERO)
            });
            left.map(|(key, _)| key.1).collect()
        };
        let (alone_a, alone_b) = (alone(&lines_a), alone(&lines_b));
        let keys: Set<Key> = lines_a.keys().chain(lines_b.keys()).cloned().collect();
        for key in keys.iter() {
            let (was, is) = (lines_a.get(key), lines_b.get(key));
            let Some((item, _)) = is.or(was) else { continue };
            let month =
                |line: Option<&(&Item, Month)>| line.map_or_else(Month::default, |line| line.1);
            let (was, is) = (month(was), month(is));
            let mut steps: Vec<(Effect, Usd)> = Vec::new();
            match (item.kind, repriced.get(key)) {
                (Kind::Credit, _) => steps.push((Effect::Credits, is.effective - was.effective)),
                (Kind::Charge, Some(at_old)) => {
                    steps.push((Effect::Volume, *at_old - was.contracted));
                    steps.push((Effect::Price, is.contracted - *at_old));
                }
                (Kind::Charge, None) => {
                    let replaced = alone_a.contains(&key.1) && alone_b.contains(&key.1);
                    let effect = if replaced { Effect::Mix } else { Effect::Architecture };
                    steps.push((effect, is.contracted - was.contracted));
                }
            }
            if item.kind == Kind::Charge {
                let saved = |month: Month| month.effective - month.contracted;
                steps.push((Effect::Commitment, saved(is) - saved(was)));
            }
            let change = self.add(item, [was, is], true, &steps);
            change.repriced += repriced.get(key).copied().unwrap_or_default();
        }
    }

    /// A month that only one plan has.
    fn alone(&mut self, a: &[Item], b: &[Item]) {
        for (_, (item, month)) in grouped(a).iter() {
            let steps = [(Effect::Horizon, -month.effective)];
            self.add(item, [*month, Month::default()], false, &steps);
        }
        for (_, (item, month)) in grouped(b).iter() {
            self.add(
                item,
                [Month::default(), *month],
                false,
                &[(Effect::Horizon, month.effective)],
            );
        }
    }

    /// Adds a month of a line; what its steps leave of the difference is the exchange rate's.
    fn add(
        &mut self,
        item: &Item,
        sides: [Month; 2],
        both: bool,
        steps: &[(Effect, Usd)],
    ) -> &mut Change {
        let change = self.changes.or_insert_with(key(item), || Change {
            part: item.part.clone(),
            component: item.component,
            cause: item.cause,
            sku: item.sku.clone(),
            unit: item.unit,
            a: Side::default(),
            b: Side::default(),
            repriced: Usd::ZERO,
            effects: Effects::default(),
        });
        let [was, is] = sides;
        let cost_a = converted(was.effective, self.rates.a);
        let cost_b = converted(is.effective, self.rates.b);
        for (side, month, cost) in [(&mut change.a, was, cost_a), (&mut change.b, is, cost_b)] {
            side.cost += cost;
            if both {
                side.quantity += month.quantity;
                side.contracted += month.contracted;
            }
        }
        let mut rest = cost_b - cost_a;
        for (effect, amount) in steps {
            let amount = converted(*amount, self.rates.a);
            change.effects.add(*effect, amount);
            rest = rest - amount;
        }
        change.effects.add(Effect::Exchange, rest);
        change
    }
}
