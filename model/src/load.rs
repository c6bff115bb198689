//! Step 1: what streams and readers ask for, mean and peak, in one month of the horizon.

use crate::design::{Architecture, Design};
use crate::shape::WEEK;
use crate::units::{ByteRate, Bytes, Frequency, Hours};
use crate::workload::{Cleanup, Keys, Leaving, ReaderKind, Stream, Workload};

/// A month of the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    /// Months of growth since the start: 0 is the first month.
    pub index: u32,
    /// When it starts, since the start of the horizon.
    pub start: Hours,
    /// Its length.
    pub length: Hours,
}

impl Month {
    /// When it ends, since the start of the horizon.
    pub fn end(&self) -> Hours {
        self.start + self.length
    }
}

/// What one platform's clients ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// Stream by stream, in the order of the workload.
    pub streams: Vec<StreamLoad>,
    /// Mean rate produced, as stored.
    pub produce: ByteRate,
    /// Highest hour of the week, all streams together.
    pub produce_peak: ByteRate,
    /// Mean rate produced, before compression.
    pub produce_raw: ByteRate,
    /// Mean rate fetched at the end of the log.
    pub tail: ByteRate,
    /// Highest hour of the week, all streams together.
    pub tail_peak: ByteRate,
    /// Mean rate of history read.
    pub replay: ByteRate,
    /// All replays at once, as fast as they must be.
    pub replay_peak: ByteRate,
    /// Leader partitions.
    pub partitions: u32,
    /// Mean number of records per second; `None` unless every stream says.
    pub records: Option<Frequency>,
    /// What is copied to other regions.
    pub links: Vec<Leaving>,
}

/// What one stream's clients ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamLoad {
    /// The stream's name.
    pub name: String,
    /// Mean rate produced, as stored.
    pub produce: ByteRate,
    /// Mean rate produced, before compression.
    pub produce_raw: ByteRate,
    /// Its own highest hour of the week.
    pub produce_peak: ByteRate,
    /// Mean number of records per second, when known.
    pub records: Option<Frequency>,
    /// Mean rate fetched at the end of the log.
    pub tail: ByteRate,
    /// The part of it that is behind the page cache.
    pub behind: ByteRate,
    /// Share of what is produced that any group follows; groups with less than the whole are taken to follow different
    /// parts.
    pub followed: f64,
    /// Replays.
    pub replays: Vec<Replay>,
    /// Leader partitions.
    pub partitions: u32,
    /// Rate of the hottest partition over the mean.
    pub hot_factor: f64,
    /// How long records are kept.
    pub retention: Hours,
    /// Whether the log is compacted; its size is then in `retained`.
    pub compacted: bool,
    /// Whether its topics go to a remote tier, on platforms that have one.
    pub tiered: bool,
    /// One copy of everything kept, open segments aside.
    pub retained: Bytes,
}

/// A recurring read of history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replay {
    /// How far back it starts.
    pub window: Hours,
    /// Averaged over the month.
    pub mean: ByteRate,
    /// While it runs.
    pub running: ByteRate,
    /// Share of it that is read from a remote tier.
    pub remote: f64,
}

impl Load {
    /// Bytes fetched at the end of the log for each byte produced.
    pub fn fan_out(&self) -> f64 {
        if self.produce > ByteRate::ZERO { self.tail / self.produce } else { 0.0 }
    }

    /// Mean rate fetched behind the page cache.
    pub fn behind(&self) -> ByteRate {
        self.streams.iter().map(|stream| stream.behind).sum()
    }

    /// One copy of everything kept, open segments aside.
    pub fn retained(&self) -> Bytes {
        self.streams.iter().map(|stream| stream.retained).sum()
    }

    /// The topics of a stream: two kinds of them where only a share is tiered.
    pub fn of_stream<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a StreamLoad> {
        self.streams.iter().filter(move |stream| stream.name == name)
    }

    /// The same with one entry for each name, in the order of the first of each.
    pub fn by_name(mut self) -> Self {
        let mut streams: Vec<StreamLoad> = Vec::with_capacity(self.streams.len());
        for stream in self.streams {
            match streams.iter_mut().find(|known| known.name == stream.name) {
                Some(known) => known.add(stream),
                None => streams.push(stream),
            }
        }
        self.streams = streams;
        self
    }
}

