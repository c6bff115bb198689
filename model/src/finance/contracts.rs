//! Purchases of a scenario as contracts of one plan: how many brokers of its machine, at what price, from when to when.
//!
//! - **Price.** An hour costs what the catalogue says for the term and the way it is paid, after negotiated discounts; or the
//!   list price on demand less the scenario's own quote, on which there is no other discount. What is paid upfront is part
//!   of it: the price is that of every hour of the term.
//! - **Hours.** A term of a year has the hours of twelve months of the plan. Every one of them is paid, used or not.
//! - **Which brokers.** Those of the platform's own machines; controllers are never committed to.
//!
//! Source of the terms: AWS, "How Reserved Instances are billed" (all, partial and no upfront; one and three years); Google
//! Cloud, "Committed use discounts" (paid month by month; one and three years).

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::{Coverage, Purchase, YEAR, payment};
use crate::bill::{COMMITTED, Component, Gap, Part};
use crate::design::Design;
use crate::horizon::Committed;
use crate::money::Usd;
use crate::prices::{Machine, Price, PriceId, PriceList};
use crate::scenario::Horizon;
use crate::simulate::FleetMonth;
use crate::units::Hours;

/// A commitment as one plan has it: one term of one purchase.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// Unique in its plan: the purchase's name, with the part and the number of the term where there are several.
    pub id: String,
    /// The purchase.
    pub name: String,
    /// Which part of the platform.
    pub part: Part,
    /// The machine, as the provider calls it.
    pub machine: String,
    /// The SKU of its hour on demand.
    pub on_demand_sku: String,
    /// The SKU of its hour here, as it stands on the bill.
    pub sku: String,
    /// An hour on demand before discounts.
    pub list_hour: Usd,
    /// An hour on demand after the negotiated discount.
    pub on_demand_hour: Usd,
    /// An hour of the contract: all of its fees over all of its hours.
    pub hour: Usd,
    /// How many brokers.
    pub brokers: u32,
    /// For how long.
    pub years: u32,
    /// What of it is paid upfront, as a share.
    pub upfront: Decimal,
    /// The first month of its term; 0 is the first of the horizon.
    pub from: u32,
    /// Hours of one broker in each month of its term, beyond the horizon too.
    pub hours: Vec<Decimal>,
    /// Who says what it costs.
    pub source: String,
    /// When.
    pub as_of: String,
}

impl Contract {
    /// The month after its last.
    pub fn until(&self) -> u32 {
        self.from + self.years * YEAR
    }

    /// How it binds and is paid, in words: `1 year, no upfront`.
    pub fn words(&self) -> String {
        let years = if self.years == 1 { "year" } else { "years" };
        format!("{} {years}, {}", self.years, payment(self.upfront))
    }

    /// Hours that are paid for in a month, of all its brokers; none outside of its term.
    pub fn paid(&self, month: u32) -> Decimal {
        let index = month.checked_sub(self.from).and_then(|index| self.hours.get(index as usize));
        index.copied().unwrap_or_default() * Decimal::from(self.brokers)
    }

    /// Hours of all its brokers over its whole term.
    pub fn all_hours(&self) -> Decimal {
        self.hours.iter().copied().sum::<Decimal>() * Decimal::from(self.brokers)
    }

    /// What of the price of an hour is paid upfront, or as the hours come.
    pub fn part_of_hour(&self, upfront: bool) -> Usd {
        let ahead = self.hour * self.upfront;
        if upfront { ahead } else { self.hour - ahead }
    }

    /// Everything that is paid for it, over its whole term.
    pub fn total(&self) -> Usd {
        self.hour * self.all_hours()
    }

    /// What is paid by the end of a month for hours that come later.
    pub fn ahead(&self, end: u32) -> Usd {
        let months = self.from..end.min(self.until());
        let paid: Usd = months.clone().map(|month| self.fee(month)).sum();
        paid - self.hour * months.map(|month| self.paid(month)).sum::<Decimal>()
    }

    /// What is invoiced for it in a month: in the first of its term what is paid upfront for all of its hours, in every one
    /// the rest of those of the month.
    pub fn fee(&self, month: u32) -> Usd {
        let once = if month == self.from { self.all_hours() } else { Decimal::ZERO };
        self.part_of_hour(true) * once + self.part_of_hour(false) * self.paid(month)
    }
}

