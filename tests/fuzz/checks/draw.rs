//! Scenarios drawn from bytes: a small one, sections added to it, and values changed by the table of all keys. Whatever leaves
//! no scenario is taken back, so that every draw is one that the engine has to answer.

use model::events::EventKind;
use model::parameters::{Kind, Parameter};
use model::presets::PRESETS;
use model::scenario::fields::{self, Field, Form, Section, Unit};
use model::scenario::{self, Outline, Scenario};
use model::shape::NAMED;

use super::vocabulary;

/// Bytes that choose; zeros behind the last.
pub(super) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// Below a number, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let mut number = usize::from(self.byte());
        if end > 256 {
            number = number << 8 | usize::from(self.byte());
        }
        number % end
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }
}

/// Changes of one scenario: each of them costs a reading.
const CHANGES: usize = 16;

/// Where it is priced.
const REGIONS: [(&str, &str); 4] = [
    ("aws", "us-east-1"),
    ("aws", "eu-central-1"),
    ("azure", "westeurope"),
    ("gcp", "europe-west1"),
];

/// What every scenario begins with.
const HEAD: &str = r#"schema = 1
title = "drawn"
[horizon]
start = 2027-01-01
months = 2
"#;

const STREAMS: &str = r#"[[stream]]
name = "a"
owner = "one"
sources = 2_000_000
every = "5 min"
record = "400 B"
compression = 3.0
shape = "regional-diurnal"
retention = "7 d"
[[stream.reader]]
group = "first"
lag_budget = "1 min"
[[stream.reader]]
group = "second"
kind = "replay"
window = "1 d"
every = "7 d"
within = "8 h"
[[stream]]
name = "b"
produce = "5 MiB/s"
retention = "1 d"
cleanup = "compact"
live = "20 GiB"
[[stream.reader]]
group = "first"
"#;

/// What may follow, piece by piece.
const PIECES: [&str; 14] = [
    "[slo]\nfreshness = \"5 s\"\nrecovery = \"1 h\"\navailability = \"99.9 %\"\nbudget = \"$9000/month\"\n",
    "[finance]\ndiscount_rate = \"8 %/year\"\nfiscal_year_start = \"april\"\nexchange = \"0.92 EUR/USD\"\nexchange_source = \"a bank\"\nexchange_as_of = 2026-11-20\n",
    "[[commitment]]\nname = \"base\"\nterm = \"1 year\"\npayment = \"partial\"\nupfront = \"50 %\"\ncoverage = \"50 %\"\ndiscount = \"45 %\"\nsource = \"a quote\"\nas_of = 2026-11-20\n",
    "[[commitment]]\nname = \"ahead\"\nterm = \"3 years\"\npayment = \"all\"\nbrokers = 2\nmonth = 2\ndiscount = \"30 %\"\nsource = \"a quote\"\nas_of = 2026-11-20\n",
    "[[credit]]\nname = \"thanks\"\namount = \"$500/month\"\nmonths = 1\nsource = \"a letter\"\n",
    "[[connector]]\nname = \"lake\"\nstream = \"a\"\ndirection = \"sink\"\n[[connector]]\nname = \"cdc\"\nstream = \"b\"\ndirection = \"source\"\nruns_on = \"service\"\n",
    "[lines]\nprivate_connectivity = true\nload_balancers = true\nobservability = true\nbackups = true\nsupport = true\nsupport_rates = \"10 % to $10000, 3 %\"\nlabour = true\nlabour_rate = \"$90/h\"\nclient_paths = true\npath_internet = \"2 %\"\n",
    "[[event]]\nname = \"storm\"\nkind = \"reconnect-storm\"\nat = \"day 10 18:30\"\nstream = \"a\"\nshare = \"30 %\"\noutage = \"2 h\"\n[[event]]\nname = \"loss\"\nkind = \"broker-loss\"\nat = \"day 20 03:00\"\n",
    "[[event]]\nname = \"dark\"\nkind = \"zone-loss\"\nat = \"day 5\"\noutage = \"3 h\"\n[[event]]\nname = \"longer\"\nkind = \"retention-change\"\nat = \"day 12\"\nstream = \"b\"\nretention = \"30 d\"\n",
    "[[event]]\nname = \"late\"\nkind = \"backfill\"\nat = \"day 31 23:59\"\nstream = \"a\"\nsize = \"90 GB\"\nwithin = \"2 min\"\n[[event]]\nname = \"down\"\nkind = \"reader-outage\"\nat = \"day 3\"\ngroup = \"first\"\n",
    "[uncertainty]\ndraws = 32\n",
    "[scorecard]\nmigration_mirror = \"50 MiB/s\"\n[[scorecard.mark]]\nquestion = \"governance\"\nmark = \"yellow\"\nevidence = \"by hand\"\n",
    "[published]\nid = \"case\"\ntitle = \"a case\"\nurl = \"https://example.org/\"\ndate = \"2025-01-01\"\nsource_kind = \"vendor\"\nconsistent = true\n[[published.figure]]\nplatform = \"one\"\nwhat = \"total\"\nvalue = \"$1000\"\nperiod = \"month\"\n",
    "[[event]]\nname = \"move\"\nkind = \"migration\"\nat = \"day 8\"\nfrom = \"one\"\nmirror = \"50 MiB/s\"\nhistory = \"1 d\"\ndual_run = \"3 d\"\nroll_back = \"24 h\"\n",
];

