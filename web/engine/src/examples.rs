//! The scenarios that come with the page.

/// A scenario that comes with the page.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// Its file, without the ending.
    pub name: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// The scenario.
    pub text: &'static str,
}

macro_rules! example {
    ($name:literal, $label:literal) => {
        Example {
            name: $name,
            label: $label,
            text: include_str!(concat!("../../../examples/", $name, ".toml")),
        }
    };
}

/// Every scenario that comes with the page; the first is what it opens with.
pub static EXAMPLES: &[Example] = &[
    example!("smart-meter", "Smart meters"),
    example!("edge-telemetry", "Edge telemetry"),
    example!("ev-charging", "EV charging"),
    example!("fleet-telemetry", "Fleet telemetry"),
    example!("iot-platform", "IoT platform"),
    example!("migration", "Migration"),
    example!("two-regions", "Two regions"),
    example!("whole-bill", "The whole bill"),
    example!("uncertain-rollout", "Roll-out not decided"),
    example!("commitments", "Commitments"),
    example!("reference-100mib", "Reference, 100 MiB/s"),
];
