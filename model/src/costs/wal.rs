use arrayvec::ArrayVec;

use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};
use crate::design::Architecture;
use crate::flows::Edge;
use crate::parameters::Wal;
use crate::units::{ByteRate, Dimension};

/// Volumes, or a shared file system, that hold the write-ahead log of shared-storage brokers, for one month.
///
/// `capacity = brokers × max(WAL volume, what has the peak's throughput)`, `throughput bought = brokers × max(0, peak per broker − included)`; a file system's
/// is the peak of what all brokers write to it, and a share of what they read.
///
/// - **Units:** bytes kept for a month, bytes per second provisioned for a month.
/// - **Assumes:** one volume a broker, with one zone down at peak.
/// - **Source:** mechanics C1.
pub fn wal(site: &Site, brokers: &Brokers) -> ArrayVec<Usage, 2> {
    let settings = &site.design.settings;
    let shared = site.design.architecture() == Architecture::SharedStorage;
    let mut list = ArrayVec::new();
    let (true, Some(disk)) = (shared, site.tariff.disk) else { return list };
    let Some(capacity) = disk.capacity else { return list };

    let count = brokers.count;
    let usage = |grows_with, price, amount| Usage {
        component: Component::Wal,
        cause: Cause::Append,
        grows_with,
        price,
        amount,
    };
    // The peak comes while brokers are there, and each of them has its share of it.
    let peak =
        site.flows.peak(Edge::BrokerToDisk) * site.design.zone_loss_factor() * site.alive / count;
    // Where throughput comes with size, a WAL has to be as large as it is written fast.
    let volume = settings.wal_volume.max(disk.size_min).max(disk.size_for(peak));
    list.push(usage(Driver::Fixed, capacity, volume.base_bytes() * count));
    if let Some(price) = disk.throughput.filter(|_| settings.wal == Wal::File) {
        // One file system for all brokers.
        let peak = |edge| {
            let causes = [Cause::Append, Cause::Route];
            causes.into_iter().map(|cause| site.flows.peak_for(edge, cause)).sum::<ByteRate>()
        };
        let read = peak(Edge::ObjectStoreToBroker) * settings.file_read_weight;
        let metered = (peak(Edge::BrokerToObjectStore) + read) * site.alive;
        list.push(usage(Driver::Ingest, price, metered.base()));
    } else if let Some(price) = disk.throughput {
        let limit = disk.throughput_max.unwrap_or(peak);
        let included = disk.throughput_base.unwrap_or(ByteRate::ZERO);
        let bought = (peak.min(limit) - included).max(ByteRate::ZERO);
        list.push(usage(Driver::Ingest, price, bought.base() * count));
    }
    list
}
