//! The settings of one platform, or of one kind of event, with their origin: what a reviewer asks about any number.

use serde::Serialize;

use crate::bill::Component;
use crate::design::Design;
use crate::events::{EVENT_PARAMETERS, EventKind};
use crate::lines::{self, LINE_PARAMETERS, Lines, component_of};
use crate::parameters::{self, Confidence, PARAMETERS, Parameter, Settings};
use crate::policy::{POLICY_PARAMETERS, Policy};
use crate::presets::{Row, headroom_rows};

/// Who gave a setting its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The table of defaults.
    Default,
    /// What the headroom policy asks for.
    Headroom,
    /// The preset.
    Preset,
    /// The event's kind.
    EventKind,
    /// The scenario.
    Scenario,
}

impl Origin {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Headroom => "headroom policy",
            Self::Preset => "preset",
            Self::EventKind => "event kind",
            Self::Scenario => "scenario",
        }
    }
}

/// A setting that means something for a platform or an event.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its row in the table.
    pub parameter: &'static Parameter,
    /// Its value, as a scenario would write it.
    pub value: String,
    /// Who gave it.
    pub origin: Origin,
    /// Where the value comes from.
    pub source: &'static str,
    /// How far it can be trusted; `None` for the scenario's own.
    pub confidence: Option<Confidence>,
}

/// Every setting that means something for a platform, in the order of the table.
///
/// ```
/// # use model::{design::Design, export::{Origin, settings}, presets::preset};
/// let design = Design::of(preset("kafka-st1").unwrap());
/// let disk = settings(&design).into_iter().find(|one| one.parameter.key == "disk").unwrap();
/// assert_eq!((&*disk.value, disk.origin), ("hard-disk", Origin::Preset));
/// ```
pub fn settings(design: &Design) -> Vec<Setting> {
    let defaults = Settings::default();
    let applies = |parameter: &&Parameter| {
        parameter.scope.covers(design.architecture())
            || find(design.preset.rows, parameter.key).is_some()
    };
    PARAMETERS
        .iter()
        .filter(applies)
        .map(|parameter| setting(design, &defaults, parameter))
        .collect()
}

/// One setting of a platform or of a further line, by its key; the defaults are given, so that whoever asks often reads
/// them once.
pub(crate) fn setting_of(design: &Design, defaults: &Settings, key: &str) -> Option<Setting> {
    match parameters::parameter(key) {
        Some(parameter) => Some(setting(design, defaults, parameter)),
        None => {
            let parameter = lines::parameter(key)?;
            Some(line_setting(parameter, &design.lines, design.preset.line_rows()))
        }
    }
}

fn setting(design: &Design, defaults: &Settings, parameter: &'static Parameter) -> Setting {
    let key = parameter.key;
    let value = design.settings.show(key).unwrap_or_default();
    let changed = defaults.show(key).is_none_or(|default| default != value);
    let preset = find(design.preset.rows, key);
    let headroom = find(headroom_rows(design.settings.headroom), key).filter(|_| changed);
    let (origin, source, confidence) = match (preset, headroom) {
        _ if design.overrides.iter().any(|own| own == key) => {
            (Origin::Scenario, "the scenario", None)
        }
        (Some(row), _) => (Origin::Preset, row.source, Some(row.confidence)),
        (None, Some(row)) => (Origin::Headroom, row.source, Some(row.confidence)),
        (None, None) => (Origin::Default, parameter.source, Some(parameter.confidence)),
    };
    Setting { parameter, value, origin, source, confidence }
}

/// Every setting that means something for an event of a kind, in the order of the table.
///
/// ```
/// # use model::{events::EventKind, export::{Origin, event_settings}};
/// let settings = event_settings(EventKind::Replay);
/// let window = settings.iter().find(|one| one.parameter.key == "window").unwrap();
/// assert_eq!((&*window.value, window.origin), ("7 d", Origin::EventKind));
/// ```
pub fn event_settings(kind: EventKind) -> Vec<Setting> {
    let rows = EVENT_PARAMETERS.iter().filter(|row| kind.keys().contains(&row.key));
    rows.map(|parameter| {
        let (value, origin, source, confidence) = match find(kind.rows(), parameter.key) {
            Some(row) => (row.value, Origin::EventKind, row.source, row.confidence),
            None => (parameter.default, Origin::Default, parameter.source, parameter.confidence),
        };
        let (value, confidence) = (value.to_owned(), Some(confidence));
        Setting { parameter, value, origin, source, confidence }
    })
    .collect()
}

