//! What a service charges for besides machines, and metrics and logs.

use super::sheet::{Sheet, computed};
use crate::bill::{Cause, Driver, LICENCE};
use crate::load::StreamLoad;
use crate::prices::Meter;
use crate::units::{ByteRate, Bytes};

pub(super) fn service_fee(sheet: &mut Sheet) {
    if sheet.usage.price == LICENCE {
        let what = "The vendor charges for each byte that is produced, as your quote has it.";
        sheet.say(what, "rate produced × hours of the month", "R × h");
        sheet.produced("R");
        sheet.hours();
        sheet.behind(&["licence"]);
        return;
    }
    let fees = sheet.basis.fees.iter();
    let meter =
        fees.clone().find(|(_, price)| *price == sheet.usage.price).map(|(meter, _)| *meter);
    match meter {
        Some(Meter::ManagedBase) => {
            let what = "The service charges for a cluster by the hour, whatever goes through it.";
            sheet.say(what, "hours of the month in which it is there", "h");
            sheet.alive("h");
        }
        Some(Meter::ManagedPartition) => {
            let what =
                "The service charges for each partition by the hour, whatever goes through it.";
            sheet.say(what, "partitions × hours of the month in which it is there", "P × h");
            let count = f64::from(sheet.used.load.partitions);
            sheet.number("P", "partitions", count, "", || {
                computed("leader partitions of all streams")
            });
            sheet.alive("h");
        }
        Some(Meter::ManagedStorage) => kept(sheet),
        Some(Meter::ManagedRequests) => pieces(sheet),
        Some(Meter::ManagedEgress) => {
            let what = "The service charges for each byte that consumers fetch.";
            let raw = "(rate fetched + rate replayed) × bytes before compression for each after it × hours of the month";
            let stored = "(rate fetched + rate replayed) × hours of the month";
            let ways = [(raw, "(T + P) × e × h"), (stored, "(T + P) × h")];
            counted(sheet, what, ways, |stream| (stream.tail + stream.replay()).as_mib_per_sec());
        }
        _ => {
            let what = "The service charges for each byte that is produced.";
            let raw =
                "rate produced × bytes before compression for each after it × hours of the month";
            let ways = [(raw, "R × e × h"), ("rate produced × hours of the month", "R × h")];
            counted(sheet, what, ways, |stream| stream.produce.as_mib_per_sec());
        }
    }
}

