//! What did not hold through a run, in words: one entry for everything of one kind that one reader, stream or platform
//! went through.

use super::figures::{counted, nines, percent, time};
use super::timeline::Extent;
use crate::map::Map;
use crate::order;
use crate::scenario::Horizon;
use crate::simulate::{Incident, Matter, Simulation};
use crate::units::{Bytes, Hours, separated};

/// What did not hold, once or many times.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// When it began for the first time.
    pub from: Hours,
    /// Whether it breaks what the scenario asks for.
    pub serious: bool,
    /// What, of whom, how often, how bad, and what was allowed.
    pub heading: String,
    /// Why, the most frequent reason first.
    pub why: String,
}

/// What did not hold within a span: what is serious first, then in order of time.
pub fn grouped(simulation: &Simulation, horizon: &Horizon, extent: Extent) -> Vec<Told> {
    let mut groups: Vec<Group> = Vec::new();
    let incidents = simulation.incidents.iter();
    for incident in incidents.filter(|incident| extent.overlaps(incident.from, incident.to)) {
        let same = |group: &&mut Group| {
            let first = group.first;
            let subject = first.subject == incident.subject || first.matter == Matter::Budget;
            first.matter == incident.matter && subject
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.add(incident, horizon.end()),
            None => {
                let mut group = Group::new(incident);
                group.add(incident, horizon.end());
                groups.push(group);
            }
        }
    }
    order::sort_by(&mut groups, |one, other| {
        let serious = |group: &Group| !group.first.matter.is_serious();
        let first = |group: &Group| group.first.from.as_hours();
        serious(one).cmp(&serious(other)).then(first(one).total_cmp(&first(other)))
    });
    groups.iter().map(Group::in_words).collect()
}

/// Everything of one kind that did not hold for one reader, stream or platform.
struct Group<'a> {
    first: &'a Incident,
    worst: f64,
    worst_why: &'a str,
    longest: Hours,
    open: bool,
    reasons: Map<&'a str, usize>,
    count: usize,
}

impl<'a> Group<'a> {
    fn new(first: &'a Incident) -> Self {
        Self {
            first,
            worst: first.worst,
            worst_why: &first.why,
            longest: Hours::ZERO,
            open: false,
            reasons: Map::new(),
            count: 0,
        }
    }

    fn add(&mut self, incident: &'a Incident, end: Hours) {
        self.count += 1;
        if incident.worst >= self.worst {
            (self.worst, self.worst_why) = (incident.worst, &incident.why);
        }
        self.longest = self.longest.max(incident.to.unwrap_or(end) - incident.from);
        self.open |= incident.to.is_none();
        *self.reasons.or_default(incident.why.as_str()) += 1;
    }

    /// Why, the most frequent reason first.
    fn why(&self) -> String {
        // Each month has other figures.
        if self.first.matter == Matter::Budget {
            return self.worst_why.to_owned();
        }
        let mut reasons: Vec<(&str, usize)> =
            self.reasons.iter().map(|(why, count)| (*why, *count)).collect();
        reasons.retain(|(why, _)| !why.is_empty());
        order::sort_by_key(&mut reasons, |(_, count)| std::cmp::Reverse(*count));
        let said = reasons.iter().take(3).map(|(why, count)| match reasons.len() {
            1 => (*why).to_owned(),
            _ if self.count == reasons.len() => (*why).to_owned(),
            _ => format!("{why} ({count} ×)"),
        });
        said.collect::<Vec<_>>().join("; ")
    }

    fn in_words(&self) -> Told {
        let first = self.first;
        let subject = match first.matter {
            Matter::Budget => String::new(),
            _ if first.subject.is_empty() => String::new(),
            _ => format!(" ({})", first.subject),
        };
        Told {
            from: first.from,
            serious: first.matter.is_serious(),
            heading: format!("{}{subject}: {}", first.matter.name(), self.told()),
            why: self.why(),
        }
    }

    /// How often, for how long, how bad, and what was allowed.
    fn told(&self) -> String {
        let value = |value: f64| measured(self.first.matter, value);
        let allowed = self.first.limit.map(value);
        match self.first.matter {
            Matter::Availability => {
                return format!(
                    "{} of the time, asked for {}",
                    value(self.worst),
                    allowed.unwrap_or_default()
                );
            }
            Matter::NeverCaughtUp => return format!("{} behind at the end", value(self.worst)),
            Matter::Stuck => return format!("{} left to copy at the end", value(self.worst)),
            Matter::Lost | Matter::ReplicasLost | Matter::LostAtEdge => {
                let mut parts = vec![value(self.worst)];
                if self.count > 1 {
                    parts = vec![
                        format!("{} times", self.count),
                        format!("most {}", value(self.worst)),
                    ];
                }
                return parts.join(", ");
            }
            _ => {}
        }
        let often = match (self.count, self.first.matter) {
            (count, Matter::Budget) => counted(count, "month"),
            (1, _) => format!("for {}", time(self.longest)),
            (count, _) => {
                format!("{} times, longest {}", separated(&count.to_string()), time(self.longest))
            }
        };
        let open = if self.open { ", not over at the end" } else { "" };
        let worst = match self.first.matter {
            Matter::Saturated => format!("{} of what brokers can do", value(self.worst)),
            Matter::Unavailable => format!("{} of the partitions", value(self.worst)),
            Matter::DiskFull => return format!("{often}{open}"),
            _ => format!("worst {}", value(self.worst)),
        };
        let allowed = match self.first.matter {
            Matter::Saturated => String::new(),
            _ => allowed.map_or_else(String::new, |allowed| format!(", allowed {allowed}")),
        };
        format!("{often}{open}; {worst}{allowed}")
    }
}

fn measured(matter: Matter, value: f64) -> String {
    match matter.unit() {
        "h" => time(Hours::new(value)),
        "bytes" => Bytes::new(value).rounded().to_string(),
        "USD" => format!("${}", separated(&format!("{value:.2}"))),
        _ if matter == Matter::Availability => nines(value),
        _ => percent(value),
    }
}
