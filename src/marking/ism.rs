//! A marking as attributes of ODNI's ISM.XML, with the names and tokens of the official vocabulary (DES 202111.202211).

use serde_json::{Map, Value, json};

use crate::marking::ast::{Classification, Fgi, Marking, Program, Rd};
use crate::marking::register::{Control, NatoWord};

/// Returns the attributes that have a value, in the order of the specification.
pub fn attributes(marking: &Marking) -> Value {
    let mut out = Map::new();
    let (classification, owners, concealed) = classification(marking);
    out.insert("classification".to_owned(), json!(classification));
    out.insert("ownerProducer".to_owned(), json!(owners));
    if matches!(marking.classification, Classification::Joint { .. }) {
        out.insert("joint".to_owned(), json!(true));
    }
    let mut list = |name: &str, tokens: Vec<String>| {
        if !tokens.is_empty() {
            out.insert(name.to_owned(), json!(tokens));
        }
    };
    list("SCIcontrols", marking.sci.iter().flat_map(sci_tokens).collect());
    list("SARIdentifier", marking.sap.iter().flat_map(sci_tokens).collect());
    list("atomicEnergyMarkings", atomic(marking));
    match &marking.fgi {
        _ if concealed => list("FGIsourceProtected", vec!["FGI".to_owned()]),
        Some(Fgi::Concealed) => list("FGIsourceProtected", vec!["FGI".to_owned()]),
        Some(Fgi::Open(codes)) => list("FGIsourceOpen", codes.clone()),
        None => {}
    }
    list(
        "disseminationControls",
        marking
            .controls
            .iter()
            .flat_map(|control| dissemination(control))
            .map(str::to_owned)
            .collect(),
    );
    if marking.has(Control::RelTo) && !marking.rel_to.is_empty() {
        list(
            "releasableTo",
            std::iter::once("USA".to_owned())
                .chain(marking.rel_to.iter().cloned())
                .collect(),
        );
    }
    list("displayOnlyTo", marking.display_only.clone());
    let accm = marking
        .accm
        .iter()
        .map(|name| format!("ACCM-{}", name.replace(' ', "_")));
    list(
        "nonICmarkings",
        marking
            .non_ic
            .iter()
            .map(|control| control.names().ism.to_owned())
            .chain(accm)
            .collect(),
    );
    list(
        "nonUSControls",
        NatoWord::ALL
            .into_iter()
            .filter(|word| marking.nato_words.contains(*word))
            .map(|word| word.word().to_owned())
            .collect(),
    );
    Value::Object(out)
}

fn classification(marking: &Marking) -> (&'static str, Vec<String>, bool) {
    match &marking.classification {
        Classification::Us(level) => (level.letter(), vec!["USA".to_owned()], false),
        Classification::Foreign { owners, level } | Classification::Joint { owners, level } => {
            (level.letter(), owners.clone(), false)
        }
        Classification::Concealed { level } => (level.letter(), vec!["FGI".to_owned()], true),
        Classification::Nato { level, activity } => (
            level.letter(),
            vec![
                activity
                    .as_ref()
                    .map_or_else(|| "NATO".to_owned(), |activity| format!("NATO:{activity}")),
            ],
            false,
        ),
    }
}

fn sci_tokens(program: &Program) -> Vec<String> {
    let name = program.name.replace(' ', "_");
    if program.compartments.is_empty() {
        return vec![name];
    }
    let mut tokens = Vec::new();
    for compartment in &program.compartments {
        let base = format!("{name}-{}", compartment.name);
        tokens.extend(compartment.subs.iter().map(|sub| format!("{base}-{sub}")));
        tokens.push(base);
    }
    tokens.push(name);
    tokens.sort();
    tokens.dedup();
    tokens
}

fn atomic(marking: &Marking) -> Vec<String> {
    let aea = &marking.aea;
    let rd = |name: &str, data: &Rd| {
        let mut tokens = vec![name.to_owned()];
        tokens.extend(data.cnwdi.then(|| format!("{name}-CNWDI")));
        tokens.extend(data.sigmas.iter().map(|sigma| format!("{name}-SG-{sigma}")));
        tokens
    };
    let mut tokens = Vec::new();
    tokens.extend(aea.rd.iter().flat_map(|data| rd("RD", data)));
    tokens.extend(aea.frd.iter().flat_map(|data| rd("FRD", data)));
    for (holds, token) in [(aea.dod_ucni, "DCNI"), (aea.doe_ucni, "UCNI"), (aea.tfni, "TFNI")] {
        tokens.extend(holds.then(|| token.to_owned()));
    }
    tokens
}

/// ISM writes ORCON-USGOV as two tokens.
fn dissemination(control: Control) -> Vec<&'static str> {
    if control == Control::OrconUsgov {
        vec!["OC", "OC-USGOV"]
    } else {
        vec![control.names().ism]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::parse::{Form, parse};

    fn ism(text: &str) -> String {
        attributes(&parse(text, Form::Auto, None).marking.unwrap()).to_string()
    }

    #[test]
    fn attributes_have_official_names_and_tokens() {
        assert_eq!(
            ism("(S//RD-SG 14 15 20)"),
            r#"{"classification":"S","ownerProducer":["USA"],"atomicEnergyMarkings":["RD","RD-SG-14","RD-SG-15","RD-SG-20"]}"#
        );
        assert_eq!(
            ism("SECRET//FGI DEU GBR//REL TO USA, DEU, GBR"),
            r#"{"classification":"S","ownerProducer":["USA"],"FGIsourceOpen":["DEU","GBR"],"disseminationControls":["REL"],"releasableTo":["USA","DEU","GBR"]}"#
        );
        assert_eq!(
            ism("(//FGI S//NF)"),
            r#"{"classification":"S","ownerProducer":["FGI"],"FGIsourceProtected":["FGI"],"disseminationControls":["NF"]}"#
        );
        assert!(ism("(TS//SI-G ABCD//OC/NF)").contains(r#""SCIcontrols":["SI","SI-G","SI-G-ABCD"]"#));
    }
}