/// What a month used of a contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    /// Its price, which names it.
    pub price: PriceId,
    /// Hours that were paid for.
    pub paid: f64,
    /// Hours of these that brokers ran.
    pub used: f64,
}

/// Divides the hours that commitments covered among them, the first first.
pub fn covered(commitments: &[(PriceId, f64)], used: f64) -> Vec<Cover> {
    let mut left = used;
    let cover = |&(price, paid): &(PriceId, f64)| {
        let used = left.clamp(0.0, paid);
        left -= used;
        Cover { price, paid, used }
    };
    commitments.iter().map(cover).collect()
}

/// What the purchases of a scenario come to on one machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    /// Every term that begins within the horizon.
    pub contracts: Vec<Contract>,
    /// Their prices, in the same order, as [`COMMITTED`] counts them.
    pub prices: Vec<Price>,
    /// The same for the bill.
    pub committed: Vec<Committed>,
    /// What has no price.
    pub gaps: Vec<Gap>,
    /// Purchases that come to nothing here, and why.
    pub notes: Vec<String>,
}

/// What purchases come to for a part of a platform, on its machine and with its fleets.
pub(crate) fn resolve(
    purchases: &[Purchase],
    design: &Design,
    (machine, list): (&Machine, &PriceList),
    fleets: &[FleetMonth],
    horizon: &Horizon,
) -> Resolved {
    let mut resolved = Resolved::default();
    for purchase in purchases {
        let named = purchase.platform.as_ref();
        if named.is_some_and(|name| *name != design.name) {
            continue;
        }
        if !is_sold(purchase, design, list) {
            resolved.notes.push(format!(
                "commitment `{}` is not counted: none is for sale for its machines; a quote of your own needs its `platform`",
                purchase.name
            ));
            continue;
        }
        let price = match price(purchase, machine, list) {
            Ok(price) => price,
            Err(gap) => {
                resolved.gaps.push(gap);
                continue;
            }
        };
        let brokers = brokers(purchase, fleets);
        if brokers == 0 {
            let note = format!("commitment `{}` covers no whole broker", purchase.name);
            resolved.notes.push(note);
        }
        let (mut from, mut term) = (purchase.month, 1);
        while brokers > 0 && from < horizon.months && resolved.prices.len() < COMMITTED_MAX {
            let contract =
                contract(purchase, (machine, list), &price, brokers, from, term, horizon);
            let id = PriceId(COMMITTED.0 + resolved.prices.len() as u16);
            let until = contract.until();
            resolved.committed.push(Committed { price: id, brokers, from, until });
            resolved.prices.push(Price { sku: contract.sku.clone(), ..price.clone() });
            resolved.contracts.push(contract);
            (from, term) = (if purchase.renew { until } else { horizon.months }, term + 1);
        }
        if brokers > 0 && from < horizon.months {
            resolved.gaps.push(Gap {
                component: Component::Brokers,
                what: format!(
                    "commitment `{}` from month {} on: a plan has {COMMITTED_MAX} terms at most",
                    purchase.name,
                    from + 1
                ),
                hint: "buy fewer commitments for more brokers each, or for three years".to_owned(),
            });
        }
    }
    resolved
}

/// The most terms that one plan has: those of 64 purchases through ten years would be more than anyone reads.
const COMMITTED_MAX: usize = 128;

/// Whether commitments are sold for a platform's machines: where the catalogue has any for its pool; where somebody quotes
/// one, for every platform whose machines are its user's own, and for the one that it names. Brokers of services mostly have
/// none. A quote does not depend on what else the catalogue has: the page's copy has no commitments.
fn is_sold(purchase: &Purchase, design: &Design, list: &PriceList) -> bool {
    let of_pool = |id: PriceId| {
        let mut pool = list.machines.iter().filter(|one| one.pool == design.preset.pool);
        pool.any(|one| one.price == id)
    };
    let own = purchase.platform.is_some() || !design.preset.managed;
    purchase.quote.is_some() && own || list.commitments.iter().any(|one| of_pool(one.on_demand))
}

