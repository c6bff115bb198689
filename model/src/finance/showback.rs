//! Who bears what: every charge of a plan divided among its streams, their consumer groups and their owners, by a stated
//! key, to the last digit.
//!
//! - **Direct** is what somebody's bytes, records or partitions ask for by themselves: what is produced crosses zones by
//!   bytes produced, what is kept costs by bytes kept, what a group reads by what it reads, a replay by who replays,
//!   requests and series of partitions by partitions, connectors and links by who has them.
//! - **Shared** is what stands there for all of them: brokers, controllers, what is fixed, people's time, support, hours of
//!   commitments that nobody used, credits, and the platform that clients leave. It goes by the key.
//! - **Where:** a charge of one part of a platform is divided among what stands there, month by month.
//!
//! The key that is used where nobody names one divides shared costs as direct costs are divided: whoever asks for more of
//! what can be measured asks for more of the rest, nobody pays for what they do not do, and a month's shares move no faster
//! than use does. A key by one measure alone makes a stream that is kept for years pay like one that is gone in a day.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::measured::{Amounts, Measured};
use crate::bill::{Cause, Component, Driver, Part};
use crate::ledger::{Charge, ChargeKind};
use crate::map::Map;
use crate::money::Usd;
use crate::order;

/// What shared costs are divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Key {
    /// Direct costs.
    #[default]
    Proportional,
    /// Bytes produced.
    BytesIn,
    /// Bytes kept, one copy.
    BytesKept,
    /// Bytes read.
    BytesRead,
    /// Records produced.
    Records,
    /// The same for every stream that there is.
    Even,
}

impl Key {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Proportional,
        Self::BytesIn,
        Self::BytesKept,
        Self::BytesRead,
        Self::Records,
        Self::Even,
    ];

    /// As it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proportional => "proportional",
            Self::BytesIn => "bytes-in",
            Self::BytesKept => "bytes-kept",
            Self::BytesRead => "bytes-read",
            Self::Records => "records",
            Self::Even => "even",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proportional => "in proportion to direct costs",
            Self::BytesIn => "by bytes produced",
            Self::BytesKept => "by bytes kept",
            Self::BytesRead => "by bytes read",
            Self::Records => "by records produced",
            Self::Even => "evenly among streams",
        }
    }

    fn weight(self, amounts: &Amounts) -> f64 {
        match self {
            Self::Proportional => 0.0,
            Self::BytesIn => amounts.produced,
            Self::BytesKept => amounts.kept,
            Self::BytesRead => amounts.all_read(),
            Self::Records => amounts.records,
            Self::Even => f64::from(amounts.produced + amounts.kept > 0.0),
        }
    }
}

/// Who bears costs: a stream, or one of the groups that read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// The stream.
    pub stream: String,
    /// The team or tenant that it is for.
    pub owner: Option<String>,
    /// The group; `None` for what the stream itself asks for.
    pub group: Option<String>,
}

/// What somebody bears of one thing on the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Who.
    pub payer: Payer,
    /// Which thing; `None` for credits.
    pub component: Option<Component>,
    /// Whether it is a share of what all have in common.
    pub shared: bool,
    /// How much: effective cost.
    pub cost: Usd,
}

/// Who bears what of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Showback {
    /// What shared costs were divided by.
    pub key: Key,
    /// By stream in the order of the scenario, then by group, then in the order of the bill.
    pub shares: Vec<Share>,
    /// What a careful reader should know.
    pub notes: Vec<String>,
}

impl Showback {
    /// Everything.
    pub fn total(&self) -> Usd {
        self.shares.iter().map(|share| share.cost).sum()
    }

    /// What some shares come to.
    pub fn sum(&self, wanted: impl Fn(&Share) -> bool) -> Usd {
        self.shares.iter().filter(|share| wanted(share)).map(|share| share.cost).sum()
    }

    /// Everybody of a kind, in the order of the scenario.
    pub fn each<'a, T: PartialEq>(&'a self, of: impl Fn(&'a Payer) -> Option<T>) -> Vec<T> {
        let mut list: Vec<T> = Vec::new();
        for one in self.shares.iter().filter_map(|share| of(&share.payer)) {
            if !list.contains(&one) {
                list.push(one);
            }
        }
        list
    }
}

