//! The end of a run: what is left open, and what it all came to.

use super::*;

impl Engine<'_> {
    pub(super) fn finish(mut self) -> Simulation {
        let now = self.now;
        for reader in &self.readers {
            if reader.lost > 0.0 {
                self.incidents.push(Incident {
                    matter: Matter::Lost,
                    subject: reader.name.clone(),
                    from: Hours::new(reader.lost_since.unwrap_or(now)),
                    to: Some(Hours::new(now)),
                    worst: reader.lost,
                    limit: None,
                    why: "records expired before the group got to them".to_owned(),
                });
            }
            let stream = &self.streams[reader.stream];
            let slope = reader.share * stream.accepted - reader.fetched;
            if reader.backlog > 0.0 && slope >= 0.0 && self.alive {
                self.incidents.push(Incident {
                    matter: Matter::NeverCaughtUp,
                    subject: reader.name.clone(),
                    from: Hours::new(now),
                    to: None,
                    worst: reader.backlog,
                    limit: None,
                    why: why(reader, self.samples.last().unwrap_or(&self.peaks)),
                });
            }
        }
        let jobs = std::mem::take(&mut self.jobs);
        for job in jobs.iter().filter(|job| job.due < now) {
            self.late(job, now, None);
        }
        for copy in std::mem::take(&mut self.copies) {
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
        self.incidents.sort_by(|one, other| {
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
