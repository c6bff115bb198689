//! Text for people: tables of a hundred columns, paragraphs, errors. It depends on nothing but what is shown, so that
//! it is the same in a terminal and in a file.

pub(crate) mod actuals;
pub(crate) mod breakeven;
pub(crate) mod compare;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod figures;
pub(crate) mod finance;
pub(crate) mod optimize;
pub(crate) mod paint;
pub(crate) mod pairs;
pub(crate) mod plan;
pub(crate) mod problems;
pub(crate) mod published;
pub(crate) mod scorecard;
pub(crate) mod sensitivity;
pub(crate) mod settings;
pub(crate) mod simulate;
pub(crate) mod spark;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod uncertainty;
pub(crate) mod whatif;

/// Columns that output keeps within, where names allow.
pub(crate) const WIDTH: usize = 100;
