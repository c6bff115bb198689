//! Published cases that do not follow from their own inputs: the engine makes the same slip on purpose and arrives at
//! the same wrong number, so that the diagnosis is proved and not guessed.

use model::bill::{Cause, Component};
use model::money::Usd;
use model::prices::{Price, PriceGroup, PriceUnit};
use model::published::saved_share;
use model::units::Hours;

use super::{Case, cents, file, per_sec, price, usd};
use crate::{near, planned};

/// Every wrong case with its proof.
pub(super) const PROOFS: &[(&str, fn())] = &[
    ("automq-kpc-500mb-automq", automq_kpc_500mb_automq_swaps_reads_and_writes),
    ("automq-kpc-500mb-kafka", automq_kpc_500mb_kafka_counts_copies_twice),
    ("aiven-diskless-1gib", aiven_diskless_1gib_mixes_units_and_totals),
    ("diskless-bench-s3-standard", diskless_bench_divides_requests_by_a_thousand),
    ("aiven-inkless-estimator-snapshot", aiven_inkless_estimator_divides_by_the_saving),
    ("warpstream-tco-268mib", warpstream_tco_counts_one_crossing),
    ("eventsizer-documented-example", eventsizer_multiplies_a_total_by_its_producers),
    ("schema-ai-msk-tiered", schema_ai_gives_a_total_for_each_tb),
    ("spoud-sample-price-rule", spoud_drops_a_digit),
];

/// Its writes are the reads of its own measurements, for a month of 720 h.
#[test]
fn automq_kpc_500mb_automq_swaps_reads_and_writes() {
    use model::costs::RequestClass::{Get, Put};
    let plan = planned(&file("automq-kpc-500mb-automq"), "as-measured");
    let month = Hours::new(720.0);
    let (writes, reads) = (per_sec(&plan, None, Put), per_sec(&plan, None, Get));
    near(reads.count_in(month), 381_801_600.0, 2e-4);
    near(writes.count_in(month), 268_406_733.0, 1e-5);
    // Writes cost twelve and a half times what reads do, so that the swap makes the bill a third dearer.
    let bill = |writes, reads| {
        let put = Price::new(
            "put",
            PriceUnit::Request,
            PriceGroup::Requests,
            &[(0.into(), usd("0.000005"))],
            "",
            "",
            "",
        );
        let get = Price::new(
            "get",
            PriceUnit::Request,
            PriceGroup::Requests,
            &[(0.into(), usd("0.0000004"))],
            "",
            "",
            "",
        );
        put.approximate_cost(writes) + get.approximate_cost(reads)
    };
    let right = plan.bill.of_component(Component::ObjectRequests).as_f64();
    near(bill(writes.count_in(month), reads.count_in(month)), right, 1e-6);
    let swapped = bill(reads.count_in(month), writes.count_in(month));
    assert!(swapped > 1.3 * right, "{swapped} {right}");
}

/// Three copies of what holds three copies: 25,313 GB for each of 15 brokers.
#[test]
fn automq_kpc_500mb_kafka_counts_copies_twice() {
    let text = file("automq-kpc-500mb-kafka");
    let of_a_broker = |text: &str| planned(text, "kafka-gp3").storage.provisioned.as_gib() / 15.0;
    near(of_a_broker(&text), 8_437.5, 1e-12);
    let twice = model::scenario::set(&text, "platform.kafka-gp3.disk_copies", "9").expect("a path");
    near(of_a_broker(&twice), 25_313.0, 1e-4);
}

