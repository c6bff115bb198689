use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};
use crate::design::{Architecture, Design};
use crate::flows::{Edge, merge_passes};
use crate::load::Load;
use crate::parameters::{FlushDomain, Settings, Wal};
use crate::prices::{Machine, PriceId};
use crate::storage::{is_tiered, roll_time};
use crate::tariff::{ObjectPrices, ZonalPrices};
use crate::units::{ByteRate, Bytes, Frequency, Hours, ROUNDING};
use arrayvec::ArrayVec;
use serde::Serialize;

/// How a request is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestClass {
    /// Writes and lists.
    Put,
    /// Reads.
    Get,
    /// Writes to object storage of one zone.
    ZonalPut,
    /// Reads from object storage of one zone.
    ZonalGet,
}

impl RequestClass {
    /// What it is billed by: where object storage of one zone has no prices, by those of the region.
    pub(crate) fn price(self, object: ObjectPrices, zonal: Option<ZonalPrices>) -> PriceId {
        match (self, zonal) {
            (Self::ZonalPut, Some(zonal)) => zonal.put,
            (Self::ZonalGet, Some(zonal)) => zonal.get,
            (Self::Put | Self::ZonalPut, _) => object.put,
            (Self::Get | Self::ZonalGet, _) => object.get,
        }
    }
}

/// Requests to object storage for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RequestRate {
    /// What they are for.
    pub cause: Cause,
    /// How they are billed.
    pub class: RequestClass,
    /// How many, averaged over the month.
    pub per_sec: Frequency,
}

/// All causes of requests: few, and counted for every machine that is considered.
pub type Requests = ArrayVec<RequestRate, REQUESTS>;

/// As many causes and classes as a platform has at most: four to write, three to upload and merge, two to read.
const REQUESTS: usize = 9;

impl RequestRate {
    /// The mean rate over so many hours, where what stands here is a sum of rates times hours.
    pub(crate) fn per_sec_over(&self, hours: f64) -> Frequency {
        Frequency::new(self.per_sec.per_sec() / hours)
    }
}

/// Requests to object storage, and retrieval from a service's tier, for one month.
///
/// `quantity = requests per second × month`; see [`requests`] for the rates
///
/// - **Units:** requests; bytes moved for retrieval from a service's tier, and for what object storage of one zone takes
///   in and gives back.
/// - **Assumes:** the mean rate holds all month, unless the requests were counted through time.
/// - **Source:** mechanics B3, C3, C4, D, E, F.
pub fn object_requests(site: &Site, brokers: &Brokers, usage: &mut Vec<Usage>) {
    if let Some(tier) = site.tariff.tier {
        for cause in [Cause::CatchUp, Cause::Replay] {
            usage.push(Usage {
                component: Component::ObjectRequests,
                cause,
                grows_with: grows_with(site, brokers, cause),
                price: tier.retrieval,
                amount: (site.flows.mean_for(Edge::ObjectStoreToBroker, cause) * site.month)
                    .base_bytes(),
            });
        }
    }
    let Some(object) = site.tariff.object else { return };
    let steady = if site.requests.is_none() { requests(site, brokers) } else { Requests::new() };
    for request in site.requests.unwrap_or(&steady) {
        usage.push(Usage {
            component: Component::ObjectRequests,
            cause: request.cause,
            grows_with: grows_with(site, brokers, request.cause),
            price: request.class.price(object, site.tariff.zonal),
            amount: request.per_sec.count_in(site.month),
        });
    }
    if let Some(zonal) = site.tariff.zonal {
        zonal_bytes(site, zonal, usage);
    }
}

