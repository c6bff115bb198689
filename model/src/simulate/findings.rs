//! What a run finds: what did not hold, and what came of each event.

use serde::Serialize;

use crate::events::EventKind;
use crate::sizing::Resource;
use crate::units::Hours;

/// What did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// Records took longer from produce to consume than they may.
    Freshness,
    /// A reader was further behind than it may be.
    Lag,
    /// A reader never catches up within the horizon.
    NeverCaughtUp,
    /// A replay was not done when it had to be.
    ReplayLate,
    /// Records expired before a reader got to them.
    Lost,
    /// No replica of some partitions was left.
    ReplicasLost,
    /// Brokers accepted less than they were sent: producers wait.
    Saturated,
    /// Partitions accepted nothing.
    Unavailable,
    /// Brokers' disks were full.
    DiskFull,
    /// Replicas were not back in time.
    Recovery,
    /// A copy that makes no progress.
    Stuck,
    /// Devices held back more than they can, and lost it.
    LostAtEdge,
    /// A month cost more than it may.
    Budget,
    /// Writes were accepted for a smaller share of the time than asked for.
    Availability,
}

impl Matter {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Freshness => "freshness",
            Self::Lag => "lag budget",
            Self::NeverCaughtUp => "never catches up",
            Self::ReplayLate => "replay late",
            Self::Lost => "data lost to a reader",
            Self::ReplicasLost => "data lost for good",
            Self::Saturated => "producers wait",
            Self::Unavailable => "partitions unavailable",
            Self::DiskFull => "disks full",
            Self::Recovery => "recovery",
            Self::Stuck => "copy makes no progress",
            Self::LostAtEdge => "data lost at the edge",
            Self::Budget => "budget",
            Self::Availability => "availability",
        }
    }

    /// The unit of `worst` and `limit`.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Freshness | Self::Lag | Self::ReplayLate | Self::Recovery => "h",
            Self::NeverCaughtUp
            | Self::Lost
            | Self::ReplicasLost
            | Self::LostAtEdge
            | Self::Stuck => "bytes",
            Self::Saturated | Self::DiskFull | Self::Unavailable | Self::Availability => "share",
            Self::Budget => "USD",
        }
    }

    /// Whether it breaks what the scenario asks for, and not only what it would like to know.
    pub fn is_serious(self) -> bool {
        matches!(
            self,
            Self::Lost
                | Self::ReplicasLost
                | Self::LostAtEdge
                | Self::DiskFull
                | Self::NeverCaughtUp
                | Self::Stuck
        )
    }
}

/// Something that did not hold for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// What.
    pub matter: Matter,
    /// Of whom: a reader, a stream; empty for the whole platform.
    pub subject: String,
    /// From when.
    pub from: Hours,
    /// Until when; `None` where the horizon ended first.
    pub to: Option<Hours>,
    /// The worst value, in the matter's unit.
    pub worst: f64,
    /// What was allowed, in the same unit.
    pub limit: Option<f64>,
    /// Why: what bound.
    pub why: String,
}

/// One figure about an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is, in words.
    pub name: &'static str,
    /// How much, in its unit.
    pub value: Figure,
}

/// A value that knows its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// Bytes.
    Bytes(f64),
    /// Hours.
    Hours(f64),
    /// A share of something.
    Share(f64),
    /// A number per second.
    PerSecond(f64),
    /// A number.
    Count(f64),
    /// Dollars.
    Dollars(f64),
    /// It does not happen within the horizon.
    Never,
}

/// What came of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What happened.
    pub kind: EventKind,
    /// When it started.
    pub from: Hours,
    /// When everything was as before; `None` where that is not within the horizon.
    pub to: Option<Hours>,
    /// Figures about it.
    pub facts: Vec<Fact>,
    /// Highest utilization of any resource meanwhile, and of which.
    pub busiest: f64,
    /// The resource behind it.
    pub bottleneck: Option<Resource>,
    /// Longest time that a reader was behind meanwhile, in hours.
    pub lag: f64,
    /// Longest time that something refused waited meanwhile, in hours.
    pub wait: f64,
    /// Longest time from produce to consume meanwhile, in hours.
    pub freshness: f64,
}

impl Outcome {
    /// A figure by its name.
    pub fn figure(&self, name: &str) -> Option<Figure> {
        self.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value)
    }

    /// A length of time by its name, in hours.
    pub fn hours(&self, name: &str) -> Option<f64> {
        match self.figure(name) {
            Some(Figure::Hours(hours)) => Some(hours),
            _ => None,
        }
    }

    /// An amount of data by its name, in bytes; nothing where it is not there.
    pub fn bytes(&self, name: &str) -> f64 {
        match self.figure(name) {
            Some(Figure::Bytes(bytes)) => bytes,
            _ => 0.0,
        }
    }
}

/// An incident that may still be going on.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    matter: Matter,
    subject: String,
    limit: Option<f64>,
    open: Option<Incident>,
    /// The value at the end of the last step.
    last: f64,
}

impl Watch {
    pub(super) fn new(matter: Matter, subject: String, limit: Option<f64>) -> Self {
        Self { matter, subject, limit, open: None, last: 0.0 }
    }

    /// Nothing is too much, nor was it just now.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_none() && self.last == 0.0
    }

    /// Nothing is too much.
    pub(super) fn is_shut(&self) -> bool {
        self.open.is_none()
    }

    /// From now on the value is so much more.
    pub(super) fn jump(&mut self, by: f64) {
        self.last += by;
    }

    /// Looks at a value that went straight to `value` over a step; `why` is asked for when it is worst.
    pub(super) fn see(
        &mut self,
        from: f64,
        to: f64,
        value: f64,
        why: impl FnOnce() -> String,
        list: &mut Vec<Incident>,
    ) {
        let limit = self.limit.unwrap_or(0.0);
        let before = std::mem::replace(&mut self.last, value);
        let crossing = || {
            let part = (limit - before) / (value - before);
            from + part.clamp(0.0, 1.0) * (to - from)
        };
        match &mut self.open {
            None if value > limit => {
                let start = if before > limit || before == value { from } else { crossing() };
                self.open = Some(Incident {
                    matter: self.matter,
                    subject: self.subject.clone(),
                    from: Hours::new(start),
                    to: None,
                    worst: value,
                    limit: self.limit,
                    why: why(),
                });
            }
            Some(incident) if value > incident.worst => {
                (incident.worst, incident.why) = (value, why());
            }
            Some(_) if value > limit => {}
            Some(_) => {
                let end = if before == value { from } else { crossing() };
                if let Some(mut incident) = self.open.take() {
                    incident.to = Some(Hours::new(end));
                    list.push(incident);
                }
            }
            None => {}
        }
    }

    /// The horizon is over.
    pub(super) fn close(self, list: &mut Vec<Incident>) {
        list.extend(self.open);
    }
}

/// A resource in a sentence about who waits for what.
pub(super) fn bound_by(resource: Resource) -> String {
    match resource {
        Resource::Network => "the brokers' network is full".to_owned(),
        Resource::DiskPath => "the brokers' disks are as busy as they can be".to_owned(),
        Resource::Cpu => "the brokers' CPUs are busy".to_owned(),
        Resource::RatedIngress => "brokers take no more than they are rated for".to_owned(),
        Resource::RatedEgress => "brokers serve no more than they are rated for".to_owned(),
        other => other.name().to_owned(),
    }
}
