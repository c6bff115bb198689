//! How sure a verdict is, in words, figures and files.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::breakeven::period;
use super::csv::{END, record, text};
use super::figures::{counted, percent, signed};
use super::json::{SCHEMA_VERSION, pretty};
use super::uncertainty::dollars;
use crate::chart::Table;
use crate::comparison::sentence_list;
use crate::parameters::Confidence;
use crate::range;
use crate::sensitivity::{Closest, Flip, PRECISION, STEPS, Study, Subject, Trial, Value};
use crate::units::separated;

/// How sure a verdict is, as people read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What is compared.
    pub subject: String,
    /// What to make of it, the conclusion first.
    pub sentences: Vec<String>,
    /// Defaults that make another platform the cheapest, the nearest first.
    pub flips: Table,
    /// Where those defaults come from.
    pub sources: Vec<String>,
    /// Defaults that come closest and do not.
    pub closest: Table,
    /// What was looked at, and what that cannot see.
    pub method: String,
}

/// Defaults that do not change the verdict and are named all the same.
const CLOSEST_MAX: usize = 5;

/// Digits of a value: as close as it is found.
const DIGITS: usize = 4;

/// In words and tables.
pub fn told(study: &Study) -> Told {
    Told {
        subject: format!("{}, {}", counted(study.platforms.len(), "platform"), period(study.view)),
        sentences: sentences(study),
        flips: flips(study),
        sources: sources(study),
        closest: closest(study),
        method: method(study),
    }
}

fn name(study: &Study, platform: usize) -> &str {
    study.platforms.get(platform).map_or("", String::as_str)
}

/// A value as people read it.
fn shown(trial: &Trial, value: &Value) -> String {
    match (value, &trial.scale) {
        (Value::Number(number), Some(scale)) => range::show(scale, *number, DIGITS),
        (Value::Number(number), None) => number.to_string(),
        (Value::Word(word), _) => (*word).to_owned(),
    }
}

/// A value as a scenario writes it, to the last digit.
pub fn written(trial: &Trial, value: &Value) -> String {
    match (value, &trial.scale) {
        (Value::Number(number), Some(scale)) => scale.write(*number),
        (Value::Number(number), None) => number.to_string(),
        (Value::Word(word), _) => (*word).to_owned(),
    }
}

/// The default, as the other values are shown.
fn default(trial: &Trial) -> String {
    let number = trial.numbers.map(|[default, ..]| Value::Number(default));
    number.map_or_else(|| trial.subject.value.clone(), |number| shown(trial, &number))
}

/// Whose default it is.
fn whose(study: &Study, subject: &Subject) -> String {
    let names = || subject.platforms.iter().map(|place| name(study, *place).to_owned());
    match subject.platforms.len() {
        all if all == study.platforms.len() && all > 1 => "every platform".to_owned(),
        1..=3 => sentence_list(&names().collect::<Vec<_>>()),
        count => format!("{count} platforms"),
    }
}

/// Whether nobody vouches for a default.
fn is_soft(confidence: Confidence) -> bool {
    matches!(confidence, Confidence::RuleOfThumb | Confidence::Unverified)
}

/// What to make of it: the conclusion first.
pub fn sentences(study: &Study) -> Vec<String> {
    let [first, rest @ ..] = &study.ranking[..] else {
        return vec!["No platform has a cost to compare: there is no verdict to try.".to_owned()];
    };
    let mut list = vec![match rest {
        [] => format!(
            "{} costs {} a month, and nothing else has a cost to compare.",
            name(study, first.platform),
            dollars(first.cost)
        ),
        [next, ..] => format!(
            "{} costs least: {} a month; {} is next with {}, {} more.",
            name(study, first.platform),
            dollars(first.cost),
            name(study, next.platform),
            dollars(next.cost),
            percent((next.cost - first.cost) / first.cost)
        ),
    }];
    let flipping = study.trials.iter().filter(|trial| !trial.flips.is_empty());
    let bearing = study.trials.iter().filter(|trial| trial.bears).count();
    let (tried, flips) = (study.trials.len(), flipping.clone().count());
    list.push(format!(
        "Of {}, each moved by itself through its plausible range, {} another platform the cheapest, {} costs and {} the verdict, and {} no cost here.",
        counted(tried, "default"),
        verb(flips, "makes", "make"),
        verb(bearing - flips, "moves", "move"),
        if bearing - flips == 1 { "leaves" } else { "leave" },
        verb(tried - bearing, "moves", "move"),
    ));
    let soft = flipping.filter(|trial| is_soft(trial.subject.confidence)).count();
    match study.flipping().first() {
        Some((trial, flip)) => {
            list.push(nearest(study, trial, flip));
            if soft > 0 {
                list.push(format!(
                    "{soft} of the {flips} rest on a rule of thumb or on nothing verified: figures of your own are worth most there."
                ));
            }
        }
        None => list.extend(study.holding().first().map(|(trial, closest)| {
            format!(
                "The closest is `{}` at {}: {} still costs {} more there.",
                trial.subject.parameter.key,
                shown(trial, &closest.at),
                name(study, closest.next),
                percent(closest.margin())
            )
        })),
    }
    list
}

