//! The end of a run: what is left open, and what it all came to.

use super::*;
use crate::order;

impl Engine<'_> {
    /// Whether a reader that is behind stays so: a week brings as much as it can read in a week, or has just done so.
    fn never_catches_up(&self, reader: &Reader) -> bool {
        if reader.backlog <= 0.0 || reader.is_down() {
            return false;
        }
        let stream = &self.streams[reader.stream];
        let now = Hours::new(self.now - SHORTEST);
        let new = (stream.log.curve().mean(now) * Hours::new(1.0)).base_bytes();
        let mut most = reader.capacity * stream.highest;
        if reader.source == Source::Store {
            most = most.min(self.setup().streams[reader.stream].remote_read / reader.share);
        }
        let a_week = reader.week_ago > 0.0 && reader.back <= self.end - WEEK as f64;
        most <= new * (1.0 + NOTHING)
            || (a_week && reader.backlog > reader.week_ago * (1.0 + NEARLY))
    }

    /// Losses that are not over when the horizon is, and have taken too long already.
    fn not_recovered(&mut self, copies: &[Copy]) {
        for event in 0..self.progress.len() {
            let of = self.run.events[event];
            let rebuilding = copies.iter().any(
                |copy| matches!(copy.purpose, Purpose::Rebuild { event: one, .. } if one == event),
            );
            if rebuilding && of.kind == EventKind::ZoneLoss {
                let away = of.settings.outage.as_hours();
                self.took_too_long(event, away, None, "what has to be copied is not copied yet");
            } else if rebuilding {
                self.took_too_long(event, 0.0, None, "what has to be copied is not copied yet");
            } else if self.progress[event].away > 0.0 && of.kind == EventKind::BrokerLoss {
                self.took_too_long(event, 0.0, None, "a replacement is not there yet");
            }
        }
    }

    pub(super) fn finish(mut self) -> Simulation {
        let now = self.now;
        for reader in &self.readers {
            if let Some(losing) = reader.losing {
                self.incidents.push(lost(&reader.name, losing, None));
            }
            if self.alive && self.never_catches_up(reader) {
                self.incidents.push(Incident {
                    matter: Matter::NeverCaughtUp,
                    subject: reader.name.clone(),
                    from: Hours::new(now),
                    to: None,
                    worst: reader.backlog,
                    limit: None,
                    why: why(reader, &self.last, self.full),
                });
            }
        }
        let jobs = std::mem::take(&mut self.jobs);
        for job in jobs.iter().filter(|job| job.due < now) {
            self.late(job, now, None);
        }
        let copies = std::mem::take(&mut self.copies);
        self.not_recovered(&copies);
        for copy in copies {
            if copy.rate <= 0.0 {
                let below = copy.throttle.is_some();
                self.incidents.push(Incident {
                    matter: Matter::Stuck,
                    subject: self.event_name(copy.event),
                    from: Hours::new(now),
                    to: None,
                    worst: copy.left,
                    limit: None,
                    why: if below {
                        "the throttle is not above what is written to the broker meanwhile"
                            .to_owned()
                    } else {
                        "live traffic leaves nothing to copy with".to_owned()
                    },
                });
            }
        }
        for watch in self.watch_lag.drain(..) {
            watch.close(&mut self.incidents);
        }
        if let Some(watch) = self.watch_freshness.take() {
            watch.close(&mut self.incidents);
        }
        self.watch_saturated.close(&mut self.incidents);
        self.watch_dark.close(&mut self.incidents);
        self.watch_full.close(&mut self.incidents);
        order::sort_by(&mut self.incidents, |one, other| {
            one.from
                .as_hours()
                .total_cmp(&other.from.as_hours())
                .then_with(|| (one.matter, &one.subject).cmp(&(other.matter, &other.subject)))
        });
        let outcomes = self
            .run
            .events
            .iter()
            .zip(self.progress)
            .map(|(event, progress)| outcome(event, progress))
            .collect();
        for total in &mut self.totals {
            let hours = total.month.length.as_hours();
            for request in &mut total.requests {
                request.per_sec = request.per_sec_over(hours);
            }
        }
        let available =
            if self.alive_hours > 0.0 { 1.0 - self.unavailable / self.alive_hours } else { 1.0 };
        Simulation {
            samples: self.samples,
            months: self.totals,
            incidents: self.incidents,
            outcomes,
            peaks: self.peaks,
            available,
            before: self.before,
            steps: self.steps,
        }
    }
}
