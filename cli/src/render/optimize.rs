//! What an optimizer found: an overview, then each platform with what it takes, what saves what, and what costs what.

use model::money::{Usd, largest_remainder};
use model::optimize::{Answer, Infeasible, Optimized, Status};
use model::{Plan, Scenario};

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

/// Dollars of a month, whole.
fn whole(plan: &Plan) -> String {
    usd(plan.monthly_cost()).replace('$', "")
}

/// An amount in whole dollars, rounded as everywhere.
fn usd(amount: Usd) -> String {
    let rounded = largest_remainder(&[amount], 0).swap_remove(0).dollars();
    let digits = model::units::separated(&format!("{:.0}", rounded.abs()));
    if rounded.is_sign_negative() && !rounded.is_zero() {
        format!("−${digits}")
    } else {
        format!("${digits}")
    }
}

/// The least certain of its parts.
fn certainty(answer: &Answer) -> String {
    let rank = |status: Status| match status {
        Status::Proven => 0,
        Status::Enumerated => 1,
        Status::Within(_) => 2,
        Status::Stopped(_) => 3,
    };
    let least = answer.parts.iter().map(|part| part.status).max_by_key(|status| rank(*status));
    match least {
        Some(Status::Proven) => "proven".to_owned(),
        Some(Status::Enumerated) => "all tried".to_owned(),
        Some(Status::Within(gap)) => format!("within {:.1} %", gap * 100.0),
        Some(Status::Stopped(_)) => "stopped".to_owned(),
        None => String::new(),
    }
}

fn platform(answer: &Answer, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(&answer.rules.design.name, WIDTH)));
    for part in &answer.parts {
        if !part.part.is_whole() {
            text.push_str(&format!("{}\n", paint.strong(&fit(&part.part.name(), WIDTH))));
        }
        text.push_str(&self::part(part));
    }
    for note in &answer.notes {
        text.push_str(&wrap(&format!("{}.", capital(note)), WIDTH - 2, "  "));
    }
    text
}

