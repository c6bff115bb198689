//! The last sheet that people read: where it comes from.

use super::book::Book;
use super::cells::{At, Kind, Sheet, Style};
use super::names::AUDIT;

/// The row of the first entry.
const FIRST: u32 = 3;

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet = Sheet::new(AUDIT, &[34.0, 100.0]);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Audit", Kind::Title);
    sheet.text(At::new(1, 0), "Where this workbook comes from.", Kind::Note);
    let entries = book.asked.audit.iter().map(|(name, value)| (&**name, &**value));
    let all = entries.chain(NOTES.iter().copied());
    for (row, (name, value)) in (FIRST..).zip(all) {
        sheet.text(At::new(row, 0), name, Kind::Wrapped);
        sheet.text(At::new(row, 1), value, Style::engine(Kind::Wrapped));
    }
    sheet
}

/// How to read it.
const NOTES: [(&str, &str); 6] = [
    (
        "What is live",
        "Growth, discounts, rate of exchange, discount rate, labour, committed brokers and credits on Assumptions, and what follows from them: Plan, Lines, the figures, fiscal years and pictures of Summary.",
    ),
    (
        "What is computed",
        "The size of the platform. Each growth is a run of the engine; another discount does not choose another machine. On Summary: the table of all platforms, the sentences, and who bears what.",
    ),
    (
        "Money",
        "Heads of columns say the currency: dollars on Prices, Lines and Commitments, and for what the engine computed; else the currency of Assumptions. Cells show whole cents and hold more.",
    ),
    (
        "Effective cost (accrual)",
        "What each month bears: fees of commitments are spread over the hours that they pay for.",
    ),
    (
        "Billed cost (cash)",
        "What is invoiced in each month. Labour is in it, though nobody invoices it.",
    ),
    (
        "Fees of commitments",
        "Billed cost only: list and contracted cost leave them out, or what they pay for would count twice. What is paid once for a whole term (upfront commitment fee) and what recurs (commitment fee) are lines of their own.",
    ),
];
