//! Step 5: one file for each thing on a bill, one function in each: usage for one month.
//!
//! Every function states its formula, units, assumptions and source. None can fail: a [`Tariff`] with a price missing
//! cannot be built.

mod block_storage;
mod brokers;
mod controllers;
mod object_requests;
mod object_storage;
mod region_crossing;
mod service_fee;
mod wal;
mod zone_crossing;

pub use block_storage::block_storage;
pub use brokers::brokers;
pub use controllers::controllers;
pub use object_requests::{
    RequestClass, RequestRate, Uploads, object_requests, read_requests, requests, uploads,
    write_requests,
};
pub use object_storage::object_storage;
pub use region_crossing::{link_gaps, region_crossing};
pub use service_fee::{fee_gap, service_fee};
pub use wal::wal;
pub use zone_crossing::zone_crossing;

use crate::bill::{Driver, Usage};
use crate::design::{Architecture, Design};
use crate::flows::Flows;
use crate::load::Load;
use crate::prices::Machine;
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
}

/// Usage that is the same on any fleet.
pub fn common_usage(site: &Site) -> Vec<Usage> {
    let mut usage = Vec::new();
    usage.extend(controllers(site));
    usage.extend(object_storage(site));
    usage.extend(zone_crossing(site));
    usage.extend(region_crossing(site));
    usage.extend(service_fee(site));
    usage
}

/// What a fleet grows with, by the resource that sized it.
fn driver(bottleneck: Resource, site: &Site) -> Driver {
    let reads = site.load.tail_peak + site.load.replay_peak;
    // What else the network carries for each byte produced: replication and upkeep, or batches, uploads and merges.
    let others = match site.design.architecture() {
        Architecture::SharedStorage => 2.0 + site.design.settings.merge_traffic.0,
        _ => 4.0,
    };
    match bottleneck {
        Resource::DiskCapacity => Driver::Retention,
        Resource::Partitions => Driver::Partitions,
        Resource::Placement => Driver::Fixed,
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
