//! Why a file of prices cannot be read.

use std::fmt;
use std::io;

/// What is wrong with a file of prices, and where in it.
#[derive(Debug, thiserror::Error)]
pub struct ImportError {
    /// Line and column, from 1, as far as known.
    pub place: Option<(u64, u64)>,
    /// What it is.
    pub problem: ImportProblem,
}

/// With its place in front, to follow a file's name and a colon.
impl fmt::Display for ImportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) if column > 0 => {
                write!(out, "{line}:{column}: {}", self.problem)
            }
            Some((line, _)) => write!(out, "{line}: {}", self.problem),
            None => write!(out, " {}", self.problem),
        }
    }
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportProblem {
    /// The file stops giving bytes.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// There is nothing in it.
    #[error("there is nothing to read")]
    Empty,
    /// It is packed.
    #[error("this is packed, and not text")]
    Packed,
    /// It ends in the middle.
    #[error("the file ends in the middle of a {what}")]
    Truncated {
        /// Of what: `JSON value`, `row`.
        what: &'static str,
    },
    /// It is not JSON, or not CSV.
    #[error("{reason}")]
    Syntax {
        /// What was expected.
        reason: String,
    },
    /// Something stands where something else belongs.
    #[error("{reason}{}", .of.as_ref().map_or_else(String::new, |of| format!(", in the terms of `{of}`")))]
    Data {
        /// What was expected, and what is there.
        reason: String,
        /// The SKU whose terms these are, where it is one's.
        of: Option<String>,
    },
    /// It is JSON, and no price list that we know.
    #[error("this is no price list of AWS, Azure or Google Cloud: {found}")]
    Unknown {
        /// What there is instead.
        found: String,
    },
    /// It lists price lists.
    #[error("this is an index of price lists, without a price")]
    Index,
    /// Columns are missing.
    #[error("the table has no column {missing}")]
    Columns {
        /// Which, with quotation marks.
        missing: String,
    },
    /// Prices come before what they are for.
    #[error("`terms` stand before `products`, so that nobody can tell what they are for")]
    TermsFirst,
    /// A value cannot be used.
    #[error("{field} of `{product}` is `{value}`, and {expected} was expected")]
    Value {
        /// Which field.
        field: &'static str,
        /// Of which product, as the provider identifies it.
        product: String,
        /// What it says.
        value: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// The file does not say when its prices hold.
    #[error("the file has no `{field}`, so that its prices have no date")]
    NoDate {
        /// Where it should stand.
        field: &'static str,
    },
    /// More than any provider sells.
    #[error("the file has more than {limit} prices that map to a SKU")]
    TooMany {
        /// How many are too many.
        limit: usize,
    },
}

impl ImportError {
    pub(crate) fn of(problem: ImportProblem) -> Self {
        Self { place: None, problem }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self.problem {
            ImportProblem::Unreadable(_) => {
                "check the disk or the program that writes into the pipe"
            }
            ImportProblem::Empty => "was the download complete?",
            ImportProblem::Packed => {
                "unpack it on the way: `gunzip -c FILE | highwater prices import -`"
            }
            ImportProblem::Truncated { .. } => "download the file again; nothing has been written",
            ImportProblem::Syntax { .. } | ImportProblem::Unknown { .. } => {
                "use an offer file of the AWS Price List (JSON or CSV), pages of the Azure Retail Prices API, or pages of `skus.list` of the Cloud Billing API"
            }
            ImportProblem::Index => "download the file that its `currentVersionUrl` names",
            ImportProblem::Columns { .. } => {
                "use the CSV file as AWS publishes it, with all of its columns"
            }
            ImportProblem::TermsFirst => "use the file as AWS publishes it, `products` first",
            ImportProblem::Value { .. } | ImportProblem::Data { .. } => {
                "correct the value, or download the file again"
            }
            ImportProblem::NoDate { .. } => "say it with `--as-of YYYY-MM-DD`",
            ImportProblem::TooMany { .. } => "use the files of single regions",
        }
    }
}
