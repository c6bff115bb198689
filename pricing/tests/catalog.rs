//! The catalogue that comes with the program, against the pages that it quotes.

use model::prices::{Meter, Price, PriceList};
use model::scenario::PriceChoice;
use model::units::ByteRate;
use pricing::{Catalog, Severity};

fn list(provider: &str, region: &str) -> PriceList {
    of(&Catalog::embedded(), provider, region)
}

fn of(catalog: &Catalog, provider: &str, region: &str) -> PriceList {
    let choice = PriceChoice {
        provider: provider.to_owned(),
        region: region.to_owned(),
        overrides: Vec::new(),
        discounts: Default::default(),
    };
    catalog.price_list(&choice).expect("a price list")
}

fn named<'a>(list: &'a PriceList, sku: &str) -> &'a Price {
    list.prices.iter().find(|price| price.sku == sku).unwrap_or_else(|| panic!("no {sku}"))
}

/// A ladder as people write it: `0.023 GiB-month; 0.022 from 51200`.
fn told(price: &Price) -> String {
    let mut text = format!("{} {}", price.tiers[0].usd.exact(), price.unit.name());
    for tier in &price.tiers[1..] {
        text += &format!("; {} from {}", tier.usd.exact(), tier.from);
    }
    text
}

#[track_caller]
fn check(provider: &str, region: &str, sku: &str, expected: &str) {
    assert_eq!(told(named(&list(provider, region), sku)), expected, "{sku}");
}

#[test]
fn aws_costs_what_its_pages_say() {
    check("aws", "us-east-1", "ec2:m7g.large", "0.0816 h");
    check("aws", "eu-west-1", "cloudwatch:logs:ingest", "0.57 GiB");
    check(
        "aws",
        "us-east-1",
        "cloudwatch:metric",
        "0.3 month; 0.1 from 10000; 0.05 from 250000; 0.02 from 1000000",
    );
}

#[test]
fn msk_costs_what_its_feed_says() {
    let us = "us-east-1";
    check("aws", us, "msk_standard:broker:kafka.m7g.large", "0.204 h");
    check("aws", us, "msk_standard:broker:kafka.m5.16xlarge", "6.73 h"); // and not twice 3.36
    check("aws", us, "msk_express:broker:express.m7g.4xlarge", "3.264 h");
    check("aws", us, "msk_express:data_in", "0.01 GiB");
    check("aws", us, "msk_serverless:cluster", "0.75 h");
    check("aws", us, "msk_serverless:partition", "0.0015 h");
    check("aws", us, "msk_connect:mcu", "0.11 h");
    check("aws", us, "msk_replicator:data_processed", "0.08 GiB");
    let msk = |region: &str| {
        let list = list("aws", region);
        list.prices.iter().filter(|price| price.sku.starts_with("msk_")).count()
    };
    assert_eq!((msk("us-east-1"), msk("us-west-1"), msk("sa-east-1")), (39, 25, 34));
}

#[test]
fn google_cloud_costs_what_its_price_list_says() {
    check("gcp", "us-central1", "gce:n2-standard-2", "0.097118 h");
    check("gcp", "europe-west3", "pd:pd-balanced:storage", "0.12 GiB-month");
    check(
        "gcp",
        "us-central1",
        "data_transfer:internet_egress",
        "0.12 GiB; 0.11 from 1024; 0.08 from 10240",
    );
    let list = list("gcp", "us-central1");
    let sides = [Meter::ZoneOut, Meter::ZoneIn];
    let sides = sides.map(|side| told(list.price(list.meter(side).expect("a price"))));
    assert_eq!(sides, ["0.01 GiB", "0 GiB"], "the sender alone pays for crossing a zone");
    // 4 vCPU and 16 GiB are 4 DCU.
    assert_eq!(told(named(&list, "managed_kafka:broker:4-vcpu")), "0.36 h");
}

