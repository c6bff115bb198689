//! Every setting of a platform: one table that makes the parser, the JSON Schema, the forms and the documentation.
//!
//! A row has key, kind, default, plausible range, source and confidence. The mechanics that use a setting cite the row
//! instead of repeating the number.

use serde::Serialize;

use crate::design::Architecture;
use crate::float;
use crate::quantity;
use crate::units::{ByteRate, Bytes, Dimension, Hours};

/// How far a number can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Read in the product's source code or configuration reference.
    Code,
    /// Measured, and published.
    Measured,
    /// Said by the vendor.
    Vendor,
    /// Derived from other facts.
    Derived,
    /// A rule of thumb.
    RuleOfThumb,
    /// Second-hand: replace it with your own.
    Unverified,
}

impl Confidence {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Measured => "measured",
            Self::Vendor => "vendor",
            Self::Derived => "derived",
            Self::RuleOfThumb => "rule of thumb",
            Self::Unverified => "unverified",
        }
    }
}

/// What a setting's value looks like in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Count,
    /// A number.
    Factor,
    /// A share: `"30 %"` or `0.3`.
    Share,
    /// `true` or `false`.
    Flag,
    /// An amount of data: `"1 GiB"`.
    Size,
    /// A rate of data: `"100 MiB/s"`.
    Rate,
    /// A length of time: `"12 h"`.
    Duration,
    /// A price: `"$0.01/GiB"`.
    Price,
    /// Dollars for one of something: `"$85/h"`, `"$100/month"`.
    Dollars(&'static str),
    /// Rates by what is spent in a month: `"10 % to $10000, 3 %"`.
    Rates,
    /// The name of something in the catalogue.
    Name,
    /// Growing shares with commas between: `"1 %, 10 %, 100 %"`.
    Shares,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl Kind {
    /// A value of this kind on its scale, where the text is one and the kind has a scale.
    pub(crate) fn number(self, text: &str) -> Option<f64> {
        match self {
            Self::Count => u32::read(text).ok()?.number(),
            Self::Factor => Factor::read(text).ok()?.number(),
            Self::Share => Share::read(text).ok()?.number(),
            Self::Size => Bytes::read(text).ok()?.number(),
            Self::Rate => ByteRate::read(text).ok()?.number(),
            Self::Duration => Hours::read(text).ok()?.number(),
            Self::Price => PerGib::read(text).ok()?.number(),
            Self::Dollars(per) => dollars_per(text, per).ok().map(|usd| usd.as_f64()),
            Self::Flag | Self::Name | Self::Shares | Self::Rates | Self::Choice(_) => None,
        }
    }
}

/// Where a setting means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every platform.
    Every,
    /// Platforms that keep replicas on brokers' disks: shared-nothing and tiered.
    Replicated,
    /// Tiered platforms.
    Tiered,
    /// Shared-storage platforms.
    SharedStorage,
}

