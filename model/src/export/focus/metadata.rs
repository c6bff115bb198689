//! What belongs beside the rows: FOCUS' schema object, what each plan adds up to, and what the file leaves out.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{File, contract_id, instant, plan_id};
use crate::bill::Component;
use crate::export::json::pretty;
use crate::finance::{Contract, Currency};
use crate::ledger::{self, Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::{Plan, Rejection};

impl File<'_> {
    /// What belongs beside the rows, as JSON: FOCUS' schema object with every column and its type, then what each plan adds
    /// up to, what of its commitments lies beyond the file, and what it leaves out: labour, and what has no price.
    pub fn metadata(&self) -> String {
        let outcomes = self.comparison.outcomes.iter().map(|outcome| match outcome {
            Ok(found) => (&found.design.name, self.plan(found)),
            Err(found) => (&found.design.name, self.rejection(found)),
        });
        let plans: Vec<Value> = outcomes
            .filter(|(name, _)| self.platform.is_none_or(|wanted| wanted == *name))
            .map(|(_, value)| value)
            .collect();
        let version = self.version.name();
        let columns = self
            .version
            .columns()
            .map(|column| json!({ "ColumnName": column.name, "DataType": column.kind.name() }));
        let mut document = json!({
            "DataGenerator": "highwater",
            "DataGeneratorVersion": env!("CARGO_PKG_VERSION"),
            "SchemaId": format!("highwater-plan-{version}"),
            "FocusVersion": version,
            "CreationDate": self.audit.created,
            "x_Note": NOTE,
            "x_Currency": self.exchange().map_or(Currency::USD, |one| one.currency).code,
            "x_PricingCurrency": Currency::USD.code,
            "x_Exchange": self.exchange().map(|one| json!({
                "x_Rate": one.rate.normalize().to_string(),
                "x_Source": one.source,
                "x_AsOfDate": one.as_of,
            })),
            "x_Plans": plans,
            "x_Audit": self.audit,
            "ColumnDefinition": columns.collect::<Vec<_>>(),
        });
        if let Some(entries) = document.as_object_mut() {
            entries.retain(|_, value| !value.is_null());
        }
        pretty(document)
    }

    /// An amount in the currency of the bill, with all its digits.
    fn amount(&self, amount: Usd) -> Usd {
        Usd::new(self.exchange().map_or(amount.dollars(), |exchange| exchange.convert(amount)))
    }

    fn plan(&self, plan: &Plan) -> Value {
        let charges: Vec<Charge> = ledger::charges(plan, &self.scenario.finance);
        let costs = ledger::costs(charges.iter().filter(|charge| charge.is_invoiced()));
        let credits = charges.iter().filter(|charge| charge.kind == ChargeKind::Credit);
        let credits: Usd = credits.map(|charge| charge.effective_cost).sum();
        let gaps = plan.bill.gaps.iter().filter(|gap| gap.component.is_invoiced());
        let contracts = plan.contracts.iter();
        json!({
            "x_PlanId": plan_id(&self.comparison.title, &plan.design.name),
            "ListCost": self.amount(costs.list),
            "ContractedCost": self.amount(costs.contracted),
            "BilledCost": self.amount(costs.billed),
            "EffectiveCost": self.amount(costs.effective),
            "x_Credits": self.amount(credits),
            "x_LabourLeftOut": self.amount(plan.bill.of_component(Component::Labour)),
            "x_PlanTotal": self.amount(plan.bill.contracted_cost() + credits),
            "x_Complete": gaps.clone().next().is_none(),
            "x_WithoutPrice": gaps.collect::<Vec<_>>(),
            "x_Commitments": contracts.map(|one| self.contract(plan, one)).collect::<Vec<_>>(),
        })
    }

    /// A commitment: what of it is in the file, and what lies beyond its last month.
    fn contract(&self, plan: &Plan, contract: &Contract) -> Value {
        let term = contract.from..contract.until();
        let (within, beyond): (Vec<u32>, Vec<u32>) = term
            .clone()
            .partition(|month| plan.months.iter().any(|billed| billed.month.index == *month));
        let billed = |months: &[u32]| months.iter().map(|month| contract.fee(*month)).sum::<Usd>();
        let effective = |months: &[u32]| {
            contract.hour * months.iter().map(|month| contract.paid(*month)).sum::<Decimal>()
        };
        let first = |month| self.scenario.horizon.billing_period(month).map(|days| instant(days.0));
        json!({
            "CommitmentDiscountId": contract_id(&self.comparison.title, &plan.design.name, contract),
            "CommitmentDiscountName": contract.name,
            "x_Term": contract.words(),
            "x_TermStart": first(term.start),
            "x_TermEnd": first(term.end),
            "x_Brokers": contract.brokers,
            "x_Machine": contract.machine,
            "x_TermCost": self.amount(contract.total()),
            "BilledCost": self.amount(billed(&within)),
            "EffectiveCost": self.amount(effective(&within)),
            "x_BilledCostBeyond": self.amount(billed(&beyond)),
            "x_EffectiveCostBeyond": self.amount(effective(&beyond)),
            "x_PaidAheadBeyond": self.amount(contract.ahead(self.scenario.horizon.months)),
        })
    }

    fn rejection(&self, rejection: &Rejection) -> Value {
        let reasons = rejection.reasons.iter().map(ToString::to_string);
        json!({
            "x_PlanId": plan_id(&self.comparison.title, &rejection.design.name),
            "x_CannotBePlanned": reasons.collect::<Vec<_>>(),
        })
    }
}

/// What a reader has to know before adding anything up.
const NOTE: &str = "A plan in the shape of FOCUS: not billing data, and not conformant. Several plans are alternatives, not to \
                    be added up. Months stand in calendar months, in UTC. ListCost and ContractedCost are sums without rows of \
                    Purchase, which would count twice, and of Credit, which come after prices. EffectiveCost + x_LabourLeftOut = x_PlanTotal.";
