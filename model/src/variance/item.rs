//! What is paid for in a month, whatever it was put together from.

use rust_decimal::Decimal;

use crate::bill::{Cause, Component, Part};
use crate::finance::Finance;
use crate::ledger::{Charge, ChargeKind, charges};
use crate::money::Usd;
use crate::plan::Plan;
use crate::prices::PriceUnit;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something that is used, or committed to.
    Charge,
    /// Something that is taken off.
    Credit,
}

/// Something that is paid for in one month.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// Its place in the horizon; 0 is the first.
    pub(super) month: u32,
    /// What it is.
    pub(super) kind: Kind,
    /// Which part of the platform.
    pub(super) part: Part,
    /// Which thing on the bill; `None` for credits.
    pub(super) component: Option<Component>,
    /// What made it necessary.
    pub(super) cause: Option<Cause>,
    /// The catalogue's identifier, or the credit's name.
    pub(super) sku: String,
    /// What one price buys.
    pub(super) unit: PriceUnit,
    /// How many of it; nothing where it is no usage.
    pub(super) quantity: Decimal,
    /// Price of one after the negotiated discount, before commitments.
    pub(super) unit_price: Usd,
    /// That price times the quantity.
    pub(super) contracted: Usd,
    /// The same with commitments.
    pub(super) effective: Usd,
}

/// Charges of a plan. Fees of commitments are left out: the hours that they pay for carry them. Hours of a commitment are
/// lines of the SKU that they replace, so that committing is neither volume nor price.
pub(super) fn items(plan: &Plan, finance: &Finance) -> Vec<Item> {
    let charges = charges(plan, finance).into_iter();
    charges.filter(|charge| charge.kind != ChargeKind::Purchase).map(item).collect()
}

fn item(charge: Charge) -> Item {
    let used = charge.kind == ChargeKind::Usage;
    Item {
        month: charge.month,
        kind: if charge.kind == ChargeKind::Credit { Kind::Credit } else { Kind::Charge },
        part: charge.part,
        component: charge.component,
        cause: charge.cause,
        sku: charge.sku,
        unit: charge.unit,
        quantity: if used { charge.quantity } else { Decimal::ZERO },
        unit_price: charge.contracted_unit_price,
        contracted: charge.contracted_cost,
        effective: charge.effective_cost,
    }
}
