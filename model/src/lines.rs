//! What else is paid for around a platform: the further lines of a bill, as one table of settings that a scenario can
//! change, and connectors.
//!
//! Everything is off unless it is asked for, and then it is there on every platform alike. What a service includes stands
//! in [`Preset::line_rows`](crate::presets::Preset::line_rows), and a platform of a scenario may differ in
//! `[platform.lines]`.

use crate::bill::Component;
use crate::parameters::{Factor, PerGib, PerHour, PerMonth, Rates, Share, choice, table};
use crate::presets::Preset;
use crate::units::{ByteRate, Bytes, Hours};

choice! {
    /// Where a connector's workers run.
    RunsOn {
        /// On machines of one's own, all connectors together.
        Machines = "machines",
        /// On a connector service, each by itself.
        Service = "service",
    }
}

choice! {
    /// Which way a connector moves records.
    Direction {
        /// From another system into the stream.
        Source = "source",
        /// From the stream into another system.
        Sink = "sink",
    }
}

/// What moves records between a stream and another system.
#[derive(Clone, Debug, PartialEq)]
pub struct Connector {
    /// Unique in its scenario.
    pub name: String,
    /// The stream.
    pub stream: String,
    /// Which way.
    pub direction: Direction,
    /// Share of the stream's bytes that go through it.
    pub share: f64,
    /// Tasks that it runs; `None` runs as many as its rate asks for.
    pub tasks: Option<u32>,
    /// What one task moves, before compression; `None` for what the lines say.
    pub task_rate: Option<ByteRate>,
    /// Where its workers run; `None` for where the lines say.
    pub runs_on: Option<RunsOn>,
    /// The reader that a sink is, where the stream has it already.
    pub group: Option<String>,
}

impl Connector {
    /// The consumer group of a sink: Kafka Connect's own name for it, or the one that the scenario gives.
    pub fn group(&self) -> String {
        self.group.clone().unwrap_or_else(|| format!("connect-{}", self.name))
    }
}

