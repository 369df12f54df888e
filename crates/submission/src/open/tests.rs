use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::OnceLock;

use jiff::civil::date;
use proptest::prelude::*;
use records::disclosure::{Mode, OrderKind};
use records::record::{OpaqueId, RecordKind};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::examples::{about, card, folder, keys, put};
use crate::{
    ENCODINGS_FILE, Listed, ManifestKind, ManifestMode, ManifestTable, SealError, seal, table_file,
    write_totals, write_withdrawn,
};

const POLICE: &str = "practice-police-1";
const STATE: &str = "practice-state";

fn arrests(records: u64) -> Total {
    Total {
        record: RecordKind::Arrest,
        counted_as: None,
        quarter: Some("2026-Q3".parse().unwrap()),
        field: None,
        code: None,
        records,
        people: 0,
    }
}

/// A manifest for the tables that are put into the folder, and totals.
fn manifest(folder: &Path, tables: &BTreeMap<RecordKind, Vec<u8>>) -> Manifest {
    let mode = |record: &RecordKind| ManifestMode {
        record: *record,
        mode: Mode::Encoded,
        basis: "statistics_agreement".to_owned(),
        expires_on: Some(date(2030, 1, 1)),
    };
    let table = |(record, content): (&RecordKind, &Vec<u8>)| {
        put(folder, &table_file(*record), content);
        let coded = Listed::of(&folder.join(table_file(*record)), 3).unwrap();
        ManifestTable { record: *record, left_behind: 0, coded: Some(coded) }
    };
    Manifest {
        format: FORMAT,
        kind: ManifestKind::Submission,
        agency: POLICE.to_owned(),
        practice: true,
        first_quarter: "2026-Q3".parse().unwrap(),
        last_quarter: "2026-Q3".parse().unwrap(),
        calendar_offset_days: 0,
        definition_version: "2026.1".to_owned(),
        as_of: date(2026, 10, 5),
        recipient: keys(STATE).fingerprint(),
        sequence: 1,
        previous: None,
        corrects: None,
        linkage_key_fingerprint: None,
        modes: tables.keys().map(mode).collect(),
        tables: tables.iter().map(table).collect(),
        encodings: None,
        totals: Some(write_totals(&folder.join(TOTALS_FILE), &[arrests(12)]).unwrap()),
        withdrawn: None,
    }
}

fn one_table() -> BTreeMap<RecordKind, Vec<u8>> {
    BTreeMap::from([(RecordKind::Victim, b"a coded table".repeat(20))])
}

fn known(code: &str) -> Option<Card> {
    (code == POLICE).then(|| card(POLICE, Role::Agency))
}

/// Opens bytes as the state, and sees that nothing is left lying about.
fn open(bytes: &[u8], known: &dyn Fn(&str) -> Option<Card>) -> Result<(TempDir, Opened), Refused> {
    let data = folder();
    put(data.path(), "in", bytes);
    let spool = data.path().join("spool");
    let opened = open_sealed(&data.path().join("in"), &keys(STATE), known, &spool);
    let left = fs::read_dir(&spool).map_or(0, Iterator::count);
    assert_eq!(left, usize::from(opened.is_ok()));
    opened.map(|opened| (data, opened))
}

fn refusal(bytes: &[u8]) -> Refused {
    open(bytes, &known).unwrap_err()
}

/// A good submission, its manifest, and the container inside it.
struct Good {
    manifest: Manifest,
    sealed: Vec<u8>,
    container: Vec<u8>,
}

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let folder = folder();
        let manifest = manifest(folder.path(), &one_table());
        let out = folder.path().join("out");
        seal(&manifest, folder.path(), &keys(POLICE), &card(STATE, Role::Clearinghouse), &out)
            .unwrap();
        let sealed = fs::read(&out).unwrap();
        let mut container = Vec::new();
        let mut reader = encryption::decrypting(&sealed[..], keys(STATE).identity()).unwrap();
        reader.read_to_end(&mut container).unwrap();
        Good { manifest, sealed, container }
    })
}

