//! What an optimizer found in sentences: the command and the page say the same.

use super::{Answer, Infeasible, Optimized, Status};
use crate::comparison::capitalized;
use crate::money::{Usd, largest_remainder};
use crate::plan::Plan;
use crate::units::separated;

/// A line of what is said of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// The name of a part, before what is said of it.
    Part(String),
    /// A sentence.
    Sentence(String),
    /// What a scenario has to say.
    Setting {
        /// Its path, as `--set` takes it.
        path: String,
        /// Its value.
        value: String,
    },
    /// A `[[commitment]]` that a scenario has to have: its keys and values.
    Commitment(Vec<(&'static str, String)>),
}

/// Sentences that are added to.
struct Sentences<'a>(&'a mut Vec<Words>);

impl Sentences<'_> {
    fn say(&mut self, words: &str) {
        self.0.push(Words::Sentence(words.trim().to_owned()));
    }
}

/// Everything that is said of an answer.
pub fn words(answer: &Answer) -> Vec<Words> {
    let mut list = Vec::new();
    for part in &answer.parts {
        if !part.part.is_whole() {
            list.push(Words::Part(part.part.name()));
        }
        self::part(part, &mut list);
    }
    let notes = answer.notes.iter().map(|note| capitalized(format!("{note}.")));
    list.extend(notes.map(Words::Sentence));
    list
}

/// Constraints that conflict where there is no plan.
pub fn conflicts(infeasible: &Infeasible) -> Vec<String> {
    let conflict = |(part, set): &(crate::bill::Part, Vec<String>)| {
        let of = if part.is_whole() { String::new() } else { format!("{}: ", part.name()) };
        format!("{of}{}.", capitalized(together(set)))
    };
    infeasible.conflicts.iter().map(conflict).collect()
}

/// Dollars of a month, whole.
pub fn whole(plan: &Plan) -> String {
    usd(plan.monthly_cost()).replace('$', "")
}

/// An amount in whole dollars, rounded as everywhere.
fn usd(amount: Usd) -> String {
    let rounded = largest_remainder(&[amount], 0).swap_remove(0).dollars();
    let digits = separated(&format!("{:.0}", rounded.abs()));
    if rounded.is_sign_negative() && !rounded.is_zero() {
        format!("−${digits}")
    } else {
        format!("${digits}")
    }
}

/// The least certain of its parts.
pub fn certainty(answer: &Answer) -> String {
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

fn part(part: &Optimized, list: &mut Vec<Words>) {
    let mut text = Sentences(list);
    let saved = part.rules.monthly_cost() - part.plan.monthly_cost();
    if part.settings.is_empty() && part.commitments.is_empty() {
        text.say(&format!(
            "The rules' plan stands: {} × {} for {} a month.",
            average(&part.rules),
            part.rules.machine,
            usd(part.rules.monthly_cost())
        ));
    } else {
        text.say(&format!(
            "{} × {} for {} a month instead of {} × {} for {}.",
            average(&part.plan),
            part.plan.machine,
            usd(part.plan.monthly_cost()),
            average(&part.rules),
            part.rules.machine,
            usd(part.rules.monthly_cost())
        ));
        text.say(if part.part.is_whole() {
            "`compare` and `plan` give the same with:"
        } else {
            "A scenario says this for all regions of a platform at once, not for one part of it as meant here:"
        });
        for (key, value) in &part.settings {
            text.0.push(Words::Setting {
                path: format!("platform.{}.{key}", part.platform),
                value: value.clone(),
            });
        }
        for bound in &part.commitments {
            text.0.push(Words::Commitment(bound.section(&part.platform)));
        }
    }
    for bound in &part.commitments {
        text.say(&format!(
            "Commit to {} × {} for {} at {} an hour ({}, {}, {}).",
            bound.brokers,
            part.plan.machine,
            bound.words,
            exact(bound.price.as_f64()),
            bound.name,
            bound.source,
            bound.as_of
        ));
    }
    if !part.savings.is_empty() {
        let each = part.savings.iter().map(|saving| {
            let amount = saving.saved;
            let (verb, amount) =
                if amount < Usd::ZERO { ("costs", -amount) } else { ("saves", amount) };
            format!("{} {verb} {}", saving.choice, usd(amount))
        });
        let each = each.collect::<Vec<_>>().join("; ");
        text.say(&format!("Of {} saved: {each}.", usd(saved)));
    }
    for set in &part.unmet {
        text.say(&format!("Not held by any build: {}.", together(set)));
    }
    for refused in part.refused.iter().take(SHOWN) {
        text.say(&format!(
            "Not taken, though it would save {}: {}; {}.",
            usd(refused.saved),
            refused.title,
            refused.why
        ));
    }
    let relaxed = part.relaxed.iter().take(SHOWN);
    let relaxed = relaxed.map(|one| format!("{} would save {}", one.step, dollars(one.saved)));
    let relaxed = relaxed.collect::<Vec<_>>().join("; ");
    if !relaxed.is_empty() {
        text.say(&format!("What constraints cost: {relaxed}."));
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
        text.say(&format!(
            "Next machine: {} × {}, {} a month dearer; {wins}.",
            next.brokers,
            next.machine,
            dollars(next.dearer)
        ));
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
    text.say(&format!(
        "{} builds were looked at, {kept} stand in the program, {runs} planned; {status}.{counted}{failure}",
        separated(&considered.to_string()),
    ));
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
    let text = separated(&format!("{:.0}", amount.abs()));
    if amount < -0.5 { format!("−${text}") } else { format!("${text}") }
}

/// A price of an hour.
fn exact(amount: f64) -> String {
    format!("${amount:.4}")
}
