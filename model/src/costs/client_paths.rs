use super::Site;
use super::region_crossing::sent;
use crate::bill::{Cause, Component, Driver, Usage};
use crate::prices::PriceId;
use crate::units::ByteRate;

/// What clients ask for: why, what it grows with, how much.
type Traffic = (Cause, Driver, ByteRate);

/// Clients' ways to the brokers by peering, address translation, from other regions and the internet, for one month; none
/// where they are not asked for.
///
/// `quantity = rate × share of clients on the path × share that is on this bill × month`
///
/// - **Units:** bytes moved; hours of address translation in each zone.
/// - **Assumes:** producers and consumers take each path alike. Peering, address translation and other regions charge both
///   ways (a producer's bytes leave the other region, at the price of this one), the internet charges what leaves.
///   Zone crossings stay on their own line, and so does what links fetch.
/// - **Source:** AWS documentation of VPC peering; VPC pricing page; transfer prices in the catalogue (see
///   `LINE_PARAMETERS`).
pub fn client_paths(site: &Site) -> Vec<Usage> {
    let component = Component::ClientPaths;
    let settings = &site.design.lines.settings;
    let mut list = Vec::new();
    if !site.design.lines.asked(component) {
        return list;
    }
    let prices = &site.tariff.lines;
    let produce = (Cause::Produce, Driver::Ingest, site.load.produce);
    let linked: ByteRate = site.load.links.iter().map(|link| sent(site, link)).sum();
    let tail = (site.load.tail - linked).max(ByteRate::ZERO);
    let leaving = [
        (Cause::Consume, Driver::TailReads, tail),
        (Cause::Replay, Driver::HistoricalReads, site.load.replay),
    ];
    let both = [produce, leaving[0], leaving[1]];
    let paths: [(f64, Option<PriceId>, &[Traffic]); 4] = [
        (settings.path_peering, prices.peering, &both),
        (settings.path_nat, prices.nat, &both),
        (settings.path_cross_region, prices.cross_region, &both),
        (settings.path_internet, prices.internet, &leaving),
    ];
    for (share, price, flows) in paths {
        let Some(price) = price else { continue };
        for &(cause, grows_with, rate) in flows {
            let amount = (rate * (share * settings.paths_paid) * site.month).base_bytes();
            list.push(Usage { component, cause, grows_with, price, amount });
        }
    }
    if let Some(price) = prices.nat_hour {
        let zones = f64::from(site.design.settings.zones);
        let hours = site.month.as_hours() * site.alive;
        let amount = zones * hours * settings.paths_paid;
        let (cause, grows_with) = (Cause::Serve, Driver::Fixed);
        list.push(Usage { component, cause, grows_with, price, amount });
    }
    list
}
