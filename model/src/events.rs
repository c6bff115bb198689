//! What happens to a workload or its platform at one moment of the horizon, and how each event is modelled.
//!
//! Like a platform, an event is its kind's rows over the defaults of one table, [`EVENT_PARAMETERS`].

use crate::parameters::{Confidence, Kind, Setting, Share, table};
use crate::presets::Row;
use crate::units::{ByteRate, Bytes, Hours};

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique in its scenario.
    pub name: String,
    /// What happens.
    pub kind: EventKind,
    /// When, since the start of the horizon.
    pub at: Hours,
    /// The stream that it happens to; `None` for all of them.
    pub stream: Option<String>,
    /// The consumer group that it happens to.
    pub group: Option<String>,
    /// The platform that it happens on; `None` for all of them.
    pub platform: Option<String>,
    /// The region that it happens in, by its name in the scenario; `None` for all of them.
    pub region: Option<String>,
    /// The platform that a migration leaves.
    pub from: Option<String>,
    /// Devices that take part, where the stream does not say how many it has.
    pub devices: Option<u64>,
    /// How.
    pub settings: EventSettings,
}

impl Event {
    /// One of a kind with the settings that the kind has, wherever it can happen; it is called as its kind is.
    pub fn new(kind: EventKind, at: Hours) -> Self {
        Self {
            name: kind.name().to_owned(),
            kind,
            at,
            stream: None,
            group: None,
            platform: None,
            region: None,
            from: None,
            devices: None,
            settings: kind.settings(),
        }
    }

    /// Whether it happens on a platform. A migration happens to every platform but the one that it leaves.
    pub fn concerns(&self, platform: &str) -> bool {
        self.platform.as_deref().is_none_or(|only| only == platform)
            && self.from.as_deref() != Some(platform)
    }

    /// Whether it happens to a stream.
    pub fn concerns_stream(&self, stream: &str) -> bool {
        self.stream.as_deref().is_none_or(|only| only == stream)
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, [$($key:literal),*], [$($row:expr),*];)*) => {
        /// What can happen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum EventKind {
            $($(#[doc = $doc])* $variant),*
        }

        impl EventKind {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Their names, as written in a scenario.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// As written in a scenario.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Its model, in full: paragraphs with an empty line between, the first of them one sentence.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc, "\n"),*)),* }
            }

            /// The keys that mean something for it, besides `name`, `kind`, `at`, `platform` and `region`.
            pub fn keys(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($key),*]),* }
            }

            /// What differs from the defaults.
            pub fn rows(self) -> &'static [Row] {
                match self { $(Self::$variant => const { &[$($row),*] }),* }
            }
        }
    };
}

const fn row(key: &'static str, value: &'static str, source: &'static str) -> Row {
    Row { key, value, source, confidence: Confidence::RuleOfThumb }
}

