//! What can be wrong with a scenario: facts, their wording, and the way out.

use std::fmt;
use std::ops::Range;

use super::fields::{self, Section};
use super::nearest::Known;
use crate::design::Architecture;
use crate::events::EventKind;
use crate::parameters::Scope;
use crate::prices::{Measure, PriceUnit};
use crate::quantity::QuantityError;
use crate::units::Hours;

/// Most bytes that a scenario may have.
pub const TEXT_MAX: usize = 1 << 20;

/// Most characters that a name may have.
pub const NAME_MAX: usize = 256;

/// What is wrong with a scenario, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ScenarioError {
    /// What is wrong.
    pub problem: Problem,
    /// The bytes of the text that caused it.
    pub span: Range<usize>,
}

impl ScenarioError {
    /// What to do about it, where that is clear.
    pub fn hint(&self) -> Option<String> {
        self.problem.hint()
    }
}

/// What is wrong with an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalFault {
    /// Not three values, and none says which quantile it is.
    Count(usize),
    /// Some values say which quantile they are, and others do not.
    SomeLevels,
    /// A quantile that is none.
    LevelOutside,
    /// Values of different units of sale, or growth of different kinds.
    Mixed,
    /// Values or quantiles that do not rise.
    Falls,
    /// The key says what is asked for, not what may come.
    MustBeCertain,
}

impl fmt::Display for IntervalFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(1) => write!(out, "it has one value"),
            Self::Count(count) => {
                write!(out, "it has {count} values, and none says which quantile it is")
            }
            Self::SomeLevels => {
                write!(out, "some values say which quantile they are, and others do not")
            }
            Self::LevelOutside => write!(out, "quantiles lie above `p0` and below `p100`"),
            Self::Mixed => write!(out, "its values are not for the same thing"),
            Self::Falls => write!(out, "it does not rise from value to value"),
            Self::MustBeCertain => write!(out, "this is asked or planned, so it is certain"),
        }
    }
}

impl IntervalFault {
    fn hint(self, example: &str) -> String {
        match self {
            Self::Count(_) | Self::SomeLevels => {
                "write `LOW .. MIDDLE .. HIGH` for p10, p50 and p90, or say it of each: `p5 LOW .. p95 HIGH`".to_owned()
            }
            Self::LevelOutside => "write levels such as `p5` and `p95`".to_owned(),
            Self::Mixed => "write all values alike".to_owned(),
            Self::Falls => "write the lowest value first".to_owned(),
            Self::MustBeCertain => format!("write one value, such as `{example}`"),
        }
    }
}

