//! Adding and removing parts of a scenario's text, so that everything else stays as it was written, comments included.

use std::ops::Range;

use super::fields::{self, Form, Section};
use super::outline::{Outline, outline};
use super::set::{SetError, line_end, literal, on_header, split, unknown_key};

/// Adds a section that repeats, below those of its kind: a stream, a reader of a stream, a platform, an event.
///
/// `path` is where sections of its kind stand: `stream`, `stream.NAME.reader`, `platform`. Values are as
/// [`set`](super::set()) takes them.
///
/// ```
/// let text = "[[platform]]\npreset = \"kafka-gp3\"\n";
/// let more = model::scenario::add(text, "platform", &[("preset", "kafka-tiered")]).unwrap();
/// assert_eq!(more, "[[platform]]\npreset = \"kafka-gp3\"\n\n[[platform]]\npreset = \"kafka-tiered\"\n");
/// assert_eq!(model::scenario::remove(&more, "platform.kafka-tiered").unwrap(), text);
/// ```
///
/// # Errors
///
/// When the path leads nowhere, a key is not known there, or the text is not TOML or leaves no place.
pub fn add(text: &str, path: &str, values: &[(&str, &str)]) -> Result<String, SetError> {
    let not_a_path = || SetError::NotAPath { path: path.to_owned() };
    let no_place = || SetError::NoPlace { path: path.to_owned() };
    let whole = outline(text).ok_or_else(broken)?;
    let parts = split(path).ok_or_else(not_a_path)?;
    let (key, above) = parts.split_last().ok_or_else(not_a_path)?;
    let above = find(&whole, above).ok_or_else(not_a_path)?;
    let field = fields::find(above.section, key).ok_or_else(|| unknown_key(key, above.section))?;
    let Form::Tables(section, _) = field.form else { return Err(not_a_path()) };

    let siblings: Vec<&Outline> = above.sections(key).collect();
    if siblings.iter().any(|one| !on_header(text, one.span.start)) {
        return Err(no_place());
    }
    let at = match (siblings.last(), above.section) {
        (Some(last), _) => end(text, &whole, last),
        (None, Section::Scenario) => text.len(),
        (None, _) if on_header(text, above.span.start) => end(text, &whole, above),
        (None, _) => return Err(no_place()),
    };
    let mut lines = format!("[[{}]]\n", section.path());
    for (key, value) in values {
        let field = fields::find(section, key).ok_or_else(|| unknown_key(key, section))?;
        lines.push_str(&format!("{key} = {}\n", literal(&field, value)));
    }
    let (before, after) = (text[..at].trim_end(), text[at..].trim_start_matches(['\n', '\r']));
    let gap = if before.is_empty() { "" } else { "\n\n" };
    let rest = if after.is_empty() { String::new() } else { format!("\n{after}") };
    valid(format!("{before}{gap}{lines}{rest}"), path)
}

/// Removes a value, or a section with all that stands in it and the comment right above it.
///
/// # Errors
///
/// When the path leads nowhere, or the text is not TOML.
pub fn remove(text: &str, path: &str) -> Result<String, SetError> {
    let not_a_path = || SetError::NotAPath { path: path.to_owned() };
    let whole = outline(text).ok_or_else(broken)?;
    let parts = split(path).filter(|parts| !parts.is_empty()).ok_or_else(not_a_path)?;
    if let Some(section) = find(&whole, &parts) {
        if on_header(text, section.span.start) {
            let start = comment_above(text, line_start(text, section.span.start));
            return valid(joined(text, start..end(text, &whole, section)), path);
        }
        return valid(without(text, &section.span), path);
    }
    let (key, above) = parts.split_last().ok_or_else(not_a_path)?;
    let above = find(&whole, above).ok_or_else(not_a_path)?;
    let value = above.values.iter().find(|value| value.key == *key).ok_or_else(not_a_path)?;
    valid(without(text, &value.span), path)
}

fn broken() -> SetError {
    SetError::Syntax { message: "it is not TOML".to_owned() }
}

/// A scenario written in an unusual way may come apart; better no change than a broken one.
fn valid(changed: String, path: &str) -> Result<String, SetError> {
    match outline(&changed) {
        Some(_) => Ok(changed),
        None => Err(SetError::NoPlace { path: path.to_owned() }),
    }
}

fn find<'a>(outline: &'a Outline, parts: &[String]) -> Option<&'a Outline> {
    let is = |one: &Outline| match one.path.as_deref() {
        Some("") => parts.is_empty(),
        Some(path) => split(path).is_some_and(|path| path == parts),
        None => false,
    };
    if is(outline) {
        return Some(outline);
    }
    outline.sections.iter().find_map(|inner| find(inner, parts))
}

/// The byte after a section that has a header, and after all that stands in it.
fn end(text: &str, whole: &Outline, section: &Outline) -> usize {
    let own = section.section.path();
    let inside = |other: &Outline| {
        let rest = other.section.path().strip_prefix(own);
        rest.is_some_and(|rest| rest.starts_with('.'))
    };
    let mut next = text.len();
    visit(whole, &mut |other| {
        let start = other.span.start;
        if start > section.span.start && on_header(text, start) && !inside(other) {
            next = next.min(start);
        }
    });
    if next == text.len() { next } else { comment_above(text, line_start(text, next)) }
}

