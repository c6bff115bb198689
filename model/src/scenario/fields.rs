//! The table of every key that a scenario can have: it makes the parser, the JSON Schema, the forms and the
//! documentation. The settings of platforms, events,
//! the scorecard and a bill's further lines join it from their own tables.

use std::fmt;

use crate::actuals::Cost;
use crate::actuals::rules::TARGETS;
use crate::events::{EVENT_PARAMETERS, EventKind};
use crate::finance::{FISCAL_STARTS, PAYMENTS, TERMS};
use crate::lines::LINE_PARAMETERS;
use crate::parameters::{Kind, PARAMETERS, Parameter};
use crate::policy::{POLICY_PARAMETERS, QUESTIONS};
use crate::prices::PriceGroup;
use crate::published::{Basis, Period, SlipKind, SourceKind, words};

/// A part of a scenario that has keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The top level.
    Scenario,
    /// `[horizon]`
    Horizon,
    /// `[prices]`
    Prices,
    /// `[prices.discount]`
    Discount,
    /// `[[prices.override]]`
    Override,
    /// `[[region]]`
    Region,
    /// `[[stream]]`
    Stream,
    /// `steps` of a stream
    Steps,
    /// `keys` of a stream
    Keys,
    /// `[[stream.reader]]`
    Reader,
    /// `[[link]]`
    Link,
    /// `[[connector]]`
    Connector,
    /// `[lines]`
    Lines,
    /// `[slo]`
    Slo,
    /// `[[platform]]`
    Platform,
    /// `[[platform.place]]`
    Place,
    /// `[platform.lines]`
    PlatformLines,
    /// `[[event]]`
    Event,
    /// `[scorecard]`
    Scorecard,
    /// `[[scorecard.mark]]`
    Mark,
    /// `[uncertainty]`
    Uncertainty,
    /// `[[uncertainty.correlation]]`
    Correlation,
    /// `[published]`
    Published,
    /// `[[published.slip]]`
    Slip,
    /// `[[published.figure]]`
    Figure,
    /// `[finance]`
    Finance,
    /// `[[commitment]]`
    Commitment,
    /// `[[credit]]`
    Credit,
    /// `[actuals]`
    Actuals,
    /// `[[actuals.map]]`
    ActualsMap,
}

impl Section {
    /// Every section, in the order of a scenario.
    pub const ALL: [Self; 30] = [
        Self::Scenario,
        Self::Horizon,
        Self::Prices,
        Self::Discount,
        Self::Override,
        Self::Region,
        Self::Stream,
        Self::Steps,
        Self::Keys,
        Self::Reader,
        Self::Link,
        Self::Connector,
        Self::Lines,
        Self::Slo,
        Self::Platform,
        Self::PlatformLines,
        Self::Place,
        Self::Event,
        Self::Scorecard,
        Self::Mark,
        Self::Uncertainty,
        Self::Correlation,
        Self::Published,
        Self::Slip,
        Self::Figure,
        Self::Finance,
        Self::Commitment,
        Self::Credit,
        Self::Actuals,
        Self::ActualsMap,
    ];

