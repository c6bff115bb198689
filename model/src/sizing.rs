//! Step 4: demand against capacity: how many of which machine, and the resource that decides.

use serde::Serialize;

use crate::bill::Cause;
use crate::design::{Architecture, Design};
use crate::flows::{Edge, Flows};
use crate::load::Load;
use crate::parameters::{CpuRule, Headroom};
use crate::prices::{Disk, Machine};
use crate::storage::Storage;
use crate::units::{ByteRate, Bytes, ROUNDING};

/// Something that a machine has a limited amount of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Bytes through the machine's network, the busier way.
    Network,
    /// Bytes through the machine's block-storage path.
    DiskPath,
    /// Bytes that the broker's volume can move.
    Volume,
    /// Disk operations.
    DiskOperations,
    /// Disk capacity.
    DiskCapacity,
    /// Virtual CPUs.
    Cpu,
    /// Page cache.
    PageCache,
    /// Partition replicas.
    Partitions,
    /// Produce rate that the machine is sold with.
    RatedIngress,
    /// Fetch rate that the machine is sold with.
    RatedEgress,
    /// One broker in each zone, and one for each replica.
    Placement,
    /// The least that is sold.
    OneUnit,
    /// Records that a unit is sold with, where a service counts them.
    Records,
}

impl Resource {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::DiskPath => "disk path",
            Self::Volume => "volume throughput",
            Self::DiskOperations => "disk operations",
            Self::DiskCapacity => "disk capacity",
            Self::Cpu => "CPU",
            Self::PageCache => "page cache",
            Self::Partitions => "partitions",
            Self::RatedIngress => "rated ingress",
            Self::RatedEgress => "rated egress",
            Self::Placement => "one broker a zone",
            Self::OneUnit => "the least sold",
            Self::Records => "rated records",
        }
    }

    /// Whether it is a least number of brokers, whatever the demand.
    pub fn is_least(self) -> bool {
        matches!(self, Self::Placement | Self::OneUnit)
    }

    /// The unit of its demand and capacity.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Network
            | Self::DiskPath
            | Self::Volume
            | Self::RatedIngress
            | Self::RatedEgress => "MiB/s",
            Self::DiskOperations => "IOPS",
            Self::DiskCapacity | Self::PageCache => "GiB",
            Self::Cpu => "vCPU",
            Self::Partitions => "replicas",
            Self::Placement => "brokers",
            Self::OneUnit => "units",
            Self::Records => "records/s",
        }
    }
}

/// What the cluster asks of one resource, and what one broker has of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Requirement {
    /// Which resource.
    pub resource: Resource,
    /// What the cluster asks for, in the resource's unit.
    pub demand: f64,
    /// What one broker may be planned for, in the same unit.
    pub per_broker: f64,
}

impl Requirement {
    /// Brokers that it takes, exactly.
    pub fn brokers(&self) -> f64 {
        if self.demand <= 0.0 { 0.0 } else { self.demand / self.per_broker }
    }
}

/// Why a machine cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum Unfit {
    /// No local disk, or a spinning one.
    NoLocalDisk,
    /// The vendor states no limit for a resource.
    NotStated(Resource),
    /// Fewer virtual CPUs than a broker needs.
    FewCpus {
        /// What it has.
        vcpu: f64,
        /// What is needed.
        min: u32,
    },
    /// Less memory than a broker needs.
    LittleMemory {
        /// What it has.
        memory: Bytes,
        /// What is needed.
        min: Bytes,
    },
    /// More brokers than a cluster may have.
    TooMany {
        /// The resource that asks for them.
        resource: Resource,
        /// How many.
        brokers: f64,
        /// How many there may be.
        max: u32,
    },
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoLocalDisk => write!(out, "has no local solid-state disk"),
            Self::NotStated(resource) => write!(out, "vendor states no {} limit", resource.name()),
            Self::FewCpus { vcpu, min } => write!(out, "{vcpu} vCPU; a broker needs {min}"),
            Self::LittleMemory { memory, min } => {
                write!(out, "{memory} of memory; a broker needs {min}")
            }
            Self::TooMany { resource, brokers, max } => write!(
                out,
                "{} would take {} brokers; a cluster may have {max}",
                resource.name(),
                crate::units::grouped(*brokers)
            ),
        }
    }
}

/// What the cluster asks of each resource at peak, before any machine is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demand {
    pub(crate) network: f64,
    pub(crate) disk_path: f64,
    /// Throughput of all volumes together, in MiB/s.
    pub volume: f64,
    /// Operations per second of all volumes together.
    pub disk_operations: f64,
    pub(crate) capacity: f64,
    /// Virtual CPUs.
    pub vcpu: f64,
    pub(crate) page_cache: f64,
    pub(crate) partitions: f64,
    pub(crate) ingress: f64,
    pub(crate) egress: f64,
    pub(crate) records: f64,
    pub(crate) records_out: f64,
}

#[cfg(feature = "optimize")]
impl Demand {
    /// The larger of two demands on each resource.
    #[must_use]
    pub fn larger(&self, other: &Self) -> Self {
        Self {
            network: self.network.max(other.network),
            disk_path: self.disk_path.max(other.disk_path),
            volume: self.volume.max(other.volume),
            disk_operations: self.disk_operations.max(other.disk_operations),
            capacity: self.capacity.max(other.capacity),
            vcpu: self.vcpu.max(other.vcpu),
            page_cache: self.page_cache.max(other.page_cache),
            partitions: self.partitions.max(other.partitions),
            ingress: self.ingress.max(other.ingress),
            egress: self.egress.max(other.egress),
            records: self.records.max(other.records),
            records_out: self.records_out.max(other.records_out),
        }
    }
}

