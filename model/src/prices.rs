//! The prices and limits that the model needs, as types; the numbers come from a catalogue.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::map::Map;
use crate::money::Usd;
use crate::units::{ByteRate, Bytes, GB, GIB, MB, MIB, TIB};

/// What one price buys. Whether a catalogue's "GB" means 10⁹ or 2³⁰ bytes is settled in its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PriceUnit {
    /// One hour of one machine.
    #[serde(rename = "h")]
    Hour,
    /// 2³⁰ bytes moved.
    #[serde(rename = "GiB")]
    Gib,
    /// 10⁹ bytes moved.
    #[serde(rename = "GB")]
    Gb,
    /// 2³⁰ bytes kept for a month.
    #[serde(rename = "GiB-month")]
    GibMonth,
    /// 10⁹ bytes kept for a month.
    #[serde(rename = "GB-month")]
    GbMonth,
    /// One request.
    #[serde(rename = "request")]
    Request,
    /// One provisioned operation per second for a month.
    #[serde(rename = "IOPS-month")]
    IopsMonth,
    /// One provisioned MiB (2²⁰ bytes) per second for a month.
    #[serde(rename = "MiB/s-month")]
    MibPerSecMonth,
    /// One provisioned MB (10⁶ bytes) per second for a month.
    #[serde(rename = "MB/s-month")]
    MbPerSecMonth,
    /// One thing held for a month.
    #[serde(rename = "month")]
    Month,
    /// One dollar of another part of the bill.
    #[serde(rename = "USD")]
    Dollar,
}

/// What is counted, whatever the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Hours of a machine, an endpoint or another thing that is paid for by the hour.
    Time,
    /// Data moved, in bytes.
    Moved,
    /// Data kept through a month, in bytes.
    Kept,
    /// Requests.
    Requests,
    /// Operations per second provisioned for a month.
    Iops,
    /// Bytes per second provisioned for a month.
    Rate,
    /// Things held for a month.
    Held,
    /// Dollars of another part of the bill.
    Spent,
}

impl Measure {
    /// What it counts, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "hours",
            Self::Moved => "data moved",
            Self::Kept => "data kept for a month",
            Self::Requests => "requests",
            Self::Iops => "provisioned IOPS",
            Self::Rate => "provisioned throughput",
            Self::Held => "things held for a month",
            Self::Spent => "dollars spent",
        }
    }
}

impl Measure {
    /// The unit that its prices mostly have.
    pub fn usual_unit(self) -> &'static str {
        match self {
            Self::Time => "h",
            Self::Moved => "GiB",
            Self::Kept => "GiB-month",
            Self::Requests => "request",
            Self::Iops => "IOPS-month",
            Self::Rate => "MiB/s-month",
            Self::Held => "month",
            Self::Spent => "dollar",
        }
    }
}

impl PriceUnit {
    /// Every unit that a catalogue's price can have, with its spelling.
    pub const ALL: [(&'static str, Self); 10] = [
        ("h", Self::Hour),
        ("GiB", Self::Gib),
        ("GB", Self::Gb),
        ("GiB-month", Self::GibMonth),
        ("GB-month", Self::GbMonth),
        ("request", Self::Request),
        ("IOPS-month", Self::IopsMonth),
        ("MiB/s-month", Self::MibPerSecMonth),
        ("MB/s-month", Self::MbPerSecMonth),
        ("month", Self::Month),
    ];

    /// A unit by its spelling, with the number of units that one price buys: `1000 requests` is 1000 of `request`.
    pub fn parse(text: &str) -> Option<(Self, u32)> {
        let text = text.trim();
        let (count, name) = match text.split_once(' ') {
            Some((count, name)) => (count.replace('_', "").parse().ok()?, name.trim()),
            None => (1, text),
        };
        let name = match name {
            "requests" => "request",
            "hour" | "hours" => "h",
            "MBps-month" => "MB/s-month",
            "MiBps-month" => "MiB/s-month",
            name => name,
        };
        let unit = Self::ALL.iter().find(|(spelling, _)| *spelling == name)?.1;
        (count > 0).then_some((unit, count))
    }

    /// As written on a bill.
    pub fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(_, unit)| *unit == self);
        // A share of the rest of the bill is nobody's list price.
        named.map_or("USD", |(name, _)| name)
    }

    /// What it counts.
    pub fn measure(self) -> Measure {
        match self {
            Self::Hour => Measure::Time,
            Self::Gib | Self::Gb => Measure::Moved,
            Self::GibMonth | Self::GbMonth => Measure::Kept,
            Self::Request => Measure::Requests,
            Self::IopsMonth => Measure::Iops,
            Self::MibPerSecMonth | Self::MbPerSecMonth => Measure::Rate,
            Self::Month => Measure::Held,
            Self::Dollar => Measure::Spent,
        }
    }

    /// Its size in the base unit of its measure.
    pub fn size(self) -> f64 {
        match self {
            Self::Hour | Self::Request | Self::IopsMonth | Self::Month | Self::Dollar => 1.0,
            Self::Gib | Self::GibMonth => GIB,
            Self::Gb | Self::GbMonth => GB,
            Self::MibPerSecMonth => MIB,
            Self::MbPerSecMonth => MB,
        }
    }
}