/// A price for 1,024 MB instead of 1,024 MiB gives its zone crossing; its percentage follows from no totals of its own.
#[test]
fn aiven_diskless_1gib_mixes_units_and_totals() {
    let year = |text: &str| {
        let plan = planned(text, "kafka-gp3");
        plan.bill.of_component(Component::ZoneCrossing).as_f64() * 12.0
    };
    let text = file("aiven-diskless-1gib");
    near(year(&text), 2_943_360.0, 1e-9);
    // A GiB has 1,073.741824 MB, which are 1.048576 times 1,024 of them.
    let mixed = text.replacen(
        "[[stream]]",
        &(price("data_transfer:inter_az:out", "$0.01048576/GiB")
            + &price("data_transfer:inter_az:in", "$0.01048576/GiB")
            + "[[stream]]"),
        1,
    );
    near(year(&mixed), 3_088_272.0, 7e-4);
    // The rest is the length of its year.
    near(year(&mixed) * 365.2422 / 365.0, 3_088_272.0, 1e-4);
    // Its classic total is that and its disks, and nothing for brokers.
    near(year(&mixed) + 222_576.0, 3_320_000.0, 4e-3);

    let saved = saved_share(usd("288000"), usd("3320000"));
    near(saved, 0.913, 1e-3);
    assert!(saved < 0.92, "the headline says above 94 %: {saved}");
    // With fetching from followers its classic side would cost that much less.
    let follower = text.replace("follower_fetching = false", "follower_fetching = true");
    near(year(&text) - year(&follower), 1_261_440.0, 1e-9);
    // What it says of metadata, 1.4 MiB/s, is a ninth of what it bills.
    let share = 1.4 / 1024.0 * 100.0;
    let stated =
        model::scenario::set(&text, "platform.diskless.metadata_crossing", &format!("{share} %"));
    let plan = planned(&stated.expect("a path"), "diskless");
    near(plan.bill.of_component(Component::ZoneCrossing).as_f64() * 12.0, 862.3, 1e-4);
}

/// Prices for a million, divided by a thousand once more: $3.94 and $0.63 for what costs $3,942 and $631.
#[test]
fn diskless_bench_divides_requests_by_a_thousand() {
    let text = file("diskless-bench-s3-standard");
    let of = |text: &str, cause| planned(text, "diskless").bill.of_cause(cause);
    cents(of(&text, Cause::Append), "$3,942.00");
    cents(of(&text, Cause::Consume), "$630.72");
    let slipped = text.replacen(
        "[[stream]]",
        &(price("s3:standard:put_copy_post_list", "$5/1000000000 requests")
            + &price("s3:standard:get_select_other", "$0.4/1000000000 requests")
            + "[[stream]]"),
        1,
    );
    cents(of(&slipped, Cause::Append), "$3.94");
    cents(of(&slipped, Cause::Consume), "$0.63");
    // What turns the ranking around: with file systems it costs $4,626 and $4,248.
    let total = planned(&text, "diskless").monthly_cost();
    assert!(total > usd("4626") && total < usd("6271.5"), "{total}");
}

/// <https://aiven.io/inkless-campaign>, its default screen: what is paid is set against what is saved, and not against
/// what was paid before. Its sliders are not on the stored page, so there is no scenario.
#[test]
pub(super) fn aiven_inkless_estimator_divides_by_the_saving() {
    let parts = ["225994", "221486", "51138", "39875"];
    let saved: Usd = parts.into_iter().map(usd).sum();
    let paid = usd("114082");
    assert!(saved - usd("538492") == usd("1"), "its parts add up but for rounding: {saved}");
    near(saved_share(paid, paid + saved), 0.825, 1e-3);
    // 78 on the screen, without its decimals.
    assert_eq!((saved_share(paid, saved) * 100.0).floor(), 78.0);
}

/// One crossing of what is written, in decimal gigabytes; the engine's replication to one other zone.
#[test]
fn warpstream_tco_counts_one_crossing() {
    let text = file("warpstream-tco-268mib");
    let decimal = text.replacen("[[stream]]", &(super::decimal_zone_prices() + "[[stream]]"), 1);
    let one = model::scenario::set(&decimal, "platform.kafka-gp3.replication_factor", "2")
        .expect("a path");
    let plan = planned(&one, "kafka-gp3");
    near(plan.flows.crossing(Cause::Replicate).as_mib_per_sec(), 268.0, 1e-12);
    near(plan.bill.of_cause(Cause::Replicate).as_f64(), 14_765.0, 5e-4);
    // Two other copies and two thirds of producers, in its month of 720 h or in ours of 730 h.
    let plan = planned(&text, "kafka-gp3");
    near(plan.flows.zone_crossing() / plan.load.produce, 8.0 / 3.0, 1e-12);
    near(plan.bill.of_component(Component::ZoneCrossing).as_f64() * 720.0 / 730.0, 36_180.0, 1e-3);
}

