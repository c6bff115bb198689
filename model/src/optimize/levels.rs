//! The hours of a week as a few levels of load, for fleets that follow it.

use crate::order;
use crate::sizing::Demand;

/// Hours that ask for about as much.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// How many of them there are.
    pub hours: f64,
    /// Their mean rate, in MiB/s: hours × mean over all levels is what over all hours, so no byte is lost.
    pub mean: f64,
    /// The most that any of them asks for, of each resource: never less than any hour does.
    pub most: Demand,
}

/// An hour of the week: how often it comes, its rate in MiB/s and what it asks for.
pub type Hour = (f64, f64, Demand);

/// The hours of a fleet whose brokers need a while to start: an hour has those that the next one begins with.
pub fn ahead(hours: &[(f64, Demand)]) -> Vec<(f64, Demand)> {
    let next = hours.iter().cycle().skip(1);
    hours.iter().zip(next).map(|((rate, one), (_, next))| (*rate, one.larger(next))).collect()
}

/// Hours as so many levels at most, the quietest first. Neighbours that are nearest to each other, weighted by how often
/// they come, are made one; equal ones always are.
pub fn levels(hours: &[Hour], most: usize) -> Vec<Level> {
    let mut list: Vec<Level> = hours
        .iter()
        .filter(|(hours, ..)| *hours > 0.0)
        .map(|(hours, mean, demand)| Level { hours: *hours, mean: *mean, most: *demand })
        .collect();
    order::sort_by(&mut list, |one, other| one.mean.total_cmp(&other.mean));
    let mut merged: Vec<Level> = Vec::new();
    for level in list {
        match merged.last_mut() {
            Some(last) if last.mean == level.mean && last.most == level.most => {
                last.hours += level.hours;
            }
            _ => merged.push(level),
        }
    }
    while merged.len() > most.max(1) {
        // What joining overstates: the lower hours are covered as the higher ones are.
        let overstated = |pair: &[Level]| (pair[1].mean - pair[0].mean) * pair[0].hours;
        let nearest = merged
            .windows(2)
            .enumerate()
            .min_by(|(_, one), (_, other)| overstated(one).total_cmp(&overstated(other)))
            .map_or(0, |(index, _)| index);
        let upper = merged.remove(nearest + 1);
        let lower = &mut merged[nearest];
        let hours = lower.hours + upper.hours;
        lower.mean = (lower.mean * lower.hours + upper.mean * upper.hours) / hours;
        lower.hours = hours;
        lower.most = lower.most.larger(&upper.most);
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asks(volume: f64) -> Demand {
        Demand { volume, ..Demand::default() }
    }

    proptest! {
        #[test]
        fn levels_keep_hours_bytes_and_peaks(
            rates in prop::collection::vec((0.0..1e4_f64, 0.1..5.0_f64), 1..168),
            most in 1..40_usize,
        ) {
            let hours: Vec<Hour> =
                rates.iter().map(|(rate, often)| (*often, *rate, asks(rate * 2.0))).collect();
            let levels = levels(&hours, most);
            prop_assert!(levels.len() <= most);
            let bytes: f64 = hours.iter().map(|(often, rate, _)| often * rate).sum();
            let kept: f64 = levels.iter().map(|level| level.hours * level.mean).sum();
            prop_assert!((bytes - kept).abs() <= 1e-9 * bytes.max(1.0), "{bytes} became {kept}");
            let length: f64 = hours.iter().map(|(often, ..)| often).sum();
            let counted: f64 = levels.iter().map(|level| level.hours).sum();
            prop_assert!((length - counted).abs() <= 1e-9 * length);
            let peak = hours.iter().map(|(_, rate, _)| rate * 2.0).fold(0.0, f64::max);
            let covered = levels.iter().map(|level| level.most.volume).fold(0.0, f64::max);
            prop_assert_eq!(peak, covered);
            // Hours are covered one by one: as many as ask for so much have so much.
            for (_, rate, asked) in &hours {
                let asking: f64 = hours.iter().filter(|(_, other, _)| other >= rate).map(|(often, ..)| often).sum();
                let having: f64 = levels.iter().filter(|level| level.most.volume >= asked.volume).map(|level| level.hours).sum();
                prop_assert!(having >= asking * (1.0 - 1e-9));
            }
        }
    }

    #[test]
    fn what_starts_slowly_is_there_before_it_is_needed() {
        let hours = [(1.0, asks(1.0)), (5.0, asks(5.0)), (2.0, asks(2.0))];
        let needs: Vec<f64> = ahead(&hours).iter().map(|(_, demand)| demand.volume).collect();
        // The week begins again after its last hour.
        assert_eq!(needs, [5.0, 5.0, 2.0]);
    }

    #[test]
    fn hours_that_are_alike_are_one_level() {
        let hours = [(10.0, 1.0, asks(1.0)), (4.0, 3.0, asks(3.0)), (6.0, 1.0, asks(1.0))];
        let found = levels(&hours, 8);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].hours, found[1].hours), (16.0, 4.0));
    }
}