/// Something that every provider sells, or every service of one kind, whatever it is called there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meter {
    /// Data that leaves a zone for another of the same region, on the sender.
    ZoneOut,
    /// The same data on the receiver.
    ZoneIn,
    /// Data that leaves for the internet.
    InternetOut,
    /// Object storage, capacity.
    ObjectCapacity,
    /// Object storage, requests that write or list.
    ObjectPut,
    /// Object storage, requests that read.
    ObjectGet,
    /// Object storage of one zone, capacity.
    ZonalCapacity,
    /// Object storage of one zone, requests that write or list.
    ZonalPut,
    /// Object storage of one zone, requests that read.
    ZonalGet,
    /// Object storage of one zone, data written.
    ZonalUpload,
    /// Object storage of one zone, data read.
    ZonalRetrieval,
    /// A service's fee for being there.
    ManagedBase,
    /// A service's fee on data produced.
    ManagedIngest,
    /// A service's fee on data consumed.
    ManagedEgress,
    /// A service's fee on what is produced, counted in pieces.
    ManagedRequests,
    /// A service's storage, as it counts it.
    ManagedStorage,
    /// A service's fee for each partition.
    ManagedPartition,
    /// A service's own tier, capacity.
    ManagedTierCapacity,
    /// A service's own tier, data read.
    ManagedTierRetrieval,
    /// A worker of a connector service.
    ConnectorWorker,
    /// A private endpoint in one zone.
    PrivateEndpoint,
    /// Data through private endpoints.
    PrivateData,
    /// A load balancer.
    LoadBalancer,
    /// A capacity unit of a load balancer.
    LoadBalancerUnit,
    /// A metric that is stored.
    MetricSeries,
    /// Logs that are stored.
    LogIngest,
    /// Backups, capacity.
    Backup,
}

impl Meter {
    /// Every meter.
    pub const ALL: [Self; 27] = [
        Self::ZoneOut,
        Self::ZoneIn,
        Self::InternetOut,
        Self::ObjectCapacity,
        Self::ObjectPut,
        Self::ObjectGet,
        Self::ZonalCapacity,
        Self::ZonalPut,
        Self::ZonalGet,
        Self::ZonalUpload,
        Self::ZonalRetrieval,
        Self::ManagedBase,
        Self::ManagedIngest,
        Self::ManagedEgress,
        Self::ManagedRequests,
        Self::ManagedStorage,
        Self::ManagedPartition,
        Self::ManagedTierCapacity,
        Self::ManagedTierRetrieval,
        Self::ConnectorWorker,
        Self::PrivateEndpoint,
        Self::PrivateData,
        Self::LoadBalancer,
        Self::LoadBalancerUnit,
        Self::MetricSeries,
        Self::LogIngest,
        Self::Backup,
    ];

