//! What everyone wants and gets between two breakpoints.

use super::*;
use crate::simulate::share::{Asker, RATED_IN, ratio, share_out};

/// What is served in a step.
#[derive(Default)]
pub(super) struct Served {
    /// What everyone asks for, and what of it is new: without what is sent or read again to catch up.
    demand: Amounts,
    need: Amounts,
    capacity: Amounts,
    /// Demand over capacity, by the indices of the first four resources.
    shares: [f64; 4],
    pub(super) busiest: f64,
    pub(super) bottleneck: usize,
    /// Of what is new: the scarcest resource's share, and which it is.
    pub(super) needed: (f64, usize),
    pub(super) offered: f64,
    pub(super) produce: f64,
    pub(super) tail: f64,
    pub(super) behind: f64,
    pub(super) replay: f64,
    pub(super) copy: f64,
}

impl Served {
    /// Demand over capacity of a resource: of the network's two ways, disks or CPUs.
    pub(super) fn utilization(&self, index: usize) -> f64 {
        self.shares[index]
    }

    /// Whoever catches up takes all there is, and no more.
    fn share(&self, index: usize) -> f64 {
        let asked = ratio(self.demand.0[index], self.capacity.0[index]);
        if asked > 1.0 {
            ratio(self.need.0[index], self.capacity.0[index]).at_least(1.0)
        } else {
            asked
        }
    }
}