/// What anybody can do who has the state's card.
fn encrypted(content: &[u8]) -> Vec<u8> {
    let recipient = card(STATE, Role::Clearinghouse).recipient().unwrap();
    let mut out = encryption::encrypting(&recipient, Vec::new()).unwrap();
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut container = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        container.start_file(*name, options).unwrap();
        container.write_all(content).unwrap();
    }
    container.finish().unwrap().into_inner()
}

/// A manifest signed by the police, whatever it says, with parts of any name.
fn signed(manifest: &[u8], parts: &[(&str, &[u8])]) -> Vec<u8> {
    let signature = keys(POLICE).sign(Signed::Manifest, manifest);
    let mut all: Vec<(&str, &[u8])> = vec![(MANIFEST_FILE, manifest), (SIGNATURE_FILE, &signature)];
    all.extend(parts);
    encrypted(&packed(&all))
}

fn good_parts() -> (Vec<u8>, Vec<u8>) {
    let folder = folder();
    let manifest = manifest(folder.path(), &one_table());
    assert_eq!(manifest, good().manifest);
    let totals = fs::read(folder.path().join(TOTALS_FILE)).unwrap();
    (fs::read(folder.path().join("victims.parquet")).unwrap(), totals)
}

/// A submission of the police whose manifest was changed before it was signed.
fn changed(change: impl Fn(&mut Manifest)) -> Refused {
    let (victims, totals) = good_parts();
    let mut manifest = good().manifest.clone();
    change(&mut manifest);
    let parts: [(&str, &[u8]); 2] = [("victims.parquet", &victims), (TOTALS_FILE, &totals)];
    refusal(&signed(&manifest.canonical(), &parts))
}