    /// Its path between the brackets of a header; empty for the top level.
    pub fn path(self) -> &'static str {
        match self {
            Self::Scenario => "",
            Self::Horizon => "horizon",
            Self::Prices => "prices",
            Self::Discount => "prices.discount",
            Self::Override => "prices.override",
            Self::Region => "region",
            Self::Stream => "stream",
            Self::Steps => "stream.steps",
            Self::Keys => "stream.keys",
            Self::Reader => "stream.reader",
            Self::Link => "link",
            Self::Connector => "connector",
            Self::Lines => "lines",
            Self::Slo => "slo",
            Self::Platform => "platform",
            Self::PlatformLines => "platform.lines",
            Self::Place => "platform.place",
            Self::Event => "event",
            Self::Scorecard => "scorecard",
            Self::Mark => "scorecard.mark",
            Self::Uncertainty => "uncertainty",
            Self::Correlation => "uncertainty.correlation",
            Self::Published => "published",
            Self::Slip => "published.slip",
            Self::Figure => "published.figure",
            Self::Finance => "finance",
            Self::Commitment => "commitment",
            Self::Credit => "credit",
            Self::Actuals => "actuals",
            Self::ActualsMap => "actuals.map",
        }
    }

    /// Where its keys stand, in words.
    pub fn inside(self) -> String {
        match self {
            Self::Scenario => "at the top level".to_owned(),
            section => format!("in {section}"),
        }
    }

    /// What it is for, in one sentence.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Scenario => "A workload, what must hold, and the platforms to compare for it.",
            Self::Horizon => "The time that a plan covers.",
            Self::Prices => "Whose prices apply.",
            Self::Discount => "Negotiated discounts on list prices.",
            Self::Override => {
                "A contracted price or an own quote; it replaces the catalogue's price with all its tiers."
            }
            Self::Region => {
                "A region in which a share of the workload is produced and kept, planned by itself."
            }
            Self::Stream => "An event class: a topic, or a family of topics with one contract.",
            Self::Steps => "A month from which a stream produces so many times as much.",
            Self::Keys => "How records spread over keys.",
            Self::Reader => "A consumer group.",
            Self::Link => "Streams that are copied from one region to another.",
            Self::Connector => "What moves records between a stream and another system.",
            Self::Lines => {
                "What else is paid for around the platforms: each line only where it is asked for, on all of them alike."
            }
            Self::Slo => "What must hold.",
            Self::Platform => "A platform to plan: a preset, and what is changed about it.",
            Self::PlatformLines => "What else is paid for around this platform, where it differs.",
            Self::Place => "Streams of a platform that stand on another one.",
            Self::Event => "Something that happens at one moment of the horizon.",
            Self::Scorecard => "What the scorecard asks, and where it draws its lines.",
            Self::Mark => "What a person found about a question of the scorecard.",
            Self::Uncertainty => {
                "How futures are drawn from the quantities that are given as intervals."
            }
            Self::Correlation => {
                "Two intervals that go up and down together, or against each other."
            }
            Self::Published => {
                "What others published for this case: `compare` shows it beside the plan."
            }
            Self::Slip => {
                "What went wrong in a published case that does not follow from its own inputs."
            }
            Self::Figure => "One published figure, and what of which platform it is about.",
            Self::Finance => {
                "How money is counted through time, and in which currency it is shown."
            }
            Self::Commitment => "Hours of brokers' machines that are committed to for a term.",
            Self::Credit => "What a provider takes off its invoices for a while.",
            Self::Actuals => "How a bill is set beside the plan.",
            Self::ActualsMap => {
                "Which rows of a bill are which thing on the plan's: those that meet all conditions; the first rule wins."
            }
        }
    }
}

/// As an error names it.
impl fmt::Display for Section {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenario => write!(out, "the scenario"),
            Self::Steps => write!(out, "`steps` of `[[stream]]`"),
            Self::Keys => write!(out, "`keys` of `[[stream]]`"),
            Self::Override
            | Self::Region
            | Self::Stream
            | Self::Reader
            | Self::Link
            | Self::Connector
            | Self::Platform
            | Self::Place
            | Self::Event
            | Self::Mark
            | Self::Correlation
            | Self::Slip
            | Self::Figure
            | Self::Commitment
            | Self::Credit
            | Self::ActualsMap => write!(out, "`[[{}]]`", self.path()),
            Self::Horizon
            | Self::Prices
            | Self::Discount
            | Self::Lines
            | Self::PlatformLines
            | Self::Slo
            | Self::Scorecard
            | Self::Uncertainty
            | Self::Published
            | Self::Finance
            | Self::Actuals => write!(out, "`[{}]`", self.path()),
        }
    }
}

/// A dimension of quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Amounts of data.
    Size,
    /// Rates of data.
    Rate,
    /// Lengths of time.
    Duration,
    /// Numbers per second.
    Frequency,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A name or a title.
    Text,
    /// A whole number between two ends.
    Count {
        /// Smallest.
        least: u64,
        /// Largest.
        most: u64,
        /// Whether `"auto"` is allowed too.
        auto: bool,
    },
    /// A number between two ends.
    Number {
        /// Smallest.
        least: f64,
        /// Largest.
        most: f64,
    },
    /// A quantity between two ends.
    Quantity {
        /// Its dimension.
        unit: Unit,
        /// Smallest; everything above zero where empty.
        least: &'static str,
        /// Largest.
        most: &'static str,
        /// A word that is allowed too.
        word: Option<&'static str>,
    },
    /// A share above nothing and up to everything: `"30 %"` or `0.3`.
    Share,
    /// A share from nothing to everything.
    Part,
    /// Names, such as those of streams.
    Names,
    /// A discount, exact: `"12 %"`.
    Percentage,
    /// A growth, compound or linear: `"2 %/month"`, `"2 %/month linear"`.
    Growth,
    /// Dollars for a month: `"$40000/month"`.
    Budget,
    /// What a dollar is in another currency: `"0.92 EUR/USD"`.
    Exchange,
    /// A price: `"$0.02/GiB"`.
    Price,
    /// A day: `2027-01-01`, with or without quotes.
    Date,
    /// A moment of the horizon: `"day 40 18:30"`, `"2027-02-10 18:30"`, `"month 3"`.
    Moment,
    /// A fixed offset: `"UTC+01:00"`.
    TimeZone,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A curve's name, or its 24 or 168 weights.
    Shape,
    /// A setting of a platform, an event, the scorecard or a further line.
    Setting(&'static Parameter),
    /// `true` or `false`.
    Flag,
    /// A list of sentences.
    Sentences,
    /// A published figure with its unit: `"$34732"`, `"126562.5 GiB"`, `"75 /s"`, `"54 brokers"`.
    Amount,
    /// Texts by names: `{ cluster = "orders" }`.
    Pairs,
    /// A section.
    Table(Section),
    /// Several sections, up to so many.
    Tables(Section, usize),
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Where it stands.
    pub section: Section,
    /// As written in a scenario.
    pub key: &'static str,
    /// What a value looks like.
    pub form: Form,
    /// Whether it has to be there.
    pub required: bool,
    /// What applies when it is not there, as TOML; empty where nothing does.
    pub default: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// A value, as TOML; empty for sections.
    pub example: &'static str,
}

