//! A workspace's own organizations, in every command that reads a marking or a rule.

use super::*;

/// A workspace whose own organization Japan joined in 2024, with a model rule about whoever gains access.
fn workspace_with_an_organization() -> Place {
    let place = Place::new();
    place
        .file(
            "relto.toml",
            "[classification]\nceiling = \"SECRET\"\norganizations = \"organizations.toml\"\nexpand = [\"FVEY\", \"EXMP\"]\n[policy]\npacks = [\"./policy\"]\n",
        )
        .file(
            "organizations.toml",
            "[[organization]]\ncode = \"EXMP\"\nname = \"Example Partnership\"\nsource = \"an example\"\n\
             members = [\"USA\", \"AUS\", { code = \"JPN\", from = 2024-01-01 }]\n",
        )
        .file(
            "policy/own.toml",
            "[pack]\nid = \"own\"\ntitle = \"Own\"\nversion = \"1\"\nsource = \"an example\"\n\
             [sets]\nwatched = [\"JPN\"]\n\
             [[rule]]\nid = \"OWN-JPN\"\ntitle = \"Japan gains access\"\nstatus = \"model\"\nconfidence = \"model\"\n\
             authority = [\"model\"]\nchecked_on = 2026-01-01\neffective = { from = 1991-08-14 }\n\
             applies_to = [\"rel_to_change\"]\neffect = \"notify\"\nwhen.added.any_of = \"@watched\"\n\
             [[rule.duty]]\nnotify = [\"SSCI\"]\ndue = \"7 days after decided\"\nform = \"written\"\nletter = \"rel-to-change\"\n",
        );
    let record = |year: &str| {
        format!(
            "[[rel_to_change]]\nid = \"RC-{year}\"\ntitle = \"Example\"\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\n\
             decided = {year}-06-01\nfrom = \"REL TO USA, GBR\"\nto = \"REL TO USA, GBR, EXMP\"\n\
             subject = {{ type = \"series\", name = \"Example\" }}\n"
        )
    };
    place
        .file("records/a.toml", &record("2023"))
        .file("records/b.toml", &record("2024"));
    place
}

#[test]
fn an_organization_of_the_workspace_counts_everywhere_by_its_dates() {
    let place = workspace_with_an_organization();
    let run = place
        .relto(&["check", "--as-of", "2024-06-02", "--format", "json"])
        .ends(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).expect("one JSON document");
    let owed: Vec<&str> = value["obligations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|owed| owed["record"].as_str())
        .collect();
    assert_eq!(owed, ["RC-2024"], "{run}");
    let marking = |args: &[&str]| place.relto(&[&["marking"], args].concat());
    marking(&["parse", "SECRET//REL TO USA, GBR, EXMP"]).ends(0);
    let run = marking(&[
        "diff",
        "REL TO USA, EXMP",
        "REL TO USA, AUS",
        "--on",
        "2024-02-01",
        "--format",
        "json",
    ])
    .ends(0);
    assert!(run.out.contains("\"removed\":[\"JPN\"]"), "{run}");
    let run = marking(&[
        "rollup",
        "(S//REL TO USA, EXMP)",
        "(S//REL TO USA, JPN)",
        "--on",
        "2024-02-01",
    ])
    .ends(0);
    assert!(run.out.starts_with("SECRET//REL TO USA, JPN\n"), "{run}");
    let run = marking(&[
        "rollup",
        "(S//REL TO USA, EXMP)",
        "(S//REL TO USA, JPN)",
        "--on",
        "2023-02-01",
    ])
    .ends(0);
    assert!(run.out.starts_with("SECRET//NOFORN\n"), "{run}");
    let run = marking(&["explain", "SECRET//REL TO USA, EXMP"]).ends(0);
    assert!(run.out.contains("Example Partnership (EXMP)"), "{run}");
    Place::new()
        .relto(&["marking", "parse", "SECRET//REL TO USA, GBR, EXMP"])
        .ends(1);
}

#[test]
fn a_mistake_in_the_organizations_ends_the_run_at_its_place() {
    let place = workspace_with_an_organization();
    place.file(
        "organizations.toml",
        "[[organization]]\ncode = \"EXMP\"\nname = \"x\"\nsource = \"x\"\nmembers = [\"AUS\", \"UK\"]\n",
    );
    for args in [&["check"][..], &["marking", "parse", "SECRET"]] {
        let err = place.relto(args).refused();
        assert!(err.contains("organizations.toml has errors"), "{err}");
        assert!(
            err.contains("organizations.toml:5:19: `UK` is no country code — did you mean `GBR`?"),
            "{err}"
        );
    }
}

#[test]
fn only_an_organization_whose_members_are_known_can_be_expanded() {
    let place = Place::new();
    place.file("records/a.toml", RECORD).file(
        "relto.toml",
        "[classification]\nexpand = [\"FVEY\", \"KFOR\", \"ISAF\", \"XX\"]\n",
    );
    let err = place.relto(&["check"]).refused();
    for (at, said) in [
        ("2:19", "the members of `KFOR` are not public, or it is retired"),
        ("2:27", "the members of `ISAF` are not public, or it is retired"),
        ("2:35", "`XX` is no organization code"),
    ] {
        assert!(err.contains(&format!("relto.toml:{at}: {said}")), "{err}");
    }
    assert_eq!(err.matches("hint: ").count(), 3, "{err}");
}