    /// As catalogues spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZoneOut => "zone-out",
            Self::ZoneIn => "zone-in",
            Self::InternetOut => "internet-out",
            Self::ObjectCapacity => "object-capacity",
            Self::ObjectPut => "object-put",
            Self::ObjectGet => "object-get",
            Self::ZonalCapacity => "zonal-object-capacity",
            Self::ZonalPut => "zonal-object-put",
            Self::ZonalGet => "zonal-object-get",
            Self::ZonalUpload => "zonal-object-upload",
            Self::ZonalRetrieval => "zonal-object-retrieval",
            Self::ManagedBase => "managed-base",
            Self::ManagedIngest => "managed-ingest",
            Self::ManagedEgress => "managed-egress",
            Self::ManagedRequests => "managed-requests",
            Self::ManagedStorage => "managed-storage",
            Self::ManagedPartition => "managed-partition",
            Self::ManagedTierCapacity => "managed-tier-capacity",
            Self::ManagedTierRetrieval => "managed-tier-retrieval",
            Self::ConnectorWorker => "connector-worker",
            Self::PrivateEndpoint => "private-endpoint",
            Self::PrivateData => "private-data",
            Self::LoadBalancer => "load-balancer",
            Self::LoadBalancerUnit => "load-balancer-unit",
            Self::MetricSeries => "metric-series",
            Self::LogIngest => "log-ingest",
            Self::Backup => "backup",
        }
    }

    /// What it counts.
    pub fn measure(self) -> Measure {
        match self {
            Self::ZoneOut
            | Self::ZoneIn
            | Self::InternetOut
            | Self::ZonalUpload
            | Self::ZonalRetrieval
            | Self::ManagedIngest
            | Self::ManagedEgress
            | Self::ManagedTierRetrieval
            | Self::PrivateData
            | Self::LogIngest => Measure::Moved,
            Self::ObjectCapacity
            | Self::ZonalCapacity
            | Self::ManagedStorage
            | Self::ManagedTierCapacity
            | Self::Backup => Measure::Kept,
            Self::ObjectPut
            | Self::ObjectGet
            | Self::ZonalPut
            | Self::ZonalGet
            | Self::ManagedRequests => Measure::Requests,
            Self::ManagedBase
            | Self::ManagedPartition
            | Self::ConnectorWorker
            | Self::PrivateEndpoint
            | Self::LoadBalancer
            | Self::LoadBalancerUnit => Measure::Time,
            Self::MetricSeries => Measure::Held,
        }
    }
}

/// A part of the bill that a discount can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriceGroup {
    /// Machines.
    Compute,
    /// Block volumes.
    BlockStorage,
    /// Object storage and remote tiers, capacity.
    ObjectStorage,
    /// Requests.
    Requests,
    /// Data moved.
    Network,
    /// Fees.
    Fees,
}

impl PriceGroup {
    /// Every group.
    pub const ALL: [Self; 6] = [
        Self::Compute,
        Self::BlockStorage,
        Self::ObjectStorage,
        Self::Requests,
        Self::Network,
        Self::Fees,
    ];

    /// As written in a scenario.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::BlockStorage => "block-storage",
            Self::ObjectStorage => "object-storage",
            Self::Requests => "requests",
            Self::Network => "network",
            Self::Fees => "fees",
        }
    }
}

/// One step of a price ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Monthly quantity at which it starts, in price units.
    pub from: Decimal,
    /// List price of one unit; the upper end where only a range is public.
    pub usd: Usd,
    /// The lower end, where only a range is public.
    pub low: Option<Usd>,
    /// Start and contracted price as floats, for ranking candidates.
    pub approximate: (f64, f64),
}

/// A row of the catalogue with its ladder: what one unit costs, who says so, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// The catalogue's identifier, as it stands on the bill.
    pub sku: String,
    /// What one price buys.
    pub unit: PriceUnit,
    /// At least one, the first from zero, in ascending order.
    pub tiers: Vec<Tier>,
    /// What a discount calls it.
    pub group: PriceGroup,
    /// Negotiated discount on the list price, as a share.
    pub discount: Decimal,
    /// Who says so.
    pub source: String,
    /// The date of the price.
    pub as_of: String,
    /// `listed`, `derived`, `range` where only a range is public, or `scenario` for the user's own.
    pub basis: String,
}