impl Field {
    /// A line of a scenario that sets it.
    pub fn line(&self) -> String {
        match self.form {
            Form::Table(Section::Keys) => "keys = { count = 1_000_000 }".to_owned(),
            Form::Tables(Section::Steps, _) => "steps = [{ month = 6, times = 1.4 }]".to_owned(),
            Form::Table(section) => format!("[{}]", section.path()),
            Form::Tables(section, _) => format!("[[{}]]", section.path()),
            Form::Setting(Parameter { kind: Kind::Choice(_), default, .. }) => {
                format!("{} = \"{default}\"", self.key)
            }
            _ => format!("{} = {}", self.key, self.example),
        }
    }
}

const fn quantity(unit: Unit, least: &'static str, most: &'static str) -> Form {
    Form::Quantity { unit, least, most, word: None }
}

const DURATION: Form = quantity(Unit::Duration, "", "100 years");

const fn field(
    section: Section,
    key: &'static str,
    form: Form,
    example: &'static str,
    doc: &'static str,
) -> Field {
    Field { section, key, form, required: false, default: "", doc, example }
}

impl Field {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }
}

use Section::{
    Commitment, Connector, Credit, Event, Figure, Finance, Horizon, Keys, Link, Mark, Override,
    Place, Platform, Prices, Published, Reader, Region, Scenario, Scorecard, Slip, Slo, Steps,
    Stream,
};

