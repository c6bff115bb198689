//! What is kept: on brokers' volumes, in object storage, in backups.

use super::Origin;
use super::sheet::{Sheet, computed, figure};
use crate::bill::Cause;
use crate::flows::Edge;
use crate::parameters::Wal;
use crate::prices::Disk;
use crate::units::{ByteRate, Bytes, Dimension, TIB};

/// What the catalogue says of a disk.
fn of_disk(disk: &Disk) -> Origin {
    Origin::Catalog { sku: disk.name.clone(), source: disk.source.clone(), as_of: String::new() }
}

pub(super) fn block_storage(sheet: &mut Sheet) {
    let Some(disk) = &sheet.basis.disk else { return };
    if sheet.usage.cause == Cause::Retain {
        capacity(sheet, disk);
    } else if disk.throughput == Some(sheet.usage.price) {
        throughput(sheet, disk);
    } else {
        operations(sheet, disk);
    }
}

fn capacity(sheet: &mut Sheet, disk: &Disk) {
    let settings = &sheet.design().settings;
    let what = "Each broker keeps its replicas on a volume of its own, with room for what is to come; a volume is paid for whether it is full or not, and it does not shrink.";
    let own = settings.disk_per_broker.is_some();
    let faster = disk.throughput_per_tib;
    let (words, formula) = match (own, faster.is_some()) {
        (true, false) => (
            "brokers × the larger of the volume that is asked for and the smallest that there is",
            "max(v × N, m × N)",
        ),
        (false, false) => (
            "the larger of what replicas ask for, with free space, and brokers × the smallest volume that there is",
            "max(V, m × N)",
        ),
        (true, true) => (
            "brokers × the largest of the volume that is asked for, the smallest that there is, and what its throughput asks for",
            "max(v × N, m × N, max(0, D ÷ U − I × N) ÷ p)",
        ),
        (false, true) => (
            "the largest of what replicas ask for, with free space, brokers × the smallest volume that there is, and what throughput asks for",
            "max(V, m × N, max(0, D ÷ U − I × N) ÷ p)",
        ),
    };
    sheet.say(what, words, formula);
    if own {
        sheet.setting("v", "disk_per_broker");
    } else {
        let storage = sheet.used.storage;
        let origin = sheet.found(&format!(
            "replicas at their largest so far ÷ `disk_utilization`; brokers kept {} on average of the month",
            storage.on_brokers
        ));
        sheet.bytes("V", "volumes that replicas ask for", storage.provisioned, || origin);
    }
    sheet.bytes("m", "smallest volume", disk.size_min, || of_disk(disk));
    sheet.brokers();
    if let Some(per_tib) = faster {
        demanded(sheet);
        faster_with_size(sheet, disk, per_tib);
    }
    if !own {
        sheet.behind(&["replication_factor", "disk_utilization", "segment_bytes"]);
    }
}

/// What a volume of any size can do, and what each unit of capacity adds.
fn faster_with_size(sheet: &mut Sheet, disk: &Disk, per_tib: ByteRate) {
    let included = disk.throughput_base.unwrap_or(ByteRate::ZERO);
    sheet.input("I", included.as_mib_per_sec(), "MiB/s", || {
        ("throughput that comes with a volume".to_owned(), included.to_string(), of_disk(disk))
    });
    let per_unit = per_tib.base() * sheet.unit.size() / TIB / crate::units::MIB;
    let unit = format!("MiB/s per {}", sheet.unit.name().trim_end_matches("-month"));
    sheet.input("p", per_unit, &unit, || {
        (
            "throughput that comes with capacity".to_owned(),
            format!("{per_tib} per TiB"),
            of_disk(disk),
        )
    });
}

/// What is bought for a peak, on average of the month: in hours without the platform nothing is.
fn at_peak(sheet: &Sheet, what: &str) -> String {
    match sheet.there() < 1.0 {
        true => {
            format!("{what} at peak × share of the month in which the platform is there")
        }
        false => format!("{what} at peak"),
    }
}

/// Peak throughput of all volumes, and the share of a volume's that may be planned for.
fn demanded(sheet: &mut Sheet) {
    let demand = ByteRate::from_mib_per_sec(sheet.used.demand.volume) * sheet.there();
    let name = at_peak(sheet, "throughput of all volumes");
    sheet.input("D", demand.as_mib_per_sec(), "MiB/s", || {
        let how = "what replicas write and reads behind the page cache, as the headroom policy counts them";
        (name, demand.to_string(), computed(how))
    });
    sheet.setting("U", "utilization");
}