/// Decimals of a share: what is below goes to the largest one.
const SHARE_DECIMALS: u32 = 9;

/// Divides an amount by weights so that the parts add up to it, to the last digit: units of the ninth decimal go to the
/// largest remainders, what is below them to the largest part. Without weights everybody gets the same.
///
/// ```
/// # use model::finance::apportion;
/// # use model::money::Usd;
/// let parts = apportion("1".parse().unwrap(), &[1.0, 1.0, 1.0]);
/// assert_eq!(parts.iter().map(|part| part.exact()).collect::<Vec<_>>(), ["0.333333334", "0.333333333", "0.333333333"]);
/// ```
pub fn apportion(amount: Usd, weights: &[f64]) -> Vec<Usd> {
    let sum: f64 = weights.iter().sum();
    let even = !(sum > 0.0 && sum.is_finite());
    let share = |weight: &f64| if even { 1.0 / weights.len() as f64 } else { weight / sum };
    let exact: Vec<Usd> = weights
        .iter()
        .map(|weight| amount * Decimal::from_f64(share(weight)).unwrap_or_default())
        .collect();
    let mut parts: Vec<Usd> =
        exact.iter().map(|one| Usd::new(one.dollars().trunc_with_scale(SHARE_DECIMALS))).collect();
    let mut left = amount - parts.iter().copied().sum();
    let unit = Usd::new(match left < Usd::ZERO {
        true => -Decimal::new(1, SHARE_DECIMALS),
        false => Decimal::new(1, SHARE_DECIMALS),
    });
    let mut ranks: Vec<usize> = (0..parts.len()).filter(|&at| share(&weights[at]) > 0.0).collect();
    order::sort_by_key(&mut ranks, |&at| {
        std::cmp::Reverse((exact[at] - parts[at]).dollars().abs())
    });
    for at in ranks {
        if left.dollars().abs() < unit.dollars().abs() {
            break;
        }
        parts[at] += unit;
        left = left - unit;
    }
    let largest = (0..parts.len()).max_by_key(|&at| (exact[at].dollars().abs(), usize::MAX - at));
    if let Some(largest) = largest {
        parts[largest] += left;
    }
    parts
}

/// What direct costs are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Produced,
    Kept,
    Read,
    Behind,
    Replayed,
    Linked,
    Partitions,
    Tasks,
}

impl Measure {
    fn of(self, amounts: &Amounts) -> f64 {
        match self {
            Self::Produced => amounts.produced,
            Self::Kept => amounts.kept,
            Self::Read => amounts.read,
            Self::Behind => amounts.behind,
            Self::Replayed => amounts.replayed,
            Self::Linked => amounts.linked,
            Self::Partitions => amounts.partitions,
            Self::Tasks => amounts.tasks,
        }
    }
}

/// What a charge is divided by where physics says so.
fn measure(charge: &Charge) -> Option<Measure> {
    let component = charge.component.filter(|_| charge.kind == ChargeKind::Usage)?;
    match (component, charge.grows_with) {
        (Component::Brokers | Component::Controllers | Component::Support, _)
        | (Component::Labour | Component::Migration, _) => return None,
        (Component::Connectors, _) => return Some(Measure::Tasks),
        (_, Driver::Fixed | Driver::Brokers | Driver::Bill) => return None,
        (_, Driver::Partitions) => return Some(Measure::Partitions),
        _ => {}
    }
    Some(match (charge.cause?, charge.grows_with) {
        (Cause::Consume, _) => Measure::Read,
        (Cause::CatchUp, _) => Measure::Behind,
        (Cause::Replay, _) => Measure::Replayed,
        (Cause::Link, _) => Measure::Linked,
        (Cause::Retain | Cause::BackUp | Cause::Rebuild | Cause::Move, _) => Measure::Kept,
        (_, Driver::Retention) => Measure::Kept,
        (_, Driver::TailReads) => Measure::Read,
        (_, Driver::HistoricalReads) => Measure::Replayed,
        _ => Measure::Produced,
    })
}

/// Charges of one part and month that are divided alike.
#[derive(Clone, Debug)]
struct Pile {
    component: Option<Component>,
    part: Part,
    measure: Option<Measure>,
    cost: Usd,
}