impl Price {
    /// A price with its ladder, from list prices by the monthly quantity where they start.
    pub fn new(
        sku: &str,
        unit: PriceUnit,
        group: PriceGroup,
        ladder: &[(Decimal, Usd)],
        source: &str,
        as_of: &str,
        basis: &str,
    ) -> Self {
        use rust_decimal::prelude::ToPrimitive;
        let tiers = ladder
            .iter()
            .map(|&(from, usd)| Tier {
                from,
                usd,
                low: None,
                approximate: (from.to_f64().unwrap_or(f64::MAX), usd.as_f64()),
            })
            .collect();
        Self {
            sku: sku.to_owned(),
            unit,
            tiers,
            group,
            discount: Decimal::ZERO,
            source: source.to_owned(),
            as_of: as_of.to_owned(),
            basis: basis.to_owned(),
        }
    }

    /// Applies a negotiated discount, given as a share of the list price.
    pub fn set_discount(&mut self, discount: Decimal) {
        self.discount = discount;
        for tier in &mut self.tiers {
            tier.approximate.1 = (tier.usd * (Decimal::ONE - discount)).as_f64();
        }
    }

    /// Contracted cost of an amount in the base unit of the price's measure, as a float: for ranking candidates only.
    pub fn approximate_cost(&self, amount: f64) -> f64 {
        self.approximately(amount, |tier| tier.approximate.1)
    }

    /// The same before discounts.
    pub fn approximate_list_cost(&self, amount: f64) -> f64 {
        self.approximately(amount, |tier| tier.usd.as_f64())
    }

    fn approximately(&self, amount: f64, price: fn(&Tier) -> f64) -> f64 {
        let quantity = amount / self.unit.size();
        if let [only] = &self.tiers[..] {
            return quantity * price(only);
        }
        let mut cost = 0.0;
        for (index, tier) in self.tiers.iter().enumerate() {
            let upper = self.tiers.get(index + 1).map_or(f64::MAX, |next| next.approximate.0);
            let held = quantity.min(upper) - tier.approximate.0;
            if held <= 0.0 {
                break;
            }
            cost += held * price(tier);
        }
        cost
    }
}

/// Which row of a [`PriceList`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PriceId(pub u16);

impl PriceId {
    /// Identifiers above this one are of no row: catalogues are smaller.
    const ROWS: u16 = u16::MAX - 1000;

    /// The most missing prices that there can be; a scenario's own quotes are counted beyond.
    const MISSING: u16 = 900;

    /// Stands for a price that the catalogue does not have: the one of so many missing ones.
    pub fn missing(index: usize) -> Self {
        Self(Self::ROWS + u16::try_from(index).unwrap_or(u16::MAX).min(Self::MISSING - 1))
    }

    /// Which of the missing prices it stands for.
    pub fn is_missing(self) -> Option<usize> {
        (Self::ROWS..Self::ROWS + Self::MISSING)
            .contains(&self.0)
            .then(|| usize::from(self.0 - Self::ROWS))
    }
}

/// A machine that brokers can run on: what it costs and what it can do, all baselines, never bursts.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// As the provider calls it.
    pub name: String,
    /// Which kind of broker it is for.
    pub pool: String,
    /// What it is usually taken for beside brokers, such as `controller`; often empty.
    pub role: String,
    /// On-demand price of an hour.
    pub price: PriceId,
    /// Virtual CPUs; zero where the vendor does not say.
    pub vcpu: f64,
    /// Memory; zero where the vendor does not say.
    pub memory: Bytes,
    /// Network baseline, each way.
    pub network: Option<ByteRate>,
    /// What the network can do as long as credits last, where that is more.
    pub network_burst: Option<ByteRate>,
    /// Block-storage baseline.
    pub block: Option<ByteRate>,
    /// What the block-storage path can do as long as credits last, where that is more.
    pub block_burst: Option<ByteRate>,
    /// Block-storage operations per second, baseline.
    pub block_iops: Option<f64>,
    /// Local disks together.
    pub local: Option<LocalDisk>,
    /// Produce rate that it is sold with.
    pub rated_ingress: Option<ByteRate>,
    /// Fetch rate that it is sold with, where that is not a multiple of the produce rate.
    pub rated_egress: Option<ByteRate>,
    /// Partition replicas that the vendor recommends at most.
    pub partitions: Option<f64>,
    /// Who says what it can do.
    pub source: String,
}

