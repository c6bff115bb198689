//! The engine gives the same bytes here and there, whatever the page asks it: drawn scenarios with everything that a
//! scenario can say, put to the page's own worker in the browser and to the same sources compiled for this machine.
//!
//! `HIGHWATER_SCENARIOS=2000 cargo test --release -p tests browser::parity -- --nocapture` runs as many as are asked for and
//! says how much was compared; a short share runs with every other test.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use model::export::csv::Table;
use model::export::focus::Version;
use model::export::timeline::Picture;
use model::scenario;
use page_engine::protocol::{
    Ask, Data, FileKind, Later, Per, Reply, Shown, Told, What, packed, unpacked,
};
use page_engine::{later, quick};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::page::{Page, Visit};
use super::{REBUILD, examples, file, generated};

/// What asks the page's engine.
const SCRIPT: &str = include_str!("parity.js");

/// How many scenarios are run where nobody says.
const SCENARIOS: usize = 24;

/// What says how many.
const VARIABLE: &str = "HIGHWATER_SCENARIOS";

/// Scenarios that share an engine: it remembers what it was asked.
const TOGETHER: usize = 4;

/// How long the page may take for the questions of so many scenarios.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// Seconds that the optimizer has, which it does not need: an answer that a clock has ended is like no other.
const SECONDS: u32 = 100_000;

/// Pixels of pictures, as on a phone and on a desk.
const WIDTHS: [u32; 2] = [328, 960];

/// What a value is varied between, to find where platforms cross.
const RANGE: (&str, &str) = ("1 d", "60 d");

/// A question, what it is about, and its answer here.
struct Question {
    what: String,
    /// As the page would send it, in base64; after a `+` to the module that is loaded later.
    sent: String,
    answer: Vec<u8>,
}

/// Scenarios that share an engine.
#[derive(Default)]
struct Batch {
    scenarios: Vec<(String, String)>,
    questions: Vec<(usize, Question)>,
}

/// One engine of each kind on this machine.
struct Here {
    quick: quick::Engine,
    later: later::Engine,
    questions: Vec<Question>,
    count: u32,
}

impl Here {
    fn ask(&mut self, text: &str, what: What) -> Told {
        let is_later = matches!(what, What::Later(_));
        self.ask_module(is_later, text, what)
    }

    fn ask_module(&mut self, is_later: bool, text: &str, what: What) -> Told {
        self.count += 1;
        let name = format!("{what:?}");
        let ask = Ask { id: self.count, text: text.to_owned(), what };
        let sent = BASE64_STANDARD.encode(packed(&ask));
        let sent = if is_later { format!("+{sent}") } else { sent };
        let reply = catch_unwind(AssertUnwindSafe(|| match is_later {
            true => self.later.reply(ask),
            false => self.quick.reply(ask),
        }));
        let reply = reply.unwrap_or_else(|_| panic!("it panics at {name} of\n{text}"));
        let answer = packed(&reply);
        self.questions.push(Question { what: name, sent, answer });
        reply.told
    }

    /// The same, once the prices that it waits for have been handed over, as the page would.
    fn answered(&mut self, text: &str, what: &What) -> Told {
        loop {
            let path = match self.ask(text, what.clone()) {
                Told::Awaits(path) => path,
                told => return told,
            };
            let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pricing/catalog");
            let file = fs::read_to_string(catalog.join(&path));
            let file = file.map_err(|error| error.kind().to_string());
            for is_later in [false, true] {
                let (path, file) = (path.clone(), file.clone());
                self.ask_module(is_later, text, What::Prices { path, file });
            }
        }
    }

