//! What a step leaves behind: levels, lags, what did not hold, and what belongs to which event.

use super::*;

impl Engine<'_> {
    pub(super) fn levels(&mut self, sample: &mut Sample) {
        let mut wait: f64 = 0.0;
        let mut worst: f64 = 0.0;
        for stream in self.streams.iter().filter(|stream| stream.refused > 0.0) {
            let oldest = stream.oldest.as_ref().map_or(self.now, Cursor::moment);
            wait = wait.at_least(self.now - oldest);
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            if reader.backlog == 0.0 {
                reader.lag = 0.0;
                continue;
            }
            sample.backlog += reader.backlog;
            let lag = self.now - reader.place.as_ref().map_or(self.now, Cursor::moment);
            reader.lag = lag;
            sample.lag = sample.lag.at_least(lag);
            // Who has a budget of their own is held to that.
            if reader.budget.is_none() {
                worst = worst.at_least(lag);
            }
        }
        sample.latency = self.latency(sample.busiest);
        sample.wait = wait;
        sample.freshness = sample.latency + worst + wait;
        let disks = self.disks();
        if !self.shared && disks.is_finite() && disks > 0.0 && self.alive {
            sample.fill = sample.local / disks;
        }
        self.filled(sample.fill);
    }

    /// The 99th percentile of a produce request at a utilization, in hours.
    pub(super) fn latency(&self, busiest: f64) -> f64 {
        let moderate = self.run.design.settings.moderate_load;
        // M/M/1 above moderate load; at the limit a queue of a hundred.
        let queue = ((1.0 - moderate) / (1.0 - busiest.at_most(0.99))).at_least(1.0);
        self.setup().latency.p99.as_hours() * queue
    }

    /// So much of the brokers' disks is full.
    pub(super) fn filled(&mut self, share: f64) {
        self.fill = share;
        // Once full it stays so until brokers look, and there is room worth the name.
        if self.full && self.now < self.check - SHORTEST {
            return;
        }
        self.full = share >= if self.full { 1.0 - 1e-6 } else { 1.0 - 1e-9 };
        if self.full {
            self.look_for_expired();
        }
    }

    pub(super) fn watch(&mut self, sample: &Sample, refused_before: f64) {
        let (from, to) = (sample.from, sample.to);
        // Until clients are cut over nobody depends on what is mirrored.
        if !self.alive || self.run.course.is_some_and(|course| to <= course.cut_over.as_hours()) {
            return;
        }
        let list = &mut self.incidents;
        let (full, dark) = (self.full, self.dark);
        let idle = self.calm && self.idle;
        for (watch, reader) in self.watch_lag.iter_mut().zip(&self.readers).filter(|_| !idle) {
            if self.calm && watch.is_idle() {
                continue;
            }
            if reader.budget.is_none() || (reader.lag == 0.0 && watch.is_idle()) {
                continue;
            }
            watch.see(from, to, reader.lag, || why(reader, sample, full), list);
        }
        if !idle {
            self.idle = self.watch_lag.iter().all(Watch::is_idle);
        }
        let slowest = || {
            let behind = self
                .readers
                .iter()
                .filter(|reader| reader.backlog > 0.0 && reader.budget.is_none());
            let slowest = behind.max_by(|one, other| one.lag.total_cmp(&other.lag));
            slowest
                .map_or_else(|| saturation(sample, full, dark), |reader| why(reader, sample, full))
        };
        if let Some(watch) = &mut self.watch_freshness {
            // What a write takes changes at once; how far readers are behind, bit by bit.
            watch.jump(sample.latency - self.last.latency);
            watch.see(from, to, sample.freshness, slowest, list);
        }
        // As long as everything is accepted, nobody waits, however busy brokers are.
        let refusing = sample.produce < sample.offered * (1.0 - 1e-9) && self.dark == 0.0;
        let waiting = refusing || sample.refused > 0.0 || refused_before > 0.0;
        // Of nothing there is no share.
        let asked = if sample.serving > 0.0 { sample.busiest } else { 0.0 };
        let short = if waiting { asked.at_least(1.0 + 1e-6) } else { 0.0 };
        self.watch_saturated.see(from, from, short, || saturation(sample, full, dark), list);
        let closed = if sample.serving > 0.0 { dark } else { 1.0 };
        let gone = || if sample.serving > 0.0 { DARK } else { "no broker is left" }.to_owned();
        self.watch_dark.see(from, from, closed, gone, list);
        let offline = || {
            "Kafka takes a full log directory offline, and the broker with it; here writes wait for space"
                .to_owned()
        };
        // Between two looks at what has expired there may be a little room.
        let fill = if self.full { sample.fill.at_least(1.0) } else { sample.fill };
        self.watch_full.see(from, to, fill, offline, list);
    }

    /// What happens while an event runs belongs to it.
    pub(super) fn note(&mut self, sample: &Sample) {
        for progress in &mut self.progress {
            let Some(began) = progress.began else { continue };
            let running = progress.over.is_none_or(|over| sample.from < over - 1e-12);
            if !running {
                continue;
            }
            let settling = progress.readers.iter().any(|reader| {
                let reader = &self.readers[*reader];
                reader.is_down() || reader.backlog > 0.0
            });
            if sample.to > began {
                if sample.needed > progress.busiest {
                    progress.busiest = sample.needed;
                    progress.bottleneck = sample.needed_of;
                }
                progress.lag = progress.lag.at_least(sample.lag);
                progress.refused = progress.refused.at_least(sample.refused);
                progress.wait = progress.wait.at_least(sample.wait);
                progress.freshness = progress.freshness.at_least(sample.freshness);
            }
            if progress.ended && progress.over.is_none() && sample.refused + sample.backlog <= 0.0 {
                progress.over = Some(self.now);
            }
            if !progress.readers.is_empty() && progress.over.is_none() && !settling {
                progress.over = Some(self.now);
                progress
                    .facts
                    .push(Fact { name: "caught up after", value: Figure::Hours(self.now - began) });
            }
        }
    }

    pub(super) fn keep(&mut self, sample: Sample, edge_before: f64) {
        self.last = sample;
        let peaks = &mut self.peaks;
        for (most, value) in [
            (&mut peaks.offered, sample.offered),
            (&mut peaks.produce, sample.produce),
            (&mut peaks.tail, sample.tail),
            (&mut peaks.behind, sample.behind),
            (&mut peaks.replay, sample.replay),
            (&mut peaks.copy, sample.copy),
            (&mut peaks.network, sample.network),
            (&mut peaks.disk, sample.disk),
            (&mut peaks.cpu, sample.cpu),
            (&mut peaks.edge, sample.edge.at_least(edge_before)),
            (&mut peaks.backlog, sample.backlog),
            (&mut peaks.lag, sample.lag),
            (&mut peaks.local, sample.local),
            (&mut peaks.remote, sample.remote),
            (&mut peaks.pending, sample.pending),
            (&mut peaks.kept, sample.kept),
            (&mut peaks.serving, sample.serving),
            (&mut peaks.paid, sample.paid),
            (&mut peaks.latency, sample.latency),
            (&mut peaks.wait, sample.wait),
            (&mut peaks.freshness, sample.freshness),
            (&mut peaks.fill, sample.fill),
        ] {
            if value > *most {
                *most = value;
            }
        }
        if sample.busiest > peaks.busiest {
            peaks.busiest = sample.busiest;
            peaks.bottleneck = sample.bottleneck;
            (peaks.from, peaks.to) = (sample.from, sample.to);
        }
        if self.run.samples {
            self.samples.push(sample);
        }
    }
}
