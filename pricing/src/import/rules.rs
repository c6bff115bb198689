//! The tables that turn a provider's products into SKUs: `pricing/rules/*.csv`.
//!
//! A rule has conditions, all of which must hold, on the provider's own fields; the first rule that holds decides.
//!
//! | In `when` | Holds where the field |
//! |---|---|
//! | `field=a\|b` | is one of these; nothing before or after a bar means absent |
//! | `field!=a\|b` | is none of these |
//! | `field^=a\|b` | begins with one of these |
//! | `field~=a\|b` | contains one of these |
//! | `field@=a\|b` | is one of these, after a region's code such as `USE2-` or without one |
//!
//! A name may hold fields in braces, and `{field>mark}` for what follows a mark. Fields are compared by their letters and
//! digits alone, so that `preInstalledSw` of a JSON offer is `Pre Installed S/W` of the CSV offer.

use model::prices::{PriceGroup, PriceUnit};
use rust_decimal::Decimal;

/// A provider's rules and units.
pub(crate) struct Rules {
    /// As catalogues call it.
    pub provider: &'static str,
    fields: Vec<String>,
    rules: Vec<Rule>,
    units: Vec<Unit>,
}

/// What becomes of the products for which all conditions hold.
pub(crate) struct Rule {
    when: Vec<Condition>,
    outcome: Outcome,
    name: String,
    /// What one price of the catalogue's row buys.
    pub per: PriceUnit,
    /// What a discount calls it.
    pub group: PriceGroup,
    /// Where the tier starts, for providers that sell tiers as products of their own.
    pub tier_from: Option<Decimal>,
    /// What else to know.
    pub notes: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Take,
    Part,
    Leave,
}

struct Condition {
    field: usize,
    test: Test,
    values: Vec<String>,
}

#[derive(Clone, Copy)]
enum Test {
    Is,
    IsNot,
    Begins,
    Contains,
    IsBeyondRegion,
}

struct Unit {
    written: String,
    per: PriceUnit,
    ratio: Ratio,
}

/// What a price is multiplied by on its way to another unit: a quotient, since a third is no decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ratio {
    pub up: Decimal,
    pub down: Decimal,
}

