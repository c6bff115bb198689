//! Step 5: one file for each thing on a bill, one function in each: usage for one month.
//!
//! Every function states its formula, units, assumptions and source. None can fail: a [`Tariff`] with a price missing
//! cannot be built.

mod backups;
mod block_storage;
mod brokers;
mod client_paths;
mod connectors;
mod controllers;
mod labour;
mod load_balancers;
mod object_requests;
mod object_storage;
mod observability;
mod private_connectivity;
mod region_crossing;
mod service_fee;
mod support;
mod wal;
mod zone_crossing;

pub use backups::backups;
pub use block_storage::block_storage;
pub use brokers::brokers;
pub use client_paths::client_paths;
pub use connectors::{connector_tasks, connectors};
pub use controllers::controllers;
pub use labour::labour;
pub use load_balancers::load_balancers;
pub use object_requests::{
    RequestClass, RequestRate, Requests, Uploads, domains, object_requests, read_requests,
    requests, uploads, write_requests,
};
pub(crate) use object_requests::{between_requests, pieces};
pub use object_storage::object_storage;
pub use observability::observability;
pub use private_connectivity::private_connectivity;
pub use region_crossing::{link_gaps, region_crossing};
pub use service_fee::{fee_gap, service_fee, service_gaps};
pub use support::{is_supported, is_supported_usage, support, support_over};
pub use wal::wal;
pub use zone_crossing::zone_crossing;

use crate::bill::{Absent, Bill, Component, Driver, Gap, Usage};
use crate::design::{Architecture, Design};
use crate::flows::Flows;
use crate::lines::Lines;
use crate::load::Load;
use crate::prices::{Machine, PriceList};
use crate::sizing::{Demand, Resource};
use crate::storage::Storage;
use crate::tariff::Tariff;
use crate::units::Hours;

/// What the cost functions look at: everything known before money.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// What is planned.
    pub design: &'a Design,
    /// What clients ask for.
    pub load: &'a Load,
    /// What moves.
    pub flows: &'a Flows,
    /// What is kept.
    pub storage: &'a Storage,
    /// What the cluster asks of its machines.
    pub demand: &'a Demand,
    /// What things cost.
    pub tariff: &'a Tariff<'a>,
    /// Length of the month.
    pub month: Hours,
    /// Share of the month in which the platform is there.
    pub alive: f64,
    /// Requests that were counted through time; `None` counts them at the mean rate.
    pub requests: Option<&'a [RequestRate]>,
}

/// A fleet, as far as costs care.
#[derive(Clone, Copy, Debug)]
pub struct Brokers<'a> {
    /// The machine type.
    pub machine: &'a Machine,
    /// How many, on average over the month.
    pub count: f64,
    /// What asked for them.
    pub bottleneck: Resource,
}

/// Usage that depends on the fleet: what the choice of a machine is ranked by.
pub fn fleet_usage(site: &Site, brokers: &Brokers, usage: &mut Vec<Usage>) {
    usage.push(self::brokers(site, brokers));
    usage.extend(block_storage(site, brokers));
    usage.extend(wal(site, brokers));
    object_requests(site, brokers, usage);
    usage.extend(private_connectivity(site, brokers));
    usage.extend(load_balancers(site, brokers));
    usage.extend(observability(site, brokers));
    usage.extend(labour(site, brokers).into_iter().flatten());
}

/// Usage that is the same on any fleet.
pub fn common_usage(site: &Site) -> Vec<Usage> {
    let mut usage = Vec::new();
    usage.extend(controllers(site));
    usage.extend(object_storage(site));
    usage.extend(zone_crossing(site));
    usage.extend(region_crossing(site));
    usage.extend(client_paths(site));
    usage.extend(service_fee(site));
    usage.extend(connectors(site));
    usage.extend(backups(site));
    usage
}

/// Everything that was used in a month, priced; what a support plan adds to it; what is missing, and what nobody asked for.
pub fn bill(site: &Site, usage: &[Usage], prices: &PriceList) -> Bill {
    let price = |id| site.tariff.price(prices, id);
    let gaps = gaps(site, usage).chain(site.tariff.lines.gaps.iter().cloned()).collect();
    let beside = site.tariff.beside();
    let mut bill = Bill::priced(usage, gaps, beside, price);
    bill.extend(Bill::priced(&support(site, &bill), Vec::new(), beside, price));
    bill.absent = absent(site.design);
    bill
}

/// What is missing from a bill besides prices of the catalogue and of further lines.
fn gaps(site: &Site, usage: &[Usage]) -> impl Iterator<Item = Gap> {
    let hours = usage.iter().filter(|one| one.component == Component::Brokers);
    let units = hours.map(|one| one.amount).sum::<f64>() / site.month.as_hours();
    fee_gap(site).into_iter().chain(service_gaps(site, units)).chain(link_gaps(site))
}

/// Whether a bill of so much usage would have no gap.
pub fn is_complete(site: &Site, usage: &[Usage]) -> bool {
    let beside = site.tariff.beside();
    site.tariff.lines.gaps.is_empty()
        && gaps(site, usage).next().is_none()
        && !usage.iter().any(|one| beside.lacks(one))
}

/// The further lines that a platform's bill does not have.
fn absent(design: &Design) -> Vec<Absent> {
    let absent = |component: &Component| {
        let rows = design.preset.line_rows();
        let included = || {
            let switch = Lines::switch(*component)?;
            let row = rows.iter().find(|row| row.key == switch && row.value == "false")?;
            let own = design.lines.overrides.iter().any(|key| key == switch);
            (!own).then_some(row.source)
        };
        (!design.lines.asked(*component))
            .then(|| Absent { component: *component, included: included() })
    };
    Component::OPTIONAL.iter().filter_map(absent).collect()
}

/// What a fleet grows with, by the resource that sized it.
fn driver(bottleneck: Resource, site: &Site) -> Driver {
    let reads = site.load.tail_peak + site.load.replay_peak;
    // What else the network carries for each byte produced: replication and upkeep, or batches, uploads and merges.
    let others = match site.design.architecture() {
        Architecture::SharedStorage => 2.0 + site.design.settings.merge_traffic.0,
        Architecture::ListPrice => 0.0,
        _ => 4.0,
    };
    match bottleneck {
        Resource::DiskCapacity => Driver::Retention,
        Resource::Partitions => Driver::Partitions,
        Resource::Placement | Resource::OneUnit => Driver::Fixed,
        Resource::RatedEgress if site.load.replay_peak > site.load.tail_peak => {
            Driver::HistoricalReads
        }
        Resource::RatedEgress => Driver::TailReads,
        // A network is shared by produce, replication and reads: named after whichever asks for most of it.
        Resource::Network if reads > site.load.produce_peak * others => {
            if site.load.replay_peak > site.load.tail_peak {
                Driver::HistoricalReads
            } else {
                Driver::TailReads
            }
        }
        _ => Driver::Ingest,
    }
}
