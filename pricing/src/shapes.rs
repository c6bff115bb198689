//! What prices are for: machines, disks and meters of a provider.

use std::rc::Rc;

use model::map::Map;
use model::prices::{LocalDisk, Machine, Meter, PriceId};
use model::units::{ByteRate, Bytes};

use crate::cells::{self, Place, Sources};
use crate::findings::{Finding, Problem};

cells::columns!(
    /// Columns of `machines.csv`.
    MACHINE_COLUMNS,
    RawMachine {
        pool,
        machine,
        sku,
        vcpu,
        memory,
        network,
        network_burst,
        block,
        block_burst,
        block_iops,
        local_capacity,
        local_kind,
        rated_ingress,
        rated_egress,
        partitions,
        role,
        source
    }
);

cells::columns!(
    /// Columns of `disks.csv`.
    DISK_COLUMNS,
    RawDisk {
        disk,
        role,
        local,
        attached,
        capacity_sku,
        iops_sku,
        throughput_sku,
        size_min,
        size_max,
        iops_base,
        iops_max,
        throughput_base,
        throughput_per_tib,
        throughput_max,
        source,
        notes
    }
);

cells::columns!(
    /// Columns of `meters.csv`.
    METER_COLUMNS,
    RawMeter {
        meter,
        pool,
        sku,
        notes
    }
);

/// A machine, and the SKU of an hour of it.
pub(crate) struct Shape {
    pub file: Rc<str>,
    pub line: u64,
    pub sku: String,
    /// All but its price, which a region decides.
    pub machine: Machine,
}

/// A disk, and the SKUs that it is billed by.
pub(crate) struct DiskShape {
    pub file: Rc<str>,
    pub line: u64,
    pub capacity_sku: Option<String>,
    pub iops_sku: Option<String>,
    pub throughput_sku: Option<String>,
    /// All but its prices, which a region decides.
    pub disk: model::prices::Disk,
}

/// A meter, and its SKU.
pub(crate) struct MeterShape {
    pub file: Rc<str>,
    pub line: u64,
    pub meter: Meter,
    /// Whose services it is a meter of; empty for what every customer of the provider pays.
    pub pool: String,
    pub sku: String,
}

/// Everything that prices are for: a provider's, or those of vendors on any provider.
#[derive(Default)]
pub(crate) struct Shapes {
    pub machines: Vec<Shape>,
    pub disks: Vec<DiskShape>,
    pub meters: Vec<MeterShape>,
}

/// Reads `machines.csv`.
pub(crate) fn machines(
    file: &str,
    text: &str,
    sources: &Sources,
    findings: &mut Vec<Finding>,
) -> Vec<Shape> {
    let records = cells::records(file, text, MACHINE_COLUMNS, findings);
    let mut lines = Map::new();
    let mut shapes = Vec::with_capacity(records.len());
    let name = Rc::from(file);
    for (line, record) in &records {
        let raw = RawMachine::of(record);
        let mut place = Place { file, line: *line, findings };
        if let Some(first) = lines.insert((raw.pool, raw.machine), *line) {
            let what = format!("machine `{}` of pool `{}`", raw.machine, raw.pool);
            place.note(Problem::Duplicate { what, first });
        }
        shapes.extend(shape(&raw, sources, &name, &mut place));
    }
    shapes
}