kinds! {
    /// A share of the devices loses its connection and comes back all at once.
    ///
    /// For `outage` they send nothing and hold up to `buffer` of what they would have sent; what is older is lost at the
    /// edge. Then they reconnect: `share·devices ÷ jitter` attempts a second in the first wave, and 99 % are back
    /// after `max(retry, devices ÷ connections + retry/2)` (mechanics G2). What they held is sent evenly over `drain`, or
    /// over the time of reconnecting where that is longer, beside live traffic, which resumes at once. Frees nothing and
    /// costs nothing when `share` is zero.
    ReconnectStorm = "reconnect-storm",
        ["stream", "devices", "share", "outage", "drain", "buffer", "retry", "jitter", "connections"], [];
    /// Devices or gateways hand in what they recorded before.
    ///
    /// `share` of what a stream produces in `window` (or `size`, before compression) is produced on top of live traffic,
    /// evenly over `within`. Retention counts from the hand-in.
    Backfill = "backfill", ["stream", "share", "window", "size", "within"], [];
    /// New firmware goes out in waves, and every device reports its progress.
    ///
    /// Each wave is the difference to the share before it; its devices send `messages` records of `record`, and the
    /// bytes that a reconnect costs are among them, evenly over `within`. Waves start `pause` apart.
    FirmwareWave = "firmware-wave",
        ["stream", "devices", "waves", "pause", "messages", "record", "within"], [];
    /// A consumer group reads history once, on top of what readers do anyway.
    ///
    /// It asks for `share` of what was produced in the last `window`, fast enough to be done `within`; disks, network
    /// and other readers may slow it down.
    Replay = "replay", ["stream", "group", "share", "window", "within"],
        [row("window", "7 d", "a week of history, to train a model or to rebuild a view")];
    /// A consumer group stops, and catches up when it is back.
    ///
    /// Its backlog grows at the stream's rate for `outage`, then shrinks by what the group can fetch above that rate:
    /// `T = B/(capacity − rate)` (mechanics I). Records that expire before they are read are lost to it.
    ReaderOutage = "reader-outage", ["stream", "group", "outage"],
        [row("outage", "4 h", "mechanics I: the worked example")];
    /// A stream is kept longer or shorter from now on.
    ///
    /// Longer: nothing expires until the oldest record reaches the new age, and then the window moves on. Shorter: what
    /// is too old goes at once. Fleets and volumes of the following months are sized for it.
    RetentionChange = "retention-change", ["stream", "retention"], [];
    /// Brokers die.
    ///
    /// Their partitions accept nothing until others take over (`failover`); clients hold what they meant to send. With
    /// the disk `lost`, their replicas are copied to replacements that are there after `replace`, at the rebuild rate net
    /// of live traffic or `throttle` less live traffic, as far as network and disks of the target allow:
    /// `t = D_b/(B − w_b)` (mechanics A8). With the disk `kept`, only what was written meanwhile is copied. Shared
    /// storage: survivors read what was not uploaded.
    BrokerLoss = "broker-loss", ["brokers", "replace", "disk", "throttle"], [];
    /// A zone goes down, and comes back after `outage`.
    ///
    /// Its brokers stop; those of the other zones carry everything. Partitions with too few replicas left accept nothing
    /// (fewer than `min_in_sync` in sync). Then replicas catch up on what was written; local disks are empty
    /// after a zone's loss and are copied in full.
    ZoneLoss = "zone-loss", ["outage", "throttle"],
        [row("outage", "4 h", "mechanics H: 1 h to 12 h, no good public series")];
    /// Brokers are added.
    ///
    /// They are paid for at once and start in `start_up`. Replicated: then `L·RF·k/(N + k)` bytes move to them, at most
    /// the rebuild rate into each, and they carry load when that is done (mechanics A8). Shared storage: they carry load
    /// as soon as they have started.
    ScaleOut = "scale-out", ["brokers", "throttle"],
        [row("brokers", "3", "one in each of three zones")];
    /// Brokers are taken out.
    ///
    /// Replicated: their replicas move to the others first, and they are paid for until then. Shared storage: at once.
    ScaleIn = "scale-in", ["brokers", "throttle"],
        [row("brokers", "3", "one in each of three zones")];
    /// Clients move to this platform from another.
    ///
    /// From `at`, live traffic and `history` are mirrored to it, history at `mirror`; when that is done both run for
    /// `dual_run`, then clients are cut over. The platform that is left is paid for until the cut-over, and until
    /// `roll_back` has passed, where that is asked for. A roll-back copies what the new platform accepted since the
    /// cut-over back at `mirror`; then the old platform goes on alone. What is mirrored is as old as it is, and expires
    /// when it would have; the mirror slows down where brokers have little room.
    Migration = "migration", ["from", "mirror", "history", "dual_run", "roll_back"], [];
}

/// Shares of a fleet that have new firmware after each wave.
#[derive(Clone, Debug, PartialEq)]
pub struct Waves(pub Vec<Share>);

