//! Until when all rates hold.

use super::*;

impl Engine<'_> {
    /// Until when all rates hold.
    pub(super) fn until(&mut self, served: &Served) -> f64 {
        let now = self.now;
        let mut to = self.end;
        if let Some((at, _)) = self.schedule.get(self.next) {
            to = to.at_most(*at);
        }
        for (at, _) in &self.pending {
            to = to.at_most(*at);
        }
        to = to.at_most(self.disk_full());
        for stream in &self.streams {
            if stream.log.until() < to {
                to = stream.log.until();
            }
            if stream.refused > 0.0 && self.alive {
                to = to.at_most(now + empties(stream.refused, stream.accepted - stream.offered));
                if let Some(oldest) = &stream.oldest {
                    let ahead = stream.log.to_send(&stream.sent, oldest, stream.offered);
                    to = to.at_most(now + empties(ahead, stream.accepted));
                }
            }
            if stream.pending > 0.0 {
                to = to.at_most(now + empties(stream.pending, stream.uploaded - stream.accepted));
            }
        }
        for reader in self.readers.iter().filter(|_| !self.calm) {
            let new = reader.share * self.streams[reader.stream].accepted;
            let slope = new - reader.fetched;
            if reader.backlog > 0.0 {
                to = to.at_most(now + empties(reader.backlog, -slope));
                // Where the rate changed that records came in at, the lag turns.
                if let Some(place) = &reader.place {
                    let stream = &self.streams[reader.stream];
                    let ahead = stream.log.ahead(place, stream.accepted) * reader.share;
                    to = to.at_most(now + empties(ahead, reader.fetched));
                }
            }
            if reader.keeps_up(new) {
                continue;
            }
            if reader.stays(now) {
                to = to.at_most(now.floor() + 1.0);
                continue;
            }
            let edge = reader.cache * self.serving;
            let distance = edge - reader.backlog;
            // Where caches end, readers change over to disks.
            if edge > 0.0 && slope != 0.0 && distance / slope > 0.0 && edge.is_finite() {
                to = to.at_most(now + (distance / slope).at_least(SHORTEST));
            }
            to = to.at_most(self.tier_reached(reader, slope));
        }
        for job in &self.jobs {
            let left = if job.remote > 0.0 { job.remote } else { job.local };
            to = to.at_most(now + empties(left, job.fetched));
        }
        for copy in &self.copies {
            to = to.at_most(now + empties(copy.left, copy.rate));
        }
        for (credits, share) in [
            (&self.network, served.utilization(IN).at_least(served.utilization(OUT))),
            (&self.disk, served.utilization(DISK)),
        ] {
            let slope = credits.slope(share);
            if slope < 0.0 && credits.left > 0.0 {
                to = to.at_most(now + credits.left / -slope);
            } else if slope > 0.0 {
                to = to.at_most(now + ((credits.full - credits.left) / slope).at_least(SHORTEST));
            }
        }
        if self.hourly {
            to = to.at_most(now + 24.0);
        }
        // Whatever happens, an hour has an end.
        let hour = now.floor();
        if hour != self.hour.0 {
            self.hour = (hour, 0);
        }
        self.hour.1 += 1;
        let shortest = self.crowding.shortest(self.hour.1);
        // Rates that are not ours to choose change when they do.
        let mut given = self.end;
        if let Some((at, _)) = self.schedule.get(self.next) {
            given = given.at_most(*at);
        }
        for stream in &self.streams {
            given = given.at_most(stream.log.until());
        }
        to.at_least(now + shortest).at_most(given.at_least(now + SHORTEST))
    }

    /// When a reader that is behind comes to what only the tier has, or back from it, or when that may change.
    fn tier_reached(&self, reader: &Reader, slope: f64) -> f64 {
        let stream = &self.streams[reader.stream];
        let kept = on_brokers(reader, stream, self.setup());
        let (true, true, Some(local)) = (kept.is_finite(), reader.backlog > 0.0, &stream.local)
        else {
            return f64::INFINITY;
        };
        let releasing = local.releasing(&stream.log, self.now);
        let nearer = slope - reader.share * (stream.accepted - releasing);
        let distance = (kept - reader.backlog) / nearer;
        let reached = if nearer != 0.0 && distance > 0.0 {
            self.now + distance.at_least(SHORTEST)
        } else {
            f64::INFINITY
        };
        reached.at_most(local.until(&stream.log, self.now).at_least(self.now + SHORTEST))
    }

    /// When disks fill at the rates of now; where that is near, or rates seldom change, no later than what expires does.
    pub(super) fn disk_full(&self) -> f64 {
        let setup = self.setup();
        if self.shared || !setup.disk.is_finite() {
            return f64::INFINITY;
        }
        if self.full {
            return self.check;
        }
        // An hour is a step at most where rates change on the hour: what takes longer even if nothing expires is far away.
        let taken: f64 = self.streams.iter().map(|stream| stream.accepted).sum();
        let far = (NEAR + 1.0) * taken * setup.copies;
        if self.hourly && (1.0 - self.fill) * self.disks() > far {
            return f64::INFINITY;
        }
        let (mut slope, mut next) = (0.0, f64::INFINITY);
        for (stream, of) in self.streams.iter().zip(&setup.streams) {
            let Some(local) = stream.local.as_ref().filter(|_| of.compacted.is_none()) else {
                continue;
            };
            slope += (stream.accepted - local.releasing(&stream.log, self.now)) * setup.copies;
            next = next.at_most(local.until(&stream.log, self.now).at_least(self.now + SHORTEST));
        }
        let left = (1.0 - self.fill) * self.disks() / slope;
        let filling = slope > 0.0;
        let near = (filling && left < NEAR) || !self.hourly;
        let full = if filling { self.now + left.at_least(SHORTEST) } else { f64::INFINITY };
        if near { next.at_most(full) } else { full }
    }
}