fn shape(raw: &RawMachine, sources: &Sources, file: &Rc<str>, place: &mut Place) -> Option<Shape> {
    let pool = place.keep(cells::filled("pool", raw.pool));
    let name = place.keep(cells::filled("machine", raw.machine));
    let sku = place.keep(cells::filled("sku", raw.sku));
    let vcpu = place.keep(cells::number("vcpu", raw.vcpu));
    let memory = place.keep(cells::amount::<Bytes>("memory", raw.memory));
    let network = place.keep(cells::amount::<ByteRate>("network", raw.network));
    let network_burst = place.keep(cells::amount::<ByteRate>("network_burst", raw.network_burst));
    let block = place.keep(cells::amount::<ByteRate>("block", raw.block));
    let block_burst = place.keep(cells::amount::<ByteRate>("block_burst", raw.block_burst));
    let block_iops = place.keep(cells::number("block_iops", raw.block_iops));
    let local = place.keep(local(raw));
    let rated_ingress = place.keep(cells::amount::<ByteRate>("rated_ingress", raw.rated_ingress));
    let rated_egress = place.keep(cells::amount::<ByteRate>("rated_egress", raw.rated_egress));
    let partitions = place.keep(cells::number("partitions", raw.partitions));
    let source = place.keep(sources.text(raw.source));
    let machine = Machine {
        name: name?.to_owned(),
        pool: pool?.to_owned(),
        role: raw.role.to_owned(),
        price: PriceId(0),
        vcpu: vcpu?.unwrap_or_default(),
        memory: memory?.unwrap_or_default(),
        network: network?,
        network_burst: network_burst?,
        block: block?,
        block_burst: block_burst?,
        block_iops: block_iops?,
        local: local?,
        rated_ingress: rated_ingress?,
        rated_egress: rated_egress?,
        partitions: partitions?,
        source: source?.into_owned(),
    };
    Some(Shape { file: file.clone(), line: place.line, sku: sku?.to_owned(), machine })
}

fn local(raw: &RawMachine) -> Result<Option<LocalDisk>, Problem> {
    let Some(capacity) = cells::amount::<Bytes>("local_capacity", raw.local_capacity)? else {
        return Ok(None);
    };
    let kinds = [("ssd", true), ("hdd", false)];
    let solid_state = cells::one_of("local_kind", raw.local_kind, &kinds)?;
    Ok(Some(LocalDisk { capacity, solid_state }))
}

/// Reads `disks.csv`.
pub(crate) fn disks(
    file: &str,
    text: &str,
    sources: &Sources,
    findings: &mut Vec<Finding>,
) -> Vec<DiskShape> {
    let records = cells::records(file, text, DISK_COLUMNS, findings);
    let mut lines = Map::new();
    let mut shapes = Vec::with_capacity(records.len());
    for (line, record) in &records {
        let raw = RawDisk::of(record);
        let mut place = Place { file, line: *line, findings };
        if let Some(first) = lines.insert(raw.disk, *line) {
            place.note(Problem::Duplicate { what: format!("disk `{}`", raw.disk), first });
        }
        shapes.extend(disk_shape(&raw, sources, &mut place));
    }
    shapes
}

fn disk_shape(raw: &RawDisk, sources: &Sources, place: &mut Place) -> Option<DiskShape> {
    let name = place.keep(cells::filled("disk", raw.disk));
    let local = place.keep(cells::flag("local", raw.local));
    let attached = place.keep(cells::flag("attached", raw.attached));
    let size_min = place.keep(cells::amount::<Bytes>("size_min", raw.size_min));
    let size_max = place.keep(cells::amount::<Bytes>("size_max", raw.size_max));
    let iops_base = place.keep(cells::number("iops_base", raw.iops_base));
    let iops_max = place.keep(cells::number("iops_max", raw.iops_max));
    let mut rate = |column, cell| place.keep(cells::amount::<ByteRate>(column, cell));
    let throughput_base = rate("throughput_base", raw.throughput_base);
    let throughput_per_tib = rate("throughput_per_tib", raw.throughput_per_tib);
    let throughput_max = rate("throughput_max", raw.throughput_max);
    let source = place.keep(sources.text(raw.source));
    let sku = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
    let (capacity_sku, iops_sku, throughput_sku) =
        (sku(raw.capacity_sku), sku(raw.iops_sku), sku(raw.throughput_sku));
    let disk = model::prices::Disk {
        name: name?.to_owned(),
        role: raw.role.to_owned(),
        local: local?,
        attached: attached?,
        capacity: None,
        iops: None,
        throughput: None,
        size_min: size_min?.unwrap_or_default(),
        size_max: size_max?,
        iops_base: iops_base?,
        iops_max: iops_max?,
        throughput_base: throughput_base?,
        throughput_per_tib: throughput_per_tib?,
        throughput_max: throughput_max?,
        source: source?.into_owned(),
    };
    let priced = capacity_sku.is_some() || iops_sku.is_some() || throughput_sku.is_some();
    let trouble = if disk.local && priced {
        Some("is local and has a SKU")
    } else if !disk.local && capacity_sku.is_none() {
        Some("has no SKU for its capacity")
    } else {
        None
    };
    if let Some(what) = trouble {
        place.note(Problem::DiskPrice { disk: disk.name, what });
        return None;
    }
    let file = Rc::from(place.file);
    Some(DiskShape { file, line: place.line, capacity_sku, iops_sku, throughput_sku, disk })
}

