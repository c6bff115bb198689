//! The smaller and the larger of two numbers, as fast everywhere.
//!
//! In WebAssembly `f64::min` and `f64::max` are calls of a library, which took a seventh of a run's time. These are two
//! comparisons; what is no number gives way to the other, as there.

/// Numbers that are kept within bounds.
pub trait Bounds {
    /// The larger of the two.
    fn at_least(self, bound: Self) -> Self;
    /// The smaller of the two.
    fn at_most(self, bound: Self) -> Self;
}

impl Bounds for f64 {
    #[inline(always)]
    fn at_least(self, bound: Self) -> Self {
        if self > bound || bound.is_nan() { self } else { bound }
    }

    #[inline(always)]
    fn at_most(self, bound: Self) -> Self {
        if self < bound || bound.is_nan() { self } else { bound }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_standard_library() {
        let values =
            [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, f64::MIN_POSITIVE, 1.0, f64::INFINITY];
        for one in values {
            for other in values {
                assert_eq!(
                    one.at_least(other).to_bits(),
                    one.max(other).to_bits(),
                    "{one} {other}"
                );
                assert_eq!(one.at_most(other).to_bits(), one.min(other).to_bits(), "{one} {other}");
            }
        }
    }
}
