use super::{Brokers, Site, driver};
use crate::bill::{Cause, Component, Usage};

/// Machines that brokers run on, for one month.
///
/// `quantity = brokers × hours of the month − free units × hours of the month in which the platform is there`
///
/// - **Units:** machine hours, or hours of a service's units.
/// - **Assumes:** the mean of the month where fleets change within it; boot volumes are left out on every platform.
/// - **Source:** the price names its own, in the catalogue; the count is from [`crate::sizing`].
pub fn brokers(site: &Site, brokers: &Brokers) -> Usage {
    let hours = brokers.count * site.month.as_hours() - free(site);
    Usage {
        component: Component::Brokers,
        cause: Cause::Serve,
        grows_with: driver(brokers.bottleneck, site),
        price: brokers.machine.price,
        amount: hours.max(0.0),
    }
}

/// Hours of units that a service does not charge for: at every hour at which it is there, as many as `units_free` says.
pub(super) fn free(site: &Site) -> f64 {
    site.design.settings.units_free.0 * site.month.as_hours() * site.alive
}