#[test]
fn azure_costs_what_its_price_list_says() {
    check("azure", "australiaeast", "vm:Standard_D16ads_v6", "1.146 h");
    check("azure", "eastus", "disk:premium-ssd-v2:storage", "0.081 GiB-month");
    check("azure", "eastus", "event_hubs_standard:throughput_unit", "0.03 h");
    check("azure", "westeurope", "data_transfer:inter_zone:out", "0 GiB");
    let list = list("azure", "australiaeast");
    // Listed with Windows, which is 0.046 for each vCPU.
    let corrected = named(&list, "vm:Standard_E64ads_v5");
    assert_eq!((told(corrected).as_str(), corrected.basis.as_str()), ("5.088 h", "derived"));
    let missing = list.meter(Meter::ObjectPut).expect_err("nobody publishes it");
    assert_eq!(missing.sku, "blob:hot_zrs:put");
}

/// On every provider alike.
#[test]
fn a_range_stays_a_range() {
    for (provider, region) in [("aws", "sa-east-1"), ("gcp", "us-west1"), ("azure", "uksouth")] {
        let list = list(provider, region);
        let ecku = named(&list, "confluent_enterprise:ecku");
        assert_eq!((told(ecku).as_str(), ecku.basis.as_str()), ("2.25 h", "range"));
        assert_eq!(ecku.tiers[0].low.map(|low| low.exact()).as_deref(), Some("1.75"));
        assert_eq!(named(&list, "confluent_standard:ecku").tiers[0].low, None);
    }
    let list = list("aws", "us-east-1");
    // That the first one is free is said by the preset: it is so at every hour, whatever month it is in.
    assert_eq!(told(named(&list, "confluent_basic:ecku")), "0.14 h");
    assert_eq!(told(named(&list, "warpstream_byoc:cluster:pro")), "2.08332 h"); // 4 × 0.52083
}

#[test]
fn the_latest_definition_of_a_capacity_unit_applies() {
    let catalog = Catalog::embedded();
    let units = catalog.capacity_units().expect("units");
    let written: Vec<_> = units
        .iter()
        .filter(|version| version.unit.name == "AKU")
        .map(|version| (version.unit.write, version.valid_to.as_str()))
        .collect();
    let (old, new) = (ByteRate::from_mb_per_sec(20.0), ByteRate::from_mib_per_sec(30.0));
    assert_eq!(written, [(Some(old), "2025"), (Some(new), "")]);

    let list = list("gcp", "us-west1");
    assert_eq!(list.capacity_units["AKU"].write, Some(new));
    assert_eq!(list.capacity_units["eCKU-enterprise"].partitions, Some(3000.0));
    assert_eq!(list.capacity_units["TU"].read, Some(ByteRate::from_mb_per_sec(2.0)));
    let names: Vec<_> = list.capacity_units.keys().map(String::as_str).collect();
    let expected = ["AKU", "DCU", "PU", "TU", "eCKU-basic", "eCKU-enterprise", "eCKU-standard"];
    assert_eq!(names, expected);
}

#[test]
fn services_are_billed_by_meters_of_their_pool() {
    let aws = list("aws", "us-east-1");
    let sku = |list: &PriceList, meter, pool: &str| {
        list.price(list.service_meter(meter, pool).expect("a price")).sku.clone()
    };
    assert_eq!(sku(&aws, Meter::ManagedIngest, "msk-express"), "msk_express:data_in");
    assert_eq!(sku(&aws, Meter::ManagedIngest, "confluent-basic"), "confluent_basic:data_in");
    assert_eq!(sku(&aws, Meter::ManagedPartition, "msk-serverless"), "msk_serverless:partition");
    assert_eq!(sku(&aws, Meter::ConnectorWorker, ""), "msk_connect:mcu");
    let gcp = list("gcp", "europe-west4");
    assert_eq!(sku(&gcp, Meter::ManagedBase, "warpstream"), "warpstream_byoc:cluster:fundamentals");
    assert_eq!(sku(&gcp, Meter::Backup, ""), "pd:pd-snapshot:storage");
    assert!(gcp.service_meter(Meter::ManagedIngest, "msk-express").is_err());
    let azure = list("azure", "eastus");
    let event = sku(&azure, Meter::ManagedRequests, "event-hubs");
    assert_eq!(event, "event_hubs_standard:ingress_event");
}

