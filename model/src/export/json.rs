//! JSON: everything that a comparison knows, for programs.
//!
//! Keys end in their unit. Money and quantities on the bill are strings with all their digits, so that no reader turns
//! them into floats by accident; everything physical is a number. The order of keys is fixed, and the same input gives
//! the same bytes. Months count from 1, as on the command line.

use serde_json::{Value, json};

use super::settings::{line_settings, settings};
use crate::bill::{Absent, Component};
use crate::comparison::{Comparison, View};
use crate::explain::Explanation;
use crate::load::{self, Load};
use crate::money::Usd;
use crate::parts;
use crate::plan::{Billed, Candidate, Plan, Rejection};
use crate::published::{Beside, Measure, Period, Published};
use crate::scenario::{Link, Region, Scenario};
use crate::sizing::{Fleet, Requirement};
use crate::staleness::{self, Old, Stale};
use crate::workload::{Keys, Stream};

/// Version of the documents: it changes when a key changes its meaning or goes away.
pub const SCHEMA_VERSION: u32 = 1;

/// A comparison with everything about each platform, in the order of the scenario.
pub fn compare(comparison: &Comparison, scenario: &Scenario) -> String {
    pretty(compare_value(comparison, scenario))
}

pub(super) fn compare_value(comparison: &Comparison, scenario: &Scenario) -> Value {
    let mut document = comparison_document(comparison, scenario, None);
    if let Some(published) = &scenario.published {
        document["published"] = published_value(published, &comparison.published);
    }
    document
}

/// A document with what is old at its end, where anything is; its bytes depend on the day. What is no object stays as it is.
pub fn with_stale(document: String, stale: &Stale) -> String {
    let listed = |old: &[Old]| -> Vec<Value> {
        let one = |old: &Old| json!({ "name": old.name, "as_of": old.as_of, "days": old.days });
        old.iter().map(one).collect()
    };
    let Some(most) = document.strip_suffix("\n}\n").filter(|_| !stale.is_empty()) else {
        return document;
    };
    let told = json!({
        "stale": {
            "today": stale.today.to_string(),
            "prices_older_than_days": staleness::PRICE_DAYS,
            "prices": listed(&stale.prices),
            "facts_older_than_days": staleness::FACTS_DAYS,
            "presets": listed(&stale.presets),
        }
    });
    let told = pretty(told);
    let told = told.strip_prefix("{\n").unwrap_or_default();
    format!("{most},\n{told}")
}

/// What others published, beside what the plans give; dollars of ours are strings with all their digits.
fn published_value(published: &Published, figures: &[Beside]) -> Value {
    let figure = |beside: &Beside| {
        let figure = &beside.figure;
        json!({
            "platform": figure.platform,
            "what": figure.what.name(),
            "cause": figure.cause,
            "against": figure.against,
            "unit": figure.amount.unit,
            "period": figure.period.map(Period::name),
            "of": (figure.amount.measure == Measure::Money).then(|| figure.of.name()),
            "published": figure.amount.value,
            "ours": match beside.ours_usd {
                Some(usd) => json!(usd),
                None => json!(beside.ours),
            },
            "difference": beside.difference(),
            "tolerance": figure.tolerance,
            "within": beside.is_within(),
        })
    };
    json!({
        "id": published.id,
        "title": published.title,
        "url": published.url,
        "date": published.date,
        "source_kind": published.source_kind.name(),
        "consistent": published.consistent,
        "assumptions": published.assumptions,
        "slips": published.slips.iter().map(|slip| json!({
            "name": slip.kind.name(),
            "why": slip.why,
        })).collect::<Vec<_>>(),
        "figures": figures.iter().map(figure).collect::<Vec<_>>(),
    })
}

/// Platforms in full, without a verdict: one by its name, or all.
pub fn plan(comparison: &Comparison, scenario: &Scenario, platform: Option<&str>) -> String {
    pretty(document("plan", comparison, scenario, platform))
}

