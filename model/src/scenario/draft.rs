//! A scenario whose text has been read once, and whose values change many times.

use super::fields::{self, Field, Form, Section};
use super::form::{self, Checked, Value};
use super::interval::name_of;
use super::nearest::Known;
use super::problem::{Problem, Problems};
use super::scale::{self, Scale};
use super::set::{SetError, kind_of_name, name_keys, split, unknown_key};
use super::uncertainty::uncertainty;
use super::{Kept, Scenario, ScenarioError, Vocabulary, meaning, read};

/// A scenario before its values are put together: they can be changed without reading its text again.
///
/// [`set`](super::set()) changes a text that a person goes on with; this is for sweeps and futures, which never see one.
///
/// ```
/// # use model::scenario::{Draft, Vocabulary};
/// # let text = "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n[[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n[[platform]]\npreset = \"kafka-gp3\"\n";
/// # let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
/// # let vocabulary = &Vocabulary { regions, ..Vocabulary::default() };
/// let mut draft = Draft::read(text, vocabulary).unwrap();
/// let retention = draft.variable("stream.s.retention").unwrap();
/// for days in [1.0, 7.0, 30.0] {
///     draft.put(&retention, &retention.number(days * 24.0).unwrap());
///     let scenario = draft.scenario().unwrap();
///     assert_eq!(scenario.workload.streams[0].retention.as_hours(), days * 24.0);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Draft {
    root: Checked,
    vocabulary: Vocabulary,
    /// What the values that were changed leave as it was.
    kept: Option<Kept>,
}

/// A value of a draft that changes, or the same value of several sections.
#[derive(Clone, Debug)]
pub struct Variable {
    path: String,
    field: Field,
    /// The way down to each section that has it.
    places: Vec<Vec<Step>>,
    scale: Option<Scale>,
    now: Option<f64>,
}

