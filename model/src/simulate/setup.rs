//! What a platform asks of its brokers for each byte, and what a broker has: constants of one month.

use super::share::{Amounts, CPU, DISK, IN, OUT, RATED_IN, RATED_OUT};
use crate::design::{Architecture, Design};
use crate::flows::{self, Edge};
use crate::latency::{self, Latency};
use crate::load::{Load, Month, StreamLoad};
use crate::map::Map;
use crate::parameters::CpuRule;
use crate::prices::{Disk, Machine};
use crate::storage::{self, Storage, is_tiered};
use crate::units::{ByteRate, Bytes, Hours, MIB};

/// A fleet for a month.
#[derive(Clone, Debug)]
pub struct FleetMonth {
    /// Which month.
    pub month: Month,
    /// What clients ask for in it.
    pub load: Load,
    /// What is kept at its largest, as planned.
    pub storage: Storage,
    /// What volumes move at peak, all together.
    pub moved: ByteRate,
    /// How many brokers.
    pub brokers: u32,
    /// Units paid for, and hours of a week with so many, where a service counts them by the hour and adds them as load asks.
    pub paid: Option<Vec<(u32, f64)>>,
    /// How many each hour of the week, from the hour at which the horizon starts, where the fleet follows the day.
    pub hourly: Option<Vec<u32>>,
}

impl FleetMonth {
    /// Its sizes, the smallest first, and hours of a week with each; one where it does not follow the day.
    pub fn sizes(&self) -> Vec<(u32, f64)> {
        if let Some(paid) = &self.paid {
            return paid.clone();
        }
        let hourly = self.hourly.as_deref().unwrap_or(std::slice::from_ref(&self.brokers));
        let mut sizes: Map<u32, f64> = Map::new();
        for brokers in hourly {
            *sizes.or_default(*brokers) += 1.0;
        }
        sizes.iter().map(|(brokers, hours)| (*brokers, *hours)).collect()
    }

    /// How many are planned on average.
    pub fn mean(&self) -> f64 {
        let sizes = self.sizes();
        let hours: f64 = sizes.iter().map(|(_, hours)| hours).sum();
        sizes.iter().map(|(brokers, hours)| f64::from(*brokers) * hours).sum::<f64>() / hours
    }
}

/// What one stream asks of brokers.
#[derive(Clone, Debug)]
pub struct StreamSetup {
    /// For each byte produced.
    pub produce: Amounts,
    /// Whether its closed segments go to a remote tier.
    pub tiered: bool,
    /// Whether its log is compacted, and then its size once there is one.
    pub compacted: Option<f64>,
    /// How long brokers keep it; `None` where they keep nothing.
    pub local: Option<Kept>,
    /// How old records are when they reach the remote tier, in hours.
    pub open: f64,
    /// What one group reads from the remote tier at most, in bytes an hour: as many partitions at once as there are.
    pub remote_read: f64,
}

/// How long brokers keep a stream, open segments and waits included, in hours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// Beyond its retention.
    beyond: f64,
    /// Where a tier keeps more: for so long only, and so much more.
    recent: Option<(f64, f64)>,
}

impl Kept {
    /// Of a stream, whatever its retention.
    pub fn new(stream: &StreamLoad, design: &Design) -> Self {
        let local = design.settings.local_retention.filter(|_| is_tiered(stream, design));
        let (beyond, copying) = storage::waits(stream, design);
        let recent = |local: Hours| (local.as_hours(), (local + beyond + copying).as_hours());
        Self { beyond: beyond.as_hours(), recent: local.map(recent) }
    }

    /// With a retention of so many hours.
    pub fn age(self, retention: f64) -> f64 {
        match self.recent {
            Some((local, age)) if local < retention => age,
            _ => retention + self.beyond,
        }
    }
}

/// Constants of one month.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Stream by stream.
    pub streams: Vec<StreamSetup>,
    /// For each byte fetched from a cache.
    pub tail: Amounts,
    /// For each byte fetched from a broker's disk.
    pub local: Amounts,
    /// For each byte fetched from object storage or a remote tier.
    pub remote: Amounts,
    /// For each byte copied from broker to broker.
    pub copy: Amounts,
    /// The part of it that is not the target's.
    pub copied_from: Amounts,
    /// What one broker has, per hour.
    pub broker: Amounts,
    /// What it has while credits last.
    pub burst: Amounts,
    /// Copies on brokers.
    pub copies: f64,
    /// Disk of all brokers, in bytes; infinite where it is elastic.
    pub disk: f64,
    /// How far back caches reach, in hours, while all brokers serve.
    pub reach: f64,
    /// Largest upload of one shared-storage broker, in bytes.
    pub upload: f64,
    /// What producing takes at moderate load.
    pub latency: Latency,
}

