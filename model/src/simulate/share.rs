//! Who gets how much of what a cluster has: below its limits everyone what they need, above them everyone in proportion
//! to what they could take, as brokers without quotas do.

use super::bounds::Bounds;
use crate::sizing::Resource;

/// What is shared. The two ways of the network are two resources.
pub const RESOURCES: [Resource; 6] = [
    Resource::Network,
    Resource::Network,
    Resource::DiskPath,
    Resource::Cpu,
    Resource::RatedIngress,
    Resource::RatedEgress,
];

/// Into brokers.
pub const IN: usize = 0;
/// Out of brokers.
pub const OUT: usize = 1;
/// To and from disks.
pub const DISK: usize = 2;
/// Virtual CPUs.
pub const CPU: usize = 3;
/// Produce rate that brokers are sold with.
pub const RATED_IN: usize = 4;
/// Fetch rate that brokers are sold with.
pub const RATED_OUT: usize = 5;

/// Of each resource, so much.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts(pub [f64; 6]);

impl Amounts {
    /// Adds so many times another.
    pub fn add(&mut self, times: f64, other: &Self) {
        for (sum, each) in self.0.iter_mut().zip(&other.0) {
            *sum += times * each;
        }
    }

    /// Share of a capacity that is asked for: of the scarcest resource, and which one it is.
    pub fn utilization(&self, capacity: &Self) -> (f64, usize) {
        let mut most = (0.0, OUT);
        for index in 0..RESOURCES.len() {
            let share = ratio(self.0[index], capacity.0[index]);
            if share > most.0 {
                most = (share, index);
            }
        }
        most
    }
}

/// Someone who asks: what each byte takes, what is needed, and with what weight they push where there is too little.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// What each byte takes.
    pub each: Amounts,
    /// Bytes an hour that are enough.
    pub need: f64,
    /// Bytes an hour that they could take.
    pub weight: f64,
    /// What they get.
    pub got: f64,
}

impl Asker {
    /// Before anything is shared.
    pub fn new(each: Amounts, need: f64, weight: f64) -> Self {
        Self { each, need, weight: weight.at_least(need), got: need }
    }
}

/// Shares a capacity out: nobody gets more than they need, and those who need more than their share get as much as
/// they push. More capacity never means less for anyone.
pub fn share_out(askers: &mut [Asker], capacity: &Amounts) {
    let mut done = vec![false; askers.len()];
    // Each round settles someone, so there are at most as many as there are askers; a few are enough.
    for _ in 0..askers.len().max(1) {
        let (mut taken, mut pushed) = (Amounts::default(), Amounts::default());
        for (asker, done) in askers.iter().zip(&done) {
            if *done {
                taken.add(asker.got, &asker.each);
            } else {
                pushed.add(asker.weight, &asker.each);
            }
        }
        let mut level = [f64::INFINITY; RESOURCES.len()];
        for (index, level) in level.iter_mut().enumerate() {
            if pushed.0[index] > 0.0 {
                let left = (capacity.0[index] - taken.0[index]).at_least(0.0);
                *level = left / pushed.0[index];
            }
        }
        let mut settled = false;
        for (asker, done) in askers.iter_mut().zip(&mut done) {
            if *done {
                continue;
            }
            let mut share: f64 = 1.0;
            for (index, level) in level.iter().enumerate() {
                if asker.each.0[index] > 0.0 {
                    share = share.at_most(*level);
                }
            }
            asker.got = asker.weight * share;
            if asker.got >= asker.need {
                asker.got = asker.need;
                *done = true;
                settled = true;
            }
        }
        if !settled {
            break;
        }
    }
}

/// Demand over capacity; what nobody limits is never short, and nothing at all is always enough for nobody.
pub fn ratio(demand: f64, capacity: f64) -> f64 {
    if demand <= 0.0 || capacity == f64::INFINITY {
        0.0
    } else {
        (demand / capacity.at_least(f64::MIN_POSITIVE)).at_most(MOST)
    }
}

/// A cluster of which nothing is left is asked for a hundred times what it has: enough to say so.
pub const MOST: f64 = 100.0;

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCE: Amounts = Amounts([3.0, 2.0, 3.0, 0.1, 1.0, 0.0]);
    const FETCH: Amounts = Amounts([0.0, 1.0, 0.0, 0.1, 0.0, 1.0]);
    const FREE: f64 = f64::INFINITY;

    #[track_caller]
    fn check(askers: &[(Amounts, f64, f64)], expected: &[f64]) {
        let capacity = Amounts([10.0, 10.0, FREE, 4.0, FREE, FREE]);
        let mut askers: Vec<Asker> =
            askers.iter().map(|(each, need, weight)| Asker::new(*each, *need, *weight)).collect();
        share_out(&mut askers, &capacity);
        for (asker, expected) in askers.iter().zip(expected) {
            assert!((asker.got - expected).abs() < 1e-9, "{askers:?} instead of {expected}");
        }
    }

    #[test]
    fn below_the_limit_everyone_gets_what_they_need() {
        check(&[(PRODUCE, 2.0, 4.0), (FETCH, 4.0, 9.0)], &[2.0, 4.0]);
    }

    #[test]
    fn above_the_limit_everyone_gets_what_they_push_for() {
        // 2·2 + 16 = 20 are asked for of 10 that go out.
        check(&[(PRODUCE, 2.0, 2.0), (FETCH, 16.0, 16.0)], &[1.0, 8.0]);
        // Whoever needs little gets all of it, and the other the rest.
        check(&[(PRODUCE, 1.0, 2.0), (FETCH, 16.0, 16.0)], &[1.0, 8.0]);
        check(&[(PRODUCE, 0.5, 2.0), (FETCH, 16.0, 16.0)], &[0.5, 9.0]);
        // What only goes in does not mind what goes out.
        let only_in = Amounts([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        check(&[(only_in, 5.0, 5.0), (FETCH, 16.0, 16.0)], &[5.0, 10.0]);
    }

    #[test]
    fn nothing_can_be_had_of_nothing() {
        let mut askers = [Asker::new(PRODUCE, 1.0, 1.0)];
        share_out(&mut askers, &Amounts::default());
        assert_eq!(askers[0].got, 0.0);
    }

    #[test]
    fn the_scarcest_resource_is_named() {
        let capacity = Amounts([10.0, 10.0, FREE, 4.0, FREE, FREE]);
        let mut demand = Amounts::default();
        demand.add(2.0, &PRODUCE);
        demand.add(4.0, &FETCH);
        assert_eq!(demand.utilization(&capacity), (0.8, OUT));
        assert_eq!(demand.utilization(&Amounts::default()).0, MOST);
    }
}