impl Setting for Waves {
    const KIND: Kind = Kind::Shares;
    fn read(text: &str) -> Result<Self, String> {
        let expected = || "expected growing shares, such as `1 %, 10 %, 50 %, 100 %`".to_owned();
        let shares: Result<Vec<Share>, String> = text.split(',').map(Share::read).collect();
        let shares = shares.map_err(|_| expected())?;
        let grow = shares.windows(2).all(|pair| pair[0] < pair[1]) && shares[0] > 0.0;
        if grow && shares.len() <= 20 { Ok(Self(shares)) } else { Err(expected()) }
    }
    fn show(&self) -> String {
        self.0.iter().map(Setting::show).collect::<Vec<_>>().join(", ")
    }
}

crate::parameters::choice! {
    /// What becomes of a dead broker's disk.
    DeadDisk {
        /// It is gone: its replicas are copied.
        Lost = "lost",
        /// Its replacement gets it: only what was missed is copied.
        Kept = "kept",
    }
}

table! {
    /// How an event goes.
    EventSettings,
    /// Every setting of an event, in the order of the documentation.
    EVENT_PARAMETERS;

    /// Share of the devices, or of what a reader reads, that takes part.
    share: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "everything, until you know better";
    /// How long it is away.
    outage: Hours = "2 h" in "1 min .. 72 h", Every, RuleOfThumb, "a feeder or a network of a region";
    /// Time over which devices send what they held back.
    drain: Hours = "10 min" in "1 min .. 6 h", Every, Derived, "mechanics G1: buffered flush";
    /// How much a device can hold; `auto` is as much as the outage takes.
    buffer: Option<Hours> = "auto" in "1 min .. 30 d", Every, RuleOfThumb, "devices differ: ask their maker";
    /// Longest time between two attempts of a device to connect.
    retry: Hours = "64 s" in "2 s .. 30 min", Every, Vendor, "ClearBlade and Google IoT Core guidance: backoff capped at 32 to 64 s";
    /// Time over which the first attempts spread.
    jitter: Hours = "1 s" in "1 s .. 10 min", Every, Vendor, "ClearBlade and Google IoT Core guidance: up to 1 s; libocpp 0a1880a0: 2 s";
    /// New connections that the front end accepts each second; `auto` takes all that come.
    connections: Option<u32> = "auto" in "100 .. 100000", Every, Vendor, "MSK with IAM: 100 for each broker; measure your gateway";
    /// How far back it goes.
    window: Hours = "1 d" in "1 h .. 400 d", Every, RuleOfThumb, "a day of readings";
    /// Amount of data before compression, instead of a share of a window.
    size: Option<Bytes> = "auto" in "1 MiB .. 1 PiB", Every, RuleOfThumb, "a share of a window";
    /// Time that it is to take.
    within: Hours = "6 h" in "1 min .. 30 d", Every, RuleOfThumb, "a night";
    /// How many brokers.
    brokers: u32 = "1" in "1 .. 100", Every, RuleOfThumb, "one at a time";
    /// Time until a replacement is there.
    replace: Hours = "5 min" in "2 min .. 1 h", Every, RuleOfThumb, "mechanics A8: 2 to 10 min";
    /// What becomes of its disk.
    disk: DeadDisk = "lost" in "", Every, RuleOfThumb, "the worse case; volumes can be attached again";
    /// Rate that copying may take on a broker, live replication included; `auto` is the rebuild rate net of live traffic.
    throttle: Option<ByteRate> = "auto" in "10 MiB/s .. 1 GiB/s", Every, Code, "Kafka: follower.replication.throttled.rate";
    /// How long records are kept from now on.
    retention: Option<Hours> = "auto" in "1 h .. 10 y", Every, RuleOfThumb, "has to be said";
    /// Shares of the fleet that have it after each wave.
    waves: Waves = "1 %, 10 %, 50 %, 100 %" in "", Every, RuleOfThumb, "canaries first";
    /// Time between the starts of two waves.
    pause: Hours = "1 d" in "1 h .. 30 d", Every, RuleOfThumb, "a day to look at the canaries";
    /// Records that each device sends about it.
    messages: u32 = "7" in "1 .. 50", Every, Code, "OCPP FirmwareStatusNotification: 4 to 6, and a boot";
    /// Size of such a record before compression.
    record: Bytes = "211 B" in "20 B .. 10 KiB", Every, Measured, "OCPP StatusNotification, own count of bytes";
    /// Rate at which history is mirrored, and copied back.
    mirror: ByteRate = "100 MiB/s" in "10 MiB/s .. 1 GiB/s", Every, RuleOfThumb, "as a rebuild: mechanics A8";
    /// How much history is mirrored; `auto` is all that streams keep.
    history: Option<Hours> = "auto" in "1 h .. 400 d", Every, RuleOfThumb, "readers want what they had";
    /// Time that both run before clients are cut over.
    dual_run: Hours = "14 d" in "1 d .. 90 d", Every, RuleOfThumb, "two weeks of comparing";
    /// Time after the cut-over at which clients go back; `auto` is never.
    roll_back: Option<Hours> = "auto" in "1 h .. 14 d", Every, RuleOfThumb, "plan for it, hope against it";
}

