use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};
use crate::units::{ByteRate, Hours};

/// Load balancers before the brokers, for one month; none where they are not asked for.
///
/// `quantity = load balancers × hours`, and of capacity units
/// `hours × max(new connections a second ÷ n, connections ÷ c, bytes of an hour ÷ b)`
///
/// - **Units:** hours of a load balancer, hours of a capacity unit.
/// - **Assumes:** each client keeps a connection to every broker and opens it anew after its time; of the three dimensions
///   the largest of the month's mean counts, not of each hour; all load balancers share the load evenly.
/// - **Source:** Elastic Load Balancing pricing page for an NLCU of TCP: 800 new connections a second, 100,000 at the same
///   time, 1 GB an hour, the largest is billed (see `LINE_PARAMETERS`).
pub fn load_balancers(site: &Site, brokers: &Brokers) -> Vec<Usage> {
    let settings = &site.design.lines.settings;
    if !site.design.lines.asked(Component::LoadBalancers) {
        return Vec::new();
    }
    let through = site.load.produce * settings.load_balancer_produce
        + (site.load.tail + site.load.replay) * settings.load_balancer_consume;
    let count = f64::from(settings.load_balancer_count);
    before_brokers(site, brokers, Component::LoadBalancers, count, through)
}

/// So many load balancers with so much going through them.
pub(super) fn before_brokers(
    site: &Site,
    brokers: &Brokers,
    component: Component,
    count: f64,
    through: ByteRate,
) -> Vec<Usage> {
    let usage = |grows_with, price, amount| Usage {
        component,
        cause: Cause::Serve,
        grows_with,
        price,
        amount,
    };
    let prices = &site.tariff.lines;
    let hours = site.month.as_hours();
    let (units, largest) = units(site, brokers, through);
    let balancer =
        prices.load_balancer.map(|price| usage(Driver::Fixed, price, count * hours * site.alive));
    let unit = prices.load_balancer_unit.map(|price| usage(largest, price, units * hours));
    balancer.into_iter().chain(unit).collect()
}

/// Capacity units at the month's means, and what they grow with.
fn units(site: &Site, brokers: &Brokers, through: ByteRate) -> (f64, Driver) {
    let settings = &site.design.lines.settings;
    let connections = f64::from(settings.load_balancer_clients) * brokers.count;
    let hour = Hours::new(1.0);
    let data = through * hour;
    let dimensions = [
        (data / settings.load_balancer_unit_data, Driver::Ingest),
        (connections / settings.load_balancer_unit_active.0, Driver::Brokers),
        (
            connections
                / settings.load_balancer_connection.as_secs()
                / settings.load_balancer_unit_new.0,
            Driver::Brokers,
        ),
    ];
    let mut largest = dimensions[0];
    for dimension in &dimensions[1..] {
        if dimension.0 > largest.0 {
            largest = *dimension;
        }
    }
    largest
}
