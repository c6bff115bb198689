//! How far the engine can be believed, in one table: every published case with what is off, and what nobody knows. The README
//! and `tests/published/README.md` are made here, so that they say what the tests find.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use model::comparison::{View, compare};
use model::export::figures::{percent, signed};
use model::parameters::{Confidence, PARAMETERS};
use model::presets::{Maturity, PRESETS};
use model::published::{Beside, Figure, Measure, Published};
use model::units::separated;

use super::cases::{CASES, Scenario, Test, files};
use super::file;
use crate::{catalog, parse};

/// Set to anything, this makes the tests write what they would compare.
const WRITE: &str = "HIGHWATER_HONESTY";

/// What stands around the README's part.
const MARKS: [&str; 2] = ["<!-- honesty: made by a test -->\n", "<!-- honesty: end -->\n"];

/// What is not known, by anybody that publishes it, and where it shows.
const GAPS: &[(&str, &str)] = &[
    (
        "CPU by codec, TLS and batch size on current machines",
        "no independent measurement: CPU terms are known to ± 50 %, and so is every fleet that CPU sizes (`cpu_factor`)",
    ),
    (
        "Readers far behind, and small batches",
        "what they cost in CPU, and what block storage answers under mixed replay, is published for single setups only",
    ),
    (
        "Latency of object storage",
        "percentiles are mostly vendors' own and differ by region; the far tail is poorly known",
    ),
    (
        "Failures",
        "how often zones fail, and how often together, has no good public series (`zone_failures`, `broker_failures`)",
    ),
    (
        "Fees that vendors negotiate",
        "a platform that lacks one is shown with `≥` and not ranked, until the scenario has a quote (`licence`)",
    ),
    (
        "Loads of the utility and vehicle examples",
        "record sizes and rates of some (OpenSG, GB/T 32960) are second-hand: replace them with your own",
    ),
];

/// What a plan leaves out.
const NOT_MODELLED: &[&str] = &[
    "clients: their machines, their code, and their share of TLS and compression",
    "load within an hour: it is what its curve says, without bursts; queues follow from rates, not from chance",
    "which broker leads which partition: leaders are taken as balanced; the hottest partition of skewed keys counts",
    "transactions, schema registries and stream processing; governance and compatibility, which take your own marks",
    "boot volumes, taxes, free allowances, spot machines, and quotas of your accounts",
    "daylight saving: time zones are fixed offsets",
];

/// A published case beside ours.
struct Told {
    id: String,
    published: Published,
    beside: Vec<Beside>,
}

fn told() -> Vec<Told> {
    let one = |id: String| {
        let scenario = parse(&file(&id));
        let prices = catalog().price_list(&scenario.prices).expect("a region of the catalogue");
        let beside = compare(&scenario, &prices.into(), View::Horizon).published;
        Told { id, published: scenario.published.expect("a published case"), beside }
    };
    files().into_iter().map(one).collect()
}

impl Told {
    fn within(&self) -> usize {
        self.beside.iter().filter(|beside| beside.is_within() == Some(true)).count()
    }

    /// The figure that is furthest off.
    fn furthest(&self) -> &Beside {
        let off = |beside: &&Beside| beside.difference().map_or(f64::INFINITY, f64::abs);
        let all = self.beside.iter();
        all.max_by(|one, other| off(one).total_cmp(&off(other))).expect("a case has figures")
    }
}

fn what(figure: &Figure) -> String {
    let mut text = figure.what.name().to_owned();
    if let Some(cause) = figure.cause {
        write!(text, ", {}", cause.name()).expect("memory takes it");
    }
    if let Some(other) = &figure.against {
        write!(text, " saved against {other}").expect("memory takes it");
    }
    if let Some(period) = figure.period {
        write!(text, ", a {}", period.name()).expect("memory takes it");
    }
    text
}

fn off(beside: &Beside) -> String {
    /// From here on people think in times, and not in per cent.
    const TWICE: f64 = 0.995;
    let is_share = beside.figure.amount.measure == Measure::Share;
    match beside.difference() {
        None => "–".to_owned(),
        Some(share) if is_share => format!("{} points", signed(&percent(share))),
        Some(share) if share < TWICE => signed(&percent(share)),
        Some(share) => {
            let times = 1.0 + share;
            let decimals = usize::from(times < 9.95);
            format!("× {}", separated(&format!("{times:.decimals$}")))
        }
    }
}

