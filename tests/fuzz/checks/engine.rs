//! The whole engine: a drawn scenario, compared and exported in every way.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use model::breakeven::{self, Question};
use model::brief::Shelf;
use model::chart::Paper;
use model::comparison::{self, Comparison, View};
use model::explain::explain;
use model::export::assumptions::assumptions;
use model::export::audit::{Audit, Origin};
use model::export::csv::{self, Profile, Table, Tables};
use model::export::focus::{File, Version};
use model::export::report::{self, Report};
use model::export::timeline::{self, Extent, Picture};
use model::export::workbook::{self, Asked};
use model::export::{bars, document, finance, json, variance as differences, xlsx};
use model::finance::{Ask, Key, accounts};
use model::horizon;
use model::prices::Prices;
use model::range::Range;
use model::scenario::{Draft, Scenario};
use model::scorecard::scorecard;
use model::sweep::{self, Axis, Grid, Sweep};
use model::uncertainty::{Futures, Market, study};
use model::variance::{Rates, variance};
use pricing::Contracts;
use serde_json::Value;

use super::draw::{Bytes, Drawn, change, drawn};
use super::{embedded, finite, not_a_number, refused, told, vocabulary};

/// Ways to look at a comparison; each input takes one or two of them, since all would take long.
const WAYS: [fn(&Seen<'_>, &mut Bytes<'_>); 14] = [
    documents,
    focus,
    html,
    tables,
    money,
    in_workbook,
    explained,
    differing,
    swept,
    even,
    uncertain,
    scored,
    drawn_through_time,
    debugged,
];

/// Everything that the ways look at.
struct Seen<'a> {
    drawn: &'a Drawn,
    prices: &'a Prices,
    comparison: &'a Comparison,
    audit: &'a Audit,
}

/// Draws a scenario from bytes, compares its platforms, and looks at the result in some ways.
pub fn check(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let (view, first, second) = (bytes.byte(), bytes.below(WAYS.len()), bytes.below(WAYS.len()));
    let drawn = drawn(&mut bytes);
    let Some(prices) = prices(&drawn.scenario) else { return };
    let month = u32::from(view >> 2) % drawn.scenario.horizon.months;
    let view = match view & 3 {
        0 | 1 => View::Horizon,
        2 => View::Month(month),
        _ => View::Steady(month),
    };
    let asked = horizon::Asked { samples: true };
    let comparison = comparison::run(&drawn.scenario, &prices, view, asked, &mut |_| ());
    assert_eq!(comparison.outcomes.len(), drawn.scenario.platforms.len());
    check_rejections(&comparison);
    let origin = Origin::default();
    let audit = Audit::new(&comparison, &drawn.scenario, None, &origin);
    for check in &audit.checks {
        assert!(check.holds, "{check:?}\n{}", drawn.text);
    }
    let text = json::compare(&comparison, &drawn.scenario);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("JSON", &text, &drawn);
    let seen = Seen { drawn: &drawn, prices: &prices, comparison: &comparison, audit: &audit };
    WAYS[first](&seen, &mut bytes);
    if second != first {
        WAYS[second](&seen, &mut bytes);
    }
}

/// The price lists that a scenario asks for. Lists are read once, and priced anew.
fn prices(scenario: &Scenario) -> Option<Prices> {
    type Known = Mutex<HashMap<(String, String), Contracts<'static>>>;
    static KNOWN: OnceLock<Known> = OnceLock::new();
    let known = KNOWN.get_or_init(Known::default);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let lists = scenario.markets().into_iter().map(|(name, choice)| {
        let place = (choice.provider.clone(), choice.region.clone());
        if !known.contains_key(&place) {
            known.insert(place.clone(), Contracts::new(embedded(), choice)?);
        }
        let contracts = known.get_mut(&place).expect("it has just been put there");
        let list = contracts.price_list(choice)?.clone();
        Ok((name.unwrap_or_default().to_owned(), list))
    });
    let lists: Vec<_> = lists.collect();
    match Prices::collect(lists.into_iter().map(|found: Result<_, Vec<_>>| match found {
        Ok((name, list)) => (name, Ok(list)),
        Err(errors) => (String::new(), Err(errors)),
    })) {
        Ok(prices) => Some(prices),
        Err(errors) => {
            errors.iter().for_each(|error| told(&error.to_string(), &error.hint()));
            None
        }
    }
}

