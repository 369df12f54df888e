"""Links a people set with Splink as an experienced user would, and scores the result.

    python3 splink_peer.py PEOPLE.csv OUT.json [--threads 2]

Model: names by Jaro-Winkler with term frequencies, surname also by shared parts (double surnames),
birth date by edit distance, swapped day and month and year, phone, street, zip, city, sex, origin.
u from random pairs, the prior from deterministic rules, m by EM over three blocking rules, as its
manual tells. Seconds are of training, prediction and clustering; cleaning is timed apart. The
truth is read only after the clusters are there.
"""

import argparse
import json
import logging
import resource
import time

import duckdb
import numpy as np
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

import score

logging.getLogger("splink").setLevel(logging.ERROR)

CLEAN = r"""
create table clean as
with plain as (
    select row_number() over () - 1 as unique_id, agency,
        nullif(trim(regexp_replace(lower(strip_accents(given_name)), '[^a-z ]', '', 'g')), '') as given_all,
        nullif(trim(regexp_replace(lower(strip_accents(middle_name)), '[^a-z ]', '', 'g')), '') as middle_written,
        nullif(trim(regexp_replace(lower(strip_accents(replace(surname, '-', ' '))), '[^a-z ]', '', 'g')), '') as surname,
        nullif(regexp_replace(split_part(lower(strip_accents(alias)), ';', 1), '[^a-z]', '', 'g'), '') as alias,
        nullif(sex, '') as sex,
        case when length(birth_date) = 10 then birth_date end as birth_date,
        nullif(substr(birth_date, 1, 4), '') as birth_year,
        nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 10), '') as phone,
        nullif(trim(regexp_replace(regexp_replace(regexp_replace(lower(street), ' (#|apt ).*', ''),
            '\b(street|st|avenue|ave|boulevard|blvd|drive|dr|way|lane|ln|court|ct|road|rd|place|pl|circle|cir)\b', '', 'g'),
            '\b(north|south|east|west|n|s|e|w)\b', '', 'g')), '') as street,
        nullif(lower(city), '') as city, nullif(zip, '') as zip, nullif(origin, '') as origin
    from raw)
select * exclude (given_all, middle_written),
    split_part(given_all, ' ', 1) as given_name,
    coalesce(middle_written, nullif(split_part(given_all, ' ', 2), '')) as middle_name,
    case when surname is not null then string_split(surname, ' ') end as surname_parts
from plain
"""