impl Engine<'_> {
    /// What everyone wants and gets from now on.
    pub(super) fn serve(&mut self) -> Served {
        if !self.alive {
            // What is produced is produced elsewhere; its log is what a mirror brings.
            for stream in &mut self.streams {
                let rate = stream.log.offered();
                (stream.offered, stream.accepted, stream.wanted) = (rate, rate, rate);
                stream.uploaded = rate;
            }
            for reader in &mut self.readers {
                (reader.fetched, reader.wanted) = (0.0, 0.0);
            }
            self.calm = true;
            return Served::default();
        }
        let mut served = Served { capacity: self.capacity(), ..Served::default() };
        let replicas = self.replicas();
        self.want();
        self.demand(&mut served, replicas);
        let (asked, bottleneck) = served.demand.utilization(&served.capacity);
        (served.busiest, served.bottleneck) = (asked, bottleneck);
        let needed = if served.need == served.demand {
            (asked, bottleneck)
        } else {
            served.need.utilization(&served.capacity)
        };
        served.shares = [IN, OUT, DISK, CPU].map(|index| served.share(index));
        served.needed = if asked > 1.0 { needed } else { (needed.0.at_most(asked), needed.1) };
        if asked > 1.0 {
            served.busiest = needed.0.at_least(1.0);
            self.calm = false;
            self.settle(&served.capacity, replicas);
        }
        self.sum(&mut served);
        served
    }

    /// While replicas are away nobody writes to them.
    fn replicas(&self) -> f64 {
        if self.shared || self.planned <= 0.0 {
            1.0
        } else {
            // What is written to brokers that are empty is no load of those that serve.
            1.0 - ((self.lost + self.empty) / self.planned).at_most(1.0)
        }
    }

    /// What producers and readers want; below the limits that is what they get.
    fn want(&mut self) {
        let setup = &self.setups[self.month];
        let resend = self.run.design.settings.resend.0;
        let lit = (1.0 - self.dark).clamp(0.0, 1.0);
        let taken = if self.full { self.takes } else { f64::INFINITY };
        let mut wanted = 0.0;
        for (stream, of) in self.streams.iter_mut().zip(&setup.streams) {
            let base = stream.log.offered();
            stream.offered = base * (1.0 - stream.offline.at_most(1.0)) + stream.extra;
            // What partitions without a leader refused waits for theirs.
            let again = stream.refused > stream.highest * NOTHING && self.dark == 0.0;
            let resent = if again { stream.highest * resend } else { 0.0 };
            stream.wanted = (stream.offered + resent) * lit;
            wanted += if of.compacted.is_none() { stream.wanted } else { 0.0 };
            stream.accepted = stream.wanted;
        }
        if wanted > taken {
            // A full disk takes no more than what expires, whosever it is.
            for (stream, of) in self.streams.iter_mut().zip(&setup.streams) {
                if of.compacted.is_none() {
                    stream.wanted *= taken / wanted;
                    stream.accepted = stream.wanted;
                }
            }
        }
        self.calm = self.readers.iter().all(|reader| reader.backlog == 0.0 && !reader.is_down())
            && self.streams.iter().all(|one| one.accepted <= one.slowest * one.highest);
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let stream = &self.streams[reader.stream];
            let mut most = reader.capacity * reader.share * stream.highest;
            if reader.source == Source::Store {
                most = most.at_most(setup.streams[reader.stream].remote_read);
            }
            reader.wanted = if reader.is_down() {
                0.0
            } else if reader.backlog > 0.0 {
                most
            } else {
                most.at_most(reader.share * stream.accepted)
            };
            reader.fetched = reader.wanted;
        }
        for job in &mut self.jobs {
            let remote = job.remote > 0.0;
            let most = if remote { setup.streams[job.stream].remote_read } else { f64::INFINITY };
            job.wanted = job.rate.at_most(most);
            job.fetched = job.wanted;
        }
    }

    /// What that asks of brokers, and how fast replicas can be copied beside it.
    fn demand(&mut self, served: &mut Served, replicas: f64) {
        let setup = &self.setups[self.month];
        let lit = (1.0 - self.dark).clamp(0.0, 1.0);
        let (mut rated, mut rated_new) = (0.0, 0.0);
        for (stream, of) in self.streams.iter().zip(&setup.streams) {
            served.demand.add(stream.wanted * replicas, &of.produce);
            if !self.calm {
                served.need.add(stream.offered * lit * replicas, &of.produce);
            }
            rated += stream.wanted;
            rated_new += stream.offered * lit;
        }
        // Under-replicated or not, clients produce.
        (served.demand.0[RATED_IN], served.need.0[RATED_IN]) = (rated, rated_new);

        let behind_always = self.run.design.settings.catch_up_share;
        if self.calm {
            let (mut tail, mut local, mut remote) = (0.0, 0.0, 0.0);
            for (stream, of) in self.streams.iter().zip(&setup.streams) {
                let fetched = stream.accepted * stream.fan_out;
                tail += fetched * (1.0 - behind_always);
                let from_store = self.shared || of.tiered;
                *(if from_store { &mut remote } else { &mut local }) += fetched * behind_always;
            }
            served.demand.add(tail, &setup.tail);
            served.demand.add(local, &setup.local);
            served.demand.add(remote, &setup.remote);
        }
        let mut new = 0.0;
        for reader in self.readers.iter().filter(|_| !self.calm) {
            let stream = &self.streams[reader.stream];
            if !reader.is_down() {
                let most = reader.capacity * reader.share * stream.highest;
                new += most.at_most(reader.share * stream.offered * lit);
            }
            let tiered = setup.streams[reader.stream].tiered;
            let each = reader.mix(setup, tiered, self.shared, behind_always);
            served.demand.add(reader.wanted, &each);
        }
        if self.calm {
            served.need = served.demand;
        } else {
            served.need.add(new, &setup.tail);
        }
        for job in &self.jobs {
            let kind = if job.remote > 0.0 { &setup.remote } else { &setup.local };
            served.demand.add(job.wanted, kind);
            served.need.add(job.wanted, kind);
        }
        // Copies give way to what is new, not to what others catch up with.
        let settings = &self.run.design.settings;
        let mut room = Room {
            live: served.need,
            capacity: served.capacity,
            baseline: setup.broker,
            serving: self.serving,
            written: rated_new * f64::from(settings.replication_factor)
                / self.planned.at_least(1.0),
            asked: (settings.rebuild_rate * Hours::new(1.0)).base_bytes(),
        };
        let mut mirrored = Amounts::default();
        for copy in &mut self.copies {
            if let Purpose::Mirror { each, rate } = &copy.purpose {
                copy.rate = *rate;
                mirrored.add(*rate, each);
                continue;
            }
            copy.rate = copy_rate(copy, &room);
            // What one takes the next cannot have.
            room.live.add(copy.rate, &copy.each(setup));
            served.demand.add(copy.rate, &copy.each(setup));
        }
        // A mirror slows down where there is little room, so it is nothing that has to be done now.
        served.demand.add(1.0, &mirrored);
    }

    /// Shares out what is not enough for all.
    fn settle(&mut self, capacity: &Amounts, replicas: f64) {
        let setup = &self.setups[self.month];
        let resend = self.run.design.settings.resend.0;
        let lit = (1.0 - self.dark).clamp(0.0, 1.0);
        let mut askers: Vec<Asker> = Vec::with_capacity(
            self.streams.len() + self.readers.len() + self.jobs.len() + self.copies.len(),
        );
        for (stream, of) in self.streams.iter().zip(&setup.streams) {
            let mut each = Amounts::default();
            each.add(replicas, &of.produce);
            each.0[RATED_IN] = 1.0;
            // The same whether or not something was refused: else who pushes would change with every bit that waits.
            let pushed = (stream.offered + stream.highest * resend) * lit;
            askers.push(Asker::new(each, stream.wanted, pushed));
        }
        let behind_always = self.run.design.settings.catch_up_share;
        for reader in &self.readers {
            let tiered = setup.streams[reader.stream].tiered;
            let each = reader.mix(setup, tiered, self.shared, behind_always);
            let most = reader.capacity * reader.share * self.streams[reader.stream].highest;
            let pushed = if reader.is_down() { 0.0 } else { most };
            askers.push(Asker::new(each, reader.wanted, pushed));
        }
        for job in &self.jobs {
            let kind = if job.remote > 0.0 { setup.remote } else { setup.local };
            askers.push(Asker::new(kind, job.wanted, job.wanted));
        }
        for copy in &self.copies {
            askers.push(Asker::new(copy.each(setup), copy.rate, copy.rate));
        }
        share_out(&mut askers, capacity);
        let mut got = askers.iter().map(|asker| asker.got);
        let mut next = || got.next().unwrap_or(0.0);
        for stream in &mut self.streams {
            stream.accepted = next();
        }
        for reader in &mut self.readers {
            reader.fetched = next();
            if reader.backlog == 0.0 {
                let new = reader.share * self.streams[reader.stream].accepted;
                reader.fetched = reader.fetched.at_most(new);
            }
        }
        for job in &mut self.jobs {
            job.fetched = next();
        }
        for copy in &mut self.copies {
            copy.rate = next();
        }
    }

    /// A step that has to go on past the end of a backlog takes what is there and no more.
    pub(super) fn no_more_than_there_is(&mut self, span: f64, served: &mut Served) {
        let mut less = false;
        let mut at_most = |rate: &mut f64, most: f64| {
            if *rate > most {
                *rate = most;
                less = true;
            }
        };
        for stream in self.streams.iter_mut().filter(|stream| stream.refused > 0.0) {
            at_most(&mut stream.accepted, stream.offered + stream.refused / span);
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let new = reader.share * self.streams[reader.stream].accepted;
            at_most(&mut reader.fetched, new + reader.backlog / span);
        }
        for job in &mut self.jobs {
            let left = if job.remote > 0.0 { job.remote } else { job.local };
            at_most(&mut job.fetched, left / span);
        }
        for copy in &mut self.copies {
            at_most(&mut copy.rate, copy.left / span);
        }
        if less && self.alive {
            self.sum(served);
        }
    }

    /// Adds up who gets what.
    fn sum(&mut self, served: &mut Served) {
        (served.offered, served.produce, served.tail, served.behind) = (0.0, 0.0, 0.0, 0.0);
        let setup = &self.setups[self.month];
        let upload = (self.run.design.settings.upload_rate_max * Hours::new(1.0)).base_bytes();
        let limit = upload * self.serving;
        let behind_always = self.run.design.settings.catch_up_share;
        for (stream, of) in self.streams.iter_mut().zip(&setup.streams) {
            served.offered += stream.offered;
            served.produce += stream.accepted;
            let waiting = stream.pending > stream.highest * NOTHING;
            stream.uploaded = match of.tiered {
                true if waiting => limit,
                true => stream.accepted.at_most(limit),
                false => 0.0,
            };
            if self.calm {
                let fetched = stream.accepted * stream.fan_out;
                served.tail += fetched * (1.0 - behind_always);
                served.behind += fetched * behind_always;
            }
        }
        for reader in self.readers.iter().filter(|_| !self.calm) {
            let behind = reader.behind(behind_always);
            served.tail += reader.fetched * (1.0 - behind);
            served.behind += reader.fetched * behind;
        }
        for job in self.jobs.iter_mut().filter(|job| job.fetched < job.rate * (1.0 - NOTHING)) {
            job.held_by = if job.fetched < job.wanted * (1.0 - NOTHING) {
                bound_by(RESOURCES[served.bottleneck])
            } else {
                "partitions are read from the tier no faster".to_owned()
            };
        }
        served.replay = self.jobs.iter().fold(0.0, |sum, job| sum + job.fetched);
        served.copy = self.copies.iter().fold(0.0, |sum, copy| sum + copy.rate);
    }
}