fn visit(outline: &Outline, look: &mut dyn FnMut(&Outline)) {
    for inner in &outline.sections {
        look(inner);
        visit(inner, look);
    }
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The start of the comment lines right above a line.
fn comment_above(text: &str, mut start: usize) -> usize {
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// The text without some lines, and without a second empty line where they were.
fn joined(text: &str, gone: Range<usize>) -> String {
    let (before, after) = (&text[..gone.start], &text[gone.end..]);
    if after.trim().is_empty() {
        let before = before.trim_end();
        return if before.is_empty() { String::new() } else { format!("{before}\n") };
    }
    format!("{before}{after}")
}

/// The text without a value and its key.
fn without(text: &str, value: &Range<usize>) -> String {
    let before = &text[line_start(text, value.start)..value.start];
    // A key on a line of its own goes with its line; one among others goes with a comma.
    let among = before.rfind([',', '{', '[']).filter(|at| {
        let brackets = before[..*at].matches(['{', '[']).count();
        brackets > 0 || before[*at..].starts_with(['{', '['])
    });
    let Some(at) = among else {
        let lines = line_start(text, value.start)..line_end(text, value.end);
        return format!("{}{}", &text[..lines.start], &text[lines.end..]);
    };
    let at = value.start - before.len() + at;
    let rest = &text[value.end..];
    if text[at..].starts_with(',') {
        return format!("{}{rest}", &text[..at]);
    }
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(',').unwrap_or(rest);
    let rest = if text[at..].starts_with('[') { rest.trim_start() } else { rest };
    format!("{}{rest}", &text[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"title = "Meters"

# What is read.
[[stream]]
name = "reads"
keys = { count = 5, skew = 0.5 }
steps = [{ month = 2, times = 2 }, { month = 3, times = 3 }]
shape = [
  1,
  2,
] # a curve

[[stream.reader]]
group = "validation"

# Alarms are few.
[[stream]]
name = "alarms"

# What is compared.
[[platform]]
preset = "kafka-gp3"
"#;

    #[test]
    fn a_section_goes_below_those_of_its_kind() {
        let stream = add(TEXT, "stream", &[("name", "logs"), ("retention", "7 d")]).unwrap();
        assert!(stream.contains("name = \"alarms\"\n\n[[stream]]\nname = \"logs\"\nretention = \"7 d\"\n\n# What is compared.\n"), "{stream}");
        let reader = add(TEXT, "stream.reads.reader", &[("group", "billing")]).unwrap();
        assert!(
            reader.contains(
                "\"validation\"\n\n[[stream.reader]]\ngroup = \"billing\"\n\n# Alarms are few.\n"
            ),
            "{reader}"
        );
        let first = add(TEXT, "stream.alarms.reader", &[("group", "desk")]).unwrap();
        assert!(
            first.contains(
                "name = \"alarms\"\n\n[[stream.reader]]\ngroup = \"desk\"\n\n# What is compared.\n"
            ),
            "{first}"
        );
        let event = add(TEXT, "event", &[("name", "a"), ("at", "day 3")]).unwrap();
        assert!(
            event.ends_with("\"kafka-gp3\"\n\n[[event]]\nname = \"a\"\nat = \"day 3\"\n"),
            "{event}"
        );
    }

    #[test]
    fn what_is_removed_takes_its_comment_with_it() {
        let stream = remove(TEXT, "stream.reads").unwrap();
        assert_eq!(
            stream,
            "title = \"Meters\"\n\n# Alarms are few.\n[[stream]]\nname = \"alarms\"\n\n# What is compared.\n[[platform]]\npreset = \"kafka-gp3\"\n"
        );
        let platform = remove(TEXT, "platform.kafka-gp3").unwrap();
        assert!(platform.ends_with("name = \"alarms\"\n"), "{platform}");
        assert!(!remove(TEXT, "stream.reads.reader.validation").unwrap().contains("reader"));
    }

    #[test]
    fn a_value_is_removed_wherever_it_stands() {
        let gone = |path| remove(TEXT, path).unwrap();
        assert!(gone("stream.reads.keys.skew").contains("keys = { count = 5 }\n"));
        assert!(gone("stream.reads.keys.count").contains("keys = { skew = 0.5 }\n"));
        assert!(!gone("stream.reads.keys").contains("keys"));
        assert!(gone("stream.reads.steps.2").contains("steps = [{ month = 3, times = 3 }]\n"));
        assert!(gone("stream.reads.steps.3").contains("steps = [{ month = 2, times = 2 }]\n"));
        assert!(gone("stream.reads.shape").contains("times = 3 }]\n\n[[stream.reader]]\n"));
        assert!(gone("title").starts_with("\n# What is read."));
    }

    #[test]
    fn what_leads_nowhere_changes_nothing() {
        for path in ["", "stream", "stream.gone", "stream.reads.gone", "title.x"] {
            assert!(matches!(remove(TEXT, path), Err(SetError::NotAPath { .. })), "{path}");
        }
        assert!(add(TEXT, "stream.gone.reader", &[]).is_err());
        assert!(add(TEXT, "title", &[]).is_err());
        assert!(add(TEXT, "stream", &[("nome", "x")]).is_err());
        assert!(matches!(
            add("platform = [{ preset = \"a\" }]", "platform", &[("preset", "b")]),
            Err(SetError::NoPlace { .. })
        ));
        assert!(matches!(remove("title = ", "title"), Err(SetError::Syntax { .. })));
    }

    proptest::proptest! {
        #[test]
        fn no_path_makes_it_panic(path in r#"(stream|platform|\*|reads|keys|reader|steps|title|count|2|"|\.|\PC){0,8}"#) {
            if let Ok(changed) = remove(TEXT, &path) {
                proptest::prop_assert!(outline(&changed).is_some());
            }
            if let Ok(changed) = add(TEXT, &path, &[]) {
                proptest::prop_assert!(outline(&changed).is_some());
            }
        }
    }
}