    /// Everything that the page could ask about a scenario. What takes long is asked about some scenarios alone.
    fn ask_all(&mut self, number: usize, text: &str) {
        let shown = Shown {
            per: Per::ALL[number % Per::ALL.len()],
            data: Data::ALL[number % Data::ALL.len()],
        };
        let Told::Sheet(sheet) = self.answered(text, &What::Sheet(shown)) else {
            // Something is wrong with it, which has been said.
            return;
        };
        let planned = sheet.rows.iter().filter(|row| row.rejected.is_empty() && !row.part);
        let planned: Vec<String> = planned.map(|row| row.name.clone()).collect();
        let width = WIDTHS[number % WIDTHS.len()];
        let whole = (String::new(), String::new());
        let span = sheet.events.first().map_or_else(|| whole.clone(), |event| event.span.clone());
        self.ask(text, What::Pictures { platform: None, span: whole, width });
        self.ask(text, What::Bars { width });
        let mut files = vec![
            FileKind::Table(number % Table::ALL.len(), number.is_multiple_of(2)),
            FileKind::Json,
        ];
        let chart = (!number.is_multiple_of(3)).then_some(number % Picture::ALL.len());
        self.ask(text, What::Picture { chart, platform: None });
        if number % 8 == 5 {
            self.ask(text, What::Later(Later::Sure));
        }
        if number.is_multiple_of(4) {
            files.extend([FileKind::Report, FileKind::Manifest(number.is_multiple_of(8))]);
        }
        for kind in files {
            self.ask(text, What::Later(Later::File { kind, platform: None, today: today(number) }));
        }
        let changed = scenario::set(text, "stream.stream-0.compression", "1.7");
        if let Ok(after) = changed {
            self.ask(text, What::Change { after, shown });
        }
        for (index, platform) in planned.iter().enumerate() {
            self.ask(text, What::Why { platform: platform.clone() });
            if index == number % planned.len() {
                self.ask_of_one(number, text, platform, (span.clone(), width));
            }
        }
        if planned.len() > 1 && number % 4 == 1 {
            let (from, to) = (RANGE.0.to_owned(), RANGE.1.to_owned());
            let (path, steady) = ("stream.stream-0.retention".to_owned(), number % 8 == 1);
            let between = planned.clone();
            let asked = Later::BreakEven { path, from, to, between, steady, width };
            self.ask(text, What::Later(asked));
        }
        if sheet.futures > 0 {
            let steady = number.is_multiple_of(2);
            let futures = || What::Later(Later::Futures { steady });
            while let Told::Futures(drawn) = self.ask(text, futures()) {
                if drawn.done == drawn.of {
                    break;
                }
            }
            for csv in [false, true] {
                self.ask(text, What::Later(Later::FuturesFile { steady, csv }));
            }
        }
    }

    fn ask_of_one(
        &mut self,
        number: usize,
        text: &str,
        platform: &str,
        (span, width): ((String, String), u32),
    ) {
        let platform = platform.to_owned();
        self.ask(text, What::Pictures { platform: Some(platform.clone()), span, width });
        self.ask(text, What::Scorecard { platform: platform.clone() });
        let version = number % Version::ALL.len();
        let files = [
            FileKind::Timeline,
            FileKind::Focus(version),
            FileKind::FocusMetadata(version),
            FileKind::Finance,
        ];
        let kinds = files.into_iter().chain((number % 4 == 3).then_some(FileKind::Workbook));
        for kind in kinds {
            let file = Later::File { kind, platform: Some(platform.clone()), today: today(number) };
            self.ask(text, What::Later(file));
        }
        if number % 4 == 2 {
            let build = Later::Build { platform, seconds: SECONDS };
            self.answered(text, &What::Later(build));
        }
    }
}

/// No day, one on which nothing is old, or one on which all is.
fn today(number: usize) -> Option<String> {
    [None, Some("2000-01-01"), Some("2031-01-01")][number % 3].map(str::to_owned)
}

fn batch(first: usize, scenarios: Vec<(String, String)>) -> Batch {
    let mut here = Here {
        quick: quick::Engine::default(),
        later: later::Engine::default(),
        questions: Vec::new(),
        count: 0,
    };
    let mut batch = Batch::default();
    for (index, (_, text)) in scenarios.iter().enumerate() {
        here.ask_all(first + index, text);
        batch.questions.extend(here.questions.drain(..).map(|question| (index, question)));
    }
    Batch { scenarios, ..batch }
}

/// Files of the page by the beginnings of their names.
fn addresses(page: &Page) -> serde_json::Value {
    json!({
        "app": file(page, "app_bg.", ".wasm"), "later": file(page, "later_bg.", ".wasm"),
        "worker": file(page, "worker.", ".js"),
    })
}

/// Asks the page all questions of a batch, and tells what it answers otherwise.
fn differences(page: &Page, addresses: &serde_json::Value, batch: &Batch) -> Vec<String> {
    let sent: Vec<&str> = batch.questions.iter().map(|(_, question)| &*question.sent).collect();
    page.run(SCRIPT, &[addresses.clone(), json!(sent)]);
    let started = Instant::now();
    while page.eval("window.answers.done") != json!(true) {
        assert!(started.elapsed() < PATIENCE, "{}", page.eval("window.answers.hashes.length"));
        thread::sleep(Duration::from_millis(50));
    }
    let hashes: Vec<String> =
        serde_json::from_value(page.eval("window.answers.hashes")).expect("hashes are texts");
    let mut found = Vec::new();
    for (at, (scenario, question)) in batch.questions.iter().enumerate() {
        let here: String =
            Sha256::digest(&question.answer).iter().map(|byte| format!("{byte:02x}")).collect();
        let there = hashes.get(at).map_or("nothing", String::as_str);
        if here == there {
            continue;
        }
        let (name, text) = &batch.scenarios[*scenario];
        let how = match there.len() == here.len() {
            true => difference(page, at, &question.answer),
            false => there.to_owned(),
        };
        found.push(format!("{name}, {}: {how}\n{text}", question.what));
        if hashes.len() <= at {
            break;
        }
    }
    found
}