/// Constants of a month for a platform.
pub fn setup(design: &Design, machine: &Machine, disk: Option<&Disk>, fleet: &FleetMonth) -> Setup {
    let settings = &design.settings;
    let shared = !design.replicates();
    let copies = match settings.disk_copies {
        _ if shared => 0.0,
        Some(copies) => f64::from(copies),
        None => f64::from(settings.replication_factor),
    };
    let (cpu_in, cpu_out) = cpu(design);
    let fetched = |into: f64, from_disk: f64| {
        let mut each = Amounts::default();
        each.0[IN] = into;
        each.0[OUT] = 1.0;
        each.0[DISK] = from_disk;
        each.0[CPU] = cpu_out;
        each.0[RATED_OUT] = 1.0;
        each
    };
    let streams = fleet
        .load
        .streams
        .iter()
        .map(|stream| stream_setup(stream, &fleet.load, design, cpu_in))
        .collect();
    // Without leaders nothing is acknowledged before it is stored.
    let upload = if design.is_leaderless() || design.is_list_price() {
        Bytes::ZERO
    } else {
        crate::costs::uploads(design, machine.memory, ByteRate::ZERO).size
    };
    let local = disk.filter(|disk| disk.local).and(machine.local).map(|local| local.capacity);
    let elastic = disk.is_some_and(|disk| !disk.attached && !disk.local && disk.size_max.is_none());
    let disk_bytes = match (settings.disk_per_broker.or(local), disk) {
        _ if shared || elastic => f64::INFINITY,
        (Some(volume), _) => volume.base_bytes() * f64::from(fleet.brokers),
        (None, Some(disk)) => bought(design, disk, fleet).base_bytes(),
        (None, None) => fleet.storage.provisioned.base_bytes(),
    };
    Setup {
        streams,
        tail: fetched(0.0, 0.0),
        local: fetched(0.0, 1.0),
        remote: fetched(1.0, 0.0),
        copy: Amounts([1.0, 1.0, 2.0, 0.0, 0.0, 0.0]),
        copied_from: Amounts([0.0, 1.0, 1.0, 0.0, 0.0, 0.0]),
        broker: broker(design, machine, disk, fleet, (1.0, 1.0)),
        burst: broker(
            design,
            machine,
            disk,
            fleet,
            (design.network_burst(machine), design.disk_burst(machine)),
        ),
        copies,
        disk: disk_bytes,
        reach: reach(design, machine, fleet, upload),
        upload: upload.base_bytes(),
        latency: {
            let (load, brokers) = (&fleet.load, f64::from(fleet.brokers));
            let domains = crate::costs::domains(design, load, machine, brokers);
            latency::latency(load, design, domains).unwrap_or_default()
        },
    }
}

/// Virtual CPUs for each byte an hour in and out, replication included.
fn cpu(design: &Design) -> (f64, f64) {
    let settings = &design.settings;
    let copies = if design.replicates() { f64::from(settings.replication_factor) } else { 1.0 };
    let factor = settings.cpu_factor.0;
    match settings.cpu_rule {
        CpuRule::Off => (0.0, 0.0),
        CpuRule::Google => {
            let per_vcpu = (settings.cpu_write_per_vcpu * Hours::new(1.0)).base_bytes();
            ((copies + (copies - 1.0) / 4.0) * factor / per_vcpu, factor / 4.0 / per_vcpu)
        }
        CpuRule::Netflix => {
            let per_byte = factor / 3600.0 / MIB;
            (
                settings.cpu_seconds_per_mib_in.0 * per_byte,
                settings.cpu_seconds_per_mib_out.0 * per_byte,
            )
        }
    }
}

/// What one stream asks for, by the same flows that plans are made of.
fn stream_setup(stream: &StreamLoad, load: &Load, design: &Design, cpu: f64) -> StreamSetup {
    let settings = &design.settings;
    let tiered = is_tiered(stream, design);
    let mut alone = stream.clone();
    // What is produced only, at a rate that is never zero.
    let rate = if stream.produce > ByteRate::ZERO { stream.produce } else { ByteRate::new(1.0) };
    alone.produce = rate;
    alone.tail = ByteRate::ZERO;
    alone.behind = ByteRate::ZERO;
    alone.replays = Vec::new();
    let single = Load {
        produce: rate,
        produce_peak: rate,
        tail: ByteRate::ZERO,
        tail_peak: ByteRate::ZERO,
        replay: ByteRate::ZERO,
        replay_peak: ByteRate::ZERO,
        streams: vec![alone],
        ..load.clone()
    };
    let flows = flows::flows(&single, design);
    let each = |edges: &[Edge]| edges.iter().map(|edge| flows.mean(*edge)).sum::<ByteRate>() / rate;
    let mut produce = Amounts::default();
    produce.0[IN] = each(&[Edge::ClientToBroker, Edge::BrokerToBroker, Edge::ObjectStoreToBroker]);
    produce.0[OUT] = each(&[Edge::BrokerToClient, Edge::BrokerToBroker, Edge::BrokerToObjectStore]);
    produce.0[DISK] = each(&[Edge::BrokerToDisk, Edge::DiskToBroker]);
    produce.0[CPU] = cpu;
    produce.0[RATED_IN] = 1.0;

    let compacted = stream.compacted.then(|| stream.retained.base_bytes());
    let shared = !design.replicates();
    let half_open = if settings.open_segments && !shared && stream.produce > ByteRate::ZERO {
        storage::roll_time(stream, design).as_hours() / 2.0
    } else {
        0.0
    };
    let open = if tiered && !settings.tier_overlap {
        settings.local_retention.unwrap_or(stream.retention).as_hours()
    } else if tiered {
        half_open
    } else {
        0.0
    };
    let local = (!shared && compacted.is_none()).then(|| Kept::new(stream, design));
    let remote_read = if tiered {
        let each = (settings.remote_read_rate * Hours::new(1.0)).base_bytes();
        each * f64::from(stream.partitions.max(1))
    } else {
        f64::INFINITY
    };
    StreamSetup { produce, tiered, compacted, local, open, remote_read }
}