/// <https://docs.netapp.com/us-en/netapp-solutions/data-analytics/confluent-kafka-sizing.html>: a million events a second
/// of 1,000 B, 60 % smaller as stored, are 400 MB/s, whoever produces them. It is on premises: nothing here has a price,
/// so there is no scenario to compare.
#[test]
pub(super) fn eventsizer_multiplies_a_total_by_its_producers() {
    let kept = |produce: &str, retention: &str, copies: u32| {
        let stream =
            format!("produce = \"{produce}\"\ncompression = 2.5\nretention = \"{retention}\"");
        let platform = format!(
            "preset = \"kafka-gp3\"\nbroker = \"m7g.16xlarge\"\nbrokers = 22\nreplication_factor = {copies}\nopen_segments = false"
        );
        let plan = Case { stream: &stream, platform: &platform, readers: 1, ..super::BASE }.plan();
        plan.storage.on_brokers.base_bytes() / 1e12
    };
    near(kept("1 GB/s", "1 d", 3), 103.68, 1e-9);
    near(kept("1 GB/s", "365 d", 1), 12_614.4, 1e-9);
    // Ten producers of the total each, kept for thirty days, and the archive with three copies too.
    near(kept("10 GB/s", "30 d", 3), 31_104.0, 1e-9);
    near(kept("10 GB/s", "365 d", 3), 378_432.0, 1e-9);
    // Its 22 hosts of 12 disks of 1 TB, mirrored, hold the right figure and not the one that it prints.
    let hosts = 22.0 * 12.0 / 2.0;
    assert!(kept("1 GB/s", "1 d", 3) < hosts && kept("10 GB/s", "30 d", 3) > 200.0 * hosts);
}

/// $554 is what 9 TB save together; given for each TB, they would save nine times that.
#[test]
fn schema_ai_gives_a_total_for_each_tb() {
    let text = file("schema-ai-msk-tiered");
    let (local, tiered) = (planned(&text, "msk-standard"), planned(&text, "msk-tiered"));
    let saved = local.monthly_cost() - tiered.monthly_cost();
    near(local.storage.on_brokers.base_bytes(), 9e12, 1e-8);
    near(saved.as_f64(), 554.4, 1e-6);
    near(saved.as_f64(), 550.0, 0.01);
    near(saved.as_f64() / 9.0, 61.6, 1e-6);
    near(saved.as_f64() * 9.0, 4_950.0, 0.01);
}

/// <https://github.com/spoud/kafka-cost-control/blob/main/config-sample/pricing-rules.json>: $0.048 for a GiB is
/// $4.4703484e−11 for a byte; the file has the same digits but one. It charges teams for measured use: a price for each
/// byte, and no platform to plan.
#[test]
pub(super) fn spoud_drops_a_digit() {
    let of_a_byte = |dollars: &str| {
        let ladder = [(0.into(), usd(dollars))];
        let price = Price::new("a", PriceUnit::Gib, PriceGroup::Network, &ladder, "", "", "");
        price.approximate_cost(1.0)
    };
    let received = 0.000_000_000_047_034_84;
    let digits = format!("{:.7e}", of_a_byte("0.048"));
    let dropped: f64 = digits.replacen("4.4", "4.", 1).parse().expect("a number");
    assert_eq!(dropped.to_string(), received.to_string(), "{digits}");
    near(received / of_a_byte("1"), 0.0505, 1e-3);
    near(of_a_byte("0.108"), 0.000_000_000_100_582_84, 1e-7);
}