impl Scope {
    /// Whether the setting means something for an architecture.
    pub fn covers(self, architecture: Architecture) -> bool {
        match self {
            Self::Every => true,
            Self::Replicated => architecture.replicates(),
            Self::Tiered => architecture == Architecture::Tiered,
            Self::SharedStorage => architecture == Architecture::SharedStorage,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// As written in a scenario.
    pub key: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// What a value looks like.
    pub kind: Kind,
    /// Whether `"auto"` is allowed, and then the default unless the row says otherwise.
    pub auto: bool,
    /// As it would be written in a scenario.
    pub default: &'static str,
    /// `low .. high`, as values; empty where every value makes sense.
    pub range: &'static str,
    /// Where it means something.
    pub scope: Scope,
    /// Where the default comes from.
    pub source: &'static str,
    /// How far the default can be trusted.
    pub confidence: Confidence,
}

/// A type that a setting can have.
pub trait Setting: Sized {
    /// What a value looks like.
    const KIND: Kind;
    /// Whether `"auto"` is allowed.
    const AUTO: bool = false;
    /// Reads a value; the error says what was expected.
    fn read(text: &str) -> Result<Self, String>;
    /// Writes a value as it could be read.
    fn show(&self) -> String;
    /// The value on a scale, where it has one.
    fn number(&self) -> Option<f64> {
        None
    }
}

/// A share between 0 and 1.
pub type Share = f64;

/// A plain factor, zero or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor(pub f64);

/// A price for one GiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerGib(pub crate::money::Usd);

impl Setting for u32 {
    const KIND: Kind = Kind::Count;
    fn read(text: &str) -> Result<Self, String> {
        let value: Self = text
            .trim()
            .replace('_', "")
            .parse()
            .map_err(|_| "expected a whole number, such as `3`".to_owned())?;
        if value > 1_000_000 { Err("at most 1,000,000".to_owned()) } else { Ok(value) }
    }
    fn show(&self) -> String {
        self.to_string()
    }
    fn number(&self) -> Option<f64> {
        Some(f64::from(*self))
    }
}

impl Setting for Share {
    const KIND: Kind = Kind::Share;
    fn read(text: &str) -> Result<Self, String> {
        let value =
            quantity::parse_share(text).map_err(|error| format!("{error}; {}", error.hint()))?;
        if (0.0..=1.0).contains(&value) {
            Ok(value)
        } else {
            Err("expected a share between `0 %` and `100 %`".to_owned())
        }
    }
    fn show(&self) -> String {
        format!("{} %", crate::units::grouped(self * 100.0))
    }
    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

impl Setting for Factor {
    const KIND: Kind = Kind::Factor;
    fn read(text: &str) -> Result<Self, String> {
        match float::parse(&text.trim().replace('_', "")) {
            Some(value) if value.is_finite() && (0.0..=1e6).contains(&value) => Ok(Self(value)),
            _ => Err("expected a number between 0 and 1,000,000, such as `1.5`".to_owned()),
        }
    }
    fn show(&self) -> String {
        self.0.to_string()
    }
    fn number(&self) -> Option<f64> {
        Some(self.0)
    }
}

impl Setting for bool {
    const KIND: Kind = Kind::Flag;
    fn read(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| "expected `true` or `false`".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for String {
    const KIND: Kind = Kind::Name;
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 256 {
            return Err("expected a name of 1 to 256 characters".to_owned());
        }
        Ok(text.to_owned())
    }
    fn show(&self) -> String {
        self.clone()
    }
}

impl Setting for PerGib {
    const KIND: Kind = Kind::Price;
    fn read(text: &str) -> Result<Self, String> {
        let price =
            quantity::parse_price(text).map_err(|error| format!("{error}; {}", error.hint()))?;
        let dearest = crate::money::Usd::new(1_000_000.into());
        if price.per != "GiB" || price.usd < crate::money::Usd::ZERO || price.usd > dearest {
            return Err("expected a price per GiB up to $1,000,000, such as `$0.01/GiB`".to_owned());
        }
        Ok(Self(price.usd))
    }
    fn show(&self) -> String {
        format!("${}/GiB", self.0.exact())
    }
    fn number(&self) -> Option<f64> {
        Some(self.0.as_f64())
    }
}

/// Dollars for one of something, up to a million.
fn dollars_per(text: &str, unit: &str) -> Result<crate::money::Usd, String> {
    let price =
        quantity::parse_price(text).map_err(|error| format!("{error}; {}", error.hint()))?;
    let dearest = crate::money::Usd::new(1_000_000.into());
    if price.per != unit || price.usd < crate::money::Usd::ZERO || price.usd > dearest {
        return Err(format!("expected dollars per {unit} up to $1,000,000, such as `$100/{unit}`"));
    }
    Ok(price.usd)
}

/// Dollars for one hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerHour(pub crate::money::Usd);

/// Dollars for one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerMonth(pub crate::money::Usd);

macro_rules! setting_of_dollars {
    ($($type:ident => $unit:literal;)*) => {$(
        impl Setting for $type {
            const KIND: Kind = Kind::Dollars($unit);
            fn read(text: &str) -> Result<Self, String> {
                dollars_per(text, $unit).map(Self)
            }
            fn show(&self) -> String {
                format!(concat!("${}/", $unit), self.0.exact())
            }
            fn number(&self) -> Option<f64> {
                Some(self.0.as_f64())
            }
        }
    )*};
}

setting_of_dollars! {
    PerHour => "h";
    PerMonth => "month";
}

/// Rates by what is spent in a month, as support plans have them: each of the part between its own start and the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates(pub Vec<Rate>);

/// One step of [`Rates`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Dollars a month at which it starts.
    pub from: crate::money::Usd,
    /// Share of what is spent from there on.
    pub share: rust_decimal::Decimal,
}

impl Setting for Rates {
    const KIND: Kind = Kind::Rates;
    fn read(text: &str) -> Result<Self, String> {
        let expected = || {
            "expected shares up to growing amounts and one for the rest, such as `10 % to $10000, 3 %`"
                .to_owned()
        };
        let mut steps = Vec::new();
        let mut from = Some(crate::money::Usd::ZERO);
        for step in text.split(',') {
            // After the one without an end nothing may follow.
            let start = from.ok_or_else(expected)?;
            let (share, end) = match step.split_once(" to ") {
                Some((share, end)) => (share, Some(end)),
                None => (step, None),
            };
            let digits = share.trim().strip_suffix('%').ok_or_else(expected)?;
            let share: rust_decimal::Decimal = digits.trim().parse().map_err(|_| expected())?;
            if share.is_sign_negative() || share > rust_decimal::Decimal::ONE_HUNDRED {
                return Err(expected());
            }
            steps.push(Rate { from: start, share: share / rust_decimal::Decimal::ONE_HUNDRED });
            from = match end {
                None => None,
                Some(end) => {
                    let end = end.trim().strip_prefix('$').ok_or_else(expected)?;
                    let end: crate::money::Usd =
                        end.replace('_', "").parse().map_err(|_| expected())?;
                    if end <= start || end.dollars() > rust_decimal::Decimal::from(1_000_000_000) {
                        return Err(expected());
                    }
                    Some(end)
                }
            };
        }
        if from.is_some() { Err(expected()) } else { Ok(Self(steps)) }
    }
    fn show(&self) -> String {
        let percent = |share: rust_decimal::Decimal| {
            (share * rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string()
        };
        let steps = self.0.iter().enumerate().map(|(index, step)| match self.0.get(index + 1) {
            Some(next) => format!("{} % to ${}", percent(step.share), next.from.exact()),
            None => format!("{} %", percent(step.share)),
        });
        steps.collect::<Vec<_>>().join(", ")
    }
}

macro_rules! setting_of_dimension {
    ($($type:ty => $kind:expr, $largest:literal;)*) => {$(
        impl Setting for $type {
            const KIND: Kind = $kind;
            fn read(text: &str) -> Result<Self, String> {
                let value: Self = quantity::parse(text)
                    .map_err(|error| format!("{error}; {}", error.hint()))?;
                let largest: Self = quantity::parse($largest).expect("the limit can be read");
                if value.base() < 0.0 || value > largest {
                    return Err(format!("expected {} from 0 to {}", Self::NAME, $largest));
                }
                Ok(value)
            }
            fn show(&self) -> String {
                self.to_string().replace(',', "")
            }
            fn number(&self) -> Option<f64> {
                Some(self.base())
            }
        }
    )*};
}

setting_of_dimension! {
    Bytes => Kind::Size, "1000 PiB";
    ByteRate => Kind::Rate, "1000 TiB/s";
    Hours => Kind::Duration, "100 years";
}

/// A value, or `"auto"`.
impl<T: Setting> Setting for Option<T> {
    const KIND: Kind = T::KIND;
    const AUTO: bool = true;
    fn read(text: &str) -> Result<Self, String> {
        if text.trim() == "auto" { Ok(None) } else { T::read(text).map(Some) }
    }
    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "auto".to_owned(), T::show)
    }
    fn number(&self) -> Option<f64> {
        self.as_ref().and_then(T::number)
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// As written in a scenario.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl $crate::parameters::Setting for $name {
            const KIND: $crate::parameters::Kind = $crate::parameters::Kind::Choice(&[$($text),*]);
            fn read(text: &str) -> Result<Self, String> {
                match text.trim() {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(format!("expected one of {}", [$(concat!("`", $text, "`")),*].join(", "))),
                }
            }
            fn show(&self) -> String {
                self.name().to_owned()
            }
        }
    };
}

pub(crate) use choice;

choice! {
    /// How much of a broker may be planned for.
    Headroom {
        /// Every byte counted with one zone down and a rebalance running, at half of the limits (AWS's sizing script).
        AwsEntitlement = "aws-entitlement",
        /// The physical ceiling times a utilization (AWS's right-sizing post).
        AwsCeiling = "aws-ceiling",
        /// Peak traffic with Netflix's buffers.
        Netflix = "netflix",
    }
}

choice! {
    /// How CPU demand is estimated.
    CpuRule {
        /// Google's sizing guide: a vCPU for each 20 MB/s of write-equivalents.
        Google = "google",
        /// Netflix's capacity model: core-seconds per MiB, square-root staffing, a buffer.
        Netflix = "netflix",
        /// CPU does not size the fleet.
        Off = "off",
    }
}

choice! {
    /// Where a shared-storage broker makes a write durable before it answers.
    Wal {
        /// In object storage.
        ObjectStorage = "object-storage",
        /// On a block volume of its own.
        Block = "block",
        /// In a file system that all zones share.
        File = "file",
        /// In object storage of single zones, as many copies as `wal_copies` says.
        ZonalObjectStorage = "zonal-object-storage",
    }
}

choice! {
    /// What collects records into one batch before it is written.
    FlushDomain {
        /// Each broker.
        Broker = "broker",
        /// Each core of each broker.
        Core = "core",
    }
}

choice! {
    /// When a fleet is sized anew.
    FleetPolicy {
        /// Once, for the largest month of the horizon.
        Fixed = "fixed",
        /// Each month; brokers with replicas move data to follow.
        Monthly = "monthly",
        /// Each hour, as load asks; shared storage only, since nothing has to move.
        Follow = "follow",
    }
}

choice! {
    /// Where closed segments go.
    RemoteStore {
        /// The user's own bucket: capacity and requests are billed.
        ObjectStorage = "object-storage",
        /// The service's own tier: capacity and retrieval are billed.
        ManagedTier = "managed-tier",
    }
}

/// A table of settings: a typed struct, its rows, and how text gets in and out of it.
macro_rules! table {
    ($(#[$struct_doc:meta])* $settings:ident, $(#[$rows_doc:meta])* $rows:ident; $($(#[doc = $doc:literal])* $key:ident: $type:ty = $default:literal in $range:literal, $scope:ident, $confidence:ident, $source:literal;)*) => {
        $(#[$struct_doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $settings {
            $($(#[doc = $doc])* pub $key: $type,)*
        }

        $(#[$rows_doc])*
        pub static $rows: &[$crate::parameters::Parameter] = &[$(
            $crate::parameters::Parameter {
                key: stringify!($key),
                doc: concat!($($doc),*),
                kind: <$type as $crate::parameters::Setting>::KIND,
                auto: <$type as $crate::parameters::Setting>::AUTO,
                default: $default,
                range: $range,
                scope: $crate::parameters::Scope::$scope,
                source: $source,
                confidence: $crate::parameters::Confidence::$confidence,
            },
        )*];

        impl Default for $settings {
            fn default() -> Self {
                Self {
                    $($key: <$type as $crate::parameters::Setting>::read($default).expect("a default can be read"),)*
                }
            }
        }

        impl $settings {
            /// Sets one of them from text.
            ///
            /// # Errors
            ///
            /// What was expected, when the text is not a value of the setting or there is no such setting.
            pub fn set(&mut self, key: &str, text: &str) -> Result<(), String> {
                match key {
                    $(stringify!($key) => self.$key = <$type as $crate::parameters::Setting>::read(text)?,)*
                    _ => return Err(format!("there is no setting `{key}`")),
                }
                Ok(())
            }

            /// One of them as text, if there is one of that name.
            pub fn show(&self, key: &str) -> Option<String> {
                match key {
                    $(stringify!($key) => Some($crate::parameters::Setting::show(&self.$key)),)*
                    _ => None,
                }
            }

            /// One of them on a scale, if there is one of that name and it has a scale.
            pub fn number(&self, key: &str) -> Option<f64> {
                match key {
                    $(stringify!($key) => $crate::parameters::Setting::number(&self.$key),)*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use table;

table! {
    /// The settings of one platform, typed.
    Settings,
    /// Every setting of a platform, in the order of the documentation.
    PARAMETERS;

    /// Availability zones that brokers and clients are spread over.
    zones: u32 = "3" in "1 .. 6", Every, Vendor, "AWS MSK sizing script d6ad2e44: three zones";
    /// Machine type of the brokers; `auto` picks the cheapest that fits.
    broker: Option<String> = "auto" in "", Every, Derived, "cheapest plan that meets the headroom policy";
    /// Brokers; `auto` sizes the fleet, a number fixes it.
    brokers: Option<u32> = "auto" in "", Every, Derived, "the resource that needs most, rounded up to a multiple of the zones";
    /// Brokers that one cluster may have.
    brokers_max: u32 = "1000" in "3 .. 1000", Every, RuleOfThumb, "no published cluster is larger; MSK's quota is 60 (limits page)";
    /// Longest retention that the platform allows; `auto` is any.
    retention_max: Option<Hours> = "auto" in "1 d .. 10 years", Every, Code, "Kafka itself keeps records for as long as it is told";
    /// Brokers become larger before there are more of them.
    larger_first: bool = "false" in "", Every, RuleOfThumb, "the cheapest fleet decides; some services grow brokers first";
    /// Network baseline of a broker; `auto` takes the machine's own.
    broker_network: Option<ByteRate> = "auto" in "", Every, Vendor, "the catalogue's machine shape";
    /// Block-storage baseline of a broker; `auto` takes the machine's own.
    broker_disk_throughput: Option<ByteRate> = "auto" in "", Replicated, Vendor, "the catalogue's machine shape";
    /// Headroom policy that sizes the fleet.
    headroom: Headroom = "aws-entitlement" in "", Replicated, Vendor, "AWS MSK sizing script d6ad2e44; AWS right-sizing post; Netflix service-capacity-modeling dc693073";
    /// Share of a broker's limits that may be planned for; a headroom policy may set its own.
    utilization: Share = "50 %" in "40 % .. 80 %", Replicated, Vendor, "AWS MSK sizing script d6ad2e44: 0.50 Standard, 0.75 Express; 0.8 is widely quoted from AWS's right-sizing post";
    /// Smallest number of virtual CPUs of a broker.
    vcpu_min: u32 = "2" in "1 .. 8", Every, RuleOfThumb, "network, request and collector threads; WarpStream's documentation asks for 2";
    /// Smallest memory of a broker.
    memory_min: Bytes = "8 GiB" in "4 GiB .. 16 GiB", Every, RuleOfThumb, "Netflix asks for 12 GiB; MSK's smallest production broker has 8 GiB";
    /// Rule that estimates CPU; shared storage counts one copy and nothing for uploads, which nobody publishes.
    cpu_rule: CpuRule = "google" in "", Every, Vendor, "Google Managed Kafka, plan cluster size; Netflix service-capacity-modeling dc693073";
    /// Multiplies CPU demand: 1.3 for TLS everywhere, 1.5 for batches below 10 KB.
    cpu_factor: Factor = "1" in "1 .. 4", Every, RuleOfThumb, "no public measurement on current machines: treat CPU as ± 50 %";
    /// Write-equivalents that one vCPU carries (Google's rule).
    cpu_write_per_vcpu: ByteRate = "20 MiB/s" in "5 MiB/s .. 100 MiB/s", Every, Vendor, "Google Managed Kafka, plan cluster size";
    /// Share of a vCPU that the mean may use (Google's rule).
    cpu_utilization_mean: Share = "50 %" in "30 % .. 70 %", Every, Vendor, "Google Managed Kafka, plan cluster size";
    /// Share of a vCPU that the peak may use (Google's rule).
    cpu_utilization_peak: Share = "67 %" in "50 % .. 80 %", Every, Derived, "checked against Netflix's rule within 11 %";
    /// Core-seconds for each MiB produced, replication included (Netflix's rule).
    cpu_seconds_per_mib_in: Factor = "0.03" in "0.02 .. 0.075", Every, Vendor, "Netflix service-capacity-modeling dc693073";
    /// Core-seconds for each MiB consumed (Netflix's rule).
    cpu_seconds_per_mib_out: Factor = "0.04" in "0.02 .. 0.075", Every, Vendor, "Netflix service-capacity-modeling dc693073";
    /// Standard deviations of square-root staffing; 2.375, 1.761 and 1.16 for services of tiers 0 to 2 (Netflix's rule).
    cpu_staffing: Factor = "1" in "0 .. 3", Every, Vendor, "Netflix service-capacity-modeling dc693073";
    /// Buffer on cores: 2.5 for tiers 0 and 1, 2.0 otherwise (Netflix's rule).
    cpu_buffer: Factor = "2.5" in "2 .. 2.5", Every, Vendor, "Netflix service-capacity-modeling dc693073";
    /// Buffer on peak network and disk traffic (Netflix's rule).
    network_buffer: Factor = "1.4" in "1 .. 2", Replicated, Vendor, "Netflix service-capacity-modeling dc693073";
    /// What CPUs really carry, in units of what the rule counts: the rules leave room, and only a run through time asks for it.
    cpu_ceiling: Factor = "2" in "1 .. 4.4", Every, RuleOfThumb, "AutoMQ's test of Kafka at 500 MB/s ran at 1.5 × Google's rule, Confluent's of 605 MB/s on 24 vCPU at 4.4 ×";
    /// What producers send again of what was refused, beside live traffic: times the stream's highest hour.
    resend: Factor = "3" in "1 .. 10", Every, RuleOfThumb, "clients retry as fast as brokers let them";
    /// Share of producers that write to leaders in their own zone.
    producers_zone_aware: Share = "0 %" in "0 % .. 100 %", Every, RuleOfThumb, "leaders are spread evenly and most producers ignore zones; KIP-1123 helps keyless records only";
    /// Share of consumers that read in their own zone by other means than follower fetching.
    consumers_zone_aware: Share = "0 %" in "0 % .. 100 %", Every, RuleOfThumb, "KIP-881 rack-aware assignment";
    /// Share of tail reads that are behind the page cache and read older data.
    catch_up_share: Share = "5 %" in "0 % .. 50 %", Every, RuleOfThumb, "mechanics J2: 5 % of egress";
    /// Rate that one partition sustains for one producer or consumer; sizes partitions that are left at `auto`.
    partition_rate_max: ByteRate = "10 MiB/s" in "5 MiB/s .. 50 MiB/s", Every, RuleOfThumb, "Confluent's max(t/p, t/c) rule; AutoMQ documents 10 MBps a partition";

    /// Replicas of each partition.
    replication_factor: u32 = "3" in "1 .. 5", Replicated, Code, "the usual production setting; MSK Express fixes it at 3";
    /// Replicas that have to be in sync for a write (min.insync.replicas); `auto` is one fewer than there are.
    min_in_sync: Option<u32> = "auto" in "1 .. 5", Replicated, Code, "Kafka documentation: a replication factor of 3 and 2 in sync";
    /// Consumers fetch from a replica in their own zone (KIP-392).
    follower_fetching: bool = "true" in "", Replicated, Measured, "KIP-392; Grab engineering 2023: consumer zone traffic fell to about zero";
    /// Share of replication's zone crossings that is billed.
    replication_billed: Share = "100 %" in "0 % .. 100 %", Replicated, Vendor, "100 % self-managed; MSK does not charge for broker-to-broker traffic (MSK pricing page)";
    /// Disk of the brokers, by its name or its role in the catalogue.
    disk: String = "general-purpose" in "", Replicated, RuleOfThumb, "the general-purpose default";
    /// Share of the provisioned disk that data may fill.
    disk_utilization: Share = "60 %" in "40 % .. 80 %", Replicated, Vendor, "AWS script 0.50, MSK autoscaling target 0.50 to 0.60, Netflix 0.40, Cruise Control 0.80";
    /// Copies that are billed as storage; `auto` is the replication factor.
    disk_copies: Option<u32> = "auto" in "1 .. 5", Replicated, Vendor, "MSK Express bills storage once (MSK pricing page)";
    /// Disk that one broker may hold; `auto` means as much as needed.
    storage_per_broker_max: Option<Bytes> = "16 TiB" in "2 TiB .. 64 TiB", Replicated, Vendor, "MSK limits page: 16,384 GiB; Netflix plans 2 TiB; gp3 allows 64 TiB since late 2025";
    /// Partition replicas that one broker may hold, where its machine row does not say.
    partition_replicas_max: u32 = "4000" in "1000 .. 10000", Every, Vendor, "KIP-578 discussion; Cruise Control allows 10,000";
    /// Kafka's `segment.bytes`.
    segment_bytes: Bytes = "1 GiB" in "48 MiB .. 1 GiB", Replicated, Code, "apache/kafka 1eb76443, LogConfig";
    /// Kafka's `segment.ms`.
    segment_ms: Hours = "7 d" in "10 min .. 7 d", Replicated, Code, "apache/kafka 1eb76443, LogConfig";
    /// Counts the open segment and the wait for deletion as stored.
    open_segments: bool = "true" in "", Replicated, Code, "apache/kafka 1eb76443: only closed segments expire";
    /// Mean wait between expiry and deletion: half of the 5 min check, and the 1 min delay.
    deletion_delay: Hours = "3.5 min" in "0 s .. 10 min", Replicated, Code, "apache/kafka 1eb76443: log.retention.check.interval.ms, file.delete.delay.ms";
    /// How often brokers look for what has expired, and so how often a full disk has room again.
    retention_check: Hours = "5 min" in "1 min .. 1 h", Replicated, Code, "apache/kafka 1eb76443: log.retention.check.interval.ms";
    /// Share of a compacted log that may be dirty before it is cleaned.
    dirty_ratio: Share = "50 %" in "10 % .. 90 %", Every, Code, "apache/kafka 1eb76443: min.cleanable.dirty.ratio";
    /// Java heap of a broker.
    heap: Bytes = "6 GiB" in "4 GiB .. 8 GiB", Replicated, RuleOfThumb, "common practice";
    /// Memory that the operating system and sidecars keep.
    os_reserve: Bytes = "1 GiB" in "1 GiB .. 4 GiB", Replicated, RuleOfThumb, "Netflix reserves 1 + 3 GiB";
    /// Peak writes that must fit in page cache.
    page_cache: Hours = "30 s" in "30 s .. 10 min", Replicated, Vendor, "Kafka documentation: at least 30 s; Netflix: 10 min";
    /// Replication out at one zone down, in units of ingress at replication factor 3.
    entitlement_replication: Factor = "2.2" in "1.5 .. 3", Replicated, Vendor, "AWS MSK sizing script d6ad2e44";
    /// Lagging reads in units of ingress.
    entitlement_lagging: Factor = "0.5" in "0 .. 2", Replicated, Vendor, "AWS MSK sizing script d6ad2e44";
    /// Rebalancing in units of ingress.
    entitlement_rebalance: Factor = "3" in "0 .. 3", Replicated, Vendor, "AWS MSK sizing script d6ad2e44";
    /// Size of one disk operation when many partitions share a volume.
    disk_io: Bytes = "256 KiB" in "16 KiB .. 1 MiB", Replicated, RuleOfThumb, "EBS merges sequential I/O up to 256 KiB";
    /// Volume of each broker; `auto` is what the plan needs, a size is what there is.
    disk_per_broker: Option<Bytes> = "auto" in "", Replicated, Derived, "what is kept, divided by the share of the disk that may be full";
    /// Rate at which a lost broker's replicas are copied, net of live traffic.
    rebuild_rate: ByteRate = "100 MiB/s" in "50 MiB/s .. 250 MiB/s", Replicated, RuleOfThumb, "Redpanda learner recovery; Netflix designs for 60 min";
    /// KRaft controllers on machines of their own; 0 where brokers or the service do their work.
    controllers: u32 = "3" in "0 .. 5", Every, Vendor, "Kafka documentation: 3 or 5; included in MSK's broker price";
    /// Machine type of the controllers; `auto` is the one that the provider's catalogue names for them.
    controller: Option<String> = "auto" in "", Every, RuleOfThumb, "Kafka documentation: about 5 GB of memory each";
    /// Egress limit in units of the ingress limit, on machines that are sold by rate.
    rated_egress: Factor = "2" in "2 .. 2.5", Replicated, Vendor, "MSK Express documentation: 2.0 sustained; AWS MSK sizing script: 2.5";
    /// Share of the egress limit that may be planned for, on machines that are sold by rate.
    rated_egress_utilization: Share = "75 %" in "75 % .. 100 %", Replicated, Derived, "as for ingress; AWS MSK sizing script d6ad2e44: 1.00";
    /// Produce latency, median, at moderate load.
    disk_produce_p50: Hours = "5 ms" in "2 ms .. 10 ms", Every, Measured, "Confluent benchmark: 2 to 5 ms in one region";
    /// Produce latency, 99th percentile, at moderate load.
    disk_produce_p99: Hours = "20 ms" in "5 ms .. 50 ms", Every, Measured, "Confluent benchmark: 5 to 20 ms below 60 % load";

    /// Time that closed segments also stay on brokers' disks; `auto` is the whole retention.
    local_retention: Option<Hours> = "12 h" in "1 h .. 3 d", Tiered, RuleOfThumb, "Kafka's own default keeps everything, which saves nothing";
    /// Share of the topics of each stream, by bytes, that is tiered; the rest keeps its whole retention on brokers.
    tiered_share: Share = "100 %" in "0 % .. 100 %", Tiered, Code, "KIP-405: `remote.storage.enable` is a setting of each topic";
    /// Segments are uploaded when they close, so the local part is stored remotely too.
    tier_overlap: bool = "true" in "", Tiered, Code, "apache/kafka 1eb76443, RemoteLogManager; AWS's script assumes false";
    /// Time between a segment's close and the end of its upload.
    copy_lag: Hours = "15 s" in "0 s .. 10 min", Tiered, Code, "apache/kafka 1eb76443: the copy task runs every 30 s";
    /// Where closed segments go.
    remote_store: RemoteStore = "object-storage" in "", Tiered, Code, "KIP-405 plugins";
    /// Part size of an upload.
    remote_part: Bytes = "25 MiB" in "5 MiB .. 100 MiB", Tiered, Code, "Aiven tiered-storage-for-apache-kafka 8fb15816";
    /// Requests for each segment besides its parts: create, complete, indexes, manifest.
    remote_requests: u32 = "4" in "3 .. 6", Tiered, Code, "Aiven tiered-storage-for-apache-kafka 8fb15816: three objects, one of them multipart";
    /// Bytes that one remote read fetches.
    remote_fetch: Bytes = "4 MiB" in "1 MiB .. 16 MiB", Tiered, Code, "Aiven tiered-storage-for-apache-kafka 8fb15816";
    /// Streams kept for less stay on brokers' disks.
    tier_retention_min: Hours = "0 s" in "0 s .. 3 d", Tiered, Vendor, "MSK documentation: 3 d for tiered topics";
    /// Uploads and remote reads in units of ingress.
    entitlement_tier: Factor = "1.5" in "1 .. 2", Tiered, Vendor, "AWS MSK sizing script d6ad2e44";

    /// Where a write is durable before it is answered.
    wal: Wal = "object-storage" in "", SharedStorage, Code, "AutoMQ f1ce98ec: the open-source build has this one only";
    /// Producers and consumers talk to brokers of their own zone, which exchange data through object storage.
    zone_router: bool = "true" in "", SharedStorage, Code, "AutoMQ f1ce98ec, zone router; needs the WAL in object storage";
    /// Any broker takes records of any partition: a batch holds those of many, and consumers read the batches.
    leaderless: bool = "false" in "", SharedStorage, Vendor, "WarpStream documentation, write path; KIP-1150";
    /// Producers write to the leader of a partition, wherever it is, though batches hold those of many.
    produce_to_leader: bool = "false" in "", SharedStorage, Vendor, "WarpStream, Inkless, Bufstream: any broker takes any record";
    /// Copies of a batch in object storage of single zones.
    wal_copies: u32 = "3" in "1 .. 3", SharedStorage, Vendor, "WarpStream: a quorum of single-zone buckets, three copies";
    /// What collects records into one batch.
    flush_domain: FlushDomain = "broker" in "", SharedStorage, Code, "AutoMQ f1ce98ec, aiven/inkless b1fcb5f6: each broker; Redpanda 26.2: each core";
    /// Longest time that a batch waits before it is written.
    flush_interval: Hours = "250 ms" in "50 ms .. 1 s", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Size at which a batch is written at once.
    flush_size: Bytes = "8 MiB" in "1 MiB .. 16 MiB", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Mean size of a produce request: a broker that gets few waits for the first before it batches; 0 B is one record.
    produce_request: Bytes = "0 B" in "0 B .. 1 MiB", SharedStorage, Derived, "the most requests there can be; Kafka's batch.size of 16 KiB is a maximum, not a mean";
    /// Share of a machine's memory that is Java heap.
    heap_share: Share = "50 %" in "25 % .. 75 %", SharedStorage, Unverified, "mechanics J3: 8 GiB of 16 GiB";
    /// Largest upload.
    upload_max: Bytes = "500 MB" in "100 MB .. 500 MB", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Longest time between two uploads.
    upload_interval: Hours = "60 s" in "10 s .. 60 s", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Memory that the WAL cache leaves free on large heaps.
    cache_reserve: Bytes = "3 GiB" in "1 GiB .. 8 GiB", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Data of one partition that earns an object of its own.
    stream_object_min: Bytes = "8 MiB" in "1 MiB .. 64 MiB", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Largest single upload; above it, parts of this size.
    object_part: Bytes = "32 MiB" in "5 MiB .. 100 MiB", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Time between two merges of shared objects.
    merge_interval: Hours = "5 min" in "1 min .. 60 min", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Bytes that one read of a merge fetches.
    merge_fetch: Bytes = "16 MiB" in "4 MiB .. 64 MiB", SharedStorage, Code, "AutoMQ f1ce98ec";
    /// Merges that rewrite a slow partition before it is split off (120 min of 5 min).
    merge_passes_max: u32 = "24" in "1 .. 24", SharedStorage, Code, "AutoMQ f1ce98ec: force split at 120 min";
    /// Bytes that one catch-up read fetches.
    catch_up_fetch: Bytes = "4 MiB" in "0.5 MiB .. 32 MiB", SharedStorage, Code, "AutoMQ f1ce98ec: adjacent reads merge to 4 MiB";
    /// Merge traffic on the network in units of ingress.
    merge_traffic: Factor = "0.5" in "0 .. 1", SharedStorage, Derived, "mechanics C4";
    /// Share of a broker's network that may be planned for.
    network_utilization: Share = "75 %" in "50 % .. 90 %", SharedStorage, Derived, "mechanics C5";
    /// Reads of each batch for consumers at the end of the log, without a leader; `auto` is one in each zone.
    fetches_per_object: Option<Factor> = "auto" in "0 .. 6", SharedStorage, Vendor, "WarpStream: one read in each zone, shared by all consumers";
    /// The zone that wrote a batch reads it from memory, without a leader.
    writer_zone_cached: bool = "false" in "", SharedStorage, Measured, "Aiven's run: A − 1 reads for each write; WarpStream says nothing of it";
    /// Bytes that one read of live data fetches at most, without a leader.
    live_fetch: Bytes = "4 MiB" in "1 MiB .. 16 MiB", SharedStorage, Vendor, "WarpStream: one GET per 4 MiB in each zone";
    /// Batches that are merged into larger objects at once, without a leader; 0 never merges.
    merge_files: u32 = "0" in "0 .. 64", SharedStorage, Vendor, "WarpStream documentation: 32; Inkless has none";
    /// Size that merged objects are to have, without a leader; `auto` takes `merge_files` batches whatever their size.
    merge_target: Option<Bytes> = "auto" in "4 MiB .. 1 GiB", SharedStorage, Vendor, "WarpStream counts files";
    /// Longest time that batches wait to be merged where objects are to have a size, without a leader.
    merge_wait: Hours = "10 s" in "250 ms .. 5 min", SharedStorage, Code, "Redpanda 26.2: 250 ms to 10 s";
    /// Part size of a merged object, without a leader.
    merge_part: Bytes = "16 MiB" in "5 MiB .. 64 MiB", SharedStorage, RuleOfThumb, "not published; mechanics D";
    /// Time that batches are kept beside what they were merged into.
    staging: Hours = "0 s" in "0 s .. 24 h", SharedStorage, Code, "AutoMQ f1ce98ec trims them at once";
    /// Median time to commit a batch to the coordinator.
    commit_p50: Hours = "0 s" in "0 s .. 50 ms", SharedStorage, Code, "AutoMQ f1ce98ec has none";
    /// 99th percentile of a commit to the coordinator.
    commit_p99: Hours = "0 s" in "0 s .. 200 ms", SharedStorage, Code, "AutoMQ f1ce98ec has none";
    /// Batches of one partition that retention can remove in a second; 0 where nobody counts them.
    batch_removal_max: Factor = "0" in "0 .. 1000", SharedStorage, Code, "aiven/inkless b1fcb5f6: 2,000 batches every 60 s";
    /// Metadata that crosses zones, as a share of ingress.
    metadata_crossing: Share = "0.25 %" in "0 % .. 2 %", SharedStorage, Derived, "fitted to AutoMQ's 1 GiB/s benchmark: $128 of zone traffic a month";
    /// Size of a broker's WAL volume.
    wal_volume: Bytes = "10 GiB" in "4 GiB .. 100 GiB", SharedStorage, Vendor, "AutoMQ documentation";
    /// Disk of the WAL volume, by its name or its role in the catalogue.
    wal_disk: String = "general-purpose" in "", SharedStorage, Vendor, "AutoMQ documentation";
    /// Time until a dead broker's work starts to move: the session runs out, the controller notices.
    failover: Hours = "10 s" in "3 s .. 12 s", Every, Code, "apache/kafka 1eb76443: 9 s session timeout, election 0.1 to 2 s; AutoMQ f1ce98ec: 1 s controller tick";
    /// Median latency of an object write.
    put_p50: Hours = "100 ms" in "50 ms .. 200 ms", SharedStorage, Measured, "turbopuffer: S3 PUT up to 1 MiB";
    /// Rate of one object write beyond its first MiB.
    put_rate: ByteRate = "80 MiB/s" in "40 MiB/s .. 120 MiB/s", SharedStorage, RuleOfThumb, "mechanics F: latencies are for objects up to 1 MiB";
    /// 99th percentile of an object write.
    put_p99: Hours = "195 ms" in "100 ms .. 500 ms", SharedStorage, Measured, "turbopuffer: S3 PUT up to 1 MiB";
    /// Median latency of an object read.
    get_p50: Hours = "63 ms" in "20 ms .. 150 ms", SharedStorage, Measured, "turbopuffer: S3 GET";
    /// 99th percentile of an object read.
    get_p99: Hours = "78 ms" in "50 ms .. 300 ms", SharedStorage, Measured, "turbopuffer: S3 GET";
    /// When the fleet is sized anew.
    fleet: FleetPolicy = "monthly" in "", Every, RuleOfThumb, "capacity is reviewed once a month";
    /// Time until a new broker serves: the machine starts, joins and is found by the balancer.
    start_up: Hours = "5 min" in "1 min .. 15 min", Every, RuleOfThumb, "a machine starts in 2 to 5 min; AutoMQ f1ce98ec: its balancer detects within 60 s";
    /// Utilization up to which latencies are as measured; above it they grow with `1/(1 − utilization)`.
    moderate_load: Share = "60 %" in "40 % .. 80 %", Every, Measured, "Confluent benchmark: 5 to 20 ms below 60 % load; M/M/1 above it (mechanics I)";
    /// Network of a broker while credits last, times its baseline; `auto` is the machine's own, and plans never count on it.
    network_burst: Option<Factor> = "auto" in "1 .. 20", Every, Vendor, "the catalogue's machine shape; EC2 guide: credits last 5 to 60 min";
    /// Block-storage path of a broker while credits last, times its baseline; `auto` is the machine's own, and plans never count on it.
    disk_burst: Option<Factor> = "auto" in "1 .. 20", Replicated, Vendor, "the catalogue's machine shape; EC2 guide: 30 min in 24 h";
    /// Time that full credits last at the burst rate.
    burst_credits: Hours = "30 min" in "5 min .. 60 min", Every, Vendor, "EC2 guide: 30 min in 24 h for block storage, 5 to 60 min for the network";
    /// Time for which a broker's page cache, or a shared-storage broker's block cache, serves tail readers; `auto` is what its memory gives.
    cache_reach: Option<Hours> = "auto" in "1 s .. 24 h", Every, Derived, "memory that heap and system leave ÷ what is written to it";
    /// Rate at which one broker uploads closed segments at most.
    upload_rate_max: ByteRate = "200 MiB/s" in "100 MiB/s .. 200 MiB/s", Tiered, Vendor, "Aiven tiered-storage-for-apache-kafka 8fb15816: recommended limit";
    /// Rate at which a group reads one partition from the remote tier at most; it reads as many at once as there are.
    remote_read_rate: ByteRate = "200 MiB/s" in "20 MiB/s .. 200 MiB/s", Tiered, Derived, "mechanics B3: 20 MiB each 0.1 s";
    /// Unplanned stops of a broker in a year.
    broker_failures: Factor = "1" in "0.05 .. 2", Every, RuleOfThumb, "mechanics H: 1 restart a year";
    /// Loss of any one zone of a region in a year.
    zone_failures: Factor = "0.3" in "0 .. 1", Every, RuleOfThumb, "mechanics H: no good public series";
    /// Availability of the object storage that writes wait for.
    object_availability: Share = "99.99 %" in "99.9 % .. 100 %", SharedStorage, Vendor, "S3: designed for 99.99 %, SLA 99.9 %";
    /// Producers may compress what they send; where they may not, every byte goes, is kept and is billed as it is.
    client_compression: bool = "true" in "", Every, Code, "Kafka: compression is the client's";
    /// A service counts bytes before compression.
    fee_on_uncompressed: bool = "false" in "", Every, Vendor, "price pages: most count what is sent";
    /// Records in a second that one unit of a service takes; 0 where it does not count them.
    unit_records_max: Factor = "0" in "0 .. 100000", Every, Vendor, "services are sold by bytes, unless the preset says otherwise";
    /// Records in a second that one unit of a service gives out; 0 where it does not count them.
    unit_records_out_max: Factor = "0" in "0 .. 100000", Every, Vendor, "services are sold by bytes, unless the preset says otherwise";
    /// Units of a service that cost nothing, at any hour.
    units_free: Factor = "0" in "", Every, Vendor, "services charge for every unit, unless the preset says otherwise";
    /// Storage that comes with each unit of a service; `auto` where it bills all of it or includes all of it.
    unit_storage: Option<Bytes> = "auto" in "1 GB .. 100 TB", Every, Vendor, "services bill storage by itself, unless the preset says otherwise";
    /// Takes compacted logs.
    compacted_logs: bool = "true" in "", Every, Code, "Kafka: cleanup.policy=compact";
    /// Reads of a shared file system count so much of a write towards its throughput.
    file_read_weight: Share = "33.3 %" in "0 % .. 100 %", SharedStorage, Vendor, "Amazon EFS: reads are metered at a third";
    /// Copies of what is kept that a service bills, where it keeps them by itself.
    fee_copies: u32 = "1" in "1 .. 3", Every, Vendor, "services bill one copy, unless the preset says otherwise";
    /// Size that a service counts as one request, where it bills them.
    fee_piece: Bytes = "64 KiB" in "1 KiB .. 1 MiB", Every, Vendor, "Event Hubs pricing: an ingress event is up to 64 KB";
    /// Records that a service counts as one request at most, where it bills them.
    fee_batch: Factor = "1" in "1 .. 10000", Every, Vendor, "Event Hubs pricing: each event counts, batched or not";
    /// Vendor's fee for each GiB ingested as stored; `auto` where it is not public: enter your quote (not discounted).
    licence: Option<PerGib> = "auto" in "", Every, Unverified, "none for open source; commercial rates are not public";
}

/// A row by its key.
pub fn parameter(key: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.key == key)
}

/// The two ends of a row's plausible range, on the scale of its kind.
pub fn range(parameter: &Parameter) -> Option<(f64, f64)> {
    let (low, high) = parameter.range.split_once("..")?;
    let end = |text: &str| parameter.kind.number(text.trim());
    Some((end(low)?, end(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_complete_and_its_default_is_plausible() {
        let settings = Settings::default();
        for row in PARAMETERS {
            assert!(
                row.doc.len() > 10 && row.doc.trim().ends_with(['.', ')']),
                "{}: {}",
                row.key,
                row.doc
            );
            assert!(row.source.len() > 3, "{} has no source", row.key);
            if row.range.is_empty() {
                continue;
            }
            let (low, high) = range(row).unwrap_or_else(|| panic!("{}: `{}`", row.key, row.range));
            assert!(low <= high, "{}: `{}`", row.key, row.range);
            if let Some(value) = settings.number(row.key) {
                assert!(low <= value && value <= high, "{}: {value} in `{}`", row.key, row.range);
            }
        }
    }

    #[test]
    fn rates_are_steps_that_grow_and_end() {
        let shown = |text: &str| Rates::read(text).map(|rates| rates.show());
        assert_eq!(shown("10 %").as_deref(), Ok("10 %"));
        let business = "10 % to $10000, 7 % to $80000, 5 % to $250000, 3 %";
        assert_eq!(shown(business).as_deref(), Ok(business));
        for wrong in
            ["", "10", "10 % to $100", "3 %, 2 %", "9 % to $9, 8 % to $8, 1 %", "-1 %", "101 %"]
        {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
        assert_eq!(PerHour::read("$85.50/h").map(|rate| rate.show()).as_deref(), Ok("$85.50/h"));
        assert!(PerHour::read("$85/month").is_err() && PerMonth::read("$-1/month").is_err());
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        let defaults = Settings::default();
        for row in PARAMETERS {
            let mut again = Settings::default();
            let shown = defaults.show(row.key).expect("a row has a value");
            again.set(row.key, &shown).unwrap_or_else(|error| panic!("{}: {error}", row.key));
            assert_eq!(again.show(row.key), Some(shown), "{}", row.key);
        }
    }
}