/// What the cluster asks for.
///
/// - **`aws-entitlement`:** network `z·egress + (2.2·(RF−1)/2 + 0.5 + 3.0)·W`, disk path `(RF + 0.5 + 3.0)·W`, each
///   1.5 times what goes to a tier more, with `z = A/(A−1)` for a lost zone, against `utilization` of the limits
///   (mechanics A3b, B2; for RF 3 and three zones these are its 5.7 and 6.5).
/// - **`aws-ceiling`:** network `egress + (RF−1)·W`, disk path `RF·W` (A3a).
/// - **`netflix`:** the busier way of the network and `RF·W`, each times 1.4 (A3e).
/// - **Shared storage:** network `(F + 1 router + 1 upload + merges)·W·z` out and `(1 + (A−1) + merges)·W·z` in (C4, C5).
/// - Replays come on top, at their full speed.
pub fn demand(load: &Load, flows: &Flows, storage: &Storage, design: &Design) -> Demand {
    let settings = &design.settings;
    let mut demand = match design.architecture() {
        Architecture::SharedNothing | Architecture::Tiered => {
            replicated(load, flows, storage, design)
        }
        Architecture::SharedStorage => shared_storage(load, flows, design),
        Architecture::ListPrice => {
            Demand { partitions: f64::from(load.partitions), ..Demand::default() }
        }
    };
    let cpu = cpu(load, design);
    demand.vcpu = match settings.cpu_rule {
        // What is sold by its rates has no processors that anybody knows.
        _ if design.is_list_price() => 0.0,
        CpuRule::Google => cpu.google_mean.max(cpu.google_peak),
        CpuRule::Netflix => cpu.netflix,
        CpuRule::Off => 0.0,
    };
    demand.ingress = load.produce_peak.as_mib_per_sec();
    // Records come as bytes do, so they peak with them.
    demand.records = load.records.map_or(0.0, |records| {
        let peak =
            if load.produce > ByteRate::ZERO { load.produce_peak / load.produce } else { 1.0 };
        records.per_sec() * peak
    });
    let fan_out = if load.produce_peak > ByteRate::ZERO {
        (load.tail_peak + load.replay_peak) / load.produce_peak
    } else {
        0.0
    };
    demand.records_out = demand.records * fan_out;
    demand.egress = (load.tail_peak + load.replay_peak).as_mib_per_sec();
    demand
}

fn replicated(load: &Load, flows: &Flows, storage: &Storage, design: &Design) -> Demand {
    let settings = &design.settings;
    let copies = f64::from(settings.replication_factor);
    let ingress = load.produce_peak;
    let egress = load.tail_peak + load.replay_peak;
    let replication = flows.peak(Edge::BrokerToBroker);
    // Replays and the log cleaner come on top of what a policy counts.
    let history = flows.peak_for(Edge::DiskToBroker, Cause::Replay);
    let cleaner = flows.peak_for(Edge::DiskToBroker, Cause::Merge);
    let rewritten = flows.peak_for(Edge::BrokerToDisk, Cause::Merge);
    let remote = flows.peak(Edge::BrokerToObjectStore).max(flows.peak(Edge::ObjectStoreToBroker));

    let (network, disk_path) = match settings.headroom {
        Headroom::AwsEntitlement => {
            // Segments are uploaded when they close, however long they also stay on brokers.
            let uploaded = flows.peak_for(Edge::BrokerToObjectStore, Cause::Upload);
            let tier = uploaded * settings.entitlement_tier.0;
            // The factor 2.2 is for two followers.
            let replicate = settings.entitlement_replication.0 * (copies - 1.0) / 2.0;
            let upkeep = settings.entitlement_lagging.0 + settings.entitlement_rebalance.0;
            let lost_zone = design.zone_loss_factor();
            (
                egress * lost_zone + ingress * (replicate + upkeep) + tier,
                ingress * (copies + upkeep) + tier + history * lost_zone + cleaner + rewritten,
            )
        }
        Headroom::AwsCeiling => {
            (egress + replication + remote, flows.peak(Edge::BrokerToDisk) + history + cleaner)
        }
        Headroom::Netflix => {
            let busier = (ingress * copies).max(egress + replication + remote);
            let buffer = settings.network_buffer.0;
            (busier * buffer, (flows.peak(Edge::BrokerToDisk) + history + cleaner) * buffer)
        }
    };
    let moved = flows.peak(Edge::BrokerToDisk) + flows.peak(Edge::DiskToBroker);
    Demand {
        network: network.as_mib_per_sec(),
        disk_path: disk_path.as_mib_per_sec(),
        volume: moved.as_mib_per_sec(),
        disk_operations: moved * crate::units::Hours::from_secs(1.0) / settings.disk_io,
        capacity: storage.provisioned.as_gib(),
        page_cache: (ingress * copies * settings.page_cache).as_gib(),
        partitions: f64::from(load.partitions) * copies,
        ..Demand::default()
    }
}

fn shared_storage(load: &Load, flows: &Flows, design: &Design) -> Demand {
    let out = flows.peak(Edge::BrokerToClient) + flows.peak(Edge::BrokerToObjectStore);
    let into = flows.peak(Edge::ClientToBroker) + flows.peak(Edge::ObjectStoreToBroker);
    let lost_zone = design.zone_loss_factor();
    let appended = flows.peak(Edge::BrokerToDisk) * lost_zone;
    Demand {
        network: (out.max(into) * lost_zone).as_mib_per_sec(),
        disk_path: appended.as_mib_per_sec(),
        volume: appended.as_mib_per_sec(),
        partitions: f64::from(load.partitions),
        ..Demand::default()
    }
}

/// What CPU demand comes to by each rule, in virtual CPUs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CpuBand {
    /// Google's rule at the mean.
    pub google_mean: f64,
    /// Google's rule at the peak.
    pub google_peak: f64,
    /// Netflix's rule at the mean, with the buffer that the settings have.
    pub netflix: f64,
}

