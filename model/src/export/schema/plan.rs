//! Of workloads, plans and what stands beside them.

use serde_json::{Value, json};

use super::{
    count, decimal, flag, list, may, must, nullable, number, object, text, variants, words,
};
use crate::bill::{Cause, Component, Driver};
use crate::design::Architecture;
use crate::prices::PriceUnit;

pub(super) fn workload() -> Value {
    object(&[
        must("produce_raw_mib_per_sec", number(), ""),
        must("produce_stored_mib_per_sec", number(), ""),
        must("produce_stored_peak_mib_per_sec", number(), ""),
        must("fan_out", number(), ""),
        must("tail_mib_per_sec", number(), ""),
        must("tail_peak_mib_per_sec", number(), ""),
        must("replay_mean_mib_per_sec", number(), ""),
        must("replay_running_mib_per_sec", number(), ""),
        must("retained_gib", number(), ""),
        must("streams", list(stream()), ""),
    ])
}

fn stream() -> Value {
    object(&[
        must("name", text(), ""),
        must("produce_raw_mib_per_sec", number(), ""),
        must("produce_stored_mib_per_sec", number(), ""),
        must("produce_stored_peak_mib_per_sec", number(), ""),
        must("records_per_sec", nullable(number()), ""),
        must("compression", number(), ""),
        must("partitions", json!({ "anyOf": [count(), { "const": "auto" }] }), ""),
        must("keys", nullable(number()), ""),
        must("retention_hours", number(), ""),
        must("compacted", flag(), ""),
        must("readers", count(), ""),
        must("tail_mib_per_sec", number(), ""),
        must("replay_mean_mib_per_sec", number(), ""),
        must("replay_running_mib_per_sec", number(), ""),
    ])
}

pub(super) fn region() -> Value {
    object(&[
        must("name", text(), ""),
        must("provider", text(), ""),
        must("region", text(), ""),
        must("share", number(), "Of every stream that is not held to a region."),
        must("streams", list(text()), "Held to it."),
    ])
}

pub(super) fn link() -> Value {
    object(&[
        must("from", text(), ""),
        must("to", text(), ""),
        must("streams", list(text()), ""),
        must("retention_hours", nullable(number()), "Null for as long as their stream."),
    ])
}

pub(super) fn verdict() -> Value {
    object(&[
        must("cheapest", nullable(text()), "The cheapest platform whose bill is complete."),
        must("sentences", list(text()), "The conclusion first."),
    ])
}

pub(super) fn published() -> Value {
    let figure = object(&[
        must("platform", text(), ""),
        must("what", text(), ""),
        must("cause", nullable(text()), ""),
        must("against", nullable(text()), ""),
        must("unit", text(), ""),
        must("period", nullable(text()), ""),
        must("of", nullable(text()), ""),
        must("published", number(), ""),
        must("ours", json!({ "anyOf": [decimal(), number(), { "type": "null" }] }), ""),
        must("difference", nullable(number()), ""),
        must("tolerance", number(), ""),
        must("within", json!({ "type": ["boolean", "null"] }), ""),
    ]);
    object(&[
        must("id", text(), ""),
        must("title", text(), ""),
        must("url", text(), ""),
        must("date", text(), ""),
        must("source_kind", text(), ""),
        must("consistent", flag(), ""),
        must("assumptions", list(text()), ""),
        must("slips", list(object(&[must("name", text(), ""), must("why", text(), "")])), ""),
        must("figures", list(figure), ""),
    ])
}

fn architecture() -> Value {
    variants(&[Architecture::SharedNothing, Architecture::Tiered, Architecture::SharedStorage])
}

pub(super) fn platform() -> Value {
    let reason = object(&[must("message", text(), ""), must("hint", text(), "")]);
    let rejection = object(&[must("reasons", list(reason), "")]);
    object(&[
        must("name", text(), ""),
        must("preset", text(), ""),
        must("architecture", architecture(), ""),
        may("plan", json!({ "$ref": "#/$defs/plan" }), "Where it can be planned."),
        may("rejection", rejection, "Where it cannot."),
    ])
}

/// A plan; of several parts it is their sum, or their worst.
pub(super) fn plan() -> Value {
    object(&[
        must("machine", text(), ""),
        must("brokers", count(), "Of the busiest month."),
        must("short", flag(), "Whether that is too few."),
        must("vcpu", number(), ""),
        must("bottleneck", text(), "What sized the fleet."),
        must("requirements", list(requirement()), ""),
        must("cpu_vcpu", rule(), "CPU demand by two rules."),
        must("partitions", count(), ""),
        must("streams", list(placed()), ""),
        must("flows", list(flow()), ""),
        must("storage", storage(), ""),
        must("requests", list(request()), "To object storage."),
        must(
            "latency",
            nullable(object(&[must("p50_ms", number(), ""), must("p99_ms", number(), "")])),
            "",
        ),
        must("recovery", recovery(), "After the loss of one broker."),
        must("page_cache_hours", nullable(number()), ""),
        must("capacity_units", nullable(number()), ""),
        must("coordinator", nullable(coordinator()), ""),
        must("maturity", text(), ""),
        must("facts_as_of", text(), ""),
        must("bill", bill(), "Over all months."),
        must("busiest_month", count(), "Counted from 1."),
        must("months", list(month()), ""),
        must("warnings", list(text()), ""),
        must("settings", list(setting()), ""),
        must("candidates", list(candidate()), "Machines that were considered, cheapest first."),
        may("parts", list(part()), "Where it has several."),
    ])
}

