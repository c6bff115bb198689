//! An offer file of any size in the form of the AWS Price List, to see how much memory reading it takes.
//!
//! The file is made up: real names of machines, regions and fields, so that a share of its products maps, and prices
//! that only count up. One product in 144 is plain Linux on shared hardware, the others are what an import leaves out.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `products`, then `terms`.
    Json,
    /// Five lines, then a table.
    Csv,
}

/// Bytes that a product takes with its terms; measured, and only to come near the size that was asked for.
const JSON_BYTES: u64 = 3_800;
const CSV_BYTES: u64 = 1_930;

/// Reserved offers of a product.
const RESERVED: u64 = 4;

/// Products of a machine in a region: systems, tenancies, capacities, software.
const VARIANTS: u64 = 4 * 3 * 3 * 4;

/// Machines in all regions; a longer file has them again.
const MACHINES: u64 = 24 * 7 * 6;

const REGIONS: [(&str, &str, &str); 6] = [
    ("us-east-1", "", "US East (N. Virginia)"),
    ("us-east-2", "USE2-", "US East (Ohio)"),
    ("us-west-2", "USW2-", "US West (Oregon)"),
    ("eu-west-1", "EU-", "EU (Ireland)"),
    ("eu-central-1", "EUC1-", "EU (Frankfurt)"),
    ("ap-northeast-1", "APN1-", "Asia Pacific (Tokyo)"),
];
const FAMILIES: [&str; 24] = [
    "m5", "m5a", "m5d", "m5n", "m6a", "m6g", "m6gd", "m6i", "m6id", "m6in", "m7g", "m7i", "c5",
    "c6a", "c6g", "c6i", "c7g", "c7i", "r5", "r6a", "r6g", "r6i", "r7g", "r7i",
];
const SIZES: [&str; 7] =
    ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const SYSTEMS: [&str; 4] = ["Linux", "Windows", "RHEL", "SUSE"];
const TENANCIES: [&str; 3] = ["Shared", "Dedicated", "Host"];
const CAPACITIES: [&str; 3] = ["Used", "UnusedCapacityReservation", "AllocatedCapacityReservation"];
const SOFTWARE: [&str; 4] = ["NA", "SQL Std", "SQL Ent", "SQL Web"];

/// Writes a file of about so many bytes.
pub fn write(file: &Path, bytes: u64, form: Form) -> anyhow::Result<()> {
    let name = file.display();
    let opened = File::create(file).with_context(|| format!("cannot write `{name}`"))?;
    let mut out = BufWriter::with_capacity(1 << 20, opened);
    let done = match form {
        Form::Json => json(&mut out, (bytes / JSON_BYTES).max(1)),
        Form::Csv => csv(&mut out, (bytes / CSV_BYTES).max(1)),
    };
    done.and_then(|()| out.flush()).with_context(|| format!("cannot write `{name}`"))?;
    let size = std::fs::metadata(file)?.len();
    println!("{name}: {size} bytes");
    Ok(())
}

/// A product by its number.
struct Product {
    sku: String,
    machine: String,
    region: (&'static str, &'static str, &'static str),
    system: &'static str,
    tenancy: &'static str,
    capacity: &'static str,
    software: &'static str,
    price: String,
}

impl Product {
    fn numbered(number: u64) -> Self {
        let mut rest = number;
        let mut pick = |count: usize| {
            let index = usize::try_from(rest % count as u64).unwrap_or_default();
            rest /= count as u64;
            index
        };
        let (system, tenancy) = (SYSTEMS[pick(4)], TENANCIES[pick(3)]);
        let (capacity, software) = (CAPACITIES[pick(3)], SOFTWARE[pick(4)]);
        let machine = format!("{}.{}", FAMILIES[pick(FAMILIES.len())], SIZES[pick(SIZES.len())]);
        let region = REGIONS[pick(REGIONS.len())];
        Self {
            sku: format!("MADEUP{number:010}"),
            machine,
            region,
            system,
            tenancy,
            capacity,
            software,
            // The same machine has the same price wherever it comes again.
            price: format!("0.{:010}", number / VARIANTS % MACHINES + 1),
        }
    }