/// Object storage of one zone bills every byte that goes in and comes out, besides its requests (mechanics F).
fn zonal_bytes(site: &Site, zonal: ZonalPrices, usage: &mut Vec<Usage>) {
    let mut bytes = |cause, grows_with, price, rate: ByteRate| {
        usage.push(Usage {
            component: Component::ObjectRequests,
            cause,
            grows_with,
            price,
            amount: (rate * site.month).base_bytes(),
        });
    };
    let flows = site.flows;
    let written = flows.mean_for(Edge::BrokerToObjectStore, Cause::Append);
    bytes(Cause::Append, Driver::Ingest, zonal.upload, written);
    let live = flows.mean_for(Edge::ObjectStoreToBroker, Cause::Consume);
    bytes(Cause::Consume, Driver::Ingest, zonal.retrieval, live);
    // The log cleaner reads what is merged already, and that is in regional storage.
    let settings = &site.design.settings;
    let merges = if settings.merge_files > 0 { settings.merge_traffic.0 } else { 0.0 };
    let merged = site.load.produce * merges;
    bytes(Cause::Merge, Driver::Ingest, zonal.retrieval, merged);
}

/// Below 32 MiB/s a broker (8 MiB every 250 ms), batched writes come by the clock and not by the byte.
fn grows_with(site: &Site, brokers: &Brokers, cause: Cause) -> Driver {
    let design = site.design;
    let full = design.settings.flush_size / design.settings.flush_interval;
    let by_size =
        site.load.produce / domains(design, site.load, brokers.machine, brokers.count) > full;
    match cause {
        Cause::Route | Cause::Append | Cause::Consume if by_size => Driver::Ingest,
        Cause::Route | Cause::Append | Cause::Consume => Driver::Fixed,
        Cause::Merge if design.is_leaderless() && by_size => Driver::Ingest,
        Cause::Merge if design.is_leaderless() => Driver::Fixed,
        Cause::CatchUp => Driver::TailReads,
        Cause::Replay => Driver::HistoricalReads,
        Cause::Upload | Cause::Merge if design.architecture() == Architecture::SharedStorage => {
            Driver::Partitions
        }
        _ => Driver::Ingest,
    }
}

/// Requests per second by cause, derived from batching and never from a constant per GiB.
pub fn requests(site: &Site, brokers: &Brokers) -> Requests {
    match site.design.architecture() {
        Architecture::SharedNothing | Architecture::ListPrice => Requests::new(),
        Architecture::Tiered => tiered(site),
        Architecture::SharedStorage => shared_storage(site, brokers),
    }
}

fn put(cause: Cause, per_sec: f64) -> RequestRate {
    RequestRate { cause, class: RequestClass::Put, per_sec: Frequency::new(per_sec) }
}

fn get(cause: Cause, per_sec: f64) -> RequestRate {
    RequestRate { cause, class: RequestClass::Get, per_sec: Frequency::new(per_sec) }
}

/// Reads of `rate` in pieces of a size.
fn fetches(rate: ByteRate, piece: Bytes) -> f64 {
    rate * Hours::from_secs(1.0) / piece
}

/// A closed segment is uploaded in parts, with its indexes and manifest; history is fetched in chunks (B3).
fn tiered(site: &Site) -> Requests {
    let settings = &site.design.settings;
    let uploads = site
        .load
        .streams
        .iter()
        .filter(|stream| is_tiered(stream, site.design) && stream.produce > ByteRate::ZERO)
        .map(|stream| {
            let open = roll_time(stream, site.design);
            let segment = stream.partition_rate() * open;
            let requests =
                f64::from(settings.remote_requests) + pieces(segment, settings.remote_part);
            f64::from(stream.partitions) * requests / open.as_secs()
        })
        .sum();
    let read = |cause| {
        fetches(site.flows.mean_for(Edge::ObjectStoreToBroker, cause), settings.remote_fetch)
    };
    let list = [
        put(Cause::Upload, uploads),
        get(Cause::CatchUp, read(Cause::CatchUp)),
        get(Cause::Replay, read(Cause::Replay)),
    ];
    list.into_iter().collect()
}

/// What a shared-storage broker caches before it uploads, and how often (C2).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Uploads {
    /// Largest upload.
    #[serde(rename = "size_gib")]
    pub size: Bytes,
    /// Time between two uploads of one broker.
    #[serde(rename = "every_hours")]
    pub every: Hours,
}

