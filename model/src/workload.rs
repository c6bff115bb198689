//! What clients ask for: streams, and the consumer groups that read them.

use crate::shape::Shape;
use crate::units::{ByteRate, Bytes, Frequency, Hours};

/// Everything that is produced and read.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// At least one; names are unique.
    pub streams: Vec<Stream>,
    /// What is copied to other regions.
    pub links: Vec<Leaving>,
}

/// A stream that is copied to another region.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaving {
    /// The stream.
    pub stream: String,
    /// The region's name in the scenario.
    pub to: String,
    /// Whose it is.
    pub provider: String,
    /// As its provider spells it.
    pub region: String,
}

/// An event class: a topic, or a family of topics with one contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Unique in its workload.
    pub name: String,
    /// The team or tenant that it is for, where that was said.
    pub owner: Option<String>,
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
    /// How far the stream's own clock is ahead of the horizon's: its shape follows it.
    pub clock: Hours,
    /// How the rate grows.
    pub growth: Growth,
    /// When it starts, since the start of the horizon; `None` where it was there before.
    pub start: Option<Hours>,
    /// When it ends, since the start of the horizon.
    pub end: Option<Hours>,
    /// How records spread over keys.
    pub keys: Option<Keys>,
    /// Leader partitions; `None` lets the planner choose.
    pub partitions: Option<u32>,
    /// How long records are kept.
    pub retention: Hours,
    /// What the log cleaner does.
    pub cleanup: Cleanup,
    /// Whether its topics go to a remote tier, on platforms that have one.
    pub tiered: bool,
    /// The consumer groups.
    pub readers: Vec<Reader>,
}

impl Stream {
    /// Whether it produces at any moment of a span.
    pub fn is_active(&self, from: Hours, to: Hours) -> bool {
        self.start.is_none_or(|start| start < to) && self.end.is_none_or(|end| end > from)
    }

    /// Mean rate as sent and stored.
    pub fn produce(&self) -> ByteRate {
        self.produce_raw / self.compression
    }

    /// A share of its sources with their records and keys; the contract stays as it is, partitions included.
    pub fn part(&self, share: f64) -> Self {
        let counted = |count: u64| libm::round(count as f64 * share).max(1.0) as u64;
        let mut part = self.clone();
        part.produce_raw = self.produce_raw * share;
        part.records = self.records.map(|records| Frequency::new(records.per_sec() * share));
        if let Some(sources) = &mut part.sources {
            sources.count = counted(sources.count);
        }
        if let Some(keys) = &mut part.keys {
            *keys = Keys::new(counted(keys.count), keys.skew);
        }
        if let Cleanup::Compact { live } = &mut part.cleanup {
            *live = *live * share;
        }
        part
    }
}

/// How a rate grows from month to month; within a month it stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growth {
    /// Of the month before: 0.02 is 2 %.
    pub compound: f64,
    /// Of the first month: 0.02 is 2 %.
    pub linear: f64,
    /// From a month on (0 is the first), so many times as much.
    pub steps: Vec<(u32, f64)>,
}

impl Growth {
    /// The same rate every month.
    pub fn none() -> Self {
        Self::default()
    }

    /// Of the month before.
    pub fn compound(per_month: f64) -> Self {
        Self { compound: per_month, ..Self::default() }
    }

    /// What the rate of the first month is multiplied by, so many months later; never below zero.
    ///
    /// ```
    /// # use model::workload::Growth;
    /// assert_eq!(Growth::compound(0.5).factor(2), 2.25);
    /// assert_eq!(Growth { linear: 0.5, ..Growth::none() }.factor(2), 2.0);
    /// assert_eq!(Growth { steps: vec![(2, 3.0)], ..Growth::none() }.factor(1), 1.0);
    /// assert_eq!(Growth { steps: vec![(2, 3.0)], ..Growth::none() }.factor(2), 3.0);
    /// ```
    pub fn factor(&self, months: u32) -> f64 {
        let steps = self.steps.iter().filter(|(from, _)| *from <= months);
        let linear = (1.0 + self.linear * f64::from(months)).max(0.0);
        libm::pow(1.0 + self.compound, f64::from(months))
            * linear
            * steps.map(|(_, times)| times).product::<f64>()
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
    count: u64,
    /// Zipf exponent: 0 is uniform, 0.99 is what the YCSB benchmark uses.
    skew: f64,
    /// Share of all records that the most frequent key has.
    top_share: f64,
}

impl Keys {
    /// So many keys, with a Zipf exponent.
    ///
    /// A thousand powers are summed up here, once: a plan asks for the result in every month, for every platform and for
    /// every number of partitions that it tries.
    pub fn new(count: u64, skew: f64) -> Self {
        Self { count, skew, top_share: 1.0 / harmonic(count, skew) }
    }

    /// Distinct keys.
    pub fn count(self) -> u64 {
        self.count
    }

    /// Zipf exponent: 0 is uniform.
    pub fn skew(self) -> f64 {
        self.skew
    }

    /// Share of all records that the most frequent key has.
    pub fn top_share(self) -> f64 {
        self.top_share
    }
}

/// The generalized harmonic number: Σ k^−θ for k from 1 to n.
fn harmonic(count: u64, exponent: f64) -> f64 {
    const EXACT: u64 = 1000;
    let term = |k: f64| libm::pow(k, -exponent);
    let exact: f64 = (1..=count.min(EXACT)).map(|k| term(k as f64)).sum();
    if count <= EXACT {
        return exact;
    }
    // Euler–Maclaurin for the rest: the integral, and half of the two ends.
    let (low, high) = (EXACT as f64, count as f64);
    let integral = if (exponent - 1.0).abs() < 1e-9 {
        libm::log(high / low)
    } else {
        (libm::pow(high, 1.0 - exponent) - libm::pow(low, 1.0 - exponent)) / (1.0 - exponent)
    };
    exact + integral + (term(high) - term(low)) / 2.0
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
    /// The region that it reads in, by its name in the scenario; `None` for wherever the stream is produced.
    pub region: Option<String>,
    /// Share of the stream's bytes that it fetches.
    pub share: f64,
    /// Consumers in the group, when known.
    pub consumers: Option<u32>,
    /// What the group can fetch, in multiples of the stream's highest hour.
    pub capacity: f64,
    /// How it reads.
    pub kind: ReaderKind,
}

impl Reader {
    /// What a group can fetch that does not say, in multiples of the stream's highest hour: mechanics I catches up a 4 h
    /// outage in 8 h with it.
    pub const CAPACITY: f64 = 1.5;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harmonic_number_is_exact_enough() {
        for exponent in [0.0, 0.6, 0.99, 1.0, 1.1] {
            let sum: f64 = (1..=20_000_u64).map(|k| libm::pow(k as f64, -exponent)).sum();
            let short = harmonic(20_000, exponent);
            assert!((short / sum - 1.0).abs() < 1e-6, "{exponent}: {short} {sum}");
        }
    }
}
