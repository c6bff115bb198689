//! Platforms as they are set up by those who know them best: rows of settings over the defaults.

use crate::design::Architecture;
use crate::parameters::{Confidence, Headroom, Settings};
use crate::prices::Meter;

/// A platform that a scenario can name.
#[derive(Debug)]
pub struct Preset {
    /// As written in a scenario.
    pub name: &'static str,
    /// As people call it.
    pub title: &'static str,
    /// Where the log lives.
    pub architecture: Architecture,
    /// What it is, in one or two sentences.
    pub doc: &'static str,
    /// Which machines of the catalogue its brokers run on.
    pub pool: &'static str,
    /// The role of the machines that keep its metadata, where they are not brokers.
    pub controller: &'static str,
    /// Whether someone else runs it: what its machines are made of is then theirs to answer for.
    pub managed: bool,
    /// Whose services' meters of the catalogue bill it; mostly the pool.
    pub service: &'static str,
    /// What it bills besides machines, storage and traffic.
    pub fees: &'static [Meter],
    /// What a vendor counts its capacity in, by its name in the catalogue; empty where there is nothing of the kind.
    pub capacity_unit: &'static str,
    /// How far along it is, and since when: what a careful buyer asks first.
    pub maturity: Maturity,
    /// The date of the facts that its rows are from.
    pub as_of: &'static str,
    /// What differs from the defaults.
    pub rows: &'static [Row],
    /// Settings that the service does not let its users change.
    pub fixed: &'static [&'static str],
}

/// How far along a platform is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maturity {
    /// For sale or for download, and in use.
    Released,
    /// Released, and its inner workings known from what its vendor writes only.
    VendorDescribed(&'static str),
    /// Not released, or not whole: what is there instead.
    NotReleased(&'static str),
}

impl Maturity {
    /// As people read it; empty where there is nothing to say.
    pub fn note(self) -> &'static str {
        match self {
            Self::Released => "",
            Self::VendorDescribed(note) | Self::NotReleased(note) => note,
        }
    }
}

/// A setting that a preset changes, and why.
#[derive(Debug)]
pub struct Row {
    /// Which setting.
    pub key: &'static str,
    /// As written in a scenario.
    pub value: &'static str,
    /// Where the value comes from.
    pub source: &'static str,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Preset {
    /// The defaults with this preset's rows over them.
    pub fn settings(&self) -> Settings {
        self.settings_under(Settings::default().headroom)
    }

    /// The defaults, over them what a headroom policy asks for, and over both this preset's rows.
    pub fn settings_under(&self, headroom: Headroom) -> Settings {
        let mut settings = Settings { headroom, ..Settings::default() };
        for row in headroom_rows(headroom).iter().chain(self.rows) {
            settings.set(row.key, row.value).expect("a row can be read");
        }
        settings
    }
}

impl Preset {
    /// What the service that a preset's brokers run on includes, or does, of a bill's further lines: settings over the
    /// scenario's, so that nothing is charged twice.
    pub fn line_rows(&self) -> &'static [Row] {
        LINE_ROWS.iter().find(|(service, _)| *service == self.service).map_or(&[], |(_, rows)| rows)
    }
}

/// By service: what it includes of a bill's further lines.
static LINE_ROWS: &[(&str, &[Row])] = &[
    ("msk-standard", MSK_LINES),
    ("msk-express", MSK_LINES),
    ("msk-serverless", WITHOUT_BROKERS),
    ("confluent-basic", WITHOUT_BROKERS),
    ("confluent-standard", WITHOUT_BROKERS),
    ("confluent-enterprise", WITHOUT_BROKERS),
    ("redpanda-serverless", WITHOUT_BROKERS),
    ("event-hubs", WITHOUT_BROKERS),
];

/// Who runs no brokers watches, logs and repairs none.
static WITHOUT_BROKERS: &[Row] = &[
    row("metrics_per_broker", "0", Confidence::Derived, "brokers are the service's own"),
    row("metrics_per_replica", "0", Confidence::Derived, "replicas are the service's own"),
    row("logs_per_broker", "0 B", Confidence::Derived, "brokers are the service's own"),
    row("logs_per_replica", "0 B", Confidence::Derived, "replicas are the service's own"),
    row("labour_hours_per_broker_loss", "0", Confidence::Derived, "brokers are the service's own"),
];

