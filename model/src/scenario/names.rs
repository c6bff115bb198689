//! Names that one part of a scenario gives and another uses.

use super::form::Checked;
use super::nearest::Known;
use super::problem::{Problem, Problems};
use crate::map::{Map, Set};

/// Reports every name that was there before.
pub(super) fn unique(tables: &[Checked], what: &'static str, key: &str, problems: &mut Problems) {
    let mut seen = Set::new();
    for table in tables {
        if let Some(name) = table.text(key)
            && !seen.insert(name.clone())
        {
            problems.report(Problem::Duplicate { what, name }, table.span_of(key));
        }
    }
}

/// The names that a scenario gives to one kind of thing; `None` where one cannot be read, so that nobody knows.
type Given = Option<Set<String>>;

/// The names that a scenario gives.
pub(super) struct Names {
    pub(super) streams: Given,
    pub(super) platforms: Given,
    pub(super) regions: Given,
    /// The consumer groups of each stream, sinks of connectors included.
    groups: Option<Map<String, Set<String>>>,
    /// The readers of each stream.
    readers: Option<Map<String, Set<String>>>,
    all_groups: Given,
}

impl Names {
    /// All of them.
    pub(super) fn of(root: &Checked) -> Self {
        let (streams, platforms) = (root.tables("stream"), root.tables("platform"));
        let groups = |stream: &Checked| -> Given {
            stream.tables("reader").iter().map(|reader| reader.text("group")).collect()
        };
        let platform =
            |item: &Checked| if item.has("name") { item.text("name") } else { item.text("preset") };
        let readers: Option<Map<_, _>> =
            streams.iter().map(|stream| Some((stream.text("name")?, groups(stream)?))).collect();
        let mut groups = readers.clone();
        for connector in root.tables("connector") {
            let named = connector.text("stream").zip(connector.text("name"));
            let sink = connector.text("direction").as_deref() == Some("sink");
            let (Some((stream, name)), true, Some(groups)) = (named, sink, &mut groups) else {
                continue;
            };
            if let Some(groups) = groups.get_mut(&stream) {
                groups.insert(connector.text("group").unwrap_or(format!("connect-{name}")));
            }
        }
        Self {
            streams: streams.iter().map(|stream| stream.text("name")).collect(),
            platforms: platforms.iter().map(platform).collect(),
            regions: root.tables("region").iter().map(|region| region.text("name")).collect(),
            all_groups: groups.as_ref().map(|groups| groups.values().flatten().cloned().collect()),
            groups,
            readers,
        }
    }

    /// The readers of a stream that stand there themselves.
    pub(super) fn readers(&self, stream: Option<&str>) -> Option<&Set<String>> {
        self.readers.as_ref()?.get(stream?)
    }

    /// The consumer groups of a stream, or of all.
    pub(super) fn groups(&self, stream: Option<&str>) -> Option<&Set<String>> {
        match stream {
            Some(stream) => self.groups.as_ref()?.get(stream),
            None => self.all_groups.as_ref(),
        }
    }
}

/// Reports the name at a key, where nothing has it.
pub(super) fn known(
    what: &'static str,
    given: Option<&Set<String>>,
    table: &Checked,
    key: &str,
    problems: &mut Problems,
) {
    let (Some(name), Some(given)) = (table.text(key), given) else { return };
    if !given.contains(&name) {
        let known = Known::new(&name, given.iter().map(String::as_str));
        problems.report(Problem::UnknownName { what, name, known }, table.span_of(key));
    }
}