fn requirement() -> Value {
    object(&[
        must("resource", text(), ""),
        must("unit", text(), ""),
        must("demand", number(), ""),
        must("per_broker", number(), ""),
        must("brokers", number(), ""),
        must("utilization", nullable(number()), ""),
    ])
}

fn rule() -> Value {
    object(&[
        must("google_mean", number(), ""),
        must("google_peak", number(), ""),
        must("netflix", number(), ""),
    ])
}

fn placed() -> Value {
    object(&[
        must("name", text(), ""),
        must("partitions", count(), ""),
        must("hot_factor", number(), ""),
        must("hottest_partition_peak_mib_per_sec", number(), ""),
        must("retained_gib", number(), ""),
    ])
}

fn flow() -> Value {
    object(&[
        must("edge", text(), ""),
        must("cause", variants(Cause::ALL), ""),
        must("mean_mib_per_sec", number(), ""),
        must("peak_mib_per_sec", number(), ""),
        must("crossing", number(), "Share that crosses zones."),
    ])
}

fn storage() -> Value {
    object(&[
        must("logical_gib", number(), ""),
        must("on_brokers_gib", number(), ""),
        must("provisioned_gib", number(), ""),
        must("remote_gib", number(), ""),
    ])
}

fn request() -> Value {
    object(&[
        must("cause", variants(Cause::ALL), ""),
        must("class", text(), ""),
        must("per_sec", number(), ""),
    ])
}

fn recovery() -> Value {
    let courses = [
        "rebuild",
        "take-over",
        "not-published",
        "data-lost",
        "no-spare-throughput",
        "no-other-broker",
    ];
    object(&[
        must("rebuild_gib", number(), ""),
        must("hours", nullable(number()), ""),
        must("course", words(&courses), ""),
    ])
}

fn coordinator() -> Value {
    object(&[
        must("rows_per_sec", number(), ""),
        must("rows_kept", number(), ""),
        must("fastest_partition_rows_per_sec", number(), ""),
    ])
}

fn component() -> Value {
    variants(Component::ALL)
}

fn bill() -> Value {
    let gap = object(&[
        must("component", component(), ""),
        must("what", text(), "What is not known."),
        must("hint", text(), "How to fill it."),
    ]);
    let absent = object(&[
        must("component", component(), ""),
        must("list_cost", decimal(), ""),
        must("contracted_cost", decimal(), ""),
        must("why", text(), ""),
        must("asked_by", text(), "What of a scenario asks for it."),
    ]);
    object(&[
        must("complete", flag(), "Whether everything has a price."),
        must("list_cost", decimal(), "Before discounts; hours of commitments at what they cost."),
        must(
            "contracted_cost",
            decimal(),
            "After negotiated discounts, hours of commitments at what they cost, before credits: what the months bear. The \
             ledger's `contracted` has those hours on demand, its `effective` has credits taken off.",
        ),
        must("contracted_cost_a_month", decimal(), "On average."),
        must("contracted_cost_a_month_low", decimal(), "At the lower ends of ranges."),
        must("lines", list(line()), ""),
        must("gaps", list(gap), "What is paid for at a price that nobody knows."),
        must("absent", list(absent), "Lines that cost nothing, and why."),
    ])
}

fn line() -> Value {
    let mut units: Vec<&str> = PriceUnit::ALL.iter().map(|(name, _)| *name).collect();
    units.push(PriceUnit::Dollar.name());
    object(&[
        must("component", component(), ""),
        may("region", text(), "Which part of the platform."),
        may("on", text(), "What that part stands on."),
        must("cause", variants(Cause::ALL), ""),
        must("grows_with", variants(Driver::ALL), ""),
        must("sku", text(), ""),
        must("quantity", decimal(), ""),
        must("unit", words(&units), ""),
        must("list_unit_price", decimal(), ""),
        must("contracted_unit_price", decimal(), ""),
        must("list_cost", decimal(), ""),
        must("contracted_cost", decimal(), ""),
        may("contracted_cost_low", decimal(), "Where only a range of prices is public."),
        must("price_source", text(), ""),
        must("price_as_of", text(), ""),
        must("price_basis", text(), ""),
    ])
}

fn month() -> Value {
    object(&[
        must("month", count(), "Counted from 1."),
        must("start_hours", number(), ""),
        must("hours", number(), ""),
        must("brokers", number(), "Paid for, on average."),
        must("list_cost", decimal(), ""),
        must("contracted_cost", decimal(), ""),
    ])
}

fn setting() -> Value {
    object(&[
        must("key", text(), ""),
        must("value", text(), "As a scenario writes it."),
        must("changed_by", text(), "Who gave it."),
        must("source", text(), ""),
        must("confidence", nullable(text()), "Null for the scenario's own."),
    ])
}

fn candidate() -> Value {
    object(&[
        must("machine", text(), ""),
        may("brokers", count(), ""),
        may("monthly_usd", number(), "About, for ranking."),
        may("unfit", text(), "Why it cannot be used."),
    ])
}

fn part() -> Value {
    object(&[
        must("region", nullable(text()), ""),
        must("on", nullable(text()), ""),
        must("provider", text(), ""),
        must("provider_region", text(), ""),
        must("preset", text(), ""),
        must("architecture", architecture(), ""),
        must("plan", json!({ "$ref": "#/$defs/plan" }), ""),
    ])
}