/// CPU demand by both rules: known to ± 50 % only, so it is a band.
///
/// - **Google:** `(W·RF + (egress + W·(RF−1))/4) ÷ 20 MiB/s ÷ utilization`.
/// - **Netflix:** `(a + Q·√a) · buffer` with `a = 0.030·W + 0.040·egress` core-seconds per MiB. Its code multiplies egress
///   by the number of groups once more and buffers only clusters that exist, which we do not follow: the two meet at three
///   groups (`tests/published/netflix.rs`).
/// - **Shared storage:** the same with one copy: brokers do not replicate. No vendor publishes a better figure.
/// - **Source:** mechanics A4.
pub fn cpu(load: &Load, design: &Design) -> CpuBand {
    let settings = &design.settings;
    let copies = if design.replicates() { f64::from(settings.replication_factor) } else { 1.0 };
    let write_equivalents = |produce: ByteRate, egress: ByteRate| {
        produce * copies + (egress + produce * (copies - 1.0)) / 4.0
    };
    let google = |produce, egress, utilization: f64| {
        write_equivalents(produce, egress) / settings.cpu_write_per_vcpu / utilization
            * settings.cpu_factor.0
    };
    let egress = load.tail + load.replay;
    let busy = settings.cpu_seconds_per_mib_in.0 * load.produce.as_mib_per_sec()
        + settings.cpu_seconds_per_mib_out.0 * egress.as_mib_per_sec();
    let busy = busy * settings.cpu_factor.0;
    CpuBand {
        google_mean: google(load.produce, egress, settings.cpu_utilization_mean),
        google_peak: google(
            load.produce_peak,
            load.tail_peak + load.replay_peak,
            settings.cpu_utilization_peak,
        ),
        netflix: (busy + settings.cpu_staffing.0 * busy.sqrt()) * settings.cpu_buffer.0,
    }
}

/// A number of brokers on one machine type, and what asked for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// How many.
    pub brokers: u32,
    /// What the cluster asks of each resource.
    pub requirements: Vec<Requirement>,
    /// The resource that asks for most.
    pub bottleneck: Resource,
    /// Whether a fixed number of brokers is fewer than the policy asks for.
    pub short: bool,
}

impl Fleet {
    /// Demand over what the fleet may be planned for: 1 is the edge of the policy.
    pub fn utilization(&self, requirement: &Requirement) -> f64 {
        requirement.brokers() / f64::from(self.brokers)
    }
}

/// How many brokers on one machine type, and what decided: a [`Fleet`] without its requirements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// How many.
    pub brokers: u32,
    /// The resource that asks for most.
    pub bottleneck: Resource,
    /// Whether a fixed number of brokers is fewer than the policy asks for.
    pub short: bool,
}

/// Sizes the fleet on one machine type.
///
/// # Errors
///
/// Why the machine cannot be used.
pub fn fleet(
    demand: &Demand,
    design: &Design,
    machine: &Machine,
    disk: Option<&Disk>,
) -> Result<Fleet, Unfit> {
    let mut requirements = Vec::with_capacity(10);
    let mut most = Most::default();
    ask_all(demand, design, machine, disk, &mut |asked| {
        requirements.push(asked);
        most.take(asked);
    })?;
    let Size { brokers, bottleneck, short } = most.size(design)?;
    Ok(Fleet { brokers, requirements, bottleneck, short })
}

/// The same without the requirements, for one of many machines.
///
/// # Errors
///
/// Why the machine cannot be used.
pub fn size(
    demand: &Demand,
    design: &Design,
    machine: &Machine,
    disk: Option<&Disk>,
) -> Result<Size, Unfit> {
    let mut most = Most::default();
    ask_all(demand, design, machine, disk, &mut |asked| most.take(asked))?;
    most.size(design)
}

/// Brokers in whole zones, for what asks for so many of them.
fn in_every_zone(asked: f64, design: &Design) -> f64 {
    let zones = spread(design);
    ((asked - ROUNDING).ceil() / zones).ceil().max(1.0) * zones
}

/// Zones that a fleet has the same number of brokers in; a service spreads what it sells over its zones by itself.
pub(crate) fn spread(design: &Design) -> f64 {
    if design.is_list_price() { 1.0 } else { f64::from(design.settings.zones) }
}

/// Machine sizes double: where one broker a zone is enough, but half of the machine would not be, it is not the zones
/// that decided.
const HALF_A_MACHINE: f64 = 0.5;

/// The requirements that ask for most: the first of all, and the last of those that are no least number of brokers.
#[derive(Default)]
struct Most {
    of_all: Option<(Requirement, f64)>,
    of_demand: Option<(Requirement, f64)>,
}

impl Most {
    fn take(&mut self, asked: Requirement) {
        let brokers = asked.brokers();
        if self.of_all.is_none_or(|most| brokers > most.1) {
            self.of_all = Some((asked, brokers));
        }
        let least = asked.resource.is_least();
        if !least && self.of_demand.is_none_or(|most| brokers >= most.1) {
            self.of_demand = Some((asked, brokers));
        }
    }

    fn size(&self, design: &Design) -> Result<Size, Unfit> {
        let settings = &design.settings;
        let none = Requirement { resource: Resource::Placement, demand: 1.0, per_broker: 1.0 };
        let (most, asked) = self.of_all.unwrap_or((none, none.brokers()));
        let bottleneck = self.bottleneck(most, asked);
        if let Some(brokers) = settings.brokers {
            let short = f64::from(brokers) < (asked - ROUNDING).ceil();
            return Ok(Size { brokers, bottleneck, short });
        }
        let brokers = in_every_zone(asked, design);
        if brokers > f64::from(settings.brokers_max) {
            let (resource, max) = (most.resource, settings.brokers_max);
            return Err(Unfit::TooMany { resource, brokers, max });
        }
        Ok(Size { brokers: brokers as u32, bottleneck, short: false })
    }