/// The first line that is not the same.
fn difference(page: &Page, at: usize, here: &[u8]) -> String {
    let script = "
        const [at, done] = arguments;
        const reader = new FileReader();
        reader.onload = () => done(reader.result.split(',')[1]);
        reader.readAsDataURL(new Blob([window.answers.replies[at]]));";
    let there = page.run_async(script, &[json!(at)]);
    let there = BASE64_STANDARD.decode(there.as_str().unwrap_or_default()).unwrap_or_default();
    let lines = |bytes: &[u8]| match unpacked::<Reply>(bytes) {
        // Files are texts of many lines.
        Some(reply) => format!("{reply:#?}").replace("\\n", "\n"),
        None => format!("{} bytes: {bytes:?}", bytes.len()),
    };
    let (here, there) = (lines(here), lines(&there));
    let other = here.lines().zip(there.lines()).find(|(here, there)| here != there);
    match other {
        Some((here, there)) => format!("\n  here:  {here}\n  there: {there}\n"),
        None => "the same, but packed otherwise".to_owned(),
    }
}

#[test]
fn every_question_has_the_same_answer_here_and_there() {
    let asked = env::var(VARIABLE).ok();
    let count = asked.as_deref().map_or(SCENARIOS, |count| count.parse().expect(VARIABLE));
    let Some(page) = Page::visit(Visit::default()) else { return };
    page.wait_text(".headline", "$");
    let addresses = addresses(&page);
    let mut scenarios = generated::varied(count);
    if asked.is_some() {
        let few =
            |(name, text): (String, String)| (name, text.replace("draws = 512", "draws = 32"));
        scenarios.extend(examples().into_iter().map(few));
    }
    let (send, receive) = mpsc::sync_channel(2);
    let (mut found, mut tally) = (Vec::new(), BTreeMap::<String, (usize, usize)>::new());
    let started = Instant::now();
    thread::scope(|scope| {
        let scenarios = &scenarios;
        scope.spawn(move || {
            for (index, together) in scenarios.chunks(TOGETHER).enumerate() {
                // Whoever listens has given up.
                if send.send(batch(index * TOGETHER, together.to_vec())).is_err() {
                    return;
                }
            }
        });
        let mut done = 0;
        for batch in receive {
            let new = differences(&page, &addresses, &batch);
            new.iter().for_each(|new| println!("{new}"));
            found.extend(new);
            done += batch.scenarios.len();
            for (_, question) in &batch.questions {
                let verb = question.what.split([' ', '(']).next().unwrap_or_default();
                let of = tally.entry(verb.to_owned()).or_default();
                *of = (of.0 + 1, of.1 + question.answer.len());
            }
            if asked.is_some() {
                let seconds = started.elapsed().as_secs();
                println!("{done} scenarios, {} differences, {seconds} s", found.len());
            }
        }
    });
    for (verb, (questions, bytes)) in &tally {
        println!("{verb}: {questions} questions, {} kB of answers", bytes / 1000);
    }
    assert!(
        found.is_empty(),
        "{} differ; {REBUILD}\n{}",
        found.len(),
        found[..found.len().min(5)].join("\n\n")
    );
}

/// A generator that leaves something out would prove nothing about it.
#[test]
fn drawn_scenarios_say_everything_that_a_scenario_can() {
    use model::scenario::fields::{self, Section};
    let vocabulary = crate::catalog().vocabulary();
    let drawn = generated::varied(200);
    let whole = drawn.iter().filter(|(_, text)| scenario::parse(text, &vocabulary).is_ok());
    let whole: Vec<_> = whole.map(|(_, text)| text.as_str()).collect();
    assert!(whole.len() > 150 && whole.len() < 200, "{} of 200 can be planned", whole.len());
    let mut met: BTreeMap<Section, usize> = BTreeMap::new();
    for text in &whole {
        let outline = scenario::outline(text).expect("it is TOML");
        count(&outline, &mut met);
    }
    // What nobody plans with: it is held beside a plan, by the command alone.
    let beside = [
        Section::Published,
        Section::Slip,
        Section::Figure,
        Section::Actuals,
        Section::ActualsMap,
        Section::Correlation,
    ];
    for section in Section::ALL {
        let is_met = met.contains_key(&section);
        assert!(is_met || beside.contains(&section), "no {section} in 200 scenarios: {met:?}");
    }
    let keys =
        [Section::Platform, Section::Stream, Section::Lines].into_iter().flat_map(fields::of);
    let keys: Vec<_> = keys.filter(|row| !row.example.is_empty()).collect();
    let said =
        |row: &&fields::Field| whole.iter().any(|text| text.contains(&format!("{} = ", row.key)));
    let silent = keys.iter().filter(|row| !said(row)).count();
    assert!(silent * 4 < keys.len(), "{silent} of {} keys are never said", keys.len());
}

fn count(outline: &scenario::Outline, met: &mut BTreeMap<model::scenario::fields::Section, usize>) {
    *met.entry(outline.section).or_default() += 1;
    outline.sections.iter().for_each(|inner| count(inner, met));
}
