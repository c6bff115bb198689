//! What is produced and read.

use super::Horizon;
use super::form::Checked;
use super::moment::{moment_of, outside};
use super::names::unique;
use super::problem::{Problem, Problems, RATE_FORMS, duration};
use crate::load::Month;
use crate::shape::{Shape, WEEK};
use crate::units::{ByteRate, Bytes, Frequency, Hours, MIB};
use crate::workload::{Cleanup, Growth, Keys, Reader, ReaderKind, Sources, Stream, Workload};

/// Most that one stream may produce in its last month: 1 TiB/s.
const RATE_MAX: ByteRate = ByteRate::new(MIB * MIB);

/// Everything that is produced and read.
pub(super) fn workload(
    root: &Checked,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Workload> {
    let tables = root.tables("stream");
    unique(tables, "streams", "name", problems);
    let streams: Vec<_> =
        tables.iter().map(|table| stream(table, horizon, problems)).collect::<Vec<_>>();
    let streams: Option<Vec<_>> = streams.into_iter().collect();
    streams
        .filter(|streams| !streams.is_empty())
        .map(|streams| Workload { streams, links: Vec::new() })
}

fn stream(table: &Checked, horizon: Option<&Horizon>, problems: &mut Problems) -> Option<Stream> {
    let rate = rate(table, problems);
    let growth = growth(table, horizon, problems);
    let start = moment_of(table, "start", horizon, problems);
    let end = end(table, start, horizon, problems);
    if let Some(rate) = &rate {
        let months = horizon.map_or_else(Vec::new, Horizon::all_months);
        let active = |month: &Month| {
            start.is_none_or(|start| start < month.end()) && end.is_none_or(|end| end > month.start)
        };
        let months: Vec<_> = months.into_iter().filter(active).collect();
        check_size(table, rate, &growth, &months, problems);
    }
    let shape = shape(table, problems);
    let compression = table.number("compression").unwrap_or(1.0);
    let cleanup = cleanup(table, compression, problems);
    let readers: Vec<_> =
        table.tables("reader").iter().map(|item| reader(item, table, problems)).collect::<Vec<_>>();
    unique(table.tables("reader"), "readers", "group", problems);

    let rate = rate?;
    let zone = table.duration("time_zone");
    Some(Stream {
        name: table.text("name")?,
        owner: table.text("owner"),
        sources: rate.sources,
        produce_raw: rate.produce,
        records: rate.records,
        compression,
        shape: shape?,
        clock: zone.zip(horizon).map_or(Hours::ZERO, |(zone, horizon)| zone - horizon.clock),
        growth,
        start,
        end,
        keys: table.table("keys").and_then(keys),
        partitions: table.count("partitions").and_then(|count| u32::try_from(count).ok()),
        retention: table.duration("retention")?,
        cleanup: cleanup?,
        tiered: true,
        readers: readers.into_iter().collect::<Option<_>>()?,
    })
}

fn growth(table: &Checked, horizon: Option<&Horizon>, problems: &mut Problems) -> Growth {
    let mut growth = table.growth("growth").unwrap_or_default();
    for step in table.tables("steps") {
        let month = step.count("month").and_then(|month| u32::try_from(month).ok());
        let (Some(month), Some(times)) = (month, step.number("times")) else { continue };
        if let Some(horizon) = horizon.filter(|horizon| month > horizon.months) {
            let problem = outside("month", month.to_string(), horizon);
            problems.report(problem, step.span_of("month"));
        }
        growth.steps.push((month.saturating_sub(1), times));
    }
    growth
}

/// When a stream ends; after the horizon is as good as never.
fn end(
    table: &Checked,
    start: Option<Hours>,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Hours> {
    let end = table.moment("end")?.since_start("end", horizon?);
    let end = end.map_err(|problem| problems.report(problem, table.span_of("end"))).ok()?;
    if end <= start.unwrap_or(Hours::ZERO) {
        problems.report(Problem::NeverProduced, table.span_of("end"));
    }
    Some(end)
}

/// How much a stream produces.
struct Rate {
    sources: Option<Sources>,
    records: Option<Frequency>,
    produce: ByteRate,
}

/// The keys that say how much a stream produces.
const RATE_KEYS: [&str; 5] = ["sources", "every", "record", "records", "produce"];

fn rate(table: &Checked, problems: &mut Problems) -> Option<Rate> {
    let found: Vec<_> = RATE_KEYS.into_iter().filter(|key| table.has(key)).collect();
    let is =
        |form: &[&str]| found.len() == form.len() && form.iter().all(|key| found.contains(key));
    let record = table.size("record");
    if is(RATE_FORMS[0]) {
        let sources = Sources {
            count: table.count("sources")?,
            every: table.duration("every")?,
            record: record?,
        };
        let records = Frequency::new(sources.count as f64 / sources.every.as_secs());
        return Some(Rate {
            sources: Some(sources),
            records: Some(records),
            produce: records * sources.record,
        });
    }
    if is(RATE_FORMS[1]) {
        let records = table.frequency("records")?;
        return Some(Rate { sources: None, records: Some(records), produce: records * record? });
    }
    if is(RATE_FORMS[2]) || is(&["produce", "record"]) {
        let produce = table.rate("produce")?;
        let records =
            record.map(|record| Frequency::new(produce / (record / Hours::from_secs(1.0))));
        return Some(Rate { sources: None, records, produce });
    }
    let span = found.first().map_or_else(|| table.span.clone(), |key| table.key_span(key));
    problems.report(Problem::RateMixture { found }, span);
    None
}

/// Refuses what no stream will ever produce, now or after growing.
fn check_size(
    table: &Checked,
    rate: &Rate,
    growth: &Growth,
    months: &[Month],
    problems: &mut Problems,
) {
    let mut report = |month, key| {
        let stream = table.text("name").unwrap_or_else(|| "the stream".to_owned());
        problems.report(Problem::RateTooHigh { stream, month }, table.span_of(key));
    };
    if rate.produce > RATE_MAX {
        report(None, if rate.sources.is_some() { "sources" } else { "records" });
        return;
    }
    let too_high = |month: &&Month| rate.produce * growth.factor(month.index) > RATE_MAX;
    if let Some(month) = months.iter().find(too_high) {
        report(Some(month.index + 1), if table.has("growth") { "growth" } else { "steps" });
    }
}

fn shape(table: &Checked, problems: &mut Problems) -> Option<Shape> {
    let shape = match table.shape("shape") {
        Some(shape) => shape,
        None if table.has("shape") => return None,
        None => Shape::flat(),
    };
    let Some(peak) = table.number("peak_to_mean") else {
        return Some(shape);
    };
    let stretched = shape.with_peak(peak);
    if stretched.is_none() {
        let problem =
            Problem::ImpossiblePeak { shape: shape.name.clone(), largest: largest_peak(&shape) };
        problems.report(problem, table.span_of("peak_to_mean"));
    }
    stretched
}

/// The peak at which the lowest hour is zero, rounded down to what [`Shape::with_peak`] takes.
fn largest_peak(shape: &Shape) -> Option<String> {
    let lowest = (0..WEEK).map(|hour| shape.factor(hour)).fold(f64::MAX, f64::min);
    let highest = shape.peak_to_mean();
    if lowest >= 1.0 || highest <= 1.0 {
        return None;
    }
    let largest = 1.0 + (highest - 1.0) / (1.0 - lowest);
    Some(format!("{}", (largest * 100.0 + 1e-6).floor() / 100.0))
}

fn keys(table: &Checked) -> Option<Keys> {
    Some(Keys::new(table.count("count")?, table.number("skew").unwrap_or(0.0)))
}

fn cleanup(table: &Checked, compression: f64, problems: &mut Problems) -> Option<Cleanup> {
    let compact = table.text("cleanup").as_deref() == Some("compact");
    if !compact {
        if table.has("live") && (!table.has("cleanup") || table.text("cleanup").is_some()) {
            problems.report(Problem::LiveWithoutCompaction, table.key_span("live"));
        }
        return Some(Cleanup::Delete);
    }
    if table.has("live") {
        return Some(Cleanup::Compact { live: table.size("live")? });
    }
    let derivable = table.has("keys") && table.has("record");
    if !derivable {
        problems.report(Problem::NoLiveSize, table.span_of("cleanup"));
        return None;
    }
    let keys = table.table("keys").and_then(keys)?;
    Some(Cleanup::Compact {
        live: Bytes::new(keys.count() as f64) * table.size("record")?.base_bytes() / compression,
    })
}

/// The keys that only one kind of reader has.
const TAIL_KEYS: [&str; 1] = ["lag_budget"];
const REPLAY_KEYS: [&str; 3] = ["window", "every", "within"];

fn reader(item: &Checked, stream: &Checked, problems: &mut Problems) -> Option<Reader> {
    let kind = match item.text("kind").as_deref() {
        Some("replay") => replay(item, stream, problems),
        None if item.has("kind") => None,
        _ => {
            without(item, &REPLAY_KEYS, "tail", problems);
            Some(ReaderKind::Tail { lag_budget: item.duration("lag_budget") })
        }
    };
    Some(Reader {
        group: item.text("group")?,
        region: item.text("region"),
        share: item.number("share").unwrap_or(1.0),
        consumers: item.count("consumers").and_then(|count| u32::try_from(count).ok()),
        capacity: item.number("capacity").unwrap_or(Reader::CAPACITY),
        kind: kind?,
    })
}

/// Reports keys of the other kind.
fn without(item: &Checked, keys: &[&'static str], kind: &'static str, problems: &mut Problems) {
    for key in keys.iter().copied().filter(|key| item.has(key)) {
        problems.report(Problem::OtherReaderKind { key, kind }, item.key_span(key));
    }
}

fn replay(item: &Checked, stream: &Checked, problems: &mut Problems) -> Option<ReaderKind> {
    without(item, &TAIL_KEYS, "replay", problems);
    for key in REPLAY_KEYS.into_iter().filter(|key| !item.has(key)) {
        let field = super::fields::find(super::fields::Section::Reader, key)?;
        problems.report(super::form::missing(&field), item.span.clone());
    }
    let (window, every, within) =
        (item.duration("window"), item.duration("every"), item.duration("within"));
    let kept = stream
        .duration("retention")
        .filter(|_| stream.text("cleanup").as_deref() != Some("compact"));
    if let (Some(window), Some(kept)) = (window, kept)
        && window > kept
    {
        let problem =
            Problem::WindowBeyondRetention { window: duration(window), retention: duration(kept) };
        problems.report(problem, item.span_of("window"));
    }
    if let (Some(every), Some(within)) = (every, within)
        && within > every
    {
        let problem = Problem::ReplaysOverlap { within: duration(within), every: duration(every) };
        problems.report(problem, item.span_of("within"));
    }
    Some(ReaderKind::Replay { window: window?, every: every?, within: within? })
}