    /// The resource that sized the fleet, be it by the number of brokers or by their size.
    fn bottleneck(&self, most: Requirement, brokers: f64) -> Resource {
        if !most.resource.is_least() {
            return most.resource;
        }
        let half = |asked: &(Requirement, f64)| asked.1 > HALF_A_MACHINE * brokers;
        self.of_demand.filter(half).map_or(most.resource, |asked| asked.0.resource)
    }
}

/// What one broker on each of many machine types may be planned for: worked out once for all demands.
#[derive(Clone, Debug)]
pub struct Capacities {
    /// Indices of machines that can be used whatever the demand, in the order given.
    pub machines: Vec<usize>,
    /// Of each demand, what each of them has.
    columns: [Vec<f64>; COLUMNS],
    /// The least number of brokers.
    least: f64,
    /// Whether brokers write over a machine's path to its volumes, as soon as there is something to write.
    path: bool,
}

/// Demands that machines have a limited amount of.
const COLUMNS: usize = 12;

impl Demand {
    /// Of everything as much as the number of its column, and one: what is asked with it says which column it is.
    const NUMBERED: Self = Self {
        network: 1.0,
        disk_path: 2.0,
        volume: 3.0,
        disk_operations: 4.0,
        capacity: 5.0,
        vcpu: 6.0,
        page_cache: 7.0,
        partitions: 8.0,
        ingress: 9.0,
        egress: 10.0,
        records: 11.0,
        records_out: 12.0,
    };

    /// In the order of [`Capacities::columns`].
    fn columns(&self) -> [f64; COLUMNS] {
        [
            self.network,
            self.disk_path,
            self.volume,
            self.disk_operations,
            self.capacity,
            self.vcpu,
            self.page_cache,
            self.partitions,
            self.ingress,
            self.egress,
            self.records,
            self.records_out,
        ]
    }
}

impl Capacities {
    /// Of some machines, by their indices.
    pub fn new<'a>(
        machines: impl Iterator<Item = (usize, &'a Machine)>,
        design: &Design,
        disk: Option<&Disk>,
    ) -> Self {
        let path = disk.is_some_and(|disk| disk.attached);
        let mut all = Self { machines: Vec::new(), columns: Default::default(), least: 0.0, path };
        for (index, machine) in machines {
            // What is not asked for is never short.
            let mut row = [f64::INFINITY; COLUMNS];
            let mut least = 0.0;
            let asked = ask_all(&Demand::NUMBERED, design, machine, disk, &mut |asked| {
                if asked.resource.is_least() {
                    least = asked.brokers();
                } else {
                    row[asked.demand as usize - 1] = asked.per_broker;
                }
            });
            if asked.is_ok() {
                all.machines.push(index);
                all.least = least;
                for (column, each) in all.columns.iter_mut().zip(row) {
                    column.push(each);
                }
            }
        }
        all
    }

    /// Brokers that a demand takes of each machine, at least; `None` where more machines can be used, because
    /// nothing is written that one would have to be fit for.
    pub fn brokers(&self, demand: &Demand, design: &Design) -> Option<Vec<f64>> {
        if self.path && demand.disk_path <= 0.0 {
            return None;
        }
        if let Some(brokers) = design.settings.brokers {
            return Some(vec![f64::from(brokers); self.machines.len()]);
        }
        let mut brokers = vec![self.least; self.machines.len()];
        for (demand, column) in demand.columns().into_iter().zip(&self.columns) {
            if demand > 0.0 {
                for (most, each) in brokers.iter_mut().zip(column) {
                    let asked = demand / each;
                    *most = if asked > *most { asked } else { *most };
                }
            }
        }
        let zones = spread(design);
        for brokers in &mut brokers {
            *brokers = rounded_up((*brokers - ROUNDING) / zones) * zones;
        }
        Some(brokers)
    }
}

/// The next whole number, of numbers that have a fraction to lose: floats of this size have none. The standard library's
/// is a call, and this goes for several machines at once.
fn rounded_up(number: f64) -> f64 {
    const WHOLE: f64 = (1_u64 << 52) as f64;
    let near = (number + WHOLE) - WHOLE;
    let up = if near < number { near + 1.0 } else { near };
    if number < WHOLE { up } else { number }
}

/// Asks one machine type for everything that a cluster needs.
fn ask_all(
    demand: &Demand,
    design: &Design,
    machine: &Machine,
    disk: Option<&Disk>,
    take: &mut impl FnMut(Requirement),
) -> Result<(), Unfit> {
    let settings = &design.settings;
    let mut ask = |resource, demand: f64, per_broker: f64| {
        take(Requirement { resource, demand, per_broker });
    };

    let list_price = design.is_list_price();
    let (planned, planned_out) = if list_price {
        (1.0, 1.0)
    } else {
        (settings.utilization, settings.rated_egress_utilization)
    };
    let rated_egress = machine
        .rated_egress
        .or(machine.rated_ingress.map(|rated| rated * settings.rated_egress.0))
        .filter(|_| machine.rated_ingress.is_some() || list_price);
    if let Some(rated) = machine.rated_ingress {
        ask(Resource::RatedIngress, demand.ingress, rated.as_mib_per_sec() * planned);
    }
    if let Some(rated) = rated_egress {
        ask(Resource::RatedEgress, demand.egress, rated.as_mib_per_sec() * planned_out);
    }
    if machine.rated_ingress.is_none() && !list_price {
        physical(demand, design, machine, disk, &mut ask)?;
    }
    if demand.vcpu > 0.0 {
        ask(Resource::Cpu, demand.vcpu, machine.vcpu);
    }
    let partitions = machine
        .partitions
        .or_else(|| (!list_price).then_some(f64::from(settings.partition_replicas_max)));
    if let Some(limit) = partitions.filter(|_| demand.partitions > 0.0) {
        ask(Resource::Partitions, demand.partitions, limit);
    }
    if list_price {
        for (records, most) in [
            (demand.records, settings.unit_records_max.0),
            (demand.records_out, settings.unit_records_out_max.0),
        ] {
            if most > 0.0 && records > 0.0 {
                ask(Resource::Records, records, most);
            }
        }
        ask(Resource::OneUnit, 1.0, 1.0);
        return Ok(());
    }
    let placed = match design.architecture() {
        // Without replicas it still takes a second broker to take over from the first.
        Architecture::SharedStorage => settings.zones.max(2),
        _ => settings.zones.max(settings.replication_factor),
    };
    ask(Resource::Placement, f64::from(placed), 1.0);
    Ok(())
}