/// Every row but discounts and settings, in the order of a scenario.
static FIELDS: &[Field] = &[
    field(Scenario, "schema", Form::Count { least: 0, most: u64::MAX, auto: false }, "1", "Version of this format.").required(),
    field(Scenario, "title", Form::Text, "\"Smart meters\"", "What the scenario is about.").required(),
    field(Scenario, "horizon", Form::Table(Horizon), "", "The time that a plan covers."),
    field(Scenario, "prices", Form::Table(Prices), "", "Whose prices apply.").required(),
    field(Scenario, "region", Form::Tables(Region, 16), "", "Where it is produced and kept, where that is more than one place."),
    field(Scenario, "stream", Form::Tables(Stream, 1000), "", "What is produced and read.").required(),
    field(Scenario, "link", Form::Tables(Link, 1000), "", "What is copied from region to region."),
    field(Scenario, "connector", Form::Tables(Connector, 1000), "", "What moves records between streams and other systems."),
    field(Scenario, "lines", Form::Table(Section::Lines), "", "What else is paid for around the platforms."),
    field(Scenario, "slo", Form::Table(Slo), "", "What must hold."),
    field(Scenario, "platform", Form::Tables(Platform, 64), "", "What to compare.").required(),
    field(Scenario, "event", Form::Tables(Event, 1000), "", "What happens."),
    field(Scenario, "scorecard", Form::Table(Scorecard), "", "What the scorecard asks, and where it draws its lines."),
    field(Scenario, "uncertainty", Form::Table(Section::Uncertainty), "", "How futures are drawn from intervals."),
    field(Scenario, "finance", Form::Table(Finance), "", "How money is counted through time, and in which currency it is shown."),
    field(Scenario, "commitment", Form::Tables(Commitment, 64), "", "Hours of machines that are committed to."),
    field(Scenario, "credit", Form::Tables(Credit, 64), "", "What providers take off their invoices."),
    field(Scenario, "actuals", Form::Table(Section::Actuals), "", "How a bill is set beside the plan."),
    field(Scenario, "published", Form::Table(Published), "", "What others published for this case."),

    field(Horizon, "start", Form::Date, "2027-01-01", "First day."),
    field(Horizon, "months", Form::Count { least: 1, most: 120, auto: false }, "12", "How many months.").default("12"),
    field(Horizon, "month", Form::Quantity { unit: Unit::Duration, least: "672 h", most: "744 h", word: Some("calendar") }, "\"730 h\"", "What a month is: a number of hours, or `calendar` for as many days as it has.").default("\"730 h\""),
    field(Horizon, "time_zone", Form::TimeZone, "\"UTC+01:00\"", "The clock of the horizon and of every stream without one of its own: a fixed offset.").default("\"UTC\""),
    field(Horizon, "log", Form::Choice(&["full", "empty"]), "\"empty\"", "What is there at the start: `full` logs, as after a long time at the first month's rate, or `empty` ones.").default("\"full\""),

    field(Prices, "provider", Form::Text, "\"aws\"", "The provider, as the catalogue spells it.").required(),
    field(Prices, "region", Form::Text, "\"us-east-1\"", "The region, as the provider spells it; it has to be there unless there are `[[region]]` sections."),
    field(Prices, "discount", Form::Table(Section::Discount), "", "Negotiated discounts on list prices."),
    field(Prices, "override", Form::Tables(Override, 1000), "", "Contracted prices and own quotes."),

    field(Override, "sku", Form::Text, "\"data_transfer:inter_az:out\"", "The catalogue's identifier of the price that is replaced.").required(),
    field(Override, "price", Form::Price, "\"$0.02/GiB\"", "Dollars, and what they buy.").required(),
    field(Override, "source", Form::Text, "\"contract 4711\"", "Who says so.").required(),
    field(Override, "as_of", Form::Date, "2026-11-01", "The date of the price.").required(),

    field(Region, "name", Form::Text, "\"eu\"", "Unique in its scenario.").required(),
    field(Region, "provider", Form::Text, "\"aws\"", "The provider, as the catalogue spells it; that of `[prices]` where it is not said."),
    field(Region, "region", Form::Text, "\"eu-central-1\"", "The region, as the provider spells it.").required(),
    field(Region, "share", Form::Part, "\"60 %\"", "Share of every stream that is not held to a region; those of all regions add to 100 %.").default("\"0 %\""),
    field(Region, "streams", Form::Names, "[\"meter-reads\"]", "Streams that are held to it: produced and kept here, whole."),
    field(Region, "discount", Form::Table(Section::Discount), "", "Negotiated discounts here; those of `[prices]` where they are not said."),
    field(Region, "override", Form::Tables(Override, 1000), "", "Contracted prices and own quotes here, beside those of `[prices]`."),

    field(Stream, "name", Form::Text, "\"interval-reads\"", "Unique in its scenario.").required(),
    field(Stream, "owner", Form::Text, "\"metering\"", "The team or tenant that it is for: costs can be shown back to it."),
    field(Stream, "sources", Form::Count { least: 1, most: 1_000_000_000_000, auto: false }, "5_000_000", "Devices that produce it; with `every` and `record`."),
    field(Stream, "every", DURATION, "\"15 min\"", "Time between two records of one device."),
    field(Stream, "record", quantity(Unit::Size, "1 B", "1 GiB"), "\"400 B\"", "Size of a record before compression, key and headers included."),
    field(Stream, "records", quantity(Unit::Frequency, "", "1000000 M/s"), "\"20000 /s\"", "Mean number of records produced; with `record`."),
    field(Stream, "produce", quantity(Unit::Rate, "", "1 TiB/s"), "\"40 MiB/s\"", "Mean rate produced, before compression."),
    field(Stream, "compression", Form::Number { least: 0.1, most: 1000.0 }, "4.0", "Raw bytes ÷ bytes as sent and stored.").default("1.0"),
    field(Stream, "shape", Form::Shape, "\"regional-diurnal\"", "How the rate moves through a week: a named curve, 24 hourly weights, or 168 from Monday 00:00.").default("\"flat\""),
    field(Stream, "peak_to_mean", Form::Number { least: 1.0, most: 168.0 }, "2.5", "Stretches the shape until its highest hour is so many times the mean."),
    field(Stream, "time_zone", Form::TimeZone, "\"UTC-03:00\"", "The clock that its shape follows; the horizon's where it is not said."),
    field(Stream, "growth", Form::Growth, "\"2 %/month\"", "Growth of the rate: compound, or `linear` in units of the first month."),
    field(Stream, "steps", Form::Tables(Steps, 120), "", "Jumps of the rate, on top of its growth."),
    field(Stream, "start", Form::Moment, "\"month 3\"", "When it starts to be produced; there from the beginning where it is not said."),
    field(Stream, "end", Form::Moment, "\"month 9\"", "When it is no longer produced; what is kept expires as ever."),
    field(Stream, "keys", Form::Table(Keys), "", "How records spread over keys."),
    field(Stream, "partitions", Form::Count { least: 1, most: 200_000, auto: true }, "12", "Leader partitions; `auto` lets the planner choose.").default("\"auto\""),
    field(Stream, "retention", DURATION, "\"7 d\"", "How long records are kept.").required(),
    field(Stream, "cleanup", Form::Choice(&["delete", "compact"]), "\"delete\"", "Kafka's `cleanup.policy`: old segments are deleted, or the last record of every key is kept.").default("\"delete\""),
    field(Stream, "live", quantity(Unit::Size, "", "1000 PiB"), "\"200 GiB\"", "Size of the last records of all keys, as stored; with `cleanup = \"compact\"`."),
    field(Stream, "reader", Form::Tables(Reader, 64), "", "The consumer groups."),

    field(Steps, "month", Form::Count { least: 1, most: 120, auto: false }, "6", "The month, counted from 1, in which it begins.").required(),
    field(Steps, "times", Form::Number { least: 0.01, most: 100.0 }, "1.4", "How many times as much is produced from then on.").required(),

    field(Keys, "count", Form::Count { least: 1, most: 1_000_000_000_000_000, auto: false }, "5_000_000", "Distinct keys.").required(),
    field(Keys, "skew", Form::Number { least: 0.0, most: 3.0 }, "0.99", "Zipf exponent: 0 is uniform, 0.99 is what the YCSB benchmark uses.").default("0.0"),

    field(Reader, "group", Form::Text, "\"validation\"", "The consumer group's name, unique in its stream.").required(),
    field(Reader, "region", Form::Text, "\"eu\"", "The region that it reads in, copies from other regions included; wherever the stream is produced where it is not said."),
    field(Reader, "kind", Form::Choice(&["tail", "replay"]), "\"tail\"", "`tail` follows the end of the log, `replay` reads a stretch of history again and again.").default("\"tail\""),
    field(Reader, "share", Form::Share, "\"30 %\"", "Share of the stream's bytes that it fetches.").default("\"100 %\""),
    field(Reader, "consumers", Form::Count { least: 1, most: 1_000_000, auto: false }, "12", "Consumers in the group."),
    field(Reader, "capacity", Form::Number { least: 0.01, most: 1000.0 }, "1.5", "What the group can fetch, in multiples of the stream's highest hour.").default("1.5"),
    field(Reader, "lag_budget", DURATION, "\"5 min\"", "How far behind a tail reader may fall."),
    field(Reader, "window", DURATION, "\"30 d\"", "How far back a replay starts."),
    field(Reader, "every", quantity(Unit::Duration, "10 min", "100 years"), "\"30 d\"", "How often a replay happens."),
    field(Reader, "within", DURATION, "\"8 h\"", "How long a replay may take."),

    field(Link, "from", Form::Text, "\"eu\"", "The region that they are copied from.").required(),
    field(Link, "to", Form::Text, "\"us\"", "The region that they are copied to; each is `FROM.STREAM` there.").required(),
    field(Link, "stream", Form::Text, "\"alarms\"", "The stream that is copied."),
    field(Link, "streams", Form::Names, "[\"alarms\", \"commands\"]", "The streams that are copied."),
    field(Link, "retention", DURATION, "\"7 d\"", "How long copies are kept; as long as their stream where it is not said."),
    field(Connector, "name", Form::Text, "\"lake\"", "Unique in its scenario.").required(),
    field(Connector, "stream", Form::Text, "\"interval-reads\"", "The stream that it writes or reads.").required(),
    field(Connector, "direction", Form::Choice(&["source", "sink"]), "\"sink\"", "A `source` produces records of the stream, a `sink` fetches them: it is a consumer group of the stream, `connect-NAME`.").required(),
    field(Connector, "share", Form::Share, "\"30 %\"", "Share of the stream's bytes that go through it.").default("\"100 %\""),
    field(Connector, "tasks", Form::Count { least: 1, most: 10_000, auto: false }, "12", "Tasks that it runs; as many as its rate asks for where it is not said."),
    field(Connector, "task_rate", quantity(Unit::Rate, "", "1 TiB/s"), "\"5 MB/s\"", "What one of its tasks moves, before compression; `connector_task_rate` of the lines where it is not said."),
    field(Connector, "runs_on", Form::Choice(&["machines", "service"]), "\"service\"", "Where its workers run: own machines, or a connector service; `connectors_run_on` of the lines where it is not said."),
    field(Connector, "group", Form::Text, "\"lake-writer\"", "The reader of the stream that a sink is, where the stream has it already."),

    field(Slo, "freshness", DURATION, "\"60 s\"", "Time from produce to consume."),
    field(Slo, "recovery", DURATION, "\"15 min\"", "Time until every replica is back: from the loss of a broker, or from the return of a zone."),
    field(Slo, "availability", Form::Share, "\"99.9 %\"", "Share of the time at which writes are accepted."),
    field(Slo, "budget", Form::Budget, "\"$40000/month\"", "Most that a month may cost."),

    field(Platform, "preset", Form::Text, "\"kafka-gp3\"", "What the platform starts from.").required(),
    field(Platform, "name", Form::Text, "\"Kafka, big brokers\"", "Unique in its scenario; the preset's name where it is not said."),
    field(Platform, "lines", Form::Table(Section::PlatformLines), "", "What else is paid for around this platform, where it differs."),

    field(Platform, "place", Form::Tables(Place, 16), "", "Streams that stand on another platform."),

    field(Place, "stream", Form::Text, "\"alarms\"", "The stream that stands there."),
    field(Place, "streams", Form::Names, "[\"alarms\", \"commands\"]", "The streams that stand there."),
    field(Place, "on", Form::Text, "\"kafka-gp3\"", "Where they stand: a platform of the scenario with its settings, or a preset.").required(),

    field(Event, "name", Form::Text, "\"winter storm\"", "Unique in its scenario.").required(),
    field(Event, "kind", Form::Choice(EventKind::NAMES), "\"reconnect-storm\"", "What happens; `highwater events` tells how each kind is modelled.").required(),
    field(Event, "at", Form::Moment, "\"day 40 18:30\"", "When: a day or a month of the horizon, counted from 1, or a date.").required(),
    field(Event, "stream", Form::Text, "\"interval-reads\"", "The stream that it happens to; all of them where it is not said and the kind allows it."),
    field(Event, "group", Form::Text, "\"validation\"", "The consumer group that it happens to."),
    field(Event, "platform", Form::Text, "\"kafka-gp3\"", "The platform that it happens on; all of them where it is not said."),
    field(Event, "region", Form::Text, "\"eu\"", "The region that it happens in; all of them where it is not said."),
    field(Event, "from", Form::Text, "\"kafka-gp3\"", "The platform that a migration leaves."),
    field(Event, "devices", Form::Count { least: 1, most: 1_000_000_000_000, auto: false }, "100_000", "Devices that take part, where the stream has no `sources`."),

    field(Scorecard, "mark", Form::Tables(Mark, 1000), "", "What people found about its questions."),

    field(Mark, "question", Form::Choice(QUESTIONS), "\"governance\"", "The question, by its name.").required(),
    field(Mark, "platform", Form::Text, "\"kafka-gp3\"", "The platform; all of them where it is not said."),
    field(Mark, "mark", Form::Choice(&["green", "yellow", "red"]), "\"yellow\"", "The answer.").required(),
    field(Mark, "evidence", Form::Text, "\"quotas and ACLs are reviewed by hand\"", "Why: a sentence, or a link.").required(),

    field(Section::Uncertainty, "draws", Form::Count { least: 32, most: 65_536, auto: false }, "256", "How many futures are drawn.").default("1024"),
    field(Section::Uncertainty, "seed", Form::Text, "\"second look\"", "What the draws start from: another text, other futures.").default("\"highwater\""),
    field(Section::Uncertainty, "correlation", Form::Tables(Section::Correlation, 64), "", "Intervals that go together."),

    field(Section::Correlation, "name", Form::Text, "\"ports\"", "Unique in its scenario.").required(),
    field(Section::Correlation, "between", Form::Names, "[\"stream.reads.produce\", \"stream.alarms.produce\"]", "The two, by their paths as `--set` takes them.").required(),
    field(Section::Correlation, "rank", Form::Number { least: -1.0, most: 1.0 }, "0.7", "Spearman's rank correlation: 1 is always together, 0 independent, -1 always against.").required(),

    field(Finance, "discount_rate", Form::Growth, "\"8 %/year\"", "What a present value is discounted at, compound."),
    field(Finance, "fiscal_year_start", Form::Choice(FISCAL_STARTS), "\"april\"", "The month in which a fiscal year begins.").default("\"january\""),
    field(Finance, "exchange", Form::Exchange, "\"0.92 EUR/USD\"", "The currency that exports are in, and what one dollar is in it; dollars where it is not said."),
    field(Finance, "exchange_source", Form::Text, "\"central bank's reference rate\"", "Who says so; with `exchange`."),
    field(Finance, "exchange_as_of", Form::Date, "2026-11-20", "The date of the rate; with `exchange`."),

    field(Commitment, "name", Form::Text, "\"base load\"", "Unique in its scenario.").required(),
    field(Commitment, "platform", Form::Text, "\"kafka-gp3\"", "The platform whose brokers it is for; all on machines that are sold so where it is not said."),
    field(Commitment, "term", Form::Choice(TERMS), "\"1 year\"", "How long it binds.").required(),
    field(Commitment, "payment", Form::Choice(PAYMENTS), "\"none\"", "What is paid upfront: `none` of it, a `partial` share, or `all`.").required(),
    field(Commitment, "upfront", Form::Share, "\"50 %\"", "The share that is paid upfront; with `payment = \"partial\"`.").default("\"50 %\""),
    field(Commitment, "brokers", Form::Count { least: 1, most: 100_000, auto: false }, "3", "How many brokers, in every region; or `coverage`."),
    field(Commitment, "coverage", Form::Share, "\"80 %\"", "Share of the brokers that run in the first month of the term, rounded down to whole brokers; all of them where neither it nor `brokers` is said."),
    field(Commitment, "month", Form::Count { least: 1, most: 120, auto: false }, "4", "The month, counted from 1, in which the term begins.").default("1"),
    field(Commitment, "renew", Form::Flag, "true", "Whether it is bought again at the end of each term.").default("false"),
    field(Commitment, "discount", Form::Percentage, "\"30 %\"", "What it takes off the list price of an hour on demand, as your own quote; the catalogue's price where it is not said."),
    field(Commitment, "source", Form::Text, "\"contract 4711\"", "Who says so; with `discount`."),
    field(Commitment, "as_of", Form::Date, "2026-11-01", "The date of the quote; with `discount`."),

    field(Credit, "name", Form::Text, "\"migration credit\"", "Unique in its scenario.").required(),
    field(Credit, "platform", Form::Text, "\"kafka-gp3\"", "The platform that it is granted for; every one where it is not said."),
    field(Credit, "amount", Form::Budget, "\"$2000/month\"", "What is taken off at most, and never more than is billed.").required(),
    field(Credit, "month", Form::Count { least: 1, most: 120, auto: false }, "1", "The first month, counted from 1, in which it is granted.").default("1"),
    field(Credit, "months", Form::Count { least: 1, most: 120, auto: false }, "6", "How many months; to the end of the horizon where it is not said."),
    field(Credit, "source", Form::Text, "\"letter of 2026-11-02\"", "Who grants it.").required(),

    field(Section::Actuals, "platform", Form::Text, "\"kafka-gp3\"", "The platform that runs; `--platform` names another."),
    field(Section::Actuals, "cost", Form::Choice(Cost::NAMES), "\"billed\"", "Which cost is compared: `effective`, with commitments spread over their term, or `billed`, as invoiced.").default("\"effective\""),
    field(Section::Actuals, "map", Form::Tables(Section::ActualsMap, 1000), "", "Which rows are which thing on the bill."),

    field(Section::ActualsMap, "component", Form::Choice(TARGETS), "\"brokers\"", "What such rows are, as the plan's bill names it; `ignore` leaves them out.").required(),
    field(Section::ActualsMap, "service", Form::Text, "\"Amazon Elastic Compute Cloud\"", "Their ServiceName; `*` stands for any text, here and below."),
    field(Section::ActualsMap, "sku", Form::Text, "\"*BoxUsage:m7g*\"", "Their SkuId, SkuPriceId, SkuMeter or ChargeDescription, or what an export calls the SKU beside them: x_UsageType, x_SkuMeterName, x_SkuDescription."),
    field(Section::ActualsMap, "category", Form::Text, "\"Compute\"", "Their ServiceCategory."),
    field(Section::ActualsMap, "tag", Form::Pairs, "{ cluster = \"orders\" }", "Their Tags: each of these keys with its value."),
    field(Section::ActualsMap, "account", Form::Text, "\"123456789012\"", "Their SubAccountId."),
    field(Section::ActualsMap, "region", Form::Text, "\"us-east-1\"", "Their RegionId."),

    field(Published, "id", Form::Text, "\"kozlovski-30mb-network\"", "What the case is called.").required(),
    field(Published, "title", Form::Text, "\"30 MB/s: network charges alone\"", "What it is about.").required(),
    field(Published, "url", Form::Text, "\"https://buf.build/docs/bufstream/cost\"", "Where it is published.").required(),
    field(Published, "date", Form::Text, "\"2024-09-14\"", "When: a day, or in words where the page has no date.").required(),
    field(Published, "source_kind", Form::Choice(words::<SourceKind>()), "\"independent\"", "Who says so: a `vendor`, someone `independent`, an `open-code-run`, or `secondary` where the figures are quoted by others.").required(),
    field(Published, "consistent", Form::Flag, "true", "Whether its figures follow from its own inputs.").required(),
    field(Published, "assumptions", Form::Sentences, "[\"Its month has 31 days.\"]", "What explains the difference, a sentence each.").default("[]"),
    field(Published, "slip", Form::Tables(Slip, 8), "", "What went wrong in it, where its figures do not follow from its inputs."),
    field(Published, "figure", Form::Tables(Figure, 100), "", "Its figures.").required(),

    field(Slip, "name", Form::Choice(words::<SlipKind>()), "\"get-and-put-swapped\"", "Which kind of mistake it is.").required(),
    field(Slip, "why", Form::Text, "\"Its PUT rate is the GET rate of its own table.\"", "What it did, in a sentence.").required(),

    field(Figure, "platform", Form::Text, "\"kafka-gp3\"", "The platform of the scenario that it is about.").required(),
    field(Figure, "what", Form::Text, "\"zone crossing\"", "What it counts: `total`, a component of the bill, what sizing asks of a resource, `put requests`, `get requests`, `bytes kept` or `produce latency`.").required(),
    field(Figure, "cause", Form::Text, "\"replicate\"", "The part of it that has this cause, as the bill names causes."),
    field(Figure, "value", Form::Amount, "\"$34732\"", "The figure with its unit: dollars, data, a rate, requests, brokers, vCPU, time, or a share with `against`.").required(),
    field(Figure, "period", Form::Choice(words::<Period>()), "\"month\"", "What an amount of dollars or requests is for; a year has 8760 h."),
    field(Figure, "tolerance", Form::Share, "\"1 %\"", "How far the plan may be off before it disagrees.").default("\"1 %\""),
    field(Figure, "of", Form::Choice(words::<Basis>()), "\"list\"", "Whether dollars are before the scenario's discounts or after.").default("\"contracted\""),
    field(Figure, "against", Form::Text, "\"msk-standard\"", "The platform that it is a saving against, in dollars or as a share."),
];

