//! What the scorecard asks, where it draws its lines, and what people found.

use super::Mark;
use super::form::Checked;
use super::names::{Names, known};
use super::problem::{Problem, Problems};
use super::settings::change;
use crate::map::Set;
use crate::parameters::Setting;
use crate::policy::{Light, POLICY_PARAMETERS, Policy, parameter};

/// What the scorecard asks, and where it draws its lines.
pub(super) fn policy(root: &Checked, problems: &mut Problems) -> Policy {
    let mut policy = Policy::default();
    let Some(table) = root.table("scorecard") else { return policy };
    for row in table.keys().into_iter().filter_map(parameter) {
        // Absent where the first pass refused it.
        let Some(text) = table.text(row.key) else { continue };
        if let Err(problem) = change(row, &text, |key, text| policy.set(key, text)) {
            problems.report(problem, table.span_of(row.key));
        }
    }
    check_lines(&policy, table, problems);
    policy
}

/// Reports every line to yellow that is beyond its line to red.
fn check_lines(policy: &Policy, table: &Checked, problems: &mut Problems) {
    for yellow in POLICY_PARAMETERS {
        let red = yellow.key.strip_suffix("_yellow").map(|question| format!("{question}_red"));
        let Some(red) = red.and_then(|red| parameter(&red)) else { continue };
        let beyond = policy.number(yellow.key) > policy.number(red.key);
        let written = [yellow.key, red.key].into_iter().find(|key| table.has(key));
        let refused = table.refused(yellow.key) || table.refused(red.key);
        if let (true, Some(written)) = (beyond && !refused, written) {
            let shown = |key| policy.show(key).unwrap_or_default();
            let problem = Problem::YellowBeyondRed {
                yellow: yellow.key,
                value: shown(yellow.key),
                red: red.key,
                limit: shown(red.key),
            };
            problems.report(problem, table.span_of(written));
        }
    }
}

/// What people found.
pub(super) fn marks(root: &Checked, problems: &mut Problems) -> Option<Vec<Mark>> {
    let Some(table) = root.table("scorecard") else { return Some(Vec::new()) };
    let names = Names::of(root);
    let mut seen = Set::new();
    let marks: Vec<_> = table
        .tables("mark")
        .iter()
        .map(|item| {
            known("platform", names.platforms.as_ref(), item, "platform", problems);
            let mark = mark(item)?;
            if !seen.insert((mark.question.clone(), mark.platform.clone())) {
                let name = mark.question.clone();
                problems
                    .report(Problem::Duplicate { what: "marks", name }, item.span_of("question"));
            }
            Some(mark)
        })
        .collect();
    marks.into_iter().collect()
}

fn mark(item: &Checked) -> Option<Mark> {
    Some(Mark {
        question: item.text("question")?,
        platform: item.text("platform"),
        mark: Light::read(&item.text("mark")?).ok()?,
        evidence: item.text("evidence")?,
    })
}
