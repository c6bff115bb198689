//! What an optimizer found: an overview, then each platform with what it takes, what saves what, and what costs what.

use model::Scenario;
use model::optimize::words::{self, Words, certainty, whole, words};
use model::optimize::{Answer, Infeasible};

use super::WIDTH;
use super::compare::rejection;
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// All that was found, in the order of the scenario.
pub(crate) fn answers(
    found: &[Result<Answer, Box<Infeasible>>],
    scenario: &Scenario,
    paint: Paint,
) -> String {
    let mut text = format!("{}\n\n", paint.strong(&fit(&scenario.title, WIDTH)));
    text.push_str(&overview(found, paint));
    for one in found {
        text.push('\n');
        text.push_str(&match one {
            Ok(answer) => platform(answer, paint),
            Err(infeasible) => conflicts(infeasible, paint),
        });
    }
    text.push('\n');
    text + &foot(paint)
}

fn overview(found: &[Result<Answer, Box<Infeasible>>], paint: Paint) -> String {
    let mut table = Table::new()
        .words("Platform")
        .numbers("by the rules\n$ a month")
        .numbers("optimized\n$ a month")
        .numbers("saved")
        .words("certainty");
    for one in found {
        match one {
            Ok(answer) => {
                let saved = answer.saved().as_f64();
                let share = saved / answer.rules.monthly_cost().as_f64().max(f64::MIN_POSITIVE);
                let shown = format!("{:.1} %", share * 100.0);
                let tone = if saved > 0.0 { Tone::Good } else { Tone::Faint };
                let least = if answer.plan.is_complete() { "" } else { "≥ " };
                table.row(vec![
                    fit(&answer.rules.design.name, WIDTH / 2).into(),
                    format!("{least}{}", whole(&answer.rules)).into(),
                    format!("{least}{}", whole(&answer.plan)).into(),
                    Cell::toned(shown, tone),
                    certainty(answer).into(),
                ]);
            }
            Err(infeasible) => table.row(vec![
                Cell::toned(fit(&infeasible.rejection.design.name, WIDTH / 2), Tone::Faint),
                "–".into(),
                "–".into(),
                "–".into(),
                Cell::toned("none", Tone::Faint),
            ]),
        }
    }
    table.render(WIDTH, paint)
}

fn platform(answer: &Answer, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&answer.rules.design.name, WIDTH)));
    for words in words(answer) {
        text.push_str(&match words {
            Words::Part(name) => format!("{}\n", paint.strong(&fit(&name, WIDTH))),
            Words::Sentence(sentence) => wrap(&sentence, WIDTH - 2, "  "),
            Words::Setting { path, value } => format!("    {path} = {value}\n"),
            Words::Commitment(values) => section(&values),
        });
    }
    text
}

/// A section as a scenario has it, to be copied.
fn section(values: &[(&str, String)]) -> String {
    let lines = values.iter().map(|(key, value)| {
        let plain = value == "true" || value.parse::<u32>().is_ok();
        let value = if plain { value.clone() } else { format!("{value:?}") };
        format!("    {key} = {value}\n")
    });
    std::iter::once("    [[commitment]]\n".to_owned()).chain(lines).collect()
}

fn conflicts(infeasible: &Infeasible, paint: Paint) -> String {
    let mut text = rejection(&infeasible.rejection, paint);
    for conflict in words::conflicts(infeasible) {
        text.push_str(&wrap(&conflict, WIDTH - 2, "  "));
    }
    text
}

fn foot(paint: Paint) -> String {
    let text = "Amounts are those of a month on average, as `compare` counts them. An answer breaks nothing that the rules' plan holds: sizing with its headroom, zones, latency, and what the run through the horizon found. What constraints cost and the next machine are figures of the program, all else as chosen. Prices of machines change oftener than fleets: look at the dates.";
    wrap(text, WIDTH, "").lines().map(|line| paint.faint(line) + "\n").collect()
}
