//! Words that agree with their numbers and their files, and reasons that agree with what they explain.

use super::*;

#[test]
fn a_raised_banner_names_the_reason_for_what_it_raises() {
    let place = Place::new();
    let banner = ["marking", "rollup", "--reason", "compilation", "--banner"];
    let run = |banner_and_portions: &[&str]| place.relto(&[&banner[..], banner_and_portions].concat()).ends(0);
    insta::assert_snapshot!(run(&["TOP SECRET//NOFORN", "S//NF"]).out, @"
    TOP SECRET//NOFORN
      TOP SECRET  classification by compilation, 32 CFR 2001.24(g): compilation
      NOFORN      portion 1 S//NF: NF with anything is NOFORN: M16 Table 3 rules 1-3, 6
    ");
    insta::assert_snapshot!(run(&["UNCLASSIFIED//FOUO", "U"]).out, @"
    UNCLASSIFIED//FOUO
      UNCLASSIFIED  portion 1 U: highest level of all portions: M16 p. 28, 32 CFR 2001.21(b)
      FOUO          classification by compilation, 32 CFR 2001.24(g): compilation
    ");
    insta::assert_snapshot!(
        run(&["TOP SECRET//SI-G ABCD//ORCON/NOFORN", "S//REL TO USA, GBR", "TS//SI-G//OC/REL TO USA, GBR"]).out,
        @"
        TOP SECRET//SI-G ABCD//ORCON/NOFORN
          TOP SECRET  portion 2 TS//SI-G//OC/REL TO USA, GBR: highest level of all portions: M16 p. 28, 32 CFR 2001.21(b)
          SI-G        portion 2 TS//SI-G//OC/REL TO USA, GBR: all SCI markings of the portions: M16 p. 28
          SI-G ABCD   classification by compilation, 32 CFR 2001.24(g): compilation
          NOFORN      classification by compilation, 32 CFR 2001.24(g): compilation
          ORCON       portion 2 TS//SI-G//OC/REL TO USA, GBR: of any portion appears in the banner: M16 p. 136
        "
    );
    insta::assert_snapshot!(run(&["SECRET//NOFORN", "S//NF"]).out, @"
    SECRET//NOFORN
      SECRET  portion 1 S//NF: highest level of all portions: M16 p. 28, 32 CFR 2001.21(b)
      NOFORN  portion 1 S//NF: NF with anything is NOFORN: M16 Table 3 rules 1-3, 6
    ");
    insta::assert_snapshot!(run(&["SECRET//RD-SIGMA 14//NOFORN", "S//RD//NF"]).out, @"
    SECRET//RD-SIGMA 14//NOFORN
      SECRET  portion 1 S//RD//NF: highest level of all portions: M16 p. 28, 32 CFR 2001.21(b)
      RD      portion 1 S//RD//NF: RD takes precedence over FRD and TFNI, with all SIGMA numbers: M16 pp. 104, 109
      RD      classification by compilation, 32 CFR 2001.24(g): compilation
      NOFORN  portion 1 S//RD//NF: NF with anything is NOFORN: M16 Table 3 rules 1-3, 6
    ");
    let json = run(&["TOP SECRET//NOFORN", "S//NF", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    insta::assert_snapshot!(json["because"].to_string(), @r#"[{"element":"TOP SECRET","portion":null,"rule":"classification by compilation, 32 CFR 2001.24(g): compilation"},{"element":"NOFORN","portion":1,"rule":"NF with anything is NOFORN: M16 Table 3 rules 1-3, 6"}]"#);
}

#[test]
fn one_differs_and_two_differ() {
    let place = Place::new();
    let args = ["baseline", "write", "records", "-o", "known.json"];
    place
        .file("relto.toml", "")
        .file("records/a.toml", &RECORD.replace("mode", "mdoe"));
    let run = place.relto(&args);
    assert_eq!(run.code, 0, "{run}");
    place.file("records/a.toml", RECORD);
    let run = place.relto(&["check", "--baseline", "known.json"]);
    assert!(
        run.err.contains("1 known diagnostic of known.json no longer occurs:"),
        "{run}"
    );
}

#[test]
fn a_mistake_in_the_settings_is_not_mended_by_a_record() {
    let place = Place::new();
    place.file("relto.toml", "a b\n").file("records/a.toml", RECORD);
    let err = place.relto(&["check"]).refused();
    assert!(
        err.contains("`relto init DIR` writes shows every key") && !err.contains("relto new"),
        "{err}"
    );
    place.file("relto.toml", "").file("records/a.toml", "a b\n");
    let run = place.relto(&["check"]).ends(1);
    assert!(
        run.out.contains("`relto new KIND` shows how a record is written"),
        "{run}"
    );
    place
        .file("relto.toml", "")
        .file("records/a.toml", "[[exchange]]\nid = \"EX-1\"\n");
    let run = place.relto(&["check"]).ends(1);
    assert!(run.out.contains("an `exchange` record without `title`"), "{run}");
}

#[test]
fn record_files_end_in_toml_in_any_case() {
    let place = Place::new();
    place
        .file("relto.toml", "")
        .file("records/A.TOML", RECORD)
        .file("records/b.Toml", &RECORD.replace("LC-1", "LC-2"));
    let run = place.relto(&["check", "--as-of", "2025-03-12"]).ends(0);
    assert!(run.err.contains("2 records"), "{run}");
}