/// Everything that can be wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// More text than any scenario needs.
    #[error("the scenario has {bytes} bytes")]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// Not TOML.
    #[error("{message}")]
    Syntax {
        /// What the TOML parser says.
        message: String,
        /// What to write instead, where the line gives it away.
        fix: Option<String>,
    },
    /// A key that means nothing where it stands.
    #[error("unknown key `{key}` {}", .place.inside())]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Where it stands.
        place: Section,
    },
    /// A key that has to be there.
    #[error("{place} has no `{key}`")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// Where it belongs.
        place: Section,
        /// A line that would do.
        example: String,
    },
    /// Single brackets for a section that repeats, or double brackets for one that does not.
    #[error("`{key}` is written as {}, but it is {}", brackets(!*.repeats), brackets(*.repeats))]
    WrongBrackets {
        /// The section's path.
        key: String,
        /// Whether it may stand there several times.
        repeats: bool,
    },
    /// A version of the format that this program does not read.
    #[error("schema {found} is not known")]
    WrongSchema {
        /// The version.
        found: u64,
    },
    /// A string for a number, or another mix-up of TOML's types.
    #[error("`{key}` is {found}, expected {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What would be right.
        expected: String,
        /// What was written.
        found: &'static str,
        /// A line that would do.
        example: String,
    },
    /// A bare number for a quantity.
    #[error("`{key}` has no unit")]
    NoUnit {
        /// The key.
        key: String,
        /// The units allowed.
        units: String,
        /// A line that would do.
        example: String,
    },
    /// A bare number above one for a share.
    #[error("`{key}` is {found}, and a bare number is a share between 0 and 1")]
    BareShare {
        /// The key.
        key: String,
        /// The number.
        found: String,
    },
    /// A quantity that cannot be read.
    #[error("`{key}`: {error}")]
    Quantity {
        /// The key.
        key: String,
        /// Why not.
        error: QuantityError,
        /// A line that would do.
        example: String,
    },
    /// A value beyond what makes sense.
    #[error("`{key}` is {found}, expected {allowed}")]
    OutOfRange {
        /// The key.
        key: String,
        /// The value as written.
        found: String,
        /// What would be right.
        allowed: String,
    },
    /// An interval that is none.
    #[error("`{key}` cannot be the interval `{found}`: {fault}")]
    Interval {
        /// The key.
        key: String,
        /// The interval as written.
        found: String,
        /// What is wrong with it.
        fault: IntervalFault,
        /// A value that the key may have.
        example: String,
    },
    /// A correlation of something that is no interval.
    #[error("`{path}` is no interval of the scenario")]
    NotAnInterval {
        /// The path as written.
        path: String,
        /// Those of the intervals.
        known: Known,
    },
    /// Two keys that say the same thing in two ways.
    #[error("`{key}` and `{other}` cannot both be there")]
    Both {
        /// The one that was found.
        key: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A key that means nothing without another.
    #[error("`{key}` has no effect without {without}")]
    Alone {
        /// The key.
        key: String,
        /// What it goes with.
        without: &'static str,
    },
    /// A correlation of one thing, or of three.
    #[error("a correlation is between two different intervals")]
    NotAPair,
    /// Correlations of which each is possible, and all are not.
    #[error("these correlations cannot hold together")]
    Contradiction,
    /// A setting's value that cannot be read.
    #[error("`{key}` is {found}, {expected}")]
    Setting {
        /// The key.
        key: String,
        /// The value as written.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// A name that is empty, too long, or has characters that do not show.
    #[error("`{key}` needs 1 to {NAME_MAX} characters that can be seen{found}")]
    BadName {
        /// The key.
        key: String,
        /// The first that cannot, as `; it has U+202E`; empty where there is none.
        found: String,
    },
    /// A word that is not one of those allowed.
    #[error("`{key}` cannot be `{word}`")]
    NotAChoice {
        /// The key.
        key: String,
        /// The word as written.
        word: String,
        /// The words allowed.
        known: Known,
    },
    /// A name that nothing has.
    #[error("there is no {what} `{name}`")]
    UnknownName {
        /// What kind of thing was named.
        what: &'static str,
        /// The name as written.
        name: String,
        /// What there is.
        known: Known,
    },
    /// A region of another provider.
    #[error("`{region}` is not a region of `{provider}`")]
    ForeignRegion {
        /// The region.
        region: String,
        /// The provider that was written.
        provider: String,
        /// The provider that has it.
        owner: String,
    },
    /// Two things of one kind with the same name.
    #[error("there are two {what} of the name `{name}`")]
    Duplicate {
        /// Which kind, in the plural.
        what: &'static str,
        /// Their name.
        name: String,
    },
    /// Shares of regions that leave something over, or divide more than there is.
    #[error("the shares of regions add to {sum}, not to 100 %")]
    SharesDoNotAddUp {
        /// What they add to.
        sum: String,
        /// A stream that is divided; `None` where every one is held to a region.
        stream: Option<String>,
    },
    /// A stream that cannot be in two places, whole.
    #[error("`{stream}` is held to two regions")]
    HeldTwice {
        /// The stream.
        stream: String,
    },
    /// A section about streams that names none.
    #[error("{place} names no stream")]
    NoStreams {
        /// The section.
        place: Section,
    },
    /// A link that goes nowhere.
    #[error("a link from `{region}` cannot go to it")]
    LinkToItself {
        /// The region.
        region: String,
    },
    /// The same copy twice.
    #[error("`{stream}` is copied to `{to}` twice")]
    LinkedTwice {
        /// The stream.
        stream: String,
        /// The region.
        to: String,
    },
    /// A link from where there is nothing to copy.
    #[error("`{stream}` is not produced in `{region}`")]
    NotProducedThere {
        /// The stream.
        stream: String,
        /// The region.
        region: String,
    },
    /// A reader where there is nothing to read.
    #[error("`{stream}` is neither produced in `{region}` nor copied there")]
    NotReadThere {
        /// The stream.
        stream: String,
        /// The region.
        region: String,
    },
    /// A copy that would be called as a stream is.
    #[error("the copy in `{to}` is called `{copy}`, and so is a stream")]
    CopyIsAStream {
        /// The name.
        copy: String,
        /// The region of the copy.
        to: String,
    },
    /// A stream that cannot stand in two places of one platform.
    #[error("`{stream}` is placed twice")]
    PlacedTwice {
        /// The stream.
        stream: String,
    },
    /// A platform of which nothing is left.
    #[error("every stream is placed elsewhere, and nothing is left on `{platform}`")]
    NothingLeft {
        /// The platform.
        platform: String,
    },
    /// A place that is no other.
    #[error("`{platform}` cannot place streams on itself")]
    PlacedOnItself {
        /// The platform.
        platform: String,
    },
    /// A place on a platform that places streams elsewhere.
    #[error("`{platform}` places streams elsewhere itself")]
    NestedPlaces {
        /// The platform that is named.
        platform: String,
    },
    /// More of something than a scenario may have.
    #[error("there are {count} {place}, and a scenario may have {most}")]
    TooMany {
        /// Of what.
        place: Section,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A stream's rate is said in no way, or in two.
    #[error("{}", rate_mixture(.found))]
    RateMixture {
        /// The keys that are there.
        found: Vec<&'static str>,
    },
    /// A stream beyond any that exists.
    #[error("`{stream}` produces more than 1 TiB/s{}", in_month(*.month))]
    RateTooHigh {
        /// The stream.
        stream: String,
        /// The first month that is too much; `None` without growth.
        month: Option<u32>,
    },
    /// Weights that make no curve.
    #[error("a shape has 24 or 168 weights, none of them negative and one above zero")]
    BadWeights {
        /// How many there are.
        count: usize,
    },
    /// A peak that a curve cannot have.
    #[error("a `{shape}` shape cannot have this peak")]
    ImpossiblePeak {
        /// The curve.
        shape: String,
        /// Its largest peak over the mean, rounded down; `None` where it has none to stretch.
        largest: Option<String>,
    },
    /// Compaction without the size of what it keeps.
    #[error("a compacted stream needs the size of its live records")]
    NoLiveSize,
    /// The size of what compaction keeps, without compaction.
    #[error("`live` has no effect on a stream that is not compacted")]
    LiveWithoutCompaction,
    /// A key of the other kind of reader.
    #[error("`{key}` has no effect on a reader of kind `{kind}`")]
    OtherReaderKind {
        /// The key.
        key: &'static str,
        /// What the reader is.
        kind: &'static str,
    },
    /// A replay of records that are gone.
    #[error("a replay of {window} reads more than the stream keeps, which is {retention}")]
    WindowBeyondRetention {
        /// How far the replay goes back.
        window: String,
        /// How long records are kept.
        retention: String,
    },
    /// A replay that has to start again before it ends.
    #[error("a replay every {every} cannot take {within}")]
    ReplaysOverlap {
        /// How long it may take.
        within: String,
        /// How often it happens.
        every: String,
    },
    /// Calendar months of no calendar.
    #[error("`month = \"calendar\"` needs to know the first day")]
    CalendarWithoutStart,
    /// A place or a zone with daylight saving, instead of an offset.
    #[error("`{key}` is `{name}`, and daylight saving is not modelled")]
    NamedTimeZone {
        /// The key.
        key: String,
        /// The name as written.
        name: String,
    },
    /// A date in a horizon without dates.
    #[error("`{key}` is a date, and the horizon has no first day")]
    DateWithoutStart {
        /// The key.
        key: String,
    },
    /// A moment before the horizon or after it.
    #[error("`{key}` is {found}, which is not in the horizon")]
    OutsideHorizon {
        /// The key.
        key: String,
        /// The moment as written.
        found: String,
        /// Months, days and dates of the horizon.
        covered: String,
    },
    /// A stream that is over before it begins.
    #[error("the stream ends before anything is produced")]
    NeverProduced,
    /// A key that means nothing for an event's kind.
    #[error("`{key}` has no effect on an event of kind `{}`", .kind.name())]
    OtherEventKind {
        /// The key.
        key: &'static str,
        /// What happens.
        kind: EventKind,
    },
    /// An event of devices that nobody counted.
    #[error("`[[event]]` has no `devices`, and `{stream}` has no `sources`")]
    NoDevices {
        /// The stream.
        stream: String,
    },
    /// A migration that stays where it is.
    #[error("a migration from `{platform}` cannot move to it")]
    MigrationToItself {
        /// The platform.
        platform: String,
    },
    /// A group of a connector that reads nothing.
    #[error("`group` has no effect on a connector of direction `source`")]
    SourceWithGroup,
    /// Connectors are asked for, and there are none.
    #[error("`connectors` has nothing to pay for: the scenario has no `[[connector]]`")]
    NoConnectors,
    /// Clients on more paths than there are clients.
    #[error("the paths of clients add up to {sum}, more than all of their traffic")]
    PathsBeyondAll {
        /// All shares together.
        sum: String,
    },
    /// A platform that clients move to twice.
    #[error("`{first}` already moves to `{platform}`")]
    SecondMigration {
        /// The migration before it.
        first: String,
        /// The platform.
        platform: String,
    },
    /// A line to yellow beyond its line to red.
    #[error("`{yellow}` is {value}, beyond `{red}`, which is {limit}")]
    YellowBeyondRed {
        /// The line to yellow.
        yellow: &'static str,
        /// Its value.
        value: String,
        /// The line to red.
        red: &'static str,
        /// Its value.
        limit: String,
    },
    /// A price in a unit that no price has.
    #[error("`{per}` is nothing that a price buys")]
    UnknownPriceUnit {
        /// The unit as written.
        per: String,
    },
    /// A price that buys something else than the catalogue's.
    #[error("`{sku}` is a price of {}, not of {}", .expected.name(), .found.name())]
    WrongMeasure {
        /// The price.
        sku: String,
        /// What the catalogue counts.
        expected: Measure,
        /// What was written.
        found: Measure,
    },
    /// A price of many that makes no exact price of one.
    #[error("the price of {count} does not give an exact price of one")]
    InexactPrice {
        /// How many one price buys.
        count: u32,
    },
    /// A setting that means nothing for the platform's architecture.
    #[error("`{key}` has no effect on `{preset}`, which is {}", .architecture.name())]
    NoEffect {
        /// The setting.
        key: &'static str,
        /// The platform's preset.
        preset: &'static str,
        /// Where the platform keeps the log.
        architecture: Architecture,
        /// Where the setting means something.
        scope: Scope,
    },
    /// Replicas without a broker of their own.
    #[error("replication factor {replication_factor} needs as many brokers; there are {brokers}")]
    TooFewBrokers {
        /// Replicas of a partition.
        replication_factor: u32,
        /// Brokers.
        brokers: u32,
    },
    /// Zones without a broker.
    #[error("{zones} zones need a broker each; there are {brokers}")]
    EmptyZones {
        /// Zones.
        zones: u32,
        /// Brokers.
        brokers: u32,
    },
    /// More brokers than a cluster may have.
    #[error("{brokers} brokers are more than a cluster may have, which is {most}")]
    TooManyBrokers {
        /// Brokers.
        brokers: u32,
        /// Most that there may be.
        most: u32,
    },
    /// The zone router exchanges data through a WAL that is not there.
    #[error(
        "`zone_router` needs a WAL that every zone can read: in object storage, or in a shared file system"
    )]
    RouterWithoutObjectWal,
    /// A fleet that follows the load although its replicas would have to move.
    #[error(
        "`fleet = \"follow\"` needs shared storage, and `{preset}` keeps replicas on its brokers"
    )]
    FollowWithReplicas {
        /// The preset.
        preset: &'static str,
    },
    /// A setting that the service decides for its users.
    #[error("`{key}` cannot be changed on `{preset}`: the service fixes it at {value}")]
    Fixed {
        /// The setting.
        key: &'static str,
        /// The preset.
        preset: &'static str,
        /// What it is.
        value: String,
    },
    /// A published figure in a unit that it is not counted in.
    #[error("`{what}` is not counted in {found}")]
    FigureUnit {
        /// What the figure is about.
        what: &'static str,
        /// The measure that was written, in words.
        found: &'static str,
        /// An example of each measure that would be right.
        allowed: Vec<&'static str>,
    },
    /// A key that means nothing for a published figure of this measure.
    #[error("`{key}` has no effect on a figure of {measure}")]
    OtherFigure {
        /// The key.
        key: &'static str,
        /// What the figure is counted in, in words.
        measure: &'static str,
        /// What the key is for.
        meant_for: &'static str,
    },
    /// A mistake in figures that follow from their inputs.
    #[error("a published case with a `slip` cannot be `consistent`")]
    SlipOfConsistent,
}

