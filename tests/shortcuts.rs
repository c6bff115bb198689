//! The short ways come to what the long ones come to: a fleet without its plan, a horizon without its bills, prices of which
//! only some change.

use model::Month;
use model::bill::Component;
use model::cheapest::{Shortlist, cheapest};
use model::comparison::compare;
use model::design::Design;
use model::horizon::{Asked, View};
use model::map::Map;
use model::money::Usd;
use model::parts;
use model::plan::plan;
use model::prices::PriceList;
use model::prices::{PriceGroup, PriceUnit};
use model::scenario::Scenario;
use model::scenario::{PriceChoice, PriceOverride};
use model::simulate::Incident;
use model::tariff::tariff;
use model::units::Hours;
use model::workload::Workload;
use pricing::Contracts;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::examples::examples;
use crate::parts::{at_home, in_regions, placed};
use crate::properties::{designs, workloads};
use crate::through_time;
use crate::{catalog, parse};

const MONTH: Month = Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };

/// The same machine, the same fleet, the same cost to the bit; or the same reasons.
#[track_caller]
fn agree(workload: &Workload, design: &Design, prices: &PriceList) -> Result<(), TestCaseError> {
    let long = plan(design, workload, MONTH, prices);
    let Ok(tariff) = tariff(design, prices) else {
        // Without its disk there is neither.
        prop_assert!(long.is_err());
        return Ok(());
    };
    let (plan, found) = match (long, cheapest(design, workload, MONTH, prices, &tariff)) {
        (Ok(plan), Ok(found)) => (plan, found),
        (Err(long), Err(short)) => {
            prop_assert_eq!(long.reasons, short.reasons);
            return Ok(());
        }
        (long, short) => {
            let (long, short) = (long.map(|plan| plan.machine), short.map(|found| found.machine));
            return Err(TestCaseError::fail(format!("{long:?} and {short:?}")));
        }
    };
    prop_assert_eq!(&prices.machines[found.machine].name, &plan.machine);
    prop_assert_eq!((found.brokers, found.bottleneck), (plan.fleet.brokers, plan.fleet.bottleneck));
    prop_assert_eq!(found.is_complete, plan.is_complete());
    let ranked = plan.candidates.iter().filter(|one| one.machine == plan.machine);
    let mut ranked = ranked.filter_map(|one| one.outcome.as_ref().ok());
    prop_assert!(ranked.any(|fit| fit.1.to_bits() == found.monthly.to_bits()));
    let near = |float: f64, exact: f64| (float - exact).abs() <= 1e-6 * exact + 0.01;
    prop_assert!(near(found.monthly, plan.monthly_cost().as_f64()));
    for component in Component::ALL {
        let exact = plan.of_component(*component).as_f64();
        prop_assert!(near(found.of_component(*component), exact), "{}", component.name());
    }
    Ok(())
}

/// A region at list prices.
fn plain() -> PriceChoice {
    let (provider, region) = ("aws".to_owned(), "eu-central-1".to_owned());
    PriceChoice { provider, region, overrides: Vec::new(), discounts: Map::new() }
}

/// Discounts and overrides: of machines and of other things, of what has no price, in the right measure and in others.
fn contracts() -> impl Strategy<Value = PriceChoice> {
    let list = catalog().price_list(&plain()).expect("the region is there");
    let machines = list.machines.iter().map(|machine| list.price(machine.price));
    let known = list.prices.iter().take(20).chain(machines.take(20));
    let known = known.map(|price| (price.sku.clone(), price.unit));
    let unknown = [("nobody:sells:this", PriceUnit::Hour), ("metric-series", PriceUnit::Month)];
    let unknown = unknown.into_iter().map(|(sku, unit)| (sku.to_owned(), unit));
    let skus: Vec<(String, PriceUnit)> = known.chain(unknown).collect();
    let own = (prop::sample::select(skus), 0..1_000_u32, prop::bool::weighted(0.1));
    let own = own.prop_map(|((sku, unit), price, other)| PriceOverride {
        sku,
        price: Usd::new(Decimal::new(price.into(), 3)),
        unit: if other { PriceUnit::Request } else { unit },
        source: "a test".to_owned(),
        as_of: "2026-11".to_owned(),
        span: 0..0,
    });
    let discount = (prop::sample::select(PriceGroup::ALL.to_vec()), 0..100_u32);
    (prop::collection::vec(own, 0..3), prop::collection::vec(discount, 0..4)).prop_map(
        |(overrides, discounts)| {
            let share = |(group, share): (PriceGroup, u32)| (group, Decimal::new(share.into(), 2));
            let discounts = discounts.into_iter().map(share).collect();
            PriceChoice { overrides, discounts, ..plain() }
        },
    )
}

