//! A steady month of `kafka-gp3` by hand: the arithmetic that its cheapest fleet takes for one flat contract of one stream
//! with tail readers, and nothing besides. No memory is asked for, no case is looked at that cannot be.
//!
//! It is what the general way is held against, so it says the same to nine digits.

use model::design::Design;
use model::prices::{Machine, PriceList};
use model::shape::{Shape, WEEK};
use model::tariff::Tariff;
use model::units::{ByteRate, Bytes, Dimension, Hours};

/// Machines that are at hand; more than the pool has.
const MOST: usize = 640;

/// A division may exceed a whole number by a rounding error of floats, as in the model.
const ROUNDING: f64 = 1e-9;

/// What does not change from point to point.
pub struct Floor {
    factors: [f64; WEEK],
    readers: f64,
    partitions: f64,
    hours: f64,
    machines: usize,
    /// Dollars of an hour; then what one broker may be planned for: network and disk path in MiB/s, volume in MiB/s,
    /// operations, GiB of disk, virtual CPUs, GiB of cache, replicas.
    hourly: [f64; MOST],
    has: [[f64; MOST]; 8],
    path: [f64; MOST],
    design: Design,
    /// Dollars for a month of: a byte on disk, a byte an hour of throughput and an operation; of a byte out and in; controllers.
    prices: Prices,
    disk: Volume,
}

struct Prices {
    byte: f64,
    throughput: f64,
    operation: f64,
    crossing: f64,
    controllers: f64,
}

struct Volume {
    least: f64,
    throughput: (f64, f64),
    operations: (f64, f64),
}

impl Floor {
    pub fn new(
        design: &Design,
        prices: &PriceList,
        tariff: &Tariff,
        shape: &Shape,
        (readers, partitions, hours): (f64, f64, f64),
    ) -> Self {
        let settings = &design.settings;
        let disk = tariff.disk.expect("it has a disk");
        let unit = |id| {
            let price = prices.price(id);
            price.tiers[0].approximate.1 / price.unit.size()
        };
        let fits = |machine: &&Machine| {
            machine.pool == design.preset.pool
                && machine.vcpu >= f64::from(settings.vcpu_min)
                && machine.memory >= settings.memory_min
                && design.page_cache(machine) > Bytes::ZERO
                && machine.network.is_some()
                && machine.block.is_some()
        };
        let mut floor = Self {
            factors: *shape.factors(),
            readers,
            partitions,
            hours,
            machines: 0,
            hourly: [0.0; MOST],
            has: [[f64::INFINITY; MOST]; 8],
            path: [0.0; MOST],
            design: design.clone(),
            prices: Prices {
                byte: unit(disk.capacity.expect("volumes cost money")),
                throughput: unit(disk.throughput.expect("throughput costs money")),
                operation: unit(disk.iops.expect("operations cost money")),
                crossing: unit(tariff.zone_out) + unit(tariff.zone_in),
                controllers: unit(tariff.controller.expect("it has controllers"))
                    * f64::from(settings.controllers)
                    * hours,
            },
            disk: Volume {
                least: disk.size_min.base(),
                throughput: (
                    disk.throughput_base.map_or(0.0, ByteRate::base),
                    disk.throughput_max.map_or(f64::INFINITY, ByteRate::base),
                ),
                operations: (disk.iops_base.unwrap_or(0.0), disk.iops_max.unwrap_or(f64::INFINITY)),
            },
        };
        let usable = settings.utilization;
        let most = disk.throughput_max.map_or(f64::INFINITY, ByteRate::as_mib_per_sec);
        let volume = [settings.storage_per_broker_max, disk.size_max, settings.disk_per_broker];
        let volume = volume.into_iter().flatten().fold(Bytes::new(f64::INFINITY), Bytes::min);
        for machine in prices.machines.iter().filter(fits) {
            let at = floor.machines;
            floor.hourly[at] = unit(machine.price);
            let mib = |rate: Option<ByteRate>| rate.map_or(f64::INFINITY, ByteRate::as_mib_per_sec);
            let operations =
                machine.block_iops.unwrap_or(f64::INFINITY).min(floor.disk.operations.1);
            let has = [
                mib(machine.network) * usable,
                mib(machine.block) * usable,
                most * usable,
                operations * usable,
                volume.as_gib(),
                machine.vcpu,
                design.page_cache(machine).as_gib(),
                machine.partitions.unwrap_or(f64::from(settings.partition_replicas_max)),
            ];
            for (column, each) in floor.has.iter_mut().zip(has) {
                column[at] = each;
            }
            floor.path[at] = machine.block.map_or(f64::INFINITY, ByteRate::base);
            floor.machines += 1;
        }
        floor
    }