fn price(purchase: &Purchase, machine: &Machine, list: &PriceList) -> Result<Price, Gap> {
    let on_demand = list.price(machine.price);
    if let Some(quote) = &purchase.quote {
        let mut own = on_demand.clone();
        own.discount = Decimal::ZERO;
        for tier in &mut own.tiers {
            tier.usd = tier.usd * (Decimal::ONE - quote.discount);
            tier.low = None;
        }
        own.set_discount(Decimal::ZERO);
        (own.source, own.as_of) = (quote.source.clone(), quote.as_of.clone());
        own.basis = "scenario".to_owned();
        return Ok(own);
    }
    let all_upfront = purchase.upfront == Decimal::ONE;
    let found = list.commitments.iter().find(|one| {
        let paid = one.ahead == all_upfront && (all_upfront || purchase.upfront.is_zero());
        one.on_demand == machine.price && one.years == purchase.years && paid
    });
    found.map(|one| list.price(one.price).clone()).ok_or_else(|| {
        let years = if purchase.years == 1 { "year" } else { "years" };
        Gap {
            component: Component::Brokers,
            what: format!(
                "no price for a commitment to `{}` of {} {years}, {}, in {} {}",
                machine.name,
                purchase.years,
                purchase.payment(),
                list.provider,
                list.region
            ),
            hint: format!(
                "give `[[commitment]]` \"{}\" your own quote: `discount`, `source` and `as_of`",
                purchase.name
            ),
        }
    })
}

/// How many brokers a purchase is for.
fn brokers(purchase: &Purchase, fleets: &[FleetMonth]) -> u32 {
    match purchase.size {
        Coverage::Brokers(brokers) => brokers,
        Coverage::Share(share) => {
            let first = fleets.iter().find(|fleet| fleet.month.index == purchase.month);
            // What is whole but for the last digit of a float is whole.
            libm::floor(first.map_or(0.0, FleetMonth::mean) * share + ROUNDING) as u32
        }
    }
}

/// Far below what a broker is, and far above what floats lose.
const ROUNDING: f64 = 1e-9;

fn contract(
    purchase: &Purchase,
    (machine, list): (&Machine, &PriceList),
    price: &Price,
    brokers: u32,
    from: u32,
    term: u32,
    horizon: &Horizon,
) -> Contract {
    let on_demand = list.price(machine.price);
    let hour = |price: &Price| price.tiers.first().map_or(Usd::ZERO, |tier| tier.usd);
    let name = &purchase.name;
    let id = if term == 1 { name.clone() } else { format!("{name}, term {term}") };
    let length = |month: u32| hours(horizon.month(month).length);
    Contract {
        sku: format!("{} ({id})", on_demand.sku),
        id,
        name: name.clone(),
        part: Part::default(),
        machine: machine.name.clone(),
        on_demand_sku: on_demand.sku.clone(),
        list_hour: hour(on_demand),
        on_demand_hour: hour(on_demand) * (Decimal::ONE - on_demand.discount),
        hour: hour(price) * (Decimal::ONE - price.discount),
        brokers,
        years: purchase.years,
        upfront: purchase.upfront,
        from,
        hours: (from..from + purchase.years * YEAR).map(length).collect(),
        source: price.source.clone(),
        as_of: price.as_of.clone(),
    }
}