/// Columns of the README's text.
const COLUMNS: usize = 125;

/// A paragraph or an item of a list, in lines.
fn wrapped(text: &str) -> String {
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push(format!("{indent}{word}"));
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.join("\n") + "\n"
}

/// A cell of a table in Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The README's part: a row for each case, its figure that is furthest off, and what is not known.
fn summary(all: &[Told]) -> String {
    let sound: Vec<&Told> = all.iter().filter(|told| told.published.consistent).collect();
    let figures: Vec<&Beside> = sound.iter().flat_map(|told| &told.beside).collect();
    // Whole brokers and shares are not off by a part of themselves.
    let mut parts: Vec<f64> = figures
        .iter()
        .filter(|beside| beside.figure.amount.measure != Measure::Share)
        .filter_map(|beside| Some(beside.difference()?.abs()))
        .collect();
    parts.sort_by(f64::total_cmp);
    let most = parts.last().copied().expect("a figure");
    // What a table of whole dollars shows as the same.
    const SAME: f64 = 5e-4;
    let same = parts.iter().filter(|part| **part < SAME).count();
    let within: usize = sound.iter().map(|told| told.within()).sum();
    let mut text = wrapped(&format!(
        "{} published cases are scenarios of `examples/published`. Of the {} whose figures follow from their own inputs, {within} of \
         {} figures come out within their tolerance: {same} of them the same to 0.05 %, the others off by {} at most. The {} others \
         do not follow from their own inputs; the file names the slip, and a test makes it on purpose. Each row shows the figure \
         that is furthest off; [`tests/published/README.md`](tests/published/README.md) has all of them, and what explains them.",
        all.len(),
        sound.len(),
        figures.len(),
        percent(most),
        all.len() - sound.len(),
    ));
    text.push_str(
        "\n| Case | Says | Figure | Theirs | Ours | Off by | Agree | Slip of the source |\n|---|---|---|--:|--:|--:|--:|---|\n",
    );
    for told in all {
        let worst = told.furthest();
        let slips: Vec<String> =
            told.published.slips.iter().map(|slip| slip.kind.name().replace('-', " ")).collect();
        writeln!(
            text,
            "| [{id}](examples/published/{id}.toml) | {} | {} | {} | {} | {} | {} of {} | {} |",
            told.published.source_kind.name().replace('-', " "),
            cell(&what(&worst.figure)),
            worst.figure.amount.written(worst.figure.amount.value),
            worst.ours.map_or_else(|| "–".to_owned(), |ours| worst.figure.amount.written(ours)),
            off(worst),
            told.within(),
            told.beside.len(),
            slips.join(", "),
            id = told.id,
        )
        .expect("memory takes it");
    }
    let tests: Vec<String> = CASES
        .iter()
        .filter_map(|(id, _, held)| match held {
            Test(why, _) => Some(format!("`{id}` ({why})")),
            Scenario => None,
        })
        .collect();
    text.push('\n');
    text.push_str(&wrapped(&format!(
        "{} more are held by tests alone, because they cannot be scenarios: {}.",
        tests.len(),
        tests.join(", ")
    )));
    text.push_str("\nNot known, by anybody who publishes it:\n\n");
    for (what, shows) in GAPS {
        text.push_str(&wrapped(&format!("- **{what}:** {shows}.")));
    }
    let mut notes: Vec<(&str, Vec<&str>)> = Vec::new();
    for preset in PRESETS {
        let (Maturity::VendorDescribed(note) | Maturity::NotReleased(note)) = preset.maturity
        else {
            continue;
        };
        match notes.iter_mut().find(|(known, _)| *known == note) {
            Some((_, names)) => names.push(preset.name),
            None => notes.push((note, vec![preset.name])),
        }
    }
    let notes: Vec<String> =
        notes.iter().map(|(note, names)| format!("{} ({note})", quoted(names))).collect();
    text.push_str(&wrapped(&format!(
        "- **Platforms that only their vendor describes, or that are not released:** {}.",
        notes.join("; ")
    )));
    text.push_str(&wrapped(&format!(
        "- **{} settings of platforms** rest on {}.",
        PARAMETERS.len(),
        trusted()
    )));
    text.push_str("\nNot modelled:\n\n");
    for what in NOT_MODELLED {
        text.push_str(&wrapped(&format!("- {what}")));
    }
    text
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// How many settings rest on what.
fn trusted() -> String {
    let kinds = [
        (Confidence::Code, "a product's code or reference"),
        (Confidence::Measured, "a published measurement"),
        (Confidence::Vendor, "what a vendor says"),
        (Confidence::Derived, "other facts"),
        (Confidence::RuleOfThumb, "a rule of thumb"),
        (Confidence::Unverified, "nothing that was verified"),
    ];
    let count = |kind| PARAMETERS.iter().filter(|row| row.confidence == kind).count();
    let told = kinds.map(|(kind, what)| format!("{what} ({})", count(kind)));
    let (last, most) = told.split_last().expect("kinds");
    format!("{} or {last}", most.join(", "))
}

/// Every figure of every case, with what lies behind.
fn whole(all: &[Told]) -> String {
    let mut text = "# Published figures beside ours\n\nMade by `tests/published/honesty.rs` from what `highwater compare` finds; do not edit. Ours is the plan of the file\nbeside, through its horizon. A figure agrees where it is off by no more than its tolerance.\n".to_owned();
    for Told { id, published, beside } in all {
        writeln!(
            text,
            "\n## [{id}](../../examples/published/{id}.toml)\n\n[{}]({}), {}, {}.\n\n| Platform | Figure | Theirs | Ours | Off by | Tolerance | Agrees |\n|---|---|--:|--:|--:|--:|---|",
            published.title,
            published.url,
            published.source_kind.name().replace('-', " "),
            published.date,
        )
        .expect("memory takes it");
        for one in beside {
            let figure = &one.figure;
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                cell(&figure.platform),
                cell(&what(figure)),
                figure.amount.written(figure.amount.value),
                one.ours.map_or_else(|| "–".to_owned(), |ours| figure.amount.written(ours)),
                off(one),
                percent(figure.tolerance),
                if one.is_within() == Some(true) { "yes" } else { "no" },
            )
            .expect("memory takes it");
        }
        text.push('\n');
        for slip in &published.slips {
            writeln!(text, "- Its slip, {}: {}", slip.kind.name().replace('-', " "), slip.why)
                .expect("memory takes it");
        }
        for assumption in &published.assumptions {
            writeln!(text, "- {assumption}").expect("memory takes it");
        }
    }
    text
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Holds a file to what it should be, or writes it where that is asked for.
fn hold(path: &Path, expected: &str) {
    let found = fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os(WRITE).is_some() && found != expected {
        fs::write(path, expected).expect("a file of the project");
        return;
    }
    let line = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{} is not what the tests find; write it with `{WRITE}=write cargo test -p tests honesty`\n{line:?}",
        path.display()
    );
}

