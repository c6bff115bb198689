//! Machines and people: what is paid for by the hour.

use super::Origin;
use super::sheet::{Sheet, computed, figure};
use crate::bill::{Cause, Driver};
use crate::costs::connector_tasks;
use crate::lines::{Connector, RunsOn};
use crate::units::Hours;
use rust_decimal::Decimal;

pub(super) fn brokers(sheet: &mut Sheet) {
    if sheet.used.covers.iter().any(|cover| cover.price == sheet.usage.price) {
        return committed(sheet);
    }
    let machine = &sheet.basis.machine.name;
    let asked = sheet.plan.fleet.bottleneck.name();
    let settings = &sheet.design().settings;
    let chosen = match settings.broker {
        Some(_) => "the machine that `broker` names",
        None => "the machine with which the plan costs least",
    };
    let many = match settings.brokers {
        Some(_) => "`brokers` says how many there are".to_owned(),
        None => format!("{asked} decides how many there are"),
    };
    let months = sheet.plan.months.iter().filter_map(|billed| billed.used.as_ref());
    // All months of a line are told by one formula.
    let beside = months.into_iter().any(|used| !used.covers.is_empty());
    let free = settings.units_free.0 > 0.0;
    let what = format!("Brokers run on `{machine}`, {chosen}; {many}.");
    let what =
        if beside { format!("{what} What commitments do not cover is on demand.") } else { what };
    let (words, formula) = match (free, beside) {
        (false, false) => ("brokers × hours of the month", "N × h"),
        (false, true) => {
            ("brokers × hours of the month − hours that commitments cover", "N × h − u")
        }
        (true, false) => (
            "brokers × hours of the month − units that are free × hours of the month in which the platform is there, or nothing",
            "max(0, N × h − f × t)",
        ),
        (true, true) => (
            "brokers × hours of the month − units that are free × hours of the month in which the platform is there, or nothing − hours that commitments cover",
            "max(0, N × h − f × t) − u",
        ),
    };
    sheet.say(&what, words, formula);
    sheet.brokers();
    sheet.hours();
    if free {
        sheet.setting("f", "units_free");
        sheet.alive("t");
    }
    if beside {
        let covered = sheet.used.covers.iter().map(|cover| cover.used).sum();
        let how = "hours of the planned fleet up to as many brokers as are committed to; brokers that events add are on demand";
        let origin = computed(how.to_owned());
        sheet.number("u", "hours that commitments cover", covered, "h", || origin);
    }
    sheet.behind(&["headroom", "brokers", "broker"]);
}

/// Hours that are paid for by a commitment, whether anybody ran them or not.
fn committed(sheet: &mut Sheet) {
    let hours = sheet.used.hours.as_hours();
    let price = sheet.basis.prices.get(&sheet.usage.price);
    let sku = price.map_or("", |price| &*price.sku);
    let contract = sheet.plan.contracts.iter().find(|contract| contract.sku == sku);
    let (bound, name) = match contract {
        Some(contract) => {
            let quoted = price.is_some_and(|price| price.basis == "scenario");
            let list = contract.list_hour.dollars();
            let ratio = contract.hour.dollars().checked_div(list).unwrap_or_default();
            let percent = (Decimal::ONE - ratio) * Decimal::ONE_HUNDRED;
            let cost = match quoted {
                true => format!(
                    "its hour is the list price on demand, ${}, less {} % by the scenario's own quote",
                    list.normalize(),
                    percent.round_dp(6).normalize()
                ),
                false => "its hour has a price of its own in the catalogue".to_owned(),
            };
            (format!("`{}` binds for {}; {cost}", contract.id, contract.words()), &*contract.name)
        }
        None => ("A commitment binds".to_owned(), ""),
    };
    let what = format!(
        "{bound}. Its hours are paid for in every month of the term, whether brokers run in them or not."
    );
    let words = "brokers that are committed to × hours of the month";
    sheet.say(&what, words, "N × h");
    let brokers = contract.map_or(sheet.usage.amount / hours, |one| f64::from(one.brokers));
    let origin = match contract {
        Some(_) => Origin::Scenario { path: format!("commitment.{name}") },
        None => computed("as many as pay".to_owned()),
    };
    sheet.number("N", "brokers that are committed to", brokers, "", || origin);
    sheet.hours();
}

pub(super) fn controllers(sheet: &mut Sheet) {
    let what = "Controllers keep the cluster's metadata on machines of their own, so that the loss of a broker is noticed and leaders are elected.";
    sheet.say(what, "controllers × hours of the month in which the platform is there", "C × h");
    sheet.setting("C", "controllers");
    sheet.alive("h");
    sheet.behind(&["controller"]);
}