/// Two regions instead of one.
const TWO: &str = "[[region]]\nname = \"eu\"\nregion = \"eu-central-1\"\nshare = \"60 %\"\n[[region]]\nname = \"us\"\nregion = \"us-east-1\"\nshare = \"40 %\"\n[[link]]\nfrom = \"eu\"\nto = \"us\"\nstream = \"a\"\n";

/// A scenario and its text.
pub(super) struct Drawn {
    pub(super) text: String,
    pub(super) scenario: Scenario,
}

/// A scenario from bytes.
pub(super) fn drawn(bytes: &mut Bytes<'_>) -> Drawn {
    let mut drawn = beginning(bytes);
    for _ in 0..CHANGES {
        if bytes.is_empty() {
            break;
        }
        change(&mut drawn, bytes);
    }
    drawn
}

fn beginning(bytes: &mut Bytes<'_>) -> Drawn {
    let place = bytes.below(REGIONS.len() + 1);
    let (provider, region, regions) = match REGIONS.get(place) {
        Some((provider, region)) => (*provider, format!("region = \"{region}\"\n"), ""),
        None => ("aws", String::new(), TWO),
    };
    let mut text = format!("{HEAD}[prices]\nprovider = \"{provider}\"\n{region}{regions}{STREAMS}");
    for (name, _) in ["one", "two", "three"].iter().zip(0..=bytes.below(3)) {
        let preset = PRESETS[bytes.below(PRESETS.len())].name;
        text.push_str(&format!("[[platform]]\npreset = \"{preset}\"\nname = \"{name}\"\n"));
    }
    let scenario = scenario::parse(&text, vocabulary());
    let scenario = scenario.unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    let mut drawn = Drawn { text, scenario };
    let pieces = u16::from_le_bytes([bytes.byte(), bytes.byte()]);
    for (number, piece) in PIECES.iter().enumerate() {
        if pieces >> number & 1 == 1 {
            let more = format!("{}{piece}", drawn.text);
            take(&mut drawn, more);
        }
    }
    drawn
}

/// Takes another text, if it is a scenario.
fn take(drawn: &mut Drawn, text: String) -> bool {
    let read = scenario::parse(&text, vocabulary());
    let Ok(scenario) = read else { return false };
    *drawn = Drawn { text, scenario };
    true
}

/// One change of a scenario, or none where it would not be one any more.
pub(super) fn change(drawn: &mut Drawn, bytes: &mut Bytes<'_>) {
    let outline = scenario::outline(&drawn.text).expect("a scenario has an outline");
    let mut all = Vec::new();
    flatten(&outline, &mut all);
    let all: Vec<&Outline> = all.into_iter().filter(|one| one.path.is_some()).collect();
    let what = bytes.byte();
    let one = all[bytes.below(all.len())];
    let changed = match what {
        0..=15 => one.path.as_deref().and_then(|path| scenario::remove(&drawn.text, path).ok()),
        16..=63 => added(&drawn.text, one, bytes),
        _ => {
            let fields = fields::of(one.section);
            let field = fields[bytes.below(fields.len())];
            let value = value(&field, bytes);
            let path = one.path_of(field.key);
            path.and_then(|path| scenario::set(&drawn.text, &path, &value).ok())
        }
    };
    if let Some(text) = changed {
        take(drawn, text);
    }
}

