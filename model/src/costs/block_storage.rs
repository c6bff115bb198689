use arrayvec::ArrayVec;

use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};
use crate::design::{Architecture, Design};
use crate::prices::Disk;
use crate::units::{ByteRate, Bytes, Dimension};

/// Volumes that brokers keep replicas on: capacity, and performance above what comes with them, for one month.
///
/// `capacity = max(provisioned or the volumes that there are, brokers × smallest volume, throughput beyond what any volume
/// has ÷ throughput per TiB)`
///
/// `throughput bought = brokers × max(0, peak per broker ÷ utilization − included)`, operations likewise; brokers are those of
/// the month on average, and the peak is that of brokers while they are there
///
/// - **Units:** bytes kept for a month, bytes per second and operations per second provisioned for a month.
/// - **Assumes:** one volume a broker, replicas spread evenly; reads at the end of the log come from page cache.
/// - **Source:** mechanics A5 and A6; volume limits in the catalogue.
pub fn block_storage(site: &Site, brokers: &Brokers) -> ArrayVec<Usage, 3> {
    let mut usage = ArrayVec::new();
    if site.design.architecture() == Architecture::SharedStorage {
        return usage;
    }
    let Some(disk) = site.tariff.disk else { return usage };
    let Some(capacity) = disk.capacity else { return usage };

    let count = brokers.count;
    let usable = site.design.settings.utilization;
    // The peak comes while brokers are there, and each of them has its share of it.
    let each = site.alive / count / usable;
    let throughput = ByteRate::from_mib_per_sec(site.demand.volume * each);
    let operations = site.demand.disk_operations * each;

    usage.push(Usage {
        component: Component::BlockStorage,
        cause: Cause::Retain,
        grows_with: Driver::Retention,
        price: capacity,
        amount: volumes(site.design, disk, site.storage.provisioned, count, throughput)
            .base_bytes(),
    });
    let performance = |price, amount| Usage {
        component: Component::BlockStorage,
        cause: Cause::Perform,
        grows_with: Driver::Ingest,
        price,
        amount,
    };
    if let Some(price) = disk.throughput {
        let included = disk.throughput_base.unwrap_or(ByteRate::ZERO);
        // A volume faster than the machine's path to it is money lost.
        let path = site.design.disk_path(brokers.machine);
        let limit = disk.throughput_max.unwrap_or(throughput).min(path.unwrap_or(throughput));
        let bought = (throughput.min(limit) - included).max(ByteRate::ZERO);
        usage.push(performance(price, bought.base() * count));
    }
    if let Some(price) = disk.iops {
        let limit = disk.iops_max.unwrap_or(operations);
        let bought = (operations.min(limit) - disk.iops_base.unwrap_or(0.0)).max(0.0);
        usage.push(performance(price, bought * count));
    }
    usage
}

/// Capacity of all volumes together, as large as data, the smallest volume and its throughput ask for: what is paid for, and
/// what there is.
pub fn volumes(
    design: &Design,
    disk: &Disk,
    provisioned: Bytes,
    count: f64,
    throughput: ByteRate,
) -> Bytes {
    let needed = match design.settings.disk_per_broker {
        Some(volume) => volume * count,
        None => provisioned,
    };
    needed.max(disk.size_min * count).max(disk.size_for(throughput) * count)
}
