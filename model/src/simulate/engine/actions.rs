//! What is done at a moment: months, events, and what they put off.

use super::*;

impl Engine<'_> {
    /// Does everything that is due.
    pub(super) fn act(&mut self) {
        while let Some((at, action)) = self.schedule.get(self.next) {
            if *at > self.now + SHORTEST {
                break;
            }
            let action = action.clone();
            self.next += 1;
            self.act_on(action);
        }
        while let Some(index) = self.pending.iter().position(|(at, _)| *at <= self.now + SHORTEST) {
            let (_, action) = self.pending.remove(index);
            self.act_on(action);
        }
    }

    fn later(&mut self, after: f64, action: Action) {
        self.pending.push((self.now + after, action));
    }

    fn act_on(&mut self, action: Action) {
        let now = self.now;
        match action {
            Action::Month(index) => {
                self.month = index;
                self.start_month(index);
                self.resize(index);
            }
            Action::Brimful { stream, share } => {
                self.streams[stream].hoarding -= share;
            }
            Action::Offline { stream, share } => {
                self.streams[stream].hoarding += share.max(0.0);
                let away = &mut self.streams[stream].offline;
                *away = (*away + share).max(0.0);
                if *away < 1e-12 {
                    *away = 0.0;
                }
            }
            Action::Extra { stream, rate, held } => {
                let stream = &mut self.streams[stream];
                stream.extra += rate;
                stream.sending += if held { rate } else { 0.0 };
                let least = stream.highest.max(1.0) * 1e-12;
                if stream.extra < least {
                    stream.extra = 0.0;
                }
                if stream.sending < least {
                    stream.sending = 0.0;
                    // What others hold back is still there.
                    if stream.offline == 0.0 {
                        stream.held = 0.0;
                    }
                }
            }
            Action::Held { event, stream, held, change, lost } => {
                let one = &mut self.streams[stream];
                one.held = (one.held + change).max(0.0);
                let progress = &mut self.progress[event];
                progress.held += held;
                progress.lost += lost;
                if lost > 1.0 {
                    let of = self.run.events[event];
                    let full = of.at + of.settings.buffer.unwrap_or(Hours::ZERO);
                    self.incidents.push(Incident {
                        matter: Matter::LostAtEdge,
                        subject: self.run.workload.streams[stream].name.clone(),
                        from: full,
                        to: Some(Hours::new(now)),
                        worst: lost,
                        limit: None,
                        why: "devices were away for longer than they can hold".to_owned(),
                    });
                }
            }
            Action::Replay { event, stream, group, window, share, within } => {
                self.replay(event, stream, &group, window, share, within);
            }
            Action::Reader { event, reader, down } => {
                if down {
                    self.readers[reader].away += 1;
                } else {
                    let one = &mut self.readers[reader];
                    (one.away, one.back) = (one.away.saturating_sub(1), now);
                }
                if !self.alive {
                    self.progress[event].over = Some(now);
                } else if down {
                    self.progress[event].readers.push(reader);
                }
            }
            Action::Retention { event, stream, age } => self.retention(event, stream, age),
            Action::Lose { event, brokers, zone } => self.lose(event, brokers, zone),
            Action::Dark { share } => {
                self.dark = (self.dark + share).max(0.0);
                if self.dark < 1e-12 {
                    self.dark = 0.0;
                }
            }
            Action::Replace { event, zone, disk, throttle } => {
                self.replace(event, zone, disk, throttle);
            }
            Action::Scale { event, brokers, throttle } => self.scale(event, brokers, throttle),
            Action::Serve { event, brokers } => {
                self.serving += brokers;
                self.done(event, "capacity after");
            }
            Action::Fill { event, brokers, throttle } => {
                let bytes = self.movable() * brokers / self.planned.max(1.0);
                let others = (self.planned - brokers).max(1.0);
                let purpose = Purpose::Grow { brokers };
                self.copy(event, purpose, bytes, brokers.min(others), throttle);
            }
            Action::Follow => self.follow(),
            Action::Alive(true) => {
                self.alive = true;
                // The fleet of the month is there with it.
                let brokers = f64::from(self.run.fleets[self.month].brokers);
                (self.planned, self.paid, self.serving) = (brokers, brokers, brokers);
                self.settle_in();
                self.mirror();
            }
            Action::Alive(false) => self.leave(),
            Action::Begin(event) => self.begin(event),
            Action::End(event) => {
                let behind = self.streams.iter().any(|stream| stream.refused > 0.0)
                    || self.readers.iter().any(|reader| reader.backlog > 0.0);
                let progress = &mut self.progress[event];
                let began = progress.began.unwrap_or(now);
                let sent = matches!(
                    self.run.events[event].kind,
                    EventKind::ReconnectStorm | EventKind::Backfill | EventKind::FirmwareWave
                );
                if sent && self.alive {
                    let after = Figure::Hours(now - began);
                    progress.facts.push(Fact { name: "all is sent after", value: after });
                }
                progress.ended = true;
                if !(sent && self.alive && behind) {
                    progress.over = Some(now);
                }
            }
        }
    }

    pub(super) fn start_month(&mut self, index: usize) {
        let now = Hours::new(self.now.max(self.months[index].start.as_hours()));
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let setup = &self.setups[self.month].streams[index];
            stream.highest = (stream.log.curve().highest(now) * Hours::new(1.0)).base_bytes();
            let retention = stream.total.as_ref().map_or(0.0, Window::age);
            if let (Some(window), Some(kept)) = (&mut stream.local, setup.local)
                && window.age() != kept.age(retention)
            {
                window.set_age(&stream.log, kept.age(retention), self.now);
            }
            if let Some(window) = &mut stream.open
                && window.age() != setup.open
            {
                window.set_age(&stream.log, setup.open, self.now);
            }
        }
        let brokers = f64::from(self.run.fleets[index].brokers.max(1));
        let reach = self.setups[index].reach / brokers;
        for reader in &mut self.readers {
            let mean = self.streams[reader.stream].log.curve().mean(now);
            reader.cache = (mean * Hours::new(1.0)).base_bytes() * reader.share * reach;
        }
        self.look_at_disks();
        self.requests.fill(None);
        self.scratch = self.run.fleets[index].load.clone();
    }

    /// Disks and what is on them may both be others from now on.
    fn look_at_disks(&mut self) {
        let disk = self.disks();
        if !self.shared && disk.is_finite() && disk > 0.0 && self.alive {
            let share = self.on_brokers() / disk;
            self.full = false;
            self.filled(share);
        }
    }

    /// A fleet that follows the day is already as large as the hour asks for.
    pub(super) fn settle_in(&mut self) {
        self.follow();
        self.pending.retain(|(_, action)| !matches!(action, Action::Serve { event: None, .. }));
        self.serving = self.planned;
    }

    /// History is mirrored beside live traffic: its records keep their age, and what is not mirrored is not there.
    fn mirror(&mut self) {
        let events = self.run.events.iter();
        let event = events.clone().position(|event| event.kind == EventKind::Migration);
        let (Some(event), Some(course)) = (event, self.run.course) else { return };
        let settings = &self.run.events[event].settings;
        if let Some(history) = settings.history.map(Hours::as_hours) {
            let edge = self.now - history;
            for stream in &mut self.streams {
                for window in [&mut stream.total, &mut stream.local].into_iter().flatten() {
                    window.cut(&stream.log, edge);
                }
                if let Some(open) = &mut stream.open {
                    open.cut(&stream.log, edge);
                }
            }
        }
        let total = course.history().base_bytes();
        let mut each = Amounts::default();
        for (setup, bytes) in self.setup().streams.iter().zip(&course.histories) {
            each.add(bytes.base_bytes() / total.max(1.0), &setup.produce);
        }
        let rate = (settings.mirror * Hours::new(1.0)).base_bytes();
        let targets = self.planned.max(1.0);
        self.copy(Some(event), Purpose::Mirror { each, rate }, total, targets, None);
    }

    /// The platform is not there: nobody produces to it, reads from it, or waits for it.
    fn leave(&mut self) {
        self.alive = false;
        for stream in &mut self.streams {
            (stream.refused, stream.pending, stream.held) = (0.0, 0.0, 0.0);
            stream.oldest = None;
        }
        for reader in &mut self.readers {
            if let Some(losing) = reader.losing.take() {
                self.incidents.push(lost(&reader.name, losing, Some(self.now)));
            }
            (reader.backlog, reader.lag, reader.source) = (0.0, 0.0, Source::Cache);
            reader.place = None;
        }
        self.jobs.clear();
        self.copies.clear();
        self.pending.clear();
        (self.lost, self.empty, self.dark) = (0.0, 0.0, 0.0);
        (self.added, self.holding) = (0.0, 0.0);
        for progress in &mut self.progress {
            (progress.waiting, progress.away, progress.short) = (0, 0.0, 0.0);
        }
    }

    /// The plan's own change of the fleet at the start of a month.
    fn resize(&mut self, index: usize) {
        if !self.alive {
            return;
        }
        if self.run.fleets[index].hourly.is_some() {
            self.follow();
            return;
        }
        let (old, new) = (self.run.fleets[index - 1].brokers, self.run.fleets[index].brokers);
        let change = f64::from(new) - f64::from(old);
        if change != 0.0 {
            self.scale(None, change, None);
        }
    }

    /// A fleet that follows the day has as many brokers as the hour asks for, and those that events added; what is new
    /// serves after its start-up.
    pub(super) fn follow(&mut self) {
        let Some(hourly) = &self.run.fleets[self.month].hourly else { return };
        let hour = (self.now + 1e-9).floor() as usize;
        let change = f64::from(hourly[hour % WEEK]) + self.added - self.planned;
        self.change(change);
        let next = (self.now + 1e-9).floor() + 1.0;
        self.pending.retain(|(_, action)| *action != Action::Follow);
        self.pending.push((next, Action::Follow));
    }

    /// Brokers that hold nothing come, and serve after their start-up, or go at once: first those that do not serve yet.
    fn change(&mut self, change: f64) {
        self.planned += change;
        self.paid += change;
        if change > 0.0 {
            let after = self.run.design.settings.start_up.as_hours();
            self.later(after, Action::Serve { event: None, brokers: change });
            return;
        }
        let mut fewer = -change;
        for (_, action) in &mut self.pending {
            if let Action::Serve { event: None, brokers } = action {
                let cancelled = brokers.min(fewer);
                *brokers -= cancelled;
                fewer -= cancelled;
            }
        }
        self.serving = (self.serving - fewer).max(0.0);
    }

    fn begin(&mut self, event: usize) {
        let of = self.run.events[event];
        // A migration begins with the platform; nothing else happens to one that is not there.
        if !self.alive && of.kind != EventKind::Migration {
            return;
        }
        let mut facts = Vec::new();
        match of.kind {
            EventKind::ReconnectStorm => {
                let away = schedule::fleet(of, self.run.workload) * of.settings.share;
                if away > 0.0 {
                    let first = away / of.settings.jitter.as_secs().max(1e-3);
                    facts.push(Fact {
                        name: "attempts in the first wave",
                        value: Figure::PerSecond(first),
                    });
                    let back = schedule::reconnected(of, self.run.workload).as_hours();
                    facts.push(Fact { name: "99 % are back after", value: Figure::Hours(back) });
                }
            }
            EventKind::FirmwareWave => {
                let devices = schedule::fleet(of, self.run.workload);
                let records = devices * f64::from(of.settings.messages);
                facts.push(Fact { name: "records sent", value: Figure::Count(records) });
                let raw = (of.settings.record * records).base_bytes();
                facts.push(Fact { name: "bytes before compression", value: Figure::Bytes(raw) });
            }
            EventKind::Migration => {
                let Some(course) = self.run.course else { return };
                let fact =
                    |name, hours: Hours| Fact { name, value: Figure::Hours(hours.as_hours()) };
                facts.push(Fact {
                    name: "history mirrored",
                    value: Figure::Bytes(course.history().base_bytes()),
                });
                facts.push(fact("cut over after", course.cut_over - course.start));
                if let (Some(back), Some(done)) = (course.roll_back, course.copied_back) {
                    let bytes = course.back.base_bytes();
                    facts.push(Fact { name: "to copy back", value: Figure::Bytes(bytes) });
                    facts.push(fact("copied back after", done - back));
                }
            }
            _ => {}
        }
        let progress = &mut self.progress[event];
        progress.began = Some(self.now);
        progress.facts = facts;
    }

    fn replay(
        &mut self,
        event: Option<usize>,
        stream: usize,
        group: &str,
        window: f64,
        share: f64,
        within: f64,
    ) {
        if !self.alive {
            return;
        }
        let of = &self.run.workload.streams[stream];
        let one = &self.streams[stream];
        let setup = &self.setups[self.month].streams[stream];
        let now = Hours::new(self.now);
        let produced = one.log.curve().between(now - Hours::new(window), now).base_bytes();
        let kept = match compacted(setup, &one.log, self.now) {
            Some(size) => size,
            None => one.total.as_ref().map_or(0.0, |total| total.held(&one.log)),
        };
        let bytes = produced.min(kept) * share;
        let remote = load::remote_share(of, self.run.design, Hours::new(window)) * bytes;
        if let Some(event) = event {
            self.progress[event].waiting += 1;
        }
        self.jobs.push(Job {
            event,
            stream,
            name: group.to_owned(),
            local: bytes - remote,
            remote,
            rate: bytes / within.max(1e-6),
            due: self.now + within,
            held_by: String::new(),
            wanted: 0.0,
            fetched: 0.0,
        });
    }

    fn retention(&mut self, event: usize, stream: usize, age: f64) {
        let now = self.now;
        let kept = self.setups[self.month].streams[stream].local;
        let one = &mut self.streams[stream];
        let before = one.total.as_ref().map_or(0.0, |total| total.held(&one.log));
        let change = age - one.total.as_ref().map_or(age, Window::age);
        if let Some(total) = &mut one.total {
            total.set_age(&one.log, age, now);
        }
        if let (Some(local), Some(kept)) = (&mut one.local, kept) {
            local.set_age(&one.log, kept.age(age), now);
        }
        let after = one.total.as_ref().map_or(0.0, |total| total.held(&one.log));
        let rate = (one.log.curve().mean(Hours::new(now)) * Hours::new(1.0)).base_bytes();
        self.look_at_disks();
        let progress = &mut self.progress[event];
        progress.facts.push(Fact { name: "kept before", value: Figure::Bytes(before) });
        if after < before {
            progress
                .facts
                .push(Fact { name: "expires at once", value: Figure::Bytes(before - after) });
        }
        progress
            .facts
            .push(Fact { name: "kept in the end, at this rate", value: Figure::Bytes(rate * age) });
        let settled = now + change.max(0.0);
        progress.over = Some(progress.over.map_or(settled, |over| over.max(settled)));
        progress.facts.push(Fact { name: "settled after", value: Figure::Hours(change.max(0.0)) });
    }

    fn lose(&mut self, event: usize, brokers: f64, zone: bool) {
        if !self.alive {
            return;
        }
        let settings = &self.run.design.settings;
        let zones = f64::from(settings.zones);
        let there = (self.planned - self.lost).max(0.0);
        let lost = if zone { self.planned / zones } else { brokers }.min(there);
        let share = if self.planned > 0.0 { (lost / self.planned).min(1.0) } else { 0.0 };
        let before = self.without(self.needed_lost(), self.lost);
        self.lost += lost;
        self.serving = (self.serving - lost).max(0.0);
        // Leaders move after a while; partitions with too few replicas in sync wait for some of them.
        let failover = settings.failover.as_hours();
        let short = if zone {
            self.short_of_replicas()
        } else {
            (self.without(self.needed_lost(), self.lost) - before).max(0.0)
        };
        self.act_on(Action::Dark { share });
        self.later(failover, Action::Dark { share: -share });
        if short > 0.0 {
            // Those that fail over anyway are not counted twice.
            self.act_on(Action::Dark { share: (short - share).max(0.0) });
            self.later(failover, Action::Dark { share: short - (short - share).max(0.0) });
        }
        let progress = &mut self.progress[event];
        (progress.away, progress.short) = (lost, short);
        if short > 0.0 {
            progress.facts.push(Fact {
                name: "partitions without enough replicas",
                value: Figure::Share(short),
            });
        }
        if self.shared {
            // What was accepted since the last upload.
            let ingress: f64 = self.streams.iter().map(|stream| stream.accepted).sum();
            let each = ingress / self.planned.max(1.0);
            let unread = (each * settings.upload_interval.as_hours()).min(self.setup().upload);
            let alone = zone && (settings.wal == Wal::Block || settings.zones == 1);
            self.progress[event].facts.push(Fact {
                name: if alone {
                    "not yet uploaded, out of reach until the zone is back"
                } else {
                    "not yet uploaded, read by others"
                },
                value: Figure::Bytes(unread * lost),
            });
        }
    }

    /// Replicas that have to be in sync for a write.
    fn min_in_sync(&self) -> u32 {
        let settings = &self.run.design.settings;
        let copies = settings.replication_factor.max(1);
        settings.min_in_sync.unwrap_or(copies - 1).clamp(1, copies)
    }

    /// Replicas of a partition that have to be away until it accepts nothing: all that are not needed in sync, and one.
    fn needed_lost(&self) -> u32 {
        let copies = self.run.design.settings.replication_factor;
        copies - self.min_in_sync() + 1
    }

    /// Share of partitions that have at least so many replicas on so many brokers, where replicas are spread evenly.
    fn without(&self, replicas: u32, brokers: f64) -> f64 {
        if self.shared {
            return 0.0;
        }
        let copies = self.run.design.settings.replication_factor;
        let (all, away) = (self.planned.round(), brokers.round());
        // Hypergeometric: so many of a partition's brokers are among those that are away.
        let choose = |of: f64, some: u32| -> f64 {
            (0..some)
                .map(|index| (of - f64::from(index)).max(0.0) / f64::from(some - index))
                .product()
        };
        let ways = choose(all, copies).max(1.0);
        (replicas..=copies)
            .map(|count| choose(away, count) * choose(all - away, copies - count) / ways)
            .sum::<f64>()
            .min(1.0)
    }

    /// Share of partitions that a lost zone leaves with fewer replicas than writes ask for.
    fn short_of_replicas(&self) -> f64 {
        let settings = &self.run.design.settings;
        if self.shared {
            return if settings.zones == 1 { 1.0 } else { 0.0 };
        }
        let (copies, zones) = (settings.replication_factor, settings.zones.max(1));
        let in_sync = self.min_in_sync();
        let more = f64::from(copies % zones) / f64::from(zones);
        let left_few = copies.saturating_sub(copies / zones + u32::from(copies % zones > 0));
        let left_many = copies - copies / zones;
        let mut dark = 0.0;
        if left_few < in_sync {
            dark += if copies % zones > 0 { more } else { 1.0 };
        }
        if copies % zones > 0 && left_many < in_sync {
            dark += 1.0 - more;
        }
        dark.min(1.0)
    }

    fn replace(&mut self, event: usize, zone: bool, disk: DeadDisk, throttle: Option<f64>) {
        if !self.alive || self.progress[event].away <= 0.0 {
            return;
        }
        let lost = self.progress[event].away;
        let share = if self.planned > 0.0 { (lost / self.planned).min(1.0) } else { 0.0 };
        // Records of which no copy was left are not copied from anyone.
        let copies = self.run.design.settings.replication_factor;
        let gone = if zone { 0.0 } else { self.without(copies, self.lost) };
        self.lost = (self.lost - lost).max(0.0);
        self.progress[event].away = 0.0;
        if self.shared {
            self.whole(event);
            self.serving += lost;
            self.done(Some(event), "capacity after");
            self.recovered(event, zone, "others took over at once, a replacement had to start");
            return;
        }
        let local_disk = self.local_disk();
        let empty = disk == DeadDisk::Lost || (zone && local_disk);
        if self.setup().disk == f64::INFINITY && !local_disk {
            // The service repairs its storage; how long that takes is not published.
            self.whole(event);
            self.serving += lost;
            self.done(Some(event), "brokers back after");
            return;
        }
        let bytes = if empty { self.on_brokers() * share } else { self.progress[event].missed };
        let gone = if empty { gone } else { 0.0 };
        if gone > 0.0 {
            let kept: f64 = self.on_brokers() / self.setup().copies.max(1.0);
            self.progress[event].facts.push(Fact {
                name: "lost for good: no copy was left",
                value: Figure::Bytes(kept * gone),
            });
            self.incidents.push(Incident {
                matter: Matter::ReplicasLost,
                subject: self.event_name(Some(event)),
                from: Hours::new(self.now),
                to: Some(Hours::new(self.now)),
                worst: kept * gone,
                limit: None,
                why: "all replicas of some partitions were on the brokers that died".to_owned(),
            });
        }
        // With a single copy there is nothing to copy from.
        let left = if copies < 2 { 0.0 } else { bytes * (1.0 - gone) };
        if !empty || copies < 2 {
            // What is still on its disks serves at once.
            self.serving += lost;
        }
        if !empty {
            // Partitions that accepted nothing have missed nothing.
            self.whole(event);
        }
        if copies < 2 {
            self.whole(event);
            self.done(Some(event), "brokers back after");
            return;
        }
        let brokers = if empty { lost } else { 0.0 };
        self.empty += brokers;
        self.copy(Some(event), Purpose::Rebuild { event, zone, brokers }, left, lost, throttle);
    }

    /// Partitions that an event left short of replicas have enough of them again.
    fn whole(&mut self, event: usize) {
        let short = std::mem::take(&mut self.progress[event].short);
        if short > 0.0 {
            self.act_on(Action::Dark { share: -short });
        }
    }

    /// A loss is over: was that in time? A zone stays away for as long as it does, so time counts from its return.
    fn recovered(&mut self, event: usize, zone: bool, why: &str) {
        let away = if zone { self.run.events[event].settings.outage.as_hours() } else { 0.0 };
        self.took_too_long(event, away, Some(Hours::new(self.now)), why);
    }

    /// A loss took longer than it may, counted from so long after it; `to` is empty where it is not over.
    pub(super) fn took_too_long(&mut self, event: usize, away: f64, to: Option<Hours>, why: &str) {
        let started = self.progress[event].began.unwrap_or(self.now) + away;
        let took = self.now - started;
        let Some(limit) = self.run.recovery.map(Hours::as_hours) else { return };
        if took <= limit + 1e-9 {
            return;
        }
        self.incidents.push(Incident {
            matter: Matter::Recovery,
            subject: self.event_name(Some(event)),
            from: Hours::new(started + limit),
            to,
            worst: took,
            limit: Some(limit),
            why: why.to_owned(),
        });
    }

    fn scale(&mut self, event: Option<usize>, brokers: f64, throttle: Option<f64>) {
        if !self.alive {
            return;
        }
        let least = f64::from(self.run.design.settings.zones.max(1));
        let change =
            if brokers < 0.0 { brokers.max(least - self.planned).min(0.0) } else { brokers };
        if change == 0.0 {
            self.done(event, "nothing to take out after");
            return;
        }
        let before = self.planned;
        if event.is_some() {
            self.added += change;
        }
        self.planned += change;
        if change > 0.0 {
            self.paid += change;
            let after = self.run.design.settings.start_up.as_hours();
            let next = if self.shared {
                Action::Serve { event, brokers: change }
            } else {
                Action::Fill { event, brokers: change, throttle }
            };
            self.later(after, next);
        } else if self.shared {
            self.paid += change;
            self.serving += change;
            self.done(event, "capacity after");
        } else {
            let bytes = self.movable() * -change / before;
            self.copy(event, Purpose::Shrink { brokers: -change }, bytes, self.planned, throttle);
        }
    }

    /// Bytes that move when brokers come or go: none where storage belongs to the service and not to a broker.
    fn movable(&self) -> f64 {
        if self.setup().disk == f64::INFINITY && !self.local_disk() {
            0.0
        } else {
            self.on_brokers()
        }
    }

    fn local_disk(&self) -> bool {
        self.run.disk.is_some_and(|disk| disk.local)
    }

    fn copy(
        &mut self,
        event: Option<usize>,
        purpose: Purpose,
        bytes: f64,
        targets: f64,
        throttle: Option<f64>,
    ) {
        if let Some(event) = event {
            self.progress[event].waiting += 1;
        }
        let copy = Copy { event, purpose, left: bytes, total: bytes, targets, throttle, rate: 0.0 };
        // Less than a byte is nothing.
        if bytes < 1.0 {
            self.copied(&Copy { total: 0.0, ..copy });
        } else {
            self.copies.push(copy);
        }
    }

    /// A copy is done.
    pub(super) fn copied(&mut self, copy: &Copy) {
        if let Some(event) = copy.event {
            self.progress[event].waiting -= 1;
            if !matches!(copy.purpose, Purpose::Mirror { .. }) {
                let bytes = Figure::Bytes(copy.total);
                self.progress[event].facts.push(Fact { name: "copied", value: bytes });
            }
        }
        match copy.purpose {
            Purpose::Rebuild { event, zone, brokers } => {
                self.whole(event);
                self.serving += brokers;
                self.empty = (self.empty - brokers).max(0.0);
                self.done(copy.event, "fully redundant after");
                let copied = crate::units::Bytes::new(copy.total).rounded();
                self.recovered(event, zone, &format!("{copied} had to be copied"));
            }
            Purpose::Mirror { .. } => {
                let Some(event) = copy.event else { return };
                let began = self.progress[event].began.unwrap_or(self.now);
                let after = Figure::Hours(self.now - began);
                self.progress[event].facts.push(Fact { name: "mirrored after", value: after });
                let late = self.run.course.filter(|course| self.now > course.cut_over.as_hours());
                if let Some(course) = late {
                    self.incidents.push(Incident {
                        matter: Matter::Stuck,
                        subject: self.event_name(Some(event)),
                        from: course.cut_over,
                        to: Some(Hours::new(self.now)),
                        worst: copy.total,
                        limit: None,
                        why: "history was not mirrored by the cut-over".to_owned(),
                    });
                }
            }
            Purpose::Grow { brokers } => {
                self.serving += brokers;
                self.holding += if copy.event.is_some() { brokers } else { 0.0 };
                self.look_at_disks();
                self.done(copy.event, "capacity after");
            }
            Purpose::Shrink { brokers } => {
                self.serving -= brokers;
                self.paid -= brokers;
                self.holding -= if copy.event.is_some() { brokers } else { 0.0 };
                self.look_at_disks();
                self.done(copy.event, "brokers gone after");
            }
        }
    }

    pub(super) fn event_name(&self, event: Option<usize>) -> String {
        event.map_or_else(String::new, |event| self.run.events[event].name.clone())
    }

    /// What an event waited for is there.
    fn done(&mut self, event: Option<usize>, name: &'static str) {
        let Some(event) = event else { return };
        let now = self.now;
        let progress = &mut self.progress[event];
        let began = progress.began.unwrap_or(now);
        progress.over = Some(now);
        progress.facts.push(Fact { name, value: Figure::Hours(now - began) });
    }
}
