//! Prints a marking as a banner line or as a portion mark, with the abbreviations of Table 4 (M16 pp. 27, 36).

use std::fmt::{self, Write};

use crate::marking::ast::{Aea, Classification, Fgi, Marking, Program, Rd};
use crate::marking::level::ForeignLevel;
use crate::marking::register::{Control, Names, NatoWord};

/// Which of the two forms is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Banner,
    Portion,
}

impl Marking {
    /// The banner line.
    ///
    /// A portion of concealed foreign information has a US banner with FGI (M16 p. 196, FGI example 2).
    pub fn banner(&self) -> String {
        match self.classification {
            Classification::Concealed { level } => {
                let mut us = self.clone();
                us.classification = Classification::Us(level.us_equivalent());
                us.fgi = Some(Fgi::Concealed);
                write(&us, As::Banner)
            }
            _ => write(self, As::Banner),
        }
    }

    /// The portion mark, without its parentheses.
    pub fn portion(&self) -> String {
        write(self, As::Portion)
    }
}

fn write(marking: &Marking, form: As) -> String {
    let mut out = String::with_capacity(64);
    // writing to a string cannot fail
    let _ = write_all(&mut out, marking, form);
    out
}

fn write_all(out: &mut String, marking: &Marking, form: As) -> fmt::Result {
    write_classification(out, &marking.classification, form)?;
    let bohemia = marking
        .nato_words
        .iter()
        .filter(|word| *word != NatoWord::Atomal)
        .map(|word| word.word().to_owned());
    category(out, marking.sci.iter().map(program).chain(bohemia));
    category(
        out,
        marking
            .sap
            .iter()
            .map(program)
            .enumerate()
            .map(|(index, name)| if index == 0 { format!("SAR-{name}") } else { name })
            .chain(marking.hvsaco.then(|| "HVSACO".to_owned())),
    );
    category(out, marking.waived.then(|| "WAIVED".to_owned()));
    category(
        out,
        aea(&marking.aea, marking.nato_words.contains(NatoWord::Atomal), form),
    );
    category(
        out,
        marking.fgi.iter().map(|fgi| match fgi {
            Fgi::Concealed => "FGI".to_owned(),
            Fgi::Open(codes) => format!("FGI {}", codes.join(" ")),
        }),
    );
    category(
        out,
        marking.controls.iter().map(|control| match control {
            Control::RelTo if marking.rel_to.is_empty() => "REL".to_owned(),
            Control::RelTo => format!("REL TO USA, {}", marking.rel_to.join(", ")),
            Control::DisplayOnly => format!("DISPLAY ONLY {}", marking.display_only.join(", ")),
            other => simple(other.names(), form),
        }),
    );
    let accm = marking.accm.iter().enumerate().map(|(index, name)| {
        if index == 0 {
            format!("ACCM-{name}")
        } else {
            name.clone()
        }
    });
    category(
        out,
        marking
            .non_ic
            .iter()
            .map(|control| simple(control.names(), form))
            .chain(accm),
    );
    Ok(())
}

fn category(out: &mut String, entries: impl IntoIterator<Item = String>) {
    for (index, entry) in entries.into_iter().enumerate() {
        out.push_str(if index == 0 { "//" } else { "/" });
        out.push_str(&entry);
    }
}

fn simple(names: &Names, form: As) -> String {
    match form {
        As::Banner => names.banner(),
        As::Portion => names.portion,
    }
    .to_owned()
}

fn write_classification(out: &mut String, classification: &Classification, form: As) -> fmt::Result {
    let level = |level: ForeignLevel| match form {
        As::Banner => level.word(),
        As::Portion => level.letter(),
    };
    match classification {
        Classification::Us(us) => match form {
            As::Banner => out.write_str(us.word()),
            As::Portion => out.write_str(us.letter()),
        },
        Classification::Foreign { owners, level: foreign } => write!(out, "//{} {}", owners.join(" "), level(*foreign)),
        Classification::Concealed { level: foreign } => write!(out, "//FGI {}", level(*foreign)),
        Classification::Nato {
            level: foreign,
            activity,
        } => match (form, activity, foreign) {
            (As::Banner, None, ForeignLevel::TopSecret) => out.write_str("//COSMIC TOP SECRET"),
            (As::Banner, None, _) => write!(out, "//NATO {}", foreign.word()),
            (As::Banner, Some(activity), _) => write!(out, "//NATO {activity} {}", foreign.word()),
            (As::Portion, None, ForeignLevel::TopSecret) => out.write_str("//CTS"),
            (As::Portion, None, _) => write!(out, "//N{}", foreign.letter()),
            (As::Portion, Some(activity), _) => write!(out, "//N{}{}", nac_portion(activity), foreign.letter()),
        },
        Classification::Joint { owners, level } => {
            write!(
                out,
                "//JOINT {}",
                if form == As::Banner {
                    level.word()
                } else {
                    level.letter()
                }
            )?;
            owners.iter().try_for_each(|owner| write!(out, " {owner}"))
        }
    }
}

/// The letters of a NAC activity in a portion mark: ISAF is `I` (M16 p. 59), others stand in full.
pub(crate) fn nac_portion(activity: &str) -> &str {
    if activity == "ISAF" { "I" } else { activity }
}

fn program(program: &Program) -> String {
    let mut out = program.name.clone();
    for compartment in &program.compartments {
        out.push('-');
        out.push_str(&compartment.name);
        for sub in &compartment.subs {
            out.push(' ');
            out.push_str(sub);
        }
    }
    out
}

fn aea(aea: &Aea, atomal: bool, form: As) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(aea.rd.as_ref().map(|data| rd("RD", data, form)));
    out.extend(aea.frd.as_ref().map(|data| rd("FRD", data, form)));
    if aea.dod_ucni {
        out.push(if form == As::Banner { "DOD UCNI" } else { "DCNI" }.to_owned());
    }
    if aea.doe_ucni {
        out.push(if form == As::Banner { "DOE UCNI" } else { "UCNI" }.to_owned());
    }
    if aea.tfni {
        out.push("TFNI".to_owned());
    }
    if atomal {
        out.push("ATOMAL".to_owned());
    }
    out
}

fn rd(name: &str, data: &Rd, form: As) -> String {
    let mut out = name.to_owned();
    if data.cnwdi {
        out.push_str("-CNWDI");
    }
    if !data.sigmas.is_empty() {
        out.push_str(if form == As::Banner { "-SIGMA" } else { "-SG" });
        for sigma in &data.sigmas {
            let _ = write!(out, " {sigma}");
        }
    }
    out
}
