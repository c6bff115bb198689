//! What clients ask for: streams, and the consumer groups that read them.

use crate::shape::Shape;
use crate::units::{ByteRate, Bytes, Frequency, Hours};

/// Everything that is produced and read.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// At least one; names are unique.
    pub streams: Vec<Stream>,
}

/// An event class: a topic, or a family of topics with one contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Unique in its workload.
    pub name: String,
    /// Who produces it, when that was said.
    pub sources: Option<Sources>,
    /// Mean rate produced, before compression.
    pub produce_raw: ByteRate,
    /// Mean number of records per second, when known.
    pub records: Option<Frequency>,
    /// Raw bytes ÷ bytes as sent and stored.
    pub compression: f64,
    /// Hour by hour over a week.
    pub shape: Shape,
    /// Compound growth of the rate per month: 0.02 is 2 %.
    pub growth_per_month: f64,
    /// How records spread over keys.
    pub keys: Option<Keys>,
    /// Leader partitions; `None` lets the planner choose.
    pub partitions: Option<u32>,
    /// How long records are kept.
    pub retention: Hours,
    /// What the log cleaner does.
    pub cleanup: Cleanup,
    /// The consumer groups.
    pub readers: Vec<Reader>,
}

impl Stream {
    /// Mean rate as sent and stored.
    pub fn produce(&self) -> ByteRate {
        self.produce_raw / self.compression
    }
}

/// Devices that report at an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sources {
    /// How many devices.
    pub count: u64,
    /// Time between two records of one device.
    pub every: Hours,
    /// Size of a record before compression, key and headers included.
    pub record: Bytes,
}

/// How records spread over keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keys {
    /// Distinct keys.
    pub count: u64,
    /// Zipf exponent: 0 is uniform, 0.99 is what the YCSB benchmark uses.
    pub skew: f64,
}

/// Kafka's `cleanup.policy`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cleanup {
    /// Segments older than the retention are deleted.
    Delete,
    /// The last record of every key is kept.
    Compact {
        /// Size of the last records of all keys, as stored.
        live: Bytes,
    },
}

/// A consumer group.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    /// The group's name, unique in its stream.
    pub group: String,
    /// Share of the stream's bytes that it fetches.
    pub share: f64,
    /// Consumers in the group, when known.
    pub consumers: Option<u32>,
    /// How it reads.
    pub kind: ReaderKind,
}

/// How a consumer group reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReaderKind {
    /// Follows the end of the log.
    Tail {
        /// How far behind it may fall.
        lag_budget: Option<Hours>,
    },
    /// Reads a stretch of history, again and again.
    Replay {
        /// How far back it starts.
        window: Hours,
        /// How often it happens.
        every: Hours,
        /// How long it may take.
        within: Hours,
    },
}