table! {
    /// The settings of a bill's further lines, typed.
    LineSettings,
    /// Every setting of the further lines, in the order of the documentation.
    LINE_PARAMETERS;

    /// Pays for connectors; `auto` where the scenario has a `[[connector]]`.
    connectors: Option<bool> = "auto" in "", Every, Derived, "describing a connector asks for it";
    /// Where the workers of connectors run that do not say.
    connectors_run_on: RunsOn = "machines" in "", Every, RuleOfThumb, "what every region has";
    /// What one task moves, before compression: the cost of a connector in tasks; the least certain number here.
    connector_task_rate: ByteRate = "1.5 MB/s" in "0.5 MB/s .. 50 MB/s", Every, Vendor, "Redpanda Cloud documentation, sizing connectors (2025-08-05): 1 to 2 MB/s a task as a rule of thumb";
    /// Tasks that one core runs.
    connector_tasks_per_core: Factor = "2" in "0.5 .. 4", Every, Vendor, "Confluent documentation, Kafka Connect cluster sizing (2026): two tasks for each CPU core as a common heuristic";
    /// Workers that stand in each zone at least.
    connector_workers_per_zone: u32 = "1" in "1 .. 10", Every, Vendor, "Confluent documentation, Kafka Connect cluster sizing (2026): at least two workers, better one more than needed";
    /// Machine type of workers on own machines; `auto` is the one that the provider's catalogue names for controllers: 4 GiB a vCPU, as connector services have.
    connector_machine: Option<String> = "auto" in "", Every, RuleOfThumb, "Confluent documentation, Kafka Connect cluster sizing (2026): 4 to 8 cores with 8 to 32 GB for most workers";
    /// Which machines of the catalogue workers run on.
    connector_pool: String = "compute" in "", Every, Derived, "machines without a service on them";
    /// Cores of one unit that a connector service sells.
    connector_unit_cores: Factor = "1" in "0.5 .. 8", Every, Vendor, "MSK developer guide, connector capacity (2026): one MCU is 1 vCPU and 4 GiB";

    /// Pays for private connectivity between clients' networks and the brokers.
    private_connectivity: bool = "false" in "", Every, Derived, "not asked for";
    /// Networks of clients that have an endpoint in each zone.
    private_networks: u32 = "1" in "1 .. 100", Every, RuleOfThumb, "one network of clients";
    /// Share of what is produced that goes through private endpoints.
    private_produce: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "asked for, it is for all clients";
    /// Share of what is consumed that goes through private endpoints.
    private_consume: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "asked for, it is for all clients";
    /// Pays for the consumer's side: the endpoints, and what passes them.
    private_consumer_side: bool = "true" in "", Every, Vendor, "AWS PrivateLink pricing page (2026): whoever owns the endpoint pays for its hours and for what it processes, whichever way";
    /// Pays for the provider's side: the service's own fee, or a load balancer where there is none.
    private_provider_side: bool = "true" in "", Every, Vendor, "VPC user guide (2026): an endpoint service needs a load balancer";

    /// Pays for load balancers before the brokers.
    load_balancers: bool = "false" in "", Every, Derived, "not asked for: clients reach each broker by its own name";
    /// How many of them.
    load_balancer_count: u32 = "1" in "1 .. 100", Every, RuleOfThumb, "one with a listener for each broker";
    /// Share of what is produced that goes through load balancers.
    load_balancer_produce: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "asked for, it is for all clients";
    /// Share of what is consumed that goes through load balancers.
    load_balancer_consume: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "asked for, it is for all clients";
    /// Clients behind load balancers or private endpoints; each keeps a connection to every broker.
    load_balancer_clients: u32 = "100" in "1 .. 1000000", Every, RuleOfThumb, "gateways and applications, not devices: count your own";
    /// How long a connection lasts before it is opened anew.
    load_balancer_connection: Hours = "10 min" in "1 min .. 7 d", Every, Code, "apache/kafka 1eb76443: connections.max.idle.ms of brokers, the most that idle clients reconnect";
    /// New connections a second in one capacity unit.
    load_balancer_unit_new: Factor = "800" in "50 .. 800", Every, Vendor, "Elastic Load Balancing pricing page (2026-09-20): an NLCU of TCP has 800";
    /// Connections at the same time in one capacity unit.
    load_balancer_unit_active: Factor = "100000" in "3000 .. 100000", Every, Vendor, "Elastic Load Balancing pricing page (2026-09-20): an NLCU of TCP has 100,000";
    /// What passes in an hour in one capacity unit, both ways.
    load_balancer_unit_data: Bytes = "1 GB" in "1 GB .. 1 GB", Every, Vendor, "Elastic Load Balancing pricing page (2026-09-20): an NLCU of TCP has 1 GB an hour";

    /// Pays for clients' ways to the brokers that are neither in the brokers' own network nor private endpoints.
    client_paths: bool = "false" in "", Every, Derived, "not asked for";
    /// Share of clients' traffic that comes from other networks of the region by peering.
    path_peering: Share = "0 %" in "0 % .. 100 %", Every, RuleOfThumb, "the user's own";
    /// Share of clients' traffic that goes through network address translation.
    path_nat: Share = "0 %" in "0 % .. 100 %", Every, RuleOfThumb, "the user's own";
    /// Share of clients' traffic that comes from another region.
    path_cross_region: Share = "0 %" in "0 % .. 100 %", Every, RuleOfThumb, "the user's own";
    /// Share of clients' traffic that comes over the internet.
    path_internet: Share = "0 %" in "0 % .. 100 %", Every, RuleOfThumb, "the user's own";
    /// Share of all that which is on this bill; clients pay the rest on theirs.
    paths_paid: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "one account for all";
    /// What peering costs besides zone crossings, which the bill has anyway.
    peering_price: PerGib = "$0/GiB" in "$0/GiB .. $0.05/GiB", Every, Vendor, "AWS documentation, VPC peering (2026): free within a zone, as any zone crossing beyond it";
    /// What network address translation costs for data, both ways.
    nat_price: Option<PerGib> = "auto" in "$0/GiB .. $0.1/GiB", Every, Unverified, "the user's own: enter your quote; the VPC pricing page's example (2026-09-20, Ohio) has $0.045 a GB";
    /// What an hour of network address translation costs in one zone.
    nat_hourly: Option<PerHour> = "auto" in "$0/h .. $0.1/h", Every, Unverified, "the user's own: enter your quote; the VPC pricing page's example (2026-09-20, Ohio) has $0.045";
    /// The region that clients of another region are in.
    cross_region: Option<String> = "auto" in "", Every, Derived, "the user's own";
    /// What data between the regions costs; `auto` is the catalogue's price out of this region.
    cross_region_price: Option<PerGib> = "auto" in "$0/GiB .. $0.2/GiB", Every, Derived, "the catalogue, for the `cross_region`";

    /// Pays for metrics and logs that are stored.
    observability: bool = "false" in "", Every, Derived, "not asked for";
    /// Metric series of one broker, whatever it leads.
    metrics_per_broker: u32 = "1000" in "100 .. 10000", Every, RuleOfThumb, "requests by type with percentiles are most of it; no public count";
    /// Metric series of one replica.
    metrics_per_replica: u32 = "10" in "0 .. 20", Every, Code, "apache/kafka 1eb76443: six of kafka.cluster Partition, four of kafka.log Log";
    /// Metric series of one partition, wherever its replicas are: lags and offsets of its groups.
    metrics_per_partition: u32 = "4" in "0 .. 20", Every, RuleOfThumb, "two groups with lag and committed offset each";
    /// Metric series of one broker that the service stores at no charge.
    metrics_included: u32 = "0" in "0 .. 1000", Every, Derived, "nothing without a service";
    /// Logs of one broker in a day, whatever it leads.
    logs_per_broker: Bytes = "1 GiB" in "50 MiB .. 20 GiB", Every, RuleOfThumb, "no public measurement: authorizers and request logs make many times as much";
    /// Logs of one replica in a day.
    logs_per_replica: Bytes = "100 KiB" in "0 B .. 10 MiB", Every, RuleOfThumb, "some hundred lines: segments rolled, replicas moved, groups rebalanced";

    /// Pays for copies of what is kept, besides the platform's own.
    backups: bool = "false" in "", Every, Derived, "not asked for";
    /// Share of what is kept that is backed up.
    backup_share: Share = "100 %" in "0 % .. 100 %", Every, RuleOfThumb, "all of it";
    /// Copies of it.
    backup_copies: u32 = "1" in "1 .. 3", Every, RuleOfThumb, "one, elsewhere";
    /// How long backups are kept; `auto` is as long as the streams themselves.
    backup_retention: Option<Hours> = "auto" in "1 d .. 10 years", Every, Derived, "the stream's own retention";

    /// Pays for the provider's support plan, as a share of the provider's part of the bill.
    support: bool = "false" in "", Every, Derived, "not asked for";
    /// The plan's rates, by what is spent in a month; enter what the account really pays for the next dollar where it spends more elsewhere.
    support_rates: Option<Rates> = "auto" in "", Every, Unverified, "the user's own; AWS Support pricing page: Business 10 % to $10000, 7 % to $80000, 5 % to $250000, 3 %; Enterprise 10 % to $150000, 7 % to $500000, 5 % to $1000000, 3 %";
    /// The least that the plan costs.
    support_minimum: PerMonth = "$0/month" in "$0/month .. $50000/month", Every, Unverified, "the user's own; AWS Support pricing page: $100 for Business, $15,000 for Enterprise";

    /// Pays for people's time; never part of a cloud bill's export.
    labour: bool = "false" in "", Every, Derived, "not asked for";
    /// What an hour of it costs, all included.
    labour_rate: Option<PerHour> = "auto" in "$10/h .. $400/h", Every, Unverified, "the user's own";
    /// Hours for each broker in a month without incidents: upgrades, partitions, quotas, questions.
    labour_hours_per_broker: Factor = "2" in "0 .. 20", Every, RuleOfThumb, "no public measurement: count your own, and for a service what it leaves to you";
    /// Hours for each loss of a broker; they come as often as `broker_failures` says.
    labour_hours_per_broker_loss: Factor = "2" in "0 .. 16", Every, RuleOfThumb, "an alarm, a look, a replacement, a note";
    /// Hours for each loss of a zone; they come as often as `zone_failures` says.
    labour_hours_per_zone_loss: Factor = "16" in "0 .. 80", Every, RuleOfThumb, "two people for a day";
}