fn check_rejections(comparison: &Comparison) {
    for outcome in &comparison.outcomes {
        match outcome {
            Ok(plan) => {
                for gap in &plan.bill.gaps {
                    told(&gap.what, &gap.hint);
                }
            }
            Err(rejection) => {
                assert!(!rejection.reasons.is_empty(), "rejected without a reason");
                for reason in &rejection.reasons {
                    told(&reason.to_string(), &reason.hint());
                    finite("a reason", &reason.to_string());
                }
            }
        }
    }
    for sentence in &comparison.verdict.sentences {
        finite("the verdict", sentence);
    }
}

/// No number in a text is none; the scenario is told where one is.
#[track_caller]
fn shown(what: &str, text: &str, drawn: &Drawn) {
    if let Some(found) = not_a_number(text) {
        panic!("{what} says a number that is none:\n{found}\nof\n{}", drawn.text);
    }
}

fn documents(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let scenario = &seen.drawn.scenario;
    let text = document::json(seen.comparison, scenario, None, seen.audit);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert!(value["audit"].is_object() && value["ledger"].is_array());
    shown("a document", &text, seen.drawn);
    for plan in seen.comparison.plans() {
        let text = json::plan(seen.comparison, scenario, Some(&plan.design.name));
        shown("JSON of a plan", &text, seen.drawn);
    }
}

fn focus(seen: &Seen<'_>, bytes: &mut Bytes<'_>) {
    let version = bytes.pick(&Version::ALL);
    let names = seen.comparison.plans().map(|plan| Some(plan.design.name.as_str()));
    for platform in names.chain([None]) {
        let (comparison, scenario) = (seen.comparison, &seen.drawn.scenario);
        let file = File { comparison, scenario, version, platform, audit: seen.audit };
        match file.csv() {
            Err(refusals) => {
                assert!(!refusals.is_empty());
                refusals.iter().for_each(|one| told(&one.to_string(), one.hint()));
            }
            Ok(text) => {
                rows(&text);
                shown("FOCUS", &text, seen.drawn);
                let metadata = file.metadata();
                let _: Value = serde_json::from_str(&metadata).expect("JSON");
                shown("metadata", &metadata, seen.drawn);
            }
        }
    }
}

/// Rows of CSV, each as long as the head.
#[track_caller]
fn rows(text: &str) -> usize {
    let rows = ::csv::Reader::from_reader(text.as_bytes()).into_records();
    let rows: Result<Vec<_>, _> = rows.collect();
    rows.expect("as many cells as the head").len()
}

fn html(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let Seen { drawn, comparison, audit, .. } = seen;
    let (scenario, text) = (&drawn.scenario, &*drawn.text);
    let found = accounts(comparison, scenario, Ask::default(), &[], &mut |_| Vec::new());
    let (cards, accounts) = (&[][..], &found[..]);
    let page = report::html(&Report {
        comparison,
        scenario,
        text,
        platform: None,
        cards,
        accounts,
        audit,
    });
    assert!(page.ends_with("</html>\n"));
    shown("a report", &page, drawn);
}

fn tables(seen: &Seen<'_>, bytes: &mut Bytes<'_>) {
    let Seen { drawn, comparison, audit, .. } = seen;
    let scenario = &drawn.scenario;
    let profile = match bytes.below(2) {
        0 => Profile::default(),
        _ => Profile::new(";", ",", true).expect("a profile"),
    };
    for table in Table::ALL {
        let tables = Tables { comparison, scenario, platform: None, profile };
        let mut text = String::new();
        let counted = table.write(&tables, (&drawn.text, audit), &mut text).expect("memory");
        if profile == Profile::default() {
            assert_eq!(rows(&text) as u64, counted, "{}", table.file());
        }
        shown(table.file(), &text, drawn);
    }
    rows(&csv::compare(comparison, scenario));
    for one in assumptions(scenario, &drawn.text, None) {
        finite("an assumption", &format!("{one:?}").replace("_inf", ""));
    }
}