/// Requirements on machines that are sold by what they are made of.
fn physical(
    demand: &Demand,
    design: &Design,
    machine: &Machine,
    disk: Option<&Disk>,
    ask: &mut impl FnMut(Resource, f64, f64),
) -> Result<(), Unfit> {
    let settings = &design.settings;
    if machine.vcpu <= 0.0 {
        return Err(Unfit::NotStated(Resource::Cpu));
    }
    if machine.vcpu < f64::from(settings.vcpu_min) {
        return Err(Unfit::FewCpus { vcpu: machine.vcpu, min: settings.vcpu_min });
    }
    if machine.memory < settings.memory_min {
        return Err(Unfit::LittleMemory { memory: machine.memory, min: settings.memory_min });
    }
    let shared = design.architecture() == Architecture::SharedStorage;
    let usable = design.network_usable();

    // A service answers for what its machines are made of; the fleet is then sized by what it does state.
    match design.network(machine) {
        Some(network) => ask(Resource::Network, demand.network, network.as_mib_per_sec() * usable),
        None if design.preset.managed => {}
        None => return Err(Unfit::NotStated(Resource::Network)),
    }

    let attached = disk.is_some_and(|disk| disk.attached);
    let path = design.disk_path(machine);
    if attached && demand.disk_path > 0.0 {
        match path {
            Some(path) => ask(Resource::DiskPath, demand.disk_path, path.as_mib_per_sec() * usable),
            None if design.preset.managed => {}
            None => return Err(Unfit::NotStated(Resource::DiskPath)),
        }
    }
    let Some(disk) = disk else { return Ok(()) };

    // A file system is one for all brokers, and none of theirs.
    let volume = disk.throughput_max.or(disk.throughput_base).filter(|_| attached || !shared);
    if let Some(limit) = volume {
        ask(Resource::Volume, demand.volume, limit.as_mib_per_sec() * usable);
    }
    if shared {
        return Ok(());
    }
    let operations = match (disk.iops_max, machine.block_iops.filter(|_| disk.attached)) {
        (Some(volume), Some(machine)) => Some(volume.min(machine)),
        (volume, machine) => volume.or(machine),
    };
    if let Some(limit) = operations {
        ask(Resource::DiskOperations, demand.disk_operations, limit * usable);
    }
    if disk.local {
        let local = machine.local.filter(|local| local.solid_state).ok_or(Unfit::NoLocalDisk)?;
        ask(Resource::DiskCapacity, demand.capacity, local.capacity.as_gib());
    } else if let Some(limit) =
        smaller(smaller(settings.storage_per_broker_max, disk.size_max), settings.disk_per_broker)
    {
        ask(Resource::DiskCapacity, demand.capacity, limit.as_gib());
    }

    let cache = design.page_cache(machine);
    if cache <= Bytes::ZERO {
        let min = settings.heap + settings.os_reserve;
        return Err(Unfit::LittleMemory { memory: machine.memory, min });
    }
    ask(Resource::PageCache, demand.page_cache, cache.as_gib());
    Ok(())
}

fn smaller(one: Option<Bytes>, other: Option<Bytes>) -> Option<Bytes> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Stands for the storage of a service, which is sold without volumes.
const SERVICE_DISK: &str = "service";