impl StreamLoad {
    /// Takes in more of the same stream: other topics of it, or those of another cluster.
    fn add(&mut self, other: Self) {
        let hottest = self.hottest_partition_peak().max(other.hottest_partition_peak());
        self.produce += other.produce;
        self.produce_raw += other.produce_raw;
        self.produce_peak += other.produce_peak;
        self.records = self.records.zip(other.records).map(|(one, other)| one + other);
        self.tail += other.tail;
        self.behind += other.behind;
        self.replays.extend(other.replays);
        self.partitions += other.partitions;
        if self.produce_peak > ByteRate::ZERO {
            self.hot_factor = hottest * f64::from(self.partitions) / self.produce_peak;
        }
        self.retention = self.retention.max(other.retention);
        self.compacted |= other.compacted;
        self.tiered |= other.tiered;
        self.retained += other.retained;
    }

    /// Mean rate of one partition.
    pub fn partition_rate(&self) -> ByteRate {
        self.produce / f64::from(self.partitions)
    }

    /// Rate of the hottest partition in the highest hour.
    pub fn hottest_partition_peak(&self) -> ByteRate {
        self.produce_peak * self.hot_factor / f64::from(self.partitions)
    }

    /// Mean rate of history read.
    pub fn replay(&self) -> ByteRate {
        self.replays.iter().map(|replay| replay.mean).sum()
    }

    /// All replays at once.
    pub fn replay_peak(&self) -> ByteRate {
        self.replays.iter().map(|replay| replay.running).sum()
    }
}

/// What clients ask for in a month.
///
/// - **Growth:** that of the month; a stream that produces at any moment of the month counts in full.
/// - **Peak:** the highest hour of the week of all streams together. Produce and tail reads are taken at their own
///   highest hours, and all replays run at once: never less than any one hour asks for.
/// - **Partitions:** `"auto"` gives the largest stream at least `leaders`, so that every broker leads one.
/// - **Assumes:** readers at the end of the log follow the curve of what is produced.
pub fn load(workload: &Workload, design: &Design, month: Month, leaders: u32) -> Load {
    let largest = largest_automatic(workload);
    let streams: Vec<StreamLoad> = workload
        .streams
        .iter()
        .enumerate()
        .map(|(index, stream)| {
            let leaders = if largest == Some(index) { leaders } else { 1 };
            stream_load(stream, design, month, leaders)
        })
        .collect();

    let highest = |rate: fn(&StreamLoad) -> ByteRate| highest(workload, &streams, rate);
    Load {
        produce: streams.iter().map(|stream| stream.produce).sum(),
        produce_peak: highest(|stream| stream.produce),
        produce_raw: streams.iter().map(|stream| stream.produce_raw).sum(),
        tail: streams.iter().map(|stream| stream.tail).sum(),
        tail_peak: highest(|stream| stream.tail),
        replay: streams.iter().map(StreamLoad::replay).sum(),
        replay_peak: streams.iter().map(StreamLoad::replay_peak).sum(),
        partitions: streams.iter().map(|stream| stream.partitions).sum(),
        records: streams.iter().map(|stream| stream.records).sum(),
        links: workload.links.clone(),
        streams,
    }
}

/// The highest moment of the week of all streams together.
fn highest(
    workload: &Workload,
    streams: &[StreamLoad],
    rate: fn(&StreamLoad) -> ByteRate,
) -> ByteRate {
    // Clocks differ by quarters of an hour at least.
    let whole = |stream: &Stream| stream.clock.as_hours() % 1.0 == 0.0;
    let quarters: &[f64] = if workload.streams.iter().all(whole) { &[0.0] } else { &QUARTERS };
    let mut highest = ByteRate::ZERO;
    for quarter in quarters {
        let mut hours = [ByteRate::ZERO; WEEK];
        for (stream, load) in workload.streams.iter().zip(streams) {
            let rate = rate(load);
            // From the hour of the stream's own clock that the week begins in.
            let first = stream.shape.hour(Hours::new(*quarter) + stream.clock);
            let (before, after) = stream.shape.factors().split_at(first);
            for (hour, factor) in hours.iter_mut().zip(after.iter().chain(before)) {
                *hour += rate * *factor;
            }
        }
        highest = hours.into_iter().fold(highest, ByteRate::max);
    }
    highest
}