/// The upload trigger of a broker with so much memory and mean ingress.
///
/// `cache = max(avail/3, (avail − 3 GiB)·2/3)` with `avail` half of the heap; a zone router leaves a third of the cache
/// for deltas; an upload starts at a third of that, at 500 MB, or after 60 s (C2).
pub fn uploads(design: &Design, memory: Bytes, ingress: ByteRate) -> Uploads {
    let settings = &design.settings;
    let available = memory * settings.heap_share / 2.0;
    let cache = (available / 3.0).max((available - settings.cache_reserve) * 2.0 / 3.0);
    let deltas = if design.is_routed() { cache / 3.0 } else { cache };
    let size = (deltas / 3.0).min(settings.upload_max);
    let every = if ingress > ByteRate::ZERO {
        (size / ingress).min(settings.upload_interval)
    } else {
        settings.upload_interval
    };
    Uploads { size, every }
}

/// Pieces that an amount comes in, the last of them as large as is left. What comes to a whole number of them by
/// arithmetic is no more than that by floats: a last bit costs no request.
pub(crate) fn pieces(size: Bytes, piece: Bytes) -> f64 {
    (size / piece - ROUNDING).ceil().max(1.0)
}

/// Requests for one object of a size: a single put, or create, complete and one for each part.
fn object_puts(size: Bytes, part: Bytes) -> f64 {
    let parts = pieces(size, part);
    if parts <= 1.0 { 1.0 } else { 2.0 + parts }
}

fn shared_storage(site: &Site, brokers: &Brokers) -> Requests {
    let mut list = write_requests(site.design, site.load, brokers.machine, brokers.count);
    list.extend(read_requests(site));
    list
}

/// What producing asks of object storage at the rates of a load, on so many shared-storage brokers.
///
/// Not linear in the rates: through time it is integrated over the curve.
pub fn write_requests(design: &Design, load: &Load, machine: &Machine, count: f64) -> Requests {
    if design.is_list_price() {
        return Requests::new();
    }
    if design.is_leaderless() {
        return leaderless(design, load, domains(design, load, machine, count));
    }
    let ingress = load.produce / count;
    let records = load.records.map(|records| records.per_sec() / count);
    let mut list = durable_writes(design, ingress, records, count);
    list.extend(uploaded(design, load, uploads(design, machine.memory, ingress), count));
    list
}

/// What collects records into batches: brokers, or all of their cores (mechanics E3). Where producers write to the leader of
/// a partition, those that lead none collect nothing: leaders are spread evenly, so there are no more than partitions.
pub fn domains(design: &Design, load: &Load, machine: &Machine, count: f64) -> f64 {
    let settings = &design.settings;
    let all = match settings.flush_domain {
        FlushDomain::Broker => count,
        FlushDomain::Core => count * machine.vcpu.max(1.0),
    };
    if settings.produce_to_leader { all.min(f64::from(load.partitions).max(1.0)) } else { all }
}