    fn usage(&self) -> String {
        let kind = match (self.capacity, self.tenancy) {
            ("Used", "Shared") => "BoxUsage",
            ("Used", "Dedicated") => "DedicatedUsage",
            ("Used", _) => "HostBoxUsage",
            ("UnusedCapacityReservation", _) => "UnusedBox",
            _ => "Reservation",
        };
        format!("{}{kind}:{}", self.region.1, self.machine)
    }

    fn operation(&self) -> &'static str {
        match (self.system, self.software) {
            ("Linux", "NA") => "RunInstances",
            ("Windows", _) => "RunInstances:0002",
            ("RHEL", _) => "RunInstances:0010",
            ("SUSE", _) => "RunInstances:000g",
            _ => "RunInstances:0004",
        }
    }
}

const DISCLAIMER: &str = "Made up to measure memory; no price in here is anyone's.";
const PUBLISHED: &str = "2026-11-20T19:30:12Z";
const VERSION: &str = "20261120193012";

fn json(out: &mut impl Write, products: u64) -> io::Result<()> {
    writeln!(out, "{{\n  \"formatVersion\" : \"v1.0\",\n  \"disclaimer\" : \"{DISCLAIMER}\",")?;
    writeln!(out, "  \"offerCode\" : \"AmazonEC2\",\n  \"version\" : \"{VERSION}\",")?;
    writeln!(out, "  \"publicationDate\" : \"{PUBLISHED}\",\n  \"products\" : {{")?;
    for number in 0..products {
        let Product { sku, machine, region, system, tenancy, capacity, software, .. } =
            &Product::numbered(number);
        let product = Product::numbered(number);
        let (usage, operation) = (product.usage(), product.operation());
        let (code, _, location) = region;
        let comma = if number + 1 < products { "," } else { "" };
        write!(
            out,
            r#"    "{sku}" : {{
      "sku" : "{sku}",
      "productFamily" : "Compute Instance",
      "attributes" : {{
        "servicecode" : "AmazonEC2",
        "location" : "{location}",
        "locationType" : "AWS Region",
        "instanceType" : "{machine}",
        "currentGeneration" : "Yes",
        "instanceFamily" : "General purpose",
        "vcpu" : "2",
        "physicalProcessor" : "A processor of this family",
        "memory" : "8 GiB",
        "storage" : "EBS only",
        "networkPerformance" : "Up to 12500 Megabit",
        "processorArchitecture" : "64-bit",
        "tenancy" : "{tenancy}",
        "operatingSystem" : "{system}",
        "licenseModel" : "No License required",
        "usagetype" : "{usage}",
        "operation" : "{operation}",
        "capacitystatus" : "{capacity}",
        "marketoption" : "OnDemand",
        "normalizationSizeFactor" : "4",
        "preInstalledSw" : "{software}",
        "regionCode" : "{code}",
        "servicename" : "Amazon Elastic Compute Cloud"
      }}
    }}{comma}
"#
        )?;
    }
    writeln!(out, "  }},\n  \"terms\" : {{\n    \"OnDemand\" : {{")?;
    for number in 0..products {
        let Product { sku, price, .. } = Product::numbered(number);
        writeln!(out, "      \"{sku}\" : {{")?;
        term(out, &sku, "JRTCKXETXF", &price, "")?;
        writeln!(out, "      }}{}", if number + 1 < products { "," } else { "" })?;
    }
    writeln!(out, "    }},\n    \"Reserved\" : {{")?;
    for number in 0..products {
        let Product { sku, price, .. } = Product::numbered(number);
        writeln!(out, "      \"{sku}\" : {{")?;
        for offer in 1..=RESERVED {
            let comma = if offer < RESERVED { "," } else { "" };
            term(out, &sku, &format!("RESERVED{offer:02}"), &price, comma)?;
        }
        writeln!(out, "      }}{}", if number + 1 < products { "," } else { "" })?;
    }
    writeln!(out, "    }}\n  }}\n}}")
}