/// A comparison before and after some changes to its scenario, and the difference for each platform: one by its name,
/// or all.
pub fn whatif(
    changes: &[(String, String)],
    before: (&Comparison, &Scenario),
    after: (&Comparison, &Scenario),
    platform: Option<&str>,
) -> String {
    let changes: Vec<Value> =
        changes.iter().map(|(path, value)| json!({ "path": path, "value": value })).collect();
    let pair = |new: &Plan| {
        let old = before.0.plans().find(|old| old.design.name == new.design.name)?;
        Some(difference(old, new))
    };
    let wanted = |plan: &&Plan| platform.is_none_or(|name| name == plan.design.name);
    let differences: Vec<Value> = after.0.plans().filter(wanted).filter_map(pair).collect();
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "whatif",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "currency": "USD",
        "changes": changes,
        "differences": differences,
        "before": comparison_document(before.0, before.1, platform),
        "after": comparison_document(after.0, after.1, platform),
    }))
}

/// Lines of bills with all that goes into them; platforms of which nothing was asked are left out.
pub fn explain(
    comparison: &Comparison,
    explained: &[(&Plan, Vec<Explanation>)],
    platform: Option<&str>,
) -> String {
    let wanted = |name: &str| platform.is_none_or(|wanted| wanted == name);
    let lines =
        explained.iter().map(|(plan, list)| json!({ "name": plan.design.name, "lines": list }));
    let rejections = comparison
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .filter(|rejection| wanted(&rejection.design.name))
        .map(|rejection| {
            json!({ "name": rejection.design.name, "rejection": rejection_value(rejection) })
        });
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "explain",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "currency": "USD",
        "platforms": lines.chain(rejections).collect::<Vec<_>>(),
    }))
}

pub(crate) fn pretty(document: Value) -> String {
    format!("{:#}\n", unsigned_zeros(document))
}

/// The sum of no floats is −0, which means nothing to a reader.
pub(super) fn unsigned_zeros(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_f64() == Some(0.0) && number.is_f64() => json!(0.0),
        Value::Array(items) => items.into_iter().map(unsigned_zeros).collect(),
        Value::Object(entries) => {
            entries.into_iter().map(|(key, value)| (key, unsigned_zeros(value))).collect()
        }
        other => other,
    }
}

fn comparison_document(
    comparison: &Comparison,
    scenario: &Scenario,
    platform: Option<&str>,
) -> Value {
    let mut document = document("comparison", comparison, scenario, platform);
    document["verdict"] = json!({
        "cheapest": comparison.verdict.cheapest(),
        "sentences": comparison.verdict.sentences,
    });
    document
}

pub(super) fn document(
    kind: &str,
    comparison: &Comparison,
    scenario: &Scenario,
    platform: Option<&str>,
) -> Value {
    let designs = scenario.platforms.iter();
    let platforms: Vec<Value> = designs
        .zip(&comparison.outcomes)
        .filter(|(design, _)| platform.is_none_or(|wanted| wanted == design.name))
        .map(|(design, outcome)| {
            let mut entry = json!({
                "name": design.name,
                "preset": design.preset.name,
                "architecture": design.architecture(),
            });
            match outcome {
                Ok(plan) => entry["plan"] = whole_value(plan),
                Err(rejection) => entry["rejection"] = rejection_value(rejection),
            }
            entry
        })
        .collect();
    let mut document = json!({
        "schema_version": SCHEMA_VERSION,
        "kind": kind,
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": comparison.title,
        "provider": comparison.provider,
        "region": comparison.region,
        "currency": "USD",
        "view": match comparison.view {
            View::Horizon => "horizon",
            View::Month(_) => "month",
            View::Steady(_) => "steady-month",
        },
        "month": {
            "index": comparison.month.index + 1,
            "hours": comparison.month.length,
        },
        "workload": workload(comparison, scenario),
        "platforms": platforms,
    });
    if !scenario.regions.is_empty() {
        document["regions"] = regions(scenario);
        document["links"] = links(scenario);
    }
    document
}

/// Where it is produced and kept, and whose prices apply there.
pub(super) fn regions(scenario: &Scenario) -> Value {
    let region = |region: &Region| {
        json!({
            "name": region.name,
            "provider": region.prices.provider,
            "region": region.prices.region,
            "share": region.share,
            "streams": region.streams,
        })
    };
    scenario.regions.iter().map(region).collect()
}

