//! The scenario's text as forms see it: values with their places and what is wrong with them, and ways to change it.

use std::rc::Rc;

use model::comparison::capitalized;
use model::scenario::fields::{self, Field, Section};
use model::scenario::{self, Outline, SetError};
use yew::Callback;

use page_engine::protocol::Fault;

/// What every form needs.
#[derive(Clone)]
pub struct Inputs {
    /// The scenario.
    pub text: Rc<str>,
    /// Its values; `None` where its syntax is broken, so that only the text can be edited.
    pub outline: Option<Rc<Outline>>,
    /// What is wrong with it.
    pub faults: Rc<Vec<Fault>>,
    /// Takes the changed text.
    pub write: Callback<String>,
    /// Says why something cannot be changed.
    pub refuse: Callback<String>,
    /// Says what else was changed.
    pub note: Callback<String>,
}

impl PartialEq for Inputs {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.faults == other.faults
    }
}

impl Inputs {
    /// Sets a value.
    pub fn set(&self, path: &str, value: &str) {
        self.changed(scenario::set(&self.text, path, value));
    }

    /// Sets several values at once.
    pub fn set_all(&self, values: &[(String, String)]) {
        self.changed(written(&self.text, values));
    }

    /// Sets several values at once, and adds commitments.
    pub fn take_over(&self, values: &[(String, String)], commitments: &[Vec<(String, String)>]) {
        let changed = commitments.iter().fold(written(&self.text, values), |text, values| {
            let values: Vec<(&str, &str)> =
                values.iter().map(|(key, value)| (&**key, &**value)).collect();
            scenario::add(&text?, "commitment", &values)
        });
        self.changed(changed);
    }

    /// Removes a value or a section.
    pub fn remove(&self, path: &str) {
        self.changed(scenario::remove(&self.text, path));
    }

    /// Gives something another name, and whatever refers to it, too.
    pub fn rename(&self, section: Section, path: &str, old: &str, new: &str) {
        let Some(outline) = &self.outline else { return };
        let mut values = Vec::new();
        if !old.is_empty() && !new.is_empty() {
            references(outline, section, old, &mut |reference| {
                let renamed = match reference.text.starts_with('[') {
                    true => reference.text.replace(&format!("\"{old}\""), &format!("\"{new}\"")),
                    false => new.to_owned(),
                };
                values.extend(reference.path.map(|path| (path, renamed)));
            });
        }
        values.push((path.to_owned(), new.to_owned()));
        self.set_all(&values);
    }

    /// Removes a section with the events that refer to it by name, and says so.
    pub fn remove_with_events(&self, outline: &Outline, names: &[(Section, &str)]) {
        let (Some(whole), Some(path)) = (&self.outline, &outline.path) else { return };
        let concerned = |event: &&Outline| {
            names.iter().any(|(section, name)| {
                let mut refers = false;
                references_in(event, *section, name, &mut |_| refers = true);
                refers
            })
        };
        let events: Vec<&Outline> = whole.sections("event").filter(concerned).collect();
        let mut text = scenario::remove(&self.text, path);
        for event in events.iter().filter_map(|event| event.path.as_ref()) {
            text = text.and_then(|text| scenario::remove(&text, event));
        }
        self.changed(text);
        if !events.is_empty() {
            let named: Vec<&str> = events.iter().filter_map(|event| event.value("name")).collect();
            self.note.emit(format!(
                "Events that are about it went with it: {}. The browser's Back brings all of it back.",
                named.join(", ")
            ));
        }
    }

    /// Adds a section.
    pub fn add(&self, path: &str, values: &[(&str, &str)]) {
        self.changed(scenario::add(&self.text, path, values));
    }

    fn changed(&self, result: Result<String, SetError>) {
        match result {
            Ok(text) => self.write.emit(text),
            Err(error) => {
                let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                self.refuse.emit(format!("{error}{hint}"));
            }
        }
    }

    /// What is wrong with one value of a section, or with the lack of it.
    pub fn faults_of(&self, outline: &Outline, key: &str) -> Vec<Fault> {
        let value = outline.values.iter().find(|value| value.key == key);
        let concerns = |fault: &&Fault| {
            let Some(place) = &fault.place else { return false };
            match value {
                Some(value) => {
                    value.span.start <= place.bytes.0
                        && place.bytes.0 < value.span.end.max(value.span.start + 1)
                }
                None => false,
            }
        };
        self.faults.iter().filter(concerns).cloned().collect()
    }

    /// What is wrong with a section itself: with its header, or with what it lacks.
    pub fn faults_of_section(&self, outline: &Outline) -> Vec<Fault> {
        let concerns = |fault: &&Fault| {
            fault.place.as_ref().is_some_and(|place| {
                outline.span.contains(&place.bytes.0) && outline.section != Section::Scenario
            })
        };
        self.faults.iter().filter(concerns).cloned().collect()
    }

    /// What is wrong in the sections of a kind below one, which may be folded away: each with the name of its section.
    pub fn faults_below(&self, above: &Outline, kind: &'static str, key: &str) -> Vec<Fault> {
        let mut list = Vec::new();
        for below in above.sections(kind) {
            let name = below.value(key).unwrap_or_default();
            let own = below.values.iter().flat_map(|value| self.faults_of(below, &value.key));
            list.extend(own.map(|fault| Fault {
                message: format!("{kind} `{name}`: {}", fault.message),
                ..fault
            }));
        }
        list
    }

    /// A name that no section of a kind has yet.
    pub fn free_name(&self, above: &Outline, kind: &str, key: &str, stem: &str) -> String {
        let taken = |name: &str| above.sections(kind).any(|one| one.value(key) == Some(name));
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        std::iter::once(stem.to_owned())
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_else(|| stem.to_owned())
    }
}

/// A value that names something.
struct Reference<'a> {
    path: Option<String>,
    text: &'a str,
}

/// Finds every value that refers to something by its name, wherever it stands.
fn references<'a>(
    outline: &'a Outline,
    section: Section,
    name: &str,
    found: &mut dyn FnMut(Reference<'a>),
) {
    references_in(outline, section, name, found);
    for inner in &outline.sections {
        references(inner, section, name, found);
    }
}

/// The same in one section, without those within it.
fn references_in<'a>(
    outline: &'a Outline,
    section: Section,
    name: &str,
    found: &mut dyn FnMut(Reference<'a>),
) {
    let keys: &[&str] = match section {
        Section::Stream => &["stream", "streams"],
        Section::Reader => &["group"],
        Section::Platform => &["platform", "from", "on"],
        _ => &[],
    };
    for value in &outline.values {
        // A reader's own group is its name.
        let own = outline.section == Section::Reader && value.key == "group";
        let listed = value.text.starts_with('[') && value.text.contains(&format!("\"{name}\""));
        if keys.contains(&value.key.as_str()) && !own && (value.text == name || listed) {
            found(Reference { path: outline.path_of(&value.key), text: &value.text });
        }
    }
}

/// A text with several values set.
///
/// # Errors
///
/// When one of them cannot be set; then none is.
pub fn written(text: &str, values: &[(String, String)]) -> Result<String, SetError> {
    let mut text = text.to_owned();
    for (path, value) in values {
        text = scenario::set(&text, path, value)?;
    }
    Ok(text)
}

/// A row of the table of keys.
pub fn field(section: Section, key: &str) -> Option<Field> {
    fields::find(section, key)
}

/// A key as a label: `lag_budget` is `Lag budget`.
pub fn label(key: &str) -> String {
    capitalized(key.replace('_', " "))
}
