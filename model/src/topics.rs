//! Which topics of a stream are tiered: a platform may tier a share of them only.
//!
//! A stream is a family of topics. Where some of them are tiered and some are not, they are two streams of the same name
//! on the way through a plan, and one again when it is done: formulas and runs know topics of one kind only.

use std::borrow::Cow;

use crate::design::{Architecture, Design};
use crate::simulate::findings::{Fact, Figure};
use crate::simulate::{Outcome, Simulation, StreamTotals};
use crate::workload::{Cleanup, Stream, Workload};

/// A workload as clients bring it to a platform: compressed only where it takes that, the topics that it tiers and then
/// those that it does not.
pub fn topics<'a>(workload: &'a Workload, design: &Design) -> Cow<'a, Workload> {
    let share = design.settings.tiered_share;
    let whole = design.architecture() != Architecture::Tiered || share >= 1.0;
    if design.settings.client_compression && whole {
        return Cow::Borrowed(workload);
    }
    let mut all = workload.clone();
    if !design.settings.client_compression {
        for stream in &mut all.streams {
            stream.compression = 1.0;
        }
    }
    if whole {
        return Cow::Owned(all);
    }
    let mut others: Vec<Stream> = Vec::new();
    for stream in &mut all.streams {
        // Compacted logs are never tiered.
        if matches!(stream.cleanup, Cleanup::Compact { .. }) {
            continue;
        }
        if share <= 0.0 {
            stream.tiered = false;
            continue;
        }
        let mut other = stream.part(1.0 - share);
        let mut tiered = stream.part(share);
        other.tiered = false;
        if let Some(partitions) = stream.partitions {
            let of_tier = libm::round(f64::from(partitions) * share) as u32;
            let of_tier = of_tier.min(partitions.saturating_sub(1)).max(1);
            tiered.partitions = Some(of_tier);
            other.partitions = Some(partitions.saturating_sub(of_tier).max(1));
        }
        if let (Some(all), Some(tiered), Some(other)) =
            (stream.sources, &tiered.sources, &mut other.sources)
        {
            other.count = all.count.saturating_sub(tiered.count);
        }
        *stream = tiered;
        others.push(other);
    }
    all.streams.extend(others);
    Cow::Owned(all)
}

/// What a run of topics came to, stream by stream.
pub fn by_stream(simulation: &mut Simulation, topics: &Workload) {
    let first = |index: usize| {
        let name = &topics.streams[index].name;
        topics.streams.iter().position(|stream| stream.name == *name).unwrap_or(index)
    };
    for month in &mut simulation.months {
        let all = std::mem::take(&mut month.streams);
        let mut streams: Vec<StreamTotals> = Vec::with_capacity(all.len());
        for (index, totals) in all.into_iter().enumerate() {
            match streams.get_mut(first(index)) {
                Some(known) if first(index) < index => known.add(&totals),
                _ => streams.push(totals),
            }
        }
        month.streams = streams;
    }
    simulation.outcomes.iter_mut().for_each(once);
}

/// A figure that several topics gave: the longest of times, the sum of amounts.
fn once(outcome: &mut Outcome) {
    let mut facts: Vec<Fact> = Vec::with_capacity(outcome.facts.len());
    for fact in std::mem::take(&mut outcome.facts) {
        let known = facts.iter_mut().find(|known| known.name == fact.name);
        match (known.map(|known| &mut known.value), fact.value) {
            (Some(Figure::Hours(known)), Figure::Hours(hours)) => *known = known.max(hours),
            (Some(Figure::Bytes(known)), Figure::Bytes(bytes)) => *known += bytes,
            (Some(_), _) => {}
            (None, _) => facts.push(fact),
        }
    }
    outcome.facts = facts;
}