/// The same reasons, or the same machine, months and incidents, and costs within rounding errors of the bills.
fn agree_through(scenario: &Scenario, design: &Design) -> Result<(), TestCaseError> {
    let prices = crate::parts::prices(scenario);
    let scenario = Scenario { platforms: vec![design.clone()], ..scenario.clone() };
    let outlook = parts::outlook(design, &scenario, &prices);
    let long = parts::plan(design, &scenario, &prices, View::Horizon, Asked::default());
    let (plan, outlook) = match (long, outlook) {
        (Ok(plan), Ok(outlook)) => (plan, outlook),
        (Err(long), Err(short)) => {
            prop_assert_eq!(long.reasons, short.reasons);
            return Ok(());
        }
        (long, short) => {
            let (long, short) = (long.map(|plan| plan.machine), short.map(|found| found.machine));
            return Err(TestCaseError::fail(format!("{long:?} and {short:?}")));
        }
    };
    prop_assert_eq!((&outlook.machine, outlook.short), (&plan.machine, plan.fleet.short));
    prop_assert_eq!(outlook.is_complete, plan.is_complete());
    prop_assert_eq!(outlook.months.len(), plan.months.len());
    let near = |float: f64, exact: f64| (float - exact).abs() <= 1e-6 * exact + 0.01;
    for (month, billed) in outlook.months.iter().zip(&plan.months) {
        prop_assert_eq!(month.month, billed.month);
        prop_assert!(
            (month.brokers / billed.brokers - 1.0).abs() < 1e-9 || month.brokers == billed.brokers
        );
        let exact = billed.bill.contracted_cost().as_f64();
        prop_assert!(near(month.cost, exact), "{}: {} is {exact}", design.name, month.cost);
        for component in Component::ALL {
            let (found, exact) =
                (month.of_component(*component), billed.bill.of_component(*component).as_f64());
            prop_assert!(near(found, exact), "{}: {found} is {exact}", component.name());
        }
    }
    // A migration's overlap is on the compared bill and may break a budget.
    if plan.course.is_none() {
        let compared = compare(&scenario, &prices, View::Horizon);
        let compared = compared.outcomes[0].as_ref().expect("it has a plan");
        let long = compared.simulation.as_ref().expect("it is simulated");
        prop_assert_eq!(outlook.incidents.len(), long.incidents.len());
        for (one, other) in outlook.incidents.iter().zip(&long.incidents) {
            prop_assert!(same(one, other), "{one:?} is {other:?}");
        }
        prop_assert!((outlook.available - long.available).abs() < 1e-12);
    }
    Ok(())
}

/// The same but for rounding errors.
fn same(one: &Incident, other: &Incident) -> bool {
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-6 * other.abs() + 1e-6;
    let to = (one.to.map(Hours::as_hours), other.to.map(Hours::as_hours));
    (one.matter, &one.subject, one.limit) == (other.matter, &other.subject, other.limit)
        && near(one.from.as_hours(), other.from.as_hours())
        && near(to.0.unwrap_or_default(), to.1.unwrap_or_default())
        && to.0.is_some() == to.1.is_some()
        && near(one.worst, other.worst)
}

