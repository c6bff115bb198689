//! What is taken off list prices, price row by price row: list cost, the negotiated discount, what commitments save or cost,
//! and the effective cost that is left; credits, which are on no row, stand by themselves. Amounts add up, to the last digit.

use crate::bill::{Component, Part};
use crate::ledger::{Charge, ChargeKind};
use crate::money::Usd;

/// The discounts of one price row.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Which thing on the bill; `None` for a credit.
    pub component: Option<Component>,
    /// Which part of the platform.
    pub part: Part,
    /// The catalogue's identifier, that of hours on demand for a contract's; the name of a credit.
    pub sku: String,
    /// Before discounts.
    pub list: Usd,
    /// The negotiated discount: nothing or less.
    pub negotiated: Usd,
    /// What commitments take off what is left, hours that nobody used included: above zero where these cost more than the
    /// others save.
    pub commitments: Usd,
    /// Credits: nothing or less.
    pub credits: Usd,
    /// What is left.
    pub effective: Usd,
}

/// Every price row that a plan pays for, in the order of its bill, and its credits.
pub fn discounts(charges: &[Charge]) -> Vec<Stack> {
    let mut rows: Vec<Stack> = Vec::new();
    for charge in charges.iter().filter(|charge| charge.kind != ChargeKind::Purchase) {
        let at = rows.iter().position(|row| {
            row.component == charge.component && row.part == charge.part && row.sku == charge.sku
        });
        let at = at.unwrap_or_else(|| {
            rows.push(Stack {
                component: charge.component,
                part: charge.part.clone(),
                sku: charge.sku.clone(),
                list: Usd::ZERO,
                negotiated: Usd::ZERO,
                commitments: Usd::ZERO,
                credits: Usd::ZERO,
                effective: Usd::ZERO,
            });
            rows.len() - 1
        });
        let row = &mut rows[at];
        if charge.kind == ChargeKind::Credit {
            row.credits += charge.effective_cost;
        } else {
            row.list += charge.list_cost;
            row.negotiated += charge.contracted_cost - charge.list_cost;
            row.commitments += charge.effective_cost - charge.contracted_cost;
        }
        row.effective += charge.effective_cost;
    }
    crate::order::sort_by_key(&mut rows, |row| (row.component.is_none(), row.component));
    rows
}

/// All rows as one.
pub fn together(rows: &[Stack]) -> Stack {
    let sum = |of: fn(&Stack) -> Usd| rows.iter().map(of).sum();
    Stack {
        component: None,
        part: Part::default(),
        sku: String::new(),
        list: sum(|row| row.list),
        negotiated: sum(|row| row.negotiated),
        commitments: sum(|row| row.commitments),
        credits: sum(|row| row.credits),
        effective: sum(|row| row.effective),
    }
}