/// A step down from a section.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Into the section of a key.
    Table(&'static str),
    /// Into one of the sections of a key.
    Each(&'static str, usize),
}

/// A value for a variable, of the right form.
#[derive(Clone, Debug)]
pub struct Given(Value);

impl Draft {
    /// Reads a scenario.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](super::parse).
    pub fn read(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<ScenarioError>> {
        let (mut root, scenario) = read(text, vocabulary)?;
        // An interval whose value is put is none any more, so nothing goes together with it.
        root.remove("uncertainty");
        let kept = Kept {
            lines: scenario.lines,
            platforms: Some(scenario.platforms),
            policy: scenario.policy,
            certain: uncertainty(&root, &mut Problems::default())
                .filter(|uncertainty| uncertainty.inputs.is_empty()),
        };
        Ok(Self { root, vocabulary: vocabulary.clone(), kept: Some(kept) })
    }

    /// A value by its path, as [`set`](super::set()) takes it. It need not be there.
    ///
    /// # Errors
    ///
    /// Those of [`set`](super::set()).
    pub fn variable(&self, path: &str) -> Result<Variable, SetError> {
        let not_a_path = || SetError::NotAPath { path: path.to_owned() };
        let parts = split(path).ok_or_else(not_a_path)?;
        let mut found = Found { path, field: None, places: Vec::new() };
        found.descend(Section::Scenario, Some(&self.root), &parts, Vec::new())?;
        let field = found.field.ok_or_else(not_a_path)?;
        Ok(self.found(path.trim(), field, found.places))
    }

    /// A setting of one platform by its place in the scenario, or of its further lines: what its name need not be quoted for.
    pub fn setting(&self, platform: usize, key: &str) -> Option<Variable> {
        let table = self.root.tables("platform").get(platform)?;
        let name = name_of(Section::Platform, table);
        let way = vec![Step::Each("platform", platform)];
        let own = fields::find(Section::Platform, key)
            .map(|field| (format!("platform.{name}.{key}"), field, way.clone()));
        let (path, field, way) = own.or_else(|| {
            let field = fields::find(Section::PlatformLines, key)?;
            Some((format!("platform.{name}.lines.{key}"), field, with(way, Step::Table("lines"))))
        })?;
        Some(self.found(&path, field, vec![way]))
    }

    fn found(&self, path: &str, field: Field, places: Vec<Vec<Step>>) -> Variable {
        let values: Vec<_> = places
            .iter()
            .map(|place| inner(&self.root, place).and_then(|table| table.value(field.key)))
            .collect();
        let first = values.first().copied().flatten();
        let numbers = values.iter().map(|value| scale::number(&field, (*value)?));
        let now = numbers.collect::<Option<Vec<f64>>>().unwrap_or_default();
        let same = now.windows(2).all(|pair| pair[0] == pair[1]);
        Variable {
            path: path.to_owned(),
            field,
            scale: Scale::of(&field, first),
            now: now.first().copied().filter(|_| same),
            places,
        }
    }

    /// Changes a value.
    pub fn put(&mut self, variable: &Variable, given: &Given) {
        if !variable.leaves_settings() {
            self.kept = None;
        }
        for place in &variable.places {
            if let Some(table) = inner_mut(&mut self.root, place) {
                table.put(variable.field.key, given.0.clone());
            }
        }
    }

    /// The scenario as it is now.
    ///
    /// # Errors
    ///
    /// What the values break together. Places are those of the text that was read.
    pub fn scenario(&self) -> Result<Scenario, Vec<ScenarioError>> {
        let mut problems = Problems::default();
        match meaning(&self.root, &self.vocabulary, self.kept.as_ref(), &mut problems) {
            Some(scenario) if problems.0.is_empty() => Ok(scenario),
            _ => Err(problems.0),
        }
    }
}

impl Variable {
    /// Whether settings of platforms, lines and scorecard are the same whatever it is: they know names of streams, readers
    /// and provider, and nothing else of those sections.
    fn leaves_settings(&self) -> bool {
        let names = ["name", "group", "provider"].contains(&self.field.key);
        let aside = |place: &Vec<Step>| {
            let first = place.first();
            matches!(
                first,
                Some(Step::Each("stream", _) | Step::Table("horizon" | "slo" | "prices"))
            )
        };
        !names && self.places.iter().all(aside)
    }

    /// Its path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What its numbers are measured in; `None` where its values are no numbers.
    pub fn scale(&self) -> Option<&Scale> {
        self.scale.as_ref()
    }

    /// The ends between which its numbers may lie; infinite where there is none.
    pub fn bounds(&self) -> (f64, f64) {
        scale::bounds(&self.field)
    }

    /// Its number in the draft, where it is there; where it is of several sections, only if it is the same in all. Of an
    /// interval, the middle.
    pub fn now(&self) -> Option<f64> {
        self.now
    }

    /// Reads a value as a scenario or `--set` writes it.
    ///
    /// # Errors
    ///
    /// When the value has not the form that its key asks for. An interval is none: it would be no value to plan with.
    pub fn read(&self, text: &str) -> Result<Given, Problem> {
        form::read(&self.field, text).map(Given)
    }

    /// A number on its scale as a value.
    ///
    /// # Errors
    ///
    /// When it is out of range, or the key has no scale.
    pub fn number(&self, number: f64) -> Result<Given, Problem> {
        let text = self.scale.as_ref().map(|scale| scale.write(number));
        self.read(&text.unwrap_or_else(|| number.to_string()))
    }

    /// A value on its scale.
    pub fn measure(&self, given: &Given) -> Option<f64> {
        scale::number(&self.field, &given.0)
    }
}

/// What a path leads to.
struct Found<'a> {
    path: &'a str,
    field: Option<Field>,
    places: Vec<Vec<Step>>,
}

impl Found<'_> {
    fn descend(
        &mut self,
        section: Section,
        table: Option<&Checked>,
        parts: &[String],
        way: Vec<Step>,
    ) -> Result<(), SetError> {
        let not_a_path = || SetError::NotAPath { path: self.path.to_owned() };
        let (key, rest) = parts.split_first().ok_or_else(not_a_path)?;
        let field = fields::find(section, key).ok_or_else(|| unknown_key(key, section))?;
        match (field.form, rest.split_first()) {
            (Form::Table(inner), Some(_)) => {
                let below = table.and_then(|table| table.table(field.key));
                self.descend(inner, below, rest, with(way, Step::Table(field.key)))
            }
            (Form::Tables(inner, _), Some((name, rest))) => {
                let tables = table.map_or(&[][..], |table| table.tables(field.key));
                let names: Vec<Vec<String>> =
                    tables.iter().map(|one| names_of(inner, one)).collect();
                let chosen: Vec<usize> = (0..tables.len())
                    .filter(|index| name == "*" || names[*index].first() == Some(name))
                    .collect();
                let chosen = if chosen.is_empty() {
                    (0..tables.len()).filter(|index| names[*index].contains(name)).collect()
                } else {
                    chosen
                };
                if chosen.is_empty() {
                    let keys = name_keys(inner).iter();
                    let all: Vec<String> = keys
                        .flat_map(|key| tables.iter().filter_map(|one| one.text(key)))
                        .collect();
                    let all: Vec<&str> = all.iter().map(String::as_str).collect();
                    return Err(SetError::UnknownName {
                        what: kind_of_name(inner),
                        name: name.clone(),
                        known: Known::new(name, all.iter().copied()),
                    });
                }
                for index in chosen {
                    let way = with(way.clone(), Step::Each(field.key, index));
                    self.descend(inner, Some(&tables[index]), rest, way)?;
                }
                Ok(())
            }
            (Form::Table(_) | Form::Tables(..), None) | (_, Some(_)) => Err(not_a_path()),
            (_, None) => {
                self.field = Some(field);
                self.places.push(way);
                Ok(())
            }
        }
    }
}

