//! Traffic between zones and between regions.

use super::Origin;
use super::sheet::{Sheet, computed};
use crate::bill::Cause;
use crate::flows::Edge;
use crate::units::ByteRate;

/// `rate × share that crosses × hours`, once for each side that is billed.
pub(super) fn zone_crossing(sheet: &mut Sheet) {
    let side = match sheet.usage.price == sheet.basis.zone_out {
        true => "This line is the sender's side.",
        false => "This line is the receiver's side.",
    };
    let design = sheet.design();
    match sheet.usage.cause {
        Cause::Produce => produce(sheet, side),
        Cause::Replicate => replicate(sheet, side),
        Cause::Consume | Cause::Replay => consume(sheet, side),
        Cause::Metadata => {
            let what = format!(
                "Brokers exchange data through object storage, so that between zones only metadata goes: so much for each byte produced. {side}"
            );
            let words = "rate produced × metadata's share of it × hours of the month";
            sheet.say(&what, words, "R × m × h");
            sheet.produced("R");
            let crosses =
                if design.settings.zones > 1 { design.settings.metadata_crossing } else { 0.0 };
            sheet.scaled("m", "metadata_crossing", crosses, "");
            sheet.hours();
        }
        cause => copied(sheet, cause, side),
    }
}

fn produce(sheet: &mut Sheet, side: &str) {
    let design = sheet.design();
    let crossing = sheet.used.flows.flows.iter().find(|flow| flow.cause == Cause::Produce);
    let stays =
        design.is_routed() || (design.is_leaderless() && !design.settings.produce_to_leader);
    if stays {
        let what = format!(
            "Producers write to a broker of their own zone, whichever partition a record is of: nothing crosses. {side}"
        );
        sheet.say(&what, "rate produced × share that crosses × hours of the month", "R × x × h");
        sheet.produced("R");
        let share = crossing.map_or(0.0, |flow| flow.crossing);
        sheet.share("x", "share that crosses a zone", share, || {
            computed("any broker takes it, and there is one in each zone")
        });
        sheet.hours();
        return;
    }
    let what = format!(
        "Leaders are spread over the zones, so a producer finds the leader of its partition in its own zone one time in {}: all else crosses. {side}",
        design.settings.zones
    );
    let words = "rate produced × share of leaders in other zones × share of producers that do not look × hours of the month";
    sheet.say(&what, words, "R × (Z − 1) ÷ Z × (1 − a) × h");
    sheet.produced("R");
    sheet.setting("Z", "zones");
    sheet.setting("a", "producers_zone_aware");
    sheet.hours();
}

fn replicate(sheet: &mut Sheet, side: &str) {
    let settings = &sheet.design().settings;
    let (copies, zones) = (settings.replication_factor, settings.zones);
    let what = match (copies, zones) {
        (1, _) => "There is one copy: nothing is replicated.".to_owned(),
        (_, 1) => "All replicas are in one zone: nothing crosses.".to_owned(),
        (2, _) => format!("Each byte produced is copied to a follower in another zone. {side}"),
        _ if copies <= zones => format!(
            "Each byte produced is copied to {} followers in other zones, and every copy crosses. {side}",
            copies - 1
        ),
        _ => format!(
            "Each byte produced is copied to {} followers; those in the zone of the leader cross nothing, all others do. {side}",
            copies - 1
        ),
    };
    let words =
        "rate produced × replicas in other zones × share of it that is billed × hours of the month";
    sheet.say(&what, words, "R × (F − max(1, F ÷ Z)) × b × h");
    sheet.produced("R");
    sheet.setting("F", "replication_factor");
    sheet.setting("Z", "zones");
    sheet.setting("b", "replication_billed");
    sheet.hours();
}

fn consume(sheet: &mut Sheet, side: &str) {
    let design = sheet.design();
    let replay = sheet.usage.cause == Cause::Replay;
    let near = design.replicates() && design.settings.follower_fetching;
    let within = design.is_routed() || design.is_leaderless();
    let (why, formula) = match (near, within) {
        (true, _) => (
            "Consumers fetch from a replica of their own zone where there is one",
            "R × (1 − min(F, Z) ÷ Z) × (1 − a) × h",
        ),
        (_, true) => ("Consumers fetch from a broker of their own zone", "R × x × h"),
        _ => (
            "Consumers fetch from the leader of a partition, which is in another zone most of the time",
            "R × (Z − 1) ÷ Z × (1 − a) × h",
        ),
    };
    let words = match (near, within) {
        (true, _) => {
            "rate × share of zones without a replica × share of consumers that do not look × hours of the month"
        }
        (_, true) => "rate × share that crosses × hours of the month",
        _ => {
            "rate × share of leaders in other zones × share of consumers that do not look × hours of the month"
        }
    };
    sheet.say(&format!("{why}: what is fetched beyond it crosses. {side}"), words, formula);
    match replay {
        true => sheet.replayed("R"),
        false => sheet.fetched("R"),
    }
    if !near && within {
        sheet.share("x", "share that crosses a zone", 0.0, || {
            computed("every zone has a broker that serves any partition")
        });
    } else {
        if near {
            sheet.setting("F", "replication_factor");
        }
        sheet.setting("Z", "zones");
        sheet.setting("a", "consumers_zone_aware");
    }
    if !near && !within {
        sheet.behind(&["follower_fetching"]);
    }
    sheet.hours();
}

/// What copies of replicas cost after a loss, or when brokers come and go.
fn copied(sheet: &mut Sheet, cause: Cause, side: &str) {
    let flows = sheet.used.flows.flows.iter();
    let flow = flows.copied().find(|flow| flow.edge == Edge::BrokerToBroker && flow.cause == cause);
    let rate = flow.map_or(ByteRate::ZERO, |flow| flow.mean);
    let why = match cause {
        Cause::Rebuild => {
            "Replicas of lost brokers are copied from those that are left, most of them from other zones."
        }
        _ => {
            "Brokers that come or go take over replicas or hand them on, most of them between zones."
        }
    };
    let words = "bytes copied an hour, on average of the month × share that crosses × share of it that is billed × hours of the month";
    sheet.say(&format!("{why} {side}"), words, "C × (Z − 1) ÷ Z × b × h");
    sheet.rate("C", "copied between brokers, mean of the month", rate, || Origin::Run {
        how: "what the run copied ÷ hours of the month".to_owned(),
    });
    sheet.setting("Z", "zones");
    sheet.setting("b", "replication_billed");
    sheet.hours();
}

/// `rate produced × hours`, for each link.
pub(super) fn region_crossing(sheet: &mut Sheet) {
    let load = &sheet.used.load;
    let price = Some(sheet.usage.price);
    let links = load.links.iter().zip(&sheet.basis.links);
    let mut links = links.filter(|(_, known)| **known == price).map(|(link, _)| link);
    let Some(link) = links.nth(sheet.nth) else { return };
    let sent = load.of_stream(&link.stream).map(|topic| topic.produce).sum();
    let what = "A stream that is copied to another region leaves this one once for each region it goes to; it stays compressed on its way.";
    sheet.say(what, "rate produced × hours of the month", "R × h");
    sheet.term(&format!("`{}` to `{}`", link.stream, link.to), 0.0);
    let path = || Origin::Scenario { path: format!("stream.{}.produce", link.stream) };
    sheet.rate("R", "produced as stored, mean of the month", sent, path);
    sheet.hours();
}
