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
    use crate::finance::PartMonth;
    use crate::ledger::tests::charge;

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

    fn brokers(usd: &str) -> Charge {
        charge(Component::Brokers, Cause::Serve, Driver::Brokers, usd)
    }

    fn crossing(usd: &str) -> Charge {
        charge(Component::ZoneCrossing, Cause::Produce, Driver::Ingest, usd)
    }

    fn produced(bytes: f64) -> Amounts {
        Amounts { produced: bytes, ..Amounts::default() }
    }

    fn part(region: Option<&str>, on: Option<&str>) -> Part {
        Part { region: region.map(str::to_owned), on: on.map(str::to_owned) }
    }

    /// What streams `a`, `b` and so on did, by part and month.
    fn measured(months: &[(Part, u32, &[Amounts])]) -> Measured {
        let count = months.iter().map(|(_, _, amounts)| amounts.len()).max().unwrap_or(0);
        let payer = |letter: char| Payer { stream: letter.to_string(), owner: None, group: None };
        let month = |(part, month, amounts): &(Part, u32, &[Amounts])| PartMonth {
            part: part.clone(),
            month: *month,
            amounts: amounts.to_vec(),
        };
        Measured {
            payers: ('a'..).take(count).map(payer).collect(),
            months: months.iter().map(month).collect(),
            uncounted: Vec::new(),
        }
    }

    /// Who bears what of a component, as `a 3, b 1`.
    fn borne(back: &Showback, component: Component, shared: bool) -> String {
        let of_it = |share: &&Share| share.component == Some(component) && share.shared == shared;
        let told =
            |share: &Share| format!("{} {}", share.payer.stream, share.cost.dollars().normalize());
        back.shares.iter().filter(of_it).map(told).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_cost_is_divided_by_what_asks_for_it() {
        use Cause::*;
        use Component::*;
        for (component, cause, grows_with, expected) in [
            // What stands there for all of them, whatever it grows with.
            (Brokers, Serve, Driver::Ingest, None),
            (Controllers, Coordinate, Driver::Partitions, None),
            (Component::Support, Cause::Support, Driver::Bill, None),
            (Labour, Operate, Driver::Partitions, None),
            (Migration, Migrate, Driver::Ingest, None),
            (ServiceFee, Serve, Driver::Fixed, None),
            (LoadBalancers, Consume, Driver::Fixed, None),
            (BlockStorage, Retain, Driver::Brokers, None),
            (ObjectStorage, Retain, Driver::Bill, None),
            // Who has connectors, whatever stands there for them.
            (Connectors, Connect, Driver::Fixed, Some(Measure::Tasks)),
            (Observability, Observe, Driver::Partitions, Some(Measure::Partitions)),
            (ObjectRequests, Retain, Driver::Partitions, Some(Measure::Partitions)),
            // What it is for.
            (ZoneCrossing, Produce, Driver::Ingest, Some(Measure::Produced)),
            (ZoneCrossing, Replicate, Driver::Ingest, Some(Measure::Produced)),
            (ZoneCrossing, Consume, Driver::Ingest, Some(Measure::Read)),
            (ObjectRequests, CatchUp, Driver::TailReads, Some(Measure::Behind)),
            (ObjectRequests, Replay, Driver::TailReads, Some(Measure::Replayed)),
            (RegionCrossing, Link, Driver::Ingest, Some(Measure::Linked)),
            (BlockStorage, Retain, Driver::Ingest, Some(Measure::Kept)),
            (Backups, BackUp, Driver::Ingest, Some(Measure::Kept)),
            (ZoneCrossing, Rebuild, Driver::Ingest, Some(Measure::Kept)),
            (ZoneCrossing, Move, Driver::Ingest, Some(Measure::Kept)),
            // And where that does not say, what it grows with.
            (ServiceFee, Serve, Driver::Retention, Some(Measure::Kept)),
            (ServiceFee, Serve, Driver::TailReads, Some(Measure::Read)),
            (ServiceFee, Serve, Driver::HistoricalReads, Some(Measure::Replayed)),
            (ServiceFee, Serve, Driver::Ingest, Some(Measure::Produced)),
        ] {
            let one = charge(component, cause, grows_with, "1");
            assert_eq!(measure(&one), expected, "{component:?} {cause:?} {grows_with:?}");
            // Hours of commitments that nobody used, and credits, are nobody's own.
            let unused = Charge { kind: ChargeKind::Unused, ..one };
            assert_eq!(measure(&unused), None, "{component:?}");
        }
    }

    #[test]
    fn a_measure_and_a_key_count_one_thing() {
        let amounts = Amounts {
            produced: 1.0,
            ingested: 20.0,
            ingested_raw: 30.0,
            records: 2.0,
            kept: 3.0,
            read: 4.0,
            behind: 5.0,
            replayed: 6.0,
            linked: 7.0,
            partitions: 8.0,
            tasks: 9.0,
        };
        let weights =
            |keys: &[Key]| -> Vec<f64> { keys.iter().map(|key| key.weight(&amounts)).collect() };
        assert_eq!(
            weights(&[Key::BytesIn, Key::BytesKept, Key::BytesRead, Key::Records]),
            [1.0, 3.0, 10.0, 2.0]
        );
        // Whoever produces or is kept is there.
        for (produced, kept, expected) in
            [(0.0, 0.0, 0.0), (5.0, 0.0, 1.0), (0.0, 5.0, 1.0), (5.0, 5.0, 1.0), (1.0, 5.0, 1.0)]
        {
            let there = Amounts { produced, kept, read: 1.0, ..Amounts::default() };
            assert_eq!(Key::Even.weight(&there), expected, "{produced} {kept}");
        }
    }

    #[test]
    fn a_charge_concerns_its_own_part_and_what_that_consists_of() {
        let whole = part(None, None);
        let (eu, us) = (part(Some("eu"), None), part(Some("us"), None));
        let (eu_disks, eu_service) = (part(Some("eu"), Some("x")), part(Some("eu"), Some("y")));
        let disks = part(None, Some("x"));
        for (charged, other, expected) in [
            (&whole, &whole, true),
            (&whole, &eu, true),
            (&whole, &eu_disks, true),
            (&whole, &disks, true),
            (&eu, &eu, true),
            (&eu, &eu_disks, true),
            (&eu, &us, false),
            (&eu, &whole, false),
            (&eu, &disks, false),
            (&eu_disks, &eu_disks, true),
            (&eu_disks, &eu_service, false),
            (&eu_disks, &eu, false),
            (&disks, &disks, true),
            (&disks, &eu_disks, false),
        ] {
            assert_eq!(concerns(charged, other), expected, "{charged:?} {other:?}");
        }
    }

    /// Of what is produced 3 to 1, of what is kept 1 to 3: each bears $4 of the $8 that are anybody's own, so of the rest
    /// both bear the same.
    #[test]
    fn shared_costs_go_as_all_direct_costs_together() {
        let both = [Amounts { kept: 1.0, ..produced(3.0) }, Amounts { kept: 3.0, ..produced(1.0) }];
        let kept = charge(Component::ObjectStorage, Cause::Retain, Driver::Retention, "4");
        let charges = [crossing("4"), kept, brokers("2")];
        let back = showback(&charges, &measured(&[(Part::default(), 0, &both)]), Key::Proportional);
        assert_eq!(borne(&back, Component::ZoneCrossing, false), "a 3, b 1");
        assert_eq!(borne(&back, Component::ObjectStorage, false), "a 1, b 3");
        assert_eq!(borne(&back, Component::Brokers, true), "a 1, b 1");
        assert_eq!(back.total(), "10".parse().expect("a literal"));
    }

    #[test]
    fn each_month_is_divided_by_what_was_done_in_it() {
        let charges = [crossing("4"), brokers("2"), crossing("4"), brokers("2")];
        let charges: Vec<Charge> =
            (0..).zip(charges).map(|(at, charge)| Charge { month: at / 2, ..charge }).collect();
        let (first, second) = ([produced(1.0), produced(0.0)], [produced(1.0), produced(3.0)]);
        let whole = Part::default;
        let months = measured(&[(whole(), 0, &first), (whole(), 1, &second)]);
        let back = showback(&charges, &months, Key::Proportional);
        // All of the first month; a quarter of the second.
        assert_eq!(borne(&back, Component::ZoneCrossing, false), "a 5, b 3");
        assert_eq!(borne(&back, Component::Brokers, true), "a 2.5, b 1.5");
    }

    #[test]
    fn a_part_is_borne_by_whom_it_serves() {
        let (eu, us) = (part(Some("eu"), None), part(Some("us"), None));
        let of = |part: &Part, charge: Charge| Charge { part: part.clone(), ..charge };
        let charges = [
            of(&eu, crossing("4")),
            of(&eu, brokers("8")),
            of(&us, crossing("4")),
            of(&us, brokers("8")),
            charge(Component::Labour, Cause::Operate, Driver::Fixed, "16"),
        ];
        let (there, here) = ([produced(3.0), produced(1.0)], [produced(0.0), produced(5.0)]);
        let months = measured(&[(eu, 0, &there), (us, 0, &here)]);
        let back = showback(&charges, &months, Key::Proportional);
        assert_eq!(borne(&back, Component::ZoneCrossing, false), "a 3, b 5");
        assert_eq!(borne(&back, Component::Brokers, true), "a 6, b 10");
        // Of all direct costs, $3 and $5.
        assert_eq!(borne(&back, Component::Labour, true), "a 6, b 10");
    }

    /// $7 and $1 are direct in the months that have any.
    #[test]
    fn what_nobody_of_a_month_can_bear_goes_as_the_other_months_do() {
        let at = |month: u32, charge: Charge| Charge { month, ..charge };
        let charges = [at(0, crossing("4")), at(1, brokers("8")), at(2, crossing("4"))];
        let (some, one) = ([produced(3.0), produced(1.0)], [produced(2.0), produced(0.0)]);
        let whole = Part::default;
        let months = [(whole(), 0, &some[..]), (whole(), 2, &one[..])];
        let back = showback(&charges, &measured(&months), Key::Proportional);
        assert_eq!(borne(&back, Component::Brokers, true), "a 7, b 1");
        // By a key, what all months have of it: 5 and 1.
        let nine = [at(0, crossing("4")), at(1, brokers("9")), at(2, crossing("4"))];
        let back = showback(&nine, &measured(&months), Key::BytesIn);
        assert_eq!(borne(&back, Component::Brokers, true), "a 7.5, b 1.5");
    }

    /// Where nobody replays, a replay's cost is shared; where nobody reads, what goes by reads goes by what is produced.
    #[test]
    fn what_nobody_asked_for_is_shared() {
        let both = [produced(3.0), produced(1.0)];
        let replay = charge(Component::ObjectRequests, Cause::Replay, Driver::HistoricalReads, "4");
        let months = measured(&[(Part::default(), 0, &both)]);
        let back = showback(&[crossing("4"), replay.clone()], &months, Key::Proportional);
        assert_eq!(borne(&back, Component::ObjectRequests, true), "a 3, b 1");
        assert_eq!(borne(&back, Component::ObjectRequests, false), "");
        let back = showback(&[replay], &months, Key::BytesRead);
        assert_eq!(borne(&back, Component::ObjectRequests, true), "a 3, b 1");
    }

    #[test]
    fn records_divide_only_where_all_are_counted() {
        let both =
            [Amounts { records: 1.0, ..produced(3.0) }, Amounts { records: 3.0, ..produced(1.0) }];
        let counted = measured(&[(Part::default(), 0, &both)]);
        let back = showback(&[brokers("4")], &counted, Key::Records);
        assert_eq!(borne(&back, Component::Brokers, true), "a 1, b 3");
        assert_eq!(back.notes, Vec::<String>::new());
        for (uncounted, said) in [
            (&["a"][..], "`a` does"),
            (&["a", "b"], "`a` and `b` do"),
            (&["a", "b", "c"], "`a`, `b` and `c` do"),
        ] {
            let uncounted = uncounted.iter().map(ToString::to_string).collect();
            let some = Measured { uncounted, ..counted.clone() };
            let back = showback(&[brokers("4")], &some, Key::Records);
            assert_eq!(borne(&back, Component::Brokers, true), "a 3, b 1");
            let note = format!(
                "{said} not say how many records there are: shared costs go by bytes produced"
            );
            assert_eq!((back.key, back.notes), (Key::Records, vec![note]));
            // No other key needs them.
            let back = showback(&[brokers("4")], &some, Key::Even);
            assert_eq!(borne(&back, Component::Brokers, true), "a 2, b 2");
            assert_eq!(back.notes, Vec::<String>::new());
        }
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