/// Hours as they are counted on a bill.
pub(crate) fn hours(length: Hours) -> Decimal {
    Decimal::from_f64(length.as_hours())
        .unwrap_or_default()
        .round_dp(crate::bill::QUANTITY_DECIMALS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::{Commitment, PriceGroup, PriceUnit};
    use crate::scenario::MonthLength;
    use crate::units::ByteRate;

    fn usd(text: &str) -> Usd {
        text.parse().expect("a literal in a test")
    }

    #[test]
    fn hours_are_taken_from_one_contract_after_the_other() {
        let (first, second) = (PriceId(1), PriceId(2));
        let used = |hours: f64| -> Vec<f64> {
            let covers = covered(&[(first, 100.0), (second, 50.0)], hours);
            assert_eq!((covers[0].price, covers[1].paid), (first, 50.0));
            covers.iter().map(|cover| cover.used).collect()
        };
        assert_eq!(used(0.0), [0.0, 0.0]);
        assert_eq!(used(80.0), [80.0, 0.0]);
        assert_eq!(used(120.0), [100.0, 20.0]);
        assert_eq!(used(500.0), [100.0, 50.0]);
    }

    /// A machine at $0.40 an hour, a tenth less by negotiation; $0.25 for a year, $0.20 for a year paid ahead and $0.15 for
    /// three, each a tenth less too.
    fn list() -> PriceList {
        let price = |sku: &str, hour: &str| {
            let ladder = [(Decimal::ZERO, usd(hour))];
            let (unit, group) = (PriceUnit::Hour, PriceGroup::Compute);
            let mut price = Price::new(sku, unit, group, &ladder, "a test", "2026-11-01", "listed");
            price.set_discount(Decimal::new(1, 1));
            price
        };
        let commitment = |price, years, ahead| Commitment {
            on_demand: PriceId(0),
            name: String::new(),
            years,
            ahead,
            price: PriceId(price),
        };
        PriceList {
            prices: vec![
                price("vm:m", "0.40"),
                price("vm:m:1y", "0.25"),
                price("vm:m:1y:ahead", "0.20"),
                price("vm:m:3y", "0.15"),
            ],
            commitments: vec![
                commitment(1, 1, false),
                commitment(2, 1, true),
                commitment(3, 3, false),
            ],
            ..PriceList::default()
        }
    }

    fn purchase(years: u32, upfront: &str, size: Coverage) -> Purchase {
        Purchase {
            name: "base".to_owned(),
            platform: None,
            years,
            upfront: upfront.parse().expect("a literal in a test"),
            size,
            month: 0,
            renew: false,
            quote: None,
        }
    }

    #[test]
    fn a_term_is_priced_by_its_years_and_payment() {
        let machine = crate::sizing::tests::machine();
        let hour = |years, upfront| {
            let purchase = purchase(years, upfront, Coverage::Brokers(1));
            price(&purchase, &machine, &list()).map(|price| price.tiers[0].usd)
        };
        assert_eq!(hour(1, "0"), Ok(usd("0.25")));
        assert_eq!(hour(1, "1"), Ok(usd("0.20")));
        assert_eq!(hour(3, "0"), Ok(usd("0.15")));
        // Nobody sells three years ahead, or one year half ahead.
        let gap = hour(3, "1").expect_err("no such price");
        assert!(gap.what.contains("`m` of 3 years, all upfront"), "{}", gap.what);
        let gap = hour(1, "0.5").expect_err("no such price");
        assert!(gap.what.contains("`m` of 1 year, 50 % upfront"), "{}", gap.what);
    }

    fn horizon(months: u32) -> Horizon {
        let month = MonthLength::Fixed(Hours::new(730.0));
        Horizon { start: None, months, month, clock: Hours::ZERO, full: false }
    }

    /// What purchases come to where so many brokers run in every month of a horizon.
    fn resolved(purchases: &[Purchase], brokers: u32, months: u32) -> Resolved {
        let design = crate::flows::tests::design("kafka-gp3", |_| ());
        let (machine, list) = (crate::sizing::tests::machine(), list());
        let machines =
            vec![crate::prices::Machine { pool: design.preset.pool.to_owned(), ..machine.clone() }];
        let list = PriceList { machines, ..list };
        let fleets: Vec<FleetMonth> = (0..months).map(|index| fleet(index, brokers)).collect();
        resolve(purchases, &design, (&machine, &list), &fleets, &horizon(months))
    }

    fn fleet(index: u32, brokers: u32) -> FleetMonth {
        let design = crate::flows::tests::design("kafka-gp3", |_| ());
        let month = horizon(index + 1).month(index);
        let load = crate::load::load(&crate::flows::tests::workload(), &design, month, 3);
        let storage = crate::storage::storage(&load, &design);
        FleetMonth {
            month,
            load,
            storage,
            moved: ByteRate::ZERO,
            brokers,
            paid: None,
            hourly: None,
        }
    }

    #[test]
    fn a_contract_says_what_an_hour_costs_in_three_ways() {
        let resolved = resolved(&[purchase(1, "0", Coverage::Brokers(2))], 3, 12);
        let [contract] = &resolved.contracts[..] else { panic!("{:?}", resolved.contracts) };
        // $0.40 at list, a tenth less on demand, and a tenth less than $0.25 for a year.
        assert_eq!(contract.list_hour, usd("0.40"));
        assert_eq!(contract.on_demand_hour, usd("0.36"));
        assert_eq!(contract.hour, usd("0.225"));
        assert_eq!((contract.brokers, contract.from, contract.until()), (2, 0, 12));
        assert_eq!(contract.all_hours(), Decimal::from(2 * 730 * 12));
        assert_eq!(resolved.notes, Vec::<String>::new());
    }

    /// Half of $8,212.50 is paid in month 3 for 36,500 hours at $0.225, and half as the hours come; each month uses
    /// $684.375 of it.
    #[test]
    fn what_is_paid_ahead_is_used_up_by_the_end_of_the_term() {
        let half = Purchase {
            month: 2,
            quote: Some(crate::finance::OwnDiscount {
                discount: Decimal::new(4375, 4),
                source: "an offer".to_owned(),
                as_of: "2026-11-01".to_owned(),
            }),
            ..purchase(1, "0.5", Coverage::Brokers(5))
        };
        let resolved = resolved(&[half], 5, 24);
        let contract = &resolved.contracts[0];
        assert_eq!(contract.hour, usd("0.225"), "$0.40 less 43.75 %");
        assert_eq!(contract.total(), usd("9855"), "43,800 h");
        for (end, expected) in [
            (2, "0"),        // not yet begun
            (3, "4516.875"), // 4,927.50 + 410.625 paid, 821.25 used
            (8, "2463.75"),  // half of the term: half of what was paid at its begin
            (14, "0"),
            (20, "0"),
        ] {
            assert_eq!(contract.ahead(end), usd(expected), "by the end of month {end}");
        }
    }

    #[test]
    fn what_covers_no_broker_is_said() {
        let third = purchase(1, "0", Coverage::Share(0.3));
        let note = "commitment `base` covers no whole broker";
        assert_eq!(resolved(std::slice::from_ref(&third), 3, 12).notes, [note]);
        let enough = resolved(&[third], 4, 12);
        assert_eq!((enough.notes.len(), enough.contracts[0].brokers), (0, 1));
    }

    #[test]
    fn a_share_is_of_the_brokers_that_run_when_the_term_begins() {
        let fleets = [
            fleet(0, 10),
            FleetMonth { hourly: Some([vec![20; 24], vec![40; 72]].concat()), ..fleet(1, 99) },
            FleetMonth { paid: Some(vec![(7, 168.0)]), hourly: Some(vec![50]), ..fleet(2, 99) },
        ];
        let of = |month: u32, share: f64| {
            brokers(&Purchase { month, ..purchase(1, "0", Coverage::Share(share)) }, &fleets)
        };
        assert_eq!((of(0, 1.0), of(0, 0.55)), (10, 5));
        // 20 for a quarter of the hours, 40 for the rest: 35.
        assert_eq!((of(1, 1.0), of(1, 0.5)), (35, 17));
        assert_eq!((of(2, 1.0), of(2, 0.5)), (7, 3));
        // 0.07 × 100 is a little more than 7 in floats, 0.29 × 100 a little less than 29.
        let hundred = [fleet(0, 100)];
        let share = |share: f64| brokers(&purchase(1, "0", Coverage::Share(share)), &hundred);
        assert_eq!((share(0.07), share(0.29)), (7, 29));
        assert_eq!(brokers(&purchase(1, "0", Coverage::Brokers(12)), &fleets), 12);
    }

    #[test]
    fn terms_follow_each_other_until_there_are_too_many() {
        let again = Purchase { renew: true, ..purchase(1, "0", Coverage::Brokers(1)) };
        let three = resolved(std::slice::from_ref(&again), 3, 30);
        let terms: Vec<(&str, u32)> =
            three.contracts.iter().map(|one| (one.id.as_str(), one.from)).collect();
        assert_eq!(terms, [("base", 0), ("base, term 2", 12), ("base, term 3", 24)]);
        // A term that would begin where the horizon ends is none of it.
        assert_eq!(resolved(std::slice::from_ref(&again), 3, 24).contracts.len(), 2);
        assert_eq!(
            resolved(&[Purchase { renew: false, ..again.clone() }], 3, 30).contracts.len(),
            1
        );
        let many = resolved(&vec![again; 14], 3, 120);
        assert_eq!(
            (many.contracts.len(), many.prices.len(), many.committed.len()),
            (128, 128, 128)
        );
    }

    #[test]
    fn an_own_quote_is_off_the_list_price_and_nothing_else_is() {
        let machine = crate::sizing::tests::machine();
        let quote = crate::finance::OwnDiscount {
            discount: Decimal::new(3, 1),
            source: "an offer".to_owned(),
            as_of: "2026-11-01".to_owned(),
        };
        let purchase = Purchase { quote: Some(quote), ..purchase(1, "0", Coverage::Brokers(1)) };
        let own = price(&purchase, &machine, &list()).expect("the scenario's own");
        assert_eq!((own.tiers[0].usd, own.discount), (usd("0.28"), Decimal::ZERO));
        assert!((own.approximate_cost(1.0) - 0.28 * 1.0 / own.unit.size()).abs() < 1e-12);
    }
}