#[test]
fn the_honesty_table_says_what_tests_find() {
    let all = told();
    hold(&root().join("tests/published/README.md"), &whole(&all));
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("a README");
    let [begin, end] = MARKS;
    let (before, rest) = readme.split_once(begin).expect("where the table begins");
    let (_, after) = rest.split_once(end).expect("where the table ends");
    hold(&path, &format!("{before}{begin}\n{}\n{end}{after}", summary(&all)));
}

/// What the summary counts is what is there: no case without a figure, none that is sound and off.
#[test]
fn the_honesty_table_leaves_out_nothing() {
    let all = told();
    let text = summary(&all);
    for (id, consistent, held) in CASES {
        assert!(text.contains(id), "{id}");
        let told = all.iter().find(|told| told.id == *id);
        assert_eq!(told.is_some(), matches!(held, Scenario), "{id}");
        if let Some(told) = told {
            let agree = told.within() == told.beside.len();
            assert_eq!(
                (agree, told.published.slips.is_empty()),
                (*consistent, *consistent),
                "{id}"
            );
        }
    }
    let rows = text.lines().filter(|line| line.starts_with("| [")).count();
    assert_eq!(rows, files().len());
    // What is told of settings is of those that there are.
    for key in GAPS.iter().flat_map(|(_, shows)| shows.split('`').skip(1).step_by(2)) {
        let is_key = model::parameters::parameter(key).is_some();
        assert!(is_key || key == "≥", "`{key}` is no setting");
    }
}
