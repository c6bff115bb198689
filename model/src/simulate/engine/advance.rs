//! A step: what comes in, expires, is read and copied between two breakpoints, and what it adds up to.

use super::*;

impl Engine<'_> {
    pub(super) fn step(&mut self, to: f64, served: &Served) {
        let (from, span) = (self.now, to - self.now);
        self.steps += 1;
        let mut sample = self.rates(from, to, served);
        if !self.last_week && from >= self.end - WEEK as f64 {
            self.last_week = true;
            for reader in &mut self.readers {
                reader.week_ago = reader.backlog;
            }
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let stream = &self.streams[reader.stream];
            let held = stream.total.as_ref().map_or(f64::INFINITY, |total| total.held(&stream.log));
            reader.room = held * reader.share - reader.backlog;
        }
        let refused_before = self.streams.iter().map(|one| one.refused).sum();
        let edge_before = self.streams.iter().map(|one| one.refused + one.held).sum();
        self.count_requests(from, span);
        self.move_logs(from, to, &mut sample);
        if self.alive {
            self.move_readers(span);
            self.move_jobs(span, to);
        }
        if self.lost > 0.0 && self.planned > 0.0 && !self.shared {
            // What the replicas that are away do not get, where others write it.
            let copies = self.setup().copies;
            let written = if copies > 1.0 { served.produce * span * copies } else { 0.0 };
            for progress in self.progress.iter_mut().filter(|one| one.away > 0.0) {
                progress.missed += written * (progress.away / self.planned).at_most(1.0);
            }
        }
        let shares =
            [served.utilization(IN).at_least(served.utilization(OUT)), served.utilization(DISK)];
        for (credits, share) in [&mut self.network, &mut self.disk].into_iter().zip(shares) {
            let left = credits.left + credits.slope(share) * span;
            credits.left = left.clamp(0.0, credits.full);
            if credits.burst > 1.0 && credits.left < 1e-9 {
                (credits.left, credits.spent) = (0.0, true);
            } else if credits.left > credits.full - 1e-9 {
                (credits.left, credits.spent) = (credits.full, false);
            }
        }
        self.unavailable += span * self.closed(served);
        let alive = if self.alive { span } else { 0.0 };
        self.alive_hours += alive;
        let total = &mut self.totals[self.month];
        total.alive_hours += alive;
        total.broker_hours += self.paid * alive;
        total.local_peak = total.local_peak.at_least(sample.local);
        self.now = to;
        self.move_copies(span);
        self.levels(&mut sample);
        if !self.alive {
            // Levels of what is elsewhere are not this platform's.
            (sample.local, sample.remote, sample.pending, sample.kept) = (0.0, 0.0, 0.0, 0.0);
        }
        self.watch(&sample, refused_before);
        self.note(&sample);
        self.keep(sample, edge_before);
    }

    /// Share of what is new that brokers do not accept.
    fn closed(&self, served: &Served) -> f64 {
        if !self.alive {
            return 0.0;
        }
        if self.serving <= 0.0 {
            return 1.0;
        }
        let refused = 1.0 - served.produce / served.offered.at_least(f64::MIN_POSITIVE);
        let refused = if served.offered > 0.0 && refused > NOTHING { refused } else { 0.0 };
        self.dark.at_most(1.0).at_least(refused)
    }

    fn rates(&self, from: f64, to: f64, served: &Served) -> Sample {
        Sample {
            from,
            to,
            offered: served.offered,
            produce: served.produce,
            tail: served.tail,
            behind: served.behind,
            replay: served.replay,
            copy: served.copy,
            network: served.utilization(IN).at_least(served.utilization(OUT)),
            disk: served.utilization(DISK),
            cpu: served.utilization(CPU),
            busiest: served.busiest,
            bottleneck: (served.busiest > 0.0).then(|| RESOURCES[served.bottleneck]),
            needed: served.needed.0,
            needed_of: (served.needed.0 > 0.0).then(|| RESOURCES[served.needed.1]),
            serving: if self.alive { self.serving } else { 0.0 },
            paid: if self.alive { self.paid } else { 0.0 },
            ..Sample::default()
        }
    }

    /// Accepts, expires, and adds up what is kept over the step.
    fn move_logs(&mut self, from: f64, to: f64, sample: &mut Sample) {
        let span = to - from;
        let setup = &self.setups[self.month];
        let total = &mut self.totals[self.month];
        let copies = setup.copies;
        // What is left when the platform goes is deleted.
        let alive = if self.alive { 1.0 } else { 0.0 };
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let of = &setup.streams[index];
            let compacted = compacted(of, &stream.log, from);
            let base = stream.log.offered();
            let hoarded = base * stream.hoarding.clamp(0.0, 1.0) * span;
            let accepted = stream.log.accept(from, to, stream.accepted);
            total.streams[index].produce += stream.accepted * span * alive;
            let held = |window: &mut Window, log: &Log| {
                let area = window.before() * span + accepted - window.advance(log, from, to);
                (window.held(log), area.at_least(0.0))
            };
            let mut kept = (0.0, 0.0);
            if let Some(window) = &mut stream.total {
                kept = held(window, &stream.log);
                sample.expired += window.released();
            }
            sample.accepted += stream.log.accepted();
            sample.kept += kept.0;
            let mut local = (0.0, 0.0);
            if let Some(window) = &mut stream.local {
                local = held(window, &stream.log);
            }
            let mut open = (0.0, 0.0);
            if let Some(window) = &mut stream.open {
                open = held(window, &stream.log);
            }
            let pending_before = stream.pending;
            if of.tiered {
                let pending = stream.pending + (stream.accepted - stream.uploaded) * span;
                stream.pending = if pending < stream.highest * NOTHING { 0.0 } else { pending };
            }
            let pending = (pending_before + stream.pending) / 2.0 * span;
            if self.shared {
                let bytes = compacted.map_or(kept, |size| (size, size * span));
                sample.remote += bytes.0;
                total.remote += bytes.1 * alive;
            } else {
                if let Some(size) = compacted {
                    local = (size, size * span);
                }
                let on_brokers = (local.0.at_least(stream.pending), local.1.at_least(pending));
                sample.local += on_brokers.0 * copies;
                total.local += on_brokers.1 * copies * alive;
                if of.tiered {
                    sample.remote += (kept.0 - open.0 - stream.pending).at_least(0.0);
                    total.remote += (kept.1 - open.1 - pending).at_least(0.0) * alive;
                }
            }
            sample.pending += stream.pending + if of.tiered { open.0 } else { 0.0 };
            // What was refused waits at the edge.
            let refused = stream.refused + (stream.offered - stream.accepted) * span;
            let difference = stream.offered - base;
            if difference.abs() > base.abs() * 1e-12 {
                stream.sent.note(from, to, difference);
            }
            if stream.refused == 0.0 && refused > 0.0 {
                stream.oldest = Some(stream.log.sent(&stream.sent, from));
            }
            if let Some(oldest) = &mut stream.oldest {
                stream.log.send(&stream.sent, oldest, stream.accepted * span, to);
            }
            stream.refused = if refused < stream.highest * NOTHING { 0.0 } else { refused };
            if stream.refused == 0.0 {
                stream.oldest = None;
            }
            sample.refused += stream.refused;
            stream.held += hoarded;
            stream.held = (stream.held - stream.sending * span).at_least(0.0);
            sample.edge += stream.refused + stream.held;
        }
        if self.shared && self.serving > 0.0 {
            let interval = self.run.design.settings.upload_interval.as_hours();
            sample.pending = (sample.produce * interval).at_most(setup.upload * self.serving);
        }
    }

    fn move_readers(&mut self, span: f64) {
        let month = self.month;
        let setup = &self.setups[month];
        let behind_always = self.run.design.settings.catch_up_share;
        if self.calm {
            for (stream, totals) in self.streams.iter().zip(&mut self.totals[month].streams) {
                let fetched = stream.accepted * stream.fan_out * span;
                totals.tail += fetched;
                totals.behind += fetched * behind_always;
            }
            return;
        }
        for reader in &mut self.readers {
            let stream = &self.streams[reader.stream];
            let new = reader.share * stream.accepted;
            let totals = &mut self.totals[month].streams[reader.stream];
            totals.tail += reader.fetched * span;
            // What brokers of a tiered platform still keep is on their disks.
            let from_disk = reader.source == Source::Disk && setup.streams[reader.stream].tiered;
            if !from_disk {
                totals.behind += reader.fetched * span * reader.behind(behind_always);
            }
            if reader.keeps_up(new) {
                continue;
            }
            let to = self.now + span;
            let place = reader.place.get_or_insert_with(|| stream.log.cursor(self.now));
            if reader.share > 0.0 {
                stream.log.read(place, reader.fetched * span / reader.share, to);
            }
            let backlog = reader.backlog + (new - reader.fetched) * span;
            let least = (reader.share * stream.highest).at_least(1.0) * NOTHING;
            reader.backlog = if backlog < least { 0.0 } else { backlog };
            // Records that expire before they are read are lost to the reader.
            if let Some(total) = &stream.total
                && reader.backlog > 0.0
            {
                let most = total.held(&stream.log) * reader.share;
                if reader.backlog > most + least {
                    let excess = reader.backlog - most;
                    let before =
                        span * reader.room.at_least(0.0) / (reader.room.at_least(0.0) + excess);
                    reader.losing.get_or_insert((self.now + before, 0.0)).1 += excess;
                    reader.backlog = most;
                    reader.place = Some(stream.log.cursor(to - total.age()));
                } else if let Some(losing) = reader.losing.take() {
                    self.incidents.push(lost(&reader.name, losing, Some(self.now)));
                }
            }
            if reader.backlog == 0.0 {
                reader.place = None;
            }
            let source = if reader.backlog <= reader.cache * self.serving {
                Source::Cache
            } else if self.shared || reader.backlog > on_brokers(reader, stream, setup) {
                Source::Store
            } else {
                Source::Disk
            };
            reader.turn(source, self.now);
        }
    }

    fn move_jobs(&mut self, span: f64, now: f64) {
        for job in &mut self.jobs {
            let totals = &mut self.totals[self.month].streams[job.stream];
            let bytes = job.fetched * span;
            let left = if job.remote > 0.0 {
                totals.replay_remote += bytes;
                &mut job.remote
            } else {
                totals.replay_local += bytes;
                &mut job.local
            };
            *left -= bytes;
            if *left < job.rate * NOTHING {
                *left = 0.0;
            }
        }
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.retain(|job| {
            let done = job.local <= 0.0 && job.remote <= 0.0;
            if done {
                self.replayed(job, now);
            }
            !done
        });
        self.jobs = jobs;
    }

    pub(super) fn replayed(&mut self, job: &Job, now: f64) {
        if let Some(event) = job.event {
            let progress = &mut self.progress[event];
            progress.waiting -= 1;
            if progress.waiting == 0 {
                progress.over = Some(now);
                let began = progress.began.unwrap_or(now);
                progress.facts.push(Fact { name: "read after", value: Figure::Hours(now - began) });
            }
        }
        if now > job.due + 1e-6 {
            self.late(job, now, Some(now));
        }
    }

    pub(super) fn late(&mut self, job: &Job, now: f64, to: Option<f64>) {
        let stream = &self.run.workload.streams[job.stream].name;
        self.incidents.push(Incident {
            matter: Matter::ReplayLate,
            subject: format!("{} of {stream}", job.name),
            from: Hours::new(job.due),
            to: to.map(Hours::new),
            worst: now - job.due,
            limit: None,
            why: job.held_by.clone(),
        });
    }

    fn move_copies(&mut self, span: f64) {
        let mut copies = std::mem::take(&mut self.copies);
        let mut finished = Vec::new();
        copies.retain_mut(|copy| {
            let bytes = (copy.rate * span).at_most(copy.left);
            copy.left -= bytes;
            let total = &mut self.totals[self.month];
            match copy.purpose {
                Purpose::Rebuild { .. } => total.rebuilt += bytes,
                Purpose::Grow { .. } | Purpose::Shrink { .. } => total.moved += bytes,
                // To this platform it is produced.
                Purpose::Mirror { .. } => {
                    let histories = self.run.course.iter().flat_map(|course| &course.histories);
                    for (stream, history) in total.streams.iter_mut().zip(histories) {
                        stream.produce += bytes * history.base_bytes() / copy.total;
                    }
                }
            }
            let done = copy.left <= copy.total * NOTHING;
            if done {
                finished.push(Copy { left: 0.0, ..*copy });
            }
            !done
        });
        self.copies = copies;
        for copy in finished {
            self.copied(&copy);
        }
    }

    /// Requests that producing asks for, over a step: not linear in the rates, so step by step.
    fn count_requests(&mut self, from: f64, span: f64) {
        if !self.shared || !self.alive || self.serving <= 0.0 {
            return;
        }
        let plain = self.streams.iter().all(|stream| stream.accepted == stream.log.offered())
            && self.run.fleets[self.month].hourly.is_none()
            && self.serving == f64::from(self.run.fleets[self.month].brokers);
        self.count(from, span, plain);
    }

    /// Requests at what streams accept now; where they accept what they always do in this hour of the month, and all
    /// brokers of the plan serve, it is `plain` and remembered.
    pub(super) fn count(&mut self, from: f64, span: f64, plain: bool) {
        // Clocks differ by quarters of an hour, and so do the moments at which rates change.
        let quarter = ((from * 4.0 + 1e-9).floor() as usize) % QUARTERS;
        let slot = if self.hourly { quarter } else { 0 };
        // What is remembered holds while no stream starts or ends.
        let alike = self.streams.iter().map(|stream| stream.log.alike_until());
        let alike = alike.fold(f64::INFINITY, f64::min);
        if alike != self.requests_alike {
            self.requests.fill(None);
            self.requests_alike = alike;
        }
        if plain && let Some(rates) = &self.requests[slot] {
            add_requests(&mut self.totals[self.month].requests, rates, span);
            return;
        }
        let base = &self.run.fleets[self.month].load;
        let rate = |bytes: f64| ByteRate::new(bytes / 3600.0);
        let load = &mut self.scratch;
        let mut records = Some(0.0);
        for ((stream, planned), running) in
            load.streams.iter_mut().zip(&base.streams).zip(&self.streams)
        {
            stream.produce = rate(running.accepted);
            let each = planned.records.filter(|_| planned.produce > ByteRate::ZERO);
            let now = each.map(|each| each.per_sec() * (stream.produce / planned.produce));
            records = records.zip(now).map(|(sum, one)| sum + one);
        }
        load.produce = load.streams.iter().map(|stream| stream.produce).sum();
        load.records = records.map(Frequency::new);
        let rates = costs::write_requests(self.run.design, load, self.run.machine, self.serving);
        add_requests(&mut self.totals[self.month].requests, &rates, span);
        if plain {
            self.requests[slot] = Some(rates.to_vec());
        }
    }
}