/// Batches of many partitions, written once, read once in each zone and merged (mechanics D, E1, E3).
///
/// `PUT/s = domains · max(w/S, 1/(T + 1/λ))` with `w` the rate and `λ` the requests of one domain; live `GET/s =
/// PUT/s · zones · max(1, batch ÷ 4 MiB)`; a merge reads so many batches, and writes their bytes once in parts.
fn leaderless(design: &Design, load: &Load, domains: f64) -> Requests {
    let settings = &design.settings;
    if load.produce <= ByteRate::ZERO {
        return Requests::new();
    }
    let records = load.records.map(|records| records.per_sec() / domains);
    let batches = domains * batch_rate(settings, load.produce / domains, records);
    let size = load.produce * Hours::from_secs(1.0) / batches;
    let (put_class, get_class) = match settings.wal {
        Wal::ZonalObjectStorage => (RequestClass::ZonalPut, RequestClass::ZonalGet),
        _ => (RequestClass::Put, RequestClass::Get),
    };
    let rate =
        |cause, class, per_sec: f64| RequestRate { cause, class, per_sec: Frequency::new(per_sec) };
    let followed =
        load.streams.iter().any(|stream| stream.followed > 0.0 && stream.produce > ByteRate::ZERO);
    let fetches =
        if followed { design.live_fetches() * (size / settings.live_fetch).max(1.0) } else { 0.0 };
    let [mut rewrites, rereads] = cleaned(design, load);
    let mut merged = 0.0;
    if settings.merge_files > 0 {
        let files = match settings.merge_target {
            Some(target) => (target / size).min(batches * settings.merge_wait.as_secs()).max(1.0),
            None => f64::from(settings.merge_files),
        };
        let puts = batches / files * object_puts(size * files, settings.merge_part);
        rewrites.per_sec = Frequency::new(rewrites.per_sec.per_sec() + puts);
        merged = batches;
    }
    let list = [
        rate(Cause::Append, put_class, batches * design.batch_copies()),
        rate(Cause::Consume, get_class, batches * fetches),
        rewrites,
    ];
    let mut list: Requests = list.into_iter().collect();
    // Merges read batches where they are, and the log cleaner what is merged.
    if get_class == rereads.class {
        list.push(get(Cause::Merge, merged + rereads.per_sec.per_sec()));
    } else {
        list.extend([rate(Cause::Merge, get_class, merged), rereads]);
    }
    list
}

/// What reading behind the caches asks of object storage: linear in the rates.
pub fn read_requests(site: &Site) -> [RequestRate; 2] {
    let settings = &site.design.settings;
    [
        get(Cause::CatchUp, fetches(site.load.behind(), settings.catch_up_fetch)),
        get(Cause::Replay, fetches(site.load.replay, settings.catch_up_fetch)),
    ]
}

/// Batches that make records durable, and with a router carry them to the other zones (C3, C4).
///
/// A broker writes a batch when it is full, or an interval after its first request came: on average as long as there is
/// between two requests, of which there are no more than records.
fn durable_writes(
    design: &Design,
    ingress: ByteRate,
    records: Option<f64>,
    count: f64,
) -> Requests {
    let settings = &design.settings;
    if !design.appends_objects() || ingress <= ByteRate::ZERO {
        return Requests::new();
    }
    let by_clock = by_clock(settings, ingress, records);
    let batches = count * batch_rate(settings, ingress, records);
    if !design.is_routed() {
        return std::iter::once(put(Cause::Append, batches)).collect();
    }
    let positions = count * by_clock;
    let others = f64::from(settings.zones) - 1.0;
    let list = [
        put(Cause::Route, batches),
        put(Cause::Append, positions),
        // The leader fetches its part of a batch; proxies in the other zones fetch positions, then the parts.
        get(Cause::Route, batches * others + batches * others * others),
        get(Cause::Append, positions * others),
    ];
    list.into_iter().collect()
}

/// Batches a second of one domain when the clock writes them: an interval after the first request came.
fn by_clock(settings: &Settings, ingress: ByteRate, records: Option<f64>) -> f64 {
    1.0 / (settings.flush_interval.as_secs() + between_requests(settings, ingress, records))
}

/// Seconds between two requests of one domain, and so until the first of a batch comes: a record each, where nobody says.
pub(crate) fn between_requests(
    settings: &Settings,
    ingress: ByteRate,
    records: Option<f64>,
) -> f64 {
    let between_records = records.map_or(0.0, |records| 1.0 / records.max(f64::MIN_POSITIVE));
    (settings.produce_request / ingress).as_secs().max(between_records)
}

/// Batches a second of one domain, by the clock or by their size, whichever is sooner.
fn batch_rate(settings: &Settings, ingress: ByteRate, records: Option<f64>) -> f64 {
    let by_size = ingress * Hours::from_secs(1.0) / settings.flush_size;
    by_clock(settings, ingress, records).max(by_size)
}