/// A row by its key.
pub fn parameter(key: &str) -> Option<&'static crate::parameters::Parameter> {
    LINE_PARAMETERS.iter().find(|parameter| parameter.key == key)
}

/// The line that a setting is of.
///
/// ```
/// # use model::{bill::Component, lines};
/// assert_eq!(lines::component_of("nat_price"), Component::ClientPaths);
/// ```
pub fn component_of(key: &str) -> Component {
    const STARTS: &[(&str, Component)] = &[
        ("connector", Component::Connectors),
        ("private", Component::PrivateConnectivity),
        ("load_balancer", Component::LoadBalancers),
        ("metrics", Component::Observability),
        ("logs", Component::Observability),
        ("observability", Component::Observability),
        ("backup", Component::Backups),
        ("support", Component::Support),
        ("labour", Component::Labour),
    ];
    let found = STARTS.iter().find(|(start, _)| key.starts_with(start));
    found.map_or(Component::ClientPaths, |(_, component)| *component)
}

/// What a further line is, in one sentence; empty for what is always on a bill.
pub fn doc(component: Component) -> &'static str {
    match component {
        Component::ClientPaths => {
            "Clients' ways to the brokers by peering, address translation, from another region or the internet."
        }
        Component::PrivateConnectivity => {
            "Endpoints in clients' networks and what passes them, and the provider's side of it."
        }
        Component::LoadBalancers => "Load balancers before the brokers, and their capacity units.",
        Component::Connectors => {
            "Workers that move records between streams and other systems, on machines or a service."
        }
        Component::Observability => "Metric series and logs, by brokers and partitions.",
        Component::Backups => "Copies of what is kept, besides the platform's own.",
        Component::Support => "The provider's support plan, over its part of the bill.",
        Component::Migration => {
            "What the platform costs that clients come from, until nothing depends on it."
        }
        Component::Labour => {
            "People's time for brokers and their incidents; never part of a cloud bill's export."
        }
        Component::Brokers
        | Component::Controllers
        | Component::BlockStorage
        | Component::Wal
        | Component::ObjectStorage
        | Component::ObjectRequests
        | Component::ZoneCrossing
        | Component::RegionCrossing
        | Component::ServiceFee => "",
    }
}