impl Problem {
    /// What to do about it, where that is clear.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::TooLong { .. } => format!("keep it below {TEXT_MAX}"),
            Self::Syntax { fix, .. } => return fix.clone(),
            Self::UnknownKey { key, place } => unknown_key(key, *place),
            Self::MissingKey { example, .. } | Self::WrongType { example, .. } => {
                format!("write `{example}`")
            }
            Self::WrongBrackets { key, repeats: true } => format!("write `[[{key}]]`"),
            Self::WrongBrackets { key, repeats: false } => format!("write `[{key}]`"),
            Self::WrongSchema { .. } => "this program reads `schema = 1`".to_owned(),
            Self::NoUnit { units, example, .. } if units.is_empty() => format!("write `{example}`"),
            Self::NoUnit { units, example, .. } => format!("write `{example}`; units are {units}"),
            Self::BareShare { key, found } => format!("write `{key} = \"{found} %\"`"),
            Self::Quantity { error, example, .. } => quantity(error, example),
            Self::UnknownName { what: "`[[region]]`", known, .. } if *known == Known::default() => {
                "add a `[[region]]` of that name".to_owned()
            }
            Self::NotAChoice { known, .. } | Self::UnknownName { known, .. } => {
                let none = || "there is none of any name: add one, or remove this".to_owned();
                known.hint().unwrap_or_else(none)
            }
            Self::SharesDoNotAddUp { stream: Some(stream), .. } => format!(
                "`{stream}` and every other stream that no region holds is divided: change a `share`, or hold streams with `streams = [\"{stream}\"]`"
            ),
            Self::SharesDoNotAddUp { stream: None, .. } => {
                "every stream is held to a region: leave the shares out".to_owned()
            }
            Self::HeldTwice { .. } => {
                "name it in one of them, and copy it to the other with a `[[link]]`".to_owned()
            }
            Self::NoStreams { .. } => {
                "add `stream = \"alarms\"`, or `streams = [\"alarms\", \"commands\"]`".to_owned()
            }
            Self::LinkToItself { .. } => "name another region".to_owned(),
            Self::LinkedTwice { .. } => "remove one of them".to_owned(),
            Self::NotProducedThere { stream, .. } => {
                format!("link it from a region that has a share of `{stream}`, or holds it")
            }
            Self::NotReadThere { stream, .. } => {
                format!("copy it there with a `[[link]]` of `{stream}`, or read it where it is")
            }
            Self::CopyIsAStream { .. } => "rename the stream, or the region".to_owned(),
            Self::PlacedTwice { .. } => "name it in one `[[platform.place]]`".to_owned(),
            Self::NothingLeft { .. } => {
                "leave one stream where it is, or start from the other `preset`".to_owned()
            }
            Self::PlacedOnItself { .. } => {
                "name another platform or preset, or give this one a `name` of its own".to_owned()
            }
            Self::NestedPlaces { platform } => {
                format!("name the preset of `{platform}`, or place its streams here one by one")
            }
            Self::ForeignRegion { owner, .. } => {
                format!("it is a region of `{owner}`: write `provider = \"{owner}\"`")
            }
            Self::Duplicate { what: "platforms", .. } => {
                "give one of them a `name` of its own".to_owned()
            }
            Self::Duplicate { .. } => "rename one of them, or remove it".to_owned(),
            Self::RateMixture { found } => rate_hint(found),
            Self::RateTooHigh { month: Some(_), .. } => {
                "growth adds up: lower `growth` or `steps`, or plan fewer `months`".to_owned()
            }
            Self::BadWeights { count } => {
                format!(
                    "there are {count}: give one for each hour of a day, or of a week from Monday"
                )
            }
            Self::ImpossiblePeak { largest: None, .. } => {
                "a flat curve has nothing to stretch: give another `shape`".to_owned()
            }
            Self::ImpossiblePeak { largest: Some(largest), .. } => format!(
                "between 1 and {largest}; above it the curve would fall below zero in its lowest hour"
            ),
            Self::NoLiveSize => {
                "add `live`, or `keys` with a `count` and the size of a `record`".to_owned()
            }
            Self::LiveWithoutCompaction => "remove it, or add `cleanup = \"compact\"`".to_owned(),
            Self::OtherReaderKind { kind: "tail", .. } => {
                "remove it, or write `kind = \"replay\"`".to_owned()
            }
            Self::OtherReaderKind { .. } => "remove it, or write `kind = \"tail\"`".to_owned(),
            Self::WindowBeyondRetention { .. } => {
                "shorten `window`, or lengthen the stream's `retention`".to_owned()
            }
            Self::ReplaysOverlap { .. } => "shorten `within`, or lengthen `every`".to_owned(),
            Self::CalendarWithoutStart => "add `start = 2027-01-01`".to_owned(),
            Self::NamedTimeZone { key, .. } => format!(
                "write its offset, such as `{key} = \"UTC+01:00\"`; daylight saving would move a curve by an hour for half of the year"
            ),
            Self::DateWithoutStart { key } => format!(
                "add `start = 2027-01-01` to `[horizon]`, or write `{key} = \"day 40 18:30\"`"
            ),
            Self::OutsideHorizon { key, covered, .. } => {
                format!("it covers {covered}: change `{key}`, or the horizon")
            }
            Self::NeverProduced => "move `end` behind `start`, or remove the stream".to_owned(),
            Self::OtherEventKind { kind, .. } => {
                format!("remove it; a `{}` takes {}", kind.name(), names(kind.keys()))
            }
            Self::NoDevices { .. } => "write `devices = 100_000`".to_owned(),
            Self::MigrationToItself { .. } => {
                "remove `platform` to move to every other one, or name another".to_owned()
            }
            Self::SourceWithGroup => "remove it, or write `direction = \"sink\"`".to_owned(),
            Self::NoConnectors => {
                "describe one as `[[connector]]`, or remove `connectors`".to_owned()
            }
            Self::PathsBeyondAll { .. } => {
                "lower one of `path_peering`, `path_nat`, `path_cross_region` and `path_internet`"
                    .to_owned()
            }
            Self::SecondMigration { .. } => {
                "name another `platform`, or write a scenario for each".to_owned()
            }
            Self::YellowBeyondRed { yellow, red, .. } => {
                format!("lower `{yellow}`, or raise `{red}`")
            }
            Self::UnknownPriceUnit { .. } => format!("prices are per {}", price_units(None)),
            Self::WrongMeasure { expected, .. } => {
                format!("write a price per {}", price_units(Some(*expected)))
            }
            Self::InexactPrice { .. } => "write the price of one, with all its digits".to_owned(),
            Self::NoEffect { scope, .. } => format!("remove it; it is for {}", platforms(*scope)),
            Self::TooFewBrokers { .. } => "add brokers, or lower `replication_factor`".to_owned(),
            Self::EmptyZones { .. } => "add brokers, or lower `zones`".to_owned(),
            Self::TooManyBrokers { .. } => "remove brokers, or raise `brokers_max`".to_owned(),
            Self::FollowWithReplicas { .. } => {
                "write `fleet = \"monthly\"`, or `fleet = \"fixed\"`".to_owned()
            }
            Self::Fixed { .. } => "remove it".to_owned(),
            Self::RouterWithoutObjectWal => {
                "write `wal = \"object-storage\"`, `wal = \"file\"`, or `zone_router = false`"
                    .to_owned()
            }
            Self::FigureUnit { allowed, .. } => format!("write it as {}", names(allowed)),
            Self::OtherFigure { meant_for, .. } => format!("remove it; it is for {meant_for}"),
            Self::Interval { fault, example, .. } => fault.hint(example),
            Self::NotAnInterval { known, .. } => known.hint().unwrap_or_else(|| {
                "there is none: write a value such as `\"20 MiB/s .. 40 MiB/s .. 90 MiB/s\"`".to_owned()
            }),
            Self::Both { key, other } => format!("keep `{key}` or `{other}`"),
            Self::Alone { key, without } => format!("remove `{key}`, or add {without}"),
            Self::NotAPair => "name two different paths in `between`".to_owned(),
            Self::Contradiction => {
                "bring `rank` nearer to 0: what goes with both of two goes together itself"
                    .to_owned()
            }
            Self::SlipOfConsistent => "remove `slip`, or write `consistent = false`".to_owned(),
            Self::BadName { found, .. } if !found.is_empty() => {
                "type it anew: control characters and marks that turn or hide text are not for names"
                    .to_owned()
            }
            Self::OutOfRange { .. }
            | Self::Setting { .. }
            | Self::BadName { .. }
            | Self::TooMany { .. }
            | Self::RateTooHigh { month: None, .. } => return None,
        };
        Some(hint)
    }
}

