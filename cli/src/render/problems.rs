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

/// Bytes of a line around a problem that are looked at; the renderer cuts them to fit.
const AROUND: usize = 400;

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
    let (line, column) = line_column(&source.text, problem.span.start);
    let excerpt = excerpt(&source.text, &problem.span);
    let title = visible(&problem.to_string());
    let mut group = Level::ERROR.primary_title(&*title).element(
        Snippet::source(excerpt.text)
            .line_start(line)
            // Columns of the excerpt are not those of the line when it is long.
            .path(format!("{}{}", visible(&source.name), place_of(&excerpt, line, column)))
            .annotation(AnnotationKind::Primary.span(excerpt.span)),
    );
    let hint = problem.hint().map(|hint| visible(&hint));
    if let Some(hint) = &hint {
        group = group.element(Level::HELP.message(&**hint));
    }
    draw(group, paint)
}

/// Part of one line.
struct Excerpt<'a> {
    text: &'a str,
    span: Range<usize>,
    /// Whether the line goes on to the left.
    cut: bool,
}

/// The line of a problem, or as much of it as matters: a problem of many lines is shown by its first.
fn excerpt<'a>(text: &'a str, span: &Range<usize>) -> Excerpt<'a> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let line_end =
        if text[..line_end].ends_with('\r') { (line_end - 1).max(start) } else { line_end };
    let from = text.floor_char_boundary(line_start.max(start.saturating_sub(AROUND)));
    let to = text.ceil_char_boundary(line_end.min(start + AROUND));
    let end = text.ceil_char_boundary(span.end.clamp(start, to));
    Excerpt { text: &text[from..to], span: start - from..end - from, cut: from > line_start }
}

/// What has to be added to a path so that it says the right place: the renderer adds line and column of the excerpt.
fn place_of(excerpt: &Excerpt<'_>, line: usize, column: usize) -> String {
    if excerpt.cut { format!(" (line {line}, column {column})") } else { String::new() }
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

fn draw(group: Group<'_>, paint: Paint) -> String {
    let renderer = if paint.is_on() { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.term_width(WIDTH).render(&[group]);
    text.push('\n');
    text
}
