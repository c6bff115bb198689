use super::Site;
use crate::bill::{Cause, Component, Driver, Usage};

/// Machines that keep a cluster's metadata, for one month; `None` where brokers or the service do it.
///
/// `quantity = controllers × hours of the month`
///
/// - **Units:** machine hours.
/// - **Assumes:** KRaft controllers on machines of their own.
/// - **Source:** Kafka documentation, 3 or 5 controllers (mechanics A7).
pub fn controllers(site: &Site) -> Option<Usage> {
    let price = site.tariff.controller?;
    Some(Usage {
        component: Component::Controllers,
        cause: Cause::Coordinate,
        grows_with: Driver::Fixed,
        price,
        amount: f64::from(site.design.settings.controllers) * site.month.as_hours(),
    })
}