/// The disk that a design's brokers write to, by its name in the catalogue.
pub fn disk_name(design: &Design) -> Option<&str> {
    match design.architecture() {
        Architecture::SharedStorage if !design.appends_objects() => Some(&design.settings.wal_disk),
        // A service's own storage has a fee, and nothing that a broker writes to.
        _ if design.settings.disk == SERVICE_DISK => None,
        Architecture::SharedStorage | Architecture::ListPrice => None,
        Architecture::SharedNothing | Architecture::Tiered => Some(&design.settings.disk),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::flows::tests::{MONTH, design, workload};
    use crate::parameters::{Factor, Settings};
    use crate::prices::PriceId;
    use crate::units::{Frequency, Hours};
    use crate::workload::{Cleanup, Workload};

    /// What is asked for by 100 MiB/s at three copies, one reader of all of it and a replay at 400 MiB/s, or by some change of
    /// these, with the two CPU rules' results beside it.
    fn asked(workload: &Workload, design: &Design) -> (Demand, CpuBand) {
        let load = crate::load::load(workload, design, MONTH, 1);
        let flows = crate::flows::flows(&load, design);
        let storage = crate::storage::storage(&load, design);
        (demand(&load, &flows, &storage, design), cpu(&load, design))
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9 * expected.max(1.0), "{found} is not {expected}");
    }

    /// The workload with a compacted log, large enough for its replay to find all that was produced.
    fn compacted() -> Workload {
        let mut workload = workload();
        workload.streams[0].cleanup = Cleanup::Compact { live: Bytes::from_gib(10_240.0) };
        workload
    }

    #[test]
    fn each_policy_counts_its_edges() {
        let check = |workload: &Workload, name, headroom, network, disk_path| {
            let design = design(name, |settings| {
                settings.headroom = headroom;
                settings.local_retention = Some(Hours::new(12.0));
            });
            let (demand, _) = asked(workload, &design);
            near(demand.network, network);
            near(demand.disk_path, disk_path);
        };
        let (plain, cleaned) = (&workload(), &compacted());
        // Egress 500 × 3/2 for a lost zone, ingress × (2.2 + 0.5 + 3); disks ingress × (3 + 0.5 + 3) and the replay.
        check(plain, "kafka-gp3", Headroom::AwsEntitlement, 750.0 + 570.0, 650.0 + 600.0);
        // The cleaner reads and writes 100 ÷ 0.5 × 3 copies.
        check(cleaned, "kafka-gp3", Headroom::AwsEntitlement, 1320.0, 1250.0 + 600.0 + 600.0);
        // Uploads count 1.5 times on both; a quarter of the replay is on disks.
        check(
            plain,
            "kafka-tiered",
            Headroom::AwsEntitlement,
            1320.0 + 150.0,
            650.0 + 150.0 + 150.0,
        );
        // Egress 500, two followers; three copies, the replay.
        check(plain, "kafka-gp3", Headroom::AwsCeiling, 500.0 + 200.0, 300.0 + 400.0);
        check(cleaned, "kafka-gp3", Headroom::AwsCeiling, 700.0, 300.0 + 600.0 + 400.0 + 600.0);
        // Of the tier's two ways the busier: 5 of catching up and 300 of the replay come down, 100 go up.
        check(plain, "kafka-tiered", Headroom::AwsCeiling, 700.0 + 305.0, 300.0 + 100.0);
        check(plain, "kafka-gp3", Headroom::Netflix, 700.0 * 1.4, 700.0 * 1.4);
        check(cleaned, "kafka-gp3", Headroom::Netflix, 700.0 * 1.4, 1900.0 * 1.4);
        check(plain, "kafka-tiered", Headroom::Netflix, 1005.0 * 1.4, 400.0 * 1.4);
        // Nobody reads: three copies come in, two go out.
        let mut unread = workload();
        unread.streams[0].readers.clear();
        check(&unread, "kafka-gp3", Headroom::Netflix, 300.0 * 1.4, 300.0 * 1.4);
    }

    #[test]
    fn replication_out_is_counted_for_each_follower() {
        for (copies, expected) in [(1, 0.0), (2, 110.0), (3, 220.0), (5, 440.0)] {
            let design = design("kafka-gp3", |settings| settings.replication_factor = copies);
            near(asked(&workload(), &design).0.network, 750.0 + 350.0 + expected);
        }
    }

    #[test]
    fn disks_move_what_is_kept_and_what_is_read_again() {
        // 300 are written, 5 + 400 are read, in operations of 256 KiB; 30 s of three copies stay in memory.
        let (demand, _) = asked(&workload(), &design("kafka-gp3", |_| ()));
        near(demand.volume, 705.0);
        near(demand.disk_operations, 705.0 * 4.0);
        near(demand.page_cache, 100.0 * 3.0 * 30.0 / 1024.0);
        near(demand.partitions, 30.0 * 3.0);
        near(demand.ingress, 100.0);
        near(demand.egress, 500.0);
    }

    #[test]
    fn shared_storage_asks_for_the_busier_way_of_the_network() {
        let check = |name, wal: Option<f64>, network| {
            let design = design(name, |settings| settings.merge_traffic = Factor(0.5));
            let (demand, _) = asked(&workload(), &design);
            near(demand.network, network);
            near(demand.disk_path, wal.unwrap_or(0.0));
            near(demand.volume, wal.unwrap_or(0.0));
            near(demand.partitions, 30.0);
        };
        // In: 100 produced, 200 routed, 50 merged, 5 behind, 400 replayed; out: 500 and 250 to the store.
        check("automq-s3-wal", None, 755.0 * 1.5);
        // In: 555; out: 500, 100 uploaded and 50 merged. The WAL takes what a lost zone's brokers took.
        check("automq-ebs-wal", Some(150.0), 650.0 * 1.5);
    }

    #[test]
    fn records_peak_with_bytes() {
        let mut workload = workload();
        workload.streams[0].records = Some(Frequency::new(1000.0));
        workload.streams[0].shape = crate::shape::Shape::named("nightly-batch").expect("a shape");
        let design = design("event-hubs", |_| ());
        // Twelve times the mean at night: 1200 MiB/s in, as much followed, and 400 replayed.
        let (demand, _) = asked(&workload, &design);
        near(demand.records, 12_000.0);
        near(demand.records_out, 16_000.0);
        near(demand.partitions, 30.0);
        // Nothing of nothing is nothing, and not no number.
        workload.streams[0].produce_raw = ByteRate::ZERO;
        let (demand, _) = asked(&workload, &design);
        assert_eq!((demand.records_out, demand.egress), (0.0, 0.0));
    }

    #[test]
    fn cpu_is_counted_by_two_rules() {
        let replayed = 100.0 * 2.0 / 7.0;
        let mut peaked = workload();
        peaked.streams[0].shape = crate::shape::Shape::named("nightly-batch").expect("a shape");
        let check = |name, google_mean: f64, google_peak: f64| {
            let design = design(name, |settings| {
                settings.cpu_factor = Factor(1.5);
                settings.cpu_write_per_vcpu = ByteRate::from_mib_per_sec(20.0);
                (settings.cpu_utilization_mean, settings.cpu_utilization_peak) = (0.5, 0.625);
                settings.cpu_staffing = Factor(2.0);
            });
            let (demand, band) = asked(&peaked, &design);
            near(band.google_mean, google_mean / 20.0 / 0.5 * 1.5);
            near(band.google_peak, google_peak / 20.0 / 0.625 * 1.5);
            let busy: f64 = (100.0 * 0.03 + (100.0 + replayed) * 0.04) * 1.5;
            near(band.netflix, (busy + 2.0 * busy.sqrt()) * 2.5);
            near(demand.vcpu, band.google_peak);
        };
        // Three copies are written, and a quarter of what is read by clients and two followers.
        check(
            "kafka-gp3",
            300.0 + (100.0 + replayed + 200.0) / 4.0,
            3600.0 + (1200.0 + 400.0 + 2400.0) / 4.0,
        );
        check("automq-s3-wal", 100.0 + (100.0 + replayed) / 4.0, 1200.0 + (1200.0 + 400.0) / 4.0);
    }

    /// Four virtual CPUs, 16 GiB, 200 MiB/s of network and 100 of disk path.
    pub(crate) fn machine() -> Machine {
        Machine {
            name: "m".to_owned(),
            pool: "compute".to_owned(),
            role: String::new(),
            price: PriceId(0),
            vcpu: 4.0,
            memory: Bytes::from_gib(16.0),
            network: Some(ByteRate::from_mib_per_sec(200.0)),
            network_burst: None,
            block: Some(ByteRate::from_mib_per_sec(100.0)),
            block_burst: None,
            block_iops: None,
            local: None,
            rated_ingress: None,
            rated_egress: None,
            partitions: Some(1000.0),
            source: String::new(),
        }
    }

    /// How many brokers, what decided and whether they are too few, where so many MiB/s pass the network. Half of 200
    /// MiB/s may be planned for.
    fn sized(network: f64, change: fn(&mut Settings)) -> Result<(u32, Resource, bool), Unfit> {
        let design = design("kafka-gp3", change);
        let demand = Demand { network, ..Demand::default() };
        let size = size(&demand, &design, &machine(), None)?;
        let fleet = fleet(&demand, &design, &machine(), None)?;
        assert_eq!(
            (fleet.brokers, fleet.bottleneck, fleet.short),
            (size.brokers, size.bottleneck, size.short)
        );
        Ok((size.brokers, size.bottleneck, size.short))
    }

    /// What one broker may be planned for, resource by resource, where the cluster asks for one of everything.
    fn capacities(design: &Design, machine: &Machine, disk: &Disk) -> Vec<(Resource, f64)> {
        let mut found = Vec::new();
        ask_all(&Demand::NUMBERED, design, machine, Some(disk), &mut |asked| {
            found.push((asked.resource, asked.per_broker));
        })
        .expect("the machine fits");
        found
    }

    /// A volume of 1000 MiB/s, 10,000 operations and 16 TiB.
    pub(crate) fn volume() -> Disk {
        Disk {
            name: "gp3".to_owned(),
            role: String::new(),
            local: false,
            attached: true,
            capacity: None,
            iops: None,
            throughput: None,
            size_min: Bytes::ZERO,
            size_max: Some(Bytes::from_gib(16_384.0)),
            iops_base: None,
            iops_max: Some(10_000.0),
            throughput_base: Some(ByteRate::from_mib_per_sec(125.0)),
            throughput_per_tib: None,
            throughput_max: Some(ByteRate::from_mib_per_sec(1000.0)),
            source: String::new(),
        }
    }

    #[test]
    fn a_broker_is_planned_for_a_share_of_what_its_machine_and_disk_can_do() {
        let kafka = design("kafka-gp3", |settings| {
            settings.utilization = 0.5;
            settings.storage_per_broker_max = Some(Bytes::from_gib(32_768.0));
            (settings.heap, settings.os_reserve) = (Bytes::from_gib(6.0), Bytes::from_gib(1.0));
        });
        let disks = [
            (Resource::DiskPath, 50.0),
            (Resource::Volume, 500.0),
            (Resource::DiskOperations, 5000.0),
            (Resource::DiskCapacity, 16_384.0),
        ];
        let rest = [
            (Resource::PageCache, 9.0),
            (Resource::Cpu, 4.0),
            (Resource::Partitions, 1000.0),
            (Resource::Placement, 1.0),
        ];
        let all = [&[(Resource::Network, 100.0)], &disks[..], &rest[..]].concat();
        assert_eq!(capacities(&kafka, &machine(), &volume()), all);
        // The smaller of two limits counts: of the machine's own operations, of the cluster's disks.
        let mut slow = machine();
        slow.block_iops = Some(6000.0);
        let small = Disk { size_max: Some(Bytes::from_gib(65_536.0)), ..volume() };
        let found = capacities(&kafka, &slow, &small);
        assert!(found.contains(&(Resource::DiskOperations, 3000.0)), "{found:?}");
        assert!(found.contains(&(Resource::DiskCapacity, 32_768.0)), "{found:?}");
        // Brokers of a shared store share its WAL's volume and keep nothing; a file system is nobody's own.
        let automq = design("automq-ebs-wal", |settings| settings.network_utilization = 0.75);
        let wal = [
            (Resource::Network, 150.0),
            (Resource::DiskPath, 75.0),
            (Resource::Volume, 750.0),
            (Resource::Cpu, 4.0),
            (Resource::Partitions, 1000.0),
            (Resource::Placement, 1.0),
        ];
        assert_eq!(capacities(&automq, &machine(), &volume()), wal);
        let file_system = Disk { attached: false, ..volume() };
        let nobodys = [wal[0], wal[3], wal[4], wal[5]];
        assert_eq!(capacities(&automq, &machine(), &file_system), nobodys);
    }

    #[test]
    fn only_who_writes_needs_a_way_to_the_disk() {
        let kafka = design("kafka-gp3", |_| ());
        let mut machine = machine();
        machine.block = None;
        let fits = |disk_path, disk: &Disk| {
            let demand = Demand { disk_path, ..Demand::default() };
            size(&demand, &kafka, &machine, Some(disk)).map(|size| size.brokers)
        };
        assert_eq!(fits(0.0, &volume()), Ok(3));
        assert_eq!(fits(1.0, &volume()), Err(Unfit::NotStated(Resource::DiskPath)));
        assert_eq!(fits(1.0, &Disk { attached: false, ..volume() }), Ok(3));
        // A service answers for what it does not state.
        let msk = design("msk-standard", |_| ());
        let demand = Demand { disk_path: 1.0, ..Demand::default() };
        assert!(size(&demand, &msk, &machine, Some(&volume())).is_ok());
    }

    #[test]
    fn nothing_is_asked_of_what_nobody_uses() {
        let asked = |name, demand: Demand| {
            let mut resources = Vec::new();
            let design = design(name, |settings| settings.unit_records_max = Factor(1000.0));
            let mut unlimited = machine();
            unlimited.partitions = None;
            ask_all(&demand, &design, &unlimited, None, &mut |one| resources.push(one.resource))
                .expect("it fits");
            resources
        };
        let least = [Resource::Network, Resource::Placement];
        assert_eq!(asked("kafka-gp3", Demand::default()), least);
        let some = Demand { partitions: 1.0, records: 1.0, ..Demand::default() };
        let limited = [Resource::Network, Resource::Partitions, Resource::Placement];
        assert_eq!(asked("kafka-gp3", some), limited);
        // A service limits partitions only where it says so, and records only where it counts them.
        assert_eq!(asked("event-hubs", Demand::default()), [Resource::OneUnit]);
        assert_eq!(asked("event-hubs", some), [Resource::Records, Resource::OneUnit]);
        let uncounted = design("event-hubs", |settings| settings.unit_records_max = Factor(0.0));
        let sized = size(&some, &uncounted, &machine(), None).expect("it fits");
        assert_eq!((sized.brokers, sized.bottleneck), (1, Resource::OneUnit));
    }

    #[test]
    fn the_least_fleet_can_lose_a_broker() {
        let least = |name, zones, copies| {
            let design = design(name, |settings| {
                (settings.zones, settings.replication_factor) = (zones, copies);
            });
            size(&Demand::default(), &design, &machine(), None).expect("it fits").brokers
        };
        assert_eq!((least("kafka-gp3", 1, 1), least("kafka-gp3", 1, 3)), (1, 3));
        // Without replicas, a second one takes over.
        assert_eq!((least("automq-s3-wal", 1, 3), least("automq-s3-wal", 3, 3)), (2, 3));
    }

    #[test]
    fn fleets_fill_zones_and_name_what_decided() {
        let usual = |network| sized(network, |_| ()).expect("it fits");
        assert_eq!(usual(0.0), (3, Resource::Placement, false));
        // Half of three brokers would do: their zones decide. A little more, and half of a machine would not.
        assert_eq!(usual(150.0), (3, Resource::Placement, false));
        assert_eq!(usual(150.1), (3, Resource::Network, false));
        assert_eq!(usual(300.0), (3, Resource::Network, false));
        // What a float adds to a whole number takes no broker.
        assert_eq!(usual(300.0 * (1.0 + 1e-12)), (3, Resource::Network, false));
        assert_eq!(usual(301.0), (6, Resource::Network, false));
        assert_eq!(usual(601.0), (9, Resource::Network, false));
        // Two zones need three brokers for three replicas, so four.
        let two_zones = |settings: &mut Settings| settings.zones = 2;
        assert_eq!(sized(0.0, two_zones), Ok((4, Resource::Placement, false)));
    }

    #[test]
    fn a_fixed_fleet_says_when_it_is_short() {
        let four =
            |network| sized(network, |settings| settings.brokers = Some(4)).expect("it fits");
        assert_eq!(four(400.0), (4, Resource::Network, false));
        assert_eq!(four(400.0 * (1.0 + 1e-12)), (4, Resource::Network, false));
        assert_eq!(four(401.0), (4, Resource::Network, true));
        assert_eq!(four(601.0), (4, Resource::Network, true));
    }

    #[test]
    fn no_fleet_is_larger_than_a_cluster_may_be() {
        let six_at_most = |settings: &mut Settings| settings.brokers_max = 6;
        assert_eq!(sized(600.0, six_at_most), Ok((6, Resource::Network, false)));
        let unfit = sized(601.0, six_at_most);
        assert_eq!(
            unfit,
            Err(Unfit::TooMany { resource: Resource::Network, brokers: 9.0, max: 6 })
        );
    }

    #[test]
    fn a_fleet_is_as_full_as_its_demand() {
        let design = design("kafka-gp3", |_| ());
        let demand = Demand { network: 450.0, vcpu: 6.0, partitions: 1500.0, ..Demand::default() };
        let fleet = fleet(&demand, &design, &machine(), None).expect("it fits");
        assert_eq!(fleet.brokers, 6);
        let share = |resource| {
            let asked = fleet.requirements.iter().find(|asked| asked.resource == resource);
            fleet.utilization(asked.expect("it is asked for"))
        };
        near(share(Resource::Network), 0.75);
        near(share(Resource::Cpu), 0.25);
        near(share(Resource::Partitions), 0.25);
        near(share(Resource::Placement), 0.5);
    }

    #[test]
    fn all_machines_at_once_are_sized_like_each() {
        let design = design("kafka-gp3", |_| ());
        let mut large = machine();
        large.network = Some(ByteRate::from_mib_per_sec(800.0));
        let mut unfit = machine();
        unfit.vcpu = 1.0;
        let machines = [machine(), unfit, large];
        let all = Capacities::new(machines.iter().enumerate(), &design, None);
        assert_eq!(all.machines, [0, 2]);
        for (network, vcpu) in [(0.0, 0.0), (300.0, 1.0), (301.0, 2.0), (1201.0, 2.0), (50.0, 13.0)]
        {
            let demand = Demand { network, vcpu, partitions: 7.0, ..Demand::default() };
            let found = all.brokers(&demand, &design).expect("nothing is written");
            let each = all.machines.iter().map(|&index| {
                let size = size(&demand, &design, &machines[index], None).expect("it fits");
                f64::from(size.brokers)
            });
            assert_eq!(found, each.collect::<Vec<_>>(), "{network} {vcpu}");
        }
    }

    #[test]
    fn numbers_are_rounded_up_as_the_standard_library_does() {
        for number in [0.0, 0.2, 0.5, 0.8, 1.0, 1.5, 2.5, 1e9 + 0.5, 4.5e15, 4.6e15, 1e20] {
            assert_eq!(rounded_up(number), number.ceil(), "{number}");
        }
    }
}
