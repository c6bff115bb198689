use super::load_balancers::before_brokers;
use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};

/// Private connectivity between clients' networks and the brokers, for one month; none where it is not asked for.
///
/// consumer's side: `quantity = networks × zones × hours` of endpoints, and every byte through them, both ways
///
/// provider's side: the service's own fee by the hour and by the byte, or a load balancer with its capacity units
///
/// - **Units:** hours of an endpoint in one zone, bytes moved.
/// - **Assumes:** one endpoint in each zone for each network of clients; one fee of a service for a cluster, as for one way
///   to authenticate; replays take the share of what is consumed.
/// - **Source:** AWS PrivateLink pricing page: the owner of an endpoint pays for its hours and for what it processes; VPC user
///   guide: an endpoint service needs a load balancer; MSK pricing page: private connectivity by the hour and the GB.
pub fn private_connectivity(site: &Site, brokers: &Brokers) -> Vec<Usage> {
    let component = Component::PrivateConnectivity;
    let settings = &site.design.lines.settings;
    let mut list = Vec::new();
    if !site.design.lines.asked(component) {
        return list;
    }
    let prices = &site.tariff.lines;
    let hours = site.month.as_hours() * site.alive;
    let mut push = |cause, grows_with, price: Option<_>, amount| {
        if let Some(price) = price {
            list.push(Usage { component, cause, grows_with, price, amount });
        }
    };
    let endpoints = f64::from(settings.private_networks) * f64::from(site.design.settings.zones);
    let produced = site.load.produce * settings.private_produce;
    let consumed = site.load.tail * settings.private_consume;
    let replayed = site.load.replay * settings.private_consume;
    let causes = [
        (Cause::Produce, Driver::Ingest, produced),
        (Cause::Consume, Driver::TailReads, consumed),
        (Cause::Replay, Driver::HistoricalReads, replayed),
    ];
    if settings.private_consumer_side {
        push(Cause::Serve, Driver::Fixed, prices.endpoint, endpoints * hours);
        for (cause, driver, rate) in causes {
            push(cause, driver, prices.endpoint_data, (rate * site.month).base_bytes());
        }
    }
    if settings.private_provider_side {
        push(Cause::Serve, Driver::Fixed, prices.provider_side, hours);
        for (cause, driver, rate) in causes {
            push(cause, driver, prices.provider_data, (rate * site.month).base_bytes());
        }
        if prices.provider_side.is_none() && prices.provider_data.is_none() {
            let through = produced + consumed + replayed;
            list.extend(before_brokers(site, brokers, component, 1.0, through));
        }
    }
    list
}
