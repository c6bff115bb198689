//! One way to build it: an architecture with its settings.

use serde::Serialize;

use crate::lines::{self, Lines};
use crate::parameters::{self, Parameter, Settings, Wal};
use crate::presets::Preset;
use crate::prices::Machine;
use crate::units::{ByteRate, Bytes};

/// Where the log lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// Every broker keeps replicas on its own disks.
    SharedNothing,
    /// Recent data on brokers' disks, closed segments in a remote tier (KIP-405).
    Tiered,
    /// Object storage first; brokers keep caches only.
    SharedStorage,
    /// A service known by its price list only: what it bills, and nothing of how it works.
    ListPrice,
}

impl Architecture {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SharedNothing => "shared-nothing",
            Self::Tiered => "tiered",
            Self::SharedStorage => "shared-storage",
            Self::ListPrice => "list price",
        }
    }

    /// Whether brokers keep replicas on their disks.
    pub fn replicates(self) -> bool {
        matches!(self, Self::SharedNothing | Self::Tiered)
    }
}

/// A platform to plan: a preset, and what the scenario changed about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Unique in its scenario.
    pub name: String,
    /// What it started from.
    pub preset: &'static Preset,
    /// What it is now.
    pub settings: Settings,
    /// Keys that the scenario set itself.
    pub overrides: Vec<String>,
    /// What else is paid for around it.
    pub lines: Lines,
    /// What of its streams stands elsewhere; nothing twice, and never everything.
    pub places: Vec<Place>,
}

/// Streams of a platform that stand on another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Which.
    pub streams: Vec<String>,
    /// Where: another platform of the scenario with its settings, or a preset. It places nothing itself.
    pub on: Design,
}

impl Design {
    /// A preset as it is.
    pub fn of(preset: &'static Preset) -> Self {
        Self {
            name: preset.name.to_owned(),
            preset,
            settings: preset.settings(),
            overrides: Vec::new(),
            lines: Lines::default().on(preset),
            places: Vec::new(),
        }
    }

    /// Where the log lives.
    pub fn architecture(&self) -> Architecture {
        self.preset.architecture
    }

    /// Whether clients stay in their zone because brokers exchange data through object storage.
    pub fn is_routed(&self) -> bool {
        self.architecture() == Architecture::SharedStorage
            && self.settings.zone_router
            && !self.settings.leaderless
            && self.settings.zones > 1
    }

    /// Whether any broker takes records of any partition.
    pub fn is_leaderless(&self) -> bool {
        self.architecture() == Architecture::SharedStorage && self.settings.leaderless
    }

    /// Share of a broker's network that may be planned for.
    pub fn network_usable(&self) -> f64 {
        match self.architecture() {
            Architecture::SharedStorage => self.settings.network_utilization,
            _ => self.settings.utilization,
        }
    }

    /// Whether brokers keep replicas on their disks.
    pub fn replicates(&self) -> bool {
        self.architecture().replicates()
    }

    /// Whether nothing is known of it but what it bills.
    pub fn is_list_price(&self) -> bool {
        self.architecture() == Architecture::ListPrice
    }

    /// Whether a batch is written to object storage, of one zone or of all, before it is answered.
    pub fn appends_objects(&self) -> bool {
        self.architecture() == Architecture::SharedStorage
            && matches!(self.settings.wal, Wal::ObjectStorage | Wal::ZonalObjectStorage)
    }

    /// Object stores that a batch goes to.
    pub fn batch_copies(&self) -> f64 {
        match self.settings.wal {
            Wal::ZonalObjectStorage => f64::from(self.settings.wal_copies),
            _ => 1.0,
        }
    }

    /// Reads of a batch of which consumers ask at the end of the log.
    pub fn live_fetches(&self) -> f64 {
        if !self.is_leaderless() {
            return 0.0;
        }
        let zones = f64::from(self.settings.zones);
        let every = if self.settings.writer_zone_cached { zones - 1.0 } else { zones };
        self.settings.fetches_per_object.map_or(every, |own| own.0)
    }

    /// Network baseline of a broker on a machine: the scenario's own, or the machine's.
    pub fn network(&self, machine: &Machine) -> Option<ByteRate> {
        self.settings.broker_network.or(machine.network)
    }

    /// Block-storage baseline of a broker on a machine: the scenario's own, or the machine's.
    pub fn disk_path(&self, machine: &Machine) -> Option<ByteRate> {
        self.settings.broker_disk_throughput.or(machine.block)
    }

    /// Network of a broker while credits last, times its baseline.
    pub fn network_burst(&self, machine: &Machine) -> f64 {
        let own = self.settings.broker_network.is_none();
        let burst = machine.network_burst.zip(machine.network).filter(|_| own);
        let times = burst.map_or(1.0, |(burst, base)| burst / base);
        self.settings.network_burst.map_or(times, |times| times.0).max(1.0)
    }

    /// Block-storage path of a broker while credits last, times its baseline.
    pub fn disk_burst(&self, machine: &Machine) -> f64 {
        let own = self.settings.broker_disk_throughput.is_none();
        let burst = machine.block_burst.zip(machine.block).filter(|_| own);
        let times = burst.map_or(1.0, |(burst, base)| burst / base);
        self.settings.disk_burst.map_or(times, |times| times.0).max(1.0)
    }

    /// Memory of a machine that heap and system leave to page cache; below zero where it has too little.
    pub fn page_cache(&self, machine: &Machine) -> Bytes {
        machine.memory - self.settings.heap - self.settings.os_reserve
    }

    /// Capacity left after the loss of a zone, as the factor that demand on the rest grows by.
    ///
    /// One zone has nothing to fall back on, so its factor is one.
    pub fn zone_loss_factor(&self) -> f64 {
        let zones = f64::from(self.settings.zones);
        if zones > 1.0 { zones / (zones - 1.0) } else { 1.0 }
    }

    /// Settings that a scenario put outside of what is plausible: allowed, and worth a second look.
    ///
    /// ```
    /// # use model::{design::Design, presets::PRESETS};
    /// let mut design = Design::of(&PRESETS[0]);
    /// design.settings.set("disk_utilization", "95 %").unwrap();
    /// design.overrides.push("disk_utilization".to_owned());
    /// assert_eq!(
    ///     design.implausible(),
    ///     ["`disk_utilization` is 95 %, outside its plausible range 40 % .. 80 %"]
    /// );
    /// ```
    pub fn implausible(&self) -> Vec<String> {
        // Units convert with rounding errors, and an end of the range is in it.
        const SLACK: f64 = 1e-9;
        let outside = |parameter: &Parameter, value: Option<f64>, shown: Option<String>| {
            let (low, high) = parameters::range(parameter)?;
            let value = value?;
            let plausible = value >= low * (1.0 - SLACK) && value <= high * (1.0 + SLACK);
            (!plausible).then(|| {
                format!(
                    "`{}` is {}, outside its plausible range {}",
                    parameter.key,
                    shown.unwrap_or_default(),
                    parameter.range
                )
            })
        };
        let own = self.overrides.iter().filter_map(|key| {
            let parameter = parameters::parameter(key)?;
            outside(parameter, self.settings.number(key), self.settings.show(key))
        });
        let lines = self.lines.overrides.iter().filter_map(|key| {
            let settings = &self.lines.settings;
            outside(lines::parameter(key)?, settings.number(key), settings.show(key))
        });
        own.chain(lines).collect()
    }

    /// Share of traffic that leaves its zone when neither side looks.
    pub fn blind_crossing(&self) -> f64 {
        let zones = f64::from(self.settings.zones);
        (zones - 1.0) / zones
    }
}