fn flatten<'o>(outline: &'o Outline, all: &mut Vec<&'o Outline>) {
    all.push(outline);
    outline.sections.iter().for_each(|inner| flatten(inner, all));
}

/// A section more, of a kind that the given one may hold.
fn added(text: &str, above: &Outline, bytes: &mut Bytes<'_>) -> Option<String> {
    let fields = fields::of(above.section);
    let kinds: Vec<&Field> =
        fields.iter().filter(|field| matches!(field.form, Form::Tables(..))).collect();
    if kinds.is_empty() {
        return None;
    }
    let kind = kinds[bytes.below(kinds.len())];
    let Form::Tables(section, _) = kind.form else { return None };
    let own = fields::of(section);
    let mut values: Vec<(&str, String)> = Vec::new();
    for field in own.iter().filter(|field| field.required) {
        values.push((field.key, value(field, bytes)));
    }
    for _ in 0..bytes.below(4) {
        let field = &own[bytes.below(own.len())];
        if !values.iter().any(|(key, _)| *key == field.key) {
            values.push((field.key, value(field, bytes)));
        }
    }
    let pairs: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, &**value)).collect();
    let path = above.path_of(kind.key)?;
    scenario::add(text, &path, &pairs).ok()
}

const SIZES: [&str; 12] = [
    "1 B", "400 B", "1 KiB", "64 KiB", "1 MiB", "64 MiB", "1 GiB", "200 GiB", "5 TiB", "900 PiB",
    "0 B", "1e-9 B",
];
const RATES: [&str; 9] = [
    "1 B/s", "1 KiB/s", "1 MiB/s", "40 MiB/s", "3 GiB/s", "1 TiB/s", "1e-6 B/s", "0 B/s", "10 Gbps",
];
const TIMES: [&str; 14] = [
    "1 ms",
    "1 s",
    "10 s",
    "5 min",
    "1 h",
    "12 h",
    "1 d",
    "7 d",
    "30 d",
    "400 d",
    "100 years",
    "0 s",
    "1e-9 s",
    "3 months",
];
const FREQUENCIES: [&str; 7] =
    ["0.001 /s", "1 /s", "20000 /s", "1 M/s", "1000000 M/s", "1e-9 /s", "3 /min"];
const SHARES: [&str; 10] =
    ["0 %", "0.000001 %", "1 %", "30 %", "50 %", "99.999 %", "100 %", "0.5", "101 %", "-1 %"];
const GROWTHS: [&str; 9] = [
    "2 %/month",
    "0 %/month",
    "-50 %/month",
    "-99.9 %/month",
    "300 %/month",
    "10 %/year linear",
    "1000 %/month",
    "-100 %/month linear",
    "0.0001 %/month",
];
const DOLLARS: [&str; 8] = ["0", "1", "0.0000001", "100", "40000", "1000000000", "0.01", "1e-9"];
const NUMBERS: [&str; 13] =
    ["0", "1", "2", "3", "0.5", "1.5", "10", "100", "1e-9", "1e9", "168", "-1", "0.99"];
const MOMENTS: [&str; 8] = [
    "day 1",
    "day 1 00:01",
    "day 31 23:59",
    "day 59 23:59",
    "month 1",
    "month 2",
    "2027-02-10 18:30",
    "day 60",
];
/// Names that mean something in what is drawn.
const NAMES: [&str; 13] = [
    "a",
    "b",
    "one",
    "two",
    "first",
    "second",
    "eu",
    "us",
    "kafka-gp3",
    "lake",
    "total",
    "brokers",
    "us-east-1",
];

