//! Texts of scenarios.

use model::scenario::{self, Draft, Problem, ScenarioError, TEXT_MAX};

use super::vocabulary;

/// Drafts and changes are looked at once in so many inputs, by their length: they take longer than reading.
const TURNS: usize = 4;

/// Values of a text that are set anew: each takes as long as reading the text.
const SET: usize = 3;

/// Reads bytes as a scenario.
pub fn check(data: &[u8]) {
    // The command says of anything else that it is no text.
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = scenario::parse(text, vocabulary());
    match &read {
        Err(errors) => {
            assert!(!errors.is_empty(), "nothing is wrong, and there is no scenario");
            errors.iter().for_each(|error| check_error(text, error));
        }
        Ok(scenario) => {
            assert!(!scenario.platforms.is_empty() && !scenario.workload.streams.is_empty());
            assert!(scenario.horizon.end().as_hours().is_finite());
            if data.len().is_multiple_of(TURNS) {
                let draft = Draft::read(text, vocabulary()).expect("a scenario is a draft too");
                let again = draft.scenario().expect("nothing has been changed");
                assert_eq!(&again, scenario, "a draft without a change is another scenario");
            }
        }
    }
    if data.len() % TURNS == 1 {
        check_editing(text, data.len(), read.is_ok());
    }
}

fn check_error(text: &str, error: &ScenarioError) {
    let message = error.to_string();
    assert!(!message.trim().is_empty(), "{error:?}");
    let span = &error.span;
    assert!(span.start <= span.end && span.end <= text.len(), "{message}: {span:?}");
    if text.len() <= TEXT_MAX {
        assert!(text.get(span.clone()).is_some(), "{message}: {span:?} cuts a letter");
    }
    match error.problem.hint() {
        Some(hint) => assert!(!hint.trim().is_empty(), "{message}: an empty hint"),
        None => assert!(says_what_fits(&error.problem), "no way out: {message}"),
    }
}

/// Whether a message is its own way out, because it says what would fit.
fn says_what_fits(problem: &Problem) -> bool {
    let message = problem.to_string();
    match problem {
        Problem::OutOfRange { allowed, .. } => !allowed.is_empty(),
        Problem::Setting { expected, .. } => !expected.is_empty(),
        Problem::BadName { .. } => message.contains("1 to"),
        Problem::TooMany { most, .. } => *most > 0,
        Problem::RateTooHigh { .. } => message.contains("1 TiB/s"),
        _ => false,
    }
}

/// Values are set to what they are, and one is removed: what was TOML stays TOML, and what was right means the same.
fn check_editing(text: &str, seed: usize, right: bool) {
    let outline = scenario::outline(text);
    assert!(outline.is_some() || !right, "a scenario without an outline");
    let Some(values) = outline.as_ref().and_then(scenario::Outline::flat) else { return };
    if values.is_empty() {
        return;
    }
    for turn in 0..SET.min(values.len()) {
        let (path, value) = &values[(seed / 7 + turn * 13) % values.len()];
        if let Ok(changed) = scenario::set(text, path, value) {
            let outline = scenario::outline(&changed);
            assert!(outline.is_some(), "`{path}` set to `{value}` breaks the text:\n{changed}");
            if right {
                let read = scenario::parse(&changed, vocabulary());
                assert!(read.is_ok(), "`{path}` set to `{value}` as it was: {read:?}\n{changed}");
            }
        } else {
            assert!(!right, "`{path}` cannot be set to `{value}`, which it is");
        }
        if let Ok(without) = scenario::remove(text, path) {
            assert!(scenario::outline(&without).is_some(), "without `{path}`:\n{without}");
            let _ = scenario::parse(&without, vocabulary());
        }
    }
}