/// A whole number of workers, and never fewer than stand in each zone.
pub(super) fn connectors(sheet: &mut Sheet) {
    let design = sheet.design();
    let lines = &design.lines;
    let machines = sheet.basis.lines.connector_machine;
    let own = machines.filter(|(price, _)| *price == sheet.usage.price);
    let place = if own.is_some() { RunsOn::Machines } else { RunsOn::Service };
    let on: Vec<&Connector> =
        lines.connectors.iter().filter(|one| lines.runs_on(one) == place).collect();
    let tasks = |one: &Connector| connector_tasks(&sheet.used.load, design, one);
    let (what, words, formula) = match own {
        Some(_) => (
            "Connectors move records between streams and other systems; their workers run on machines, all connectors together, and stand all month for its highest hour.",
            "the larger of the workers that their tasks ask for, in whole machines, and those that stand in each zone × hours of the month",
            "max(Z × w, ⌈k ÷ c ÷ v⌉) × h",
        ),
        None => (
            "Connectors move records between streams and other systems; a connector service sells each of them units by the hour, which stand all month for its highest hour.",
            "the larger of the units that its tasks ask for, in whole units, and those that stand in each zone × hours of the month",
            "max(Z × w, ⌈k ÷ c ÷ u⌉) × h",
        ),
    };
    let all = |list: &[&Connector]| list.iter().map(|one| tasks(one)).sum::<f64>();
    let told = |list: &[&Connector]| -> Origin {
        let each =
            list.iter().map(|one| format!("`connector.{}` {}", one.name, figure(tasks(one))));
        computed(format!(
            "what each is told to run, else its stream's highest hour before compression ÷ what one task moves: {}",
            each.collect::<Vec<_>>().join(" + ")
        ))
    };
    let list: Vec<&Connector> = match own {
        Some(_) => on,
        // A service runs each by itself, in their order.
        None => on.get(sheet.nth).copied().into_iter().collect(),
    };
    let (count, origin) = (all(&list), told(&list));
    let of = match (own, list.first()) {
        (None, Some(one)) => format!("connector `{}`", one.name),
        _ => String::new(),
    };
    sheet.say(what, words, formula);
    sheet.term(&of, 0.0);
    sheet.setting("Z", "zones");
    sheet.setting("w", "connector_workers_per_zone");
    sheet.number("k", "tasks", count, "", || origin);
    sheet.setting("c", "connector_tasks_per_core");
    match own {
        Some((_, vcpu)) => {
            let sku = sheet.basis.prices.get(&sheet.usage.price).map_or("", |price| &price.sku);
            let sku = sku.to_owned();
            sheet.number("v", "virtual CPUs of a machine", vcpu, "vCPU", || Origin::Catalog {
                sku,
                source: "the catalogue's machine shape".to_owned(),
                as_of: String::new(),
            });
        }
        None => sheet.setting("u", "connector_unit_cores"),
    }
    sheet.alive("h");
    sheet.behind(&["connector_task_rate", "connectors_run_on"]);
}

pub(super) fn labour(sheet: &mut Sheet) {
    let year = |sheet: &mut Sheet, hours: Hours| {
        sheet.number("h", "hours of the month", hours.as_hours(), "h", || Origin::Scenario {
            path: "horizon".to_owned(),
        });
        sheet.number("y", "hours of a year", 8_760.0, "h", || computed("365 d"));
    };
    match (sheet.usage.cause, sheet.usage.grows_with) {
        (Cause::Operate, _) => {
            let what = "People look after brokers: upgrades, partitions, quotas, questions.";
            sheet.say(what, "brokers × hours for each in a month", "N × p");
            sheet.brokers();
            sheet.setting("p", "labour_hours_per_broker");
        }
        (_, Driver::Brokers) => {
            let what = "Brokers stop without being asked to, and someone looks after each of them; it is counted on average, whatever events a scenario has.";
            let words = "brokers × losses of a broker in a year × hours for one × the month's share of a year";
            sheet.say(what, words, "N × f × p × h ÷ y");
            sheet.brokers();
            sheet.setting("f", "broker_failures");
            sheet.setting("p", "labour_hours_per_broker_loss");
            year(sheet, sheet.used.hours);
        }
        _ => {
            let what = "Zones fail, and people look after the cluster meanwhile; it is counted on average, whatever events a scenario has.";
            let words = "losses of a zone in a year × hours for one × the month's share of a year";
            sheet.say(what, words, "f × p × h ÷ y");
            sheet.setting("f", "zone_failures");
            sheet.setting("p", "labour_hours_per_zone_loss");
            year(sheet, sheet.used.alive);
        }
    }
}