fn brackets(repeats: bool) -> &'static str {
    if repeats { "a list of sections" } else { "one section" }
}

fn in_month(month: Option<u32>) -> String {
    month.map_or_else(String::new, |month| format!(" in month {month}"))
}

fn platforms(scope: Scope) -> &'static str {
    match scope {
        Scope::Every => "every platform",
        Scope::Replicated => "shared-nothing and tiered platforms",
        Scope::Tiered => "tiered platforms",
        Scope::SharedStorage => "shared-storage platforms",
    }
}

fn unknown_key(key: &str, place: Section) -> String {
    match fields::homes(key).first() {
        Some(Section::Scenario) => format!("put `{key}` above the first section"),
        Some(home) if place.path().starts_with(home.path()) => {
            format!("`{key}` belongs {}: put it above {place}", home.inside())
        }
        Some(home) => format!("`{key}` belongs {}", home.inside()),
        None => {
            let here: Vec<&str> = fields::of(place).iter().map(|field| field.key).collect();
            Known::new(key, here.iter().copied()).hint().unwrap_or_default()
        }
    }
}

fn quantity(error: &QuantityError, example: &str) -> String {
    match error {
        QuantityError::Comma { text } => comma(text),
        QuantityError::NoNumber { .. } | QuantityError::NotFinite { .. } => {
            format!("write `{example}`")
        }
        _ => format!("write `{example}`; {}", error.hint()),
    }
}