/// What else is paid for around one platform.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// What is asked for, and how it is counted.
    pub settings: LineSettings,
    /// What moves records between streams and other systems.
    pub connectors: Vec<Connector>,
    /// Keys that the scenario set itself.
    pub overrides: Vec<String>,
}

impl Lines {
    /// The same on a platform that starts from a preset: what its service includes stands over it.
    pub fn on(&self, preset: &Preset) -> Self {
        let mut lines = self.clone();
        for row in preset.line_rows() {
            lines.settings.set(row.key, row.value).expect("a row can be read");
            lines.overrides.retain(|key| key != row.key);
        }
        lines
    }

    /// Whether a line is on the bill; what is no further line always is, and a migration where there is one.
    ///
    /// ```
    /// # use model::{bill::Component, lines::Lines};
    /// let mut lines = Lines::default();
    /// assert!(!lines.asked(Component::Backups));
    /// lines.settings.set("backups", "true").unwrap();
    /// assert!(lines.asked(Component::Backups));
    /// ```
    pub fn asked(&self, component: Component) -> bool {
        let settings = &self.settings;
        match component {
            Component::Connectors => settings.connectors.unwrap_or(!self.connectors.is_empty()),
            Component::PrivateConnectivity => settings.private_connectivity,
            Component::LoadBalancers => settings.load_balancers,
            Component::ClientPaths => settings.client_paths,
            Component::Observability => settings.observability,
            Component::Backups => settings.backups,
            Component::Support => settings.support,
            Component::Labour => settings.labour,
            Component::Migration => false,
            Component::Brokers
            | Component::Controllers
            | Component::BlockStorage
            | Component::Wal
            | Component::ObjectStorage
            | Component::ObjectRequests
            | Component::ZoneCrossing
            | Component::RegionCrossing
            | Component::ServiceFee => true,
        }
    }