static MSK_LINES: &[Row] = &[
    row(
        "metrics_included",
        "31",
        Vendor,
        "MSK developer guide, DEFAULT-level metrics are free (awsdocs 4342322): those of each broker without ZooKeeper's",
    ),
    row(
        "labour_hours_per_broker_loss",
        "0",
        Vendor,
        "MSK developer guide: the service detects failed brokers and replaces them",
    ),
];

/// What a headroom policy asks for besides its own equations.
pub fn headroom_rows(headroom: Headroom) -> &'static [Row] {
    match headroom {
        Headroom::AwsEntitlement => &[],
        Headroom::AwsCeiling => AWS_CEILING,
        Headroom::Netflix => NETFLIX,
    }
}

static AWS_CEILING: &[Row] = &[row(
    "utilization",
    "80 %",
    Confidence::Unverified,
    "widely quoted from AWS's right-sizing post",
)];

static NETFLIX: &[Row] = &[
    row("utilization", "100 %", Vendor, "Netflix buffers demand instead"),
    row("disk_utilization", "40 %", Vendor, "Netflix service-capacity-modeling dc693073"),
    row(
        "page_cache",
        "10 min",
        Vendor,
        "Netflix service-capacity-modeling dc693073, which counts one copy; brokers cache all",
    ),
    row("cpu_rule", "netflix", Vendor, "Netflix service-capacity-modeling dc693073"),
];

/// A preset by its name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

const fn row(
    key: &'static str,
    value: &'static str,
    confidence: Confidence,
    source: &'static str,
) -> Row {
    Row { key, value, source, confidence }
}

use Confidence::{Code, Derived, Measured, RuleOfThumb, Unverified, Vendor};

const NO_LICENCE: Row = row("licence", "$0/GiB", Code, "Apache-2.0, no fee");
const MSK_NO_FEE: Row =
    row("licence", "$0/GiB", Vendor, "MSK pricing page: no fee beside its listed dimensions");
const MSK_REPLICATION: Row =
    row("replication_billed", "0 %", Vendor, "MSK pricing page: broker-to-broker traffic is free");
const MSK_CONTROLLERS: Row =
    row("controllers", "0", Vendor, "MSK pricing page: KRaft controllers are included");
const MSK_QUOTA: Row = row("brokers_max", "60", Vendor, "MSK limits page: default quota for KRaft");
const MSK_DISK: Row = row("disk", "msk-volume", Vendor, "MSK pricing page: broker storage");
const CONTROLLERS_ARE_BROKERS: Row = row(
    "controllers",
    "0",
    Vendor,
    "AutoMQ deployment recommendations: controllers serve as brokers too",
);

const LEADERLESS: Row =
    row("leaderless", "true", Vendor, "any broker takes records of any partition");
const NO_ROUTER: Row = row("zone_router", "false", Vendor, "there is nothing to route");
const COMMIT_P50: Row =
    row("commit_p50", "10 ms", Measured, "Inkless performance notes: 10 to 20 ms");
const COMMIT_P99: Row =
    row("commit_p99", "20 ms", Measured, "Inkless performance notes: 10 to 20 ms");
const NO_CROSSING: Row = row(
    "metadata_crossing",
    "0 %",
    Vendor,
    "WarpStream documentation: clients find agents of their zone; metadata goes to the control plane",
);
const MERGE_FILES: Row = row("merge_files", "32", Vendor, "WarpStream documentation: 32 files");
const MERGE_ONCE: Row = row(
    "merge_traffic",
    "1",
    Vendor,
    "each byte is read and rewritten once; further levels are not public",
);
const MERGE_NEVER: Row = row(
    "merge_files",
    "0",
    Code,
    "aiven/inkless b1fcb5f6: none; Bufstream: inside the measured requests",
);
const CACHE_REACH: Row = row("cache_reach", "60 s", RuleOfThumb, "not published; as Inkless");
const MANAGED_NO_FEE: Row =
    row("licence", "$0/GiB", Vendor, "pricing page: no fee beside its listed dimensions");