/// A comma before three digits may be either; any other stands before decimals.
fn comma(text: &str) -> String {
    let (thousands, decimals) = (text.replace(',', "_"), text.replace(',', "."));
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).count();
    let thousands_likely = text.split(',').skip(1).all(|part| digits(part) == 3);
    match (thousands_likely, text.matches(',').count(), text.contains('.')) {
        (true, 1, false) => {
            format!("write `{thousands}` for thousands, `{decimals}` for decimals")
        }
        (false, 1, false) => format!("write `{decimals}`"),
        _ => format!("write `{thousands}`"),
    }
}

/// The ways to say how much a stream produces.
pub(super) const RATE_FORMS: [&[&str]; 3] =
    [&["sources", "every", "record"], &["records", "record"], &["produce"]];

fn rate_mixture(found: &[&'static str]) -> String {
    match found {
        [] => "the stream has no rate".to_owned(),
        found => format!("{} together do not make one rate", names(found)),
    }
}

fn rate_hint(found: &[&'static str]) -> String {
    let ways = "give `sources`, `every` and `record`; or `records` and `record`; or `produce` alone or with `record`";
    let begun = RATE_FORMS.iter().find(|form| {
        !found.is_empty() && *found != ["record"] && found.iter().all(|key| form.contains(key))
    });
    match begun {
        Some(form) => {
            let rest: Vec<_> = form.iter().copied().filter(|key| !found.contains(key)).collect();
            format!("add {}; or {ways}", names(&rest))
        }
        None => ways.to_owned(),
    }
}

fn price_units(measure: Option<Measure>) -> String {
    let units: Vec<&str> = PriceUnit::ALL
        .iter()
        .filter(|(_, unit)| measure.is_none_or(|measure| unit.measure() == measure))
        .map(|(name, _)| *name)
        .collect();
    names(&units)
}

/// Names in backticks with commas between.
pub(super) fn names<T: fmt::Display>(names: &[T]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// A length of time as an error shows it, without the commas that the parser refuses.
pub(super) fn duration(hours: Hours) -> String {
    hours.to_string().replace(',', "")
}

/// Line and column of a byte of the text, both from one, columns in characters.
///
/// ```
/// let text = "schema = 1\ntitle = \"Zähler\"";
/// assert_eq!(model::scenario::line_column(text, 11), (2, 1));
/// ```
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<ScenarioError>);

impl Problems {
    /// Adds one.
    pub(super) fn report(&mut self, problem: Problem, span: Range<usize>) {
        self.0.push(ScenarioError { problem, span });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a = \"ä\"\nb";
        assert_eq!(line_column(text, 0), (1, 1));
        assert_eq!(line_column(text, 5), (1, 6));
        assert_eq!(line_column(text, 6), (1, 6)); // inside the ä
        assert_eq!(line_column(text, 7), (1, 7));
        assert_eq!(line_column(text, text.len() - 1), (2, 1));
        assert_eq!(line_column(text, 1000), (2, 2));
    }

    #[test]
    fn a_rate_that_is_begun_says_what_is_left() {
        let hint = rate_hint(&["sources", "record"]);
        assert!(hint.starts_with("add `every`; or give"), "{hint}");
        assert!(rate_hint(&["record"]).starts_with("give"));
    }
}
