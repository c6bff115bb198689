//! TOML's own rules, and what a broken line hides from the other passes.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::Section;
use super::problem::{Problem, ScenarioError};
use crate::map::Set;
use crate::order;

/// The tree of what could be read, and the first syntax error of every line.
pub(super) fn parse(text: &str) -> (Spanned<DeTable<'_>>, Vec<ScenarioError>) {
    let (tree, mut errors) = DeTable::parse_recoverable(text);
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let lines = Lines::of(text);
    order::sort_by_key(&mut errors, start);
    errors.dedup_by_key(|error| lines.line_start(start(error)));
    (tree, errors.iter().map(|error| translate(text, &lines, error)).collect())
}

fn translate(text: &str, lines: &Lines, error: &toml::de::Error) -> ScenarioError {
    let span = error.span().unwrap_or(0..0);
    let start = lines.line_start(span.start);
    match (error.message(), fix(&text[start..])) {
        ("duplicate key", _) => {
            let key = text.get(span.clone()).unwrap_or_default();
            let fix = Some("remove one of them".to_owned());
            syntax(&format!("`{key}` is there twice"), fix, span)
        }
        (_, Some(Fix::Number { line, value })) => {
            syntax("a number has no commas", Some(line), start + value.start..start + value.end)
        }
        (message, Some(Fix::Quotes(line))) if message.starts_with("string values must be") => {
            syntax("a string needs quotes", Some(line), span)
        }
        (message, Some(Fix::Quotes(line))) => syntax(message, Some(line), span),
        (message, None) => syntax(message, Some(LINES.to_owned()), span),
    }
}

/// What lines look like, where nothing tells what one was meant to be.
const LINES: &str = "write one `key = value` on each line, with texts in quotation marks, below `[name]` or `[[name]]`";

fn syntax(message: &str, fix: Option<String>, span: Range<usize>) -> ScenarioError {
    ScenarioError { problem: Problem::Syntax { message: message.to_owned(), fix }, span }
}

/// What a broken line was meant to be.
#[derive(Debug, PartialEq)]
enum Fix {
    /// A number with commas, and where it stands in the line.
    Number { line: String, value: Range<usize> },
    /// A string without quotes.
    Quotes(String),
}

/// What a line should be, when it is a key with a value that only lacks quotes or has commas in its number.
fn fix(rest: &str) -> Option<Fix> {
    let line = rest.lines().next()?.split('#').next()?;
    let (key, value) = line.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let plain = |c: char| c.is_alphanumeric() || " ._-+%$/,".contains(c);
    let bare_key = key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let plain_value = value.chars().all(plain) && !value.is_empty() && value.len() <= 100;
    // A value that is right already is not what is wrong with the line.
    if !bare_key || !plain_value || DeValue::parse(value).is_ok() {
        return None;
    }
    if value.chars().all(|c| c.is_ascii_digit() || c == ',') {
        let end = line.trim_end().len();
        let line = format!("write `{key} = {}`", value.replace(',', "_"));
        return Some(Fix::Number { line, value: end - value.len()..end });
    }
    Some(Fix::Quotes(format!("write `{key} = \"{value}\"`")))
}

/// All problems in the order of the text, without those that a broken line only seems to cause.
pub(super) fn merge(
    text: &str,
    broken: Vec<ScenarioError>,
    others: Vec<ScenarioError>,
) -> Vec<ScenarioError> {
    let lines = Lines::of(text);
    let starts = || broken.iter().map(|error| error.span.start);
    let broken_lines: Set<_> = starts().map(|start| lines.line_start(start)).collect();
    let broken_sections: Set<_> = starts().map(|start| lines.section_start(start)).collect();
    let broken_header = broken_lines.iter().any(|start| lines.headers.contains(start));

    let real = |error: &ScenarioError| {
        let hidden = match &error.problem {
            Problem::MissingKey { place: Section::Scenario, .. }
            | Problem::DateWithoutStart { .. }
            | Problem::OutsideHorizon { .. }
            | Problem::NoDevices { .. }
            | Problem::UnknownName { what: "stream" | "reader" | "platform", .. } => {
                !broken_lines.is_empty()
            }
            Problem::MissingKey { .. }
            | Problem::RateMixture { .. }
            | Problem::NoLiveSize
            | Problem::CalendarWithoutStart => {
                broken_sections.contains(&lines.section_start(error.span.start))
            }
            Problem::UnknownKey { .. } => broken_header,
            _ => false,
        };
        !hidden && !broken_lines.contains(&lines.line_start(error.span.start))
    };
    let mut all: Vec<_> = others.into_iter().filter(real).collect();
    all.extend(broken);
    order::sort_by_key(&mut all, |error| (error.span.start, error.span.end));
    all
}

/// Where lines and sections begin.
struct Lines {
    starts: Vec<usize>,
    headers: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let newlines = text.match_indices('\n').map(|(newline, _)| newline + 1);
        let starts: Vec<_> = std::iter::once(0).chain(newlines).collect();
        let is_header =
            |start: &usize| text[*start..].trim_start_matches([' ', '\t']).starts_with('[');
        let headers = starts.iter().copied().filter(is_header).collect();
        Self { starts, headers }
    }

    /// Where the line of a byte begins.
    fn line_start(&self, offset: usize) -> usize {
        last_up_to(&self.starts, offset)
    }

    /// Where the section of a byte begins: the line of the last header up to it, or the beginning.
    fn section_start(&self, offset: usize) -> usize {
        last_up_to(&self.headers, offset)
    }
}

fn last_up_to(sorted: &[usize], offset: usize) -> usize {
    let after = sorted.partition_point(|start| *start <= offset);
    sorted[..after].last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_gives_itself_away_is_corrected() {
        check("retention = 7 d", Some("write `retention = \"7 d\"`"));
        check("sources = 5,000,000 # meters", Some("write `sources = 5_000_000`"));
        check("title = Smart meters\nnext = 1", Some("write `title = \"Smart meters\"`"));
        check("shape = [1, 2", None);
        check("just words", None);
        check("two words = 5", None);
        check("key = 5", None);
    }

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let line = fix(line).map(|fix| match fix {
            Fix::Number { line, .. } | Fix::Quotes(line) => line,
        });
        assert_eq!(line.as_deref(), expected);
    }
}