#[test]
fn every_example_has_the_outlook_of_its_plans() {
    for path in examples("") {
        let text = std::fs::read_to_string(&path).expect("an example is a text file");
        let scenario = parse(&text);
        for design in &scenario.platforms {
            agree_through(&scenario, design)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
    }
}

/// Every machine a second time under another name, so that whatever is cheapest has an equal.
fn doubled(prices: &PriceList) -> PriceList {
    let mut prices = prices.clone();
    let again = prices.machines.clone().into_iter().map(|machine| {
        let name = format!("{} again", machine.name);
        model::prices::Machine { name, ..machine }
    });
    let again: Vec<_> = again.collect();
    prices.machines.splice(0..0, again);
    prices
}

/// A support plan is a share of all lines, so it counts towards which machine is cheapest.
#[test]
fn a_bill_with_every_line_on_it_has_the_cheapest_fleet_of_its_plan() {
    let scenario = parse(&crate::example("whole-bill.toml"));
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    let list = prices.of(None).expect("one region");
    for design in &scenario.platforms {
        assert!(design.lines.asked(Component::Support), "{}", design.name);
        agree(&scenario.workload, design, list).expect("the same");
    }
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn the_cheapest_fleet_is_that_of_the_plan(workload in workloads(), (design, prices) in designs()) {
        agree(&workload, &design, prices)?;
    }

    /// Machines that are not priced are never the answer: not where costs tie, not where fewer brokers go first, not where
    /// brokers cost nothing.
    #[test]
    fn what_is_left_out_is_never_the_cheapest(
        workload in workloads(),
        (design, prices) in designs(),
        larger_first in any::<bool>(),
        brokers in prop::option::of(1..40_u32),
        free in prop::bool::weighted(0.2),
        most in prop_oneof![Just(3), Just(30), Just(1_000)],
    ) {
        let mut design = design;
        design.settings.larger_first = larger_first;
        design.settings.brokers = brokers;
        design.settings.brokers_max = most;
        let mut prices = doubled(prices);
        if free {
            for price in &mut prices.prices {
                price.set_discount(1.into());
            }
        }
        agree(&workload, &design, &prices)?;
    }

    #[test]
    fn an_outlook_is_that_of_the_plan(
        scenario in through_time::scenarios(),
        design in through_time::designs(),
        budget in 100..100_000_u32,
        discount in 0..50_u32,
        availability in 0.99..1.0_f64,
        split in 0..3_u32,
    ) {
        let mut scenario = at_home(&scenario, &design);
        scenario.slo.budget = Some(Usd::new(budget.into()));
        scenario.slo.availability = Some(availability);
        let discount = Decimal::new(discount.into(), 2);
        scenario.prices.discounts = PriceGroup::ALL.into_iter().map(|group| (group, discount)).collect();
        let mut design = design;
        match split {
            1 => scenario = in_regions(&scenario, &[0.3, 0.7]),
            2 => design = placed(&design, &["stream-0"], &design),
            _ => {}
        }
        agree_through(&scenario, &design)?;
    }

    /// Whatever was asked for before.
    #[test]
    fn contracts_are_what_the_catalogue_says(choices in prop::collection::vec(contracts(), 1..5)) {
        let mut contracts = Contracts::new(catalog(), &plain()).expect("the region is there");
        for choice in &choices {
            let (short, long) = (contracts.price_list(choice), catalog().price_list(choice));
            prop_assert!(short == long.as_ref().map_err(Clone::clone), "{choice:?}");
        }
    }

    /// A list that was made once serves every workload.
    #[test]
    fn a_shortlist_does_not_wear_out(
        workloads in prop::collection::vec(workloads(), 2..5),
        (design, prices) in designs(),
    ) {
        let Ok(tariff) = tariff(&design, prices) else { return Ok(()) };
        let list = Shortlist::new(&design, prices, &tariff);
        for workload in &workloads {
            let (once, anew) = (list.cheapest(workload, MONTH), cheapest(&design, workload, MONTH, prices, &tariff));
            prop_assert_eq!(once.map_err(|no| no.reasons), anew.map_err(|no| no.reasons));
        }
    }
}