    /// The setting that switches a line; `None` for what has none.
    pub fn switch(component: Component) -> Option<&'static str> {
        component
            .asked_by()
            .strip_prefix("lines.")
            .or((component == Component::Connectors).then_some("connectors"))
    }

    /// Whether a setting means something: its line is asked for, or another one that counts with it.
    pub fn uses(&self, key: &str) -> bool {
        let settings = &self.settings;
        let behind = settings.private_connectivity && settings.private_provider_side;
        match component_of(key) {
            Component::LoadBalancers => {
                self.asked(Component::LoadBalancers)
                    || (behind && key.starts_with("load_balancer_"))
            }
            component => self.asked(component),
        }
    }

    /// Where a connector's workers run.
    pub fn runs_on(&self, connector: &Connector) -> RunsOn {
        connector.runs_on.unwrap_or(self.settings.connectors_run_on)
    }

    /// Whether any connector's workers run there.
    pub fn any_on(&self, place: RunsOn) -> bool {
        self.asked(Component::Connectors)
            && self.connectors.iter().any(|connector| self.runs_on(connector) == place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::range;

    #[test]
    fn every_row_is_complete_and_its_default_is_plausible() {
        let settings = LineSettings::default();
        for row in LINE_PARAMETERS {
            assert!(
                row.doc.len() > 10 && row.doc.trim().ends_with('.'),
                "{}: {}",
                row.key,
                row.doc
            );
            assert!(row.source.len() > 3, "{} has no source", row.key);
            if row.range.is_empty() {
                continue;
            }
            let (low, high) = range(row).unwrap_or_else(|| panic!("{}: `{}`", row.key, row.range));
            assert!(low <= high, "{}: `{}`", row.key, row.range);
            if let Some(value) = settings.number(row.key) {
                assert!(low <= value && value <= high, "{}: {value} in `{}`", row.key, row.range);
            }
        }
    }

    #[test]
    fn every_further_line_has_a_switch_that_is_off() {
        let mut lines = Lines::default();
        for component in Component::OPTIONAL {
            assert!(!lines.asked(*component), "{}", component.name());
            assert!(!component.asked_by().is_empty(), "{}", component.name());
            let Some(switch) = Lines::switch(*component) else {
                assert_eq!(*component, Component::Migration);
                continue;
            };
            lines.settings.set(switch, "true").expect("a switch is a flag");
            assert!(lines.asked(*component), "{}", component.name());
        }
    }

    #[test]
    fn every_setting_is_of_a_line_and_of_nothing_else() {
        for row in LINE_PARAMETERS {
            let component = component_of(row.key);
            assert!(Component::OPTIONAL.contains(&component) && !doc(component).is_empty());
            assert!(crate::parameters::parameter(row.key).is_none(), "{} is twice", row.key);
        }
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        let defaults = LineSettings::default();
        for row in LINE_PARAMETERS {
            let mut again = LineSettings::default();
            let shown = defaults.show(row.key).expect("a row has a value");
            again.set(row.key, &shown).unwrap_or_else(|error| panic!("{}: {error}", row.key));
            assert_eq!(again.show(row.key), Some(shown), "{}", row.key);
        }
    }
}