/// What an hour of a machine costs whoever commits to it for a term: the price of all of the term's hours, used or not, so
/// that what is paid ahead is amortized over the term.
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// The machine, by its on-demand price.
    pub on_demand: PriceId,
    /// As the catalogue calls it: `ri_1y_all_upfront`.
    pub name: String,
    /// Years that it binds for.
    pub years: u32,
    /// Whether all of it is paid at the beginning.
    pub ahead: bool,
    /// An hour of it, with source and date.
    pub price: PriceId,
}

impl Commitment {
    /// As people read it.
    ///
    /// ```
    /// # use model::prices::{Commitment, PriceId};
    /// let year = Commitment {
    ///     on_demand: PriceId(0),
    ///     name: "ri_1y_all_upfront".to_owned(),
    ///     years: 1,
    ///     ahead: true,
    ///     price: PriceId(1),
    /// };
    /// assert_eq!(year.words(), "1 year, paid ahead");
    /// ```
    pub fn words(&self) -> String {
        let years =
            if self.years == 1 { "1 year".to_owned() } else { format!("{} years", self.years) };
        if self.ahead { format!("{years}, paid ahead") } else { years }
    }
}

/// Disks inside a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalDisk {
    /// All of them together.
    pub capacity: Bytes,
    /// Solid state, or spinning.
    pub solid_state: bool,
}

/// A kind of disk that brokers can use.
#[derive(Clone, Debug, PartialEq)]
pub struct Disk {
    /// As the provider calls it.
    pub name: String,
    /// What every provider has one of, such as `general-purpose`; empty where there is nothing like it elsewhere.
    pub role: String,
    /// Inside the machine: nothing to pay, nothing to provision.
    pub local: bool,
    /// Whether its traffic passes the machine's block-storage path.
    pub attached: bool,
    /// Price of capacity; `None` for local disks.
    pub capacity: Option<PriceId>,
    /// Price of operations per second above the base.
    pub iops: Option<PriceId>,
    /// Price of throughput above the base.
    pub throughput: Option<PriceId>,
    /// Smallest volume.
    pub size_min: Bytes,
    /// Largest volume.
    pub size_max: Option<Bytes>,
    /// Operations per second that come with a volume.
    pub iops_base: Option<f64>,
    /// Operations per second that can be bought.
    pub iops_max: Option<f64>,
    /// Throughput that comes with a volume.
    pub throughput_base: Option<ByteRate>,
    /// Throughput that comes with each TiB, on top of what comes with a volume of any size.
    pub throughput_per_tib: Option<ByteRate>,
    /// Throughput that a volume can reach.
    pub throughput_max: Option<ByteRate>,
    /// Who says what it can do.
    pub source: String,
}

impl Disk {
    /// The smallest volume that has so much throughput; nothing where size does not matter.
    pub fn size_for(&self, throughput: ByteRate) -> Bytes {
        let beyond = throughput - self.throughput_base.unwrap_or(ByteRate::ZERO);
        let beyond = beyond.max(ByteRate::ZERO);
        self.throughput_per_tib.map_or(Bytes::ZERO, |per_tib| Bytes::new(beyond / per_tib * TIB))
    }

    /// Throughput that comes with a volume of a size; `None` where nobody says.
    pub fn included(&self, size: Bytes) -> Option<ByteRate> {
        let by_size = self.throughput_per_tib.map(|per_tib| per_tib * (size / Bytes::new(TIB)));
        match (self.throughput_base, by_size) {
            (Some(base), Some(more)) => Some(base + more),
            (base, by_size) => base.or(by_size),
        }
    }
}