const MANAGED_CONTROLLERS: Row =
    row("controllers", "0", Vendor, "pricing page: controllers are not billed");
const LIST_PRICE_NO_FEE: Row =
    row("licence", "$0/GiB", Vendor, "the service's own meters stand on the bill");
const LIST_PRICE_CPU: Row = row("cpu_rule", "off", Vendor, "sold by rate, not by machine");
const LIST_PRICE_FLEET: Row = row("fleet", "follow", Vendor, "billed by the hour as it is used");
const BILLED_AFTER_REPLICATION: Row = row(
    "fee_copies",
    "3",
    Vendor,
    "storage is billed after replication, as AutoMQ quotes Confluent's billing documentation (2026), which was not seen itself",
);
const NO_MACHINES_OF_ITS_OWN: Row = row("controllers", "0", Vendor, "sold without machines");

/// Every platform that a scenario can name, in the order of comparisons.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "kafka-gp3",
        title: "Apache Kafka on general-purpose volumes (gp3)",
        architecture: Architecture::SharedNothing,
        doc: "Self-managed Apache Kafka with KRaft controllers, replicas on the general-purpose block volumes of the provider, gp3 on AWS; follower fetching on.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[NO_LICENCE],
        fixed: &[],
    },
    Preset {
        name: "kafka-nvme",
        title: "Apache Kafka on local NVMe",
        architecture: Architecture::SharedNothing,
        doc: "Self-managed Apache Kafka with replicas on the machines' own NVMe disks: fast, and gone with the machine.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[
            NO_LICENCE,
            row("disk", "local-nvme", Vendor, "machine shapes with local SSD"),
            row("storage_per_broker_max", "auto", Vendor, "as much as the machine has"),
        ],
        fixed: &[],
    },
    Preset {
        name: "kafka-st1",
        title: "Apache Kafka on hard disks (st1)",
        architecture: Architecture::SharedNothing,
        doc: "Self-managed Apache Kafka with replicas on the hard disks of the provider, st1 on AWS: cheap to keep, slow to replay.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[NO_LICENCE, row("disk", "hard-disk", Vendor, "EBS st1 volume type")],
        fixed: &[],
    },
    Preset {
        name: "msk-standard",
        title: "Amazon MSK, Standard brokers",
        architecture: Architecture::SharedNothing,
        doc: "Managed Kafka with replicas on volumes of the service; replication between brokers is not billed.",
        pool: "msk-standard",
        controller: "controller",
        managed: true,
        service: "msk-standard",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[MSK_NO_FEE, MSK_REPLICATION, MSK_CONTROLLERS, MSK_QUOTA, MSK_DISK],
        fixed: &[],
    },
    Preset {
        name: "msk-express",
        title: "Amazon MSK, Express brokers",
        architecture: Architecture::SharedNothing,
        doc: "Managed Kafka sold by rate: storage is elastic and billed once, every byte in pays a fee.",
        pool: "msk-express",
        controller: "controller",
        managed: true,
        service: "msk-express",
        fees: &[Meter::ManagedIngest],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[
            MSK_NO_FEE,
            MSK_REPLICATION,
            MSK_CONTROLLERS,
            MSK_QUOTA,
            row("disk", "msk-express", Vendor, "MSK pricing page: Express storage"),
            row("disk_utilization", "100 %", Vendor, "MSK pricing page: billed as used"),
            row("disk_copies", "1", Vendor, "MSK pricing page: billed once"),
            row("storage_per_broker_max", "auto", Vendor, "MSK Express: no limit per broker"),
            row("utilization", "75 %", Vendor, "AWS MSK sizing script d6ad2e44"),
            row("cpu_rule", "off", Vendor, "MSK Express documentation: limits are stated as rates"),
        ],
        fixed: &["replication_factor", "zones"],
    },
    Preset {
        name: "kafka-tiered",
        title: "Apache Kafka with tiered storage",
        architecture: Architecture::Tiered,
        doc: "Self-managed Apache Kafka (KIP-405): recent data on gp3 volumes, closed segments in object storage.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[NO_LICENCE],
        fixed: &[],
    },
    Preset {
        name: "msk-tiered",
        title: "Amazon MSK with tiered storage",
        architecture: Architecture::Tiered,
        doc: "Managed Kafka with the service's own tier for closed segments: capacity and retrieval are billed, requests are not.",
        pool: "msk-standard",
        controller: "controller",
        managed: true,
        service: "msk-standard",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[
            MSK_NO_FEE,
            MSK_REPLICATION,
            MSK_CONTROLLERS,
            MSK_QUOTA,
            MSK_DISK,
            row("remote_store", "managed-tier", Vendor, "MSK pricing page"),
            row("tier_retention_min", "3 d", Vendor, "MSK documentation: minimum total retention"),
            row("segment_bytes", "128 MiB", Vendor, "MSK documentation: default for tiered topics"),
        ],
        fixed: &[],
    },
    Preset {
        name: "automq-s3-wal",
        title: "AutoMQ, WAL in object storage",
        architecture: Architecture::SharedStorage,
        doc: "Open-source AutoMQ: every write goes to object storage first, a zone router keeps clients in their zone.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "AKU",
        maturity: Maturity::Released,
        as_of: "2026-05",
        rows: &[NO_LICENCE, CONTROLLERS_ARE_BROKERS],
        fixed: &[],
    },
    Preset {
        name: "automq-ebs-wal",
        title: "AutoMQ, WAL on block volumes",
        architecture: Architecture::SharedStorage,
        doc: "Commercial AutoMQ: writes go to a small block volume, then to object storage; clients cross zones. The vendor's fee is not public.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "AKU",
        maturity: Maturity::VendorDescribed("its WAL on volumes is closed source"),
        as_of: "2026-05",
        rows: &[
            CONTROLLERS_ARE_BROKERS,
            row("wal", "block", Vendor, "AutoMQ documentation"),
            row("zone_router", "false", Code, "AutoMQ f1ce98ec: needs the WAL in object storage"),
            row(
                "licence",
                "auto",
                Vendor,
                "AutoMQ pricing page: billing items are public, rates are not",
            ),
            row(
                "disk_produce_p50",
                "5 ms",
                Vendor,
                "AutoMQ documentation: single-digit milliseconds",
            ),
            row("disk_produce_p99", "10 ms", RuleOfThumb, "single-digit milliseconds, rounded up"),
        ],
        fixed: &[],
    },
    Preset {
        name: "automq-nfs-wal",
        title: "AutoMQ, WAL in a file system",
        architecture: Architecture::SharedStorage,
        doc: "Commercial AutoMQ: writes go to a file system that all zones share, then to object storage; a zone router keeps clients in their zone. The vendor's fee is not public.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "AKU",
        maturity: Maturity::VendorDescribed("its WAL in a file system is closed source"),
        as_of: "2026-05",
        rows: &[
            CONTROLLERS_ARE_BROKERS,
            row("wal", "file", Vendor, "AutoMQ documentation"),
            row("wal_disk", "file-system", Vendor, "AutoMQ documentation: a regional NFS service"),
            row(
                "licence",
                "auto",
                Vendor,
                "AutoMQ pricing page: billing items are public, rates are not",
            ),
            row(
                "disk_produce_p50",
                "10 ms",
                Vendor,
                "AWS storage blog, AutoMQ blog 2025-12: below 10 ms on average",
            ),
            row(
                "disk_produce_p99",
                "40 ms",
                RuleOfThumb,
                "not published; four times the mean claimed",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "leaderless",
        title: "Leaderless agents on object storage",
        architecture: Architecture::SharedStorage,
        doc: "Stateless agents that write batches of many partitions straight to object storage, as WarpStream does; every zone reads each batch once. The fee is a quote: see `warpstream` for list prices.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed("merges beyond the first level are not public"),
        as_of: "2026-05",
        rows: &[
            LEADERLESS,
            NO_ROUTER,
            COMMIT_P50,
            COMMIT_P99,
            NO_CROSSING,
            MERGE_FILES,
            MERGE_ONCE,
            CACHE_REACH,
            row(
                "controllers",
                "0",
                Vendor,
                "WarpStream documentation: the vendor runs the control plane",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "leaderless-express",
        title: "Leaderless agents, batches in single-zone object storage",
        architecture: Architecture::SharedStorage,
        doc: "The same agents with batches in three single-zone buckets: faster, dearer in requests and in every byte; merged data is in regional object storage.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed("merges beyond the first level are not public"),
        as_of: "2026-05",
        rows: &[
            LEADERLESS,
            NO_ROUTER,
            COMMIT_P50,
            COMMIT_P99,
            NO_CROSSING,
            MERGE_FILES,
            MERGE_ONCE,
            CACHE_REACH,
            row(
                "controllers",
                "0",
                Vendor,
                "WarpStream documentation: the vendor runs the control plane",
            ),
            row("wal", "zonal-object-storage", Vendor, "WarpStream: quorum of single-zone buckets"),
            row("flush_interval", "50 ms", Vendor, "WarpStream documentation: 50 ms is the least"),
            row(
                "put_p50",
                "70 ms",
                Derived,
                "WarpStream's test: produce 105 ms, less half of 50 ms and the commit",
            ),
            row(
                "put_p99",
                "99 ms",
                Derived,
                "WarpStream's test: produce 169 ms, less 50 ms and the commit",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "warpstream",
        title: "WarpStream BYOC",
        architecture: Architecture::SharedStorage,
        doc: "Leaderless agents in your account, with the vendor's list prices: a fee for a cluster of the Fundamentals tier, and a ladder on uncompressed bytes written and kept.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "warpstream",
        fees: &[Meter::ManagedBase, Meter::ManagedIngest, Meter::ManagedStorage],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed(
            "list prices are from one transcription that its maintainer calls unverified",
        ),
        as_of: "2026-06",
        rows: &[
            LEADERLESS,
            NO_ROUTER,
            COMMIT_P50,
            COMMIT_P99,
            NO_CROSSING,
            MERGE_FILES,
            MERGE_ONCE,
            CACHE_REACH,
            row("licence", "$0/GiB", Vendor, "the vendor's own meters stand on the bill"),
            row(
                "fee_on_uncompressed",
                "true",
                Vendor,
                "WarpStream pricing page: uncompressed bytes",
            ),
            row(
                "controllers",
                "0",
                Vendor,
                "WarpStream documentation: the vendor runs the control plane",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "diskless",
        title: "Diskless topics (KIP-1150, as Inkless)",
        architecture: Architecture::SharedStorage,
        doc: "Apache Kafka brokers without leaders for diskless topics: batches in object storage, their order in a database that brokers of all zones ask.",
        pool: "compute",
        controller: "coordinator",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::NotReleased(
            "KIP-1150 is accepted, not released; KIP-1163 and KIP-1164 are in discussion: this is Aiven's Inkless",
        ),
        as_of: "2026-05",
        rows: &[
            NO_LICENCE,
            LEADERLESS,
            row(
                "compacted_logs",
                "false",
                Vendor,
                "Aiven documentation: diskless topics do not support compaction",
            ),
            NO_ROUTER,
            COMMIT_P50,
            COMMIT_P99,
            MERGE_NEVER,
            row("controllers", "2", Measured, "Aiven's run: PostgreSQL in two zones"),
            row("metadata_crossing", "1.220703 %", Measured, "Aiven's run: 12.5 MiB/s for 1 GiB/s"),
            row(
                "writer_zone_cached",
                "true",
                Measured,
                "Aiven's run: 2.0 reads for each write in three zones",
            ),
            row("live_fetch", "16 MiB", Code, "aiven/inkless b1fcb5f6: fetch.cache.block.bytes"),
            row("cache_reach", "60 s", Code, "aiven/inkless b1fcb5f6: cache lifespan"),
            row(
                "batch_removal_max",
                "33.3",
                Code,
                "aiven/inkless b1fcb5f6: 2,000 batches every 60 s",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "bufstream",
        title: "Bufstream",
        architecture: Architecture::SharedStorage,
        doc: "Leaderless brokers on object storage with etcd for their metadata, as far as its vendor's benchmark tells.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "bufstream",
        fees: &[Meter::ManagedIngest],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed(
            "requests are those of its vendor's benchmark, causes not told apart",
        ),
        as_of: "2025",
        rows: &[
            LEADERLESS,
            NO_ROUTER,
            COMMIT_P50,
            COMMIT_P99,
            MERGE_NEVER,
            CACHE_REACH,
            row("licence", "$0/GiB", Vendor, "the vendor's own meter stands on the bill"),
            row("fee_on_uncompressed", "true", Vendor, "Bufstream pricing: uncompressed bytes"),
            row("controllers", "3", Vendor, "Bufstream cost page: three etcd nodes"),
            row(
                "metadata_crossing",
                "1.76 %",
                Measured,
                "Bufstream cost page: 4.5 MiB/s for 256 MiB/s",
            ),
            row(
                "flush_size",
                "3.4 MiB",
                Measured,
                "Bufstream cost page: 75 PUT/s for 256 MiB/s; intake and archive are not told apart",
            ),
            row(
                "fetches_per_object",
                "1.67",
                Measured,
                "Bufstream cost page: 125 GET/s for 75 PUT/s at fan-out 1",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "redpanda-cloud-topics",
        title: "Redpanda Cloud Topics",
        architecture: Architecture::SharedStorage,
        doc: "Brokers that batch records of each core into object storage and sort them into larger objects soon after; leaders stay for their order. The licence is a quote.",
        pool: "compute",
        controller: "controller",
        managed: false,
        service: "compute",
        fees: &[],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed("aggregation by core is not public in full"),
        as_of: "2026-05",
        rows: &[
            LEADERLESS,
            row(
                "produce_to_leader",
                "true",
                Vendor,
                "Redpanda documentation: produce requests go through the leader of the partition",
            ),
            NO_ROUTER,
            MERGE_ONCE,
            CACHE_REACH,
            row(
                "controllers",
                "0",
                Code,
                "Redpanda 26.2: metadata in the brokers' own Raft groups",
            ),
            row("flush_domain", "core", Code, "Redpanda 26.2: each shard uploads for itself"),
            row("flush_size", "4 MiB", Code, "Redpanda 26.2 properties"),
            row("merge_files", "1", Code, "Redpanda 26.2: batches are sorted into larger objects"),
            row("merge_target", "64 MiB", Code, "Redpanda 26.2: target of 80 MiB × 0.8"),
            row("staging", "12 h", Code, "Redpanda 26.2: batches are kept for 12 h at least"),
            row(
                "commit_p50",
                "5 ms",
                RuleOfThumb,
                "a replicated placeholder: as a produce on disks",
            ),
            row(
                "commit_p99",
                "20 ms",
                RuleOfThumb,
                "a replicated placeholder: as a produce on disks",
            ),
            row("metadata_crossing", "0.25 %", RuleOfThumb, "not published; as fitted for AutoMQ"),
        ],
        fixed: &[],
    },
    Preset {
        name: "gcp-managed-kafka",
        title: "Google Managed Service for Apache Kafka",
        architecture: Architecture::SharedNothing,
        doc: "Managed Kafka with KRaft, sized by the service's own rule and billed by compute units of vCPU and memory.",
        pool: "gcp-managed-kafka",
        controller: "controller",
        managed: true,
        service: "gcp-managed-kafka",
        fees: &[Meter::ManagedStorage],
        capacity_unit: "DCU",
        maturity: Maturity::Released,
        as_of: "2025",
        rows: &[
            MANAGED_NO_FEE,
            MANAGED_CONTROLLERS,
            row("disk", "service", Vendor, "pricing page: storage is billed beside compute"),
            row(
                "larger_first",
                "true",
                RuleOfThumb,
                "the service chooses brokers by itself; prices are linear in vCPU, so larger ones cost hardly more",
            ),
            row(
                "replication_billed",
                "100 %",
                RuleOfThumb,
                "pricing page: inter-zone transfer is billed, its rate for replication is not in the stored page",
            ),
            row("storage_per_broker_max", "auto", Vendor, "storage is the service's"),
        ],
        fixed: &[],
    },
    Preset {
        name: "confluent-basic",
        title: "Confluent Cloud Basic",
        architecture: Architecture::ListPrice,
        doc: "Billed by capacity units, bytes in and out, and bytes kept: list prices, no internals.",
        pool: "confluent-basic",
        controller: "controller",
        managed: true,
        service: "confluent-basic",
        fees: &[Meter::ManagedIngest, Meter::ManagedEgress, Meter::ManagedStorage],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-09",
        rows: &[
            LIST_PRICE_NO_FEE,
            LIST_PRICE_CPU,
            LIST_PRICE_FLEET,
            NO_MACHINES_OF_ITS_OWN,
            BILLED_AFTER_REPLICATION,
            row("brokers_max", "50", Vendor, "Confluent Cloud, cluster types: 1 to 50 eCKU"),
            row(
                "units_free",
                "1",
                Vendor,
                "Confluent Cloud pricing, 2026-09: the first eCKU of Basic",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "confluent-standard",
        title: "Confluent Cloud Standard",
        architecture: Architecture::ListPrice,
        doc: "Billed by capacity units, bytes in and out, and bytes kept; some of its prices are public as a range only.",
        pool: "confluent-standard",
        controller: "controller",
        managed: true,
        service: "confluent-standard",
        fees: &[Meter::ManagedIngest, Meter::ManagedEgress, Meter::ManagedStorage],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2026-09",
        rows: &[
            LIST_PRICE_NO_FEE,
            LIST_PRICE_CPU,
            LIST_PRICE_FLEET,
            NO_MACHINES_OF_ITS_OWN,
            BILLED_AFTER_REPLICATION,
            row("brokers_max", "10", Vendor, "Confluent Cloud, cluster types: 1 to 10 eCKU"),
        ],
        fixed: &[],
    },
    Preset {
        name: "confluent-enterprise",
        title: "Confluent Cloud Enterprise",
        architecture: Architecture::ListPrice,
        doc: "Billed by capacity units, bytes in and out, and bytes kept; its prices are ranges from one source.",
        pool: "confluent-enterprise",
        controller: "controller",
        managed: true,
        service: "confluent-enterprise",
        fees: &[Meter::ManagedIngest, Meter::ManagedEgress, Meter::ManagedStorage],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed("its prices are ranges from a single note"),
        as_of: "2026",
        rows: &[
            LIST_PRICE_NO_FEE,
            LIST_PRICE_CPU,
            LIST_PRICE_FLEET,
            NO_MACHINES_OF_ITS_OWN,
            BILLED_AFTER_REPLICATION,
            row("brokers_max", "32", Vendor, "Confluent Cloud, cluster types: 1 to 32 eCKU"),
        ],
        fixed: &[],
    },
    Preset {
        name: "msk-serverless",
        title: "Amazon MSK Serverless",
        architecture: Architecture::ListPrice,
        doc: "Billed by the cluster's hours, partitions, bytes in and out, and bytes kept.",
        pool: "msk-serverless",
        controller: "controller",
        managed: true,
        service: "msk-serverless",
        fees: &[
            Meter::ManagedPartition,
            Meter::ManagedIngest,
            Meter::ManagedEgress,
            Meter::ManagedStorage,
        ],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2025-06",
        rows: &[
            row(
                "partition_rate_max",
                "5 MB/s",
                Vendor,
                "MSK Serverless quotas: 5 MB/s in for each partition",
            ),
            LIST_PRICE_NO_FEE,
            LIST_PRICE_CPU,
            LIST_PRICE_FLEET,
            NO_MACHINES_OF_ITS_OWN,
            row(
                "brokers_max",
                "1",
                Vendor,
                "MSK Serverless quotas: limits are those of one cluster",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "redpanda-serverless",
        title: "Redpanda Serverless",
        architecture: Architecture::ListPrice,
        doc: "Billed by hours, bytes in and out, and bytes kept.",
        pool: "redpanda-serverless",
        controller: "controller",
        managed: true,
        service: "redpanda-serverless",
        fees: &[
            Meter::ManagedPartition,
            Meter::ManagedIngest,
            Meter::ManagedEgress,
            Meter::ManagedStorage,
        ],
        capacity_unit: "",
        maturity: Maturity::VendorDescribed("list prices are from one public note"),
        as_of: "2025-03",
        rows: &[
            LIST_PRICE_NO_FEE,
            LIST_PRICE_CPU,
            LIST_PRICE_FLEET,
            NO_MACHINES_OF_ITS_OWN,
            row(
                "brokers_max",
                "1",
                Unverified,
                "one cluster; its limits are not in a public source found",
            ),
        ],
        fixed: &[],
    },
    Preset {
        name: "event-hubs",
        title: "Azure Event Hubs, Standard, as a Kafka endpoint",
        architecture: Architecture::ListPrice,
        doc: "Billed by throughput units and by events.",
        pool: "event-hubs",
        controller: "controller",
        managed: true,
        service: "event-hubs",
        fees: &[Meter::ManagedRequests],
        capacity_unit: "",
        maturity: Maturity::Released,
        as_of: "2024-07",
        rows: &[
            row("partition_rate_max", "1 MB/s", Vendor, "Event Hubs: a partition takes 1 MB/s"),
            row(
                "unit_records_out_max",
                "4096",
                Vendor,
                "Event Hubs, scaling: 4,096 events or 2 MB a second for each throughput unit",
            ),
            row(
                "unit_storage",
                "84 GB",
                Vendor,
                "Event Hubs FAQ: 84 GB for each throughput unit, more at the rate of blobs",
            ),
            row(
                "client_compression",
                "false",
                Unverified,
                "Event Hubs for Kafka: compression is for the Premium and Dedicated tiers",
            ),
            LIST_PRICE_NO_FEE,
            LIST_PRICE_CPU,
            row(
                "fleet",
                "monthly",
                Vendor,
                "Event Hubs, auto-inflate: units are added as load asks, and not taken away",
            ),
            NO_MACHINES_OF_ITS_OWN,
            row("brokers_max", "40", Vendor, "Event Hubs FAQ: 40 throughput units in a namespace"),
            row(
                "unit_records_max",
                "1000",
                Vendor,
                "Event Hubs, scaling: 1,000 events or 1 MB a second for each throughput unit",
            ),
            row("retention_max", "7 d", Vendor, "Event Hubs FAQ: seven days in the Standard tier"),
        ],
        fixed: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::parameter;

    #[test]
    fn every_row_of_a_service_is_a_setting_of_the_lines() {
        for (service, rows) in LINE_ROWS {
            assert!(PRESETS.iter().any(|preset| preset.service == *service), "{service}");
            for row in *rows {
                let mut settings = crate::lines::LineSettings::default();
                settings.set(row.key, row.value).expect("a row can be read");
                assert!(row.source.len() > 3, "{service}: {} has no source", row.key);
            }
        }
    }

    #[test]
    fn every_row_of_every_preset_means_something() {
        for preset in PRESETS {
            preset.settings();
            for row in preset.rows {
                let parameter =
                    parameter(row.key).unwrap_or_else(|| panic!("{}: {}", preset.name, row.key));
                assert!(
                    parameter.scope.covers(preset.architecture)
                        || row.key.starts_with("disk_produce"),
                    "{}: {} has no effect",
                    preset.name,
                    row.key
                );
                assert!(row.source.len() > 3, "{}: {} has no source", preset.name, row.key);
            }
        }
    }
}