fn verb(count: usize, one: &str, more: &str) -> String {
    match count {
        0 => format!("none {one}"),
        1 => format!("1 {one}"),
        _ => format!("{} {more}", separated(&count.to_string())),
    }
}

fn nearest(study: &Study, trial: &Trial, flip: &Flip) -> String {
    let Subject { parameter, confidence, .. } = &trial.subject;
    let who = match flip.cheapest {
        Some(platform) => format!("{} costs least", name(study, platform)),
        None => "no platform has a cost to compare".to_owned(),
    };
    let at = shown(trial, &flip.at);
    let Some(way) = flip.of_way else {
        return format!(
            "With `{}` at {at} instead of {} ({}), {who}.",
            parameter.key,
            default(trial),
            confidence.name()
        );
    };
    let distance = flip.of_default.map_or_else(String::new, |share| {
        let side = if share < 0.0 { "below" } else { "above" };
        format!("{} {side} ", percent(share.abs()))
    });
    let from = if distance.is_empty() { "from " } else { "" };
    format!(
        "The nearest is `{}` ({}): at {at}, {distance}{from}its default of {} and {} of the way to the end of its range, {who}.",
        parameter.key,
        confidence.name(),
        default(trial),
        percent(way)
    )
}

fn table(caption: &str, columns: &[&str]) -> Table {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    Table { caption: caption.to_owned(), columns, rows: Vec::new() }
}

fn flips(study: &Study) -> Table {
    let columns = [
        "Default",
        "stands at",
        "flips at",
        "distance",
        "of the way",
        "then cheapest",
        "confidence",
    ];
    let mut table = table("Defaults that make another platform the cheapest", &columns);
    for (trial, flip) in study.flipping() {
        let share = |share: Option<f64>, signs: bool| match share {
            Some(share) if signs => signed(&percent(share)),
            Some(share) => percent(share),
            None => "–".to_owned(),
        };
        table.rows.push(vec![
            trial.subject.parameter.key.to_owned(),
            default(trial),
            shown(trial, &flip.at),
            share(flip.of_default, true),
            share(flip.of_way, false),
            flip.cheapest.map_or("none", |platform| name(study, platform)).to_owned(),
            trial.subject.confidence.name().to_owned(),
        ]);
    }
    table
}

fn sources(study: &Study) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for (trial, flip) in study.flipping() {
        let subject = &trial.subject;
        let why = flip.why.as_ref().zip(study.cheapest()).map(|(why, first)| {
            format!(" {} has no cost to compare there: {why}.", name(study, first))
        });
        let source = format!(
            "`{}` of {}, {}: {}.{}",
            subject.parameter.key,
            whose(study, subject),
            default(trial),
            subject.source.trim_end_matches('.'),
            why.unwrap_or_default()
        );
        if !list.contains(&source) {
            list.push(source);
        }
    }
    list
}

fn closest(study: &Study) -> Table {
    let columns = ["Default", "stands at", "at", "next", "costs more by", "confidence"];
    let mut table = table("Closest of those that do not", &columns);
    for (trial, closest) in study.holding().into_iter().take(CLOSEST_MAX) {
        table.rows.push(vec![
            trial.subject.parameter.key.to_owned(),
            default(trial),
            shown(trial, &closest.at),
            name(study, closest.next).to_owned(),
            percent(closest.margin()),
            trial.subject.confidence.name().to_owned(),
        ]);
    }
    table
}

