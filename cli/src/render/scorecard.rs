//! Scorecards: every platform's lights side by side, then what is behind those that are not green.

use model::export::Setting;
use model::parameters::Setting as _;
use model::policy::Light;
use model::scorecard::{Answer, Scorecard};
use model::{Comparison, Scenario};

use super::WIDTH;
use super::compare::rejections;
use super::figures::figure;
use super::paint::{Paint, Tone};
use super::settings::{json_setting, setting};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// The questions as heads of narrow columns.
const HEADS: [&str; 9] = [
    "storm",
    "reten-\ntion",
    "replay",
    "replace-\nment",
    "scale-\nout",
    "reader",
    "migra-\ntion",
    "cost",
    "govern-\nance",
];

/// All scorecards; with all their findings and evidence where `full`.
pub(crate) fn cards(
    cards: &[Scorecard],
    comparison: &Comparison,
    scenario: &Scenario,
    full: bool,
    paint: Paint,
) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&comparison.title, WIDTH)));
    if !cards.is_empty() {
        text.push('\n');
        text.push_str(&matrix(cards, paint));
    }
    for card in cards {
        text.push('\n');
        text.push_str(&findings(card, full, paint));
    }
    let shown = |name: &str| scenario.platforms.iter().any(|design| design.name == name);
    let mut rejected = comparison.clone();
    rejected.outcomes.retain(|outcome| {
        outcome.as_ref().err().is_none_or(|rejection| shown(&rejection.design.name))
    });
    text.push_str(&rejections(&rejected, paint));
    text.push('\n');
    let note = "Each question is run on the fleet and the load of the busiest month, with nothing else going on. A share of CPU is one of what processors can do, `cpu_ceiling` times what a plan counts on: they hold more than sizing rules say. Lines are drawn by `[scorecard]`: `--policy` shows them with their sources. A dash is not computed: it takes a person, and a `[[scorecard.mark]]`; marks of your own are in brackets.";
    for line in wrap(note, WIDTH, "").lines() {
        text.push_str(&paint.faint(line));
        text.push('\n');
    }
    text
}

fn tone(light: Option<Light>) -> Tone {
    match light {
        Some(Light::Green) => Tone::Good,
        Some(Light::Yellow) => Tone::Warning,
        Some(Light::Red) => Tone::Bad,
        None => Tone::Faint,
    }
}

/// A light in a word, so that it takes no color; the user's own in brackets.
fn word(answer: &Answer) -> String {
    match (answer.light, &answer.own) {
        (Some(light), _) => light.show(),
        (None, Some(own)) => format!("({})", own.mark.show()),
        (None, None) => "–".to_owned(),
    }
}

fn matrix(cards: &[Scorecard], paint: Paint) -> String {
    let mut table = Table::new().words("Platform");
    for head in HEADS {
        table = table.words(head);
    }
    for card in cards {
        let mut cells: Vec<Cell> = vec![card.platform.as_str().into()];
        let lights = card.answers.iter();
        cells.extend(lights.map(|answer| Cell::toned(word(answer), tone(answer.shown()))));
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

/// One platform's lights in a few lines.
pub(crate) fn lights(card: &Scorecard, paint: Paint) -> String {
    let mut table = Table::new().words("Scorecard").words("");
    for answer in &card.answers {
        let light = Cell::toned(word(answer), tone(answer.shown()));
        table.row(vec![answer.title.into(), light]);
    }
    table.render(WIDTH, paint) + "`highwater scorecard` says why.\n"
}

/// What is behind the lights of one platform: of all of them, or of those that are not green.
fn findings(card: &Scorecard, full: bool, paint: Paint) -> String {
    let count = |light| card.count(light);
    let head = format!(
        "{}: {} green, {} yellow, {} red",
        fit(&card.platform, WIDTH / 2),
        count(Light::Green),
        count(Light::Yellow),
        count(Light::Red)
    );
    let mut text = format!("{}\n", paint.strong(&head));
    for answer in &card.answers {
        let unremarkable = answer.light.is_none_or(|light| light == Light::Green);
        if !full && unremarkable && answer.own.is_none() {
            continue;
        }
        let light = paint.paint(tone(answer.shown()), &format!("{:<9}", word(answer)));
        let lines = wrap(&format!("{}: {}", answer.title, answer.finding), WIDTH - 11, "");
        for (index, line) in lines.lines().enumerate() {
            let head = if index == 0 { light.clone() } else { " ".repeat(9) };
            text.push_str(&format!("  {head}{line}\n"));
        }
        if full && !answer.evidence.is_empty() {
            let figures: Vec<String> = answer
                .evidence
                .iter()
                .map(|fact| format!("{}: {}", fact.name, figure(fact)))
                .collect();
            for line in wrap(&figures.join(" · "), WIDTH - 11, "").lines() {
                text.push_str(&format!("{}{}\n", " ".repeat(11), paint.faint(line)));
            }
        }
        if let Some(own) = &answer.own {
            let mark = format!("Your mark: {}. {}", own.mark.show(), own.evidence);
            for line in wrap(&mark, WIDTH - 11, "").lines() {
                text.push_str(&format!("{}{line}\n", " ".repeat(11)));
            }
        }
    }
    text
}

/// What is asked and where lines are drawn.
pub(crate) fn policy(rows: &[Setting], as_json: bool, paint: Paint) -> String {
    if as_json {
        let rows: Vec<_> = rows.iter().map(json_setting).collect();
        return format!("{:#}\n", serde_json::Value::from(rows));
    }
    let rows: Vec<String> = rows.iter().map(|row| setting(row, paint)).collect();
    rows.join("\n")
}
