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
    /// A fee for every byte produced, where there is one.
    pub ingest_fee: Option<Meter>,
    /// What differs from the defaults.
    pub rows: &'static [Row],
    /// Settings that the service does not let its users change.
    pub fixed: &'static [&'static str],
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
        LINE_ROWS.iter().find(|(pool, _)| *pool == self.pool).map_or(&[], |(_, rows)| rows)
    }
}

/// By pool: what a service includes of a bill's further lines.
static LINE_ROWS: &[(&str, &[Row])] = &[("msk-standard", MSK_LINES), ("msk-express", MSK_LINES)];

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
    row("page_cache", "10 min", Vendor, "Netflix service-capacity-modeling dc693073"),
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

use Confidence::{Code, RuleOfThumb, Vendor};

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

/// Every platform that a scenario can name, in the order of comparisons.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "kafka-gp3",
        title: "Apache Kafka on gp3 volumes",
        architecture: Architecture::SharedNothing,
        doc: "Self-managed Apache Kafka with KRaft controllers, replicas on general-purpose block volumes, follower fetching on.",
        pool: "compute",
        controller: "controller",
        ingest_fee: None,
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
        ingest_fee: None,
        rows: &[
            NO_LICENCE,
            row("disk", "local-nvme", Vendor, "machine shapes with local SSD"),
            row("storage_per_broker_max", "auto", Vendor, "as much as the machine has"),
        ],
        fixed: &[],
    },
    Preset {
        name: "kafka-st1",
        title: "Apache Kafka on st1 volumes",
        architecture: Architecture::SharedNothing,
        doc: "Self-managed Apache Kafka with replicas on throughput-optimized hard disks: cheap to keep, slow to replay.",
        pool: "compute",
        controller: "controller",
        ingest_fee: None,
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
        ingest_fee: None,
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
        ingest_fee: Some(Meter::ManagedIngest),
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
        ingest_fee: None,
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
        ingest_fee: None,
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
        ingest_fee: None,
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
        ingest_fee: None,
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
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::parameter;

    #[test]
    fn every_row_of_a_service_is_a_setting_of_the_lines() {
        for (pool, rows) in LINE_ROWS {
            assert!(PRESETS.iter().any(|preset| preset.pool == *pool), "{pool}");
            for row in *rows {
                let mut settings = crate::lines::LineSettings::default();
                settings.set(row.key, row.value).expect("a row can be read");
                assert!(row.source.len() > 3, "{pool}: {} has no source", row.key);
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