/// What a vendor sells capacity by: so much of each at once.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityUnit {
    /// As the vendor calls it.
    pub name: String,
    /// Writes that one carries.
    pub write: Option<ByteRate>,
    /// Reads that one carries.
    pub read: Option<ByteRate>,
    /// Partitions that one carries.
    pub partitions: Option<f64>,
    /// Since when it is defined like this.
    pub valid_from: String,
    /// Who says so.
    pub source: String,
}

/// Why something has no price.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct MissingPrice {
    /// What was asked for.
    pub what: String,
    /// The SKU that would have it; empty where there is no such thing.
    pub sku: String,
    /// What a price of it counts, where that is known.
    pub measure: Option<Measure>,
    /// Whose price.
    pub provider: String,
    /// Where.
    pub region: String,
    /// Some regions that have it; where there is no such thing, what there is instead.
    pub elsewhere: Box<[String]>,
}

impl MissingPrice {
    fn sentence(&self) -> String {
        let Self { what, sku, provider, region, .. } = self;
        if sku.is_empty() {
            format!("{provider} {region} has no {what}")
        } else {
            format!("no price for {what} (SKU `{sku}`) in {provider} {region}")
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        if self.sku.is_empty() {
            return format!(
                "plan for a provider that sells one; what there is here, {}, may not do its work",
                self.elsewhere.join(", ")
            );
        }
        let quote = format!(
            "add your own quote: `[[prices.override]]` with `sku = \"{}\"`, {}, `source` and `as_of`",
            self.sku,
            match self.measure.map(Measure::usual_unit) {
                Some(unit) => format!("`price = \"$…/{unit}\"`"),
                None => "a `price`".to_owned(),
            }
        );
        if self.elsewhere.is_empty() {
            quote
        } else {
            const SHOWN: usize = 4;
            let shown = self.elsewhere[..self.elsewhere.len().min(SHOWN)].join("`, `");
            format!("{quote}; or plan for a region that has it, such as `{shown}`")
        }
    }
}

/// All prices and limits of one region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriceList {
    /// Whose prices.
    pub provider: String,
    /// Where.
    pub region: String,
    /// Every row, with its ladder.
    pub prices: Vec<Price>,
    /// Every machine with a price, in the order of pool, then price.
    pub machines: Vec<Machine>,
    /// What machines cost with a commitment, where the catalogue says. No plan counts on one by itself.
    pub commitments: Vec<Commitment>,
    /// Every disk, by its name.
    pub disks: Map<String, Disk>,
    /// Prices of disks that the catalogue does not have here, as [`PriceId::missing`] counts them.
    pub missing: Vec<MissingPrice>,
    /// Names of disks by their role.
    pub disk_roles: Map<String, String>,
    /// What providers have in common, and what services of one pool are billed by; an error where the price is missing.
    pub meters: Map<(Meter, String), Result<PriceId, MissingPrice>>,
    /// Data that leaves for another region, by that region.
    pub region_out: Map<String, PriceId>,
    /// What vendors sell capacity by, in the versions that apply.
    pub capacity_units: Map<String, CapacityUnit>,
    /// Providers that have machines of a pool.
    pub pools: Map<String, Vec<String>>,
    /// Pools of this provider that have no priced machine here: the price of the first.
    pub unpriced_pools: Map<String, MissingPrice>,
    /// What its services and those of vendors are called.
    pub services: Services,
}

/// What something that is sold is called in cost data. All of them are words of FOCUS, or stand there as its provider
/// writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// FOCUS' ServiceName.
    pub name: String,
    /// FOCUS' ServiceProviderName: whoever sells it.
    pub provider: String,
    /// FOCUS' ServiceCategory; a name has one.
    pub category: String,
    /// FOCUS' ServiceSubcategory, of that category.
    pub subcategory: String,
}

/// Services by how their SKUs begin, up to a colon; under the empty SKU, what the provider itself is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Services(pub Map<String, Service>);