    /// Brokers and dollars of the cheapest fleet at a mean rate kept for so long.
    pub fn cheapest(&self, produce: ByteRate, retention: Hours) -> (f64, f64) {
        let settings = &self.design.settings;
        let copies = f64::from(settings.replication_factor);
        let zones = f64::from(settings.zones);
        let rate = produce.as_mib_per_sec();
        let (mut peak, mut egress) = (0.0, 0.0);
        for factor in &self.factors {
            peak = f64::max(peak, rate * factor);
            egress = f64::max(egress, rate * self.readers * factor);
        }
        let upkeep = settings.entitlement_lagging.0 + settings.entitlement_rebalance.0;
        let replicate = settings.entitlement_replication.0 * (copies - 1.0) / 2.0;
        let volume = peak * copies + egress * settings.catch_up_share;
        let open = (settings.segment_bytes / (produce / self.partitions)).min(settings.segment_ms);
        let kept = produce * (retention + open / 2.0 + settings.deletion_delay) * copies;
        let kept = kept / settings.disk_utilization;
        let cpu = |produce: f64, egress: f64, utilization: f64| {
            (produce * copies + (egress + produce * (copies - 1.0)) / 4.0)
                / settings.cpu_write_per_vcpu.as_mib_per_sec()
                / utilization
                * settings.cpu_factor.0
        };
        let operations =
            ByteRate::from_mib_per_sec(volume) * Hours::from_secs(1.0) / settings.disk_io;
        let asked = [
            egress * zones / (zones - 1.0) + peak * (replicate + upkeep),
            peak * (copies + upkeep),
            volume,
            operations,
            kept.as_gib(),
            cpu(rate, rate * self.readers, settings.cpu_utilization_mean).max(cpu(
                peak,
                egress,
                settings.cpu_utilization_peak,
            )),
            (ByteRate::from_mib_per_sec(peak * copies) * settings.page_cache).as_gib(),
            self.partitions * copies,
        ];
        let mut brokers = [copies.max(zones); MOST];
        for (asked, column) in asked.iter().zip(&self.has) {
            for (most, each) in brokers[..self.machines].iter_mut().zip(column) {
                let one = asked / each;
                *most = if one > *most { one } else { *most };
            }
        }
        let mut best = (0.0, f64::INFINITY);
        let bytes = ByteRate::from_mib_per_sec(volume).base();
        for (at, asked) in brokers[..self.machines].iter().enumerate() {
            let least = asked * self.hours * self.hourly[at];
            if least + kept.base() * self.prices.byte > best.1 {
                continue;
            }
            let count = ((asked - ROUNDING) / zones).ceil() * zones;
            if count > f64::from(settings.brokers_max) {
                continue;
            }
            let cost = self.fleet(at, count, kept.base(), bytes, operations);
            if cost < best.1 {
                best = (count, cost);
            }
        }
        (best.0, best.1 + self.crossing(produce) + self.prices.controllers)
    }

    fn fleet(&self, at: usize, count: f64, kept: f64, bytes: f64, operations: f64) -> f64 {
        let usable = self.design.settings.utilization;
        let throughput = (bytes / count / usable).min(self.disk.throughput.1).min(self.path[at]);
        let operations = (operations / count / usable).min(self.disk.operations.1);
        count * self.hours * self.hourly[at]
            + kept.max(self.disk.least * count) * self.prices.byte
            + (throughput - self.disk.throughput.0).max(0.0) * count * self.prices.throughput
            + (operations - self.disk.operations.0).max(0.0) * count * self.prices.operation
    }

    fn crossing(&self, produce: ByteRate) -> f64 {
        let settings = &self.design.settings;
        let zones = f64::from(settings.zones);
        let copies = f64::from(settings.replication_factor);
        let produced = (zones - 1.0) / zones * (1.0 - settings.producers_zone_aware);
        let replicated = (copies - (copies / zones).max(1.0)) * settings.replication_billed;
        let month = (produce * Hours::new(self.hours)).base();
        month * (produced + replicated) * self.prices.crossing
    }
}