fn method(study: &Study) -> String {
    let left = study.left_out;
    let parts: Vec<String> = [
        (left.given, "that the scenario sets"),
        (left.auto, "that follow from the rest (`auto`)"),
        (left.without_range, "that have no range or make a product what it is"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    let left = match parts.is_empty() {
        true => String::new(),
        false => format!(" Settings that are not moved: {}.", sentence_list(&parts)),
    };
    format!(
        "Both sides of a default are looked at in {STEPS} steps or more, between its ends for platforms that come within twice the cheapest at one of them; flips are found to {}; what is undone within a step is not seen, and no two defaults are moved together.{left}",
        percent(PRECISION)
    )
}

/// All of it, for programs. Values are as a scenario writes them.
pub fn json(study: &Study) -> String {
    let platform = |place: Option<usize>| place.map(|place| name(study, place));
    let trials = study.trials.iter().map(|trial| {
        let subject = &trial.subject;
        let flips = trial.flips.iter().map(|flip| {
            json!({
                "at": written(trial, &flip.at),
                "just_before": flip.before.map(|before| written(trial, &Value::Number(before))),
                "share_of_default": flip.of_default,
                "share_of_way": flip.of_way,
                "cheapest": platform(flip.cheapest),
                "cheapest_usd": flip.cost,
                "first_usd": flip.cost_of_first,
                "why_not_first": flip.why,
            })
        });
        let closest = trial.closest.as_ref().map(|closest| {
            json!({
                "at": written(trial, &closest.at),
                "next": name(study, closest.next),
                "cheapest_usd": closest.cost,
                "next_usd": closest.cost_of_next,
                "margin": finite(closest),
            })
        });
        let end = |place: usize| {
            trial.numbers.map(|numbers| written(trial, &Value::Number(numbers[place])))
        };
        json!({
            "key": subject.parameter.key,
            "platforms": subject.platforms.iter().map(|place| name(study, *place)).collect::<Vec<_>>(),
            "default": subject.value,
            "low": end(1),
            "high": end(2),
            "given_by": subject.origin.name(),
            "confidence": subject.confidence,
            "source": subject.source,
            "moves_costs": trial.bears,
            "flips": flips.collect::<Vec<Json>>(),
            "closest": closest,
        })
    });
    let ranking = study
        .ranking
        .iter()
        .map(|rank| json!({ "platform": name(study, rank.platform), "monthly_usd": rank.cost }));
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "sensitivity",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": study.title,
        "period": period(study.view),
        "precision": PRECISION,
        "steps": STEPS,
        "sentences": sentences(study),
        "ranking": ranking.collect::<Vec<Json>>(),
        "not_moved": {
            "given": study.left_out.given,
            "auto": study.left_out.auto,
            "without_range": study.left_out.without_range,
        },
        "defaults": trials.collect::<Vec<Json>>(),
    }))
}

fn finite(closest: &Closest) -> Option<f64> {
    Some(closest.margin()).filter(|margin| margin.is_finite())
}

/// A row for each flip, and one for each default without any; values are as a scenario writes them.
pub fn csv(study: &Study) -> String {
    let mut table = String::new();
    let head = [
        "key",
        "platforms",
        "default",
        "low",
        "high",
        "given_by",
        "confidence",
        "moves_costs",
        "flips",
        "at",
        "just_before",
        "share_of_default",
        "share_of_way",
        "cheapest",
        "cheapest_usd",
        "first",
        "first_usd",
        "closest_at",
        "next",
        "margin",
        "source",
        "why_not_first",
    ];
    record(&mut table, head.into_iter(), END);
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let usd = |usd: Option<f64>| usd.map_or_else(String::new, |usd| format!("{usd:.2}"));
    let first = study.cheapest().map_or("", |place| name(study, place));
    for trial in &study.trials {
        let subject = &trial.subject;
        let names: Vec<&str> = subject.platforms.iter().map(|place| name(study, *place)).collect();
        let end = |place: usize| {
            let end = trial.numbers.map(|numbers| written(trial, &Value::Number(numbers[place])));
            end.unwrap_or_default()
        };
        let closest = trial.closest.as_ref();
        let flips: Vec<Option<&Flip>> = match &trial.flips[..] {
            [] => vec![None],
            flips => flips.iter().map(Some).collect(),
        };
        for flip in flips {
            let before = flip.and_then(|flip| flip.before);
            let cells = [
                subject.parameter.key.to_owned(),
                names.join("; "),
                subject.value.clone(),
                end(1),
                end(2),
                subject.origin.name().to_owned(),
                subject.confidence.name().to_owned(),
                trial.bears.to_string(),
                flip.is_some().to_string(),
                flip.map(|flip| written(trial, &flip.at)).unwrap_or_default(),
                before.map(|before| written(trial, &Value::Number(before))).unwrap_or_default(),
                number(flip.and_then(|flip| flip.of_default)),
                number(flip.and_then(|flip| flip.of_way)),
                flip.and_then(|flip| flip.cheapest)
                    .map_or("", |place| name(study, place))
                    .to_owned(),
                usd(flip.and_then(|flip| flip.cost)),
                first.to_owned(),
                usd(flip.and_then(|flip| flip.cost_of_first)),
                closest.map(|closest| written(trial, &closest.at)).unwrap_or_default(),
                closest.map_or("", |closest| name(study, closest.next)).to_owned(),
                number(closest.and_then(finite)),
                subject.source.to_owned(),
                flip.and_then(|flip| flip.why.clone()).unwrap_or_default(),
            ];
            let cells: Vec<Cow<str>> = cells.iter().map(|cell| text(cell)).collect();
            record(&mut table, cells.iter().map(|cell| &**cell), END);
        }
    }
    table
}