impl Services {
    /// The service of a SKU: of those that it begins with, the longest.
    ///
    /// ```
    /// # use model::prices::{Service, Services};
    /// let disks = Service { name: "Disks".to_owned(), ..Service::default() };
    /// let services = Services([("disk".to_owned(), disks)].into());
    /// assert_eq!(services.of("disk:ssd:storage").unwrap().name, "Disks");
    /// assert!(services.of("diskless").is_none());
    /// ```
    pub fn of(&self, sku: &str) -> Option<&Service> {
        let found = self.0.get(sku).filter(|_| !sku.is_empty());
        found.or_else(|| self.of(sku.rsplit_once(':')?.0))
    }

    /// What the provider is called.
    pub fn provider(&self) -> Option<&str> {
        self.0.get("").map(|service| service.provider.as_str())
    }
}

impl PriceList {
    /// The price of something that every provider sells.
    ///
    /// # Errors
    ///
    /// When the catalogue has none here.
    pub fn meter(&self, meter: Meter) -> Result<PriceId, MissingPrice> {
        self.service_meter(meter, "")
    }

    /// The price of something that the services of one pool are billed by.
    ///
    /// # Errors
    ///
    /// When the catalogue has none here.
    pub fn service_meter(&self, meter: Meter, pool: &str) -> Result<PriceId, MissingPrice> {
        let found = self.meters.get(&(meter, pool.to_owned())).cloned();
        found.unwrap_or_else(|| {
            let of = if pool.is_empty() { String::new() } else { format!(" of `{pool}`") };
            let missing = self.missing(format!("meter `{}`{of}", meter.name()), meter.name());
            Err(MissingPrice { measure: Some(meter.measure()), ..missing })
        })
    }

    /// The price of data that leaves for another region of the same provider.
    ///
    /// # Errors
    ///
    /// When the catalogue has none here.
    pub fn to_region(&self, region: &str) -> Result<PriceId, MissingPrice> {
        let found = self.region_out.get(region).copied();
        found.ok_or_else(|| self.missing(format!("data sent to {region}"), "region-out"))
    }

    /// A disk by its name or its role.
    ///
    /// # Errors
    ///
    /// When there is no such disk.
    pub fn disk(&self, name: &str) -> Result<&Disk, MissingPrice> {
        let name = self.disk_roles.get(name).map_or(name, String::as_str);
        match self.disks.get(name) {
            Some(disk) => Ok(disk),
            None => Err(MissingPrice {
                elsewhere: self.disks.keys().map(|disk| format!("`{disk}`")).collect(),
                ..self.missing(format!("disk `{name}`"), "")
            }),
        }
    }

    fn missing(&self, what: String, sku: &str) -> MissingPrice {
        MissingPrice {
            what,
            sku: sku.to_owned(),
            measure: None,
            provider: self.provider.clone(),
            region: self.region.clone(),
            elsewhere: Box::default(),
        }
    }

    /// A row.
    pub fn price(&self, id: PriceId) -> &Price {
        &self.prices[usize::from(id.0)]
    }
}

/// The price list of each region of a scenario, by the region's name there; that of a scenario without regions has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    lists: Map<String, PriceList>,
}

impl Prices {
    /// From what was found for each name.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of them, each thing once.
    pub fn collect<E: PartialEq>(
        found: impl Iterator<Item = (String, Result<PriceList, Vec<E>>)>,
    ) -> Result<Self, Vec<E>> {
        let mut prices = Self::default();
        let mut errors: Vec<E> = Vec::new();
        for (name, list) in found {
            match list {
                Ok(list) => {
                    prices.lists.insert(name, list);
                }
                Err(found) => {
                    for error in found {
                        if !errors.contains(&error) {
                            errors.push(error);
                        }
                    }
                }
            }
        }
        if errors.is_empty() { Ok(prices) } else { Err(errors) }
    }

    /// Every list, in the order of names.
    pub fn lists(&self) -> impl Iterator<Item = &PriceList> {
        self.lists.values()
    }