#[test]
fn a_pool_is_known_by_who_sells_it() {
    let pools = list("azure", "uksouth").pools;
    assert_eq!(pools["msk-express"], ["aws"]);
    assert_eq!(pools["gcp-managed-kafka"], ["gcp"]);
    assert_eq!(pools["event-hubs-premium"], ["azure"]);
    assert_eq!(pools["compute"], ["aws", "azure", "gcp"]);
    assert_eq!(pools["confluent-enterprise"], ["aws", "azure", "gcp"]);
}

#[test]
fn data_sent_elsewhere_is_priced_by_where_it_goes() {
    let list = list("aws", "us-east-1");
    let to = |region: &str| told(list.price(list.to_region(region).expect("a price")));
    assert_eq!((to("us-east-2").as_str(), to("eu-central-1").as_str()), ("0.01 GiB", "0.02 GiB"));
    assert_eq!(list.region_out.len(), 15);
    assert!(list.to_region("us-east-1").is_err());
    let missing = self::list("gcp", "us-east1").to_region("us-west1").expect_err("not public");
    assert_eq!(missing.what, "data sent to us-west1");
}

#[test]
fn machines_that_are_sold_by_rate_state_it() {
    let rates = |provider: &str, region: &str, pool: &str, machine: &str| {
        let list = list(provider, region);
        let found = list.machines.iter().find(|one| one.pool == pool && one.name == machine);
        let found = found.unwrap_or_else(|| panic!("no {machine}"));
        (found.rated_ingress, found.rated_egress, found.partitions)
    };
    let mb = |rate| Some(ByteRate::from_mb_per_sec(rate));
    let mib = |rate| Some(ByteRate::from_mib_per_sec(rate));
    let us = ("aws", "us-east-1");
    assert_eq!(
        rates(us.0, us.1, "msk-serverless", "cluster"),
        (mb(200.0), mb(400.0), Some(2400.0))
    );
    assert_eq!(rates(us.0, us.1, "confluent-standard", "eCKU"), (mb(25.0), mb(75.0), Some(250.0)));
    assert_eq!(
        rates("gcp", "us-central1", "gcp-managed-kafka", "3-vcpu"),
        (mib(60.0), mib(240.0), None)
    );
    assert_eq!(rates("azure", "eastus", "event-hubs", "TU"), (mb(1.0), mb(2.0), None));
    // No page states what a cluster of it can do.
    assert_eq!(rates(us.0, us.1, "redpanda-serverless", "cluster"), (None, None, None));
}

/// Other providers may be added in files: those of one that is here, by themselves, are a whole catalogue.
#[test]
fn one_providers_files_are_a_catalogue() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/catalog");
    let read = |path: &str| {
        let text = std::fs::read_to_string(format!("{root}/{path}")).expect("a file");
        (path.to_owned(), text)
    };
    let files = ["machines", "disks", "meters", "us-central1", "europe-west3"];
    let files = files.map(|name| read(&format!("gcp/{name}.csv")));
    let catalog = Catalog::from_files(files.into_iter().chain([read("sources.csv")]));
    let findings = catalog.check();
    let faults = findings.iter().filter(|finding| finding.severity() == Severity::Fault);
    assert_eq!(faults.map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let list = of(&catalog, "gcp", "europe-west3");
    assert!(list.machines.iter().all(|machine| machine.pool != "confluent-basic"));
    assert!(list.capacity_units.is_empty());
}

/// What is embedded for the page plans like the whole, once a region's file is there.
#[test]
fn the_page_is_as_good_as_the_program_with_a_file_more() {
    let page = Catalog::of_the_page();
    assert_eq!(of(&page, "aws", "us-east-1"), list("aws", "us-east-1"));
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/catalog");
    let path = "azure/westeurope.csv";
    assert!(pricing::REGION_FILES.contains(&path));
    let text = std::fs::read_to_string(format!("{root}/{path}")).expect("a file");
    let page = page.with_file(path, text);
    let (there, here) = (of(&page, "azure", "westeurope"), list("azure", "westeurope"));
    assert_eq!(there.prices, here.prices);
    assert_eq!(there.machines, here.machines);
}

/// The page names the catalogue by the hash that the command makes of its files.
#[test]
fn the_catalogue_has_the_hash_that_is_built_in() {
    let catalog = pricing::Catalog::embedded();
    assert_eq!(model::export::audit::of_catalog(catalog.files()), pricing::CATALOG_SHA256);
}