fn throughput(sheet: &mut Sheet, disk: &Disk) {
    let included = disk.throughput_base.unwrap_or(ByteRate::ZERO);
    let path = sheet.design().disk_path(&sheet.basis.machine);
    let limit = [disk.throughput_max, path].into_iter().flatten().reduce(ByteRate::min);
    let what = "Volumes come with some throughput; what the peak asks for beyond it is bought by the month, up to what a volume or its machine can do.";
    let words = "brokers × what a volume is asked for at peak, beyond what comes with it";
    let formula = match limit {
        Some(_) => "max(0, min(D ÷ N ÷ U, L) − I) × N",
        None => "max(0, D ÷ N ÷ U − I) × N",
    };
    sheet.say(what, words, formula);
    let demand = ByteRate::from_mib_per_sec(sheet.used.demand.volume) * sheet.there();
    let name = at_peak(sheet, "throughput of all volumes");
    sheet.throughput("D", &name, demand, || {
        computed("what replicas write and reads behind the page cache, as the headroom policy counts them")
    });
    sheet.brokers();
    sheet.setting("U", "utilization");
    if let Some(limit) = limit {
        let name = "most that a volume, or its machine's path to it, can do";
        sheet.throughput("L", name, limit, || of_disk(disk));
    }
    sheet.throughput("I", "throughput that comes with a volume", included, || of_disk(disk));
    sheet.behind(&["headroom"]);
}

fn operations(sheet: &mut Sheet, disk: &Disk) {
    let what = "Volumes come with some operations a second; what the peak asks for beyond them is bought by the month, up to what a volume can do.";
    let words =
        "brokers × operations that a volume is asked for at peak, beyond those that come with it";
    let formula = match disk.iops_max {
        Some(_) => "max(0, min(D ÷ N ÷ U, L) − I) × N",
        None => "max(0, D ÷ N ÷ U − I) × N",
    };
    sheet.say(what, words, formula);
    let demand = sheet.used.demand.disk_operations * sheet.there();
    let name = at_peak(sheet, "operations of all volumes");
    sheet.number("D", &name, demand, "IOPS", || {
        computed("writes and reads behind the page cache, as the headroom policy counts them")
    });
    sheet.brokers();
    sheet.setting("U", "utilization");
    if let Some(limit) = disk.iops_max {
        sheet.number("L", "most that a volume can do", limit, "IOPS", || of_disk(disk));
    }
    let included = disk.iops_base.unwrap_or(0.0);
    sheet.number("I", "operations that come with a volume", included, "IOPS", || of_disk(disk));
    sheet.behind(&["headroom"]);
}

/// What brokers carry more with a zone down.
fn lost_zone(sheet: &mut Sheet) {
    let design = sheet.design();
    let (zones, factor) = (design.settings.zones, design.zone_loss_factor());
    sheet.number("z", "what brokers carry more with a zone down", factor, "", || {
        computed(format!("zones ÷ (zones − 1), of {zones} zones; 1 where there is one"))
    });
}

pub(super) fn wal(sheet: &mut Sheet) {
    let Some(disk) = &sheet.basis.disk else { return };
    let design = sheet.design();
    if disk.capacity == Some(sheet.usage.price) {
        let what = "A record is written to its broker's WAL volume before it is acknowledged; object storage follows.";
        let (words, formula) = match disk.throughput_per_tib {
            Some(_) => (
                "brokers × the largest of the WAL volume, the smallest that there is, and what its throughput at peak with a zone down asks for",
                "max(v, m, max(0, D × z ÷ N − I) ÷ p) × N",
            ),
            None => (
                "brokers × the larger of the WAL volume and the smallest that there is",
                "max(v, m) × N",
            ),
        };
        sheet.say(what, words, formula);
        sheet.setting("v", "wal_volume");
        sheet.bytes("m", "smallest volume", disk.size_min, || of_disk(disk));
        sheet.brokers();
        if let Some(per_tib) = disk.throughput_per_tib {
            let peak = sheet.used.flows.peak(Edge::BrokerToDisk) * sheet.there();
            let name = at_peak(sheet, "written");
            sheet.input("D", peak.as_mib_per_sec(), "MiB/s", || {
                let origin = computed("everything that is produced");
                (name, peak.to_string(), origin)
            });
            lost_zone(sheet);
            faster_with_size(sheet, disk, per_tib);
        }
        sheet.behind(&["wal_disk"]);
        return;
    }
    let flows = &sheet.used.flows;
    if design.settings.wal == Wal::File {
        let peak = |edge| -> ByteRate {
            [Cause::Append, Cause::Route].into_iter().map(|cause| flows.peak_for(edge, cause)).sum()
        };
        let what = "Brokers of all zones share a file system for their WAL; its throughput is bought by the month, for the peak.";
        let words = "peak written + peak read × what a read counts for";
        sheet.say(what, words, "W + Q × q");
        let there = sheet.there();
        let written = peak(Edge::BrokerToObjectStore) * there;
        let name = at_peak(sheet, "written");
        sheet.throughput("W", &name, written, || computed("what all brokers write to it"));
        let read = peak(Edge::ObjectStoreToBroker) * there;
        let name = at_peak(sheet, "read");
        sheet.throughput("Q", &name, read, || computed("what all brokers read of it"));
        sheet.setting("q", "file_read_weight");
        return;
    }
    let limit = disk.throughput_max;
    let what = "WAL volumes come with some throughput; what the peak asks for beyond it, with one zone down, is bought by the month.";
    let words =
        "brokers × what a volume is asked for at peak with a zone down, beyond what comes with it";
    let formula = match limit {
        Some(_) => "max(0, min(D × z ÷ N, L) − I) × N",
        None => "max(0, D × z ÷ N − I) × N",
    };
    sheet.say(what, words, formula);
    let peak = flows.peak(Edge::BrokerToDisk) * sheet.there();
    let name = at_peak(sheet, "written");
    sheet.throughput("D", &name, peak, || computed("everything that is produced"));
    lost_zone(sheet);
    sheet.brokers();
    if let Some(limit) = limit {
        sheet.throughput("L", "most that a volume can do", limit, || of_disk(disk));
    }
    let included = disk.throughput_base.unwrap_or(ByteRate::ZERO);
    sheet.throughput("I", "throughput that comes with a volume", included, || of_disk(disk));
}

