//! `clearway link` of files of encodings.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use linkage::encode::clkhash::Clks;
use linkage::encode::hardened::EncodedTable;
use linkage::{
    CalibrationBin, ClkTable, ClusterSettings, EncodedPhase, EncodedSettings, LinkedTables, Scores,
    calibration, link_clks, link_encoded, score, write_clusters,
};

use super::super::lists::Lists;
use super::super::people_found::{PeopleFound, Phases};
use super::{Arguments, truth};
use crate::{Shared, output};

/// What the files hold; all of one form.
enum Encodings {
    Hardened(Vec<EncodedTable>),
    Clkhash(Vec<ClkTable>),
}

pub(super) fn run(own: &Arguments, out: &Path, shared: &Shared) -> anyhow::Result<bool> {
    let mut clock = Phases::new();
    let encodings = read(&own.files)?;
    let records = encodings.records();
    ensure!(!records.is_empty(), "the files hold no rows");
    // Read before anything is written, used after.
    let truth = own.truth.as_deref().map(|path| truth::read(path, &records)).transpose()?;
    let lists = match &own.histories {
        Some(_) => Lists::of(&encodings.agencies())?,
        None => Lists::default(),
    };
    let usual = ClusterSettings::default();
    let clusters = ClusterSettings {
        draws: own.draws,
        seed: shared.seed.unwrap_or(usual.seed),
        lists: lists.of_agency(),
        review: 0,
        ..usual
    };
    let settings = EncodedSettings { exact: own.exact, clusters, ..EncodedSettings::default() };
    let mut phase = |phase| clock.start(name_of(phase));
    let found = match &encodings {
        Encodings::Hardened(tables) => link_encoded(tables, &settings, &mut phase)?,
        Encodings::Clkhash(tables) => link_clks(tables, &settings, &mut phase)?,
    };
    clock.start("write");
    write_clusters(out, &found.linked, |record| records[record as usize].clone())
        .with_context(|| format!("cannot write {}", out.display()))?;
    if let Some(path) = &own.histories {
        lists.write(path, &found.linked, &found.agency)?;
    }
    clock.start("compare with truth");
    let scores = truth.map(|truth| against(&truth, &found));
    let seconds = clock.end();
    let remarks = encodings.remarks(&found);
    let next = format!(
        "next: send each agency its own rows of {}; it knows who they are by its .ids.csv\n",
        out.display()
    );
    let found = PeopleFound {
        what: format!("{} of encodings", output::counted(own.files.len(), "file")),
        out: out.to_owned(),
        agencies: encodings.agencies().into_iter().map(|(name, _)| name).collect(),
        ignored: Vec::new(),
        remarks,
        clusters: found.linked.clusters.clusters,
        threshold: found.linked.threshold,
        refused_for_size: found.linked.refused_for_size,
        undecided: found.linked.undecided.len(),
        count: found.count,
        scores,
        seconds,
        next,
    };
    found.show(shared.format)?;
    Ok(true)
}

fn against(truth: &[u32], found: &LinkedTables) -> (Scores, Vec<CalibrationBin>) {
    let scores = score(&found.linked.clusters.cluster_of, truth, &found.agency);
    (scores, calibration(&found.pairs, truth, &found.agency, &found.linked.penalties))
}

/// Reads all files, or says what is wrong with the first that cannot be.
fn read(paths: &[PathBuf]) -> anyhow::Result<Encodings> {
    let (mut hardened, mut clkhash) = (Vec::new(), Vec::new());
    for path in paths {
        let name = || path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", name()))?;
        if bytes.trim_ascii_start().starts_with(b"{") {
            let text = String::from_utf8(bytes).with_context(name)?;
            let clks = Clks::from_json(&text).with_context(name)?.into_matrix();
            let agency = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            clkhash.push(ClkTable { agency, clks });
        } else {
            hardened.push(EncodedTable::from_bytes(&bytes).with_context(name)?);
        }
    }
    match (hardened.is_empty(), clkhash.is_empty()) {
        (_, true) => Ok(Encodings::Hardened(hardened)),
        (true, false) => Ok(Encodings::Clkhash(clkhash)),
        (false, false) => bail!(
            "{} of the hardened form and {} of clkhash cannot be compared; encode all with one form",
            output::counted(hardened.len(), "file"),
            output::counted(clkhash.len(), "file")
        ),
    }
}

impl Encodings {
    /// The agency and the opaque id of each record. Rows of clkhash have no ids: they stand in the
    /// order of the file that was encoded, and their number is all there is.
    fn records(&self) -> Vec<(String, String)> {
        let hex = |id: &[u8; 16]| id.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Encodings::Hardened(tables) => tables
                .iter()
                .flat_map(|table| {
                    table.rec_ids.iter().map(move |id| (table.header.agency.clone(), hex(id)))
                })
                .collect(),
            Encodings::Clkhash(tables) => tables
                .iter()
                .flat_map(|table| {
                    (1..=table.clks.rows()).map(|row| (table.agency.clone(), row.to_string()))
                })
                .collect(),
        }
    }

    /// The name of each table's agency, and its number of rows.
    fn agencies(&self) -> Vec<(String, u64)> {
        match self {
            Encodings::Hardened(tables) => tables
                .iter()
                .map(|table| (table.header.agency.clone(), table.len() as u64))
                .collect(),
            Encodings::Clkhash(tables) => tables
                .iter()
                .map(|table| (table.agency.clone(), table.clks.rows() as u64))
                .collect(),
        }
    }

    fn remarks(&self, found: &LinkedTables) -> Vec<String> {
        let mut remarks = Vec::new();
        match self {
            Encodings::Hardened(_) => remarks.push(format!(
                "estimated: encodings can show {:.0} in 100 merges; the others are of records that \
                 have nothing in common to compare, so there are more clusters than people",
                found.seen * 100.0
            )),
            Encodings::Clkhash(_) => remarks.push(
                "one filter for each record: nothing parts relatives at one address from one \
                 person; the hardened form does"
                    .to_owned(),
            ),
        }
        if found.pairs_cut > 0 {
            remarks.push(format!(
                "{} of rows that share a key with hundreds were not compared for its sake",
                output::counted(usize::try_from(found.pairs_cut).unwrap_or(usize::MAX), "pair")
            ));
        }
        remarks
    }
}

fn name_of(phase: EncodedPhase) -> &'static str {
    match phase {
        EncodedPhase::Block => "block",
        EncodedPhase::Score => "score",
        EncodedPhase::Cluster => "cluster",
        _ => "other",
    }
}
