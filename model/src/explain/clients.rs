//! Clients' ways to the brokers.

use super::sheet::{Sheet, figure};
use crate::bill::Cause;
use crate::units::{ByteRate, Hours};

/// What is produced, fetched or replayed, by the cause of the usage.
fn moved(sheet: &mut Sheet) {
    match sheet.usage.cause {
        Cause::Produce => sheet.produced("R"),
        Cause::Consume => sheet.fetched("R"),
        _ => sheet.replayed("R"),
    }
}

pub(super) fn client_paths(sheet: &mut Sheet) {
    let prices = &sheet.basis.lines;
    let price = Some(sheet.usage.price);
    if price == prices.nat_hour {
        let what = "Network address translation stands in each zone and is paid for by the hour, whatever goes through it.";
        let words = "zones × hours of the month × share that is on this bill";
        sheet.say(what, words, "Z × h × p");
        sheet.setting("Z", "zones");
        sheet.alive("h");
        sheet.setting("p", "paths_paid");
        return;
    }
    let (key, what) = if price == prices.peering {
        ("path_peering", "Clients in other networks of the region come by peering.")
    } else if price == prices.nat {
        (
            "path_nat",
            "Clients come through network address translation, which charges every byte, both ways.",
        )
    } else if price == prices.cross_region {
        ("path_cross_region", "Clients come from another region: every byte leaves one of the two.")
    } else {
        ("path_internet", "Clients come over the internet, and what leaves for it is charged.")
    };
    let words =
        "rate × share of clients on the path × share that is on this bill × hours of the month";
    sheet.say(what, words, "R × s × p × h");
    if sheet.usage.cause == Cause::Consume {
        // What links fetch is no client's.
        let load = &sheet.used.load;
        let streams = || load.streams.iter();
        let sent = |name: &str| -> ByteRate {
            streams().filter(|stream| stream.name == name).map(|stream| stream.produce).sum()
        };
        let linked: ByteRate = load.links.iter().map(|link| sent(&link.stream)).sum();
        let rate = (load.tail - linked).max(ByteRate::ZERO);
        let origin = if load.links.is_empty() {
            sheet.rates(|stream| stream.tail)
        } else {
            sheet.found(&format!("{} in all, less {linked} that links fetch", load.tail))
        };
        let name = "fetched by clients at the end of the log, mean of the month";
        sheet.rate("R", name, rate, || origin);
    } else {
        moved(sheet);
    }
    sheet.setting("s", key);
    sheet.setting("p", "paths_paid");
    sheet.hours();
}

pub(super) fn private_connectivity(sheet: &mut Sheet) {
    let prices = &sheet.basis.lines;
    let price = Some(sheet.usage.price);
    if price == prices.endpoint {
        let what = "Each network of clients has an endpoint in each zone, paid for by the hour, whatever goes through it.";
        sheet.say(what, "networks × zones × hours of the month", "n × Z × h");
        sheet.setting("n", "private_networks");
        sheet.setting("Z", "zones");
        sheet.alive("h");
    } else if price == prices.provider_side {
        let what = "The service charges for its side of private connectivity by the hour, once for a cluster.";
        sheet.say(what, "hours of the month", "h");
        sheet.alive("h");
    } else if price == prices.endpoint_data || price == prices.provider_data {
        let what = match price == prices.endpoint_data {
            true => "Whoever owns an endpoint pays for every byte that passes it, whichever way.",
            false => "The service charges for every byte of private connectivity, whichever way.",
        };
        let words = "rate × share that goes through private endpoints × hours of the month";
        sheet.say(what, words, "R × s × h");
        let produced = sheet.usage.cause == Cause::Produce;
        moved(sheet);
        sheet.setting("s", if produced { "private_produce" } else { "private_consume" });
        sheet.hours();
    } else {
        let settings = &sheet.design().lines.settings;
        let load = &sheet.used.load;
        let through = load.produce * settings.private_produce
            + load.tail * settings.private_consume
            + load.replay * settings.private_consume;
        before_brokers(sheet, through, None);
    }
}

pub(super) fn load_balancers(sheet: &mut Sheet) {
    let settings = &sheet.design().lines.settings;
    let load = &sheet.used.load;
    let through = load.produce * settings.load_balancer_produce
        + (load.tail + load.replay) * settings.load_balancer_consume;
    before_brokers(sheet, through, Some("load_balancer_count"));
}

fn before_brokers(sheet: &mut Sheet, through: ByteRate, count: Option<&'static str>) {
    if Some(sheet.usage.price) == sheet.basis.lines.load_balancer {
        match count {
            Some(key) => {
                let what = "A load balancer stands before the brokers, paid for by the hour, whatever goes through it.";
                sheet.say(what, "load balancers × hours of the month", "c × h");
                sheet.setting("c", key);
            }
            None => {
                let what = "An endpoint service needs a load balancer on the provider's side, paid for by the hour.";
                sheet.say(what, "hours of the month", "h");
            }
        }
        sheet.alive("h");
        return;
    }
    let what = "Load balancers are also paid for by what they do: of new connections, connections at the same time and bytes, whichever asks for most capacity units counts.";
    let words = "the largest of bytes of an hour ÷ those of a unit, connections ÷ those of a unit, and new connections a second ÷ those of a unit × hours of the month";
    sheet.say(what, words, "max(B ÷ b, c × N ÷ a, c × N ÷ s ÷ n) × h");
    let data = (through * Hours::new(1.0)).as_gib();
    let (produce, consume) = match count {
        Some(_) => ("load_balancer_produce", "load_balancer_consume"),
        None => ("private_produce", "private_consume"),
    };
    let value = format!("{} GiB", figure(data));
    let how = format!(
        "{through} for an hour: produced × `{produce}` + fetched and replayed × `{consume}`"
    );
    let origin = sheet.found(&how);
    sheet.input("B", data, "GiB", || ("bytes of an hour".to_owned(), value, origin));
    let unit = sheet.design().lines.settings.load_balancer_unit_data.as_gib();
    sheet.scaled("b", "load_balancer_unit_data", unit, "GiB");
    sheet.setting("c", "load_balancer_clients");
    sheet.brokers();
    sheet.setting("a", "load_balancer_unit_active");
    let lasts = sheet.design().lines.settings.load_balancer_connection.as_secs();
    sheet.scaled("s", "load_balancer_connection", lasts, "s");
    sheet.setting("n", "load_balancer_unit_new");
    sheet.hours();
    sheet.behind(&[produce, consume]);
}
