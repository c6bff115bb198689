//! What the page asks of the engine, and what it is told: the messages between the page and its worker.

use std::fmt;

use model::chart::{Breakdown, Drawing, Table};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A message as bytes.
pub fn packed(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}

/// The message that bytes stand for.
pub fn unpacked<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Has a question answered, both as bytes.
pub fn answer(ask: &[u8], reply: impl FnOnce(Ask) -> Reply) -> Vec<u8> {
    let unread = || Reply { id: 0, told: Told::Nothing("the question cannot be read".to_owned()) };
    packed(&unpacked(ask).map_or_else(unread, reply))
}

/// A question, with a number that its answer repeats.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ask {
    /// The number.
    pub id: u32,
    /// The scenario.
    pub text: String,
    /// What about it.
    pub what: What,
}

/// What is asked about a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// Every platform side by side.
    Sheet(Shown),
    /// Pictures through time: of one platform, or of all.
    Pictures {
        /// The platform; all without it.
        platform: Option<String>,
        /// Part of the horizon: from and to as a scenario writes moments; empty for its ends.
        span: (String, String),
        /// How wide they are, in pixels.
        width: u32,
    },
    /// The bill of every platform as a picture.
    Bars {
        /// How wide it is, in pixels.
        width: u32,
    },
    /// The readiness questions, run for one platform.
    Scorecard {
        /// The platform.
        platform: String,
    },
    /// Why the lines of one platform's bill are what they are.
    Why {
        /// The platform.
        platform: String,
    },
    /// What another scenario changes.
    Change {
        /// The scenario after the change.
        after: String,
        /// How figures are shown.
        shown: Shown,
    },
    /// A picture to take away.
    Picture {
        /// Which: its place among all charts through time, or the bills.
        chart: Option<usize>,
        /// The platform; all without it.
        platform: Option<String>,
    },
    /// Takes a file of the catalogue that did not come with the page, or why there is none.
    Prices {
        /// Its path in the catalogue.
        path: String,
        /// Its text.
        file: Result<String, String>,
    },
    /// What the page's second module answers.
    Later(Later),
}

/// What is asked only when somebody wants to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Later {
    /// The next few futures of its intervals.
    Futures {
        /// Whether it is a steady month that is planned in each, and not the horizon.
        steady: bool,
    },
    /// Where one platform overtakes another along a value.
    BreakEven {
        /// The value's path.
        path: String,
        /// Where the range begins, as a scenario writes it.
        from: String,
        /// Where it ends.
        to: String,
        /// The platforms.
        between: Vec<String>,
        /// Whether it is a steady month that is compared, and not the horizon.
        steady: bool,
        /// How wide its picture is, in pixels.
        width: u32,
    },
    /// Which defaults would make another platform the cheapest.
    Sure,
    /// The cheapest way to build a platform.
    Build {
        /// The platform.
        platform: String,
        /// Seconds after which the best so far is told.
        seconds: u32,
    },
    /// What `highwater uncertainty` prints of futures that have been run.
    FuturesFile {
        /// Whether it is a steady month that is planned in each, and not the horizon.
        steady: bool,
        /// Whether it is every future as CSV, and not what they come to as JSON.
        csv: bool,
    },
    /// A file to take away.
    File {
        /// Which.
        kind: FileKind,
        /// The platform; all without it.
        platform: Option<String>,
        /// The day on which to judge what is old: `2026-11-22`. Nothing is judged without it.
        today: Option<String>,
    },
}

/// An answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reply {
    /// The number of the question.
    pub id: u32,
    /// The answer.
    pub told: Told,
}

/// What the engine says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Told {
    /// Every platform side by side.
    Sheet(Box<Sheet>),
    /// Everything that is wrong with the scenario, in the order of its text.
    Wrong(Vec<Fault>),
    /// Nothing yet: the prices are in a file that is to be fetched.
    Awaits(String),
    /// Pictures through time.
    Pictures(Vec<Drawing>),
    /// Every platform's bill as bars.
    Bars(Box<Breakdown>),
    /// A scorecard.
    Scorecard(Box<Card>),
    /// Explanations of the lines of a bill.
    Why(Vec<Explained>),
    /// What a change does.
    Change(Box<Change>),
    /// Where platforms cross.
    BreakEven(Box<Crossed>),
    /// Which defaults would change the verdict.
    Sure(Box<model::export::sensitivity::Told>),
    /// The cheapest way to build a platform.
    Built(Box<Built>),
    /// How many futures have been run, and what they come to.
    Futures(Box<Drawn>),
    /// A file.
    File(Box<File>),
    /// What was taken.
    Taken,
    /// What was asked for is not there.
    Nothing(String),
}