impl Copy {
    /// Whether its targets are new or empty: they carry no load yet, and what they write is no load of others.
    fn is_to_empty(&self) -> bool {
        match self.purpose {
            Purpose::Grow { .. } => true,
            Purpose::Rebuild { brokers, .. } => brokers > 0.0,
            Purpose::Mirror { .. } | Purpose::Shrink { .. } => false,
        }
    }

    /// What each byte takes of brokers that carry load.
    fn each(&self, setup: &Setup) -> Amounts {
        match &self.purpose {
            Purpose::Mirror { each, .. } => *each,
            _ if self.is_to_empty() => setup.copied_from,
            _ => setup.copy,
        }
    }
}

/// What copies are shared out from.
struct Room {
    /// Of live traffic and of copies before.
    live: Amounts,
    capacity: Amounts,
    /// What one broker has for hours, credits aside.
    baseline: Amounts,
    /// Brokers that carry load.
    serving: f64,
    /// What is written to one broker's replicas meanwhile.
    written: f64,
    /// What is asked for without a throttle.
    asked: f64,
}

/// How fast replicas are copied: what is asked for, as far as each target has room beside live traffic (mechanics A8).
fn copy_rate(copy: &Copy, room: &Room) -> f64 {
    let targets = copy.targets.at_least(1e-9);
    let each = room.serving.at_least(1.0);
    // A throttle counts what is written to the broker's replicas meanwhile.
    let mut rate = copy.throttle.map_or(room.asked, |most| (most - room.written).at_least(0.0));
    // All brokers together read it and send it; each target writes what it gets.
    let spread = targets / each;
    let (into, reads) = if copy.is_to_empty() {
        for index in [IN, DISK] {
            rate = rate.at_most((room.baseline.0[index] - room.written).at_least(0.0));
        }
        (0.0, spread)
    } else {
        (1.0, spread.at_most(1.0))
    };
    for (index, takes) in [(IN, into), (OUT, reads), (DISK, into + reads)] {
        let has = room.capacity.0[index] / each;
        if has.is_finite() && takes > 0.0 {
            rate = rate.at_most((has - room.live.0[index] / each).at_least(0.0) / takes);
        }
    }
    rate * targets
}