fn links(scenario: &Scenario) -> Value {
    let link = |link: &Link| {
        json!({
            "from": link.from,
            "to": link.to,
            "streams": link.streams,
            "retention_hours": link.retention,
        })
    };
    scenario.links.iter().map(link).collect()
}

/// Which part of a platform something is, with whose prices; for parts only.
pub(super) fn part_value(plan: &Plan) -> Value {
    json!({
        "region": plan.part.region,
        "on": plan.part.on,
        "provider": plan.provider,
        "provider_region": plan.region,
        "preset": plan.design.preset.name,
        "architecture": plan.design.architecture(),
    })
}

/// A plan, and those of its parts where it has several.
fn whole_value(plan: &Plan) -> Value {
    let mut value = plan_value(plan);
    let parts = plan.parts.iter().map(|part| {
        let mut entry = part_value(part);
        entry["plan"] = plan_value(part);
        entry
    });
    if !plan.parts.is_empty() {
        value["parts"] = parts.collect();
    }
    value
}

/// What clients ask for in the month that is planned, whatever the platform.
fn workload(comparison: &Comparison, scenario: &Scenario) -> Value {
    let Some(design) = scenario.platforms.first() else { return Value::Null };
    // Rates do not depend on the platform; partitions that it chooses are with its plan.
    let load = load::load(&parts::asked(scenario), design, comparison.month, 1);
    let streams: Vec<Value> = scenario
        .workload
        .streams
        .iter()
        .zip(&load.streams)
        .map(|(stream, load)| {
            json!({
                "name": stream.name,
                "produce_raw_mib_per_sec": load.produce_raw,
                "produce_stored_mib_per_sec": load.produce,
                "produce_stored_peak_mib_per_sec": load.produce_peak,
                "records_per_sec": load.records,
                "compression": stream.compression,
                "partitions": partitions(stream),
                "keys": stream.keys.map(Keys::count),
                "retention_hours": stream.retention,
                "compacted": load.compacted,
                "readers": stream.readers.len(),
                "tail_mib_per_sec": load.tail,
                "replay_mean_mib_per_sec": load.replay(),
                "replay_running_mib_per_sec": load.replay_peak(),
            })
        })
        .collect();
    json!({
        "produce_raw_mib_per_sec": load.produce_raw,
        "produce_stored_mib_per_sec": load.produce,
        "produce_stored_peak_mib_per_sec": load.produce_peak,
        "fan_out": load.fan_out(),
        "tail_mib_per_sec": load.tail,
        "tail_peak_mib_per_sec": load.tail_peak,
        "replay_mean_mib_per_sec": load.replay,
        "replay_running_mib_per_sec": load.replay_peak,
        "retained_gib": load.retained(),
        "streams": streams,
    })
}

fn partitions(stream: &Stream) -> Value {
    stream.partitions.map_or_else(|| json!("auto"), |count| json!(count))
}

fn plan_value(plan: &Plan) -> Value {
    let bill = &plan.bill;
    json!({
        "machine": plan.machine,
        "brokers": plan.fleet.brokers,
        "short": plan.fleet.short,
        "vcpu": plan.vcpu,
        "bottleneck": plan.fleet.bottleneck,
        "requirements": requirements(&plan.fleet),
        "cpu_vcpu": plan.cpu,
        "partitions": plan.load.partitions,
        "streams": streams(&plan.load),
        "flows": plan.flows,
        "storage": plan.storage,
        "requests": plan.requests,
        "latency": plan.latency,
        "recovery": plan.recovery,
        "page_cache_hours": plan.page_cache,
        "capacity_units": plan.capacity_units,
        "coordinator": plan.coordinator,
        "maturity": plan.design.preset.maturity.note(),
        "facts_as_of": plan.design.preset.as_of,
        "bill": {
            "complete": plan.is_complete(),
            "list_cost": bill.list_cost(),
            "contracted_cost": bill.contracted_cost(),
            "contracted_cost_a_month": plan.monthly_cost(),
            "contracted_cost_a_month_low": plan.monthly_cost_low(),
            "lines": bill.lines,
            "gaps": bill.gaps,
            "absent": bill.absent.iter().map(absent).collect::<Vec<_>>(),
        },
        "busiest_month": plan.month.index + 1,
        "months": plan.months.iter().map(month_value).collect::<Vec<_>>(),
        "warnings": plan.warnings,
        "settings": settings_value(plan),
        "candidates": plan.candidates.iter().map(candidate).collect::<Vec<_>>(),
    })
}