/// What one broker has, per hour, its network and disk path so many times their baselines; infinite where nobody states a
/// limit.
fn broker(
    design: &Design,
    machine: &Machine,
    disk: Option<&Disk>,
    fleet: &FleetMonth,
    (network, block): (f64, f64),
) -> Amounts {
    let settings = &design.settings;
    let hourly = |rate: ByteRate| (rate * Hours::new(1.0)).base_bytes();
    let limit = |rate: Option<ByteRate>| rate.map_or(f64::INFINITY, hourly);
    let mut has = Amounts([f64::INFINITY; 6]);
    if design.is_list_price() {
        // A service adds units as load asks, up to what it sells.
        let most = f64::from(settings.brokers_max) / f64::from(fleet.brokers.max(1));
        has.0[RATED_IN] = limit(machine.rated_ingress) * most.max(1.0);
        has.0[RATED_OUT] = limit(machine.rated_egress) * most.max(1.0);
        return has;
    }
    if let Some(rated) = machine.rated_ingress {
        has.0[RATED_IN] = hourly(rated);
        has.0[RATED_OUT] = hourly(rated) * settings.rated_egress.0;
        return has;
    }
    has.0[IN] = limit(design.network(machine)) * network;
    has.0[OUT] = has.0[IN];
    if settings.cpu_rule != CpuRule::Off && machine.vcpu > 0.0 {
        has.0[CPU] = machine.vcpu * settings.cpu_ceiling.0;
    }
    if let Some(disk) = disk {
        let path = design.disk_path(machine).filter(|_| disk.attached);
        has.0[DISK] = (limit(path) * block).min(limit(volume(design, disk, fleet)));
    }
    has
}

/// Throughput of a broker's volume: what comes with it, or what is bought for the peak; `None` where nobody says.
fn volume(design: &Design, disk: &Disk, fleet: &FleetMonth) -> Option<ByteRate> {
    let settings = &design.settings;
    if design.architecture() == Architecture::SharedStorage {
        return disk.throughput_max;
    }
    let count = f64::from(fleet.brokers.max(1));
    let size = settings.disk_per_broker.unwrap_or_else(|| bought(design, disk, fleet) / count);
    let included = disk.included(size).or(disk.throughput_max)?;
    let asked = asked(design, fleet);
    let most = disk.throughput_max.unwrap_or(included.max(asked));
    Some(included.max(asked).min(most))
}

/// Throughput that a broker's volume is asked for at peak.
fn asked(design: &Design, fleet: &FleetMonth) -> ByteRate {
    fleet.moved / f64::from(fleet.brokers.max(1)) / design.settings.utilization
}

/// Capacity of all volumes as they are bought.
fn bought(design: &Design, disk: &Disk, fleet: &FleetMonth) -> Bytes {
    let count = f64::from(fleet.brokers.max(1));
    crate::costs::volumes(design, disk, fleet.storage.provisioned, count, asked(design, fleet))
}

/// How far back tail readers are served from memory, in hours (mechanics A5; C2 for shared storage: the block cache is
/// half of the WAL cache, and an upload is at most a third of that).
fn reach(design: &Design, machine: &Machine, fleet: &FleetMonth, upload: Bytes) -> f64 {
    let settings = &design.settings;
    if let Some(reach) = settings.cache_reach {
        return reach.as_hours();
    }
    if machine.memory <= Bytes::ZERO || machine.rated_ingress.is_some() || design.is_list_price() {
        return f64::INFINITY;
    }
    let count = f64::from(fleet.brokers.max(1));
    let (memory, written) = match design.architecture() {
        Architecture::SharedStorage => (upload * 3.0 / 2.0, fleet.load.produce),
        _ => {
            let copies = f64::from(settings.replication_factor);
            (design.page_cache(machine), fleet.load.produce * copies)
        }
    };
    if written > ByteRate::ZERO {
        (memory.max(Bytes::ZERO) * count / written).as_hours()
    } else {
        f64::INFINITY
    }
}