#[test]
fn what_was_sealed_comes_out_once() {
    let (_data, opened) = open(&good().sealed, &known).unwrap();
    assert_eq!(opened.manifest, good().manifest);
    assert_eq!(opened.manifest_digest, good().manifest.digest());
    assert_eq!(opened.card, card(POLICE, Role::Agency));
    assert_eq!((opened.totals.as_slice(), opened.withdrawn.len()), (&[arrests(12)][..], 0));
    let files = files::named(opened.folder(), "", "").unwrap();
    assert_eq!(files.len(), 2);
    #[cfg(unix)]
    for file in files {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let spool = opened.folder().parent().unwrap().to_owned();
    let to = spool.join("kept");
    opened.move_to(&to).unwrap();
    assert_eq!(fs::read(to.join("victims.parquet")).unwrap(), one_table()[&RecordKind::Victim]);
    // The same file again is unpacked again, and goes away with the value.
    let (_data, again) = open(&good().sealed, &known).unwrap();
    let folder = again.folder().to_owned();
    drop(again);
    assert!(!folder.exists());
}

#[test]
fn a_withdrawal_comes_out_too() {
    let folder = folder();
    let withdrawn = Withdrawn {
        record: RecordKind::Arrest,
        id: OpaqueId([7; 16]),
        order: OrderKind::Vacatur,
        ordered_on: date(2026, 7, 1),
    };
    let mut manifest = manifest(folder.path(), &BTreeMap::new());
    manifest.kind = ManifestKind::Withdrawal;
    manifest.totals = None;
    manifest.withdrawn =
        Some(write_withdrawn(&folder.path().join(WITHDRAWN_FILE), &[withdrawn]).unwrap());
    let out = folder.path().join(manifest.file_name());
    let state = card(STATE, Role::Clearinghouse);
    seal(&manifest, folder.path(), &keys(POLICE), &state, &out).unwrap();
    let (_data, opened) = open(&fs::read(&out).unwrap(), &known).unwrap();
    assert_eq!((opened.withdrawn.as_slice(), opened.totals.len()), (&[withdrawn][..], 0));
}

#[test]
fn what_a_killed_receiver_left_is_swept() {
    let folder = folder();
    assert_eq!(sweep_spool(&folder.path().join("none")).unwrap(), 0);
    fs::create_dir_all(folder.path().join(".opening-x/y")).unwrap();
    fs::create_dir(folder.path().join("kept")).unwrap();
    assert_eq!(sweep_spool(folder.path()).unwrap(), 1);
    assert_eq!(files::named(folder.path(), "", "").unwrap(), [folder.path().join("kept")]);
}

#[test]
fn each_refusal_says_what_to_do() {
    let unknown = open(&good().sealed, &|_| None).unwrap_err();
    let new_keys = Card::new(about(POLICE, Role::Agency), &keys("other")).unwrap();
    let forged = open(&good().sealed, &move |_| Some(new_keys.clone())).unwrap_err();
    let mut real = about(POLICE, Role::Agency);
    real.practice = false;
    let real = Card::new(real, &keys(POLICE)).unwrap();
    let mixed = open(&good().sealed, &move |_| Some(real.clone())).unwrap_err();
    let mut provider = about(POLICE, Role::Agency);
    let code = "covered_provider";
    provider.legal_entity = records::record::Code::get(records::register::Kind::LegalEntity, code);
    let provider = Card::new(provider, &keys(POLICE)).unwrap();
    let not_open = open(&good().sealed, &move |_| Some(provider.clone())).unwrap_err();
    let house = Card::new(about(POLICE, Role::Clearinghouse), &keys(POLICE)).unwrap();
    let house = open(&good().sealed, &move |_| Some(house.clone())).unwrap_err();

    let other = keys("another-state").recipient();
    let mut out =
        encryption::encrypting(&encryption::recipient(&other).unwrap(), Vec::new()).unwrap();
    out.write_all(&good().container).unwrap();
    let not_for_us = refusal(&out.finish().unwrap());

    let (victims, totals) = good_parts();
    let canonical = good().manifest.canonical();
    let mut tables: Vec<(&str, &[u8])> = vec![("victims.parquet", &victims)];
    let missing = refusal(&signed(&canonical, &tables));
    let longer = [&totals[..], b"\n"].concat();
    tables.push((TOTALS_FILE, &longer));
    let longer = refusal(&signed(&canonical, &tables));
    let swapped = String::from_utf8(totals.clone()).unwrap().replace("12", "13");
    tables[1].1 = swapped.as_bytes();
    let swapped = refusal(&signed(&canonical, &tables));
    let unknown_field = String::from_utf8(canonical.clone()).unwrap();
    let unknown_field = unknown_field.replacen('{', "{\"Marisol\":\"Marisol\",", 1);
    let unknown_field = refusal(&signed(unknown_field.as_bytes(), &[]));
    let blanks = [&b" "[..], &canonical].concat();

    let refused = [
        refusal(b"name,birth_date\n"),
        refusal(&[]),
        not_for_us,
        refusal(&good().sealed[..good().sealed.len() - 1]),
        refusal(&encrypted(b"Marisol")),
        refusal(&encrypted(&packed(&[(SIGNATURE_FILE, b"")]))),
        unknown,
        house,
        forged,
        mixed,
        not_open,
        missing,
        longer,
        swapped,
        unknown_field,
        refusal(&signed(&blanks, &[])),
        refusal(&signed(b"{\"format\": 2, \"agency\": \"Marisol\"}", &[])),
        refusal(&signed(b"{\"format\": 3, \"agency\": \"Marisol\"}", &[])),
        changed(|manifest| manifest.recipient = keys("another-state").fingerprint()),
        changed(|manifest| manifest.definition_version = "2031.1".to_owned()),
        changed(|manifest| manifest.sequence = 7),
        changed(|manifest| {
            manifest.last_quarter = "2026-Q4".parse().unwrap();
            manifest.first_quarter = manifest.last_quarter;
        }),
    ];
    let fingerprint = keys("another-state").fingerprint();
    let shown: Vec<String> = refused.iter().map(|why| format!("{}: {why}", why.word())).collect();
    insta::assert_snapshot!(shown.join("\n").replace(&fingerprint, "…"), @r#"
    not_sealed: this is not a sealed submission; ask for the .clearway file that was written
    not_sealed: this is not a sealed submission; ask for the .clearway file that was written
    not_for_us: it is not encrypted to this clearinghouse, or its first lines are damaged; the agency should fetch this clearinghouse's card again and seal it anew
    damaged: it was cut off or damaged on the way; ask the agency to send the same file again
    not_a_submission: it is encrypted to this clearinghouse but is not a submission: it is not a whole container; ask the agency which program wrote it
    not_a_submission: it is encrypted to this clearinghouse but is not a submission: its manifest or signature is missing; ask the agency which program wrote it
    unknown_agency: no agency "practice-police-1" is known here; accept its card first, and compare its fingerprint over the phone
    not_an_agency: practice-police-1 is a clearinghouse, and only agencies send submissions
    signature_wrong: its signature is not that of practice-police-1: it was changed after it was signed, or the agency has new keys; call the agency, and accept its new card if the fingerprint agrees
    practice_mixed: the card of practice-police-1 is real and this submission is for practice; made-up and real data are never mixed: practice-police-1 should send it from the right installation
    mode_not_open: victim rows may not leave practice-police-1: encoded is not open to a Victim-service provider (VAWA, VOCA or FVPSA): 34 U.S.C. 12291(b)(2) and 28 CFR 94.115 count encoded, encrypted or hashed identifiers of clients as personal information: without a signed release nothing about a person leaves; the agency should withdraw the mode, and nobody should look at the file
    length_differs: totals.csv is missing or has not the length that its manifest says; ask the agency to seal it anew
    length_differs: totals.csv is missing or has not the length that its manifest says; ask the agency to seal it anew
    digest_differs: the digest of totals.csv does not match its manifest; ask the agency to seal it anew
    manifest_unreadable: its manifest cannot be read: line 1, column 10: a field is missing, unknown or of the wrong kind; ask the agency to update Clearway and seal it anew
    manifest_unreadable: its manifest cannot be read: it is not in the one form that a manifest has; ask the agency to update Clearway and seal it anew
    manifest_unreadable: its manifest cannot be read: it names no agency; ask the agency to update Clearway and seal it anew
    format_too_new: its format is 3 and this program reads up to 2; update Clearway here
    other_recipient: practice-police-1 made it for another clearinghouse (fingerprint …); it should fetch this clearinghouse's card and seal it anew
    definition_version_unknown: it is coded by definitions "2031.1", which are not known here; update Clearway here
    contradicts_itself: its manifest contradicts itself: sequence 1 has no "previous", and every later one has; the agency should update Clearway and seal it anew
    lists_wrong: 1 problem in its lists, the first: totals.csv, row 2, column "quarter": found "[withheld]", expected a quarter from 2026-Q4 to 2026-Q4, or nothing; make the submission again with a current version of Clearway
    "#);
    assert!(!format!("{refused:?}").contains("Marisol"));
}

#[test]
fn lists_must_fit_the_manifest() {
    let many = changed(|manifest| manifest.totals.as_mut().unwrap().rows = 2);
    assert_eq!(many.word(), "lists_wrong");
    let outside = changed(|manifest| {
        manifest.first_quarter = "2026-Q4".parse().unwrap();
        manifest.last_quarter = "2026-Q4".parse().unwrap();
    });
    assert_eq!(outside.word(), "lists_wrong");
}

#[test]
fn a_container_holds_what_a_submission_has_and_nothing_else() {
    let (victims, totals) = good_parts();
    let canonical = good().manifest.canonical();
    let parts: [(&str, &[u8]); 2] = [("victims.parquet", &victims), (TOTALS_FILE, &totals)];
    open(&signed(&canonical, &parts), &known).unwrap();
    for name in ["../evil", "/etc/x", "notes.txt", "victims.parquet/", "arrests.parquet"] {
        let more = [&parts[..], &[(name, &b""[..])]].concat();
        assert_eq!(refusal(&signed(&canonical, &more)).word(), "not_a_submission", "{name}");
    }
    // A part that is compressed could be of any size.
    let mut container = ZipWriter::new(Cursor::new(Vec::new()));
    container.start_file(MANIFEST_FILE, SimpleFileOptions::default()).unwrap();
    container.write_all(&vec![b' '; 100_000]).unwrap();
    let container = container.finish().unwrap().into_inner();
    assert!(container.len() < 1_000);
    assert_eq!(refusal(&encrypted(&container)).word(), "not_a_submission");
    let long = vec![b' '; usize::try_from(MOST_MANIFEST_BYTES).unwrap() + 1];
    assert_eq!(refusal(&signed(&long, &[])).word(), "not_a_submission");
    let around = [&b"MZ"[..], &good().container].concat();
    assert_eq!(refusal(&encrypted(&around)).word(), "not_a_submission");
}

#[test]
fn a_part_cannot_stand_twice() {
    let (victims, totals) = good_parts();
    let canonical = good().manifest.canonical();
    let signature = keys(POLICE).sign(Signed::Manifest, &canonical);
    let mut container = packed(&[
        (MANIFEST_FILE, &canonical),
        (SIGNATURE_FILE, &signature),
        ("victims.parquet", &victims),
        (TOTALS_FILE, &totals),
        ("totals.cs2", &totals),
    ]);
    open(&encrypted(&container), &known).unwrap_err();
    let mut renamed = 0;
    for at in 0..container.len() - 10 {
        if container[at..].starts_with(b"totals.cs2") {
            container[at + 9] = b'v';
            renamed += 1;
        }
    }
    assert_eq!(renamed, 2);
    let why = refusal(&encrypted(&container)).to_string();
    assert!(why.contains("twice"), "{why}");
}

#[test]
fn sealing_checks_first_and_leaves_nothing() {
    let folder = folder();
    let good = manifest(folder.path(), &one_table());
    let (police, state) = (keys(POLICE), card(STATE, Role::Clearinghouse));
    let out = folder.path().join("out");
    let refused = |manifest: &Manifest, card: &Card| {
        let why = seal(manifest, folder.path(), &police, card, &out).unwrap_err();
        assert_eq!(files::named(folder.path(), "", "").unwrap().len(), 2, "{why}");
        why
    };
    let agency = refused(&good, &card(POLICE, Role::Agency));
    assert!(matches!(agency, SealError::NotAClearinghouse { .. }));
    let other = refused(&good, &card("another-state", Role::Clearinghouse));
    assert!(matches!(other, SealError::OtherRecipient));
    let real = refused(&Manifest { practice: false, ..good.clone() }, &state);
    assert!(matches!(real, SealError::PracticeMixed));
    let contradicts = refused(&Manifest { sequence: 0, ..good.clone() }, &state);
    assert!(matches!(contradicts, SealError::Contradicts { .. }));
    put(folder.path(), TOTALS_FILE, b"other");
    let changed = refused(&good, &state);
    assert!(matches!(changed, SealError::Changed { file } if file == TOTALS_FILE));
    fs::remove_file(folder.path().join("victims.parquet")).unwrap();
    let gone = seal(&good, folder.path(), &police, &state, &out).unwrap_err();
    assert!(matches!(gone, SealError::Read { file, .. } if file == "victims.parquet"));
}

#[test]
fn what_a_killed_sealer_left_is_removed_and_what_another_writes_is_not() {
    let folder = folder();
    let manifest = manifest(folder.path(), &one_table());
    let state = card(STATE, Role::Clearinghouse);
    let out = folder.path().join("x.clearway");
    put(folder.path(), ".x.clearway.killed.part", b"half");
    put(folder.path(), ".x.clearway.busy.part", b"half");
    put(folder.path(), "x.clearway", b"an older file");
    let busy = File::open(folder.path().join(".x.clearway.busy.part")).unwrap();
    busy.lock().unwrap();
    seal(&manifest, folder.path(), &keys(POLICE), &state, &out).unwrap();
    let parts = files::named(folder.path(), ".", "").unwrap();
    assert_eq!(parts, [folder.path().join(".x.clearway.busy.part")]);
    open(&fs::read(&out).unwrap(), &known).unwrap();
}

fn any_tables() -> impl Strategy<Value = BTreeMap<RecordKind, Vec<u8>>> {
    let content = proptest::collection::vec(any::<u8>(), 0..400);
    // Some longer than one block of the encryption.
    let content = (content, 1..400usize).prop_map(|(bytes, times)| bytes.repeat(times));
    proptest::collection::btree_map(0..9usize, content, 0..4)
        .prop_map(|tables| tables.into_iter().map(|(k, v)| (RecordKind::ALL[k], v)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_files_go_through(tables in any_tables()) {
        let folder = folder();
        let mut manifest = manifest(folder.path(), &tables);
        let encodings = b"encodings of three people".repeat(tables.len());
        if tables.contains_key(&RecordKind::Victim) {
            put(folder.path(), ENCODINGS_FILE, &encodings);
            let listed = Listed::of(&folder.path().join(ENCODINGS_FILE), 3).unwrap();
            manifest.encodings = Some(listed);
            manifest.linkage_key_fingerprint = Some(keys(STATE).fingerprint());
        }
        let out = folder.path().join(manifest.file_name());
        let state = card(STATE, Role::Clearinghouse);
        seal(&manifest, folder.path(), &keys(POLICE), &state, &out).unwrap();
        let (_data, opened) = open(&fs::read(&out).unwrap(), &known).unwrap();
        prop_assert_eq!(&opened.manifest, &manifest);
        for (record, content) in &tables {
            let unpacked = fs::read(opened.folder().join(table_file(*record))).unwrap();
            prop_assert_eq!(&unpacked, content);
        }
        if manifest.encodings.is_some() {
            let unpacked = fs::read(opened.folder().join(ENCODINGS_FILE)).unwrap();
            prop_assert_eq!(unpacked, encodings);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// On the way: any bit changed, any end cut off, anything put in or behind is refused.
    #[test]
    fn damage_on_the_way_is_refused(
        at in 0..1_000_000usize, head: bool, what in 0..4u8, bit in 0..8u8, more in 1..40usize,
    ) {
        let mut bytes = good().sealed.clone();
        let at = at % if head { 300 } else { bytes.len() };
        match what {
            0 => bytes[at] ^= 1 << bit,
            1 => bytes.truncate(at),
            2 => bytes.extend(std::iter::repeat_n(bit, more)),
            _ => drop(bytes.splice(at..at, std::iter::repeat_n(bit, more))),
        }
        let why = refusal(&bytes);
        prop_assert!(
            matches!(why, Refused::NotSealed | Refused::NotForUs | Refused::Damaged),
            "{}", why
        );
    }

    /// By somebody who can encrypt to us: what opens is what the agency signed, to the byte.
    #[test]
    fn changes_inside_are_refused_or_mean_nothing(
        at in 0..1_000_000usize, what in 0..3u8, byte: u8, more in 1..40usize,
    ) {
        let mut content = good().container.clone();
        let at = at % content.len();
        match what {
            0 => content[at] = byte,
            1 => content.truncate(at),
            _ => drop(content.splice(at..at, std::iter::repeat_n(byte, more))),
        }
        if let Ok((_data, opened)) = open(&encrypted(&content), &known) {
            prop_assert_eq!(&opened.manifest, &good().manifest);
            let victims = fs::read(opened.folder().join("victims.parquet")).unwrap();
            prop_assert_eq!(&victims, &one_table()[&RecordKind::Victim]);
        }
    }

    #[test]
    fn any_bytes_are_refused(bytes: Vec<u8>, sealed: bool) {
        refusal(&if sealed { encrypted(&bytes) } else { bytes });
    }
}
