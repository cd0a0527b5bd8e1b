//! Notices made by hand, as `notice::draft` would make them.

use relto::notice::model::{
    Addressee, Agency, Authority, Banner, Basis, Claim, Commitment, Day, Duty, Hashes, Notice, Portion, Releasability,
    Required, Row, Section, Signatory, Standing,
};

/// An unclassified notice known from the press only, to one committee.
pub(super) fn public() -> Notice {
    let mut notice = bare("LC-2025-001", "liaison-contact", "U");
    notice.training = Some("EXAMPLE — built from public reports; not a real notice".to_owned());
    notice.provenance = vec![
        Portion::unclassified(
            "The facts of this notice are known only from press reports (Reuters, March 12, 2025; The Week, March 13, 2025). No official source has confirmed them.",
        ),
        Portion::unclassified("They are disputed by the spokesperson of the Example Service."),
    ];
    notice.commitments = vec![Commitment {
        mark: "U".to_owned(),
        kind: "Regular contact".to_owned(),
        text: "Maintain regular contact between the two services.".to_owned(),
        due: None,
        owner: Some("Chief of liaison".to_owned()),
    }];
    notice.claims = vec![Claim {
        mark: "U".to_owned(),
        field: "commenced".to_owned(),
        label: "Began".to_owned(),
        value: "2025-09".to_owned(),
        by: "The Week".to_owned(),
    }];
    notice
}

/// A notice marked SECRET//NOFORN about a REL TO change, to two committees.
pub(super) fn secret() -> Notice {
    let mut notice = bare("RC-2025-001", "rel-to-change", "S//NF");
    notice.training = Some("EXERCISE — fictional; markings are for training only".to_owned());
    notice.banner = Banner {
        text: "SECRET//NOFORN".to_owned(),
        level: "SECRET".to_owned(),
        classified: true,
    };
    notice.authority_block = Some(Authority {
        classified_by: "A. Sample, Director of Legislative Affairs".to_owned(),
        derived_from: "Example Classification Guide 1-1, dated 20260101".to_owned(),
        declassify_on: "20511103".to_owned(),
    });
    notice.releasability = Some(Releasability {
        mark: "S//NF".to_owned(),
        before: "SECRET//REL TO USA, FVEY".to_owned(),
        after: "SECRET//REL TO USA, RUS, FVEY".to_owned(),
        added: vec!["Russia (RUS)".to_owned()],
        removed: Vec::new(),
        unchanged: [
            "Australia (AUS)",
            "Canada (CAN)",
            "United Kingdom (GBR)",
            "New Zealand (NZL)",
        ]
        .map(str::to_owned)
        .to_vec(),
        undeterminable: Vec::new(),
        disclosure_added: Vec::new(),
        disclosure_removed: Vec::new(),
        rows: [
            ("from", "SECRET//REL TO USA, FVEY"),
            ("to", "SECRET//REL TO USA, RUS, FVEY"),
            ("added", "Russia (RUS)"),
        ]
        .map(|(field, value)| Row {
            field: field.to_owned(),
            label: field.to_owned(),
            value: value.to_owned(),
            mark: "S//NF".to_owned(),
            stated: true,
        })
        .to_vec(),
    });
    notice
        .required
        .push(required("added", "Release added", &["Russia (RUS)"]));
    notice.addressees.push(Addressee {
        id: "HPSCI".to_owned(),
        lines: [
            "The Honorable Kim Example",
            "Chairwoman",
            "Permanent Select Committee on Intelligence",
            "United States House of Representatives",
            "Washington, DC 20515",
        ]
        .map(str::to_owned)
        .to_vec(),
        salutation: "Dear Madam Chairwoman".to_owned(),
        cc: vec!["The Honorable Lee Sample, Ranking Member".to_owned()],
        chamber: "house".to_owned(),
        name: "House Permanent Select Committee on Intelligence".to_owned(),
        entry: None,
    });
    notice
}

/// Forty countries in one list, in the banner and in a portion.
pub(super) fn forty_countries() -> Notice {
    let codes = "USA, ALB, AUS, BEL, BGR, CAN, CHE, CZE, DEU, DNK, ESP, EST, FIN, FRA, GBR, GRC, HRV, HUN, ISL, ISR, ITA, \
                 JOR, JPN, KOR, LTU, LUX, LVA, MKD, MNE, NLD, NOR, NZL, POL, PRT, ROU, SAU, SGP, SVK, SVN, SWE, TUR";
    let mut notice = secret();
    notice.banner.text = format!("SECRET//REL TO {codes}");
    let mark = format!("S//REL TO {codes}");
    notice.marks.push(mark.clone());
    notice.sections[0]
        .portions
        .push(Portion::new(mark, "Released to forty partners."));
    notice
}

