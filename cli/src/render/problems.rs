//! Errors: what is wrong, where, the line, and the way out.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use model::scenario::{ScenarioError, line_column};

use super::WIDTH;
use super::paint::Paint;
use super::text::{counted, visible};
use crate::input::Source;

/// Problems that are shown in full; a file with more has one cause.
const SHOWN: usize = 100;

/// Every problem of a scenario with its place, then how many there are.
pub(crate) fn in_scenario(source: &Source, problems: &[ScenarioError], paint: Paint) -> String {
    let mut text = String::new();
    for problem in problems.iter().take(SHOWN) {
        text.push_str(&in_text(source, problem, paint));
        text.push('\n');
    }
    let name = visible(&source.name);
    if problems.len() > SHOWN {
        let more = model::units::separated(&(problems.len() - SHOWN).to_string());
        text.push_str(&format!("and {more} more\n\n"));
    }
    text.push_str(&format!("{} in {name}\n", counted(problems.len(), "problem")));
    text
}

fn in_text(source: &Source, problem: &ScenarioError, paint: Paint) -> String {
    let (line, _) = line_column(&source.text, problem.span.start);
    let excerpt = excerpt(&source.text, &problem.span);
    let title = visible(&problem.to_string());
    let mut group = Level::ERROR.primary_title(&*title).element(
        Snippet::source(excerpt.text)
            .line_start(line)
            .path(visible(&source.name))
            .annotation(AnnotationKind::Primary.span(excerpt.span)),
    );
    let hint = problem.hint().map(|hint| visible(&hint));
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.message(&**hint));
    }
    draw(group, paint)
}

/// One line, and the part of it that is meant.
struct Excerpt<'a> {
    text: &'a str,
    span: Range<usize>,
}

/// The line of a problem, which the renderer cuts to fit; a problem of many lines is shown by its first.
fn excerpt<'a>(text: &'a str, span: &Range<usize>) -> Excerpt<'a> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let to = if text[start..to].ends_with('\r') { to - 1 } else { to };
    let end = text.ceil_char_boundary(span.end.clamp(start, to.min(start + WIDTH).max(start)));
    Excerpt { text: &text[from..to], span: start - from..end - from }
}

/// An error without a place.
pub(crate) fn plain(message: &str, hint: Option<&str>, paint: Paint) -> String {
    let (message, hint) = (visible(message), hint.map(visible));
    let title = Level::ERROR.primary_title(&*message);
    let group = match &hint {
        Some(hint) => title.element(Level::HELP.message(&**hint)),
        None => Group::with_title(title),
    };
    draw(group, paint)
}

/// Something that is allowed, and worth a second look.
pub(crate) fn warning(message: &str, paint: Paint) -> String {
    let message = visible(message);
    draw(Group::with_title(Level::WARNING.primary_title(&*message)), paint)
}

/// Something that was right once, and what to do about it.
pub(crate) fn old(message: &str, hint: &str, paint: Paint) -> String {
    let (message, hint) = (visible(message), visible(hint));
    let title = Level::WARNING.primary_title(&*message);
    draw(title.element(Level::HELP.message(&*hint)), paint)
}

fn draw(group: Group<'_>, paint: Paint) -> String {
    let renderer = if paint.is_on() { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.term_width(WIDTH).render(&[group]);
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use model::scenario::{Vocabulary, parse};

    use super::*;

    #[test]
    fn every_problem_is_shown_with_its_place_and_way_out() {
        let shown = shown("schema = 2\n");
        let one = "error: schema 2 is not known
 --> smart.toml:1:10
  |
1 | schema = 2
  |          ^
  |
  = help: this program reads `schema = 1`
";
        assert!(shown.contains(one), "{shown}");
        assert!(shown.ends_with(" problems in smart.toml\n"), "{shown}");
    }

    #[test]
    fn long_lines_are_cut_and_keep_their_column() {
        let long = "x".repeat(5000);
        let shown = shown(&format!("title = \"{long}\" y = 1\n"));
        assert!(shown.contains("smart.toml:1:5012"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH + 10), "{shown}");
    }

    #[test]
    fn control_characters_are_shown() {
        let shown = shown("\"\u{1b}[31m\" = 1\n\"\\u001b[31mkey\" = 1\n");
        assert!(!shown.contains('\u{1b}'), "{shown}");
        assert!(shown.contains('␛'), "{shown}");
    }

    fn shown(text: &str) -> String {
        let source = Source { name: "smart.toml".to_owned(), text: text.to_owned() };
        let problems = parse(text, &Vocabulary::default()).expect_err("it is wrong");
        in_scenario(&source, &problems, Paint::OFF)
    }
}
