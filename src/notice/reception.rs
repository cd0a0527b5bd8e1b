//! How the two houses enter a notice in their records: the abstract of an executive communication.

use crate::notice::model::{Agency, Standing};
use crate::policy::recipients::{Chamber, Recipient};

/// The entry as the recipient's house words it; nothing for a recipient outside Congress.
///
/// Senate: "A communication from …, transmitting, pursuant to law, …; to the Committee on …." House: "A letter from …,
/// transmitting …, pursuant to [citation]; to the Committee on …." (Congressional Record, executive communications.)
pub(super) fn entry(
    recipient: &Recipient,
    agency: &Agency,
    title: &str,
    law: &[(Standing, Vec<String>)],
) -> Option<String> {
    let from = match agency.signatory.title.as_str() {
        "" => format!("the {}", agency.name),
        title => format!("the {title}, {}", agency.name),
    };
    let body = if recipient.body.is_empty() {
        &recipient.name
    } else {
        &recipient.body
    };
    let body = body.trim_end_matches('.');
    let title = title.trim_end_matches('.');
    let citations: Vec<&str> = law
        .iter()
        .filter(|(standing, _)| *standing == Standing::Law)
        .flat_map(|(_, citations)| citations.iter().map(String::as_str))
        .collect();
    let notice = format!("a notice entitled \u{201c}{title}\u{201d}");
    match recipient.chamber {
        Chamber::Senate => {
            let under = if citations.is_empty() { "" } else { ", pursuant to law" };
            Some(format!(
                "A communication from {from}, transmitting{under}{} {notice}; to the {body}.",
                if citations.is_empty() { "" } else { "," }
            ))
        }
        Chamber::House => {
            let under = if citations.is_empty() {
                String::new()
            } else {
                format!(", pursuant to {}", citations.join("; "))
            };
            Some(format!(
                "A letter from {from}, transmitting {notice}{under}; to the {body}."
            ))
        }
        Chamber::Executive | Chamber::Public => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::draft::Office;
    use crate::policy::recipients::Recipients;

    #[test]
    fn each_house_has_its_own_words() {
        let (recipients, _) = Recipients::standard(&std::collections::BTreeMap::new());
        let agency = Office::placeholder().agency;
        let said = |id: &str, law: &[(Standing, Vec<String>)]| {
            entry(recipients.get(id).expect("known"), &agency, "An example", law)
        };
        let law = [(Standing::Law, vec!["50 U.S.C. 3091(a)".to_owned()])];
        assert_eq!(
            said("SSCI", &law).as_deref(),
            Some(
                "A communication from the Director of Legislative Affairs, Example Agency, transmitting, pursuant to law, \
                 a notice entitled \u{201c}An example\u{201d}; to the Select Committee on Intelligence."
            )
        );
        assert_eq!(
            said("HPSCI", &law).as_deref(),
            Some(
                "A letter from the Director of Legislative Affairs, Example Agency, transmitting a notice entitled \
                 \u{201c}An example\u{201d}, pursuant to 50 U.S.C. 3091(a); to the Permanent Select Committee on Intelligence."
            )
        );
        let model = [(Standing::Policy, vec!["model".to_owned()])];
        let said_of_model = said("SSCI", &model).expect("of the Senate");
        assert!(!said_of_model.contains("pursuant"), "{said_of_model}");
        assert_eq!(said("SECRETARY_OF_STATE", &law), None);
    }
}
