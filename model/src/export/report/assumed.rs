//! What the plan assumes: what the scenario says, and every setting behind it with its source.

use super::Counted;
use super::markup::{self, Cell, Table, noted};
use crate::export::assumptions::{Assumption, set, written};
use crate::parameters::Confidence;

pub(super) fn chapter(report: &Counted<'_>) -> String {
    let html = scenario(report) + &settings(report);
    markup::chapter("Assumptions", true, &html)
}

fn named(one: &Assumption) -> Cell {
    noted(one.key, one.meaning)
}

fn scenario(report: &Counted<'_>) -> String {
    let mut table = Table::new("What the scenario says")
        .words("Key")
        .words("Value")
        .short("Given by")
        .words("Can be");
    let mut last = String::new();
    for one in written(report.text) {
        let group = match &*one.subject {
            "" => one.section.to_owned(),
            subject => format!("{} {subject}", one.section),
        };
        if group != last {
            table.group(&group);
        }
        last = group;
        let by = one.given_by.name();
        table.row([named(&one), one.value.as_str().into(), by.into(), one.range.as_str().into()]);
    }
    table.render()
}

/// A setting of several subjects that is the same for all of them.
struct Same {
    one: Assumption,
    subjects: Vec<String>,
}

fn settings(report: &Counted<'_>) -> String {
    let mut same: Vec<Same> = Vec::new();
    for one in set(report.scenario, report.platform) {
        let alike = |other: &&mut Same| {
            let other = &other.one;
            (other.section, other.key, &other.value, other.given_by, other.source)
                == (one.section, one.key, &one.value, one.given_by, one.source)
        };
        match same.iter_mut().find(alike) {
            Some(found) => found.subjects.push(one.subject),
            None => same.push(Same { subjects: vec![one.subject.clone()], one }),
        }
    }
    let mut table = Table::new("Settings")
        .words("Key")
        .words("Value")
        .words("Of")
        .short("Given by")
        .words("Source")
        .short("Confidence");
    for (section, title) in
        [("platform", "Platforms"), ("event", "Events"), ("scorecard", "Scorecard")]
    {
        let all = match section {
            "platform" => {
                report.scenario.platforms.iter().filter(|one| report.asked(&one.name)).count()
            }
            _ => usize::MAX,
        };
        let of_section: Vec<&Same> = same.iter().filter(|one| one.one.section == section).collect();
        if of_section.is_empty() {
            continue;
        }
        table.group(title);
        let mut keys: Vec<&str> = Vec::new();
        for one in &of_section {
            if !keys.contains(&one.one.key) {
                keys.push(one.one.key);
            }
        }
        // One key below the other, with all its values.
        for Same { one, subjects } in
            keys.iter().flat_map(|key| of_section.iter().filter(move |same| same.one.key == *key))
        {
            let of = if subjects.len() == all { "all".to_owned() } else { subjects.join(", ") };
            let confidence = one.confidence.map_or("", Confidence::name);
            table.row([
                named(one),
                one.value.as_str().into(),
                of.into(),
                one.given_by.name().into(),
                one.source.into(),
                confidence.into(),
            ]);
        }
    }
    table.render()
}