/// How figures are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The time that costs are for.
    pub per: Per,
    /// The unit of data.
    pub data: Data,
}

/// The time that costs are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Per {
    /// An hour on average.
    Hour,
    /// A month on average.
    #[default]
    Month,
    /// Twelve such months.
    Year,
}

impl Per {
    /// All, in the order of a choice.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Month, Self::Year];

    /// As a link writes it, and as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// The unit of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Data {
    /// Powers of two: KiB, MiB, GiB.
    #[default]
    Binary,
    /// Powers of ten: kB, MB, GB.
    Decimal,
}

impl Data {
    /// All, in the order of a choice.
    pub const ALL: [Self; 2] = [Self::Binary, Self::Decimal];

    /// As a link writes it, and as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "GiB",
            Self::Decimal => "GB",
        }
    }
}

/// A comparison as the page shows it: texts, and numbers only where something is drawn with them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The scenario's title.
    pub title: String,
    /// Whose prices, where: `aws eu-west-1`.
    pub place: String,
    /// The time that is planned: `12 months from 2027-01-01`.
    pub span: String,
    /// The dates of the oldest and the newest price that any bill uses, as ISO 8601 writes them.
    pub dates: Option<(String, String)>,
    /// Presets of what is planned, each once, and the dates of their facts.
    pub facts: Vec<(String, String)>,
    /// What is produced, read and kept, in lines.
    pub workload: Vec<String>,
    /// Each stream's own figures, in the order of the scenario.
    pub streams: Vec<StreamFigures>,
    /// What to make of it, the conclusion first.
    pub verdict: Vec<String>,
    /// Futures that its intervals make; none where it has no interval.
    pub futures: u32,
    /// The cheapest platform whose bill is complete.
    pub cheapest: Option<String>,
    /// What is paid for on any platform, in the order of a bill.
    pub components: Vec<String>,
    /// What any cost grows with.
    pub drivers: Vec<String>,
    /// Platforms in the order of the scenario, parts below their platform.
    pub rows: Vec<Row>,
    /// Lines that nobody asked for.
    pub absent: Option<String>,
    /// Moments that something happens at: its name, and a span around it as a scenario writes moments.
    pub events: Vec<Moment>,
}

/// Something that happens in a scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// What.
    pub name: String,
    /// When it begins, as people read it.
    pub at: String,
    /// A span that shows it, as a scenario writes moments.
    pub span: (String, String),
}

/// What one stream is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamFigures {
    /// Its name.
    pub name: String,
    /// `33,333 records/s, 3.81 MiB/s raw, 1.66 MiB/s stored`.
    pub rates: String,
    /// `keeps 25,331 GiB`, and what its readers fetch.
    pub kept: String,
}

/// A platform, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The platform's name, or the part's.
    pub name: String,
    /// Whether it is a part of the platform above.
    pub part: bool,
    /// What it is, in a few words.
    pub title: String,
    /// `shared-nothing`, `tiered`, `shared-storage`, `list price`.
    pub architecture: String,
    /// Why it cannot be planned, each with what to do; empty where it can.
    pub rejected: Vec<(String, String)>,
    /// How many of which machine.
    pub fleet: String,
    /// The resource that set the size.
    pub binds: String,
    /// How much of that resource is used, of what the fleet may be planned for.
    pub used: Option<f64>,
    /// The same in words, and what that leaves.
    pub headroom: String,
    /// What it costs, in the time that is shown, marked where it is not exact.
    pub total: String,
    /// The same as a number of dollars.
    pub dollars: f64,
    /// What it costs over the horizon.
    pub horizon: String,
    /// How it compares to the cheapest: `least`, `× 2.4`.
    pub against: String,
    /// What each of the sheet's components costs; `–` for nothing, `?` for an unknown price.
    pub amounts: Vec<String>,
    /// What grows with each of the sheet's drivers.
    pub grows: Vec<String>,
    /// Median time until a write is acknowledged.
    pub latency: String,
    /// Time until everything is redundant again after a broker's loss.
    pub recovery: String,
    /// Prices that are not known, each with what to do.
    pub gaps: Vec<(String, String)>,
    /// What a careful reader should know.
    pub warnings: Vec<String>,
    /// What broke or was late through the horizon.
    pub incidents: Vec<String>,
}

/// The scorecard of one platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The platform.
    pub platform: String,
    /// Its answers, in the order of the questions.
    pub answers: Vec<CardAnswer>,
}