/// What to do with a product.
pub(crate) enum Verdict<'r> {
    /// It has a price of the catalogue.
    Take(&'r Rule),
    /// It has a part of a machine's price.
    Part(&'r Rule),
    /// It is none of ours, and the rules say why.
    Leave(&'r str),
    /// No rule knows it.
    Unmapped,
}

/// A product's fields, as far as rules ask for them.
#[derive(Default)]
pub(crate) struct Record {
    values: Vec<String>,
}

const AWS: &str = include_str!("../../rules/aws.csv");
const AZURE: &str = include_str!("../../rules/azure.csv");
const GCP: &str = include_str!("../../rules/gcp.csv");
const UNITS: &str = include_str!("../../rules/units.csv");

impl Rules {
    /// The rules of Amazon's offer files, and the fields that their reader needs itself.
    pub fn aws(fields: &[&str]) -> Self {
        Self::read("aws", AWS, fields)
    }

    /// The rules of Azure's retail prices.
    pub fn azure(fields: &[&str]) -> Self {
        Self::read("azure", AZURE, fields)
    }

    /// The rules of Google's billing catalogue.
    pub fn gcp(fields: &[&str]) -> Self {
        Self::read("gcp", GCP, fields)
    }

    fn read(provider: &'static str, text: &str, own: &[&str]) -> Self {
        let mut fields = own.iter().map(|name| canonical(name).collect()).collect();
        let rules = rows(text).map(|row| Rule::read(&row, &mut fields)).collect();
        let units = rows(UNITS).filter(|row| &row[0] == provider).map(|row| Unit::read(&row));
        Self { provider, rules, units: units.collect(), fields }
    }

    /// A record that can hold every field that rules ask for.
    pub fn record(&self) -> Record {
        Record { values: vec![String::new(); self.fields.len()] }
    }

    /// Where a record keeps a field, if any rule asks for it. `written` is as the provider writes it.
    pub fn field(&self, written: &str) -> Option<usize> {
        self.fields.iter().position(|field| canonical(written).eq(field.chars()))
    }

    /// What the rules say of a product.
    pub fn verdict(&self, record: &Record) -> Verdict<'_> {
        let Some(rule) = self.rules.iter().find(|rule| rule.holds(record)) else {
            return Verdict::Unmapped;
        };
        match rule.outcome {
            Outcome::Take => Verdict::Take(rule),
            Outcome::Part => Verdict::Part(rule),
            Outcome::Leave => Verdict::Leave(&rule.name),
        }
    }

    /// A rule's place, for whoever remembers thousands of products.
    pub fn place(&self, rule: &Rule) -> usize {
        self.rules.iter().position(|known| std::ptr::eq(known, rule)).unwrap_or_default()
    }

    /// The rule at a place.
    pub fn at(&self, place: usize) -> &Rule {
        &self.rules[place]
    }

    /// The SKUs of a product, or the names of its parts; most have one.
    pub fn names(&self, rule: &Rule, record: &Record) -> Vec<String> {
        rule.name.split(' ').map(|template| self.filled(template, record)).collect()
    }

    /// How a price of a unit as the provider writes it becomes one of the catalogue's unit.
    pub fn ratio(&self, written: &str, per: PriceUnit) -> Option<Ratio> {
        let known = |unit: &&Unit| unit.per == per && unit.written.eq_ignore_ascii_case(written);
        self.units.iter().find(known).map(|unit| unit.ratio)
    }

    fn filled(&self, template: &str, record: &Record) -> String {
        let mut name = String::new();
        let mut rest = template;
        while let Some((before, inside)) = rest.split_once('{') {
            let (inside, after) = inside.split_once('}').expect("rules close their braces");
            let (field, mark) = inside.split_once('>').unwrap_or((inside, ""));
            let value =
                record.get(self.field(field).expect("rules know the fields of their names"));
            name.push_str(before);
            name.push_str(value.split_once(mark).map_or(value, |(_, follows)| follows));
            rest = after;
        }
        name.push_str(rest);
        name
    }
}

impl Record {
    /// A field, empty where the product has none.
    pub fn get(&self, field: usize) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// Where a field is kept.
    pub fn slot(&mut self, field: usize) -> &mut String {
        &mut self.values[field]
    }

    /// Makes room for the next product.
    pub fn clear(&mut self) {
        self.values.iter_mut().for_each(String::clear);
    }
}

impl Rule {
    fn read(row: &csv::StringRecord, fields: &mut Vec<String>) -> Self {
        let outcome = match &row[0] {
            "take" => Outcome::Take,
            "part" => Outcome::Part,
            "leave" => Outcome::Leave,
            other => unreachable!("rules do not say `{other}`"),
        };
        let inside = row[1].split('{').skip(1).filter_map(|part| part.split(['>', '}']).next());
        if outcome != Outcome::Leave {
            inside.for_each(|field| _ = index(field, fields));
        }
        let group = PriceGroup::ALL.into_iter().find(|group| group.name() == &row[4]);
        Self {
            when: row[2].split(';').map(|condition| Condition::read(condition, fields)).collect(),
            outcome,
            name: row[1].to_owned(),
            per: PriceUnit::parse(&row[3]).map_or(PriceUnit::Hour, |(unit, _)| unit),
            group: group.unwrap_or(PriceGroup::Fees),
            tier_from: row[5].parse().ok(),
            notes: row[6].to_owned(),
        }
    }

    fn holds(&self, record: &Record) -> bool {
        self.when.iter().all(|condition| condition.holds(record))
    }
}

impl Condition {
    fn read(text: &str, fields: &mut Vec<String>) -> Self {
        let (left, values) = text.split_once('=').expect("conditions compare");
        let (field, test) = match left.as_bytes().last() {
            Some(b'!') => (&left[..left.len() - 1], Test::IsNot),
            Some(b'^') => (&left[..left.len() - 1], Test::Begins),
            Some(b'~') => (&left[..left.len() - 1], Test::Contains),
            Some(b'@') => (&left[..left.len() - 1], Test::IsBeyondRegion),
            _ => (left, Test::Is),
        };
        let values = values.split('|').map(str::to_owned).collect();
        Self { field: index(field, fields), test, values }
    }

    fn holds(&self, record: &Record) -> bool {
        let value = record.get(self.field);
        let mut values = self.values.iter();
        match self.test {
            Test::Is => values.any(|wanted| value == wanted),
            Test::IsNot => !values.any(|wanted| value == wanted),
            Test::Begins => values.any(|wanted| value.starts_with(wanted)),
            Test::Contains => values.any(|wanted| value.contains(wanted)),
            Test::IsBeyondRegion => {
                let beyond = beyond_region(value);
                values.any(|wanted| beyond == wanted)
            }
        }
    }
}

impl Unit {
    fn read(row: &csv::StringRecord) -> Self {
        let (per, _) = PriceUnit::parse(&row[2]).expect("units are the catalogue's");
        let (up, down) = row[3].split_once('/').unwrap_or((&row[3], "1"));
        let number = |text: &str| text.parse().expect("ratios are numbers");
        let ratio = Ratio { up: number(up), down: number(down) };
        Self { written: row[1].to_owned(), per, ratio }
    }
}

/// A usage type without its region: `USE2-Requests-Tier1` is `Requests-Tier1`, and `Tables-Requests-Tier1` is itself.
fn beyond_region(usage: &str) -> &str {
    match usage.split_once('-') {
        Some((code, rest))
            if code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) =>
        {
            rest
        }
        _ => usage,
    }
}