fn money(seen: &Seen<'_>, bytes: &mut Bytes<'_>) {
    let Seen { drawn, comparison, .. } = seen;
    let scenario = &drawn.scenario;
    let ask = Ask { key: bytes.pick(Key::ALL), against: None, platform: None };
    let found = accounts(comparison, scenario, ask, &[], &mut |_| Vec::new());
    shown("accounts", &format!("{found:?}"), drawn);
    let text = finance::json(comparison, scenario, &found, None);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("finance", &text, drawn);
    let text = finance::csv(comparison, scenario, &found, None);
    rows(&text);
    shown("finance as a table", &text, drawn);
}

fn in_workbook(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let Seen { drawn, comparison, prices, audit } = seen;
    let scenario = &drawn.scenario;
    let Some(plan) = comparison.plans().next() else { return };
    let platform = &plan.design.name;
    let cases = workbook::cases(comparison, scenario, prices, platform, &[0, 2], &mut |_| ());
    let facts = audit.facts().into_iter().map(|(name, value)| (name.to_owned(), value));
    let asked = Asked { platform, audit: facts.collect(), created: None };
    let described = workbook::workbook(comparison, scenario, &cases, &asked);
    let described = described.expect("the platform has a plan");
    shown("a workbook", &format!("{described:?}"), drawn);
    let bytes = xlsx::bytes(&described).unwrap_or_else(|error| panic!("{error}\n{}", drawn.text));
    assert!(bytes.starts_with(b"PK"));
}

fn explained(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let Seen { drawn, comparison, .. } = seen;
    let plans: Vec<_> =
        comparison.plans().map(|plan| (plan, explain(plan, &drawn.scenario))).collect();
    for (_, explanations) in &plans {
        shown("what explains", &format!("{explanations:?}"), drawn);
    }
    let text = json::explain(comparison, &plans, None);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("an explanation", &text, drawn);
}

/// A scenario beside another that differs in a value or two.
fn differing(seen: &Seen<'_>, bytes: &mut Bytes<'_>) {
    let Seen { drawn, comparison, .. } = seen;
    let mut other = Drawn { text: drawn.text.clone(), scenario: drawn.scenario.clone() };
    change(&mut other, bytes);
    let Some(prices) = prices(&other.scenario) else { return };
    let view = match comparison.view {
        View::Month(index) | View::Steady(index) if index >= other.scenario.horizon.months => {
            View::Horizon
        }
        view => view,
    };
    let after = comparison::compare(&other.scenario, &prices, view);
    let (a, b) = (&drawn.scenario.finance, &other.scenario.finance);
    let rates = Rates::of(a, b);
    let pairs = comparison.plans().zip(after.plans());
    let found: Vec<_> = pairs.map(|(one, two)| variance((one, a), (two, b), &rates)).collect();
    for pair in &found {
        let both = pair.total_a() + pair.effects().total();
        assert_eq!(both, pair.total_b(), "{}\n{}", drawn.text, other.text);
    }
    let sides = differences::Sides { a: "a", b: "b" };
    let text = differences::json(sides, &found);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("a difference", &text, drawn);
    rows(&differences::csv(&found));
    let changes = [("title".to_owned(), "other".to_owned())];
    let both = ((*comparison, &drawn.scenario), (&after, &other.scenario));
    shown("what if", &json::whatif(&changes, both.0, both.1, None), drawn);
}

/// Paths that can be varied, and ends.
const VARIED: [(&str, &str, &str); 8] = [
    ("stream.a.retention", "1 h", "400 d"),
    ("stream.a.every", "1 s", "1 d"),
    ("stream.b.produce", "1 KiB/s", "3 GiB/s"),
    ("stream.a.compression", "0.1", "1000"),
    ("stream.*.growth", "-20 %/month", "100 %/month"),
    ("prices.discount.compute", "0 %", "100 %"),
    ("platform.one.brokers", "1", "1000"),
    ("stream.a.sources", "1", "1000000000"),
];

fn swept(seen: &Seen<'_>, bytes: &mut Bytes<'_>) {
    let Seen { drawn, comparison, .. } = seen;
    let mut draft = Draft::read(&drawn.text, vocabulary()).expect("a scenario is a draft");
    let (path, from, to) = bytes.pick(&VARIED);
    let axis = match Axis::read(&draft, &format!("{path}={from}:{to}:3")) {
        Ok(axis) => axis,
        Err(error) => return refused(&error.to_string(), error.hint().as_deref()),
    };
    let grid = Grid::product(vec![axis]).expect("one axis");
    let platforms = (0..drawn.scenario.platforms.len()).collect();
    let sweep = Sweep { grid, platforms, view: comparison.view };
    let mut text = model::export::sweep::head(&sweep.grid);
    let look = look_up;
    let mut shelf = Shelf::new(&look);
    sweep::points(&sweep, &mut draft, &mut shelf, 0..3, &mut |index, point| {
        finite("a point", &format!("{:?}", point.outcome));
        model::export::sweep::rows(&sweep, &drawn.scenario, index, point, &mut text);
    });
    rows(&text);
    shown("a sweep", &text, drawn);
}

