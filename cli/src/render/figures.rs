//! Numbers as people read them in tables.

pub(crate) use model::export::figures::*;