pub(super) fn object_storage(sheet: &mut Sheet) {
    let design = sheet.design();
    if sheet.usage.cause == Cause::Append {
        let what = "Batches stay in object storage for a while beside what they were merged into.";
        let words = "rate produced × how long batches stay × copies of each";
        sheet.say(what, words, "R × s × c");
        sheet.produced("R");
        sheet.setting("s", "staging");
        let copies = design.batch_copies();
        sheet.number("c", "object stores that a batch goes to", copies, "", || {
            computed("`wal_copies` where it goes to single zones, else one")
        });
        return;
    }
    let tiered = design.replicates();
    let what = match tiered {
        true => {
            "Closed segments of tiered topics are kept in the remote tier until their retention ends; brokers hold the newest part only."
        }
        false => {
            "Object storage holds the log: one copy of everything within its retention, however many brokers there are."
        }
    };
    let words = "bytes kept, on average of the month";
    sheet.say(what, words, "K");
    let kept = sheet.used.storage.remote;
    let origin = kept_of(sheet);
    sheet.bytes("K", "kept, mean of the month", kept, || origin);
    if tiered {
        sheet.behind(&["local_retention", "tiered_share", "tier_overlap", "segment_bytes"]);
    }
}

/// What is kept, as an origin: rates and retentions of streams.
fn kept_of(sheet: &Sheet) -> Origin {
    /// Streams that are told one by one.
    const TOLD: usize = 6;
    let streams = &sheet.used.load.streams;
    let told = streams.iter().take(TOLD).map(|stream| match stream.compacted {
        true => format!("`stream.{}` compacted, {}", stream.name, stream.retained),
        false => format!("`stream.{}` {} × {}", stream.name, stream.produce, stream.retention),
    });
    let told = told.collect::<Vec<_>>().join(" + ");
    sheet.found(&format!(
        "what came in less what retention let go, hour by hour; at a steady rate {told}"
    ))
}

pub(super) fn backups(sheet: &mut Sheet) {
    let what = "Copies of what is kept, besides the platform's own replicas, so that a mistake can be undone.";
    let words = "bytes kept × share of them that is backed up × copies";
    sheet.say(what, words, "K × s × c");
    let (settings, used) = (&sheet.design().lines.settings, sheet.used);
    let alive = used.alive / used.hours;
    let (kept, how): (Bytes, &str) = match settings.backup_retention {
        None => (used.storage.logical * alive, "one copy of everything within its retention"),
        Some(retention) => {
            let of = |stream: &crate::load::StreamLoad| match stream.compacted {
                true => stream.retained * alive,
                false => stream.produce * retention,
            };
            let kept = used.load.streams.iter().map(of).sum();
            (kept, "rates produced × the retention of backups, compacted logs once")
        }
    };
    let how = if alive < 1.0 {
        format!(
            "{how}, for the {} % of the month in which the platform is there",
            figure(alive * 100.0)
        )
    } else {
        how.to_owned()
    };
    let origin = sheet.found(&how);
    sheet.bytes("K", "one copy of what is kept", kept, || origin);
    sheet.setting("s", "backup_share");
    sheet.setting("c", "backup_copies");
    sheet.behind(&["backup_retention"]);
}
