//! The short ways come to what the long ones come to: a fleet without its plan.

use model::Month;
use model::bill::Component;
use model::cheapest::{Shortlist, cheapest};
use model::design::Design;
use model::plan::plan;
use model::prices::PriceList;
use model::tariff::tariff;
use model::units::Hours;
use model::workload::Workload;
use proptest::prelude::*;

use crate::properties::{designs, workloads};

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