/// Every setting of the further lines that a platform's bill has, in the order of the table.
///
/// ```
/// # use model::{design::Design, export::{Origin, line_settings}, presets::preset};
/// let mut design = Design::of(preset("kafka-gp3").unwrap());
/// assert!(line_settings(&design).is_empty());
/// design.lines.settings.set("backups", "true").unwrap();
/// let copies = line_settings(&design).into_iter().find(|one| one.parameter.key == "backup_copies");
/// assert_eq!(copies.unwrap().origin, Origin::Default);
/// ```
pub fn line_settings(design: &Design) -> Vec<Setting> {
    let lines = &design.lines;
    let rows = LINE_PARAMETERS.iter().filter(|row| lines.uses(row.key));
    rows.map(|parameter| line_setting(parameter, lines, design.preset.line_rows())).collect()
}

/// Every setting of one further line as it is when nobody says more, in the order of the table.
pub fn line_defaults(component: Component) -> Vec<Setting> {
    let rows = LINE_PARAMETERS.iter().filter(|row| component_of(row.key) == component);
    rows.map(|parameter| line_setting(parameter, &Lines::default(), &[])).collect()
}

fn line_setting(parameter: &'static Parameter, lines: &Lines, rows: &'static [Row]) -> Setting {
    let value = lines.settings.show(parameter.key).unwrap_or_default();
    let own = lines.overrides.iter().any(|key| key == parameter.key);
    let (origin, source, confidence) = match find(rows, parameter.key) {
        _ if own => (Origin::Scenario, "the scenario", None),
        Some(row) => (Origin::Preset, row.source, Some(row.confidence)),
        None => (Origin::Default, parameter.source, Some(parameter.confidence)),
    };
    Setting { parameter, value, origin, source, confidence }
}

/// What the scorecard asks and where it draws its lines, in the order of the questions.
pub fn policy_settings(policy: &Policy) -> Vec<Setting> {
    let rows = POLICY_PARAMETERS.iter().filter_map(|parameter| {
        let value = policy.show(parameter.key)?;
        let (source, confidence) = (parameter.source, Some(parameter.confidence));
        let default = Policy::default().show(parameter.key).as_deref() == Some(&*value);
        Some(if default {
            Setting { parameter, value, origin: Origin::Default, source, confidence }
        } else {
            let source = "the scenario";
            Setting { parameter, value, origin: Origin::Scenario, source, confidence: None }
        })
    });
    rows.collect()
}

fn find(rows: &'static [Row], key: &str) -> Option<&'static Row> {
    rows.iter().find(|row| row.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets::preset;

    #[test]
    fn every_value_has_the_origin_that_came_last() {
        let mut design = Design::of(preset("msk-express").expect("a preset of the table"));
        design.settings.set("zones", "2").expect("a value of the setting");
        design.overrides.push("zones".to_owned());
        check(&design, "zones", "2", Origin::Scenario);
        check(&design, "utilization", "75 %", Origin::Preset);
        check(&design, "segment_ms", "7 d", Origin::Default);

        let mut design = Design::of(preset("kafka-gp3").expect("a preset of the table"));
        design.settings = design.preset.settings_under(crate::parameters::Headroom::Netflix);
        check(&design, "disk_utilization", "40 %", Origin::Headroom);
    }

    #[test]
    fn settings_of_other_architectures_are_left_out() {
        let keys = |name| -> Vec<&str> {
            let design = Design::of(preset(name).expect("a preset of the table"));
            settings(&design).iter().map(|one| one.parameter.key).collect()
        };
        assert!(!keys("kafka-gp3").contains(&"flush_interval"));
        assert!(!keys("automq-s3-wal").contains(&"replication_factor"));
        assert!(keys("kafka-tiered").contains(&"local_retention"));
    }

    #[track_caller]
    fn check(design: &Design, key: &str, value: &str, origin: Origin) {
        let all = settings(design);
        let found = all.iter().find(|one| one.parameter.key == key).expect("it applies");
        assert_eq!((&*found.value, found.origin), (value, origin));
    }
}