fn index(field: &str, fields: &mut Vec<String>) -> usize {
    let name: String = canonical(field).collect();
    fields.iter().position(|known| *known == name).unwrap_or_else(|| {
        fields.push(name);
        fields.len() - 1
    })
}

fn canonical(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

fn rows(text: &str) -> impl Iterator<Item = csv::StringRecord> {
    let reader = csv::Reader::from_reader(text.as_bytes());
    reader.into_records().map(|row| row.expect("the rules are well formed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rules: &Rules, fields: &[(&str, &str)]) -> String {
        let mut record = rules.record();
        for (field, value) in fields {
            if let Some(index) = rules.field(field) {
                record.slot(index).push_str(value);
            }
        }
        match rules.verdict(&record) {
            Verdict::Take(rule) | Verdict::Part(rule) => rules.names(rule, &record).join(" "),
            Verdict::Leave(reason) => format!("left out: {reason}"),
            Verdict::Unmapped => "unmapped".to_owned(),
        }
    }

    const LINUX: [(&str, &str); 9] = [
        ("Product Family", "Compute Instance"),
        ("Operating System", "Linux"),
        ("Tenancy", "Shared"),
        ("Pre Installed S/W", "NA"),
        ("CapacityStatus", "Used"),
        ("License Model", "No License required"),
        ("operation", "RunInstances"),
        ("usageType", "USE2-BoxUsage:m7g.large"),
        ("Instance Type", "m7g.large"),
    ];

    #[test]
    fn one_difference_is_enough_to_be_left_out() {
        let rules = Rules::aws(&[]);
        assert_eq!(said(&rules, &LINUX), "ec2:m7g.large");
        check(&rules, "Operating System", "Windows", "Windows");
        check(&rules, "Operating System", "RHEL", "licensed operating system");
        check(&rules, "Tenancy", "Dedicated", "dedicated tenancy");
        check(&rules, "Pre Installed S/W", "SQL Std", "SQL Server or other preinstalled software");
        check(&rules, "CapacityStatus", "UnusedCapacityReservation", "capacity reservation");
        check(&rules, "CapacityStatus", "AllocatedCapacityReservation", "capacity reservation");
        check(&rules, "License Model", "Bring your own license", "bring your own license");
        check(&rules, "operation", "RunInstances:0002", "operation other than plain Linux");
        check(&rules, "usageType", "USE2-SpotUsage:m7g.large", "spot");
        check(&rules, "Region Code", "us-gov-west-1", "GovCloud or another partition");
        check(&rules, "Location Type", "AWS Local Zone", "local zone, Wavelength or Outposts");
        check(&rules, "Instance Type", "m7g.metal", "bare metal");
        check(&rules, "Market Option", "CapacityBlock", "capacity block or another market option");
    }

    #[track_caller]
    fn check(rules: &Rules, field: &str, value: &str, reason: &str) {
        let mut changed: Vec<_> = LINUX.into_iter().filter(|(name, _)| *name != field).collect();
        changed.push((field, value));
        assert_eq!(said(rules, &changed), format!("left out: {reason}"));
    }

    #[test]
    fn a_region_code_before_a_usage_type_does_not_matter_and_other_words_do() {
        let rules = Rules::aws(&[]);
        let requests = |usage| said(&rules, &[("servicecode", "AmazonS3"), ("usagetype", usage)]);
        assert_eq!(requests("Requests-Tier1"), "s3:standard:put_copy_post_list");
        assert_eq!(requests("EUC1-Requests-Tier1"), "s3:standard:put_copy_post_list");
        assert_eq!(requests("USE1-Tables-Requests-Tier1"), "unmapped");
        assert_eq!(requests("Tables-Requests-Tier1"), "unmapped");
    }

    #[test]
    fn names_are_taken_from_fields() {
        let rules = Rules::aws(&[]);
        let broker = |usage, family, operation| {
            let fields = [
                ("servicecode", "AmazonMSK"),
                ("usagetype", usage),
                ("computeFamily", family),
                ("operation", operation),
            ];
            said(&rules, &fields)
        };
        let standard = broker("USE1-Kafka.m7g.large", "m7g.large", "RunBroker");
        assert_eq!(standard, "msk_standard:broker:kafka.m7g.large");
        let express = broker("USE1-Express.m7g.large", "m7g.large", "");
        assert_eq!(express, "msk_express:broker:express.m7g.large");
        assert_eq!(broker("USE1-KafkaServerless-ClusterHours", "", ""), "unmapped");
        assert_eq!(broker("USE1-Kafka.mcu.general", "", "RunConnector"), "unmapped");
    }

    #[test]
    fn every_rule_is_complete() {
        for (provider, text) in [("aws", AWS), ("azure", AZURE), ("gcp", GCP)] {
            let rules = Rules::read(provider, text, &[]);
            for row in rows(text) {
                let leaves = &row[0] == "leave";
                assert_eq!(leaves, row[3].is_empty(), "{provider}: {row:?}");
                assert_eq!(leaves, row[4].is_empty(), "{provider}: {row:?}");
                if !leaves {
                    let (per, count) = PriceUnit::parse(&row[3]).expect("a unit");
                    assert_eq!(count, 1);
                    assert!(rules.units.iter().any(|unit| unit.per == per), "{provider}: {row:?}");
                    assert!(PriceGroup::ALL.iter().any(|group| group.name() == &row[4]));
                }
                assert!(row[5].is_empty() || row[5].parse::<Decimal>().is_ok(), "{row:?}");
            }
        }
    }

    #[test]
    fn a_unit_is_known_for_what_it_is_to_become() {
        let rules = Rules::aws(&[]);
        let throughput = rules.ratio("GiBps-Mo", PriceUnit::MibPerSecMonth).expect("a unit");
        assert_eq!((throughput.up, throughput.down), (Decimal::ONE, 1024.into()));
        assert_eq!(rules.ratio("Hrs", PriceUnit::GibMonth), None);
        let rules = Rules::azure(&[]);
        assert!(rules.ratio("1/Hour", PriceUnit::IopsMonth).is_some());
        assert!(rules.ratio("1/Hour", PriceUnit::Hour).is_none());
    }
}