/// A line that nobody asked for, or that the service includes: zero, and why.
fn absent(absent: &Absent) -> Value {
    json!({
        "component": absent.component,
        "list_cost": Usd::ZERO,
        "contracted_cost": Usd::ZERO,
        "why": absent.why(),
        "asked_by": absent.component.asked_by(),
    })
}

fn month_value(billed: &Billed) -> Value {
    json!({
        "month": billed.month.index + 1,
        "start_hours": billed.month.start,
        "hours": billed.month.length,
        "brokers": billed.brokers,
        "list_cost": billed.bill.list_cost(),
        "contracted_cost": billed.bill.contracted_cost(),
    })
}

fn requirements(fleet: &Fleet) -> Vec<Value> {
    let requirement = |asked: &Requirement| {
        json!({
            "resource": asked.resource,
            "unit": asked.resource.unit(),
            "demand": asked.demand,
            "per_broker": asked.per_broker,
            "brokers": asked.brokers(),
            "utilization": fleet.utilization(asked),
        })
    };
    fleet.requirements.iter().map(requirement).collect()
}

/// What the platform itself decides about each stream.
fn streams(load: &Load) -> Vec<Value> {
    let stream = |stream: &load::StreamLoad| {
        json!({
            "name": stream.name,
            "partitions": stream.partitions,
            "hot_factor": stream.hot_factor,
            "hottest_partition_peak_mib_per_sec": stream.hottest_partition_peak(),
            "retained_gib": stream.retained,
        })
    };
    load.streams.iter().map(stream).collect()
}

fn settings_value(plan: &Plan) -> Vec<Value> {
    settings(&plan.design)
        .into_iter()
        .chain(line_settings(&plan.design))
        .map(|one| {
            json!({
                "key": one.parameter.key,
                "value": one.value,
                "changed_by": one.origin,
                "source": one.source,
                "confidence": one.confidence,
            })
        })
        .collect()
}

fn candidate(candidate: &Candidate) -> Value {
    match &candidate.outcome {
        Ok((brokers, monthly)) => json!({
            "machine": candidate.machine,
            "brokers": brokers,
            "monthly_usd": (monthly * 100.0).round() / 100.0,
        }),
        Err(unfit) => json!({ "machine": candidate.machine, "unfit": unfit.to_string() }),
    }
}

pub(super) fn rejection_value(rejection: &Rejection) -> Value {
    let reasons: Vec<Value> = rejection
        .reasons
        .iter()
        .map(|reason| json!({ "message": reason.to_string(), "hint": reason.hint() }))
        .collect();
    json!({ "reasons": reasons })
}

/// What a change does to one platform; contracted cost, component by component.
fn difference(before: &Plan, after: &Plan) -> Value {
    let costs =
        |old: Usd, new: Usd| json!({ "before": old, "after": new, "difference": new - old });
    let components: Vec<Value> = Component::ALL
        .iter()
        .map(|&component| {
            let of = |plan: &Plan| plan.of_component(component);
            let mut entry = json!({ "component": component });
            let costs = costs(of(before), of(after));
            for key in ["before", "after", "difference"] {
                entry[key] = costs[key].clone();
            }
            entry
        })
        .collect();
    json!({
        "name": after.design.name,
        "contracted_cost": costs(before.monthly_cost(), after.monthly_cost()),
        "complete": before.is_complete() && after.is_complete(),
        "components": components,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_no_sign() {
        let text = pretty(json!({ "a": [-0.0, -1.5], "b": 0, "c": "-0.0" }));
        assert_eq!(
            text,
            "{\n  \"a\": [\n    0.0,\n    -1.5\n  ],\n  \"b\": 0,\n  \"c\": \"-0.0\"\n}\n"
        );
    }
}