impl Pile {
    /// The charges of one month.
    fn of(charges: &[Charge]) -> Vec<Self> {
        let mut piles: Vec<Self> = Vec::new();
        for charge in charges.iter().filter(|charge| charge.kind != ChargeKind::Purchase) {
            let measure = measure(charge);
            let same = |pile: &&mut Self| {
                pile.component == charge.component
                    && pile.part == charge.part
                    && pile.measure == measure
            };
            match piles.iter_mut().find(same) {
                Some(pile) => pile.cost += charge.effective_cost,
                None => piles.push(Self {
                    component: charge.component,
                    part: charge.part.clone(),
                    measure,
                    cost: charge.effective_cost,
                }),
            }
        }
        piles
    }
}

/// Who, of what, and whether it is shared.
type Cell = (usize, Option<Component>, bool);

/// Divides a plan's charges among everybody who was measured.
pub fn showback(charges: &[Charge], measured: &Measured, key: Key) -> Showback {
    let mut notes = Vec::new();
    let asked = key;
    let mut key = key;
    if key == Key::Records && !measured.uncounted.is_empty() {
        key = Key::BytesIn;
        notes.push(format!(
            "{} not say how many records there are: shared costs go by bytes produced",
            said(&measured.uncounted)
        ));
    }
    let count = measured.payers.len();
    let mut cells: Map<Cell, Usd> = Map::new();
    let mut add = |component: Option<Component>, shared: bool, parts: &[Usd]| {
        for (payer, cost) in parts.iter().enumerate().filter(|(_, cost)| **cost != Usd::ZERO) {
            *cells.or_default((payer, component, shared)) += *cost;
        }
    };
    let mut whole = Weights::new(count);
    // What nobody of its month can be asked to bear is divided as the months together are.
    let mut left: Vec<Pile> = Vec::new();
    let mut rest = charges;
    while let Some(first) = rest.first() {
        let month = first.month;
        let of_month = rest.iter().take_while(|charge| charge.month == month).count();
        let (those, others) = rest.split_at(of_month);
        rest = others;
        let mut direct: Map<Part, Vec<f64>> = Map::new();
        let mut shared: Vec<Pile> = Vec::new();
        for pile in Pile::of(those) {
            let amounts = measured.sums(&pile.part, month);
            let weights = pile
                .measure
                .map(|measure| -> Vec<f64> { amounts.iter().map(|one| measure.of(one)).collect() });
            let weights = weights.filter(|list| any(list));
            let Some(weights) = weights else {
                shared.push(pile);
                continue;
            };
            let parts = apportion(pile.cost, &weights);
            let so_far = direct.or_insert_with(pile.part.clone(), || vec![0.0; count]);
            for (sum, part) in so_far.iter_mut().zip(&parts) {
                *sum += part.as_f64();
            }
            add(pile.component, false, &parts);
        }
        for pile in shared {
            let here = Weights {
                direct: sum_of(&direct, &pile.part, count),
                amounts: measured.sums(&pile.part, month),
            };
            match here.by(key).or_else(|| here.by(Key::BytesIn)) {
                Some(weights) => add(pile.component, true, &apportion(pile.cost, &weights)),
                None => left.push(pile),
            }
        }
        for (_, list) in direct.iter() {
            whole.add_direct(list);
        }
        whole.add_amounts(&measured.sums(&Part::default(), month));
    }
    let weights = whole.by(key).or_else(|| whole.by(Key::BytesIn));
    let weights = weights.unwrap_or_else(|| vec![1.0; count]);
    for pile in left {
        add(pile.component, true, &apportion(pile.cost, &weights));
    }
    let stream = |payer: usize| {
        let name = &measured.payers[payer].stream;
        measured.payers.iter().position(|one| one.stream == *name)
    };
    let mut cells: Vec<(Cell, Usd)> = cells.into_iter().collect();
    order::sort_by_key(&mut cells, |((payer, component, shared), _)| {
        (stream(*payer), *payer, component.is_none(), *component, *shared)
    });
    let shares = cells.into_iter().map(|((payer, component, shared), cost)| Share {
        payer: measured.payers[payer].clone(),
        component,
        shared,
        cost,
    });
    Showback { key: asked, shares: shares.collect(), notes }
}