/// The log cleaner reads and rewrites compacted streams in pieces as large as objects may be.
fn cleaned(design: &Design, load: &Load) -> [RequestRate; 2] {
    let settings = &design.settings;
    let compacted = load.streams.iter().filter(|stream| stream.compacted);
    let cleaned =
        compacted.map(|stream| stream.produce).sum::<ByteRate>() / settings.dirty_ratio.max(0.01);
    [
        put(Cause::Merge, fetches(cleaned, settings.object_part)),
        get(Cause::Merge, fetches(cleaned, settings.merge_fetch)),
    ]
}

/// Uploads of the cache, and merges of what was too small for an object of its own (C3).
fn uploaded(design: &Design, load: &Load, uploads: Uploads, count: f64) -> [RequestRate; 3] {
    let settings = &design.settings;
    let every = uploads.every.as_secs();
    let merge_every = settings.merge_interval.as_secs();

    let (mut own, mut split_off, mut shared_bytes, mut rewritten) =
        (0.0, 0.0, Bytes::ZERO, Bytes::ZERO);
    let mut shared_partitions = 0.0;
    for stream in load.streams.iter().filter(|stream| stream.produce > ByteRate::ZERO) {
        let partitions = f64::from(stream.partitions);
        let rate = stream.partition_rate();
        let at_once = rate * uploads.every;
        if at_once >= settings.stream_object_min {
            own += partitions * object_puts(at_once, settings.object_part) / every;
            continue;
        }
        shared_partitions += partitions;
        shared_bytes += stream.produce * uploads.every / count;
        let passes = merge_passes(stream, design);
        let object = rate * settings.merge_interval * passes;
        split_off +=
            partitions * object_puts(object, settings.object_part) / (merge_every * passes);
        if passes > 1.0 {
            rewritten += stream.produce * settings.merge_interval * (passes / 2.0) / count;
        }
    }

    let mut puts = own;
    if shared_bytes > Bytes::ZERO {
        puts += count * object_puts(shared_bytes, settings.object_part) / every;
    }
    let mut merges = split_off;
    let mut reads = 0.0;
    if shared_bytes > Bytes::ZERO {
        // At least one read for every 16 MiB, at most one for every partition in every shared object.
        let ranges = pieces(shared_bytes, settings.merge_fetch);
        reads += (count * ranges / every).max(shared_partitions / every);
    }
    if rewritten > Bytes::ZERO {
        merges += count * object_puts(rewritten, settings.object_part) / merge_every;
        reads += count * pieces(rewritten, settings.merge_fetch) / merge_every;
    }
    let [rewrites, rereads] = cleaned(design, load);
    merges += rewrites.per_sec.per_sec();
    reads += rereads.per_sec.per_sec();
    [put(Cause::Upload, puts), put(Cause::Merge, merges), get(Cause::Merge, reads)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets::preset;

    fn design() -> Design {
        Design::of(preset("automq-s3-wal").expect("a preset"))
    }

    #[test]
    fn an_object_is_one_put_or_its_parts_and_two() {
        let puts = |mib| object_puts(Bytes::from_mib(mib), Bytes::from_mib(32.0));
        assert_eq!([puts(1.0), puts(32.0), puts(33.0), puts(100.0)], [1.0, 1.0, 4.0, 6.0]);
    }

    #[test]
    fn a_last_bit_costs_no_request() {
        // 48 partitions of 6 brokers wait for 8 MiB each: 4 MiB on average, 32 MiB a broker, whatever their rate is.
        let size = |rate: f64| Bytes::from_mib(rate * 300.0 * (8.0 / (rate * 300.0)) / 2.0 * 8.0);
        for rate in [0.012_623_229_847_494_553, 0.001, 0.007, 0.013, 0.026] {
            let part = Bytes::from_mib(32.0);
            assert_eq!(object_puts(size(rate), part), 1.0, "{rate}");
            assert_eq!(pieces(size(rate), Bytes::from_mib(16.0)), 2.0, "{rate}");
        }
        let above = Bytes::from_mib(32.0) * (1.0 + 1e-12);
        assert_eq!(object_puts(above, Bytes::from_mib(32.0)), 1.0);
        assert_eq!(object_puts(Bytes::from_mib(32.001), Bytes::from_mib(32.0)), 4.0);
    }

    #[test]
    fn uploads_come_by_size_until_they_come_by_the_clock() {
        let every = |mib_per_sec| {
            let rate = ByteRate::from_mib_per_sec(mib_per_sec);
            uploads(&design(), Bytes::from_gib(16.0), rate).every.as_secs()
        };
        // 151.7 MiB: a ninth of a third of 4 GiB.
        assert!((every(11.1111) - 13.653).abs() < 0.001, "{}", every(11.1111));
        assert!((every(2.0) - 60.0).abs() < 1e-9);
        assert!((every(0.0) - 60.0).abs() < 1e-9);
    }

    #[test]
    fn large_heaps_cache_all_but_their_reserve() {
        let mut design = design();
        (design.settings.heap_share, design.settings.cache_reserve) = (0.5, Bytes::from_gib(3.0));
        design.settings.upload_max = Bytes::from_gib(1.0);
        let size = |memory| {
            let rate = ByteRate::from_mib_per_sec(1.0);
            uploads(&design, Bytes::from_gib(memory), rate).size.as_gib()
        };
        // A quarter of memory is there: of 9 GiB two thirds of 6, of 6 GiB either rule's 2; a ninth is uploaded.
        assert!((size(36.0) - 4.0 / 9.0).abs() < 1e-12);
        assert!((size(24.0) - 2.0 / 9.0).abs() < 1e-12);
        assert!((size(12.0) - 1.0 / 9.0).abs() < 1e-12);
        assert_eq!(size(360.0), 1.0);
    }

    /// 100 MiB/s as they are produced and read, or by some change of that.
    fn asked(design: &Design, change: impl FnOnce(&mut crate::workload::Stream)) -> Load {
        let mut workload = crate::flows::tests::workload();
        change(&mut workload.streams[0]);
        crate::load::load(&workload, design, crate::flows::tests::MONTH, 1)
    }

    fn per_sec(list: &[RequestRate], cause: Cause, class: RequestClass) -> f64 {
        let rates = list.iter().filter(|one| one.cause == cause && one.class == class);
        rates.map(|one| one.per_sec.per_sec()).sum()
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9 * expected.max(1.0), "{found} is not {expected}");
    }

    fn compact(stream: &mut crate::workload::Stream) {
        stream.cleanup = crate::workload::Cleanup::Compact { live: Bytes::from_gib(1.0) };
    }

    /// Nine brokers without leaders that write a batch every 250 ms: 36 a second, of 2.78 MiB each.
    fn without_leaders(name: &str) -> Design {
        let mut design = Design::of(preset(name).expect("a preset"));
        let settings = &mut design.settings;
        settings.flush_domain = FlushDomain::Broker;
        settings.flush_interval = Hours::from_secs(0.25);
        (settings.flush_size, settings.produce_request) = (Bytes::from_mib(8.0), Bytes::ZERO);
        (settings.live_fetch, settings.fetches_per_object) = (Bytes::from_mib(1.0), None);
        settings.writer_zone_cached = false;
        (settings.merge_files, settings.merge_target) = (32, None);
        (settings.merge_part, settings.object_part) =
            (Bytes::from_mib(32.0), Bytes::from_mib(16.0));
        (settings.merge_fetch, settings.dirty_ratio) = (Bytes::from_mib(8.0), 0.5);
        design
    }

    #[test]
    fn without_leaders_batches_are_read_in_each_zone_and_merged() {
        use RequestClass::{Get, Put, ZonalGet, ZonalPut};
        let design = without_leaders("leaderless");
        let list = leaderless(&design, &asked(&design, |_| ()), 9.0);
        near(per_sec(&list, Cause::Append, Put), 36.0);
        // Three zones read 100 MiB/s by the MiB.
        near(per_sec(&list, Cause::Consume, Get), 300.0);
        // 32 batches are 89 MiB: three parts, and two requests for each object.
        near(per_sec(&list, Cause::Merge, Put), 36.0 / 32.0 * 5.0);
        near(per_sec(&list, Cause::Merge, Get), 36.0);
        // The cleaner reads and writes 200 MiB/s, by 8 and 16 MiB.
        let list = leaderless(&design, &asked(&design, compact), 9.0);
        near(per_sec(&list, Cause::Merge, Put), 36.0 / 32.0 * 5.0 + 12.5);
        near(per_sec(&list, Cause::Merge, Get), 36.0 + 25.0);
        // Batches in three single-zone buckets are merged from there, and cleaned where they are merged to.
        let express = without_leaders("leaderless-express");
        let list = leaderless(&express, &asked(&express, compact), 9.0);
        near(per_sec(&list, Cause::Append, ZonalPut), 108.0);
        near(per_sec(&list, Cause::Consume, ZonalGet), 300.0);
        near(per_sec(&list, Cause::Merge, ZonalGet), 36.0);
        near(per_sec(&list, Cause::Merge, Get), 25.0);
    }

    #[test]
    fn merges_aim_at_a_size_as_long_as_they_may_wait() {
        let puts = |wait| {
            let mut design = without_leaders("leaderless");
            design.settings.merge_target = Some(Bytes::from_mib(100.0));
            design.settings.merge_wait = Hours::from_secs(wait);
            let list = leaderless(&design, &asked(&design, |_| ()), 9.0);
            per_sec(&list, Cause::Merge, RequestClass::Put)
        };
        // 36 batches are 100 MiB: four parts and two. In half a second come 18: two parts and two. One is one.
        near(puts(10.0), 6.0);
        near(puts(0.5), 2.0 * 4.0);
        near(puts(0.001), 36.0);
    }

    #[test]
    fn nobody_reads_what_nobody_follows() {
        let design = without_leaders("leaderless");
        let mut load = asked(&design, |stream| stream.readers.clear());
        // Who follows a silent stream reads nothing.
        let mut silent = asked(&design, |_| ()).streams.remove(0);
        silent.produce = ByteRate::ZERO;
        load.streams.push(silent);
        let list = leaderless(&design, &load, 9.0);
        near(per_sec(&list, Cause::Consume, RequestClass::Get), 0.0);
        near(per_sec(&list, Cause::Append, RequestClass::Put), 36.0);
    }

    #[test]
    fn batches_are_collected_by_brokers_or_by_their_cores() {
        let mut design = without_leaders("leaderless");
        let machine = crate::sizing::tests::machine();
        let load = asked(&design, |_| ());
        let collect =
            |design: &Design, machine: &Machine, count| domains(design, &load, machine, count);
        assert_eq!(collect(&design, &machine, 9.0), 9.0);
        design.settings.flush_domain = FlushDomain::Core;
        assert_eq!(collect(&design, &machine, 9.0), 36.0);
        let unknown = Machine { vcpu: 0.0, ..machine.clone() };
        assert_eq!(collect(&design, &unknown, 9.0), 9.0);

        // Of 36 cores 30 lead a partition, if it is leaders that producers write to.
        design.settings.produce_to_leader = true;
        assert_eq!(collect(&design, &machine, 9.0), 30.0);
        assert_eq!(collect(&design, &machine, 7.0), 28.0);
        design.settings.flush_domain = FlushDomain::Broker;
        assert_eq!(collect(&design, &machine, 40.0), 30.0);
    }

    #[test]
    fn records_are_shared_by_brokers() {
        // Three records every four seconds on three brokers: each waits four seconds for one.
        let design = design();
        let load = asked(&design, |stream| {
            stream.produce_raw = ByteRate::from_mib_per_sec(1e-6);
            stream.records = Some(Frequency::new(0.75));
        });
        let list = write_requests(&design, &load, &crate::sizing::tests::machine(), 3.0);
        near(per_sec(&list, Cause::Route, RequestClass::Put), 3.0 / 4.25);
    }

    #[test]
    fn slow_partitions_of_few_brokers_are_read_by_range() {
        let mut design = design();
        let settings = &mut design.settings;
        settings.stream_object_min = Bytes::from_mib(8.0);
        settings.merge_interval = Hours::from_secs(300.0);
        (settings.object_part, settings.merge_fetch) =
            (Bytes::from_mib(32.0), Bytes::from_mib(4.0));
        let mut load = asked(&design, |stream| {
            stream.partitions = Some(7);
            stream.produce_raw = ByteRate::from_mib_per_sec(4.9);
        });
        let uploads = Uploads { size: Bytes::ZERO, every: Hours::from_secs(10.0) };
        let reads = |load: &Load| uploaded(&design, load, uploads, 3.0)[2].per_sec.per_sec();
        // 49 MiB of three brokers: five ranges of 4 MiB each, more than there are partitions.
        near(reads(&load), 3.0 * 5.0 / 10.0);
        // A silent stream is in no object.
        let mut silent = load.streams[0].clone();
        (silent.produce, silent.partitions) = (ByteRate::ZERO, 1000);
        load.streams.push(silent);
        near(reads(&load), 1.5);
    }

    #[test]
    fn caches_are_uploaded_whole_and_slow_partitions_merged() {
        let check = |partitions, rate, cleaned: bool, expected: [f64; 3]| {
            let mut design = design();
            let settings = &mut design.settings;
            settings.stream_object_min = Bytes::from_mib(8.0);
            settings.merge_interval = Hours::from_secs(300.0);
            (settings.object_part, settings.merge_fetch) =
                (Bytes::from_mib(32.0), Bytes::from_mib(16.0));
            settings.dirty_ratio = 0.5;
            let load = asked(&design, |stream| {
                stream.partitions = Some(partitions);
                stream.produce_raw = ByteRate::from_mib_per_sec(rate);
                if cleaned {
                    compact(stream);
                }
            });
            // Three brokers, every ten seconds.
            let uploads = Uploads { size: Bytes::ZERO, every: Hours::from_secs(10.0) };
            let found = uploaded(&design, &load, uploads, 3.0).map(|one| one.per_sec.per_sec());
            for (found, expected) in found.into_iter().zip(expected) {
                near(found, expected);
            }
        };
        // 33 MiB a partition: an object of its own, in two parts and two.
        check(30, 100.0, false, [30.0 * 4.0 / 10.0, 0.0, 0.0]);
        // 1 MiB a partition, 100 a broker in four parts and two; merged once to 30 MiB, and read partition by partition.
        check(300, 30.0, false, [3.0 * 6.0 / 10.0, 1.0, 30.0]);
        // A cleaner of 60 MiB/s besides.
        check(300, 30.0, true, [1.8, 1.0 + 60.0 / 32.0, 30.0 + 60.0 / 16.0]);
        // Few partitions: at least one read of each broker's object.
        check(2, 1.4, false, [0.3, 2.0 * 9.0 / 300.0, 0.3]);
        // 3 MiB in each interval take 8/3 merges to be large enough; half of them are rewritten, 400 MiB a broker in 13
        // parts and two, and read by 16 MiB.
        let passes = 8.0 / 3.0;
        let split_off = 300.0 / (300.0 * passes);
        check(300, 3.0, false, [0.3, split_off + 3.0 * 15.0 / 300.0, 30.0 + 3.0 * 25.0 / 300.0]);
    }

    /// Three brokers, three zones: batches for each 250 ms, or for each 8 MiB.
    #[test]
    fn batches_come_by_the_clock_until_they_come_by_size() {
        let batches = |mib_per_sec, records| {
            let rate = ByteRate::from_mib_per_sec(mib_per_sec);
            let list = durable_writes(&design(), rate, records, 3.0);
            list.iter()
                .find(|one| one.cause == Cause::Route)
                .map_or(0.0, |one| one.per_sec.per_sec())
        };
        assert_eq!(batches(1.0, None), 12.0);
        assert_eq!(batches(32.0, None), 12.0);
        assert_eq!(batches(64.0, None), 24.0);
        assert_eq!(batches(0.0, None), 0.0);
        // One record every four seconds: a batch waits that long for it.
        assert!((batches(1e-6, Some(0.25)) - 3.0 / 4.25).abs() < 1e-9);
    }
}