fn part(part: &Optimized) -> String {
    let line = |words: &str| wrap(words, WIDTH - 2, "  ");
    let mut text = String::new();
    let saved = part.rules.monthly_cost() - part.plan.monthly_cost();
    if part.settings.is_empty() && part.commitments.is_empty() {
        text.push_str(&line(&format!(
            "The rules' plan stands: {} × {} for {} a month.",
            average(&part.rules),
            part.rules.machine,
            usd(part.rules.monthly_cost())
        )));
    } else {
        text.push_str(&line(&format!(
            "{} × {} for {} a month instead of {} × {} for {}.",
            average(&part.plan),
            part.plan.machine,
            usd(part.plan.monthly_cost()),
            average(&part.rules),
            part.rules.machine,
            usd(part.rules.monthly_cost())
        )));
        let said = match (part.part.is_whole(), part.commitments.is_empty()) {
            _ if part.settings.is_empty() => "",
            (true, true) => "`compare` and `plan` give the same with:",
            (true, false) => {
                "Without the commitments, which a scenario cannot express yet, `compare` gives the same with:"
            }
            (false, _) => {
                "A scenario says this for all regions of a platform at once, not for one part of it as meant here:"
            }
        };
        if !said.is_empty() {
            text.push_str(&line(said));
        }
        for (key, value) in &part.settings {
            text.push_str(&format!("    platform.{}.{key} = {value}\n", part.platform));
        }
    }
    for bound in &part.commitments {
        text.push_str(&line(&format!(
            "Commit to {} × {} for {} at {} an hour ({}, {}, {}).",
            bound.brokers,
            part.plan.machine,
            bound.words,
            exact(bound.price.as_f64()),
            bound.name,
            bound.source,
            bound.as_of
        )));
    }
    if !part.savings.is_empty() {
        let each = part.savings.iter().map(|saving| {
            let amount = saving.saved;
            let (verb, amount) =
                if amount < Usd::ZERO { ("costs", -amount) } else { ("saves", amount) };
            format!("{} {verb} {}", saving.choice, usd(amount))
        });
        let each = each.collect::<Vec<_>>().join("; ");
        text.push_str(&line(&format!("Of {} saved: {each}.", usd(saved))));
    }
    for set in &part.unmet {
        text.push_str(&line(&format!("Not held by any build: {}.", together(set))));
    }
    for refused in part.refused.iter().take(SHOWN) {
        text.push_str(&line(&format!(
            "Not taken, though it would save {}: {}; {}.",
            usd(refused.saved),
            refused.title,
            refused.why
        )));
    }
    let relaxed = part.relaxed.iter().take(SHOWN);
    let relaxed = relaxed.map(|one| format!("{} would save {}", one.step, dollars(one.saved)));
    let relaxed = relaxed.collect::<Vec<_>>().join("; ");
    if !relaxed.is_empty() {
        text.push_str(&line(&format!("What constraints cost: {relaxed}.")));
    }
    if let Some(next) = &part.next {
        let wins = if next.wins_below > 0.0 {
            format!(
                "it would win below {} an hour; it costs {}",
                exact(next.wins_below),
                exact(next.rent)
            )
        } else {
            "it would not win for nothing".to_owned()
        };
        text.push_str(&line(&format!(
            "Next machine: {} × {}, {} a month dearer; {wins}.",
            next.brokers,
            next.machine,
            dollars(next.dearer)
        )));
    }
    let [considered, kept, runs] = part.counts;
    let counted = part.estimate.map_or_else(String::new, |estimate| {
        format!(
            " The program counted on {} saved, the bill says {}.",
            dollars(estimate),
            usd(saved)
        )
    });
    let status = match part.status {
        Status::Proven => "proven: nothing left in the program is cheaper".to_owned(),
        Status::Within(gap) => {
            format!("nothing in the program is cheaper by more than {:.2} %", gap * 100.0)
        }
        Status::Stopped(_) => "stopped by the time limit: the best so far".to_owned(),
        Status::Enumerated => "every build was tried by itself".to_owned(),
    };
    let failure =
        part.failure.as_ref().map_or_else(String::new, |why| format!(" The solver failed: {why}."));
    text.push_str(&line(&format!(
        "{} builds were looked at, {kept} stand in the program, {runs} were planned; {status}.{counted}{failure}",
        model::units::separated(&considered.to_string()),
    )));
    text
}

/// Lines of one kind that are shown for a platform.
const SHOWN: usize = 4;

/// Brokers on average over the months.
fn average(plan: &Plan) -> String {
    let brokers = plan.months.iter().map(|month| month.brokers).sum::<f64>();
    let mean = brokers / plan.months.len().max(1) as f64;
    let text = format!("{mean:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn conflicts(infeasible: &Infeasible, paint: Paint) -> String {
    let mut text = rejection(&infeasible.rejection, paint);
    for (part, set) in &infeasible.conflicts {
        let of = if part.is_whole() { String::new() } else { format!("{}: ", part.name()) };
        text.push_str(&wrap(&format!("{of}{}.", capital(&together(set))), WIDTH - 2, "  "));
    }
    text
}

/// What cannot hold together.
fn together(set: &[String]) -> String {
    match set {
        [] => "nothing".to_owned(),
        [only] => format!("{only} cannot hold, whatever else does"),
        [most @ .., last] => format!(
            "{} and {last} cannot hold together; without one of them there is a plan",
            most.join(", ")
        ),
    }
}

fn dollars(amount: f64) -> String {
    let text = model::units::separated(&format!("{:.0}", amount.abs()));
    if amount < -0.5 { format!("−${text}") } else { format!("${text}") }
}

/// A price of an hour.
fn exact(amount: f64) -> String {
    format!("${amount:.4}")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn foot(paint: Paint) -> String {
    let text = "Amounts are those of a month on average, as `compare` counts them. An answer breaks nothing that the rules' plan holds: sizing with its headroom, zones, latency, and what the run through the horizon found. What constraints cost and the next machine are figures of the program, all else as chosen. Prices of machines change oftener than fleets: look at the dates.";
    wrap(text, WIDTH, "").lines().map(|line| paint.faint(line) + "\n").collect()
}