/// Moments of an hour at which the hour of some clock begins.
const QUARTERS: [f64; 4] = [0.0, 0.25, 0.5, 0.75];

/// The stream with the highest rate of those whose partitions the planner chooses.
fn largest_automatic(workload: &Workload) -> Option<usize> {
    let automatic = workload.streams.iter().enumerate();
    automatic
        .filter(|(_, stream)| stream.partitions.is_none())
        .max_by(|(_, one), (_, other)| {
            one.produce().as_mib_per_sec().total_cmp(&other.produce().as_mib_per_sec())
        })
        .map(|(index, _)| index)
}

fn stream_load(stream: &Stream, design: &Design, month: Month, leaders: u32) -> StreamLoad {
    let active = stream.is_active(month.start, month.end());
    let growth = if active { stream.growth.factor(month.index) } else { 0.0 };
    let produce = stream.produce() * growth;
    let produce_peak = produce * stream.shape.peak_to_mean();

    let retained = match stream.cleanup {
        Cleanup::Delete => produce * stream.retention,
        Cleanup::Compact { .. } if stream.start.is_some_and(|start| start >= month.end()) => {
            Bytes::ZERO
        }
        // The cleaner runs when the dirty part has reached its ratio of the log.
        Cleanup::Compact { live } => live / (1.0 - design.settings.dirty_ratio).max(0.01),
    };
    let (mut tail, mut followed) = (ByteRate::ZERO, 0.0);
    let mut replays: Vec<Replay> = Vec::new();
    for reader in &stream.readers {
        match reader.kind {
            ReaderKind::Tail { .. } => {
                tail += produce * reader.share;
                followed += reader.share;
            }
            ReaderKind::Replay { window, every, within } => {
                // A compacted log holds less than was produced.
                let read = (produce * window).min(retained) * reader.share;
                let remote = remote_share(stream, design, window);
                replays.push(Replay { window, mean: read / every, running: read / within, remote });
            }
        }
    }

    let (partitions, hot_factor) = match stream.partitions {
        Some(partitions) => (partitions, hot_factor(stream.keys, partitions)),
        None => {
            let fastest = replays.iter().map(|replay| replay.running);
            let fastest = fastest.fold(produce_peak, ByteRate::max);
            partitions(stream, fastest, design, leaders)
        }
    };
    StreamLoad {
        name: stream.name.clone(),
        produce,
        produce_raw: stream.produce_raw * growth,
        produce_peak,
        records: stream.records.map(|records| Frequency::new(records.per_sec() * growth)),
        tail,
        behind: tail * design.settings.catch_up_share,
        followed: f64::min(followed, 1.0),
        replays,
        partitions,
        hot_factor,
        retention: stream.retention,
        compacted: matches!(stream.cleanup, Cleanup::Compact { .. }),
        tiered: stream.tiered,
        retained,
    }
}

/// Share of what a replay reads that is older than what brokers keep.
pub fn remote_share(stream: &Stream, design: &Design, window: Hours) -> f64 {
    let settings = &design.settings;
    let tiered = design.architecture() == Architecture::Tiered
        && stream.tiered
        && matches!(stream.cleanup, Cleanup::Delete)
        && stream.retention >= settings.tier_retention_min;
    match design.architecture() {
        Architecture::SharedStorage | Architecture::ListPrice => 1.0,
        _ if !tiered => 0.0,
        _ => {
            let local = settings.local_retention.unwrap_or(stream.retention);
            ((window - local) / window).clamp(0.0, 1.0)
        }
    }
}