/// The answer to one readiness question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CardAnswer {
    /// As people ask it.
    pub title: String,
    /// `green`, `yellow`, `red`; empty where a person has to say.
    pub light: String,
    /// What was found.
    pub finding: String,
    /// The figures behind it: a name and a value.
    pub evidence: Vec<(String, String)>,
}

/// Why a line of a bill is what it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// The component that it is of.
    pub component: String,
    /// What it is called: `zone crossing / replicate`, and its part.
    pub title: String,
    /// What it costs.
    pub cost: String,
    /// Why it is paid for.
    pub what: String,
    /// The formula in words.
    pub words: String,
    /// The formula in symbols.
    pub formula: String,
    /// Symbol, name, value with unit, and where it comes from.
    pub inputs: Vec<[String; 4]>,
    /// The formula with numbers, step by step.
    pub steps: Vec<String>,
    /// The price: what, how much, who says so, and when.
    pub price: Vec<(String, String)>,
    /// What it grows with.
    pub grows_with: String,
}

/// What a change does to every platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Components that cost anything before or after.
    pub components: Vec<String>,
    /// Platforms, in the order of the scenario.
    pub rows: Vec<ChangeRow>,
    /// The conclusion after the change.
    pub verdict: String,
}

/// What a change does to one platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// The platform.
    pub name: String,
    /// Before, after, difference, and that as a share.
    pub total: [String; 4],
    /// Before, after and difference of each component.
    pub amounts: Vec<[String; 3]>,
    /// The fleet before and after, where it differs.
    pub fleet: Option<(String, String)>,
    /// Why there is nothing to compare.
    pub rejected: Option<String>,
}

/// Where platforms cross along a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Crossed {
    /// In words and tables.
    pub told: model::export::breakeven::Told,
    /// As a picture.
    pub svg: String,
}

/// The cheapest way to build a platform that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Built {
    /// The platform.
    pub platform: String,
    /// What it costs, by the rules and built so, and how certain that is.
    pub headline: String,
    /// What makes the difference, and what would make another: sentences, and settings as a scenario writes them.
    pub lines: Vec<(String, bool)>,
    /// What a scenario has to say to get it: paths and values.
    pub settings: Vec<(String, String)>,
    /// Commitments that it has to buy: keys and values of each.
    pub commitments: Vec<Vec<(String, String)>>,
    /// Whether a scenario can say all of them.
    pub sayable: bool,
}

/// Futures that have been run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// How many.
    pub done: usize,
    /// How many there are. What follows is empty before they are all done.
    pub of: usize,
    /// What they come to, the conclusion first.
    pub sentences: Vec<String>,
    /// The choice of least regret; empty where there is none.
    pub best: String,
    /// What was drawn, and what every platform costs.
    pub tables: Vec<Table>,
    /// What each platform depends on.
    pub tornados: Vec<Tornado>,
}

/// What one platform's cost depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tornado {
    /// The platform.
    pub platform: String,
    /// What each input does, the most first.
    pub table: Table,
    /// From where to where each reaches, as shares of the widest.
    pub bars: Vec<Option<(f64, f64)>>,
    /// How far its fleet goes, and what its months cost.
    pub more: Vec<Table>,
}

/// Files to take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A file of the folder that `highwater export --format csv -o FOLDER/` writes: its place among all tables, and whether
    /// cells are written as local Excel reads them (`--delimiter ';' --decimal , --bom`). What it was made from leaves out
    /// the moment and the command.
    Table(usize, bool),
    /// The list of that folder's files.
    Manifest(bool),
    /// What `highwater compare --format json` prints.
    Json,
    /// What `highwater export --format focus --focus-version VERSION` prints: the place of VERSION among all.
    Focus(usize),
    /// What `highwater export --format focus -o FILE` writes beside FILE, but for the moment at which it was made.
    FocusMetadata(usize),
    /// What `highwater simulate --format csv` prints.
    Timeline,
    /// What `highwater export --format html --reproducible` prints.
    Report,
    /// What `highwater finance --format csv` prints of a platform.
    Finance,
    /// What `highwater export --format xlsx --reproducible` writes of a platform.
    Workbook,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub media: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Something wrong with a scenario, in the words of the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is clear.
    pub hint: Option<String>,
    /// Where, unless it is about the whole.
    pub place: Option<Place>,
}

/// A place in a scenario's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From one.
    pub line: usize,
    /// From one, in characters.
    pub column: usize,
    /// The bytes that caused it.
    pub bytes: (usize, usize),
    /// The same in UTF-16 code units, as browsers count.
    pub units: (u32, u32),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(out, "{place}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}", self.line, self.column)
    }
}
