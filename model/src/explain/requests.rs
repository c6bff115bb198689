//! Requests to object storage, and bytes that are billed with them.

use super::Origin;
use super::sheet::{Sheet, computed};
use crate::bill::Cause;
use crate::costs::{RequestClass, write_requests};
use crate::design::Architecture;
use crate::flows::Edge;
use crate::storage::{is_tiered, roll_time};
use crate::units::{ByteRate, Frequency};

pub(super) fn object_requests(sheet: &mut Sheet) {
    let (basis, price, cause) = (sheet.basis, sheet.usage.price, sheet.usage.cause);
    let flows = &sheet.used.flows;
    if basis.tier.is_some_and(|tier| tier.retrieval == price) {
        let what = "History that brokers no longer hold is read back from the service's tier, which charges for every byte.";
        let read = flows.mean_for(Edge::ObjectStoreToBroker, cause);
        return bytes(sheet, what, read, "what is read behind `local_retention`");
    }
    if let Some(zonal) = basis.zonal {
        if price == zonal.upload {
            let what = "Object storage of one zone charges for every byte that is written, besides its requests.";
            let written = flows.mean_for(Edge::BrokerToObjectStore, Cause::Append);
            return bytes(sheet, what, written, "what is produced × copies of a batch");
        }
        if price == zonal.retrieval {
            let what = "Object storage of one zone charges for every byte that is read, besides its requests.";
            let settings = &sheet.design().settings;
            let merges = if settings.merge_files > 0 { settings.merge_traffic.0 } else { 0.0 };
            return match cause {
                Cause::Merge => {
                    let read = sheet.used.load.produce * merges;
                    bytes(
                        sheet,
                        what,
                        read,
                        "what is produced × `merge_traffic`, where batches are merged",
                    )
                }
                _ => {
                    let live = flows.mean_for(Edge::ObjectStoreToBroker, Cause::Consume);
                    bytes(sheet, what, live, "what consumers follow × reads of each batch")
                }
            };
        }
    }
    let tiered = sheet.design().architecture() == Architecture::Tiered;
    match (cause, tiered) {
        (Cause::Upload, true) => segments(sheet),
        (Cause::CatchUp | Cause::Replay, _) => pieces(sheet, tiered),
        _ => counted(sheet),
    }
}

fn bytes(sheet: &mut Sheet, what: &str, rate: ByteRate, how: &str) {
    sheet.say(what, "rate × hours of the month", "B × h");
    let origin = sheet.found(how);
    sheet.rate("B", "rate, mean of the month", rate, || origin);
    sheet.hours();
}

/// Uploads of closed segments, stream by stream.
fn segments(sheet: &mut Sheet) {
    let what = "Each closed segment is uploaded in parts, with its indexes and its manifest; each of them is a request.";
    let words = "partitions × (requests for each segment + ⌈segment ÷ part⌉) ÷ time that a segment is open × hours of the month";
    sheet.say(what, words, "P × (q + ⌈s ÷ p⌉) ÷ o × h");
    let (used, design) = (sheet.used, sheet.design());
    let settings = &design.settings;
    for stream in &used.load.streams {
        let uploads = is_tiered(stream, design) && stream.produce > ByteRate::ZERO;
        // What is not tiered, or nobody produces, uploads nothing: none of its partitions counts.
        let partitions = if uploads { f64::from(stream.partitions) } else { 0.0 };
        let open = match uploads {
            true => roll_time(stream, design),
            false => settings.segment_ms,
        };
        let segment = match uploads {
            true => stream.partition_rate() * open,
            false => settings.segment_bytes,
        };
        let parts = crate::costs::pieces(segment, settings.remote_part);
        let requests = f64::from(settings.remote_requests) + parts;
        let all = partitions * requests / open.as_hours() * used.hours.as_hours();
        sheet.term(&format!("stream `{}`", stream.name), all);
        sheet.number("P", "partitions that are tiered", partitions, "", || {
            computed("those of the stream")
        });
        sheet.setting("q", "remote_requests");
        let origin =
            sheet.found("rate of a partition × time that it is open, `segment_bytes` at most");
        sheet.bytes("s", "segment when it closes", segment, || origin);
        sheet.setting("p", "remote_part");
        let origin = sheet.found("until it is full, `segment_ms` at most");
        let shown = open.to_string();
        sheet.input("o", open.as_hours(), "h", || {
            ("time that a segment is open".to_owned(), shown, origin)
        });
        sheet.hours();
        sheet.behind(&["segment_bytes", "segment_ms", "tiered_share"]);
    }
}

/// Reads of history in pieces.
fn pieces(sheet: &mut Sheet, tiered: bool) {
    let used = sheet.used;
    let what = match tiered {
        true => {
            "History that brokers no longer hold is fetched from the remote tier, a request for each piece."
        }
        false => "What is behind the caches is read from object storage, a request for each piece.",
    };
    sheet.say(what, "rate read ÷ bytes of one request × hours of the month", "B ÷ f × h");
    let cause = sheet.usage.cause;
    let rate = match tiered {
        true => used.flows.mean_for(Edge::ObjectStoreToBroker, cause),
        false if cause == Cause::Replay => used.load.replay,
        false => used.load.behind(),
    };
    let how = match cause {
        Cause::Replay => "what replays read, as far back as brokers do not hold it",
        _ => "what groups that are behind read, as far back as brokers do not hold it",
    };
    let origin = sheet.found(how);
    sheet.rate("B", "read, mean of the month", rate, || origin);
    sheet.setting("f", if tiered { "remote_fetch" } else { "catch_up_fetch" });
    sheet.hours();
}