fn with(mut way: Vec<Step>, step: Step) -> Vec<Step> {
    way.push(step);
    way
}

/// What a section answers to, the best first: a platform to its preset too.
fn names_of(section: Section, table: &Checked) -> Vec<String> {
    let mut names = vec![name_of(section, table)];
    if section == Section::Platform {
        names.extend(table.text("preset"));
    }
    names
}

fn inner<'a>(root: &'a Checked, place: &[Step]) -> Option<&'a Checked> {
    place.iter().try_fold(root, |table, step| match step {
        Step::Table(key) => table.table(key),
        Step::Each(key, index) => table.tables(key).get(*index),
    })
}

fn inner_mut<'a>(root: &'a mut Checked, place: &[Step]) -> Option<&'a mut Checked> {
    place.iter().try_fold(root, |table, step| match step {
        Step::Table(key) => table.table_mut(key),
        Step::Each(key, index) => table.tables_mut(key).get_mut(*index),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{parse, set};

    const TEXT: &str = r#"
schema = 1
title = "t"
[prices]
provider = "aws"
region = "r"
[[stream]]
name = "reads"
produce = "20 MiB/s .. 40 MiB/s .. 90 MiB/s"
retention = "7 d"
keys = { count = 5 }
[[stream.reader]]
group = "g"
[[stream]]
name = "a.b"
produce = "1 MiB/s"
retention = "8 d"
[[platform]]
preset = "kafka-gp3"
[[platform]]
preset = "automq-s3-wal"
name = "cheap"
[slo]
budget = "$100/month"
"#;

    fn vocabulary() -> Vocabulary {
        let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
        Vocabulary { regions, ..Vocabulary::default() }
    }

    /// A changed draft is what the changed text would be read as.
    #[test]
    fn a_draft_changes_as_its_text_does() {
        for (path, value) in [
            ("stream.reads.produce", "3 MiB/s"),
            ("stream.reads.keys.count", "7"),
            ("stream.reads.keys.skew", "0.9"),
            ("stream.reads.reader.g.share", "30 %"),
            ("stream.\"a.b\".growth", "2 %/month linear"),
            ("stream.*.retention", "30 d"),
            ("platform.cheap.zones", "2"),
            ("platform.automq-s3-wal.zones", "2"),
            ("platform.kafka-gp3.replication_factor", "2"),
            ("prices.discount.compute", "20 %"),
            ("slo.budget", "$7.50/month"),
            ("horizon.months", "24"),
            ("title", "another"),
        ] {
            let mut draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
            let variable = draft.variable(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            let given = variable.read(value).unwrap_or_else(|error| panic!("{path}: {error}"));
            draft.put(&variable, &given);
            let text = set(TEXT, path, value).expect("a path of the scenario");
            let written = parse(&text, &vocabulary()).expect("a scenario");
            assert_eq!(draft.scenario().as_ref(), Ok(&written), "{path}");
            // A number comes back as itself.
            if let Some(number) = variable.measure(&given) {
                let variable = draft.variable(path).expect("the same path");
                draft.put(&variable, &variable.number(number).expect("a number of the scale"));
                assert_eq!(draft.scenario().as_ref(), Ok(&written), "{path} as a number");
            }
        }
    }

    /// A setting is found by the place of its platform as by its path, and where the section of its lines is not there yet.
    #[test]
    fn a_setting_is_found_by_its_platform() {
        for (platform, key, path, value) in [
            (1, "zones", "platform.cheap.zones", "2"),
            (0, "disk_utilization", "platform.kafka-gp3.disk_utilization", "70 %"),
            (1, "backups", "platform.cheap.lines.backups", "true"),
        ] {
            let mut draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
            let setting = draft.setting(platform, key).expect("a setting");
            assert_eq!(setting.path(), path);
            draft.put(&setting, &setting.read(value).expect("a value"));
            let by_place = draft.scenario().expect("a scenario");
            let mut draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
            let variable = draft.variable(path).expect("a path");
            draft.put(&variable, &variable.read(value).expect("a value"));
            assert_eq!(draft.scenario().as_ref(), Ok(&by_place), "{path}");
            assert_ne!(
                Draft::read(TEXT, &vocabulary()).and_then(|one| one.scenario()),
                Ok(by_place)
            );
        }
        let draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
        assert!(draft.setting(2, "zones").is_none() && draft.setting(0, "zone").is_none());
    }

    #[test]
    fn paths_that_lead_nowhere_are_refused_as_in_a_text() {
        let draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
        for path in
            ["stream.red.produce", "stream.reads.x", "stream", "", "platform.x.zones", "title.x"]
        {
            let error = draft.variable(path).expect_err("a path that leads nowhere");
            assert_eq!(error, set(TEXT, path, "1").expect_err("the same"), "{path}");
        }
    }

    #[test]
    fn rules_across_keys_hold_for_drafts() {
        let mut draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
        let copies = draft.variable("platform.kafka-gp3.replication_factor").expect("a path");
        let brokers = draft.variable("platform.kafka-gp3.brokers").expect("a path");
        draft.put(&copies, &copies.number(4.0).expect("a count"));
        draft.put(&brokers, &brokers.number(3.0).expect("a count"));
        let errors = draft.scenario().expect_err("fewer brokers than copies");
        assert!(
            matches!(
                errors[0].problem,
                Problem::TooFewBrokers { replication_factor: 4, brokers: 3 }
            ),
            "{errors:?}"
        );
    }

    #[test]
    fn a_variable_knows_its_scale_its_ends_and_where_it_stands() {
        let draft = Draft::read(TEXT, &vocabulary()).expect("a scenario");
        let of = |path: &str| {
            let variable = draft.variable(path).expect("a path");
            (variable.scale().cloned(), variable.now())
        };
        assert_eq!(of("stream.reads.retention"), (Some(Scale::Duration), Some(168.0)));
        assert_eq!(of("stream.*.retention"), (Some(Scale::Duration), None));
        assert_eq!(of("stream.reads.produce").1, Some(40.0 * 1024.0 * 1024.0));
        assert_eq!(of("platform.cheap.zones"), (Some(Scale::Count), None));
        assert_eq!(of("title"), (None, None));
        let share = draft.variable("stream.reads.reader.g.share").expect("a path");
        assert_eq!(share.bounds(), (0.0, 1.0));
        assert!(share.number(1.5).is_err() && share.number(f64::NAN).is_err());
    }
}