/// The rows of a section, in the order of the documentation.
pub fn of(section: Section) -> Vec<Field> {
    if section == Section::Discount {
        return PriceGroup::ALL.iter().map(|group| discount(*group)).collect();
    }
    let mut fields: Vec<_> =
        FIELDS.iter().copied().filter(|field| field.section == section).collect();
    fields.extend(settings(section).iter().map(|row| setting(section, row)));
    fields
}

/// The settings of a section.
pub(super) fn settings(section: Section) -> &'static [Parameter] {
    match section {
        Section::Platform => PARAMETERS,
        Section::Event => EVENT_PARAMETERS,
        Section::Scorecard => POLICY_PARAMETERS,
        Section::Lines | Section::PlatformLines => LINE_PARAMETERS,
        _ => &[],
    }
}

/// A row by its section and key.
pub fn find(section: Section, key: &str) -> Option<Field> {
    match section {
        Section::Discount => {
            PriceGroup::ALL.into_iter().find(|group| group.name() == key).map(discount)
        }
        _ => FIELDS
            .iter()
            .find(|field| field.section == section && field.key == key)
            .copied()
            .or_else(|| {
                let row = settings(section).iter().find(|row| row.key == key);
                row.map(|row| setting(section, row))
            }),
    }
}

/// The sections that have a key.
pub(super) fn homes(key: &str) -> Vec<Section> {
    Section::ALL.into_iter().filter(|section| find(*section, key).is_some()).collect()
}