/// Bytes that a service counts, before compression where it does.
fn counted(
    sheet: &mut Sheet,
    what: &str,
    [raw, stored]: [(&'static str, &str); 2],
    weight: fn(&StreamLoad) -> f64,
) {
    let before = sheet.design().settings.fee_on_uncompressed;
    let (words, formula) = if before { raw } else { stored };
    sheet.say(what, words, formula);
    if sheet.usage.cause == Cause::Consume {
        sheet.fetched("T");
        sheet.replayed("P");
    } else {
        sheet.produced("R");
    }
    if before {
        expansion(sheet, weight);
    }
    sheet.hours();
    sheet.behind(&["fee_on_uncompressed"]);
}

/// Bytes before compression for each after it, weighted as what is charged.
fn expansion(sheet: &mut Sheet, weight: fn(&StreamLoad) -> f64) {
    let streams = &sheet.used.load.streams;
    let ratio = |stream: &StreamLoad| match stream.produce > ByteRate::ZERO {
        true => stream.produce_raw / stream.produce,
        false => 1.0,
    };
    let all: f64 = streams.iter().map(weight).sum();
    let counted: f64 = streams.iter().map(|stream| weight(stream) * ratio(stream)).sum();
    let expansion = if all > 0.0 { counted / all } else { 1.0 };
    sheet.number("e", "bytes before compression for each after it", expansion, "", || {
        computed("of all streams, each by how much of it is charged")
    });
}

fn kept(sheet: &mut Sheet) {
    let replicates = sheet.design().replicates();
    let settings = &sheet.design().settings;
    let (before, copies) = (settings.fee_on_uncompressed, !replicates && settings.fee_copies > 1);
    let what = match (replicates, copies) {
        (true, _) => "The service charges for storage, and brokers keep each replica on it.",
        (false, true) => {
            "The service charges for what is kept, and for each copy that it has of it."
        }
        (false, false) => {
            "The service charges for what is kept, one copy, however many it has itself."
        }
    };
    let (words, formula) = match (before, copies) {
        (true, false) => (
            "bytes kept, on average of the month × bytes before compression for each after it",
            "K × e",
        ),
        (true, true) => (
            "bytes kept, on average of the month × bytes before compression for each after it × copies that are billed",
            "K × e × c",
        ),
        (false, true) => ("bytes kept, on average of the month × copies that are billed", "K × c"),
        (false, false) => ("bytes kept, on average of the month", "K"),
    };
    sheet.say(what, words, formula);
    let storage = sheet.used.storage;
    let kept: Bytes = storage.remote + storage.on_brokers;
    let origin = sheet.found("what came in less what retention let go, hour by hour");
    sheet.bytes("K", "kept, mean of the month", kept, || origin);
    if before {
        expansion(sheet, |stream| stream.retained.as_gib());
    }
    if copies {
        sheet.setting("c", "fee_copies");
    }
    sheet.behind(&["fee_on_uncompressed"]);
}

/// Requests that a service counts: a record is one, a large one as many as it has pieces.
fn pieces(sheet: &mut Sheet) {
    let used = sheet.used;
    let piece = sheet.design().settings.fee_piece;
    let what = "The service charges for requests: each record is one, and a large one as many as it has pieces.";
    let words = "records, each as many as it has pieces; bytes ÷ a piece where nobody says how large a record is";
    sheet.say(what, words, "r × ⌈s ÷ p⌉ × h");
    for stream in &used.load.streams {
        let bytes = stream.produce * used.hours;
        let records = stream.records.map(|records| records.count_in(used.hours));
        // A record whose size nobody says is a piece.
        let (per_hour, size) = match records {
            Some(records) if records > 0.0 => (records / used.hours.as_hours(), bytes / records),
            Some(_) => (0.0, piece),
            None => (bytes / piece / used.hours.as_hours(), piece),
        };
        let count = (size / piece - crate::units::ROUNDING).ceil().max(1.0);
        sheet.term(&format!("stream `{}`", stream.name), per_hour * count * used.hours.as_hours());
        let origin = sheet.found("of all records of the stream");
        sheet.number("r", "records of an hour", per_hour, "", || origin);
        sheet.number("s", "size of a record", size.base_bytes(), "B", || {
            computed("bytes ÷ records; a piece where nobody says")
        });
        sheet.scaled("p", "fee_piece", piece.base_bytes(), "B");
        sheet.hours();
    }
}

pub(super) fn observability(sheet: &mut Sheet) {
    let prices = &sheet.basis.lines;
    let of_brokers = sheet.usage.grows_with == Driver::Brokers;
    let metrics = Some(sheet.usage.price) == prices.metric;
    match (metrics, of_brokers) {
        (true, true) => {
            let what = "Each broker has metric series of its own, and each that is stored is paid for by the month.";
            let words = "brokers × series of each, less those that the service stores at no charge";
            sheet.say(what, words, "N × max(0, s − i)");
            sheet.brokers();
            sheet.setting("s", "metrics_per_broker");
            sheet.setting("i", "metrics_included");
        }
        (true, false) => {
            let what = "Each replica and each partition has metric series, and each that is stored is paid for by the month.";
            let words = "partitions × (copies × series of a replica + series of a partition)";
            sheet.say(what, words, "P × (c × r + p)");
            partitions(sheet);
            sheet.setting("r", "metrics_per_replica");
            sheet.setting("p", "metrics_per_partition");
        }
        (false, true) => {
            let what =
                "Each broker writes logs, and what is stored of them is paid for by the byte.";
            sheet.say(
                what,
                "brokers × logs of each in a day × days of the month",
                "N × l × h ÷ 24",
            );
            sheet.brokers();
            sheet.setting("l", "logs_per_broker");
            sheet.hours();
        }
        (false, false) => {
            let what = "Brokers write logs about each replica, and what is stored of them is paid for by the byte.";
            let words = "partitions × copies × logs of a replica in a day × days of the month";
            sheet.say(what, words, "P × c × l × h ÷ 24");
            partitions(sheet);
            sheet.setting("l", "logs_per_replica");
            sheet.hours();
        }
    }
}

/// Partitions on average of the month, and copies of each.
fn partitions(sheet: &mut Sheet) {
    let used = sheet.used;
    let alive = used.alive / used.hours;
    let count = f64::from(used.load.partitions) * alive;
    let how = format!(
        "leader partitions of all streams{}",
        if alive < 1.0 { ", for as long as the platform is there" } else { "" }
    );
    sheet.number("P", "partitions", count, "", || computed(how));
    match sheet.design().architecture() {
        crate::design::Architecture::SharedStorage => {
            sheet.number("c", "copies of each", 1.0, "", || computed("object storage keeps one"));
        }
        _ => sheet.setting("c", "replication_factor"),
    }
}