/// Reads `meters.csv`.
pub(crate) fn meters(file: &str, text: &str, findings: &mut Vec<Finding>) -> Vec<MeterShape> {
    let names = Meter::ALL.map(|meter| (meter.name(), meter));
    let mut lines = Map::new();
    let mut shapes = Vec::new();
    let name = Rc::<str>::from(file);
    for (line, record) in &cells::records(file, text, METER_COLUMNS, findings) {
        let raw = RawMeter::of(record);
        let mut place = Place { file, line: *line, findings };
        let meter = place.keep(cells::one_of("meter", raw.meter, &names));
        let sku = place.keep(cells::filled("sku", raw.sku));
        let (Some(meter), Some(sku)) = (meter, sku) else { continue };
        if let Some(first) = lines.insert((meter, raw.pool), *line) {
            place.note(Problem::Duplicate { what: format!("meter `{}`", meter.name()), first });
        }
        shapes.push(MeterShape {
            file: name.clone(),
            line: *line,
            meter,
            pool: raw.pool.to_owned(),
            sku: sku.to_owned(),
        });
    }
    shapes
}

/// What a SKU is for, and what its price must count.
pub(crate) struct Need<'a> {
    pub file: &'a str,
    pub line: u64,
    pub what: String,
    pub sku: &'a str,
    pub measure: model::prices::Measure,
    /// Whether it may be on sale at a price that nobody publishes, and the scenario states a quote: what a service
    /// bills may.
    pub may_be_unpublished: bool,
}

impl Shapes {
    /// Adds others.
    pub fn extend(&mut self, others: Self) {
        self.machines.extend(others.machines);
        self.disks.extend(others.disks);
        self.meters.extend(others.meters);
    }
}

impl Shape {
    /// Its SKU.
    pub fn need(&self) -> Need<'_> {
        let what = format!("machine `{}`", self.machine.name);
        let measure = model::prices::Measure::Time;
        let (file, sku) = (&*self.file, &*self.sku);
        Need { file, line: self.line, what, sku, measure, may_be_unpublished: false }
    }
}

impl DiskShape {
    /// The SKUs that it cannot do without: capacity, IOPS, throughput.
    pub fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        use model::prices::Measure::{Iops, Kept, Rate};
        [
            ("capacity", &self.capacity_sku, Kept),
            ("IOPS", &self.iops_sku, Iops),
            ("throughput", &self.throughput_sku, Rate),
        ]
        .into_iter()
        .filter_map(|(part, sku, measure)| {
            let what = format!("{part} of disk `{}`", self.disk.name);
            let (file, line, sku) = (&*self.file, self.line, sku.as_deref()?);
            // What is neither in a machine nor attached to one is a service's own, at the service's price.
            let may_be_unpublished = !self.disk.attached;
            Some(Need { file, line, what, sku, measure, may_be_unpublished })
        })
    }
}

impl MeterShape {
    /// Its SKU.
    pub fn need(&self) -> Need<'_> {
        let of = if self.pool.is_empty() { String::new() } else { format!(" of `{}`", self.pool) };
        let what = format!("meter `{}`{of}", self.meter.name());
        let measure = self.meter.measure();
        let (file, sku) = (&*self.file, &*self.sku);
        Need { file, line: self.line, what, sku, measure, may_be_unpublished: true }
    }
}
