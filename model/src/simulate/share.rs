//! Who gets how much of what a cluster has: below its limits everyone what they ask for, above them everyone in
//! proportion, as brokers without quotas do.

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

    /// Of what was asked for, the share that everyone gets who needs what `each` names.
    pub fn granted(&self, capacity: &Self, each: &Self) -> f64 {
        let mut share: f64 = 1.0;
        for index in 0..RESOURCES.len() {
            if each.0[index] > 0.0 {
                share = share.min(1.0 / ratio(self.0[index], capacity.0[index]).max(1.0));
            }
        }
        share
    }
}

/// Demand over capacity; what nobody limits is never short, and nothing at all is always enough for nobody.
fn ratio(demand: f64, capacity: f64) -> f64 {
    if demand <= 0.0 || capacity == f64::INFINITY {
        0.0
    } else if capacity <= 0.0 {
        f64::INFINITY
    } else {
        demand / capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_the_limit_everyone_gets_everything() {
        let capacity = Amounts([10.0, 10.0, f64::INFINITY, 4.0, f64::INFINITY, f64::INFINITY]);
        let mut demand = Amounts::default();
        let (produce, fetch) =
            (Amounts([3.0, 2.0, 3.0, 0.1, 1.0, 0.0]), Amounts([0.0, 1.0, 0.0, 0.1, 0.0, 1.0]));
        demand.add(2.0, &produce);
        demand.add(4.0, &fetch);
        assert_eq!(demand.utilization(&capacity), (0.8, OUT));
        assert_eq!(demand.granted(&capacity, &produce), 1.0);

        demand.add(12.0, &fetch);
        assert_eq!(demand.utilization(&capacity), (2.0, OUT));
        assert_eq!(demand.granted(&capacity, &produce), 0.5);
        assert_eq!(demand.granted(&capacity, &Amounts([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])), 1.0);
    }

    #[test]
    fn nothing_can_be_had_of_nothing() {
        let mut demand = Amounts::default();
        demand.add(1.0, &Amounts([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
        assert_eq!(
            demand.granted(&Amounts::default(), &Amounts([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
            0.0
        );
    }
}