def settings():
    surname = cl.CustomComparison(output_column_name="surname", comparison_levels=[
        cll.NullLevel("surname"),
        cll.ExactMatchLevel("surname", term_frequency_adjustments=True),
        cll.JaroWinklerLevel("surname", 0.92),
        cll.ArrayIntersectLevel("surname_parts", min_intersection=1),
        cll.JaroWinklerLevel("surname", 0.8),
        cll.ElseLevel()])
    middle = cl.CustomComparison(output_column_name="middle_name", comparison_levels=[
        cll.NullLevel("middle_name"),
        cll.ExactMatchLevel("middle_name"),
        cll.CustomLevel("substr(middle_name_l, 1, 1) = substr(middle_name_r, 1, 1)", "same initial"),
        cll.ElseLevel()])
    swapped = "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4)" \
        " and substr(birth_date_l, 6, 2) = substr(birth_date_r, 9, 2)" \
        " and substr(birth_date_l, 9, 2) = substr(birth_date_r, 6, 2)"
    birth = cl.CustomComparison(output_column_name="birth_date", comparison_levels=[
        cll.NullLevel("birth_year"),
        cll.ExactMatchLevel("birth_date"),
        cll.CustomLevel(swapped, "day and month swapped"),
        cll.DamerauLevenshteinLevel("birth_date", 1),
        cll.CustomLevel("(birth_date_l is null or birth_date_r is null) and birth_year_l = birth_year_r",
                        "year, only one known in full"),
        cll.ExactMatchLevel("birth_year"),
        cll.ElseLevel()])
    phone = cl.CustomComparison(output_column_name="phone", comparison_levels=[
        cll.NullLevel("phone"),
        cll.ExactMatchLevel("phone", term_frequency_adjustments=True),
        cll.DamerauLevenshteinLevel("phone", 1),
        cll.ElseLevel()])
    street = cl.CustomComparison(output_column_name="street", comparison_levels=[
        cll.NullLevel("street"),
        cll.ExactMatchLevel("street", term_frequency_adjustments=True),
        cll.DamerauLevenshteinLevel("street", 2),
        cll.ElseLevel()])
    exact = [cl.ExactMatch(name).configure(term_frequency_adjustments=frequent)
             for name, frequent in [("zip", True), ("city", True), ("alias", True),
                                    ("origin", True), ("sex", False)]]
    given = cl.NameComparison("given_name").configure(term_frequency_adjustments=True)
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[given, middle, surname, birth, phone, street, *exact],
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            block_on("birth_date", "substr(given_name, 1, 1)"),
            block_on("birth_date", "substr(surname, 1, 2)"),
            block_on("surname", "birth_year", "substr(given_name, 1, 1)"),
            block_on("given_name", "birth_year", "substr(surname, 1, 2)"),
            block_on("phone", "substr(given_name, 1, 1)"),
            block_on("street", "substr(given_name, 1, 1)"),
        ],
        retain_matching_columns=False,
    )


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("people")
    arguments.add_argument("out")
    arguments.add_argument("--threads", type=int, default=2)
    arguments = arguments.parse_args()

    started = time.perf_counter()
    connection = duckdb.connect()
    connection.execute(f"set threads = {arguments.threads}")
    connection.execute(
        "create table raw as select * exclude (truth_id) from read_csv(?, all_varchar = true)",
        [arguments.people])
    connection.execute("update raw set " + ", ".join(
        f"{name} = coalesce({name}, '')" for name in
        ["given_name", "middle_name", "surname", "alias", "sex", "birth_date", "phone", "street",
         "city", "zip", "origin"]))
    connection.execute(CLEAN)
    cleaned, cpu = time.perf_counter(), time.process_time()

    api = DuckDBAPI(connection)
    linker = Linker(api.register("clean"), settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "birth_date"), block_on("phone", "given_name", "birth_year")],
        recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in [block_on("given_name", "surname"), block_on("birth_date"),
                 block_on("phone", "given_name")]:
        # Without term frequencies it works on counts of comparison vectors, and ten times as fast.
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=1e6, record_sample_proportion=0.1)
    trained = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=0.02)
    predicted = time.perf_counter()
    linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.5)
    clustered, cpu = time.perf_counter(), time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    links = connection.execute(
        f"select unique_id_l, unique_id_r, match_probability from {pairs.physical_name}").fetchnumpy()
    first, second = (links[name].astype(np.int64) for name in ("unique_id_l", "unique_id_r"))
    probability = links["match_probability"].astype(float)
    rows = connection.execute("select agency, truth_id from read_csv(?, all_varchar = true)",
                              [arguments.people]).fetchnumpy()
    truth = np.unique(rows["truth_id"].astype(str), return_inverse=True)[1]
    agency = np.unique(rows["agency"].astype(str), return_inverse=True)[1]
    grid = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998,
            0.999, 0.9995, 0.9999, 0.99999]
    by_threshold = score.thresholds(len(truth), first, second, probability, truth, agency, grid)
    best = max(by_threshold, key=lambda one: one["cross_f1"])
    bins = score.calibration(first, second, probability, truth)
    figures = {
        "peer": "splink 5.0.0", "people": arguments.people, "records": len(truth),
        "scored_pairs_kept": len(first), "threads": arguments.threads,
        "seconds": {"read_and_clean": round(cleaned - started, 2),
                    "train": round(trained - cleaned, 2), "predict": round(predicted - trained, 2),
                    "cluster": round(clustered - predicted, 2),
                    "train_predict_cluster": round(clustered - cleaned, 2),
                    "train_predict_cluster_cpu": round(cpu, 2)},
        "peak_rss_mib": round(peak),
        "best": best,
        "at_0.5": next(one for one in by_threshold if one["threshold"] == 0.5),
        "at_0.9": next(one for one in by_threshold if one["threshold"] == 0.9),
        "calibration": bins, "calibration_largest_gap": max(one["gap"] for one in bins),
        "calibration_top_bin_gap": bins[-1]["gap"], "by_threshold": by_threshold,
        "model": linker.misc.save_model_to_json(),
    }
    with open(arguments.out, "w", encoding="utf-8") as out:
        json.dump(figures, out, indent=1, default=float)
    shown = {key: figures[key] for key in ("records", "seconds", "peak_rss_mib", "best", "at_0.5",
                                           "at_0.9", "calibration_largest_gap",
                                           "calibration_top_bin_gap")}
    print(json.dumps(shown, indent=1))


if __name__ == "__main__":
    main()