fn look_up(scenario: &Scenario) -> Result<Prices, String> {
    prices(scenario).ok_or_else(|| "no prices".to_owned())
}

fn even(seen: &Seen<'_>, bytes: &mut Bytes<'_>) {
    let Seen { drawn, comparison, .. } = seen;
    if drawn.scenario.platforms.len() < 2 {
        return;
    }
    let draft = Draft::read(&drawn.text, vocabulary()).expect("a scenario is a draft");
    let (path, from, to) = bytes.pick(&VARIED);
    let along = match Range::new(&draft, path, (from, to), None) {
        Ok(along) => along,
        Err(error) => return refused(&error.to_string(), error.hint().as_deref()),
    };
    let view = comparison.view;
    let question =
        Question { draft: &draft, along, between: vec![0, 1], view, precision: 0.01, scan: 3 };
    let look = look_up;
    let answer = breakeven::breakeven(&question, &mut Shelf::new(&look), &mut |_| ());
    shown("an answer", &format!("{answer:?}"), drawn);
    let text = model::export::breakeven::json(&answer);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("a break-even", &text, drawn);
    rows(&model::export::breakeven::csv(&answer));
    shown("its picture", &model::export::breakeven::svg("drawn", &answer, Paper::default()), drawn);
    let _ = model::export::breakeven::told(&answer);
}

fn uncertain(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let Seen { drawn, prices, .. } = seen;
    if drawn.scenario.uncertainty.inputs.is_empty() {
        return;
    }
    let draft = Draft::read(&drawn.text, vocabulary()).expect("a scenario is a draft");
    let mut futures = Futures::new(drawn.scenario.clone(), draft, Some(8), View::Steady(0));
    let look = look_up;
    let market = if futures.draw_prices() { Market::Looked(&look) } else { Market::Fixed(prices) };
    let standing = futures.standing(&market);
    let all: Vec<_> =
        (0..futures.count()).map(|index| futures.run(index, &standing, &market)).collect();
    let table = model::export::uncertainty::csv(&futures, &all);
    rows(&table);
    shown("futures", &table, drawn);
    let study = study(&mut futures, &standing, &all, &market);
    shown("a study's figures", &format!("{study:?}"), drawn);
    let text = model::export::uncertainty::json(&study);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("a study", &text, drawn);
    for sentence in model::export::uncertainty::sentences(&study) {
        shown("a sentence", &sentence, drawn);
    }
}

fn scored(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let Seen { drawn, comparison, prices, .. } = seen;
    let Some(plan) = comparison.plans().next() else { return };
    let card = scorecard(plan, &drawn.scenario, prices);
    shown("a card", &format!("{card:?}"), drawn);
    let text = model::export::scorecard::json("drawn", &[card]);
    let _: Value = serde_json::from_str(&text).expect("JSON");
    shown("a scorecard", &text, drawn);
}

fn drawn_through_time(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    let Seen { drawn, comparison, .. } = seen;
    let scenario = &drawn.scenario;
    let paper = Paper::default();
    shown("bars", &bars::svg(comparison, paper), drawn);
    if comparison.view == View::Horizon {
        let extent = Extent::whole(None, &scenario.horizon);
        shown("curves", &timeline::svg(comparison, scenario, extent, Picture::ALL, paper), drawn);
        let table = timeline::csv(comparison, scenario, extent);
        rows(&table);
        shown("a timeline", &table, drawn);
        shown("a timeline as JSON", &timeline::json(comparison, scenario, extent), drawn);
    }
}

/// Every number in a plan, whether anything shows it or not.
fn debugged(seen: &Seen<'_>, _: &mut Bytes<'_>) {
    for plan in seen.comparison.plans() {
        shown("a plan", &format!("{plan:?}"), seen.drawn);
    }
}