/// Batches, uploads and merges: not linear in the rates, so the run counts them step by step.
fn counted(sheet: &mut Sheet) {
    let (basis, cause) = (sheet.basis, sheet.usage.cause);
    let price = sheet.usage.price;
    let read = basis.object.is_some_and(|object| object.get == price)
        || basis.zonal.is_some_and(|zonal| zonal.get == price);
    let leaderless = sheet.design().is_leaderless();
    let text = text(cause, if read { RequestClass::Get } else { RequestClass::Put }, leaderless);
    sheet.say(text.what, text.words, "q × h");
    let used = sheet.used;
    let closed = write_requests(sheet.design(), &used.load, &basis.machine, used.brokers);
    let closed = closed
        .iter()
        .filter(|one| {
            let bought = basis.object.map(|object| one.class.price(object, basis.zonal));
            one.cause == cause && bought == Some(price)
        })
        .nth(sheet.nth)
        .map_or(0.0, |one| one.per_sec.per_sec());
    let run = sheet.plan.simulation.is_some();
    let often = if run { sheet.usage.amount / used.hours.as_secs() } else { closed };
    let often = Frequency::new(often);
    sheet.often("q", "requests, mean of the month", often, || match run {
        true => Origin::Run { how: format!("counted at every step of the run: {}", text.how) },
        false => computed(text.how),
    });
    sheet.hours();
    if run {
        // What the curve of the month makes of it shows beside what its mean would.
        let name = "the same in closed form, if the mean held all month";
        sheet.often("", name, Frequency::new(closed), || computed(text.how));
    }
    let domains = crate::costs::domains(sheet.design(), &used.load, &basis.machine, used.brokers);
    let name = "what collects batches: brokers, or their cores";
    sheet.number("", name, domains, "", || {
        computed("`flush_domain`: brokers, or brokers × virtual CPUs of a machine; with `produce_to_leader` no more than there are partitions")
    });
    sheet.produced("");
    sheet.behind(text.keys);
}

/// What is said of requests.
struct Text {
    what: &'static str,
    words: &'static str,
    how: &'static str,
    keys: &'static [&'static str],
}

const WORDS: &str = "requests a second × seconds of the month";
const BATCHES: &str = "what collects batches × max(rate of each ÷ `flush_size`, 1 ÷ (`flush_interval` + wait for the first request))";
const BATCH_KEYS: &[&str] =
    &["flush_size", "flush_interval", "produce_request", "flush_domain", "wal_copies", "zones"];

/// A table: cause, class, without leaders or with them.
fn text(cause: Cause, class: RequestClass, leaderless: bool) -> Text {
    let put = matches!(class, RequestClass::Put | RequestClass::ZonalPut);
    let (what, how, keys): (_, _, &[&str]) = match (cause, put) {
        (Cause::Append, true) => (
            "Records are acknowledged when their batch is in object storage; it is written when it is full, or when its first record has waited long enough: one request each.",
            BATCHES,
            BATCH_KEYS,
        ),
        (Cause::Append, false) => (
            "Brokers of the other zones fetch the positions of what was routed to them.",
            "batches by the clock × (zones − 1)",
            BATCH_KEYS,
        ),
        (Cause::Route, true) => (
            "A broker passes records on to leaders in other zones as one batch in object storage, which costs a request instead of traffic.",
            BATCHES,
            BATCH_KEYS,
        ),
        (Cause::Route, false) => (
            "Leaders in other zones fetch their part of each batch.",
            "batches × ((zones − 1) + (zones − 1)²)",
            BATCH_KEYS,
        ),
        (Cause::Consume, _) => (
            "Each batch is read once for the consumers of each zone, a request for each piece.",
            "batches × reads of each × max(1, batch ÷ `live_fetch`)",
            &[
                "live_fetch",
                "fetches_per_object",
                "writer_zone_cached",
                "flush_size",
                "flush_interval",
                "zones",
            ],
        ),
        (Cause::Upload, _) => (
            "Brokers upload what they cached: partitions with enough data as objects of their own, the others together.",
            "uploads × (1, or 2 + ⌈object ÷ `object_part`⌉ where it is larger than a part)",
            &["upload_max", "upload_interval", "heap_share", "stream_object_min", "object_part"],
        ),
        (Cause::Merge, true) if leaderless => (
            "Small objects are rewritten as larger ones, so that history can be read at all.",
            "batches ÷ batches of a merge × parts of what it writes, and what the log cleaner rewrites",
            &["merge_files", "merge_target", "merge_wait", "merge_part", "dirty_ratio"],
        ),
        (Cause::Merge, false) if leaderless => (
            "Merges read each batch once more.",
            "batches where they are merged, and what the log cleaner reads ÷ `merge_fetch`",
            &["merge_files", "merge_fetch", "dirty_ratio"],
        ),
        (Cause::Merge, true) => (
            "Objects that hold many partitions are split and rewritten, so that each partition has objects of its own.",
            "objects split off ÷ `merge_interval`, and what is rewritten meanwhile, in parts",
            &[
                "merge_interval",
                "merge_passes_max",
                "stream_object_min",
                "object_part",
                "dirty_ratio",
            ],
        ),
        _ => (
            "Merges read what they rewrite.",
            "what is rewritten ÷ `merge_fetch`, and at most one read for each partition in each object",
            &[
                "merge_interval",
                "merge_fetch",
                "merge_passes_max",
                "stream_object_min",
                "dirty_ratio",
            ],
        ),
    };
    Text { what, words: WORDS, how, keys }
}
