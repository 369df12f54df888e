"""pac-synth as its documentation sets it up: aggregates up to three ways, its own defaults.

    python3 pac_peer.py IN.csv SCHEMA.json OUT.csv EPSILON DELTA

The columns with few categories are told to be sensitive when set (`1`), not when blank, as for the
data set that it was made for: blanks are no attribute and are never synthesized. Prints the seconds
of the processor and the peak memory as JSON; reading and writing count, importing does not.
"""

import json
import resource
import sys
import time

import pandas
from pacsynth import Dataset, DpAggregateSeededParametersBuilder, DpAggregateSeededSynthesizer


def main():
    rows, schema, out, epsilon, delta = sys.argv[1:]
    start = time.process_time()
    frame = pandas.read_csv(rows, dtype=str, keep_default_na=False)
    names = [column["name"] for column in json.load(open(schema, encoding="utf-8"))["columns"]]
    parameters = (DpAggregateSeededParametersBuilder()
                  .reporting_length(3)
                  .epsilon(float(epsilon))
                  .delta(float(delta))
                  .build())
    synthesizer = DpAggregateSeededSynthesizer(parameters)
    synthesizer.fit(Dataset.from_data_frame(frame[names]))
    made = synthesizer.sample()
    pandas.DataFrame(made[1:], columns=made[0])[names].to_csv(out, index=False) \
        if isinstance(made, list) else made[names].to_csv(out, index=False)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"peer": "pac-synth", "cpu_seconds": time.process_time() - start,
                      "peak_rss_mib": used.ru_maxrss // 1024}))


if __name__ == "__main__":
    main()
