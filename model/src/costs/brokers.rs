use super::{Brokers, Site, driver};
use crate::bill::{Cause, Component, Usage};

/// Machines that brokers run on, for one month.
///
/// `quantity = brokers × hours of the month`
///
/// - **Units:** machine hours.
/// - **Assumes:** the mean of the month where fleets change within it; boot volumes are left out on every platform.
/// - **Source:** the price names its own, in the catalogue; the count is from [`crate::sizing`].
pub fn brokers(site: &Site, brokers: &Brokers) -> Usage {
    Usage {
        component: Component::Brokers,
        cause: Cause::Serve,
        grows_with: driver(brokers.bottleneck, site),
        price: brokers.machine.price,
        amount: brokers.count * site.month.as_hours(),
    }
}