pub(super) fn required(name: &str, label: &str, expect: &[&str]) -> Required {
    Required {
        name: name.to_owned(),
        label: label.to_owned(),
        rules: vec!["REL-ADV-ADD".to_owned()],
        stated: true,
        expect: expect.iter().map(|text| (*text).to_owned()).collect(),
        place: None,
    }
}

fn bare(record: &str, letter: &str, mark: &str) -> Notice {
    let facts = "The agency released the Example Series, which until then only the Five Eyes partners received, to one \
                 further partner. The release covers every product of the series.";
    let significance = "The series describes methods that the partner did not know. Its release cannot be undone.";
    let portion = |text: &str| vec![Portion::new(mark, text)];
    let section = |field: &str, label: &str, portions: Vec<Portion>, stated| Section {
        field: field.to_owned(),
        label: label.to_owned(),
        heading_mark: "U".to_owned(),
        portions,
        stated,
    };
    let row = |field: &str, label: &str, value: &str| Row {
        field: field.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        mark: mark.to_owned(),
        stated: true,
    };
    let id = format!("{record}--SSCI");
    Notice {
        reference: format!("EA {id}"),
        id,
        records: vec![record.to_owned()],
        rules: vec!["REL-ADV-ADD".to_owned()],
        kind: letter.replace('-', "_"),
        letter: letter.to_owned(),
        title: "Release of the Example Series".to_owned(),
        subject: Portion::unclassified("Release of the Example Series"),
        summary: Portion::new(mark, "The marking of the Example Series was changed so that Russia (RUS) may receive it."),
        date: Day { year: 2026, month: 1, day: 15 },
        draft: true,
        training: None,
        agency: Agency {
            name: "Example Agency".to_owned(),
            element: "ODNI".to_owned(),
            address: ["Office of Legislative Affairs", "Washington, DC 20000"].map(str::to_owned).to_vec(),
            signatory: Signatory {
                name: "Alex Sample".to_owned(),
                title: "Director of Legislative Affairs".to_owned(),
            },
            identifier_prefix: "EA".to_owned(),
        },
        banner: Banner {
            text: "UNCLASSIFIED".to_owned(),
            level: "UNCLASSIFIED".to_owned(),
            classified: false,
        },
        authority_block: None,
        marks: vec!["U".to_owned(), mark.to_owned()],
        addressees: vec![Addressee {
            id: "SSCI".to_owned(),
            lines: [
                "The Honorable Pat Example",
                "Chairman",
                "Select Committee on Intelligence",
                "United States Senate",
                "211 Hart Senate Office Building",
                "Washington, DC 20510",
            ]
            .map(str::to_owned)
            .to_vec(),
            salutation: "Dear Mr. Chairman".to_owned(),
            cc: vec!["The Honorable Sam Sample, Vice Chairman".to_owned()],
            chamber: "senate".to_owned(),
            name: "Senate Select Committee on Intelligence".to_owned(),
            entry: None,
        }],
        authority: vec![Basis {
            standing: Standing::Policy,
            mark: mark.to_owned(),
            status: "model".to_owned(),
            rules: vec!["REL-ADV-ADD".to_owned()],
            citations: Vec::new(),
            text: "As a matter of policy, the Example Agency gives notice of the matter described below under model rule REL-ADV-ADD (an adversary is added to a REL TO list). No statute requires this notice; it follows policy pack rel-to.".to_owned(),
        }],
        provenance: Vec::new(),
        releasability: None,
        correction: None,
        timeline: None,
        decisions: Vec::new(),
        alerts: Vec::new(),
        particulars: vec![
            row("decided", "Decided", "March 5, 2025"),
            row("effective", "Takes effect", "March 10, 2025"),
            row("official", "Decided by", "Director, Pat Example"),
        ],
        sections: vec![
            section("facts", "Concise statement of the facts", portion(facts), true),
            section("significance_text", "Significance", portion(significance), true),
            section("purpose", "Purpose", portion("Not stated in the record."), false),
        ],
        commitments: Vec::new(),
        claims: Vec::new(),
        required: vec![
            required("facts", "Concise statement of the facts", &[facts]),
            required("significance_text", "Significance", &[significance]),
            required("purpose", "Purpose", &["Not stated in the record."]),
            required("effective", "Takes effect", &["March 10, 2025"]),
        ],
        duties: vec![Duty {
            rule: "REL-ADV-ADD".to_owned(),
            title: "An adversary is added to a REL TO list".to_owned(),
            pack: "rel-to".to_owned(),
            status: "model rule".to_owned(),
            due: "February 8, 2025 (30 days before effective)".to_owned(),
            submit_by: Some("2025-02-07".to_owned()),
            state: "overdue".to_owned(),
            late: true,
        }],
        duties_mark: mark.to_owned(),
        lateness: vec![Portion::unclassified("This notice is drafted 341 days after it was due. The record gives no reason for the delay.")],
        enclosures: Vec::new(),
        report: None,
        transmittal: None,
        hashes: Hashes::default(),
        place: None,
    }
}