/// Partitions for `"auto"`: enough that the hottest one stays below what a partition sustains for producers and for each
/// reader, that every consumer of the largest group has one, that there are as many as brokers, and that every zone leads
/// as many as the others; with the hot factor that results.
fn partitions(stream: &Stream, fastest: ByteRate, design: &Design, leaders: u32) -> (u32, f64) {
    let zones = design.settings.zones;
    let limit = design.settings.partition_rate_max;
    let consumers = stream.readers.iter().filter_map(|reader| reader.consumers).max().unwrap_or(1);
    let mut count = consumers.max(leaders).max(1).next_multiple_of(zones);
    loop {
        let hot = hot_factor(stream.keys, count);
        let needed = (fastest / limit * hot - 1e-9).ceil().min(200_000.0) as u32;
        // A hot key is not cooled by more partitions: `hot` grows with them.
        let cooler = hot_factor(stream.keys, count * 2) < 1.9 * hot;
        if needed <= count || !cooler || count >= 100_000 {
            return (count, hot);
        }
        count = needed.max(count + 1).next_multiple_of(zones);
    }
}

/// Rate of the hottest partition over the mean, for keys that hash evenly to partitions.
///
/// Uniform: `1 + √(2·P·ln P ÷ n)`. Zipf: no less than `1 + P·p₁`, with p₁ the share of the top key.
///
/// - **Source:** approximations of a simulation (mechanics G4); within 25 % of it where there are as many keys as
///   partitions, too low by up to 42 % with fewer (`tests/opinion`).
pub fn hot_factor(keys: Option<Keys>, partitions: u32) -> f64 {
    let Some(keys) = keys else { return 1.0 };
    let (count, partitions) = (keys.count() as f64, f64::from(partitions));
    let uniform = 1.0 + libm::sqrt(2.0 * partitions * libm::log(partitions) / count);
    let skewed = if keys.skew() > 0.0 { 1.0 + partitions * keys.top_share() } else { 1.0 };
    uniform.max(skewed).min(partitions.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::tests::{MONTH, design, workload};

    #[test]
    fn hot_partitions_are_near_the_simulated_ones() {
        check(10_000, 0.0, 30, 1.11);
        check(10_000, 0.0, 300, 1.52);
        check(10_000, 0.8, 30, 2.1);
        check(10_000, 0.8, 300, 11.9);
        check(10_000, 0.99, 30, 3.9);
        check(1_000_000, 0.6, 30, 1.04);
        check(1_000_000, 0.8, 300, 5.1);
        check(1_000_000, 0.99, 300, 20.6);
        check(1_000_000, 1.1, 300, 38.0);
    }

    /// The stream and readers of [`flows`](crate::flows), twice: `early` and `late`, with so many hours between their clocks.
    fn two(shape: &str, apart: f64) -> Workload {
        let mut workload = workload();
        let first = &mut workload.streams[0];
        first.name = "early".to_owned();
        first.shape = crate::shape::Shape::named(shape).expect("a shape");
        let mut second = first.clone();
        second.name = "late".to_owned();
        second.clock = Hours::new(-apart);
        workload.streams.push(second);
        workload
    }

    fn loaded(workload: &Workload, name: &str, leaders: u32) -> Load {
        load(workload, &design(name, |_| ()), MONTH, leaders)
    }

    #[test]
    fn peaks_add_up_where_clocks_let_them() {
        // Two hours of 1200 MiB/s each, from midnight of each clock.
        for (apart, expected) in [
            (0.0, 2400.0),
            (1.0, 2400.0),
            (1.5, 2400.0),
            (1.75, 2400.0),
            (2.0, 1200.0),
            (5.5, 1200.0),
        ] {
            for apart in [apart, -apart, 24.0 - apart, apart + 168.0] {
                let found = loaded(&two("nightly-batch", apart), "kafka-gp3", 1);
                let peaks = (found.produce_peak.as_mib_per_sec(), found.tail_peak.as_mib_per_sec());
                assert!((peaks.0 - expected).abs() < 1e-9 && (peaks.1 - expected).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_clock_that_is_ahead_is_early() {
        // All of one stream comes within the hour from 05:00 of its clock: with a clock five hours ahead, at midnight.
        let mut workload = two("nightly-batch", -5.0);
        let weights: [f64; 24] = std::array::from_fn(|hour| if hour == 5 { 1.0 } else { 0.0 });
        workload.streams[1].shape =
            crate::shape::Shape::from_weights("early bird", &weights).expect("a shape");
        let peak = loaded(&workload, "kafka-gp3", 1).produce_peak.as_mib_per_sec();
        assert!((peak - (1200.0 + 2400.0)).abs() < 1e-9, "{peak}");
    }

    #[test]
    fn clocks_between_hours_meet_between_hours() {
        // From 23:45 to 01:45 and from 01:15 to 03:15: no full hour sees both.
        let mut workload = two("nightly-batch", 1.25);
        workload.streams[0].clock = Hours::new(0.25);
        let peak = loaded(&workload, "kafka-gp3", 1).produce_peak.as_mib_per_sec();
        assert!((peak - 2400.0).abs() < 1e-9, "{peak}");
    }

    #[test]
    fn partitions_sustain_their_producers_readers_and_keys() {
        // At 10 MiB/s a partition in three zones.
        let chosen = |rate: f64, keys: Option<Keys>, change: fn(&mut Stream)| {
            let mut workload = workload();
            let stream = &mut workload.streams[0];
            stream.partitions = None;
            stream.produce_raw = ByteRate::from_mib_per_sec(rate);
            stream.keys = keys;
            change(stream);
            let design = design("kafka-gp3", |settings| {
                settings.partition_rate_max = ByteRate::from_mib_per_sec(10.0);
            });
            load(&workload, &design, MONTH, 1).partitions
        };
        let unread = |stream: &mut Stream| stream.readers.clear();
        assert_eq!(chosen(1.0, None, unread), 3);
        assert_eq!(chosen(100.0, None, unread), 12);
        // A replay of two days within twelve hours reads four times as fast.
        assert_eq!(chosen(100.0, None, |_| ()), 42);
        assert_eq!(
            chosen(100.0, None, |stream| {
                stream.readers.truncate(1);
                stream.readers[0].consumers = Some(20);
            }),
            21
        );
        // What a float adds takes no partition.
        assert_eq!(chosen(120.0 * (1.0 + 1e-12), None, unread), 12);
        // Evenly spread keys make the hottest of 12 carry 1.077 times the mean: 12 carry 110 MiB/s, but not 112.
        let even = Some(Keys::new(10_000, 0.0));
        assert_eq!(chosen(110.0, even, unread), 12);
        assert_eq!(chosen(112.0, even, unread), 15);
        // Skewed ones heat up with partitions: their number stops where twice as many would cool nothing.
        assert_eq!(chosen(100.0, Some(Keys::new(10_000, 0.8)), unread), 18);
        assert_eq!(chosen(100.0, Some(Keys::new(10_000, 0.99)), unread), 96);
        assert_eq!(chosen(100.0, Some(Keys::new(100, 2.0)), unread), 30);
    }

    #[test]
    fn evenly_spread_keys_heat_by_the_approximation() {
        // 1 + √(2 × 100 × ln 100 ÷ 10,000)
        let hot = hot_factor(Some(Keys::new(10_000, 0.0)), 100);
        assert!((hot - 1.303_485_425_877_029).abs() < 1e-12, "{hot}");
        assert_eq!(
            (hot_factor(None, 100), hot_factor(Some(Keys::new(10_000, 0.0)), 1)),
            (1.0, 1.0)
        );
    }

    #[test]
    fn rates_grow_and_compressed_ones_are_stored_smaller() {
        let mut workload = two("nightly-batch", 0.0);
        workload.streams.truncate(1);
        let stream = &mut workload.streams[0];
        stream.growth = crate::workload::Growth::compound(0.5);
        stream.compression = 4.0;
        stream.records = Some(Frequency::new(1000.0));
        stream.readers[0].share = 0.5;
        let design = design("kafka-gp3", |settings| settings.catch_up_share = 0.2);
        let month = Month { index: 2, ..MONTH };
        let found = load(&workload, &design, month, 1);
        // 100 MiB/s × 1.5² ÷ 4, half of it followed, a fifth of that from behind.
        let near = |rate: ByteRate, expected: f64| {
            assert!((rate.as_mib_per_sec() - expected).abs() < 1e-9, "{rate} is not {expected}");
        };
        near(found.produce_raw, 225.0);
        near(found.produce, 56.25);
        near(found.streams[0].produce_peak, 675.0);
        near(found.tail, 28.125);
        near(found.tail_peak, 337.5);
        near(found.behind(), 5.625);
        near(found.replay_peak, 56.25 * 4.0);
        assert_eq!(found.records.map(Frequency::per_sec), Some(2250.0));
        assert_eq!((found.fan_out(), found.streams[0].followed), (0.5, 0.5));
        assert!(
            (found.retained() / (ByteRate::from_mib_per_sec(56.25) * Hours::from_days(7.0)) - 1.0)
                .abs()
                < 1e-12
        );
    }

    #[test]
    fn of_silence_nothing_is_read() {
        let mut workload = workload();
        workload.streams[0].produce_raw = ByteRate::ZERO;
        let found = loaded(&workload, "kafka-gp3", 1);
        assert_eq!((found.fan_out(), found.tail_peak), (0.0, ByteRate::ZERO));
    }

    #[test]
    fn a_compacted_log_is_read_for_what_it_holds() {
        let mut workload = workload();
        let stream = &mut workload.streams[0];
        // 30 GiB live, 60 GiB with what is dirty: less than the 16,875 of two days.
        stream.cleanup = Cleanup::Compact { live: Bytes::from_gib(30.0) };
        stream.readers[1].share = 0.5;
        let found = loaded(&workload, "kafka-gp3", 1);
        assert_eq!(found.retained().as_gib(), 60.0);
        let replay = found.streams[0].replays[0];
        assert!((replay.running * Hours::new(12.0) / Bytes::from_gib(30.0) - 1.0).abs() < 1e-12);
        assert!((replay.mean * Hours::from_days(7.0) / Bytes::from_gib(30.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_largest_stream_has_a_partition_for_every_broker() {
        let mut workload = two("flat", 0.0);
        for (stream, rate) in workload.streams.iter_mut().zip([1.0, 2.0]) {
            stream.partitions = None;
            stream.readers.clear();
            stream.produce_raw = ByteRate::from_mib_per_sec(rate);
        }
        let partitions = |workload: &Workload| -> Vec<u32> {
            let found = loaded(workload, "kafka-gp3", 12);
            assert_eq!(
                found.partitions,
                found.streams.iter().map(|one| one.partitions).sum::<u32>()
            );
            found.streams.iter().map(|one| one.partitions).collect()
        };
        assert_eq!(partitions(&workload), [3, 12]);
        workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(4.0);
        assert_eq!(partitions(&workload), [12, 3]);
        // Who says a number keeps it; the largest of the others leads.
        workload.streams[0].partitions = Some(7);
        assert_eq!(partitions(&workload), [7, 12]);
    }

    #[test]
    fn only_what_is_tiered_is_read_from_a_tier() {
        let share = |name: &str, change: fn(&mut Stream)| {
            let mut workload = workload();
            change(&mut workload.streams[0]);
            let design =
                design(name, |settings| settings.local_retention = Some(Hours::from_days(0.5)));
            remote_share(&workload.streams[0], &design, Hours::from_days(2.0))
        };
        // Of two days, half a day is on brokers.
        assert_eq!(share("kafka-tiered", |_| ()), 0.75);
        assert_eq!(share("kafka-tiered", |stream| stream.tiered = false), 0.0);
        let compact = |stream: &mut Stream| {
            stream.cleanup = Cleanup::Compact { live: Bytes::from_gib(1.0) };
        };
        assert_eq!(share("kafka-tiered", compact), 0.0);
        assert_eq!(share("kafka-gp3", |_| ()), 0.0);
        assert_eq!(share("automq-s3-wal", |_| ()), 1.0);
        // The service takes nothing that is kept for less than three days.
        assert_eq!(share("msk-tiered", |_| ()), 0.75);
        assert_eq!(share("msk-tiered", |stream| stream.retention = Hours::from_days(2.0)), 0.0);
    }

    /// The table of mechanics G4.
    #[track_caller]
    fn check(keys: u64, skew: f64, partitions: u32, simulated: f64) {
        let hot = hot_factor(Some(Keys::new(keys, skew)), partitions);
        assert!((hot / simulated - 1.0).abs() < 0.25, "{hot} instead of {simulated}");
    }
}
