//! Price lists and machine shapes as data.