/// `a`, `b` and `c` do.
fn said(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [only] => format!("{only} does"),
        [most @ .., last] => format!("{} and {last} do", most.join(", ")),
        [] => String::new(),
    }
}

/// Whether a charge of one part concerns what stands in another: a region's charges concern its places, the whole's all.
fn concerns(charged: &Part, part: &Part) -> bool {
    charged == part || charged.is_whole() || charged.on.is_none() && charged.region == part.region
}

/// Whether anybody has any of it.
fn any(weights: &[f64]) -> bool {
    weights.iter().any(|weight| *weight > 0.0)
}

fn sum_of(direct: &Map<Part, Vec<f64>>, part: &Part, count: usize) -> Vec<f64> {
    let mut sum = vec![0.0; count];
    for (_, list) in direct.iter().filter(|(other, _)| concerns(part, other)) {
        for (sum, one) in sum.iter_mut().zip(list) {
            *sum += one;
        }
    }
    sum
}

impl Measured {
    /// What everybody did in a month in the parts that a charge concerns.
    fn sums(&self, part: &Part, month: u32) -> Vec<Amounts> {
        let mut weights = Weights::new(self.payers.len());
        for one in self.months.iter().filter(|one| one.month == month && concerns(part, &one.part))
        {
            weights.add_amounts(&one.amounts);
        }
        weights.amounts
    }
}

/// What shared costs of a month, or of all, can be divided by.
struct Weights {
    direct: Vec<f64>,
    amounts: Vec<Amounts>,
}

impl Weights {
    fn new(count: usize) -> Self {
        Self { direct: vec![0.0; count], amounts: vec![Amounts::default(); count] }
    }

    fn add_direct(&mut self, more: &[f64]) {
        for (sum, one) in self.direct.iter_mut().zip(more) {
            *sum += one;
        }
    }

    fn add_amounts(&mut self, more: &[Amounts]) {
        for (sum, one) in self.amounts.iter_mut().zip(more) {
            sum.add(one);
        }
    }

    /// By a key; nothing where nobody has any of it.
    fn by(&self, key: Key) -> Option<Vec<f64>> {
        let weights: Vec<f64> = match key {
            // A direct cost is never negative.
            Key::Proportional => self.direct.iter().map(|cost| cost.max(0.0)).collect(),
            key => self.amounts.iter().map(|amounts| key.weight(amounts)).collect(),
        };
        any(&weights).then_some(weights)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_left_goes_to_the_largest_remainders() {
        let shares = |amount: &str, weights: &[f64]| -> Vec<String> {
            let amount = amount.parse().expect("a literal in a test");
            apportion(amount, weights).into_iter().map(Usd::exact).collect()
        };
        // Sevenths: 0.142857142|857, 0.285714285|714, 0.571428571|428. Who weighs nothing bears nothing.
        let sevenths = ["0.142857143", "0.285714286", "0.571428571"];
        assert_eq!(shares("1", &[1.0, 2.0, 4.0]), sevenths);
        assert_eq!(shares("1", &[1.0, 2.0, 0.0, 4.0])[2], "0.000000000");
        let credits = sevenths.map(|share| format!("-{share}"));
        assert_eq!(shares("-1", &[1.0, 2.0, 4.0]), credits);
        assert_eq!(shares("1", &[0.0, 0.0]), ["0.500000000", "0.500000000"]);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_last_digit(
            micros in -1_000_000_000_000_000_000_i64..1_000_000_000_000_000_000,
            weights in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e15], 1..40),
        ) {
            let amount = Usd::new(Decimal::new(micros, 13));
            let parts = apportion(amount, &weights);
            prop_assert_eq!(parts.iter().copied().sum::<Usd>(), amount);
            let sum: f64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let share = if sum > 0.0 { weight / sum } else { 1.0 / weights.len() as f64 };
                let near = (part.as_f64() - amount.as_f64() * share).abs();
                prop_assert!(near < 1e-8 + amount.as_f64().abs() * 1e-12, "{} {}", part, weight);
            }
        }
    }
}