fn discount(group: PriceGroup) -> Field {
    let doc = match group {
        PriceGroup::Compute => "Discount on machines.",
        PriceGroup::BlockStorage => "Discount on block volumes.",
        PriceGroup::ObjectStorage => "Discount on capacity in object storage and remote tiers.",
        PriceGroup::Requests => "Discount on requests.",
        PriceGroup::Network => "Discount on data moved.",
        PriceGroup::Fees => "Discount on fees.",
    };
    field(Section::Discount, group.name(), Form::Percentage, "\"12 %\"", doc)
}

fn setting(section: Section, parameter: &'static Parameter) -> Field {
    let example = match parameter.kind {
        Kind::Count => "3",
        Kind::Factor => "1.5",
        Kind::Share => "\"50 %\"",
        Kind::Flag => "true",
        Kind::Size => "\"1 GiB\"",
        Kind::Rate => "\"100 MiB/s\"",
        Kind::Duration => "\"12 h\"",
        Kind::Price => "\"$0.01/GiB\"",
        Kind::Dollars("h") => "\"$85/h\"",
        Kind::Dollars(_) => "\"$100/month\"",
        Kind::Rates => "\"10 % to $10000, 3 %\"",
        Kind::Name => "\"gp3\"",
        Kind::Shares => "\"1 %, 10 %, 100 %\"",
        Kind::Choice(_) => "\"auto\"",
    };
    field(section, parameter.key, Form::Setting(parameter), example, parameter.doc.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_complete_and_found() {
        for section in Section::ALL {
            let fields = of(section);
            assert!(!fields.is_empty(), "{section}");
            for row in fields {
                assert!(
                    row.doc.len() > 7 && row.doc.ends_with(['.', ')']),
                    "{}: {}",
                    row.key,
                    row.doc
                );
                let found = find(section, row.key).expect("a listed row can be found");
                assert_eq!((found.key, found.section), (row.key, section));
            }
        }
    }

    #[test]
    fn keys_are_unique_in_their_section() {
        for section in Section::ALL {
            let fields = of(section);
            let keys: std::collections::BTreeSet<_> = fields.iter().map(|row| row.key).collect();
            assert_eq!(keys.len(), fields.len(), "{section}");
        }
    }
}
