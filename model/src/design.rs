//! One way to build it: an architecture with its settings.

use serde::Serialize;

use crate::parameters::{self, Settings};
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
}

impl Architecture {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SharedNothing => "shared-nothing",
            Self::Tiered => "tiered",
            Self::SharedStorage => "shared-storage",
        }
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
            && self.settings.zones > 1
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
        let outside = |key: &String| {
            let parameter = parameters::parameter(key)?;
            let (low, high) = parameters::range(parameter)?;
            let value = self.settings.number(key)?;
            let plausible = value >= low * (1.0 - SLACK) && value <= high * (1.0 + SLACK);
            (!plausible).then(|| {
                format!(
                    "`{key}` is {}, outside its plausible range {}",
                    self.settings.show(key).unwrap_or_default(),
                    parameter.range
                )
            })
        };
        self.overrides.iter().filter_map(outside).collect()
    }

    /// Share of traffic that leaves its zone when neither side looks.
    pub fn blind_crossing(&self) -> f64 {
        let zones = f64::from(self.settings.zones);
        (zones - 1.0) / zones
    }
}