/// A value that a field might have.
fn value(field: &Field, bytes: &mut Bytes<'_>) -> String {
    let text = |one: &str| one.to_owned();
    match field.form {
        Form::Text if field.key == "preset" => text(PRESETS[bytes.below(PRESETS.len())].name),
        Form::Text if field.key == "name" => format!("n{}", bytes.below(3)),
        Form::Text if field.key == "sku" => sku(bytes),
        Form::Text => text(bytes.pick(&NAMES)),
        Form::Names => match bytes.below(3) {
            0 => text("[\"a\"]"),
            1 => text("[\"a\", \"b\"]"),
            _ => text("[\"stream.a.record\", \"stream.b.produce\"]"),
        },
        // Longer horizons and more futures are the same again, and take longer.
        Form::Count { .. } if field.key == "months" => text(bytes.pick(&["1", "2", "3", "13"])),
        Form::Count { .. } if field.key == "draws" => text("32"),
        Form::Count { least, most, auto } => match bytes.below(8) {
            0 if auto => text("auto"),
            0 | 1 => least.to_string(),
            2 => most.to_string(),
            3 => least.saturating_add(1).to_string(),
            4 => (most / 2).to_string(),
            5 => text(bytes.pick(&["3", "12", "100", "5000"])),
            6 => interval(&["1", "10", "1000", "200000"], "", bytes),
            _ => (u64::from(bytes.byte()) << bytes.below(40)).to_string(),
        },
        Form::Number { least, most } => match bytes.below(6) {
            0 => number(least),
            1 => number(most),
            2 => number(least + (most - least) * f64::from(bytes.byte()) / 255.0),
            3 => interval(&["0.01", "1", "1.5", "4", "100"], "", bytes),
            _ => text(bytes.pick(&NUMBERS)),
        },
        Form::Quantity { unit, least, most, word } => match bytes.below(10) {
            0 => text(least),
            1 => text(most),
            2 => text(word.unwrap_or(most)),
            3 => interval(quantities(unit), "", bytes),
            _ => quantity(unit, bytes),
        },
        Form::Share | Form::Part => match bytes.below(6) {
            0 => interval(&["1 %", "10 %", "50 %", "100 %"], "", bytes),
            _ => text(bytes.pick(&SHARES)),
        },
        Form::Percentage => match bytes.below(6) {
            0 => interval(&["0 %", "10 %", "50 %", "100 %"], "", bytes),
            _ => text(bytes.pick(&SHARES)),
        },
        Form::Growth => match bytes.below(6) {
            0 => interval(&["-5 %/month", "0 %/month", "3 %/month", "8 %/month"], "", bytes),
            _ => text(bytes.pick(&GROWTHS)),
        },
        Form::Budget => format!("${}/month", bytes.pick(&DOLLARS)),
        Form::Exchange => text(bytes.pick(&[
            "0.92 EUR/USD",
            "150 JPY/USD",
            "0.000001 EUR/USD",
            "1000000 KRW/USD",
            "0.3 KWD/USD",
        ])),
        Form::Price => {
            let unit =
                bytes.pick(&["GiB", "GB", "h", "GiB-month", "GB-month", "1M", "month", "vCPU-h"]);
            format!("${}/{unit}", bytes.pick(&DOLLARS))
        }
        Form::Date => text(bytes.pick(&[
            "2027-01-01",
            "2024-02-29",
            "2026-12-31",
            "9999-12-01",
            "1970-01-01",
        ])),
        Form::Moment => text(bytes.pick(&MOMENTS)),
        Form::TimeZone => text(bytes.pick(&["UTC", "UTC-12:00", "UTC+14:00", "UTC+05:30"])),
        Form::Choice(words) => match field.key {
            // What an event is decides what it takes, so that a change would leave none.
            "kind" if field.section == Section::Event => text(bytes.pick(EventKind::NAMES)),
            _ => text(bytes.pick(words)),
        },
        Form::Shape => match bytes.below(4) {
            0 => {
                let hours: Vec<String> = (0..24).map(|_| bytes.byte().to_string()).collect();
                format!("[{}]", hours.join(", "))
            }
            _ => text(NAMED[bytes.below(NAMED.len())].name),
        },
        Form::Setting(parameter) => setting(parameter, bytes),
        Form::Flag => bytes.flag().to_string(),
        Form::Sentences => text("[\"One.\"]"),
        Form::Amount => text(bytes.pick(&[
            "$1000",
            "0 GiB",
            "75 /s",
            "54 brokers",
            "1e9 requests",
            "5 ms",
            "30 %",
        ])),
        Form::Pairs => text("{ cluster = \"orders\" }"),
        Form::Table(Section::Keys) => text("{ count = 1000, skew = 0.99 }"),
        Form::Table(_) => text("{}"),
        Form::Tables(Section::Steps, _) => text("[{ month = 2, times = 1.4 }]"),
        Form::Tables(..) => text("[]"),
    }
}