fn term(out: &mut impl Write, sku: &str, offer: &str, price: &str, comma: &str) -> io::Result<()> {
    write!(
        out,
        r#"        "{sku}.{offer}" : {{
          "offerTermCode" : "{offer}",
          "sku" : "{sku}",
          "effectiveDate" : "2026-11-01T00:00:00Z",
          "priceDimensions" : {{
            "{sku}.{offer}.6YS6EN2CT7" : {{
              "rateCode" : "{sku}.{offer}.6YS6EN2CT7",
              "beginRange" : "0",
              "endRange" : "Inf",
              "unit" : "Hrs",
              "pricePerUnit" : {{ "USD" : "{price}" }}
            }}
          }}
        }}{comma}
"#
    )
}

fn csv(out: &mut impl Write, products: u64) -> io::Result<()> {
    writeln!(out, "\"FormatVersion\",\"v1.0\"\n\"Disclaimer\",\"{DISCLAIMER}\"")?;
    writeln!(out, "\"Publication Date\",\"{PUBLISHED}\"\n\"Version\",\"{VERSION}\"")?;
    writeln!(out, "\"OfferCode\",\"AmazonEC2\"")?;
    writeln!(
        out,
        "\"SKU\",\"OfferTermCode\",\"RateCode\",\"TermType\",\"PriceDescription\",\"EffectiveDate\",\"StartingRange\",\"EndingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"Product Family\",\"serviceCode\",\"Location\",\"Location Type\",\"Instance Type\",\"Tenancy\",\"Operating System\",\"License Model\",\"usageType\",\"operation\",\"CapacityStatus\",\"MarketOption\",\"Pre Installed S/W\",\"Region Code\""
    )?;
    for number in 0..products {
        let product = Product::numbered(number);
        let (usage, operation) = (product.usage(), product.operation());
        let Product { sku, machine, region, system, tenancy, capacity, software, price } = product;
        let (code, _, location) = region;
        for offer in 0..=RESERVED {
            let (term, kind) = match offer {
                0 => ("JRTCKXETXF".to_owned(), "OnDemand"),
                offer => (format!("RESERVED{offer:02}"), "Reserved"),
            };
            writeln!(
                out,
                "\"{sku}\",\"{term}\",\"{sku}.{term}.6YS6EN2CT7\",\"{kind}\",\"made up for {system} {machine}\",\"2026-11-01\",\"0\",\"Inf\",\"Hrs\",\"{price}\",\"USD\",\"Compute Instance\",\"AmazonEC2\",\"{location}\",\"AWS Region\",\"{machine}\",\"{tenancy}\",\"{system}\",\"No License required\",\"{usage}\",\"{operation}\",\"{capacity}\",\"OnDemand\",\"{software}\",\"{code}\""
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_product_in_144_is_plain_linux_and_every_one_is_different() {
        let skus: std::collections::BTreeSet<String> =
            (0..1440).map(|number| Product::numbered(number).sku).collect();
        assert_eq!(skus.len(), 1440);
        let plain = (0..1440).map(Product::numbered).filter(|product| {
            product.operation() == "RunInstances"
                && product.tenancy == "Shared"
                && product.capacity == "Used"
        });
        let machines: Vec<String> = plain.map(|product| product.machine).collect();
        assert_eq!(machines.len(), 10);
        assert_eq!(machines[1], "m5a.large");
    }

    #[test]
    fn the_files_have_the_form_and_about_the_size() {
        let mut out = Vec::new();
        json(&mut out, 100).expect("memory takes it");
        let near = |bytes: usize, expected: u64| {
            let share = bytes as f64 / (100 * expected) as f64;
            assert!((0.9..1.1).contains(&share), "{} bytes each", bytes / 100);
        };
        near(out.len(), JSON_BYTES);
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text.matches('{').count(), text.matches('}').count());
        assert_eq!(text.matches("\"productFamily\"").count(), 100);
        let mut out = Vec::new();
        csv(&mut out, 100).expect("memory takes it");
        near(out.len(), CSV_BYTES);
        assert_eq!(String::from_utf8(out).expect("text").lines().count(), 6 + 500);
    }
}