    /// The list of a region; that of the scenario itself where there is no name.
    pub fn of(&self, region: Option<&str>) -> Option<&PriceList> {
        self.lists.get(region.unwrap_or_default())
    }
}

/// One list for a scenario without regions.
impl From<PriceList> for Prices {
    fn from(list: PriceList) -> Self {
        Self { lists: Map::from([(String::new(), list)]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_can_be_bought_by_the_thousand() {
        assert_eq!(PriceUnit::parse("1000 requests"), Some((PriceUnit::Request, 1000)));
        assert_eq!(PriceUnit::parse("GiB-month"), Some((PriceUnit::GibMonth, 1)));
        assert_eq!(PriceUnit::parse("hour"), Some((PriceUnit::Hour, 1)));
        assert_eq!(PriceUnit::parse("furlong"), None);
        assert_eq!(PriceUnit::parse("0 requests"), None);
    }

    #[test]
    fn what_is_missing_is_told_apart_from_every_other_price() {
        for index in [0, 1, 42, 899] {
            assert_eq!(PriceId::missing(index).is_missing(), Some(index));
        }
        // More than can be counted are the last one.
        assert_eq!(PriceId::missing(900).is_missing(), Some(899));
        assert_eq!(PriceId::missing(100_000).is_missing(), Some(899));
        let others =
            [PriceId(0), crate::bill::COMMITTED, crate::bill::OWN_QUOTES, crate::bill::LICENCE];
        for id in others {
            assert_eq!(id.is_missing(), None, "{id:?}");
        }
    }

    #[test]
    fn volumes_grow_with_the_throughput_that_comes_with_them() {
        let disk = |base: Option<f64>, per_tib: Option<f64>| {
            let rate = |rate: Option<f64>| rate.map(ByteRate::from_mib_per_sec);
            Disk {
                name: "st1".to_owned(),
                role: String::new(),
                local: false,
                attached: true,
                capacity: None,
                iops: None,
                throughput: None,
                size_min: Bytes::ZERO,
                size_max: None,
                iops_base: None,
                iops_max: None,
                throughput_base: rate(base),
                throughput_per_tib: rate(per_tib),
                throughput_max: None,
                source: String::new(),
            }
        };
        let check = |base, per_tib, tib: f64, included: Option<f64>| {
            let disk = disk(base, per_tib);
            assert_eq!(disk.size_for(ByteRate::from_mib_per_sec(130.0)).as_gib(), tib * 1024.0);
            let found = disk.included(Bytes::new(3.0 * TIB)).map(|rate| rate.as_mib_per_sec());
            assert_eq!(found, included);
        };
        // 40 MiB/s for each TiB, beyond what any volume has: 130 MiB/s, and what comes with three TiB.
        check(None, Some(40.0), 3.25, Some(120.0));
        check(Some(50.0), Some(40.0), 2.0, Some(170.0));
        check(Some(200.0), Some(40.0), 0.0, Some(320.0));
        check(Some(50.0), None, 0.0, Some(50.0));
        check(None, None, 0.0, None);
    }

    #[test]
    fn who_has_no_price_is_told_what_to_ask_for() {
        let list = PriceList {
            provider: "aws".to_owned(),
            region: "eu-west-1".to_owned(),
            ..PriceList::default()
        };
        let missing = list.meter(Meter::ZoneOut).expect_err("the list is empty");
        let said = missing.to_string();
        assert!(
            said.starts_with("no price for meter") && said.ends_with("in aws eu-west-1"),
            "{said}"
        );
        assert!(missing.hint().contains("`price = \"$…/GiB\"`"), "{}", missing.hint());
        let none = MissingPrice { sku: String::new(), what: "a file system".to_owned(), ..missing };
        assert_eq!(none.to_string(), "aws eu-west-1 has no a file system");
    }

    #[test]
    fn every_unit_has_one_spelling() {
        for (name, unit) in PriceUnit::ALL {
            assert_eq!(unit.name(), name);
            assert_eq!(PriceUnit::parse(name), Some((unit, 1)));
        }
    }
}