/// A number as TOML writes it.
fn number(number: f64) -> String {
    format!("{number:?}")
}

fn quantities(unit: Unit) -> &'static [&'static str] {
    match unit {
        Unit::Size => &SIZES[..10],
        Unit::Rate => &RATES[..6],
        Unit::Duration => &TIMES[..11],
        Unit::Frequency => &FREQUENCIES[..5],
    }
}

fn quantity(unit: Unit, bytes: &mut Bytes<'_>) -> String {
    let from: &[&str] = match unit {
        Unit::Size => &SIZES,
        Unit::Rate => &RATES,
        Unit::Duration => &TIMES,
        Unit::Frequency => &FREQUENCIES,
    };
    bytes.pick(from).to_owned()
}

/// Three values that rise.
fn interval(rising: &[&str], unit: &str, bytes: &mut Bytes<'_>) -> String {
    let from = bytes.below(rising.len() - 2);
    let three: Vec<String> =
        rising[from..from + 3].iter().map(|one| format!("{one}{unit}")).collect();
    three.join(" .. ")
}

fn setting(parameter: &Parameter, bytes: &mut Bytes<'_>) -> String {
    let ends: Vec<&str> = parameter.range.split("..").map(str::trim).collect();
    match (bytes.below(8), &ends[..]) {
        (0, [low, _]) => return (*low).to_owned(),
        (1, [_, high]) => return (*high).to_owned(),
        (2, _) if parameter.auto => return "auto".to_owned(),
        (3, _) => return parameter.default.to_owned(),
        (4, [low, high]) if *low != *high => return format!("{low} .. {high} .. {high}"),
        _ => {}
    }
    match parameter.kind {
        Kind::Count => bytes.pick(&["0", "1", "2", "3", "6", "100", "1000000"]).to_owned(),
        Kind::Factor => bytes.pick(&NUMBERS).to_owned(),
        Kind::Share => bytes.pick(&SHARES).to_owned(),
        Kind::Flag => bytes.flag().to_string(),
        Kind::Size => bytes.pick(&SIZES).to_owned(),
        Kind::Rate => bytes.pick(&RATES).to_owned(),
        Kind::Duration => bytes.pick(&TIMES).to_owned(),
        Kind::Price => format!("${}/GiB", bytes.pick(&DOLLARS)),
        Kind::Dollars(per) => format!("${}/{per}", bytes.pick(&DOLLARS)),
        Kind::Rates => {
            bytes.pick(&["3 %", "10 % to $10000, 3 %", "0 %", "100 % to $1, 0 %"]).to_owned()
        }
        Kind::Name => name(bytes),
        Kind::Shares => bytes.pick(&["100 %", "1 %, 10 %, 100 %", "0.001 %, 100 %"]).to_owned(),
        Kind::Choice(words) => bytes.pick(words).to_owned(),
    }
}

/// A machine or a disk of the catalogue.
fn name(bytes: &mut Bytes<'_>) -> String {
    let words = vocabulary();
    let pools: Vec<_> = words.machines.iter().collect();
    let (_, machines) = pools[bytes.below(pools.len())];
    let all: Vec<&String> = machines.iter().chain(words.disks.iter()).collect();
    all[bytes.below(all.len())].clone()
}

fn sku(bytes: &mut Bytes<'_>) -> String {
    let all: Vec<_> = vocabulary().skus.iter().collect();
    all[bytes.below(all.len())].0.clone()
}