impl EventKind {
    /// A kind by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The keys that an event of a kind has to have.
    pub fn required(self) -> &'static [&'static str] {
        match self {
            Self::FirmwareWave | Self::Replay => &["stream"],
            Self::ReaderOutage => &["group"],
            Self::RetentionChange => &["retention"],
            Self::Migration => &["from"],
            Self::ReconnectStorm
            | Self::Backfill
            | Self::BrokerLoss
            | Self::ZoneLoss
            | Self::ScaleOut
            | Self::ScaleIn => &[],
        }
    }

    /// The defaults with this kind's rows over them.
    pub fn settings(self) -> EventSettings {
        let mut settings = EventSettings::default();
        for row in self.rows() {
            settings.set(row.key, row.value).expect("a row can be read");
        }
        settings
    }
}

/// A row by its key.
pub fn parameter(key: &str) -> Option<&'static crate::parameters::Parameter> {
    EVENT_PARAMETERS.iter().find(|parameter| parameter.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::range;

    #[test]
    fn every_key_of_a_kind_is_a_row_or_stands_beside_the_settings() {
        let beside = ["stream", "group", "from", "devices"];
        for kind in EventKind::ALL {
            assert!(kind.doc().len() > 100, "{}", kind.name());
            kind.settings();
            assert!(kind.required().iter().all(|key| kind.keys().contains(key)), "{}", kind.name());
            for key in kind.keys() {
                assert!(beside.contains(key) || parameter(key).is_some(), "{}: {key}", kind.name());
            }
            for row in kind.rows() {
                assert!(kind.keys().contains(&row.key), "{}: {}", kind.name(), row.key);
            }
        }
    }

    #[test]
    fn every_default_is_plausible() {
        let settings = EventSettings::default();
        for row in EVENT_PARAMETERS {
            let (Some((low, high)), Some(value)) = (range(row), settings.number(row.key)) else {
                assert!(row.range.is_empty() || row.auto, "{}: `{}`", row.key, row.range);
                continue;
            };
            assert!(low <= value && value <= high, "{}: {value} in `{}`", row.key, row.range);
        }
    }

    #[test]
    fn waves_grow() {
        assert_eq!(Waves::read("1 %, 50%, 100 %").map(|waves| waves.0), Ok(vec![0.01, 0.5, 1.0]));
        assert!(Waves::read("50 %, 10 %").is_err());
        assert!(Waves::read("").is_err());
        assert_eq!(EventKind::FirmwareWave.settings().waves.show(), "1 %, 10 %, 50 %, 100 %");
    }
}
